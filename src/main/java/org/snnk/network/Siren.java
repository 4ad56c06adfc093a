package org.snnk.network;

import java.util.ArrayList;
import java.util.List;
import org.snnk.SnnkException;
import org.snnk.activation.Activation;
import org.snnk.activation.StandardActivation;
import org.snnk.feature.Projection;
import org.snnk.feature.UniversalRandomFeatures;
import org.snnk.random.CounterRandom;

/**
 * Sinusoidal representation networks: f(x) = W₃ sin(ω₀(W₂ sin(ω₀(W₁x + b₁)) + b₂)) + b₃ with any
 * number of sine layers (Sitzmann et al. 2020, "Implicit neural representations with periodic
 * activation functions"), and the same with an SNNK in place of the last one (Scalable Neural
 * Network Kernels, Section 4.2).
 *
 * <p>Their initial parameters (Section 3.2 and Theorem 1.8 there): entries of W₁ are uniform on
 * ±1/d, those of every other W on ±√(6/n)/ω₀, n being its inputs, so that each layer's outputs have
 * the same arcsine distribution; intercepts are uniform on ±1/√n, as in the published code. Layers
 * hold ω₀W and ω₀b, so a step η of Adam here is one of η/ω₀ there, but in the last, linear layer.
 */
public final class Siren {
  /** ω₀. */
  public static final double FREQUENCY = 30;

  /**
   * ‖h‖·‖w‖ of the units whose parameter tower an SNNK begins with. The variance of random features
   * of sin grows like e^(2‖h‖‖w‖)/m, so this is where it is of the order of what is estimated.
   */
  private static final double LARGEST_PRODUCT = 2;

  private static final long STREAM = 0x736972656E00L;

  private Siren() {}

  /**
   * A sinusoidal representation network with its initial parameters.
   *
   * @param deviations σ of each of d inputs: the network takes x/σ, as training standardises, and
   *     is the published one of x itself, which is meant to fill [−1, 1]
   * @param width of every sine layer
   * @param hidden number of sine layers
   */
  public static TrainedNetwork of(
      double[] deviations, int width, int hidden, int outputs, long seed) {
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < hidden; l++) {
      layers.add(
          new Dense(l == 0 ? deviations.length : width, width, true, StandardActivation.SIN));
    }
    layers.add(new Dense(width, outputs, true, StandardActivation.LINEAR));
    Network network = new Network(layers);
    float[] parameters = new float[network.parameters()];
    for (int l = 0; l <= hidden; l++) {
      Dense layer = (Dense) layers.get(l);
      int n = layer.inputs();
      int weights = n * layer.outputs();
      double frequency = l < hidden ? FREQUENCY : 1;
      double bound = frequency * (l == 0 ? 1.0 / n : Math.sqrt(6.0 / n) / FREQUENCY);
      CounterRandom random = new CounterRandom(seed, STREAM + l);
      for (int i = 0; i < layer.parameters(); i++) {
        double u = 2 * random.uniform(i) - 1;
        double scale =
            i >= weights
                ? frequency / Math.sqrt(n)
                : bound * (l == 0 ? deviations[i / layer.outputs()] : 1);
        parameters[network.offset(l) + i] = (float) (scale * u);
      }
    }
    return new TrainedNetwork(network, parameters);
  }

  /**
   * The network with the random features of sin in place of its last sine layer, and that layer's
   * parameter tower Ψ(W, b) as a linear layer behind them, to be trained freely.
   *
   * <p>Features are made for ‖h‖² = n/2, the second moment of n sines. The replaced layer's weights
   * are made smaller first, to ‖h‖·‖w‖ = 2, since no number of features that anyone spends
   * estimates the layer as SIREN draws it, with ‖h‖·‖w‖ = √n. No intercept follows Ψ: the last
   * layer has one.
   *
   * @param siren as {@link #of} makes it, with two sine layers at least
   * @param numRandomFeatures m, even
   * @param seed of the features
   * @throws SnnkException if there is only one sine layer
   */
  public static TrainedNetwork withSnnk(
      TrainedNetwork siren, int numRandomFeatures, Projection projection, long seed) {
    int l = siren.network().layers().size() - 2;
    if (l < 1) {
      throw new SnnkException(
          "SIREN with an SNNK",
          "at least 2 sine layers",
          l + 1 + "",
          null,
          "The first sine layer cannot be replaced: its frequencies are too high.");
    }
    TrainedNetwork replaced = siren.slice(l, l + 1);
    float[] parameters = replaced.parameters();
    int n = replaced.network().inputs();
    double inputNorm = Math.sqrt(n / 2.0);
    double unitNorm = Bundling.unitNorm(replaced, 0);
    double shrink = Math.min(1, LARGEST_PRODUCT / (inputNorm * unitNorm));
    int weights = n * replaced.network().outputs();
    for (int i = 0; i < weights; i++) {
      parameters[i] *= (float) shrink;
    }
    UniversalRandomFeatures kernel =
        UniversalRandomFeatures.of(Activation.of("sin"), n, numRandomFeatures)
            .projection(projection)
            .norms(inputNorm, shrink * unitNorm)
            .seed(seed)
            .build();
    return siren.replace(l, l + 1, Bundling.universal(replaced, 0, kernel));
  }

  /**
   * The width at which a network of dense layers has about so many parameters.
   *
   * @param hidden layers of that width
   */
  public static int widthFor(int parameters, int inputs, int hidden, int outputs) {
    int width = 1;
    while (count(width + 1, inputs, hidden, outputs) <= parameters) {
      width++;
    }
    long above = count(width + 1, inputs, hidden, outputs) - parameters;
    return above < parameters - count(width, inputs, hidden, outputs) ? width + 1 : width;
  }

  private static long count(long width, int inputs, int hidden, int outputs) {
    return (inputs + 1) * width + (hidden - 1) * (width + 1) * width + (width + 1) * outputs;
  }
}
