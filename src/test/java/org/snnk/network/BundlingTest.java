package org.snnk.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.Written;
import org.snnk.activation.Activation;
import org.snnk.activation.StandardActivation;
import org.snnk.feature.ArcCosineFeatures;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Factorization;
import org.snnk.feature.Featurizer;
import org.snnk.feature.ProductFeatures;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.feature.UniversalRandomFeatures;
import org.snnk.linalg.Grid;
import org.snnk.loss.Loss;

class BundlingTest {
  private static final int ROWS = 40;

  private static TrainedNetwork trained(Layer... layers) {
    Network network = new Network(List.of(layers));
    float[] parameters = network.initial(7);
    double[] noise = TestRows.gaussian(parameters.length, 3);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += (float) (0.1 * noise[i]);
    }
    return new TrainedNetwork(network, parameters);
  }

  private static Dense dense(int inputs, int outputs, String activation) {
    return new Dense(inputs, outputs, true, Activation.of(activation));
  }

  private static Snnk snnk(int inputs, int features, int outputs, boolean intercept) {
    return new Snnk(
        new ReluFeatures(inputs, features, false, Projection.ORTHOGONAL, 5), outputs, intercept);
  }

  private static float[] inputs(int n, int d, double scale) {
    double[] g = TestRows.gaussian(n * d, 9);
    float[] x = new float[n * d];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (scale * g[i]);
    }
    return x;
  }

  private static float[] scores(TrainedNetwork of, int n, float[] x) {
    return of.network().pass(n).forward(n, x, of.parameters()).clone();
  }

  static List<TrainedNetwork> collapsing() {
    return List.of(
        trained(snnk(5, 9, 6, false), dense(6, 3, "linear")),
        trained(snnk(5, 9, 6, true), dense(6, 3, "sigmoid")),
        trained(snnk(5, 9, 6, true), new Dense(6, 3, false, StandardActivation.LINEAR)),
        trained(new Dense(5, 4, false, StandardActivation.LINEAR), dense(4, 3, "tanh")));
  }

  @ParameterizedTest
  @MethodSource("collapsing")
  void linearLayersMultiplyWithoutChangingAnything(TrainedNetwork network) throws IOException {
    TrainedNetwork one = Bundling.collapse(network, 0);
    assertThat(one.network().layers()).hasSize(1);
    float[] x = inputs(ROWS, 5, 1);
    float[] expected = scores(network, ROWS, x);
    float[] bundled = scores(one, ROWS, x);
    for (int i = 0; i < expected.length; i++) {
      assertThat(bundled[i]).isCloseTo(expected[i], within(1e-6f));
    }
    Network read = reread(one.network());
    assertThat(scores(new TrainedNetwork(read, one.parameters()), ROWS, x)).isEqualTo(bundled);
    assertThat(read.describe()).isEqualTo(one.network().describe());
  }

  private static Network reread(Network network) throws IOException {
    return Written.again(network::write, Network::read);
  }

  private static UniversalRandomFeatures kernel(String activation, int d, int m, long seed) {
    return UniversalRandomFeatures.of(Activation.of(activation), d, m)
        .norms(0.5, 0.7)
        .bandLimit(5)
        .seed(seed)
        .build();
  }

  /** The mean over draws is W₂f(Wx + b) + b₂ with f up to the band limit. */
  @Test
  void towersInPlaceOfALayerAreRightOnAverage() {
    int d = 3;
    int units = 4;
    int k = 2;
    for (String name : List.of("sin", "sigmoid", "gelu")) {
      TrainedNetwork network = trained(dense(d, units, name), dense(units, k, "linear"));
      float[] x = inputs(1, d, 0.3);
      double[] expected = new double[k];
      UniversalRandomFeatures any = kernel(name, d, 64, 1);
      float[] theta = network.parameters();
      int second = network.network().offset(1);
      for (int u = 0; u < units; u++) {
        double z = theta[d * units + u];
        for (int j = 0; j < d; j++) {
          z += theta[j * units + u] * x[j];
        }
        for (int t = 0; t < k; t++) {
          expected[t] += theta[second + u * k + t] * any.expected(z);
        }
      }
      int seeds = 400;
      double[] sum = new double[k];
      double[] squares = new double[k];
      for (int seed = 0; seed < seeds; seed++) {
        float[] y = scores(Bundling.universal(network, 0, any.withSeed(seed)), 1, x);
        for (int t = 0; t < k; t++) {
          sum[t] += y[t];
          squares[t] += (double) y[t] * y[t];
        }
      }
      for (int t = 0; t < k; t++) {
        double mean = sum[t] / seeds;
        double error = Math.sqrt((squares[t] / seeds - mean * mean) / seeds);
        double wanted = expected[t] + theta[second + units * k + t];
        assertThat(mean).as(name).isCloseTo(wanted, within(6 * error));
        assertThat(error).as(name).isLessThan(0.1);
      }
    }
  }

  /** Eq. 13: W̄ = W₂Ψ₂(W₁Ψ₁(W₀, b₀), b₁). */
  @Test
  void consecutiveLayersBecomeTowersOfTowers() {
    TrainedNetwork network = trained(dense(3, 4, "sin"), dense(4, 5, "cos"), dense(5, 2, "linear"));
    UniversalRandomFeatures first = kernel("sin", 3, 8, 1);
    UniversalRandomFeatures second = kernel("cos", first.features(), 12, 2);
    TrainedNetwork bundled = Bundling.universal(Bundling.universal(network, 0, first), 1, second);
    assertThat(bundled.network().layers()).hasSize(3);
    float[] theta = network.parameters();
    double[] psi1 = new double[4 * first.features()];
    first.parameterTower(4, transposed(theta, 0, 3, 4), part(theta, 12, 4), psi1, first.features());
    double[] w1 = new double[5 * first.features()]; // Ŵ₀ = W₁Ψ₁
    for (int v = 0; v < 5; v++) {
      for (int u = 0; u < 4; u++) {
        for (int j = 0; j < first.features(); j++) {
          w1[v * first.features() + j] += theta[16 + u * 5 + v] * psi1[u * first.features() + j];
        }
      }
    }
    double[] psi2 = new double[5 * second.features()];
    second.parameterTower(5, w1, part(theta, 36, 5), psi2, second.features());
    for (int j = 0; j < second.features(); j++) {
      for (int t = 0; t < 2; t++) {
        double w = 0;
        for (int v = 0; v < 5; v++) {
          w += theta[41 + v * 2 + t] * psi2[v * second.features() + j];
        }
        assertThat((double) bundled.parameters()[j * 2 + t])
            .isCloseTo(w, within(1e-4 * (1 + Math.abs(w))));
      }
    }
    assertThat(bundled.parameters()[bundled.parameters().length - 1]).isEqualTo(theta[52]);
  }

  private static double[] transposed(float[] theta, int at, int d, int l) {
    double[] w = new double[l * d];
    for (int j = 0; j < d; j++) {
      for (int u = 0; u < l; u++) {
        w[u * d + j] = theta[at + j * l + u];
      }
    }
    return w;
  }

  private static double[] part(float[] theta, int at, int count) {
    double[] part = new double[count];
    for (int i = 0; i < count; i++) {
      part[i] = theta[at + i];
    }
    return part;
  }

  /** What the solver saw is what the student computes, bit for bit. */
  @Test
  void aLearnedLayerHasTheFeaturesOfItsSolver() throws IOException {
    int d = 4;
    int m = 10;
    Featurizer featurizer =
        new Featurizer(
            new Standardizer(new double[] {0.2, 0, -1, 3}, new double[] {2, 1, 0.5, 0.1}),
            new ArcCosineFeatures(d, m, 1, 1.2, Projection.ORTHOGONAL, 8));
    double[] weights = TestRows.gaussian(m * 2, 5);
    TrainedNetwork learned = Bundling.learned(featurizer, weights, new double[] {0.5, -1});
    Network read = reread(learned.network());
    float[] x = inputs(ROWS, d, 2);
    float[] features = scores(new TrainedNetwork(read, learned.parameters()).slice(0, 2), ROWS, x);
    double[] rows = new double[x.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = x[i];
    }
    double[] expected = new double[ROWS * m];
    featurizer.features(ROWS, rows, 0, expected, m, new Featurizer.Workspace());
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) features[i]).isEqualTo(expected[i] / Grid.FEATURE_ONE);
    }
    float[] y = scores(learned, ROWS, x);
    double first = 0.5;
    for (int j = 0; j < m; j++) {
      first += weights[2 * j] * features[j];
    }
    assertThat((double) y[0]).isCloseTo(first, within(1e-5));
    assertThat(learned.network().size()).isEqualTo(learned.network().parameters() + 2 * d);
  }

  @Test
  void towersAreReadAsTheyWereWritten() throws IOException {
    TrainedNetwork network = trained(dense(3, 4, "tanh"), snnk(4, 6, 2, false));
    TrainedNetwork bundled = Bundling.universal(network, 0, kernel("tanh", 3, 16, 4));
    assertThat(bundled.network().layers()).hasSize(3); // nothing to multiply with
    float[] x = inputs(ROWS, 3, 0.3);
    TrainedNetwork read = new TrainedNetwork(reread(bundled.network()), bundled.parameters());
    assertThat(scores(read, ROWS, x)).isEqualTo(scores(bundled, ROWS, x));
  }

  @Test
  void dropoutIsLeftOut() {
    TrainedNetwork network =
        trained(
            new Dropout(3, 0.2), dense(3, 4, "relu"), new Dropout(4, 0.5), dense(4, 2, "linear"));
    TrainedNetwork without = network.withoutDropout();
    assertThat(without.network().describe()).isEqualTo("dense(3→4, relu) → dense(4→2, linear)");
    float[] x = inputs(ROWS, 3, 1);
    assertThat(scores(without, ROWS, x)).isEqualTo(scores(network, ROWS, x));
  }

  @Test
  void whatCannotBeBundledSaysSo() {
    TrainedNetwork network = trained(dense(3, 4, "relu"), snnk(4, 6, 2, false));
    assertThatThrownBy(() -> Bundling.collapse(network, 0))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "network layer 1, dense(3→4, relu): expected an snnk or linear layer before a dense"
                + " one, got another, or snnk(4→2, m=6) behind it. Bundle such layers by transfer.");
    assertThatThrownBy(() -> Bundling.collapse(network, 1))
        .hasMessageContaining("got the last layer");
    assertThatThrownBy(() -> Bundling.universal(network, 1, kernel("relu", 4, 8, 1)))
        .hasMessage(
            "network layer 2, snnk(4→2, m=6): expected a dense layer, got another. Bundle such"
                + " layers by transfer.");
    Network powers =
        new Network(
            List.of(
                new MappedFeatures(
                    ProductFeatures.polynomial(
                        4, 10, List.of(0.0, 1.0, 1.0), false, 1.5, Projection.ORTHOGONAL, 3))));
    assertThatThrownBy(() -> powers.jacobians(1, new float[4], new float[0]))
        .hasMessageStartingWith("feature map: expected one with a derivative, got polynomial(");
  }

  /** Rows that scores come from: a dense layer, its scaling, fixed cosines, and a read-out. */
  @Test
  void fixedFeaturesHaveTheDerivativeOfFiniteDifferences() {
    TrainedNetwork network =
        trained(
            dense(3, 4, "tanh"),
            new Scaling(
                new Standardizer(new double[] {0.1, 0, -0.2, 0.3}, new double[] {1.5, 2, 0.7, 1})),
            new MappedFeatures(new CosineFeatures(4, 40, 2, Projection.ORTHOGONAL, 3)),
            dense(40, 2, "linear"));
    float[] x = {0.3f, -0.7f, 0.2f, 1.1f, 0.4f, -0.5f};
    float[] jacobians = network.network().jacobians(2, x, network.parameters());
    float h = 0x1p-6f;
    for (int row = 0; row < 2; row++) {
      for (int j = 0; j < 3; j++) {
        float[] up = Arrays.copyOfRange(x, row * 3, row * 3 + 3);
        float[] down = up.clone();
        up[j] += h;
        down[j] -= h;
        for (int t = 0; t < 2; t++) {
          double slope = (scores(network, 1, up)[t] - scores(network, 1, down)[t]) / (2 * h);
          assertThat((double) jacobians[(row * 2 + t) * 3 + j]).isCloseTo(slope, within(2e-3));
        }
      }
    }
    assertThat(jacobians[0]).isNotZero();
  }

  /** Of all three factorizations; relu has a constant and a linear part besides, sin neither. */
  @ParameterizedTest
  @CsvSource({"sin,PAPER", "sin,POSITIVE", "tanh,BALANCED", "relu,BALANCED", "relu,POSITIVE"})
  void towersHaveTheDerivativeOfFiniteDifferences(String activation, Factorization choice) {
    int d = 3;
    UniversalRandomFeatures kernel =
        UniversalRandomFeatures.of(Activation.of(activation), d, 20)
            .factorization(choice)
            .bandLimit(3)
            .seed(4)
            .build();
    int m = kernel.features();
    double[] x = TestRows.gaussian(2 * d, 9);
    double[] weights = TestRows.gaussian(2 * m, 10);
    double[] phi = new double[2 * m];
    kernel.inputTower(2, x, phi, m);
    double[] dx = new double[2 * d];
    kernel.inputGradient(2, x, phi, weights, dx);
    double h = 1e-5;
    for (int i = 0; i < x.length; i++) {
      double[] sums = new double[2];
      for (int side = 0; side < 2; side++) {
        double[] moved = x.clone();
        moved[i] += side == 0 ? -h : h;
        kernel.inputTower(2, moved, phi, m);
        for (int j = 0; j < phi.length; j++) {
          sums[side] += weights[j] * phi[j];
        }
      }
      double expected = (sums[1] - sums[0]) / (2 * h);
      assertThat(dx[i]).isCloseTo(expected, within(1e-6 * (1 + Math.abs(expected))));
    }
  }

  // ---- low rank ----

  private static double[] secondMoments(int n, int u, double[] rows, boolean centred) {
    double[] mean = mean(n, u, rows);
    double[] moments = new double[u * u];
    for (int i = 0; i < n; i++) {
      for (int a = 0; a < u; a++) {
        for (int b = 0; b < u; b++) {
          double ofA = rows[i * u + a] - (centred ? mean[a] : 0);
          double ofB = rows[i * u + b] - (centred ? mean[b] : 0);
          moments[a * u + b] += ofA * ofB / n;
        }
      }
    }
    return moments;
  }

  private static double[] mean(int n, int u, double[] rows) {
    double[] mean = new double[u];
    for (int i = 0; i < n * u; i++) {
      mean[i % u] += rows[i] / n;
    }
    return mean;
  }

  /** z = xW + b of the first layer. */
  private static double[] units(TrainedNetwork of, int n, float[] x) {
    TrainedNetwork linear = Bundling.withoutActivation(of, 0).slice(0, 1);
    float[] z = scores(linear, n, x);
    double[] units = new double[z.length];
    for (int i = 0; i < z.length; i++) {
      units[i] = z[i];
    }
    return units;
  }

  private static TrainedNetwork reduced(TrainedNetwork of, int rank, int n, float[] x) {
    double[] z = units(of, n, x);
    int u = z.length / n;
    LayerSlopes slopes = LayerSlopes.of(of, 0, true);
    double[] g = slopes.of(n, z);
    return Bundling.lowRank(
        of,
        0,
        rank,
        mean(n, u, z),
        secondMoments(n, u, z, true),
        secondMoments(n * slopes.answers(), u, g, false));
  }

  @ParameterizedTest
  @CsvSource({"tanh", "relu", "gelu"})
  void aLayerOfFullRankIsTheLayer(String activation) {
    TrainedNetwork network = trained(dense(5, 8, activation), dense(8, 3, "linear"));
    float[] x = inputs(ROWS, 5, 1);
    TrainedNetwork same = reduced(network, 8, ROWS, x);
    float[] expected = scores(network, ROWS, x);
    float[] got = scores(same, ROWS, x);
    for (int i = 0; i < expected.length; i++) {
      assertThat(got[i]).isCloseTo(expected[i], within(2e-4f));
    }
    // Five inputs span five dimensions only, whatever the number of units.
    float[] five = scores(reduced(network, 5, ROWS, x), ROWS, x);
    for (int i = 0; i < expected.length; i++) {
      assertThat(five[i]).isCloseTo(expected[i], within(2e-4f));
    }
  }

  @Test
  void aLowerRankLosesLessThanPrincipalComponentsDo() {
    TrainedNetwork network = trained(dense(12, 10, "tanh"), dense(10, 3, "linear"));
    float[] x = inputs(400, 12, 1.5);
    double[] z = units(network, 400, x);
    double[] identity = new double[100];
    for (int i = 0; i < 10; i++) {
      identity[i * 11] = 1;
    }
    for (int rank = 2; rank < 6; rank++) {
      TrainedNetwork components =
          Bundling.lowRank(
              network, 0, rank, mean(400, 10, z), secondMoments(400, 10, z, true), identity);
      double ours = divergence(network, reduced(network, rank, 400, x), 400, x);
      assertThat(ours).as("rank %d", rank).isLessThan(divergence(network, components, 400, x));
    }
  }

  /** The mean divergence Σ p ln(p/q) of the classes' probabilities. */
  private static double divergence(TrainedNetwork of, TrainedNetwork other, int n, float[] x) {
    double[] p = doubles(scores(of, n, x));
    double[] q = doubles(scores(other, n, x));
    Loss.logSoftmax(n, 3, Double.NEGATIVE_INFINITY, p);
    Loss.logSoftmax(n, 3, Double.NEGATIVE_INFINITY, q);
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += Math.exp(p[i]) * (p[i] - q[i]) / n;
    }
    return sum;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  @Test
  void slopesAreThoseOfTheLogarithmsOfProbabilities() {
    TrainedNetwork network = trained(dense(4, 6, "gelu"), dense(6, 3, "linear"));
    double[] z = units(network, 2, inputs(2, 4, 1));
    LayerSlopes slopes = LayerSlopes.of(network, 0, true);
    double[] g = slopes.of(2, z);
    double step = 1e-2;
    for (int j = 0; j < 6; j++) {
      double[] up = z.clone();
      double[] down = z.clone();
      up[6 + j] += step;
      down[6 + j] -= step;
      double[] above = logProbabilities(network.slice(1, 2), up);
      double[] below = logProbabilities(network.slice(1, 2), down);
      double[] here = logProbabilities(network.slice(1, 2), z);
      for (int c = 0; c < 3; c++) {
        double slope = (above[3 + c] - below[3 + c]) / (2 * step);
        double expected = Math.exp(here[3 + c] / 2) * slope;
        assertThat(g[(3 + c) * 6 + j]).isCloseTo(expected, within(2e-4));
      }
    }
  }

  private static double[] logProbabilities(TrainedNetwork behind, double[] z) {
    float[] h = new float[z.length];
    for (int i = 0; i < h.length; i++) {
      h[i] = (float) Activation.of("gelu").value(z[i]);
    }
    double[] scores = doubles(scores(behind, 2, h));
    Loss.logSoftmax(2, 3, Double.NEGATIVE_INFINITY, scores);
    return scores;
  }

  @Test
  void ranksLeaveTheShareOfParametersThatIsAskedFor() {
    Network network =
        new Network(
            List.of(dense(54, 512, "relu"), dense(512, 256, "relu"), dense(256, 7, "linear")));
    int[] one = Bundling.ranks(network, 1, 2, 0.4);
    int size = network.parameters() - 512 * 256 + one[0] * (512 + 256);
    assertThat(size / (double) network.parameters()).isBetween(0.39, 0.4);
    int[] both = Bundling.ranks(network, 0, 2, 0.25);
    assertThat(both[0] / (54 * 512 / 566.0)).isCloseTo(both[1] / (512 * 256 / 768.0), within(0.05));
    assertThatThrownBy(() -> Bundling.ranks(network, 1, 2, 0.15))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("bundle.size: expected more than 0.18")
        .hasMessageContaining("got 0.15");
    assertThatThrownBy(
            () ->
                Bundling.ranks(
                    new Network(List.of(snnk(5, 9, 6, true), dense(6, 3, "linear"))), 0, 1, 0.5))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("expected a dense layer");
  }

  @Test
  void aLayerWithoutEffectIsTold() {
    TrainedNetwork network = trained(dense(5, 4, "tanh"), dense(4, 3, "linear"));
    assertThatThrownBy(
            () -> Bundling.lowRank(network, 0, 2, new double[4], new double[16], new double[16]))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("one without any effect on these rows");
  }
}
