package org.snnk.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.SnnkException;

class LeaveOneOutTest {
  private static final List<Double> LAMBDAS = List.of(1e-3, 0.1, 5.0);

  @ParameterizedTest
  @ValueSource(ints = {3, 20, 45})
  void errorIsThatOfDeletingEachRow(int m) {
    Problem problem = Problem.gaussian(60, m, 2, m);
    RidgePath path = RidgePath.of(problem.normalEquations());
    LeaveOneOut leaveOneOut = new LeaveOneOut(path, LAMBDAS);
    leaveOneOut.add(problem.n(), problem.x(), m, problem.y(), problem.weights());
    double[] errors = leaveOneOut.errors().meanSquaredError();
    double weight = problem.weight();
    for (int l = 0; l < LAMBDAS.size(); l++) {
      double expected = 0;
      for (int r = 0; r < problem.n(); r++) {
        int row = r;
        // The penalty on the sum of squares stays.
        double lambda = LAMBDAS.get(l) * weight / (weight - problem.weights()[r]);
        Readout readout =
            RidgeSolver.solve(problem.filter(i -> i != row).normalEquations(), lambda);
        expected += problem.filter(i -> i == row).squaredError(readout);
      }
      assertThat(errors[l]).isCloseTo(expected / weight, within(1e-9));
    }
  }

  @Test
  void predictionsAreThoseOfTheModelsWithoutTheRow() {
    int m = 20;
    double lambda = 0.01;
    Problem problem = Problem.gaussian(300, m, 2, 9);
    LeaveOneOut leaveOneOut =
        new LeaveOneOut(RidgePath.of(problem.normalEquations()), List.of(lambda));
    double[] predicted = new double[300 * 2];
    leaveOneOut.predict(300, problem.x(), m, problem.y(), problem.weights(), predicted);
    double weight = problem.weight();
    for (int row : new int[] {0, 17, 255, 256, 299}) {
      Readout readout =
          RidgeSolver.solve(
              problem.filter(r -> r != row).normalEquations(),
              lambda * weight / (weight - problem.weights()[row]));
      for (int c = 0; c < 2; c++) {
        double expected = readout.intercept()[c];
        for (int i = 0; i < m; i++) {
          expected += readout.weights()[i * 2 + c] * problem.x()[row * m + i];
        }
        assertThat(predicted[row * 2 + c]).isCloseTo(expected, within(1e-9));
      }
    }
    leaveOneOut.add(300, problem.x(), m, problem.y(), problem.weights());
    double sum = 0;
    for (int i = 0; i < predicted.length; i++) {
      sum += problem.weights()[i / 2] * Math.pow(problem.y()[i] - predicted[i], 2);
    }
    assertThat(leaveOneOut.errors().meanSquaredError()[0]).isCloseTo(sum / weight, within(1e-12));
  }

  @Test
  void partsInAnyOrderGiveTheSameBits() {
    int m = 70;
    Problem problem = Problem.gaussian(700, m, 2, 1);
    RidgePath path = RidgePath.of(problem.normalEquations());
    LeaveOneOut whole = new LeaveOneOut(path, LAMBDAS);
    whole.add(problem.n(), problem.x(), m, problem.y(), problem.weights());

    LeaveOneOut parts = new LeaveOneOut(path, LAMBDAS);
    for (int part = 6; part >= 0; part--) {
      int remainder = part;
      Problem rows = problem.filter(r -> r % 7 == remainder);
      LeaveOneOut other = new LeaveOneOut(path, LAMBDAS);
      other.add(rows.n(), rows.x(), m, rows.y(), rows.weights());
      parts.errors().merge(other.errors());
    }
    assertThat(parts.errors().meanSquaredError())
        .containsExactly(whole.errors().meanSquaredError());
  }

  @Test
  void rowsMayStandApartAndWeighOne() {
    int m = 10;
    Problem weighted = Problem.gaussian(300, m, 1, 2);
    Problem problem = new Problem(300, m, 1, weighted.x(), weighted.y(), ones(300));
    RidgePath path = RidgePath.of(problem.normalEquations());
    LeaveOneOut expected = new LeaveOneOut(path, LAMBDAS);
    expected.add(300, problem.x(), m, problem.y(), problem.weights());

    double[] apart = new double[300 * (m + 3)];
    for (int r = 0; r < 300; r++) {
      System.arraycopy(problem.x(), r * m, apart, r * (m + 3), m);
    }
    LeaveOneOut leaveOneOut = new LeaveOneOut(path, LAMBDAS);
    leaveOneOut.add(300, apart, m + 3, problem.y(), null);
    assertThat(leaveOneOut.errors().meanSquaredError())
        .containsExactly(expected.errors().meanSquaredError());
  }

  @Test
  void manyRowsAgreeWithGcv() {
    int m = 5;
    Problem weighted = Problem.gaussian(5000, m, 1, 3);
    Problem problem = new Problem(5000, m, 1, weighted.x(), weighted.y(), ones(5000));
    RidgePath path = RidgePath.of(problem.normalEquations());
    LeaveOneOut leaveOneOut = new LeaveOneOut(path, LAMBDAS);
    leaveOneOut.add(5000, problem.x(), m, problem.y(), null);
    for (int l = 0; l < LAMBDAS.size(); l++) {
      assertThat(leaveOneOut.errors().meanSquaredError()[l])
          .isCloseTo(path.points(LAMBDAS).get(l).totalGcv(), within(1e-4));
    }
  }

  @Test
  void theOnlyRowCannotBeLeftOut() {
    Problem problem = new Problem(1, 2, 1, new double[] {1, 2}, new double[] {3}, ones(1));
    LeaveOneOut leaveOneOut = new LeaveOneOut(RidgePath.of(problem.normalEquations()), LAMBDAS);
    assertThatThrownBy(() -> leaveOneOut.add(1, problem.x(), 2, problem.y(), null))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "leave-one-out: expected rows with a leverage below 1, got one of 1.0. "
                + "Give more rows, or increase train.regParam.");
  }

  @Test
  void negativeWeightIsRefused() {
    Problem problem = Problem.gaussian(10, 2, 1, 4);
    LeaveOneOut leaveOneOut = new LeaveOneOut(RidgePath.of(problem.normalEquations()), LAMBDAS);
    problem.weights()[3] = -1;
    assertThatThrownBy(() -> leaveOneOut.add(10, problem.x(), 2, problem.y(), problem.weights()))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("row weight: expected a finite number from 0 on, got -1.0");
  }

  @Test
  void partsOfOtherPenaltiesAreRefused() {
    Problem problem = Problem.gaussian(10, 2, 1, 5);
    RidgePath path = RidgePath.of(problem.normalEquations());
    LeaveOneOut left = new LeaveOneOut(path, LAMBDAS);
    assertThatThrownBy(() -> left.errors().merge(new LeaveOneOut(path, List.of(1.0)).errors()))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("leave-one-out: expected the same penalties on both sides");
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }
}
