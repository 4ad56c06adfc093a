package org.snnk.activation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.snnk.NearestName;
import org.snnk.SnnkException;
import org.snnk.linalg.BlockOperations;

/**
 * An activation f: ℝ → ℝ with its derivative and its {@link Spectrum}.
 *
 * <p>Immutable and thread-safe.
 */
public interface Activation extends Serializable {
  /** The name in configurations; {@link #of} finds a built-in one by it. */
  String key();

  /** f(z). */
  double value(double z);

  /** f′(z); where f has a kink or a jump, the mean of both sides' slopes, and 0 at a jump. */
  double derivative(double z);

  /**
   * v = f(v) in single precision, for layers of networks.
   *
   * @param count of the numbers, from the first on
   */
  default void apply(int count, float[] v) {
    for (int i = 0; i < count; i++) {
      v[i] = (float) value(v[i]);
    }
  }

  /** Whether f′(z) is a function of f(z), so that {@link #multiplyByDerivative} needs no z. */
  default boolean derivativeFromValue() {
    return false;
  }

  /**
   * dy = dy·f′(z) in single precision; at a kink the slope of one side.
   *
   * @param count of the numbers, from the first on
   * @param v f(z) if {@link #derivativeFromValue}, else z; not modified
   */
  default void multiplyByDerivative(int count, float[] v, float[] dy) {
    for (int i = 0; i < count; i++) {
      dy[i] *= (float) derivative(v[i]);
    }
  }

  /**
   * f of a block in other operations.
   *
   * @throws SnnkException if f is a function of the user's own
   */
  <B> B express(BlockOperations<B> on, B z);

  /**
   * f as an integral over frequencies.
   *
   * @throws SpectrumException if f has none that frequencies can be drawn from
   */
  Spectrum spectrum();

  /**
   * What is lost by leaving out frequencies above a limit: max |f(z) − f_limit(z)| over a fine grid
   * of |z| ≤ radius, f_limit being {@link Spectrum#value(double, double)}.
   *
   * <p>The grid has eight points for each half period of the limit, and one on either side of 0.
   * <b>Cost</b>: some 100 (limit·radius)² evaluations of the weight.
   */
  default double bias(double limit, double radius) {
    if (!(radius > 0) || Double.isInfinite(radius)) {
      throw new SnnkException(
          "bias of '" + key() + "'",
          "a finite radius > 0",
          radius + "",
          null,
          "Give the largest |wᵀx + b| of the layer.");
    }
    Spectrum spectrum = spectrum();
    double end = spectrum.finite(limit);
    int half = (int) Math.min(4096, 64 + Math.ceil(8 * end * radius / Math.PI));
    double worst = 0;
    for (int i = -half; i <= half; i++) {
      // Quadratic spacing: kinks and jumps of the built-in functions are at 0.
      double t = (i == 0 ? 1e-9 : i) / half;
      double z = radius * t * (0.1 + 0.9 * Math.abs(t));
      worst = Math.max(worst, Math.abs(value(z) - spectrum.value(z, end)));
    }
    return worst;
  }

  /**
   * The activation of a name; {@code smoothed-relu(σ)}, {@code polynomial(c₀,c₁,…)} and {@code
   * fourier(ω,c,a₁,b₁,…)} take parameters.
   *
   * @throws SnnkException for another name
   */
  static Activation of(String name) {
    String key = name.strip().toLowerCase(Locale.ROOT);
    int open = key.indexOf('(');
    if (open > 0 && key.endsWith(")")) {
      String family = key.substring(0, open).strip();
      String[] words = name.strip().substring(open + 1, key.length() - 1).split(",", -1);
      double[] parameters = new double[words.length];
      for (int i = 0; i < words.length; i++) {
        try {
          parameters[i] = Double.parseDouble(words[i].strip());
        } catch (NumberFormatException notANumber) {
          throw new SnnkException(
              "activation '" + name + "'",
              "numbers between the brackets",
              "'" + words[i].strip() + "'",
              null,
              "Write " + SmoothedRelu.FAMILY + "(0.1) or " + Polynomial.FAMILY + "(0, 1, 0.5).");
        }
      }
      if (family.equals(SmoothedRelu.FAMILY) && parameters.length == 1) {
        return smoothedRelu(parameters[0]);
      }
      if (family.equals(Polynomial.FAMILY)) {
        return polynomial(parameters);
      }
      if (family.equals(FourierSeries.FAMILY)) {
        return fourierSeries(parameters);
      }
    }
    for (StandardActivation activation : StandardActivation.values()) {
      if (activation.key().equals(key)) {
        return activation;
      }
    }
    String near = open > 0 ? key.substring(0, open) : key;
    throw new SnnkException(
        "activation",
        "one of " + String.join(", ", names()),
        "'" + name + "'",
        null,
        NearestName.question(
            near, names(), "Choose among them, or define it by Activation.function."));
  }

  /** The names that {@link #of} knows, those with parameters shown by an example. */
  static List<String> names() {
    List<String> names = new ArrayList<>();
    for (StandardActivation activation : StandardActivation.values()) {
      names.add(activation.key());
    }
    names.add(SmoothedRelu.FAMILY + "(0.1)");
    names.add(Polynomial.FAMILY + "(0,1,0.5)");
    names.add(FourierSeries.FAMILY + "(0.5,0.2,1,0,0,-0.5)");
    return names;
  }

  /**
   * E max(0, z + σn), n ~ N(0, 1): a ReLU whose spectrum decays.
   *
   * @throws SnnkException unless 0 &lt; σ &lt; ∞
   */
  static Activation smoothedRelu(double sigma) {
    return new SmoothedRelu(sigma);
  }

  /**
   * Σᵢ cᵢ zⁱ; it has no spectrum.
   *
   * @throws SnnkException if there is no coefficient or one is not finite
   */
  static Activation polynomial(double... coefficients) {
    return new Polynomial(coefficients);
  }

  /**
   * c + Σₖ [aₖ cos(kωz) + bₖ sin(kωz)]: its features have the frequencies themselves, as many draws
   * of each as of any other.
   *
   * @param parameters ω, c, a₁, b₁, a₂, b₂, …
   * @throws SnnkException unless ω &gt; 0, all are finite, and some aₖ or bₖ is not 0
   */
  static Activation fourierSeries(double... parameters) {
    return new FourierSeries(parameters);
  }

  /**
   * Any function, its spectrum found by a fast Fourier transform on [−window, window].
   *
   * <p>The function may tend to a straight line at either end of the window, such as 0, a constant,
   * z or 0.01z; what is left must have died away there. The error that is left inside the window is
   * {@link Spectrum#error}.
   *
   * @param name what it is called in messages
   * @param value f
   * @param derivative f′
   * @param window half the width of the window, such as 20; f is the straight lines outside it
   * @throws SnnkException unless 0 &lt; window &lt; ∞
   */
  static Activation function(
      String name, RealFunction value, RealFunction derivative, double window) {
    return new FunctionActivation(name, value, derivative, window);
  }
}
