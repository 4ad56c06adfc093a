package org.snnk.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.TestRows;
import org.snnk.activation.Activation;
import org.snnk.activation.StandardActivation;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.InfeasibleReplacementException;
import org.snnk.feature.Projection;
import org.snnk.linalg.RowBlock;
import org.snnk.model.NetworkModel;
import org.snnk.network.Dense;
import org.snnk.network.Layer;
import org.snnk.network.Network;
import org.snnk.network.ReluFeatures;
import org.snnk.network.Snnk;
import org.snnk.network.TrainedNetwork;
import org.snnk.spark.LocalSpark;
import org.snnk.spark.data.Roles;
import org.snnk.statistics.Moments;
import org.snnk.statistics.Precision;

/** Layers of a network bundled on rows: exactly, by towers, and learned in closed form. */
class NetworkBundlingTest {
  private static final JavaSparkContext SPARK =
      JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
  private static final int D = 4;
  private static final Roles CLASSES =
      new Roles(List.of("a", "b", "c", "d"), List.of("y"), List.of("p", "q", "r"), null);
  private static final RowBlock ROWS = TestRows.classes(0, 600, D, 3, false);

  private static Dense dense(int inputs, int outputs, String activation) {
    return new Dense(inputs, outputs, true, Activation.of(activation));
  }

  private static NetworkModel model(Layer... layers) {
    Moments moments = new Moments(D, 0, 3);
    moments.add(ROWS);
    Network network = new Network(List.of(layers));
    return new NetworkModel(
        CLASSES.inputs(),
        CLASSES.targets(),
        CLASSES.classes(),
        moments.standardizer(),
        moments.targets(),
        network,
        network.initial(3),
        List.of(),
        0);
  }

  private static JavaRDD<RowBlock> rows(int pieces, int partitions) {
    List<RowBlock> blocks =
        new ArrayList<>(TestRows.cut(ROWS, (ROWS.rows() + pieces - 1) / pieces));
    return SPARK.parallelize(blocks, partitions);
  }

  private static NetworkBundling bundling(JavaRDD<RowBlock> rows) {
    return new NetworkBundling(rows, CLASSES, Phases.SILENT);
  }

  private static NetworkBundling.Transfer transfer(boolean each, boolean linear, double least) {
    return new NetworkBundling.Transfer(
        each,
        least,
        new ClosedFormTraining.Options(
            new FeatureFamily("cosine", 64, Projection.ORTHOGONAL, List.of(), false, linear),
            OptionalDouble.of(3),
            List.of(1.0),
            OptionalDouble.of(1e-9),
            List.of(1e-9),
            0.2,
            0,
            false,
            1000,
            false,
            java.util.Optional.empty(),
            Precision.EXACT,
            5,
            ClosedFormTraining.Solving.AUTO));
  }

  /** The largest difference of scores on the rows. */
  private static double distance(NetworkModel teacher, NetworkModel student) {
    double[] scores = new double[ROWS.rows() * 3];
    double[] others = new double[scores.length];
    teacher.scorer().scores(ROWS.rows(), ROWS.x(), scores);
    student.scorer().scores(ROWS.rows(), ROWS.x(), others);
    double most = 0;
    for (int i = 0; i < scores.length; i++) {
      most = Math.max(most, Math.abs(scores[i] - others[i]));
    }
    return most;
  }

  @Test
  void exactBundlingIsMeasuredAndChangesLessThanAMillionth() {
    NetworkModel model =
        model(
            dense(D, 6, "relu"),
            new Snnk(new ReluFeatures(6, 8, false, Projection.ORTHOGONAL, 1), 5, false),
            dense(5, 4, "linear"),
            dense(4, 3, "linear"));
    assertThat(NetworkBundling.pairs(model)).isEqualTo(2);
    NetworkModel one = NetworkBundling.collapsed(model, 1, true);
    assertThat(one.network().describe())
        .isEqualTo("dense(4→6, relu) → snnk(6→5, m=8) → dense(5→3, linear)");
    NetworkModel front = NetworkBundling.collapsed(model, 1, false);
    assertThat(front.network().describe())
        .isEqualTo("dense(4→6, relu) → snnk(6→4, m=8) → dense(4→3, linear)");
    NetworkModel two = NetworkBundling.collapsed(model, 2, true);
    assertThat(two.network().describe()).isEqualTo("dense(4→6, relu) → snnk(6→3, m=8)");
    double change = Scoring.largestChange(rows(3, 2), model, two);
    assertThat(change).isLessThan(1e-6);
    assertThat(Scoring.largestChange(rows(3, 2), model, model)).isZero();
    TrainedNetwork moved = new TrainedNetwork(two.network(), two.parameters());
    moved.parameters()[moved.parameters().length - 1] += 1; // the last class's intercept
    assertThat(Scoring.largestChange(rows(3, 2), model, model.with(moved))).isGreaterThan(0.1);
  }

