package org.snnk.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.Written;
import org.snnk.activation.Activation;
import org.snnk.activation.StandardActivation;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Projection;
import org.snnk.linalg.Grid;
import org.snnk.loss.Loss;
import org.snnk.random.CounterRandom;

/** Networks against their formulas in double precision, and their gradients against differences. */
class NetworkTest {
  private static final int ROWS = 6;

  private static ReluFeatures features(int d, int m, boolean bias) {
    return new ReluFeatures(d, m, bias, Projection.ORTHOGONAL, 11);
  }

  static List<Network> networks() {
    List<Network> networks = new ArrayList<>(mixed());
    for (String name : Activation.names()) {
      if (!name.equals("sign")) { // whose slope differences do not see
        Dense hidden = new Dense(5, 4, true, Activation.of(name));
        networks.add(
            new Network(List.of(hidden, new Dense(4, 3, true, StandardActivation.LINEAR))));
      }
    }
    return networks;
  }

  private static List<Network> mixed() {
    return List.of(
        new Network(List.of(new Dense(5, 3, true, StandardActivation.LINEAR))),
        new Network(
            List.of(
                new Dense(5, 7, true, StandardActivation.TANH),
                new Dense(7, 3, false, StandardActivation.LINEAR))),
        new Network(
            List.of(
                new Dense(5, 9, false, StandardActivation.RELU),
                new Dense(9, 8, true, StandardActivation.RELU),
                new Dense(8, 3, true, StandardActivation.LINEAR))),
        new Network(
            List.of(
                new Dense(5, 6, true, StandardActivation.RELU),
                new Snnk(features(6, 10, false), 4, false),
                new Dense(4, 3, true, StandardActivation.LINEAR))),
        new Network(
            List.of(
                new Snnk(features(5, 8, true), 6, true),
                new Dense(6, 3, true, StandardActivation.TANH))),
        new Network(
            List.of(
                new Dense(5, 6, true, StandardActivation.TANH),
                new SnnkAdapter(features(6, 9, false)),
                new SnnkAdapter(features(6, 4, true)),
                new Dense(6, 3, true, StandardActivation.LINEAR))));
  }

  /** The formulas of the layers, a row at a time, in doubles. */
  private record Formula(Network network) {
    double[] scores(double[] row, double[] parameters) {
      double[] x = row;
      for (int l = 0; l < network.layers().size(); l++) {
        x = layer(network.layers().get(l), x, parameters, network.offset(l));
      }
      return x;
    }

    private static double[] layer(Layer layer, double[] x, double[] theta, int at) {
      if (layer instanceof Dense dense) {
        double[] y = product(x, theta, at, dense.outputs());
        for (int j = 0; j < y.length; j++) {
          double z = y[j] + (dense.intercept() ? theta[at + x.length * y.length + j] : 0);
          y[j] = dense.activation().value(z);
        }
        return y;
      }
      if (layer instanceof Snnk snnk) {
        double[] phi = phi(snnk.features(), x);
        double[] y = product(phi, theta, at, snnk.outputs());
        for (int j = 0; snnk.intercept() && j < y.length; j++) {
          y[j] += theta[at + phi.length * y.length + j];
        }
        return y;
      }
      SnnkAdapter adapter = (SnnkAdapter) layer;
      double[] phi = phi(adapter.features(), x);
      double[] y = product(phi, theta, at, x.length);
      for (int j = 0; j < y.length; j++) {
        y[j] = theta[at + phi.length * x.length + j] * y[j] + x[j];
      }
      return y;
    }

    private static double[] product(double[] x, double[] theta, int at, int outputs) {
      double[] y = new double[outputs];
      for (int i = 0; i < x.length; i++) {
        for (int j = 0; j < outputs; j++) {
          y[j] += x[i] * theta[at + i * outputs + j];
        }
      }
      return y;
    }

    private static double[] phi(ReluFeatures features, double[] x) {
      double[][] g = directions(features);
      double[] phi = new double[features.features()];
      for (int j = 0; j < phi.length; j++) {
        phi[j] = g[x.length][j];
        for (int i = 0; i < x.length; i++) {
          phi[j] += (g[i][j] - g[x.length][j]) * x[i];
        }
        phi[j] = Math.max(phi[j], 0);
      }
      return phi;
    }
  }

