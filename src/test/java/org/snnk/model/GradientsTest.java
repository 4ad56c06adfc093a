package org.snnk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.snnk.TestRows;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.statistics.Targets;

class GradientsTest {
  private static final int D = 3;
  private static final int N = 600; // more than a block

  private static FullyBundledModel model() {
    int m = 32;
    return FullyBundledModel.of(
        List.of("u", "v", "w"),
        List.of("power", "thrust"),
        List.of(),
        new Featurizer(
            new Standardizer(new double[] {1, 0, -1}, new double[] {0.5, 1, 0}),
            new CosineFeatures(D, m, 1.3, Projection.ORTHOGONAL, 3)),
        Targets.reals(new double[] {100, -1}, new double[] {20, 1e-3}),
        TestRows.gaussian(m * 2, 40),
        new double[] {0.5, -2});
  }

  private static double score(FullyBundledModel model, double[] x, int row, int j, double step) {
    double[] moved = java.util.Arrays.copyOfRange(x, row * D, (row + 1) * D);
    moved[j] += step;
    return model.score(moved)[row % 2];
  }

  @Test
  void aGradientIsThatOfTheScores() {
    FullyBundledModel model = model();
    double[] x = TestRows.gaussian(N * D, 9);
    int[] output = new int[N];
    for (int i = 0; i < N; i++) {
      output[i] = i % 2;
    }
    double[] gradient = new double[N * D];
    model.gradients(N, x, output, gradient, new FullyBundledModel.Workspace());
    double[] attribution = new double[N * D];
    model.attributions(N, x, output, attribution, new FullyBundledModel.Workspace());
    for (int i = 0; i < N; i += 7) {
      for (int j = 0; j < 2; j++) {
        double factor = model.featurizer().standardizer().factor(j);
        double step = 0x1p-7 / factor; // whole steps of the input grid
        double slope = (score(model, x, i, j, step) - score(model, x, i, j, -step)) / 0x1p-6;
        double scale = model.targets().scale(i % 2);
        assertThat(gradient[i * D + j]).isCloseTo(slope, within(0.02 * scale));
        double standard = (x[i * D + j] - model.featurizer().standardizer().mean(j)) * factor;
        assertThat(attribution[i * D + j])
            .isCloseTo(gradient[i * D + j] * standard, within(1e-12 * scale));
      }
      // A constant input explains nothing.
      assertThat(attribution[i * D + 2]).isZero();
    }
  }
}