  /** A teacher whose last layers are linear is in the span of the student's linear block. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatFeaturesCanExpressIsLearnedExactly(boolean each) {
    NetworkModel teacher = model(dense(D, 5, "tanh"), dense(5, 4, "linear"), dense(4, 3, "linear"));
    NetworkBundling.Student student =
        bundling(rows(3, 2)).transfer(teacher, 1, 2, transfer(each, true, 0));
    assertThat(student.model().network().layers()).hasSize(4);
    assertThat(distance(teacher, student.model())).isLessThan(1e-3);
    assertThat(student.layers()).hasSize(1);
    assertThat(student.layers().get(0).explained()).isGreaterThan(0.999999);
    NetworkBundling.Student first =
        bundling(rows(3, 2)).transfer(teacher, 0, 2, transfer(each, true, 0));
    assertThat(first.layers()).hasSize(each ? 2 : 1);
    assertThat(first.layers().get(0).from()).isZero();
    assertThat(first.layers().get(each ? 1 : 0).to()).isEqualTo(3);
    assertThat(first.layers().get(0).explained()).isGreaterThan(0.9);
    assertThat(distance(teacher, first.model())).isLessThan(0.5);
  }

  @Test
  void layersAtTheFrontAreLearnedAndMultiplyWithTheNext() {
    NetworkModel teacher =
        model(dense(D, 7, "sigmoid"), dense(7, 6, "tanh"), dense(6, 3, "linear"));
    NetworkModel student =
        bundling(rows(3, 2)).transfer(teacher, 0, 1, transfer(false, true, 0)).model();
    // Scaling, features, and the read-out times the second layer's weights.
    assertThat(student.network().layers()).hasSize(4);
    assertThat(((Dense) student.network().layers().get(2)).activation())
        .isEqualTo(StandardActivation.TANH);
    assertThat(distance(teacher, student)).isLessThan(0.1);
  }

  @Test
  void partitionsLeaveNoTraceInWhatIsLearned() {
    NetworkModel teacher = model(dense(D, 6, "relu"), dense(6, 5, "relu"), dense(5, 3, "linear"));
    NetworkBundling.Transfer each = transfer(true, false, 0.01);
    String whole = bundling(rows(1, 1)).transfer(teacher, 0, 2, each).model().fingerprint();
    assertThat(bundling(rows(7, 3)).transfer(teacher, 0, 2, each).model().fingerprint())
        .isEqualTo(whole);
  }

  @Test
  void unitsThatNeverFireAreNoTargets() {
    NetworkModel teacher = model(dense(D, 4, "relu"), dense(4, 3, "linear"), dense(3, 3, "linear"));
    TrainedNetwork dead = teacher.trained();
    float[] parameters = dead.parameters().clone();
    parameters[D * 4 + 2] = -1000; // the third unit's intercept
    NetworkModel with = teacher.with(new TrainedNetwork(dead.network(), parameters));
    NetworkModel student =
        bundling(rows(3, 2)).transfer(with, 0, 1, transfer(false, false, 0)).model();
    assertThat(distance(with, student)).isLessThan(0.5);
  }

  @Test
  void logProbabilitiesAreTaughtFromABoundOn() {
    NetworkModel teacher = model(dense(D, 6, "relu"), dense(6, 3, "linear"));
    TrainedNetwork sharp = teacher.trained();
    float[] parameters = sharp.parameters().clone();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] *= 4;
    }
    NetworkModel confident = teacher.with(new TrainedNetwork(sharp.network(), parameters));
    NetworkModel student =
        bundling(rows(3, 2)).transfer(confident, 0, 1, transfer(false, false, 0.05)).model();
    double[] scores = new double[ROWS.rows() * 3];
    student.scorer().scores(ROWS.rows(), ROWS.x(), scores);
    double least = java.util.Arrays.stream(scores).min().orElseThrow();
    // The regression may overshoot a bound of log 0.05 = −3.0, but not to the teacher's scores.
    assertThat(least).isBetween(-6.0, -2.0);
  }

  @Test
  void layersOfSmallNormsBecomeTowersAndOthersAreRefused() {
    NetworkModel model = model(dense(D, 5, "sin"), dense(5, 4, "sigmoid"), dense(4, 3, "linear"));
    TrainedNetwork small = model.trained();
    float[] parameters = small.parameters().clone();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] *= 0.3f;
    }
    NetworkModel gentle = model.with(new TrainedNetwork(small.network(), parameters));
    NetworkBundling.Towers towers = new NetworkBundling.Towers(2048, 4, Projection.ORTHOGONAL, 1);
    NetworkModel bundled = bundling(rows(3, 2)).towers(gentle, 1, 2, towers);
    assertThat(bundled.network().layers()).hasSize(3);
    assertThat(bundled.network().layers().get(1).describe()).startsWith("universal");
    assertThat(distance(gentle, bundled)).isCloseTo(0, within(0.1));
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] *= 100;
    }
    NetworkModel wild = model.with(new TrainedNetwork(small.network(), parameters));
    NetworkBundling refused = bundling(rows(3, 2));
    assertThatThrownBy(() -> refused.towers(wild, 1, 2, towers))
        .isInstanceOf(InfeasibleReplacementException.class)
        .hasMessageStartingWith("random features of 'sigmoid': expected ‖x‖‖w‖ of order 1, got ");
  }

  @Test
  void aTeacherThatAlwaysSaysTheSameTeachesNothing() {
    NetworkModel teacher = model(dense(D, 4, "relu"), dense(4, 3, "linear"));
    NetworkModel silent =
        teacher.with(
            new TrainedNetwork(teacher.network(), new float[teacher.network().parameters()]));
    NetworkBundling bundling = bundling(rows(1, 1));
    NetworkBundling.Transfer transfer = transfer(false, false, 0);
    assertThatThrownBy(() -> bundling.transfer(silent, 0, 1, transfer))
        .hasMessage(
            "outputs of layer 2: expected different values on the rows, got the same in every row."
                + " Look at the teacher: it gives one answer to everything.");
  }

  // ---- low rank ----

  private static LowRankBundling lowRank(JavaRDD<RowBlock> rows) {
    return new LowRankBundling(rows, CLASSES, false, Phases.SILENT, 4);
  }

  @Test
  void lowRankComesCloserWithSizeAndDoesNotDependOnPartitions() {
    NetworkModel teacher =
        model(dense(D, 24, "tanh"), dense(24, 24, "tanh"), dense(24, 3, "linear"));
    double before = Double.POSITIVE_INFINITY;
    for (double size : new double[] {0.5, 0.7, 0.9}) {
      LowRankBundling.Student student = lowRank(rows(5, 2)).reduce(teacher, 1, 2, size);
      assertThat(student.model().network().size())
          .isBetween(
              (int) (teacher.network().size() * (size - 0.1)),
              (int) (teacher.network().size() * size));
      double distance = distance(teacher, student.model());
      assertThat(distance).as("size %s", size).isLessThan(before);
      before = distance;
      assertThat(lowRank(rows(1, 1)).reduce(teacher, 1, 2, size).model().toBytes())
          .isEqualTo(student.model().toBytes());
    }
    assertThat(before).isLessThan(0.2);
  }

  @Test
  void severalLayersGetALowRankOneAfterTheOther() {
    NetworkModel teacher =
        model(dense(D, 24, "relu"), dense(24, 24, "relu"), dense(24, 3, "linear"));
    LowRankBundling.Student student = lowRank(rows(3, 2)).reduce(teacher, 0, 2, 0.8);
    assertThat(student.layers()).extracting(LowRankBundling.Reduced::layer).containsExactly(0, 1);
    assertThat(student.layers()).extracting(LowRankBundling.Reduced::units).containsOnly(24);
    assertThat(student.model().network().layers()).hasSize(5);
  }

  @Test
  void lowRankRefusesRowsThatItCannotUse() {
    RowBlock bad =
        new RowBlock(
            0,
            D,
            1,
            new double[0],
            new double[0],
            null,
            new long[0],
            List.of(new RowBlock.Rejected(4, "a bad row")));
    JavaRDD<RowBlock> rows = SPARK.parallelize(List.of(ROWS, bad), 1);
    NetworkModel teacher = model(dense(D, 8, "tanh"), dense(8, 3, "linear"));
    assertThatThrownBy(() -> lowRank(rows).reduce(teacher, 0, 1, 0.9))
        .hasMessageContaining("a bad row");
  }
}
