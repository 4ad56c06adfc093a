package org.snnk.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.SnnkException;
import org.snnk.linalg.RowProducts;
import org.snnk.statistics.NormalEquations;
import org.snnk.statistics.RandomSigns;
import org.snnk.statistics.RightSide;

/** Conjugate gradients against the Cholesky solution of the same matrix. */
class RidgeIterationTest {
  private static final int M = 60;
  private static final RidgeIteration.Stop STRICT = new RidgeIteration.Stop(1e-11, 500);

  /** Features of a smooth kernel: eigenvalues that fall by many orders of magnitude. */
  private static final NormalEquations ROWS =
      Problem.gaussian(400, 3, 2, 11).statistic(M).normalEquations();

  private static RightSide side(NormalEquations rows) {
    return new RightSide(
        rows.rows(),
        rows.weight(),
        rows.features(),
        rows.targets(),
        rows.cross(),
        rows.featureMean(),
        rows.targetMean(),
        rows.targetGram());
  }

  private static double[][] gram() {
    double[][] gram = new double[M][];
    for (int i = 0; i < M; i++) {
      gram[i] = java.util.Arrays.copyOfRange(ROWS.gram(), i * M, (i + 1) * M);
    }
    return gram;
  }

  private static double[][] times(double[][] v) {
    return RowProducts.scalarProducts(v, gram(), M);
  }

  private static NystromPreconditioner preconditioner(int rank) {
    double[][] test = RandomSigns.of(0, rank, M, 5);
    return NystromPreconditioner.of(test, times(test));
  }

  private static RidgeIteration.Run solve(
      NystromPreconditioner preconditioner, List<Double> lambdas, RidgeIteration.Stop stop) {
    return RidgeIteration.solve(
        side(ROWS), RidgeIterationTest::times, preconditioner, lambdas, List.of(), stop);
  }

  @Test
  void everyPenaltyOfAPathIsSolvedAsIfAlone() {
    List<Double> lambdas = List.of(1.0, 1e-2, 1e-4, 1e-6);
    RidgeIteration.Run run = solve(preconditioner(20), lambdas, STRICT);
    for (int l = 0; l < lambdas.size(); l++) {
      Readout direct = RidgeSolver.solve(ROWS, lambdas.get(l));
      Readout readout = run.readouts().get(l);
      assertThat(readout.lambda()).isEqualTo(lambdas.get(l));
      assertThat(distance(readout.weights(), direct.weights())).isLessThan(1e-6);
      assertThat(distance(readout.intercept(), direct.intercept())).isLessThan(1e-6);
      assertThat(run.solutions().get(l).residual()).isLessThan(STRICT.tolerance());
    }
    int most =
        run.solutions().stream().mapToInt(RidgeIteration.Solution::iterations).max().orElseThrow();
    assertThat(run.products()).as("passes are shared").isBetween(most + 1, most + 10);
  }

