package org.snnk.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.feature.Projection;
import org.snnk.random.CounterRandom;

class SirenTest {
  private static final int WIDTH = 64;
  private static final double[] DEVIATIONS = {0.5, 0.25};

  private static TrainedNetwork siren(int hidden) {
    return Siren.of(DEVIATIONS, WIDTH, hidden, 1, 7);
  }

  /** Inputs that fill [−1, 1] after they were divided by their deviations. */
  private static float[] inputs(int n) {
    CounterRandom random = new CounterRandom(3, 1);
    float[] x = new float[2 * n];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) ((2 * random.uniform(i) - 1) / DEVIATIONS[i % 2]);
    }
    return x;
  }

  private static void assertUniform(TrainedNetwork of, int from, int count, double bound) {
    double largest = 0;
    double squares = 0;
    for (int i = from; i < from + count; i++) {
      double v = of.parameters()[i];
      largest = Math.max(largest, Math.abs(v));
      squares += v * v;
    }
    assertThat(largest).isBetween(0.8 * bound, bound * (1 + 1e-6));
    // The mean square is bound²/3; its relative standard error is √(4/5n).
    assertThat(3 * squares / count / (bound * bound))
        .isCloseTo(1, within(6 * Math.sqrt(0.8 / count)));
  }

  /** Sitzmann et al. 2020, Section 3.2, with ω₀ = 30 multiplied in. */
  @Test
  void parametersStartUniformWithinThePublishedBounds() {
    TrainedNetwork siren = siren(3);
    double omega = 30;
    assertUniform(siren, 0, WIDTH, omega / 2 * DEVIATIONS[0]);
    assertUniform(siren, WIDTH, WIDTH, omega / 2 * DEVIATIONS[1]);
    assertUniform(siren, 2 * WIDTH, WIDTH, omega / Math.sqrt(2));
    for (int l = 1; l < 3; l++) {
      int at = siren.network().offset(l);
      assertUniform(siren, at, WIDTH * WIDTH, omega * (Math.sqrt(6.0 / WIDTH) / omega));
      assertUniform(siren, at + WIDTH * WIDTH, WIDTH, omega / Math.sqrt(WIDTH));
    }
    assertUniform(siren, siren.network().offset(3), WIDTH, Math.sqrt(6.0 / WIDTH) / omega);
  }

  /** Theorem 1.8 there: what each sine layer gives has the arcsine distribution's moments. */
  @Test
  void everySineLayerGivesTheSameDistribution() {
    TrainedNetwork siren = siren(4);
    int n = 400;
    for (int layers = 1; layers <= 4; layers++) {
      TrainedNetwork part = siren.slice(0, layers);
      float[] h = part.network().pass(n).forward(n, inputs(n), part.parameters());
      double squares = 0;
      double fourths = 0;
      for (float v : h) {
        squares += (double) v * v;
        fourths += (double) v * v * v * v;
      }
      assertThat(squares / h.length).as("layer " + layers).isCloseTo(0.5, within(0.06));
      assertThat(fourths / h.length).as("layer " + layers).isCloseTo(0.375, within(0.06));
    }
  }

  /** A mean over draws of the features nears the layer that they stand for. */
  @Test
  void theSnnkBeginsAsAnUnbiasedEstimateOfTheLayerWithSmallerWeights() {
    TrainedNetwork siren = siren(2);
    int n = 4;
    TrainedNetwork layer = siren.slice(1, 2);
    double product = Bundling.unitNorm(layer, 0) * Math.sqrt(WIDTH / 2.0);
    for (int i = 0; i < WIDTH * WIDTH; i++) {
      layer.parameters()[i] *= (float) (2 / product);
    }
    TrainedNetwork target = siren.replace(1, 2, layer).slice(0, 2);
    float[] expected = target.network().pass(n).forward(n, inputs(n), target.parameters()).clone();
    double[] mean = new double[expected.length];
    int draws = 30;
    for (int seed = 0; seed < draws; seed++) {
      TrainedNetwork snnk = Siren.withSnnk(siren, 2048, Projection.ORTHOGONAL, seed).slice(0, 3);
      float[] got = snnk.network().pass(n).forward(n, inputs(n), snnk.parameters());
      for (int i = 0; i < mean.length; i++) {
        mean[i] += got[i] / draws;
      }
    }
    double off = 0;
    double all = 0;
    for (int i = 0; i < mean.length; i++) {
      off += (mean[i] - expected[i]) * (mean[i] - expected[i]);
      all += (double) expected[i] * expected[i];
    }
    assertThat(Math.sqrt(off / all)).isLessThan(0.1);
  }

  @Test
  void theGradientThroughTheFeaturesIsThatOfFiniteDifferences() {
    TrainedNetwork snnk = Siren.withSnnk(siren(3), 32, Projection.ORTHOGONAL, 5);
    int n = 20;
    float[] x = inputs(n);
    float[] gradients = snnk.network().jacobians(n, x, snnk.parameters());
    Network.Pass pass = snnk.network().pass(n);
    float h = 1f / 1024;
    for (int j = 0; j < 2; j++) {
      float[] ahead = x.clone();
      float[] behind = x.clone();
      for (int i = 0; i < n; i++) {
        ahead[2 * i + j] += h;
        behind[2 * i + j] -= h;
      }
      float[] more = pass.forward(n, ahead, snnk.parameters()).clone();
      float[] less = pass.forward(n, behind, snnk.parameters()).clone();
      double off = 0;
      double all = 0;
      for (int i = 0; i < n; i++) {
        double difference = ((double) more[i] - less[i]) / (2 * h);
        off += Math.pow(difference - gradients[2 * i + j], 2);
        all += difference * difference;
      }
      assertThat(Math.sqrt(off / all)).isLessThan(0.01);
    }
  }

  /** Sizes of 2 → 64 → 64 → 64 → 1 and with m = 64 features in place of the third layer. */
  @Test
  void anSnnkOfAsManyFeaturesAsUnitsHasTheSizeOfTheNetworkItStandsFor() {
    TrainedNetwork siren = siren(3);
    TrainedNetwork snnk = Siren.withSnnk(siren, WIDTH, Projection.ORTHOGONAL, 5);
    assertThat(siren.network().parameters()).isEqualTo(3 * 64 + 2 * 65 * 64 + 65);
    assertThat(snnk.network().parameters()).isEqualTo(3 * 64 + 65 * 64 + 64 * 64 + 65);
    assertThat(Siren.widthFor(snnk.network().parameters(), 2, 3, 1)).isEqualTo(64);
    assertThat(Siren.widthFor(1, 2, 3, 1)).isEqualTo(1);
    snnk.network().requireTrainable();
    assertThat(Bundling.collapse(snnk, 3).network().parameters()).isEqualTo(3 * 64 + 65 * 64 + 65);
    assertThatThrownBy(() -> Siren.withSnnk(siren(1), 8, Projection.ORTHOGONAL, 5))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "SIREN with an SNNK: expected at least 2 sine layers, got 1. The first sine layer"
                + " cannot be replaced: its frequencies are too high.");
  }
}
