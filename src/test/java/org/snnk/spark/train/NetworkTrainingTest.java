package org.snnk.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.activation.StandardActivation;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.Projection;
import org.snnk.linalg.RowBlock;
import org.snnk.loss.Loss;
import org.snnk.metric.RegressionSummary;
import org.snnk.model.FullyBundledModel;
import org.snnk.model.Model;
import org.snnk.network.Dense;
import org.snnk.network.Dropout;
import org.snnk.network.LocalTraining;
import org.snnk.network.MappedFeatures;
import org.snnk.network.Network;
import org.snnk.network.Optimizer;
import org.snnk.network.OuterStep;
import org.snnk.network.ReluFeatures;
import org.snnk.network.Schedule;
import org.snnk.network.Snnk;
import org.snnk.spark.LocalSpark;
import org.snnk.spark.data.Roles;
import org.snnk.statistics.Precision;

/** Networks trained on shards: what decides on the result, and what must not. */
class NetworkTrainingTest {
  private static final JavaSparkContext SPARK =
      JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
  private static final int D = 4;
  private static final Roles CLASSES =
      new Roles(List.of("a", "b", "c", "d"), List.of("y"), List.of("p", "q", "r"), null);
  private static final AtomicInteger RETRIED = new AtomicInteger();

  /** Options that a test varies. */
  private static final class Setting {
    private Network network =
        new Network(
            List.of(
                new Dense(D, 8, true, StandardActivation.RELU),
                new Dropout(8, 0.1),
                new Snnk(new ReluFeatures(8, 6, false, Projection.ORTHOGONAL, 1), 5, false),
                new Dense(5, 3, true, StandardActivation.LINEAR)));
    private Loss loss = Loss.SOFTMAX;
    private List<Double> rates = List.of(0.01);
    private int epochs = 2;
    private int shards = 3;
    private int stepsPerRound = 5;
    private OuterStep outer = OuterStep.MEAN;
    private double validation = 0.2;
    private int patience;
    private boolean reshuffle;
    private boolean fullBatch;
    private int batch = 20;

    NetworkTraining.Options options() {
      return new NetworkTraining.Options(
          network,
          new LocalTraining.Settings(
              loss,
              0,
              new Optimizer.Adam(0.001),
              new Schedule(Schedule.Shape.COSINE, 0.1),
              rates.get(0),
              10,
              batch,
              5),
          rates,
          epochs,
          new NetworkTraining.Sharding(shards, stepsPerRound, outer, reshuffle),
          validation,
          patience,
          fullBatch,
          false,
          null);
    }
  }

  private static RowBlock rows() {
    return TestRows.classes(0, 600, D, 3, false);
  }

  private static JavaRDD<RowBlock> spread(List<RowBlock> blocks, int partitions) {
    return SPARK.parallelize(new ArrayList<>(blocks), partitions);
  }

  private static NetworkTraining.Result train(JavaRDD<RowBlock> rows, Setting setting) {
    return NetworkTraining.train(rows, CLASSES, setting.options(), Phases.SILENT, Checkpoints.NONE);
  }

  private static NetworkTraining.Result train(Setting setting) {
    return train(spread(List.of(rows()), 1), setting);
  }

  private static String fingerprint(Setting setting) {
    return train(setting).model().fingerprint();
  }

  @Test
  void partitionsOrderAndRetriesLeaveNoTrace() {
    Setting setting = new Setting();
    setting.reshuffle = true;
    String expected = fingerprint(setting);
    List<RowBlock> pieces = TestRows.cut(TestRows.shuffled(rows()), 37);
    Collections.reverse(pieces);
    assertThat(train(spread(pieces, 3), setting).model().fingerprint()).isEqualTo(expected);
    RETRIED.set(0);
    JavaRDD<RowBlock> failing =
        spread(pieces, 8)
            .map(
                block -> {
                  if (TaskContext.get().attemptNumber() == 0 && RETRIED.incrementAndGet() == 3) {
                    throw new IllegalStateException("a lost executor");
                  }
                  return block;
                });
    assertThat(train(failing, setting).model().fingerprint()).isEqualTo(expected);
    assertThat(RETRIED.get()).as("attempts that failed").isGreaterThanOrEqualTo(3);
  }