  /** ‖a − b‖/‖b‖. */
  private static double distance(double[] a, double[] b) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < a.length; i++) {
      difference += (a[i] - b[i]) * (a[i] - b[i]);
      size += b[i] * b[i];
    }
    return Math.sqrt(difference / size);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-2, 1e-4, 1e-6})
  void aHigherRankNeedsFewerIterations(double lambda) {
    RidgeIteration.Stop stop = new RidgeIteration.Stop(1e-6, 500);
    int[] iterations = new int[3];
    int[] ranks = {0, 10, 30};
    for (int i = 0; i < 3; i++) {
      NystromPreconditioner preconditioner =
          ranks[i] == 0 ? NystromPreconditioner.NONE : preconditioner(ranks[i]);
      RidgeIteration.Solution solution =
          solve(preconditioner, List.of(lambda), stop).solutions().get(0);
      assertThat(solution.residual()).isLessThanOrEqualTo(1e-6);
      iterations[i] = solution.iterations();
    }
    assertThat(iterations[1]).isLessThan(iterations[0]);
    assertThat(iterations[2]).isLessThan(iterations[1]);
  }

  @Test
  void iterationsThatAreUsedUpLeaveAResidualThatIsTrue() {
    RidgeIteration.Solution solution =
        solve(NystromPreconditioner.NONE, List.of(1e-6), new RidgeIteration.Stop(1e-6, 5))
            .solutions()
            .get(0);
    assertThat(solution.iterations()).isEqualTo(5);
    assertThat(solution.residual()).isGreaterThan(1e-6);
    double worst = 0;
    for (int t = 0; t < 2; t++) {
      double[][] w = new double[1][M];
      double[] c = new double[M];
      for (int i = 0; i < M; i++) {
        w[0][i] = solution.readout().weights()[i * 2 + t];
        c[i] = ROWS.cross()[i * 2 + t];
      }
      double[] product = times(w)[0];
      for (int i = 0; i < M; i++) {
        product[i] += 1e-6 * w[0][i];
      }
      worst = Math.max(worst, distance(product, c));
    }
    assertThat(solution.residual()).isEqualTo(worst);
  }

  @Test
  void aSolutionToStartFromNeedsNoIteration() {
    RidgeIteration.Stop stop = new RidgeIteration.Stop(1e-6, 100);
    List<Double> lambda = List.of(1e-3);
    RidgeIteration.Run first = solve(preconditioner(20), lambda, stop);
    RidgeIteration.Run again =
        RidgeIteration.solve(
            side(ROWS),
            RidgeIterationTest::times,
            NystromPreconditioner.NONE,
            lambda,
            first.readouts(),
            stop);
    assertThat(again.products()).isOne();
    assertThat(again.solutions().get(0).iterations()).isZero();
    assertThat(again.readouts().get(0).weights()).isEqualTo(first.readouts().get(0).weights());
  }

  @Test
  void aTargetThatNoFeatureKnowsOfHasWeightsOfZero() {
    RightSide side = side(ROWS);
    RightSide unknown =
        new RightSide(
            side.rows(),
            side.weight(),
            M,
            2,
            new double[2 * M],
            side.featureMean(),
            side.targetMean(),
            side.targetGram());
    RidgeIteration.Run run =
        RidgeIteration.solve(
            unknown,
            RidgeIterationTest::times,
            NystromPreconditioner.NONE,
            List.of(1.0),
            List.of(),
            STRICT);
    assertThat(run.readouts().get(0).weights()).containsOnly(0);
    assertThat(run.readouts().get(0).intercept()).isEqualTo(side.targetMean());
    assertThat(run.solutions().get(0).residual()).isZero();
    assertThat(run.products()).isZero();
  }

  @Test
  void aToleranceBelowTheOperatorsRoundingEndsAndSaysWhatWasReached() {
    GramOperator rounded =
        v -> {
          double[][] product = times(v);
          for (double[] column : product) {
            for (int i = 0; i < M; i++) {
              column[i] = (float) column[i];
            }
          }
          return product;
        };
    RidgeIteration.Run run =
        RidgeIteration.solve(
            side(ROWS),
            rounded,
            preconditioner(20),
            List.of(1e-2),
            List.of(),
            new RidgeIteration.Stop(1e-14, 10_000));
    assertThat(run.solutions().get(0).residual()).isBetween(1e-14, 1e-4);
    assertThat(run.products()).isLessThan(10_000);
  }

  @Test
  void aPenaltyThatIsNotPositiveIsRefused() {
    assertThatThrownBy(() -> solve(NystromPreconditioner.NONE, List.of(1.0, 0.0), STRICT))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("train.regParam: expected a positive finite number, got 0.0");
  }

  @Test
  void theSolverFollowsTheFeaturesUnlessItIsNamed() {
    int most = Solver.MOST_DIRECT_FEATURES;
    assertThat(Solver.AUTO.forFeatures(most)).isEqualTo(Solver.DIRECT);
    assertThat(Solver.AUTO.forFeatures(most + 2)).isEqualTo(Solver.CG);
    assertThat(Solver.CG.forFeatures(2)).isEqualTo(Solver.CG);
    assertThat(Solver.DIRECT.forFeatures(most + 2)).isEqualTo(Solver.DIRECT);
    for (String key : Solver.keys()) {
      assertThat(Solver.of(key).key()).isEqualTo(key);
    }
  }
}
