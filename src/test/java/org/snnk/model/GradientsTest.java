package org.snnk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.FeatureMap;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.statistics.Targets;

class GradientsTest {
  private static final int D = 3;
  private static final int N = 600; // more than a block

  private static FullyBundledModel model(String kind, boolean linear) {
    FeatureMap map =
        new FeatureFamily(kind, 32, Projection.ORTHOGONAL, List.of(), false, linear)
            .create(D, 1.3, 3);
    int m = map.features();
    return FullyBundledModel.of(
        List.of("u", "v", "w"),
        List.of("power", "thrust"),
        List.of(),
        new Featurizer(new Standardizer(new double[] {1, 0, -1}, new double[] {0.5, 1, 0}), map),
        Targets.reals(new double[] {100, -1}, new double[] {20, 1e-3}),
        TestRows.gaussian(m * 2, 40),
        new double[] {0.5, -2});
  }

  private static double score(FullyBundledModel model, double[] x, int row, int j, double step) {
    double[] moved = java.util.Arrays.copyOfRange(x, row * D, (row + 1) * D);
    moved[j] += step;
    return model.score(moved)[row % 2];
  }

  @ParameterizedTest
  @CsvSource({"cosine, false", "relu, false", "arccos2, false", "cosine, true", "relu, true"})
  void aGradientIsThatOfTheScores(String kind, boolean linear) {
    FullyBundledModel model = model(kind, linear);
    double[] x = TestRows.gaussian(N * D, 9);
    int[] output = new int[N];
    for (int i = 0; i < N; i++) {
      output[i] = i % 2;
    }
    double[] gradient = new double[N * D];
    model.gradients(N, x, output, gradient, new FullyBundledModel.Workspace());
    double[] attribution = new double[N * D];
    model.attributions(N, x, output, attribution, new FullyBundledModel.Workspace());
    double tolerance = kind.equals("cosine") ? 0.02 : 0.1;
    int smooth = 0;
    for (int i = 0; i < N; i += 7) {
      double scale = model.targets().scale(i % 2);
      double here = score(model, x, i, 0, 0);
      for (int j = 0; j < 2; j++) {
        double factor = model.featurizer().standardizer().factor(j);
        double step = 0x1p-7 / factor; // whole steps of the input grid
        double right = (score(model, x, i, j, step) - here) / 0x1p-7;
        double left = (here - score(model, x, i, j, -step)) / 0x1p-7;
        // Where a kink lies between there is no slope to compare with.
        if (Math.abs(right - left) < 0.3 * scale) {
          smooth++;
          assertThat(gradient[i * D + j]).isCloseTo((right + left) / 2, within(tolerance * scale));
        }
        double standard = (x[i * D + j] - model.featurizer().standardizer().mean(j)) * factor;
        assertThat(attribution[i * D + j])
            .isCloseTo(gradient[i * D + j] * standard, within(1e-12 * scale));
      }
      // A constant input explains nothing.
      assertThat(attribution[i * D + 2]).isZero();
    }
    assertThat(smooth).isGreaterThan(N / 7);
  }

  @Test
  void featuresWithoutADerivativeAreRefused() {
    FullyBundledModel model = model("arccos0", false);
    assertThatThrownBy(
            () ->
                model.gradients(
                    1, new double[D], new int[1], new double[D], new FullyBundledModel.Workspace()))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("expected one with a derivative")
        .hasMessageContaining("Train with a map among cosine, relu, arccos2.");
  }
}
