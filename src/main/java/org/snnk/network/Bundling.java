package org.snnk.network;

import java.util.Arrays;
import org.snnk.SnnkException;
import org.snnk.activation.Activation;
import org.snnk.activation.StandardActivation;
import org.snnk.feature.Featurizer;
import org.snnk.feature.UniversalRandomFeatures;
import org.snnk.linalg.Blas;

/**
 * Layers of a trained network made into one (Scalable Neural Network Kernels, Section 3.3, Eq.
 * 12–14, and Appendix E).
 *
 * <p>A linear layer that meets another one multiplies with it: (xA + c)W + b = x(AW) + (cW + b).
 * That is {@linkplain #collapse exact}. A dense layer f(xW + b) becomes linear in features of x
 * that do not know its parameters, by its two towers ({@link #universal}: f(xW + b) ≈ Φ_f(x)·Ψ_f(W,
 * b)ᵀ) or by a regression on other features ({@link #learned}); it then multiplies with the next
 * one, and so on: W̄ = Ψ(W₁Ψ(W₀, b₀), b₁)…
 *
 * <p>Products are made in doubles and rounded to floats once.
 */
public final class Bundling {
  private Bundling() {}

  /** Whether a layer's outputs are linear in its inputs or in fixed features of them. */
  private static boolean endsLinear(Layer layer) {
    return (layer instanceof Dense dense && isLinear(dense.activation()))
        || (layer instanceof Snnk snnk && isLinear(snnk.activation()));
  }

  private static boolean isLinear(Activation activation) {
    return activation.equals(StandardActivation.LINEAR);
  }

  /**
   * Whether layer l and the one behind it multiply into one: l is an SNNK or a dense layer without
   * an activation, the next a dense layer.
   */
  public static boolean collapses(Network network, int l) {
    return l + 1 < network.layers().size()
        && endsLinear(network.layers().get(l))
        && network.layers().get(l + 1) instanceof Dense;
  }

  /**
   * The network with layer l multiplied into the dense layer behind it: the same function, but for
   * the rounding of floats.
   *
   * <p><b>Cost</b>: 2mlk flops.
   *
   * @throws SnnkException if they do not multiply
   */
  public static TrainedNetwork collapse(TrainedNetwork of, int l) {
    Network network = of.network();
    if (!collapses(network, l)) {
      throw new SnnkException(
          "network layer " + (l + 1) + ", " + network.layers().get(l).describe(),
          "an snnk or linear layer before a dense one",
          network.layers().size() == l + 1
              ? "the last layer"
              : "another, or " + network.layers().get(l + 1).describe() + " behind it",
          null,
          "Bundle such layers by transfer.");
    }
    Dense next = (Dense) network.layers().get(l + 1);
    Layer layer = network.layers().get(l);
    Dense first = layer instanceof Snnk snnk ? snnk.readout() : (Dense) layer;
    int at = network.offset(l);
    double[] weights = doubles(of.parameters(), at, first.inputs() * first.outputs());
    double[] intercepts =
        first.intercept()
            ? doubles(of.parameters(), at + weights.length, first.outputs())
            : new double[first.outputs()];
    boolean intercept = first.intercept() || next.intercept();
    float[] product =
        product(first.inputs(), weights, intercepts, of, network.offset(l + 1), next, intercept);
    Layer made =
        layer instanceof Snnk snnk
            ? new Snnk(snnk.features(), next.outputs(), intercept, next.activation())
            : new Dense(first.inputs(), next.outputs(), intercept, next.activation());
    return of.replace(l, l + 2, TrainedNetwork.of(made, product));
  }

  /** (A; c) times the weights of a dense layer, plus its intercepts. */
  private static float[] product(
      int rows, double[] a, double[] c, TrainedNetwork of, int at, Dense next, boolean intercept) {
    int l = next.inputs();
    int k = next.outputs();
    double[] w = doubles(of.parameters(), at, l * k);
    double[] weights = new double[rows * k];
    Blas.backend().multiply(rows, l, k, a, l, w, weights, k);
    double[] constant = new double[k];
    Blas.backend().multiply(1, l, k, c, l, w, constant, k);
    float[] parameters = new float[rows * k + (intercept ? k : 0)];
    System.arraycopy(floats(weights), 0, parameters, 0, weights.length);
    for (int t = 0; intercept && t < k; t++) {
      double b = next.intercept() ? of.parameters()[at + l * k + t] : 0;
      parameters[weights.length + t] = (float) (constant[t] + b);
    }
    return parameters;
  }

