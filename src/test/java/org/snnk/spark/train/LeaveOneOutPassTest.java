package org.snnk.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.snnk.TestRows;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;
import org.snnk.solve.Readout;
import org.snnk.solve.RidgePath;
import org.snnk.solve.RidgeSolver;
import org.snnk.spark.LocalSpark;
import org.snnk.statistics.DecodedRows;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.NormalEquations;
import org.snnk.statistics.ScoreCounts;
import org.snnk.statistics.Targets;

/** Against what it stands for: each row taken from the statistic, and a model solved without it. */
class LeaveOneOutPassTest {
  private static final JavaSparkContext SPARK =
      JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
  private static final int D = 3;
  private static final int M = 12;
  private static final Featurizer FEATURIZER =
      new Featurizer(
          new Standardizer(new double[D], new double[] {1, 1, 1}),
          new CosineFeatures(D, M, 1.5, Projection.ORTHOGONAL, 7));

  private static JavaRDD<RowBlock> spread(List<RowBlock> blocks, int partitions) {
    return SPARK.parallelize(new ArrayList<>(blocks), partitions);
  }

  private static GramStatistics of(GramPass.Specification specification, RowBlock block) {
    GramStatistics statistic = specification.empty();
    statistic.add(block);
    return statistic;
  }

  /** The model without a row, under the same penalty on the sum of squares. */
  private static Readout without(GramStatistics all, GramStatistics row, double lambda) {
    double weight = all.normalEquations().weight();
    all.subtract(row);
    try {
      NormalEquations others = all.normalEquations();
      return RidgeSolver.solve(others, lambda * weight / others.weight());
    } finally {
      all.merge(row);
    }
  }

  @Test
  void errorsAreThoseOfForgettingEachRow() {
    RowBlock block = TestRows.reals(0, 150, D, 2, true);
    Targets targets = Targets.reals(new double[] {5, 4}, new double[] {2, 3});
    GramPass.Specification specification = new GramPass.Specification(FEATURIZER, targets, 1);
    GramStatistics all = of(specification, block);
    RidgePath path = RidgePath.of(all.normalEquations());
    List<Double> lambdas = List.of(1e-4, 1e-2, 1.0);
    double[] errors =
        LeaveOneOutPass.errors(spread(TestRows.cut(block, 40), 3), specification, path, lambdas);
    for (int l = 0; l < lambdas.size(); l++) {
      double sum = 0;
      for (RowBlock row : TestRows.cut(block, 1)) {
        GramStatistics one = of(specification, row);
        NormalEquations equations = one.normalEquations();
        sum += equations.weight() * without(all, one, lambdas.get(l)).meanSquaredError(equations);
      }
      assertThat(errors[l]).isCloseTo(sum / all.normalEquations().weight(), within(1e-9));
    }
    assertThat(
            LeaveOneOutPass.errors(
                spread(TestRows.cut(TestRows.shuffled(block), 7), 8), specification, path, lambdas))
        .containsExactly(errors);
  }

  @Test
  void scoresAreThoseOfModelsThatHaveNotSeenTheRow() {
    RowBlock block = TestRows.classes(0, 90, D, 3, false);
    GramPass.Specification specification =
        new GramPass.Specification(FEATURIZER, Targets.classes(3), 0);
    GramStatistics all = of(specification, block);
    RidgePath path = RidgePath.of(all.normalEquations());
    double lambda = 1e-3;
    ScoreCounts counts =
        LeaveOneOutPass.counts(spread(TestRows.cut(block, 20), 4), specification, path, lambda);
    ScoreCounts expected = new ScoreCounts(3, 1);
    DecodedRows seen = new DecodedRows(FEATURIZER, Targets.classes(3), 0);
    for (RowBlock row : TestRows.cut(block, 1)) {
      Readout readout = without(all, of(specification, row), lambda);
      seen.fill(row, 0, 1);
      double[] scores = readout.intercept().clone();
      for (int i = 0; i < M; i++) {
        for (int t = 0; t < 3; t++) {
          scores[t] += readout.weights()[i * 3 + t] * seen.features()[i];
        }
      }
      expected.add(scores, 0, (int) row.y()[0], 1);
    }
    for (int t = 0; t < 3; t++) {
      for (int bin = 0; bin < counts.bins(); bin++) {
        assertThat(counts.weight(t, true, bin)).isEqualTo(expected.weight(t, true, bin));
        assertThat(counts.weight(t, false, bin)).isEqualTo(expected.weight(t, false, bin));
      }
    }
  }
}
