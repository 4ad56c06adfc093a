package org.snnk.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.feature.Featurizer;
import org.snnk.linalg.Grid;
import org.snnk.statistics.GramStatistics;

class KFoldTest {
  private static final List<Double> LAMBDAS = List.of(1e-4, 1e-2, 1.0);
  private static final int FOLDS = 5;

  @Test
  void scoreIsThatOfTrainingAnewWithoutEachFold() {
    Problem problem = Problem.gaussian(83, 12, 2, 1);
    List<KFold.Fold> folds = new ArrayList<>();
    for (int f = 0; f < FOLDS; f++) {
      int fold = f;
      folds.add(
          KFold.measure(
              problem.filter(r -> r % FOLDS != fold).normalEquations(),
              problem.filter(r -> r % FOLDS == fold).normalEquations(),
              LAMBDAS));
    }
    List<KFold.Score> scores = KFold.combine(folds);
    for (int l = 0; l < LAMBDAS.size(); l++) {
      double lambda = LAMBDAS.get(l);
      double error = 0;
      for (int f = 0; f < FOLDS; f++) {
        int fold = f;
        Readout readout =
            RidgeSolver.solve(problem.filter(r -> r % FOLDS != fold).normalEquations(), lambda);
        error += problem.filter(r -> r % FOLDS == fold).squaredError(readout);
      }
      assertThat(scores.get(l).lambda()).isEqualTo(lambda);
      assertThat(scores.get(l).meanSquaredError())
          .isCloseTo(error / problem.weight(), within(1e-9));
      assertThat(scores.get(l).standardError()).isBetween(0.0, scores.get(l).meanSquaredError());
    }
  }

  @Test
  void foldStatisticsGiveWhatTheRowsGive() {
    int m = 40;
    Problem inputs = Problem.gaussian(230, 6, 2, 2);
    Arrays.fill(inputs.weights(), 1); // Then features are on the grid, and targets to 2⁻³⁵.
    GramStatistics all = inputs.statistic(m);
    String before = all.fingerprint();
    List<GramStatistics> folds = folds(inputs, m);
    List<KFold.Score> scores = KFold.crossValidate(all, folds, LAMBDAS);
    assertThat(all.fingerprint()).isEqualTo(before);

    // The rows as the statistic saw them: features, targets halved.
    double[] features = new double[inputs.n() * m];
    Featurizer featurizer = all.featurizer();
    featurizer.features(inputs.n(), inputs.x(), 0, features, m, new Featurizer.Workspace());
    for (int i = 0; i < features.length; i++) {
      features[i] /= Grid.FEATURE_ONE;
    }
    double[] targets = inputs.y().clone();
    for (int i = 0; i < targets.length; i++) {
      targets[i] /= 2;
    }
    Problem rows = new Problem(inputs.n(), m, 2, features, targets, inputs.weights());
    for (int l = 0; l < LAMBDAS.size(); l++) {
      double error = 0;
      for (int f = 0; f < FOLDS; f++) {
        int fold = f;
        Readout readout =
            RidgeSolver.solve(
                rows.filter(r -> r % FOLDS != fold).normalEquations(), LAMBDAS.get(l));
        error += rows.filter(r -> r % FOLDS == fold).squaredError(readout);
      }
      assertThat(scores.get(l).meanSquaredError()).isCloseTo(error / rows.weight(), within(1e-9));
    }
  }

  @Test
  void foldThatIsTakenAwayIsBitForBitTrainingWithoutIt() {
    Problem inputs = Problem.gaussian(100, 4, 1, 3);
    GramStatistics all = inputs.statistic(16);
    List<GramStatistics> folds = folds(inputs, 16);
    List<KFold.Fold> measured = new ArrayList<>();
    for (int f = 0; f < FOLDS; f++) {
      int fold = f;
      measured.add(
          KFold.measure(
              inputs.filter(r -> r % FOLDS != fold).statistic(16).normalEquations(),
              folds.get(f).normalEquations(),
              LAMBDAS));
    }
    assertThat(KFold.crossValidate(all, folds, LAMBDAS)).isEqualTo(KFold.combine(measured));
  }

