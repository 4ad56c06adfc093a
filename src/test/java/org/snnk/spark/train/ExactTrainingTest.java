package org.snnk.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.dataset.Datasets;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;
import org.snnk.spark.LocalSpark;
import org.snnk.spark.data.Roles;
import org.snnk.spark.data.RowBlocks;
import org.snnk.spark.data.Table;
import org.snnk.spark.data.TableReader;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.Precision;
import org.snnk.statistics.RowParts;
import org.snnk.statistics.Targets;

/** The same rows give the same bytes, whatever the cluster does. */
class ExactTrainingTest {
  private static final JavaSparkContext SPARK =
      JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

  private static final AtomicInteger RETRIED = new AtomicInteger();

  /** A length scale and a penalty to choose, so that every phase takes part. */
  private static ClosedFormTraining.Options choosing(int folds, boolean leaveOneOut) {
    return new ClosedFormTraining.Options(
        FeatureFamily.cosine(64, Projection.ORTHOGONAL),
        OptionalDouble.empty(),
        List.of(0.5, 1.0),
        OptionalDouble.empty(),
        List.of(1e-5, 1e-3),
        0.2,
        folds,
        leaveOneOut,
        2_000,
        false,
        Optional.empty(),
        Precision.EXACT,
        42,
        ClosedFormTraining.Solving.AUTO);
  }

  private static String train(JavaRDD<RowBlock> rows, Roles roles) {
    return train(rows, roles, choosing(0, false));
  }

  /** All that a training gives: model, statistic, and every figure that choices were made by. */
  private static String train(
      JavaRDD<RowBlock> rows, Roles roles, ClosedFormTraining.Options options) {
    ClosedFormTraining.Result result =
        ClosedFormTraining.train(rows, roles, options, Phases.SILENT);
    return String.join(
        " ",
        result.model().fingerprint(),
        result.statistics().orElseThrow().fingerprint(),
        result.lengthScales().toString(),
        result.penalties().toString());
  }

  private static Table sample(String name) {
    TableReader reader =
        TableReader.open(
            LocalSpark.session(),
            Optional.of(Datasets.find(name)),
            List.of("data-samples/" + name + "-sample.csv.gz"));
    Roles roles = reader.roles(new TableReader.Choice(List.of(), null, List.of(), null, List.of()));
    return reader.table(roles, List.of());
  }

  private static Roles reals(int d, int k) {
    List<String> inputs = new ArrayList<>();
    for (int j = 0; j < d; j++) {
      inputs.add("x" + j);
    }
    return new Roles(inputs, List.of("y", "z").subList(0, k), List.of(), "weight");
  }

  private static JavaRDD<RowBlock> spread(List<RowBlock> blocks, int partitions) {
    return SPARK.parallelize(new ArrayList<>(blocks), partitions);
  }

  @ParameterizedTest
  @CsvSource({"higgs, 3", "covertype, 8", "wind-turbine, 64"})
  void aSampleGivesOneModelOverAnyPartitions(String name, int partitions) {
    Table table = sample(name);
    List<RowBlock> blocks = RowBlocks.of(table).collect();
    String expected = train(spread(blocks, 1), table.roles());
    List<RowBlock> pieces = new ArrayList<>();
    for (RowBlock block : blocks) {
      pieces.addAll(TestRows.cut(TestRows.shuffled(block), 700));
    }
    Collections.reverse(pieces);
    assertThat(train(spread(pieces, partitions), table.roles())).isEqualTo(expected);
    assertThat(train(RowBlocks.of(table), table.roles())).isEqualTo(expected);
  }

  @Test
  void weightedRowsOfSeveralTargetsGiveOneModelOverAnyPartitions() {
    RowBlock block = TestRows.reals(0, 3000, 4, 2, true);
    List<RowBlock> pieces = TestRows.cut(TestRows.shuffled(block), 97);
    for (ClosedFormTraining.Options options :
        List.of(choosing(0, false), choosing(4, false), choosing(0, true))) {
      String expected = train(spread(List.of(block), 1), reals(4, 2), options);
      for (int partitions : new int[] {3, 8, 64}) { // the last leaves half of them empty
        assertThat(train(spread(pieces, partitions), reals(4, 2), options)).isEqualTo(expected);
      }
    }
  }

  @Test
  void classesCalibratedByLeavingRowsOutGiveOneModelOverAnyPartitions() {
    RowBlock block = TestRows.classes(0, 3000, 4, 3, true);
    Roles roles =
        new Roles(List.of("a", "b", "c", "d"), List.of("y"), List.of("p", "q", "r"), "weight");
    String expected = train(spread(List.of(block), 1), roles, choosing(0, true));
    List<RowBlock> pieces = TestRows.cut(TestRows.shuffled(block), 97);
    for (int partitions : new int[] {3, 8, 64}) {
      assertThat(train(spread(pieces, partitions), roles, choosing(0, true))).isEqualTo(expected);
    }
  }