  /** G/√m times each unit vector, and last times 0, as Φ(x) and Φ of the opposite show it. */
  private static double[][] directions(ReluFeatures features) {
    int d = features.inputs();
    int m = features.features();
    double[][] g = new double[d + 1][m];
    // Ψ sees w and b with both signs: max(z, 0) − max(−z, 0) = z.
    boolean bias = features.bias();
    for (int i = 0; i <= d; i++) {
      float[] w = new float[d * 2];
      float[] b = bias ? new float[] {1, -1} : null;
      if (i < d) {
        w[i * 2] = 1;
        w[i * 2 + 1] = -1;
      }
      float[] psi = features.parameterTower(2, w, b);
      for (int j = 0; j < m; j++) {
        g[i][j] = (double) psi[j * 2] - psi[j * 2 + 1];
      }
    }
    return g;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  /** Initial parameters with intercepts and gates that are not 0. */
  private static float[] parameters(Network network) {
    float[] parameters = network.initial(3);
    double[] noise = TestRows.gaussian(parameters.length, 8);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += (float) (0.2 * noise[i]);
    }
    return parameters;
  }

  private static double loss(Network network, double[] x, float[] y, double[] parameters) {
    int k = network.outputs();
    int d = network.inputs();
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      double[] s =
          new Formula(network).scores(Arrays.copyOfRange(x, i * d, (i + 1) * d), parameters);
      double all = 0;
      for (int c = 0; c < k; c++) {
        all += Math.exp(s[c]);
      }
      sum += Math.log(all) - s[(int) y[i]];
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void scoresAndGradientsAreThoseOfTheFormulas(Network network) {
    int d = network.inputs();
    int k = network.outputs();
    float[] x = floats(TestRows.gaussian(ROWS * d, 21));
    float[] y = {0, 1, 2, 2, 1, 0};
    float[] parameters = parameters(network);
    Network.Pass pass = network.pass(ROWS + 2);
    float[] scores = pass.forward(ROWS, x, parameters);
    for (int i = 0; i < ROWS; i++) {
      double[] row = doubles(Arrays.copyOfRange(x, i * d, (i + 1) * d));
      double[] expected = new Formula(network).scores(row, doubles(parameters));
      for (int c = 0; c < k; c++) {
        assertThat((double) scores[i * k + c]).isCloseTo(expected[c], within(2e-6));
      }
    }
    float[] dScores = new float[ROWS * k];
    double unused = Loss.SOFTMAX.valueAndGradient(ROWS, k, scores, y, null, 1, dScores);
    float[] gradient = new float[network.parameters()];
    float[] dx = new float[ROWS * d];
    pass.backward(dScores, parameters, gradient, dx);

    double[] at = doubles(parameters);
    double[] rows = doubles(x);
    double h = 1e-6;
    for (int i = 0; i < at.length; i++) {
      double kept = at[i];
      at[i] = kept + h;
      double more = loss(network, rows, y, at);
      at[i] = kept - h;
      double less = loss(network, rows, y, at);
      at[i] = kept;
      assertThat((double) gradient[i])
          .as("parameter " + i)
          .isCloseTo((more - less) / (2 * h), within(2e-5));
    }
    for (int i = 0; i < rows.length; i++) {
      double kept = rows[i];
      rows[i] = kept + h;
      double more = loss(network, rows, y, at);
      rows[i] = kept - h;
      double less = loss(network, rows, y, at);
      rows[i] = kept;
      assertThat((double) dx[i]).as("input " + i).isCloseTo((more - less) / (2 * h), within(2e-5));
    }
  }

  @Test
  void theJacobianOfABundledModuleIsItsClosedForm() {
    int d = 4;
    int m = 12;
    int k = 3;
    ReluFeatures features = features(d, m, false);
    Network network = new Network(List.of(new Snnk(features, k, true)));
    float[] a = parameters(network);
    float[] x = floats(TestRows.gaussian(d, 5));
    float[] jacobian = network.jacobians(1, x, a);
    double[][] g = directions(features);
    for (int t = 0; t < k; t++) {
      for (int j = 0; j < d; j++) {
        double expected = 0;
        for (int f = 0; f < m; f++) {
          double z = 0;
          for (int i = 0; i < d; i++) {
            z += g[i][f] * x[i];
          }
          expected += z > 0 ? a[f * k + t] * g[j][f] : 0;
        }
        assertThat((double) jacobian[t * d + j]).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void anAdapterChangesNothingAtFirst() {
    Dense first = new Dense(5, 6, true, StandardActivation.RELU);
    Network plain = new Network(List.of(first));
    Network adapted = new Network(List.of(first, new SnnkAdapter(features(6, 8, false))));
    float[] x = floats(TestRows.gaussian(ROWS * 5, 2));
    float[] expected = plain.pass(ROWS).forward(ROWS, x, plain.initial(1)).clone();
    assertThat(adapted.pass(ROWS).forward(ROWS, x, adapted.initial(1))).isEqualTo(expected);
  }

  /** ½K₁ = ‖x‖‖w‖(sin θ + (π − θ) cos θ)/2π, the mean of max(g·x, 0)·max(g·w, 0). */
  static List<Projection> projections() {
    return List.of(Projection.GAUSSIAN, Projection.ORTHOGONAL);
  }

  @ParameterizedTest
  @MethodSource("projections")
  void theTwoTowersEstimateTheArcCosineKernel(Projection projection) {
    int d = 6;
    int m = 3000;
    double[] x = TestRows.gaussian(d, 31);
    double[] w = TestRows.gaussian(d, 32);
    double[] b = {0.7};
    ReluFeatures features = new ReluFeatures(d, m, true, projection, 5);
    float[] phi = new float[m];
    features.inputTower(1, floats(x), phi);
    float[] psi = features.parameterTower(1, floats(w), floats(b));
    double estimate = 0;
    for (int j = 0; j < m; j++) {
      estimate += phi[j] * psi[j];
    }
    double xx = 1;
    double ww = b[0] * b[0];
    double xw = b[0];
    for (int i = 0; i < d; i++) {
      xx += x[i] * x[i];
      ww += w[i] * w[i];
      xw += x[i] * w[i];
    }
    double theta = Math.acos(xw / Math.sqrt(xx * ww));
    double j1 = Math.sin(theta) + (Math.PI - theta) * Math.cos(theta);
    double j2 =
        3 * Math.sin(theta) * Math.cos(theta)
            + (Math.PI - theta) * (1 + 2 * Math.cos(theta) * Math.cos(theta));
    double mean = Math.sqrt(xx * ww) * j1 / (2 * Math.PI);
    double variance = xx * ww * (j2 / (2 * Math.PI) - j1 * j1 / (4 * Math.PI * Math.PI)) / m;
    assertThat(estimate).isCloseTo(mean, within(5.5 * Math.sqrt(variance)));
  }

  @Test
  void dropoutKeepsItsShareItsMeanAndItsDraw() {
    int width = 200;
    int rows = 500;
    Network network = new Network(List.of(new Dropout(width, 0.3)));
    float[] ones = new float[rows * width];
    Arrays.fill(ones, 1);
    Network.Pass pass = network.pass(rows);
    float[] scored = pass.forward(rows, ones, new float[0]).clone();
    assertThat(scored).isEqualTo(ones);
    float[] y = pass.forward(rows, ones, new float[0], 9, 4L).clone();
    int kept = 0;
    for (float v : y) {
      assertThat(v == 0 || v == (float) (1 / 0.7)).isTrue();
      kept += v > 0 ? 1 : 0;
    }
    double n = y.length;
    assertThat(kept / n).isCloseTo(0.7, within(5.5 * Math.sqrt(0.21 / n)));
    assertThat(pass.forward(rows, ones, new float[0], 9, 4L)).isEqualTo(y);
    float[] other = pass.forward(rows, ones, new float[0], 9, 5L).clone();
    int both = 0;
    for (int i = 0; i < y.length; i++) {
      both += y[i] > 0 && other[i] > 0 ? 1 : 0;
    }
    assertThat(both / n).isCloseTo(0.49, within(5.5 * Math.sqrt(0.49 * 0.51 / n)));
  }

  @Test
  void dropoutHasTheGradientOfItsMask() {
    int width = 8;
    Network network = new Network(List.of(new Dropout(width, 0.5)));
    Network.Pass pass = network.pass(ROWS);
    float[] ones = new float[ROWS * width];
    Arrays.fill(ones, 1);
    float[] mask = pass.forward(ROWS, ones, new float[0], 1, 2L).clone();
    float[] dx = new float[ones.length];
    pass.backward(ones.clone(), new float[0], new float[0], dx);
    assertThat(dx).isEqualTo(mask);
  }

  @Test
  void aFixedFeatureMapGivesItsFeaturesExactly() {
    CosineFeatures map = new CosineFeatures(4, 10, 1.5, Projection.ORTHOGONAL, 3);
    Network network = new Network(List.of(new MappedFeatures(map)));
    double[] units = new double[ROWS * 4];
    float[] x = new float[ROWS * 4];
    CounterRandom random = new CounterRandom(1, 2);
    for (int i = 0; i < units.length; i++) {
      units[i] = random.below(1 << 23, i) - (1 << 22);
      x[i] = (float) Math.scalb(units[i], -Grid.INPUT_BITS);
    }
    double[] expected = new double[ROWS * 10];
    assertThat(map.map(ROWS, units, expected, 10)).isZero();
    float[] y = network.pass(ROWS).forward(ROWS, x, new float[0]);
    for (int i = 0; i < expected.length; i++) {
      assertThat(y[i] * Grid.FEATURE_ONE).isEqualTo(expected[i]);
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aSpecificationIsReadAsItWasWritten(Network network) throws IOException {
    Network read = Written.again(network::write, Network::read);
    assertThat(read.describe()).isEqualTo(network.describe());
    assertThat(read.initial(4)).isEqualTo(network.initial(4));
    assertThat(read.initial(5)).isNotEqualTo(network.initial(4));
    float[] x = floats(TestRows.gaussian(ROWS * network.inputs(), 2));
    float[] theta = parameters(network);
    assertThat(read.pass(ROWS).forward(ROWS, x, theta))
        .isEqualTo(network.pass(ROWS).forward(ROWS, x, theta));
    byte[] newer = Written.bytes(network::write);
    newer[3] = 9;
    assertThatThrownBy(() -> Network.read(new DataInputStream(new ByteArrayInputStream(newer))))
        .hasMessage(
            "network: expected version 1, got version 9. Read it with the program that wrote it.");
  }

  @Test
  void onlyWeightsAreMarked() {
    Network network =
        new Network(
            List.of(
                new Dense(2, 3, true, StandardActivation.RELU),
                new SnnkAdapter(features(3, 2, false)),
                new Snnk(features(3, 2, false), 2, true)));
    float[] mask = network.weightMask();
    StringBuilder marks = new StringBuilder();
    for (float v : mask) {
      marks.append((int) v);
    }
    assertThat(marks.toString()).isEqualTo("111111" + "000" + "111111" + "000" + "1111" + "00");
  }

  @Test
  void layersThatDoNotChainAreNamed() {
    assertThatThrownBy(
            () ->
                new Network(
                    List.of(
                        new Dense(54, 512, true, StandardActivation.RELU),
                        new Dense(500, 7, true, StandardActivation.LINEAR))))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "network layer 2, dense(500→7, linear): expected 512 inputs, what dense(54→512, relu)"
                + " gives, got 500. Make the sizes of the layers chain.");
    assertThatThrownBy(() -> new Network(List.of()))
        .hasMessage("network: expected at least one layer, got none. Add a dense layer.");
    assertThatThrownBy(() -> new Dense(3, 0, true, StandardActivation.RELU))
        .hasMessage("dense layer: expected at least 1 output, got 0. Choose another size.");
    assertThatThrownBy(() -> new Dropout(3, 1))
        .hasMessage(
            "dropout layer: expected a rate from 0 to below 1, got 1.0. Choose another rate.");
    assertThatThrownBy(() -> Activation.of("gelo"))
        .hasMessageStartingWith("activation: expected one of linear, sin, cos,")
        .hasMessageEndingWith("got 'gelo'. Did you mean 'gelu'?");
    assertThatThrownBy(() -> features(3, 2, false).parameterTower(2, new float[6], new float[2]))
        .hasMessage(
            "snnk parameters: expected weights without intercepts, got intercepts too. Make the"
                + " features with a bias where the layer has one.");
    CosineFeatures map = new CosineFeatures(4, 10, 1.5, Projection.ORTHOGONAL, 3);
    assertThatThrownBy(
            () ->
                new Network(
                        List.of(
                            new Dense(4, 4, true, StandardActivation.RELU),
                            new MappedFeatures(map)))
                    .requireTrainable())
        .hasMessageContaining(
            "expected a layer that can be trained through, got a fixed feature map. Put it first");
  }
}
