package org.snnk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.snnk.TestRows;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.linalg.RowBlock;
import org.snnk.solve.Readout;
import org.snnk.solve.RidgeSolver;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.Moments;
import org.snnk.statistics.NormalEquations;

class PredictiveVarianceTest {
  private static final double LAMBDA = 1e-3;

  private static GramStatistics statistics(RowBlock rows, int m) {
    Moments moments = new Moments(rows.inputs(), 1, 0);
    moments.add(rows);
    GramStatistics statistics =
        new GramStatistics(
            new Featurizer(
                moments.standardizer(),
                new CosineFeatures(rows.inputs(), m, 3, Projection.ORTHOGONAL, 1)),
            moments.targets(),
            0);
    statistics.add(rows);
    return statistics;
  }

  private static PredictiveVariance of(GramStatistics statistics) {
    NormalEquations equations = statistics.normalEquations();
    Readout readout = RidgeSolver.solve(equations, LAMBDA);
    return PredictiveVariance.of(equations, LAMBDA, readout.weights(), statistics.targets());
  }

  private static double[] deviations(PredictiveVariance variance, GramStatistics s, double[] x) {
    int n = x.length / s.featurizer().map().inputs();
    double[] out = new double[n];
    variance.deviations(n, x, s.featurizer(), out, new PredictiveVariance.Workspace());
    return out;
  }

  /**
   * The training row's own share of its fit is the leverage h = (1 + δᵀ(G + λI)⁻¹δ)/N, and Σh over
   * the rows is df (Hastie, Tibshirani and Friedman 2009, Eq. 3.50).
   */
  @Test
  void theVarianceOfTheFitSumsToTheDegreesOfFreedom() {
    RowBlock rows = TestRows.reals(0, 700, 3, 1, false);
    GramStatistics statistics = statistics(rows, 40);
    NormalEquations equations = statistics.normalEquations();
    double df =
        org.snnk.solve.RidgePath.of(equations)
            .points(java.util.List.of(LAMBDA))
            .get(0)
            .degreesOfFreedom();
    double mse =
        org.snnk.solve.RidgePath.of(equations)
            .points(java.util.List.of(LAMBDA))
            .get(0)
            .totalMeanSquaredError();
    double scale = statistics.targets().scale(0);
    double noise = scale * scale * mse * 700 / (700 - df);
    double leverage = 0;
    for (double deviation : deviations(of(statistics), statistics, rows.x())) {
      leverage += deviation * deviation / noise - 1;
    }
    assertThat(leverage).isCloseTo(df, within(1e-6 * df));
  }

  @Test
  void bytesGiveTheSameDeviations() {
    RowBlock rows = TestRows.reals(0, 600, 3, 1, false);
    GramStatistics statistics = statistics(rows, 30);
    PredictiveVariance variance = of(statistics);
    PredictiveVariance read = PredictiveVariance.fromBytes(variance.toBytes(), "here");
    assertThat(deviations(read, statistics, rows.x()))
        .containsExactly(deviations(variance, statistics, rows.x()), within(1e-12));
    byte[] cut = java.util.Arrays.copyOf(variance.toBytes(), 500);
    assertThatThrownBy(() -> PredictiveVariance.fromBytes(cut, "here"))
        .hasMessage(
            "variance file: expected bytes that match their SHA-256, got damaged ones (here). Take"
                + " another copy, or train again.");
  }

  @Test
  void asManyDegreesOfFreedomAsRowsAreRefused() {
    RowBlock rows = TestRows.reals(0, 3, 3, 1, false);
    GramStatistics statistics = statistics(rows, 30);
    NormalEquations equations = statistics.normalEquations();
    assertThatThrownBy(
            () -> PredictiveVariance.of(equations, 1e-13, new double[30], statistics.targets()))
        .hasMessageMatching(
            "standard deviation of predictions: expected more training rows than the .* degrees of"
                + " freedom of the fit, got 3\\. Train on more rows, or raise regParam\\.");
  }
}
