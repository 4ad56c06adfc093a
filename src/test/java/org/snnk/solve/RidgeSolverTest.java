package org.snnk.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.Grid;
import org.snnk.linalg.RowBlock;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.NormalEquations;
import org.snnk.statistics.Targets;

class RidgeSolverTest {
  private static final int D = 3;
  private static final int M = 12;
  private static final int K = 2;
  private static final Featurizer FEATURIZER =
      new Featurizer(
          new Standardizer(new double[D], new double[] {1, 1, 1}),
          new CosineFeatures(D, M, 1.5, Projection.ORTHOGONAL, 7));
  private static final Targets TARGETS = Targets.reals(new double[] {5, 4}, new double[] {2, 3});
  private static final RowBlock ROWS = TestRows.reals(0, 800, D, K, false);

  private static NormalEquations equations(RowBlock rows) {
    GramStatistics statistics = new GramStatistics(FEATURIZER, TARGETS, 0);
    statistics.add(rows);
    return statistics.normalEquations();
  }

  /** [Φ, 1] of the rows. */
  private static DMatrixRMaj design(RowBlock rows) {
    int n = rows.rows();
    double[] phi = new double[n * M];
    FEATURIZER.features(n, rows.x(), 0, phi, M, new Featurizer.Workspace());
    DMatrixRMaj design = new DMatrixRMaj(n, M + 1);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < M; j++) {
        design.set(i, j, phi[i * M + j] / Grid.FEATURE_ONE);
      }
      design.set(i, M, 1);
    }
    return design;
  }

  private static DMatrixRMaj standardTargets(RowBlock rows) {
    DMatrixRMaj y = new DMatrixRMaj(rows.rows(), K);
    for (int i = 0; i < rows.rows(); i++) {
      for (int t = 0; t < K; t++) {
        y.set(i, t, (rows.y()[i * K + t] - TARGETS.mean(t)) / TARGETS.scale(t));
      }
    }
    return y;
  }

  /** The weights, and the intercepts in a last row. */
  private static DMatrixRMaj solution(Readout readout) {
    DMatrixRMaj w = new DMatrixRMaj(M + 1, K);
    for (int t = 0; t < K; t++) {
      for (int i = 0; i < M; i++) {
        w.set(i, t, readout.weights()[i * K + t]);
      }
      w.set(M, t, readout.intercept()[t]);
    }
    return w;
  }

  private static DMatrixRMaj residual(RowBlock rows, DMatrixRMaj w) {
    DMatrixRMaj residual = new DMatrixRMaj(rows.rows(), K);
    CommonOps_DDRM.mult(design(rows), w, residual);
    CommonOps_DDRM.subtractEquals(residual, standardTargets(rows));
    return residual;
  }

  /** λI with a 0 for the intercept. */
  private static DMatrixRMaj penalty(double lambda) {
    DMatrixRMaj penalty = CommonOps_DDRM.diag(new double[M + 1]);
    for (int i = 0; i < M; i++) {
      penalty.set(i, i, lambda);
    }
    return penalty;
  }

  @Test
  void itIsTheDenseSolutionWithAColumnOfOnesThatIsNotPenalised() {
    DMatrixRMaj a = design(ROWS);
    DMatrixRMaj y = standardTargets(ROWS);
    double n = ROWS.rows();
    for (double lambda : new double[] {1e-4, 1e-2, 1, 100}) {
      DMatrixRMaj normal = penalty(lambda);
      CommonOps_DDRM.multAddTransA(1 / n, a, a, normal);
      DMatrixRMaj right = new DMatrixRMaj(M + 1, K);
      CommonOps_DDRM.multTransA(1 / n, a, y, right);
      DMatrixRMaj expected = new DMatrixRMaj(M + 1, K);
      assertThat(CommonOps_DDRM.solve(normal, right, expected)).isTrue();
      DMatrixRMaj got = solution(RidgeSolver.solve(equations(ROWS), lambda));
      CommonOps_DDRM.subtractEquals(got, expected);
      assertThat(NormOps_DDRM.normF(got)).isLessThan(1e-8 * NormOps_DDRM.normF(expected));
    }
  }

  /** ∇[‖Y − ΦW − b‖²/n + λ‖W‖²] = 0. */
  @Test
  void theGradientOfTheObjectiveVanishes() {
    double lambda = 1e-3;
    DMatrixRMaj a = design(ROWS);
    DMatrixRMaj w = solution(RidgeSolver.solve(equations(ROWS), lambda));
    DMatrixRMaj gradient = new DMatrixRMaj(M + 1, K);
    CommonOps_DDRM.mult(penalty(lambda), w, gradient);
    CommonOps_DDRM.multAddTransA(1.0 / ROWS.rows(), a, residual(ROWS, w), gradient);
    assertThat(CommonOps_DDRM.elementMaxAbs(gradient)).isLessThan(1e-9);
  }

  @Test
  void theMeanSquaredErrorNeedsNoRows() {
    RowBlock others = TestRows.reals(800, 1300, D, K, false);
    Readout readout = RidgeSolver.solve(equations(ROWS), 1e-3);
    double norm = NormOps_DDRM.normF(residual(others, solution(readout)));
    double direct = norm * norm / others.rows();
    assertThat(readout.meanSquaredError(equations(others))).isCloseTo(direct, within(1e-9));
  }

  @Test
  void aPathIsOneSolveForEachPenaltyInTheOrderGiven() {
    NormalEquations training = equations(ROWS);
    NormalEquations validation = equations(TestRows.reals(800, 1300, D, K, false));
    List<Double> lambdas = List.of(1.0, 1e-3, 10.0);
    List<Readout> path = RidgeSolver.solve(training, lambdas);
    double[] errors = Readout.meanSquaredErrors(path, validation);
    assertThat(path).hasSize(3);
    for (int i = 0; i < 3; i++) {
      Readout alone = RidgeSolver.solve(training, lambdas.get(i));
      assertThat(path.get(i).lambda()).isEqualTo(lambdas.get(i));
      assertThat(path.get(i).weights())
          .usingComparatorWithPrecision(1e-9)
          .containsExactly(alone.weights());
      assertThat(errors[i]).isCloseTo(alone.meanSquaredError(validation), within(1e-9));
    }
    assertThat(errors[1]).isLessThan(errors[2]);
    List<Readout> one = RidgeSolver.solve(training, List.of(1e-3));
    assertThat(one).hasSize(1);
    assertThat(one.get(0).weights()).containsExactly(RidgeSolver.solve(training, 1e-3).weights());
  }

  @Test
  void aPenaltyThatIsNotPositiveAndFiniteIsRefused() {
    NormalEquations equations = equations(ROWS);
    for (double lambda : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> RidgeSolver.solve(equations, lambda))
          .isInstanceOf(SnnkException.class)
          .hasMessage(
              "train.regParam: expected a positive finite number, got "
                  + lambda
                  + ". Set one, or leave it to 'auto'.");
    }
  }
}