  /**
   * The root of the mean squared norm of a dense layer's units, for which its features are made.
   */
  public static double unitNorm(TrainedNetwork of, int l) {
    Dense dense = dense(of, l);
    double sum = 0;
    for (double w : doubles(of.parameters(), of.network().offset(l), weights(dense))) {
      sum += w * w;
    }
    return Math.sqrt(sum / dense.outputs());
  }

  /**
   * How much each input of layer l weighs in it: the root of its squared weights' sum; 1 for all
   * where the layer is not a dense one.
   */
  public static double[] inputWeights(TrainedNetwork of, int l) {
    Layer layer = of.network().layers().get(l);
    double[] sizes = new double[layer.inputs()];
    Arrays.fill(sizes, 1);
    if (layer instanceof Dense dense) {
      int at = of.network().offset(l);
      for (int j = 0; j < sizes.length; j++) {
        double sum = 0;
        for (int u = 0; u < dense.outputs(); u++) {
          double w = of.parameters()[at + j * dense.outputs() + u];
          sum += w * w;
        }
        sizes[j] = Math.sqrt(sum);
      }
    }
    return sizes;
  }

  private static int weights(Dense dense) {
    return dense.inputs() * dense.outputs();
  }

  private static Dense dense(TrainedNetwork of, int l) {
    Layer layer = of.network().layers().get(l);
    if (layer instanceof Dense dense) {
      return dense;
    }
    throw new SnnkException(
        "network layer " + (l + 1) + ", " + layer.describe(),
        "a dense layer",
        "another",
        null,
        "Bundle such layers by transfer.");
  }

  /**
   * The network with the dense layer l, f(xW + b), replaced by Φ_f(x), and Ψ_f(W, b) in the layer
   * behind it.
   *
   * <p>An approximation without bias of what that layer takes, but not of what comes after its
   * activation.
   *
   * @param kernel the towers of f for the layer's inputs
   * @throws SnnkException if layer l is no dense layer, or features overflow
   */
  public static TrainedNetwork universal(TrainedNetwork of, int l, UniversalRandomFeatures kernel) {
    Dense dense = dense(of, l);
    int d = dense.inputs();
    int units = dense.outputs();
    int at = of.network().offset(l);
    double[] w = new double[units * d];
    double[] b = new double[units];
    for (int u = 0; u < units; u++) {
      for (int j = 0; j < d; j++) {
        w[u * d + j] = of.parameters()[at + j * units + u];
      }
      b[u] = dense.intercept() ? of.parameters()[at + weights(dense) + u] : 0;
    }
    int m = kernel.features();
    double[] psi = new double[units * m];
    kernel.parameterTower(units, w, b, psi, m);
    double[] readout = new double[m * units];
    for (int u = 0; u < units; u++) {
      for (int j = 0; j < m; j++) {
        readout[j * units + u] = psi[u * m + j];
      }
    }
    TrainedNetwork tower = TrainedNetwork.of(new UniversalFeatures(kernel), new float[0]);
    if (l + 1 < of.network().layers().size()
        && of.network().layers().get(l + 1) instanceof Dense next) {
      int to = of.network().offset(l + 1);
      float[] product = product(m, readout, new double[units], of, to, next, next.intercept());
      Dense made = new Dense(m, next.outputs(), next.intercept(), next.activation());
      return of.replace(l, l + 2, tower, TrainedNetwork.of(made, product));
    }
    Dense made = new Dense(m, units, false, StandardActivation.LINEAR);
    return of.replace(l, l + 1, tower, TrainedNetwork.of(made, floats(readout)));
  }

  /**
   * A student: features of what a layer takes, and the linear read-out that a regression found.
   *
   * @param weights m×k row-major, for features in [−1, 1]
   * @param intercept k
   */
  public static TrainedNetwork learned(
      Featurizer featurizer, double[] weights, double[] intercept) {
    int k = intercept.length;
    float[] parameters = new float[weights.length + k];
    System.arraycopy(floats(weights), 0, parameters, 0, weights.length);
    System.arraycopy(floats(intercept), 0, parameters, weights.length, k);
    TrainedNetwork scaling =
        TrainedNetwork.of(new Scaling(featurizer.standardizer()), new float[0]);
    return scaling.replace(
        1,
        1,
        TrainedNetwork.of(new MappedFeatures(featurizer.map()), new float[0]),
        TrainedNetwork.of(
            new Dense(featurizer.map().features(), k, true, StandardActivation.LINEAR),
            parameters));
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static double[] doubles(float[] values, int from, int count) {
    double[] doubles = new double[count];
    for (int i = 0; i < count; i++) {
      doubles[i] = values[from + i];
    }
    return doubles;
  }
}
