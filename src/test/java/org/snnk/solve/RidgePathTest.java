package org.snnk.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.SnnkException;
import org.snnk.statistics.NormalEquations;

class RidgePathTest {
  private static final List<Double> LAMBDAS = List.of(1e-4, 1e-2, 0.3, 1.0, 50.0);

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 32, 40, 90})
  void everyReadoutIsTheOneThatCholeskyGives(int m) {
    NormalEquations rows = Problem.gaussian(200, m, 3, 1).normalEquations();
    List<Readout> readouts = RidgePath.of(rows).readouts(LAMBDAS);
    for (int l = 0; l < LAMBDAS.size(); l++) {
      Readout expected = RidgeSolver.solve(rows, LAMBDAS.get(l));
      assertThat(readouts.get(l).lambda()).isEqualTo(LAMBDAS.get(l));
      assertThat(readouts.get(l).weights()).containsExactly(expected.weights(), within(1e-9));
      assertThat(readouts.get(l).intercept()).containsExactly(expected.intercept(), within(1e-9));
    }
  }

  @Test
  void readoutOfOnePenaltyIsThatOfManyBitForBit() {
    RidgePath path = RidgePath.of(Problem.gaussian(100, 50, 2, 2).normalEquations());
    Readout alone = path.readout(0.3);
    Readout among = path.readouts(LAMBDAS).get(2);
    assertThat(alone.weights()).containsExactly(among.weights());
    assertThat(alone.intercept()).containsExactly(among.intercept());
  }

  @Test
  void trainingErrorIsTheOneOnTheRows() {
    Problem problem = Problem.gaussian(120, 40, 3, 3);
    RidgePath path = RidgePath.of(problem.normalEquations());
    List<RidgePoint> points = path.points(LAMBDAS);
    for (RidgePoint point : points) {
      double direct = problem.squaredError(path.readout(point.lambda())) / problem.weight();
      assertThat(point.totalMeanSquaredError()).isCloseTo(direct, within(1e-10));
    }
  }

  @Test
  void degreesOfFreedomAndGcvFollowTheEigenvalues() {
    int n = 90;
    int m = 70;
    Problem problem = Problem.gaussian(n, m, 2, 4);
    NormalEquations rows = problem.normalEquations();
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(m, false, true);
    eigen.decompose(DMatrixRMaj.wrap(m, m, rows.gram().clone()));
    for (RidgePoint point : RidgePath.of(rows).points(LAMBDAS)) {
      double df = 1;
      for (int i = 0; i < m; i++) {
        double value = eigen.getEigenvalue(i).getReal();
        df += value / (value + point.lambda());
      }
      assertThat(point.degreesOfFreedom()).isCloseTo(df, within(1e-9));
      for (int t = 0; t < 2; t++) {
        double expected = point.meanSquaredError()[t] / Math.pow(1 - df / n, 2);
        assertThat(point.gcv()[t]).isCloseTo(expected, within(1e-8));
      }
    }
  }

  @Test
  void gcvIsInfiniteWhereDegreesOfFreedomReachTheRows() {
    NormalEquations many = Problem.gaussian(100, 30, 1, 5).normalEquations();
    NormalEquations few =
        new NormalEquations(
            20,
            many.weight(),
            30,
            1,
            many.gram(),
            many.cross(),
            many.featureMean(),
            many.targetMean(),
            many.targetGram());
    List<RidgePoint> points = RidgePath.of(few).points(List.of(1e-9, 10.0));
    assertThat(points.get(0).degreesOfFreedom()).isGreaterThan(20);
    assertThat(points.get(0).totalGcv()).isInfinite();
    assertThat(points.get(1).totalGcv()).isFinite();
  }

  @Test
  void degreesOfFreedomFallFromTheRankToTheIntercept() {
    RidgePath path = RidgePath.of(Problem.gaussian(200, 20, 1, 6).normalEquations());
    List<RidgePoint> points = path.points(List.of(1e-12, 1.0, 1e12));
    assertThat(points.get(0).degreesOfFreedom()).isCloseTo(21, within(1e-8));
    assertThat(points.get(1).degreesOfFreedom()).isBetween(2.0, 20.0);
    assertThat(points.get(2).degreesOfFreedom()).isCloseTo(1, within(1e-9));
  }

  @Test
  void validationErrorIsTheOneOnTheRows() {
    Problem problem = Problem.gaussian(150, 45, 3, 7);
    Problem training = problem.filter(r -> r % 3 != 0);
    Problem held = problem.filter(r -> r % 3 == 0);
    List<Readout> path = RidgePath.of(training.normalEquations()).readouts(LAMBDAS);
    double[] errors = Readout.meanSquaredErrors(path, held.normalEquations());
    for (int l = 0; l < errors.length; l++) {
      assertThat(errors[l])
          .isCloseTo(held.squaredError(path.get(l)) / held.weight(), within(1e-10))
          .isEqualTo(path.get(l).meanSquaredError(held.normalEquations()));
    }
    assertThat(path).extracting(Readout::lambda).containsExactlyElementsOf(LAMBDAS);
  }

  @Test
  void constantAndRepeatedColumnsAreSolved() {
    Problem problem = Problem.gaussian(100, 40, 2, 8);
    for (int r = 0; r < 100; r++) {
      problem.x()[r * 40 + 5] = 0.25;
      problem.x()[r * 40 + 7] = problem.x()[r * 40 + 6];
    }
    NormalEquations rows = problem.normalEquations();
    RidgePath path = RidgePath.of(rows);
    Readout readout = path.readout(1e-3);
    assertThat(readout.weights())
        .containsExactly(RidgeSolver.solve(rows, 1e-3).weights(), within(1e-9));
    assertThat(readout.weights()[5 * 2]).isCloseTo(0, within(1e-12));
    assertThat(readout.weights()[6 * 2]).isCloseTo(readout.weights()[7 * 2], within(1e-9));
    assertThat(path.points(List.of(1e-9)).get(0).degreesOfFreedom())
        .isCloseTo(39, within(1e-5)); // 38 columns of their own and the intercept
  }

  @Test
  void sameStatisticGivesSameBits() {
    NormalEquations rows = Problem.gaussian(300, 100, 3, 9).normalEquations();
    RidgePath first = RidgePath.of(rows);
    RidgePath second = RidgePath.of(rows);
    for (int l = 0; l < LAMBDAS.size(); l++) {
      assertThat(second.readouts(LAMBDAS).get(l).weights())
          .containsExactly(first.readouts(LAMBDAS).get(l).weights());
      assertThat(second.points(LAMBDAS).get(l).gcv())
          .containsExactly(first.points(LAMBDAS).get(l).gcv());
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void penaltyThatIsNotPositiveAndFiniteIsRefused(double lambda) {
    NormalEquations rows = Problem.gaussian(10, 3, 1, 10).normalEquations();
    RidgePath path = RidgePath.of(rows);
    String message =
        "train.regParam: expected a positive finite number, got "
            + lambda
            + ". Set one, or leave it to 'auto'.";
    List<Double> lambdas = Arrays.asList(1.0, lambda);
    assertThatThrownBy(() -> path.points(lambdas))
        .isInstanceOf(SnnkException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> path.readouts(lambdas)).hasMessage(message);
    assertThatThrownBy(() -> RidgeSolver.solve(rows, lambdas)).hasMessage(message);
    assertThatThrownBy(() -> new LeaveOneOut(path, lambdas)).hasMessage(message);
    assertThatThrownBy(() -> RidgeSolver.solve(rows, lambda)).hasMessage(message);
  }

  @Test
  void validationOfAnotherShapeIsRefused() {
    List<Readout> path =
        RidgePath.of(Problem.gaussian(10, 3, 1, 11).normalEquations()).readouts(LAMBDAS);
    NormalEquations others = Problem.gaussian(10, 4, 1, 11).normalEquations();
    assertThatThrownBy(() -> Readout.meanSquaredErrors(path, others))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "validation statistic: expected 3 features and 1 targets, got 4 and 1. "
                + "Train and validate on statistics of one specification.");
  }
}