  @Test
  void whatIsSetDecidesOnTheResult() {
    String expected = fingerprint(new Setting());
    List<Setting> others = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      others.add(new Setting());
    }
    others.get(0).shards = 2;
    others.get(1).stepsPerRound = 0;
    others.get(2).reshuffle = true;
    others.get(3).outer = new OuterStep(0.5, 1);
    List<String> prints = new ArrayList<>(List.of(expected));
    others.forEach(other -> prints.add(fingerprint(other)));
    assertThat(prints).doesNotHaveDuplicates();
    assertThat(fingerprint(new Setting())).isEqualTo(expected);
  }

  @Test
  void manyShardsAreMergedInTheirOrderAndLearn() {
    Setting setting = new Setting();
    setting.shards = 20; // more than are merged by the driver
    setting.batch = 5;
    setting.epochs = 4;
    setting.stepsPerRound = 0;
    NetworkTraining.Result result = train(setting);
    assertThat(result.curve()).hasSize(4);
    assertThat(result.curve().get(3).training())
        .isLessThan(0.98 * result.curve().get(0).training());
    List<RowBlock> pieces = TestRows.cut(TestRows.shuffled(rows()), 50);
    assertThat(train(spread(pieces, 4), setting).model().fingerprint())
        .isEqualTo(result.model().fingerprint());
  }

  /** Keeps everything that was written, and begins with a given checkpoint. */
  private static final class Memory implements Checkpoints {
    private final Map<String, List<byte[]>> written = new LinkedHashMap<>();
    private byte[] first;

    @Override
    public Optional<byte[]> read(String name) {
      return Optional.ofNullable(first);
    }

    @Override
    public void write(String name, byte[] bytes) {
      written.computeIfAbsent(name, key -> new ArrayList<>()).add(bytes);
    }
  }

  private static NetworkTraining.Result resume(Setting setting, Memory memory) {
    return NetworkTraining.train(
        spread(List.of(rows()), 2), CLASSES, setting.options(), Phases.SILENT, memory);
  }

  @Test
  void aTrainingGoesOnFromAnyCheckpointToTheSameBytes() {
    Setting setting = new Setting();
    setting.outer = new OuterStep(0.5, 1);
    setting.reshuffle = true;
    Memory all = new Memory();
    NetworkTraining.Result whole = resume(setting, all);
    List<byte[]> written = all.written.get("rate-0.01");
    assertThat(written).hasSize(whole.rounds() * 2);
    for (int at : new int[] {0, whole.rounds() - 1, written.size() - 2, written.size() - 1}) {
      Memory memory = new Memory();
      memory.first = written.get(at);
      NetworkTraining.Result resumed = resume(setting, memory);
      assertThat(resumed.model().fingerprint()).isEqualTo(whole.model().fingerprint());
      assertThat(resumed.resumedAt()).isEqualTo((at + 1) / whole.rounds());
    }
  }

  @Test
  void aCheckpointOfAnotherTrainingIsRefused() {
    Setting setting = new Setting();
    setting.epochs = 1;
    Memory memory = new Memory();
    NetworkTraining.Result unused = resume(setting, memory);
    memory.first = memory.written.get("rate-0.01").get(0);
    Setting other = new Setting();
    other.epochs = 2;
    assertThatThrownBy(() -> resume(other, memory))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "checkpoint: expected that of a training with the settings of this one, got another."
                + " Train with the settings and rows of the checkpoint, or without sgd.resume.");
    assertThatThrownBy(
            () ->
                NetworkTraining.train(
                    spread(TestRows.cut(rows(), 500).subList(0, 1), 1),
                    CLASSES,
                    setting.options(),
                    Phases.SILENT,
                    memory))
        .hasMessageContaining("expected that of a training with the rows of this one, got another");
    memory.first[3] = 9;
    assertThatThrownBy(() -> resume(setting, memory))
        .hasMessage(
            "checkpoint: expected version 1, got version 9. Go on with the program that wrote it.");
  }

  @Test
  void theBestEpochByValidationIsKeptAndPatienceEndsTraining() {
    Setting setting = new Setting();
    setting.rates = List.of(0.3); // overshoots soon
    setting.epochs = 40;
    setting.stepsPerRound = 0;
    setting.patience = 3;
    NetworkTraining.Result result = train(setting);
    int epochs = result.curve().size();
    assertThat(epochs).isLessThan(40).isEqualTo(result.epoch() + 3);
    double best = result.curve().get(result.epoch() - 1).validation();
    result.curve().forEach(point -> assertThat(point.validation()).isGreaterThanOrEqualTo(best));
    Setting shorter = new Setting();
    shorter.rates = List.of(0.3);
    shorter.patience = 3;
    shorter.validation = 0;
    assertThatThrownBy(() -> train(shorter))
        .hasMessage(
            "sgd.patience: expected 0 without a validation part, got 3. Set"
                + " train.validationFraction.");
  }

  @Test
  void ofSeveralLearningRatesTheBestIsKept() {
    Setting setting = new Setting();
    setting.rates = List.of(1e-6, 0.02, 3.0);
    NetworkTraining.Result result = train(setting);
    assertThat(result.learningRate()).isEqualTo(0.02);
    assertThat(result.candidates()).hasSize(3);
    assertThat(result.candidates().get(1).validation())
        .isEqualTo(result.curve().get(result.epoch() - 1).validation());
    Setting alone = new Setting();
    alone.rates = List.of(0.02);
    assertThat(fingerprint(alone)).isEqualTo(result.model().fingerprint());
  }

  @Test
  void trainingThatDivergesAtOnceSaysSo() {
    Setting setting = new Setting();
    setting.rates = List.of(1e38);
    assertThatThrownBy(() -> train(setting))
        .isInstanceOf(SnnkException.class)
        .hasMessageMatching(
            "training: expected a finite loss, got none from step \\d+ on. Lower sgd.learningRate,"
                + " or set sgd.clip.");
  }

  @Test
  void fullBatchStepsLowerTheLossEachTimeAndAllowNoDropout() {
    Setting setting = new Setting();
    setting.fullBatch = true;
    assertThatThrownBy(() -> train(setting))
        .hasMessage(
            "sgd.optimizer: expected another than lbfgs for a network with dropout, got lbfgs."
                + " Leave the dropout out: L-BFGS needs one and the same function in every step.");
    setting.network =
        new Network(
            List.of(
                new Dense(D, 6, true, StandardActivation.TANH),
                new Dense(6, 3, true, StandardActivation.LINEAR)));
    setting.epochs = 6;
    NetworkTraining.Result result = train(setting);
    for (int e = 1; e < 6; e++) {
      assertThat(result.curve().get(e).training()).isLessThan(result.curve().get(e - 1).training());
    }
  }

  // ---- the fully-bundled model ----

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theFullyBundledModelComesToTheClosedFormsLoss(boolean fullBatch) {
    int m = 20;
    double lambda = 1e-4;
    double lengthScale = 1.5;
    Roles roles = new Roles(List.of("a", "b", "c", "d"), List.of("y"), List.of(), null);
    RowBlock block = TestRows.reals(0, 2000, D, 1, false);
    JavaRDD<RowBlock> rows = spread(List.of(block), 1);
    FullyBundledModel closed =
        ClosedFormTraining.train(
                rows,
                roles,
                new ClosedFormTraining.Options(
                    FeatureFamily.cosine(m, Projection.ORTHOGONAL),
                    OptionalDouble.of(lengthScale),
                    List.of(1.0),
                    OptionalDouble.of(lambda),
                    List.of(lambda),
                    0,
                    0,
                    false,
                    1000,
                    false,
                    Optional.empty(),
                    Precision.EXACT,
                    5,
                    ClosedFormTraining.Solving.AUTO),
                Phases.SILENT)
            .model();
    Setting setting = new Setting();
    setting.network =
        new Network(
            List.of(
                new MappedFeatures(new CosineFeatures(D, m, lengthScale, Projection.ORTHOGONAL, 5)),
                new Dense(m, 1, true, StandardActivation.LINEAR)));
    setting.loss = Loss.SQUARED;
    setting.validation = 0;
    setting.epochs = fullBatch ? 30 : 40;
    setting.fullBatch = fullBatch;
    setting.shards = 2;
    setting.stepsPerRound = 0;
    setting.rates = List.of(0.05);
    setting.batch = 32;
    NetworkTraining.Result result =
        NetworkTraining.train(rows, roles, setting.options(), Phases.SILENT, Checkpoints.NONE);
    FullyBundledModel model = result.fullyBundled(rows, setting.options(), Phases.SILENT);
    assertThat(model.featurizer().map().describe()).isEqualTo(closed.featurizer().map().describe());
    double expected = squaredError(closed, rows);
    assertThat(squaredError(model, rows)).isCloseTo(expected, within(0.01 * expected));
    assertThat(squaredError(result.model(), rows))
        .as("the network is the same model")
        .isCloseTo(squaredError(model, rows), within(1e-5 * expected));
  }

  private static double squaredError(Model model, JavaRDD<RowBlock> rows) {
    RegressionSummary summary =
        Scoring.regression(rows, model, new double[] {-10}, new double[] {20}).summary();
    double rmse = summary.metrics().rmse().value().getAsDouble();
    return rmse * rmse;
  }

  @Test
  void rowsOfAWeightCountAsSoMany() {
    RowBlock once = TestRows.classes(0, 300, D, 3, false);
    double[] weight = new double[300];
    Arrays.fill(weight, 4);
    RowBlock weighted =
        new RowBlock(300, D, 1, once.x(), once.y(), weight, once.index(), List.of());
    Roles roles = new Roles(CLASSES.inputs(), CLASSES.targets(), CLASSES.classes(), "weight");
    Setting setting = new Setting();
    float[] plain =
        NetworkTraining.train(
                spread(List.of(once), 1),
                CLASSES,
                setting.options(),
                Phases.SILENT,
                Checkpoints.NONE)
            .parameters();
    float[] heavy =
        NetworkTraining.train(
                spread(List.of(weighted), 1),
                roles,
                setting.options(),
                Phases.SILENT,
                Checkpoints.NONE)
            .parameters();
    assertThat(heavy).isEqualTo(plain); // 4 is a power of two: no rounding differs
  }
}
