package org.snnk.network;

import java.util.Arrays;
import org.snnk.SnnkException;
import org.snnk.activation.Activation;
import org.snnk.activation.StandardActivation;
import org.snnk.feature.Featurizer;
import org.snnk.feature.UniversalRandomFeatures;
import org.snnk.linalg.Blas;
import org.snnk.linalg.SymmetricEigen;

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
 * <p>Beside bundling proper, a dense layer is replaced by one of {@linkplain #lowRank low rank}.
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
    Dense dense = dense(of.network(), l);
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

  static Dense dense(Network network, int l) {
    Layer layer = network.layers().get(l);
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
    Dense dense = dense(of.network(), l);
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

  // ---- low rank ----

  /**
   * The ranks at which dense layers [from, to) leave a network a share of its parameters. Each
   * keeps the same share s of its weights: a layer of rank r has r(d + u) of them in place of du,
   * so r = s·du/(d + u).
   *
   * @param size the share, in (0, 1)
   * @throws SnnkException if a layer is no dense one, or the others have more than that share
   */
  public static int[] ranks(Network network, int from, int to, double size) {
    long weights = 0;
    for (int l = from; l < to; l++) {
      weights += weights(dense(network, l));
    }
    double share = (size * network.size() - (network.size() - weights)) / weights;
    int[] ranks = new int[to - from];
    for (int i = 0; i < ranks.length; i++) {
      Dense dense = dense(network, from + i);
      double full = (double) weights(dense) / (dense.inputs() + dense.outputs());
      ranks[i] = (int) Math.min(share * full, Math.min(dense.inputs(), dense.outputs()));
      if (ranks[i] < 1) {
        throw new SnnkException(
            "bundle.size",
            "more than "
                + (1 - weights / (double) network.size())
                + ", what the layers that stay have of all parameters",
            size + "",
            null,
            "Raise it, or take more layers.");
      }
    }
    return ranks;
  }

  /**
   * The network with the dense layer l giving xW + b in place of f(xW + b).
   *
   * @throws SnnkException if layer l is no dense layer
   */
  public static TrainedNetwork withoutActivation(TrainedNetwork of, int l) {
    Dense dense = dense(of.network(), l);
    Dense linear =
        new Dense(dense.inputs(), dense.outputs(), dense.intercept(), StandardActivation.LINEAR);
    return of.replace(l, l + 1, TrainedNetwork.of(linear, of.slice(l, l + 1).parameters()));
  }

  /**
   * The network with the dense layer l, f(xW + b), replaced by one of rank r before f: z = xW + b
   * becomes ẑ = μ + (z − μ)BVVᵀB⁻¹.
   *
   * <p>With C the covariance of z over the rows and F = BBᵀ the second moment of the loss's
   * derivatives by z (Fisher's information of the answer about z), E‖(z − ẑ)B‖², the loss to second
   * order, is least where V holds the r leading eigenvectors of BᵀCB.
   *
   * <p><b>Cost</b>: two decompositions of a u×u matrix, u the layer's units.
   *
   * @param rank r, at most u
   * @param mean μ, u
   * @param covariance C, u×u row-major
   * @param sensitivity F, u×u row-major; 10⁻⁶ of its mean diagonal is added to its own
   * @throws SnnkException if layer l is no dense layer, or F is zero
   */
  public static TrainedNetwork lowRank(
      TrainedNetwork of,
      int l,
      int rank,
      double[] mean,
      double[] covariance,
      double[] sensitivity) {
    Dense dense = dense(of.network(), l);
    int u = dense.outputs();
    SymmetricEigen information = SymmetricEigen.of(square(u, sensitivity));
    double floor = 1e-6 * Arrays.stream(information.values()).sum() / u;
    if (!(floor > 0)) {
      throw new SnnkException(
          "network layer " + (l + 1) + ", " + dense.describe(),
          "one that changes the answer",
          "one without any effect on these rows",
          null,
          "Look at the network: it gives one answer to everything.");
    }
    double[] root = new double[u * u]; // B, a column for each eigenvector
    double[] turned = new double[u * u]; // Bᵀ
    double[] inverse = new double[u * u]; // B⁻¹
    for (int i = 0; i < u; i++) {
      double scale = Math.sqrt(Math.max(information.values()[i], 0) + floor);
      for (int j = 0; j < u; j++) {
        turned[i * u + j] = information.vectors()[i][j] * scale;
        root[j * u + i] = turned[i * u + j];
        inverse[i * u + j] = information.vectors()[i][j] / scale;
      }
    }
    Blas blas = Blas.backend();
    double[] seen = new double[u * u];
    blas.multiply(u, u, u, turned, u, covariance, seen, u);
    double[] both = new double[u * u];
    blas.multiply(u, u, u, seen, u, root, both, u);
    double[][] leading = SymmetricEigen.of(square(u, both)).vectors();
    double[] v = new double[u * rank];
    double[] vt = new double[rank * u];
    for (int i = 0; i < rank; i++) {
      for (int j = 0; j < u; j++) {
        v[j * rank + i] = leading[i][j];
        vt[i * u + j] = leading[i][j];
      }
    }
    double[] into = new double[u * rank];
    blas.multiply(u, u, rank, root, u, v, into, rank);
    double[] back = new double[rank * u];
    blas.multiply(rank, u, u, vt, u, inverse, back, u);

    int d = dense.inputs();
    int at = of.network().offset(l);
    double[] narrow = new double[d * rank];
    blas.multiply(d, u, rank, doubles(of.parameters(), at, d * u), u, into, narrow, rank);
    double[] intercept = new double[u];
    for (int t = 0; t < u; t++) {
      double b = dense.intercept() ? of.parameters()[at + d * u + t] : 0;
      intercept[t] = b - mean[t];
    }
    double[] between = new double[rank];
    blas.multiply(1, u, rank, intercept, u, into, between, rank);
    double[] constant = new double[u];
    blas.multiply(1, rank, u, between, rank, back, constant, u);
    float[] second = new float[rank * u + u];
    System.arraycopy(floats(back), 0, second, 0, rank * u);
    for (int t = 0; t < u; t++) {
      second[rank * u + t] = (float) (mean[t] + constant[t]);
    }
    Dense first = new Dense(d, rank, false, StandardActivation.LINEAR);
    Dense last = new Dense(rank, u, true, dense.activation());
    return of.replace(
        l, l + 1, TrainedNetwork.of(first, floats(narrow)), TrainedNetwork.of(last, second));
  }

  private static double[][] square(int n, double[] a) {
    double[][] rows = new double[n][];
    Arrays.setAll(rows, i -> Arrays.copyOfRange(a, i * n, (i + 1) * n));
    return rows;
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