  @Test
  void aReadOutOfAFoldIsThatOfTrainingWithoutIt() {
    Problem inputs = Problem.gaussian(100, 4, 2, 11);
    GramStatistics all = inputs.statistic(16);
    String before = all.fingerprint();
    List<Readout> readouts = KFold.readouts(all, folds(inputs, 16), 1e-2);
    assertThat(all.fingerprint()).isEqualTo(before);
    assertThat(readouts).hasSize(FOLDS);
    for (int f = 0; f < FOLDS; f++) {
      int fold = f;
      Readout expected =
          RidgeSolver.solve(
              inputs.filter(r -> r % FOLDS != fold).statistic(16).normalEquations(), 1e-2);
      assertThat(readouts.get(f).weights()).isEqualTo(expected.weights());
      assertThat(readouts.get(f).intercept()).isEqualTo(expected.intercept());
    }
    assertThatThrownBy(() -> KFold.readouts(all, List.of(all), 1e-2))
        .isInstanceOf(SnnkException.class)
        .hasMessage("cross-validation: expected at least 2 folds, got 1. Choose more folds.");
  }

  @Test
  void moreFoldsThanRowsAreRefused() {
    Problem inputs = Problem.gaussian(4, 3, 1, 4);
    assertThatThrownBy(() -> KFold.crossValidate(inputs.statistic(8), folds(inputs, 8), LAMBDAS))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "cross-validation: expected at most as many folds as rows, 4, got 5. Choose fewer folds.");
  }

  @Test
  void foldWithoutRowsIsRefused() {
    Problem inputs = Problem.gaussian(40, 3, 1, 5);
    List<GramStatistics> folds =
        List.of(inputs.statistic(8), inputs.filter(r -> false).statistic(8));
    assertThatThrownBy(() -> KFold.crossValidate(inputs.statistic(8), folds, LAMBDAS))
        .isInstanceOf(SnnkException.class)
        .hasMessage("fold 2 of 2: expected rows to measure on, got none. Choose fewer folds.");
  }

  @Test
  void foldWithoutWeightIsRefusedAndTheStatisticLeftAsItWas() {
    Problem inputs = Problem.gaussian(40, 3, 1, 6);
    for (int r = 0; r < 40; r += FOLDS) {
      inputs.weights()[r] = 0;
    }
    GramStatistics all = inputs.statistic(8);
    String before = all.fingerprint();
    assertThatThrownBy(() -> KFold.crossValidate(all, folds(inputs, 8), LAMBDAS))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("expected rows with a positive total weight");
    assertThat(all.fingerprint()).isEqualTo(before);
  }

  @Test
  void foldsOfOtherRowsAreRefused() {
    Problem inputs = Problem.gaussian(40, 3, 1, 7);
    List<GramStatistics> folds = folds(inputs, 8).subList(0, 4);
    assertThatThrownBy(() -> KFold.crossValidate(inputs.statistic(8), folds, LAMBDAS))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("folds: expected 40 rows together, got 32");
  }

  @Test
  void oneFoldIsRefused() {
    Problem inputs = Problem.gaussian(40, 3, 1, 8);
    assertThatThrownBy(
            () -> KFold.crossValidate(inputs.statistic(8), List.of(inputs.statistic(8)), LAMBDAS))
        .isInstanceOf(SnnkException.class)
        .hasMessage("cross-validation: expected at least 2 folds, got 1. Choose more folds.");
  }

  @Test
  void penaltyThatIsNotPositiveIsRefused() {
    Problem inputs = Problem.gaussian(40, 3, 1, 9);
    assertThatThrownBy(
            () -> KFold.crossValidate(inputs.statistic(8), folds(inputs, 8), List.of(1.0, 0.0)))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("expected a positive finite number, got 0.0");
  }

  private static List<GramStatistics> folds(Problem inputs, int features) {
    List<GramStatistics> folds = new ArrayList<>();
    for (int f = 0; f < FOLDS; f++) {
      int fold = f;
      folds.add(inputs.filter(r -> r % FOLDS == fold).statistic(features));
    }
    return folds;
  }
}