  /** A penalty chosen by leaving rows out needs no validation part. */
  @Test
  void leavingRowsOutChangesTheModelByItsPenaltyAlone() {
    RowBlock block = TestRows.reals(0, 1500, 4, 1, false);
    ClosedFormTraining.Result plain =
        ClosedFormTraining.train(
            spread(List.of(block), 1), reals(4, 1), choosing(0, false), Phases.SILENT);
    ClosedFormTraining.Result left =
        ClosedFormTraining.train(
            spread(List.of(block), 1), reals(4, 1), choosing(0, true), Phases.SILENT);
    assertThat(left.statistics().orElseThrow().fingerprint())
        .isEqualTo(plain.statistics().orElseThrow().fingerprint());
    assertThat(left.penalties()).hasSameSizeAs(plain.penalties());
    for (int l = 0; l < left.points().size(); l++) {
      // Generalised cross-validation approximates it.
      assertThat(left.penalties().get(l).validationError())
          .isCloseTo(left.points().get(l).totalGcv(), within(0.02));
    }
  }

  @Test
  void theStatisticOfATrainingRunIsTheMergeOfItsParts() {
    RowBlock a = TestRows.reals(0, 1000, 4, 2, true);
    RowBlock b = TestRows.reals(1000, 2500, 4, 2, true);
    GramStatistics all =
        ClosedFormTraining.train(
                spread(List.of(b, a), 2), reals(4, 2), choosing(0, false), Phases.SILENT)
            .statistics()
            .orElseThrow();
    String trained = all.fingerprint();
    GramStatistics left = emptyLike(all);
    left.add(a);
    String onlyA = left.fingerprint();
    GramStatistics right = emptyLike(all);
    right.add(b);
    left.merge(right);
    assertThat(left.fingerprint()).isEqualTo(trained);
    all.subtract(right);
    assertThat(all.fingerprint()).isEqualTo(onlyA);
  }

  private static GramStatistics emptyLike(GramStatistics statistics) {
    return new GramStatistics(
        statistics.featurizer(), statistics.targets(), statistics.weightExponent());
  }

  /** No row is looked at: the first would fail. */
  @Test
  void moreInputsThanAnIndexReachesAreRefusedBeforeAnyPass() {
    JavaRDD<RowBlock> failing =
        spread(List.of(TestRows.reals(0, 1, 1, 1, false)), 1)
            .map(
                block -> {
                  throw new IllegalStateException("a pass");
                });
    assertThatThrownBy(() -> train(failing, reals(65_537, 1)))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("expected 1 to 65536 inputs, got 65537");
  }

  /** Folds some of its rows, then dies. */
  private static Iterator<RowBlock> dyingAtFirst(Iterator<RowBlock> blocks) {
    TaskContext task = TaskContext.get();
    if (task.attemptNumber() > 0 || task.partitionId() % 2 == 0) {
      return blocks;
    }
    RETRIED.incrementAndGet();
    return new Iterator<>() {
      private int given;

      @Override
      public boolean hasNext() {
        return blocks.hasNext();
      }

      @Override
      public RowBlock next() {
        if (++given > 2) {
          throw new IllegalStateException("this attempt fails on purpose");
        }
        return blocks.next();
      }
    };
  }

  @Test
  void tasksThatFailHalfWayAndRunAgainLeaveNoTrace() {
    List<RowBlock> pieces = TestRows.cut(TestRows.reals(0, 2000, 4, 1, true), 100);
    String expected = train(spread(pieces, 4), reals(4, 1), choosing(0, true));
    JavaRDD<RowBlock> failing = spread(pieces, 4).mapPartitions(ExactTrainingTest::dyingAtFirst);
    SPARK.setLogLevel("OFF"); // the failures are meant
    try {
      assertThat(train(failing, reals(4, 1), choosing(0, true))).isEqualTo(expected);
    } finally {
      SPARK.setLogLevel("WARN");
    }
    assertThat(RETRIED.get()).as("attempts that failed").isGreaterThanOrEqualTo(6);
  }

  @Test
  void aMatrixMadeInSeveralPassesHasTheSameBytes() {
    Table table = sample("higgs");
    JavaRDD<RowBlock> rows = RowBlocks.of(table);
    GramPass.Specification specification =
        new GramPass.Specification(
            new Featurizer(
                new Standardizer(new double[28], ones(28)),
                new CosineFeatures(28, 64, 5, Projection.ORTHOGONAL, 1)),
            Targets.classes(2),
            0);
    RowParts parts = RowParts.folds(42, 3);
    List<GramStatistics> one = GramPass.runPasses(rows, List.of(specification), parts, 1).get(0);
    List<GramStatistics> four = GramPass.runPasses(rows, List.of(specification), parts, 4).get(0);
    for (int part = 0; part < 3; part++) {
      assertThat(four.get(part).fingerprint()).isEqualTo(one.get(part).fingerprint());
    }
  }

  private static double[] ones(int d) {
    double[] ones = new double[d];
    Arrays.fill(ones, 1);
    return ones;
  }
}
