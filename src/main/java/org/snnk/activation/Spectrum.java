package org.snnk.activation;

import java.io.Serializable;
import java.util.List;
import org.snnk.SnnkException;

/**
 * A function as a straight line and an integral over angular frequencies a = 2πξ &gt; 0:
 *
 * <p>f(z) = constant + linear·z + ∫₀^∞ [even(a)·κ(az) + odd(a)·sin(az)] da, where κ is cos or, for
 * functions that grow, 1 − cos.
 *
 * <p>These are the real pairs ξ, −ξ of the Fourier transform of Scalable Neural Network Kernels,
 * Eq. 6: even(a) = Re FT(ξ)/π and odd(a) = −Im FT(ξ)/π, without splitting it into four nonnegative
 * parts. Where the transform has a pole at 0 (tanh, ReLU, …), Eq. 6's constants are infinite, but
 * weight times kernel stays bounded.
 *
 * <p>Either all frequencies are in {@link #atoms}, or they have the densities {@link #even} and
 * {@link #odd}. Immutable; a constant function of the activation.
 */
public final class Spectrum implements Serializable {
  private static final long serialVersionUID = 1L;

  /** e^−40 is below the rounding error of the sum. */
  private static final double NEGLIGIBLE = 40;

  private static final int LEAST_PANELS = 32;
  private static final int TAIL_PANELS = 64;

  private final double constant;
  private final double linear;
  private final boolean differences;
  private final List<Atom> atoms;
  private final RealFunction even;
  private final RealFunction odd;
  private final Decay decay;
  private final double end;
  private final double scale;
  private final double error;

  /**
   * A single frequency: even·cos(frequency·z) + odd·sin(frequency·z).
   *
   * @param frequency a
   * @param even weight of the cosine
   * @param odd weight of the sine
   */
  public record Atom(double frequency, double even, double odd) implements Serializable {}

  /**
   * How weights fall for large a: at least like e^(−gaussian·a²/2 − exponential·a)·a^−power.
   *
   * @param gaussian 0 if not so fast
   * @param exponential the radius of the Taylor disc of f; 0 if not so fast
   * @param power what is left of it
   */
  public record Decay(double gaussian, double exponential, double power) implements Serializable {}

  private Spectrum(
      double constant,
      double linear,
      boolean differences,
      List<Atom> atoms,
      RealFunction even,
      RealFunction odd,
      Decay decay,
      double end,
      double scale,
      double error) {
    this.constant = constant;
    this.linear = linear;
    this.differences = differences;
    this.atoms = List.copyOf(atoms);
    this.even = even;
    this.odd = odd;
    this.decay = decay;
    this.end = end;
    this.scale = scale;
    this.error = error;
  }

  private static Spectrum density(
      boolean differences, RealFunction even, RealFunction odd, Decay decay, double end) {
    return new Spectrum(0, 0, differences, List.of(), even, odd, decay, end, 0.5, 0);
  }

  /** Of single frequencies. */
  static Spectrum of(Atom... atoms) {
    List<Atom> list = List.of(atoms);
    double last = list.stream().mapToDouble(Atom::frequency).max().orElse(0);
    RealFunction none = a -> 0;
    return new Spectrum(0, 0, false, list, none, none, new Decay(0, 0, 0), last, 0.5, 0);
  }

  /** ∫ weight(a) cos(az) da. */
  static Spectrum cosines(RealFunction weight, Decay decay) {
    return density(false, weight, a -> 0, decay, Double.POSITIVE_INFINITY);
  }

  /** ∫ weight(a) cos(az) da up to an end. */
  static Spectrum cosines(RealFunction weight, double end) {
    return density(false, weight, a -> 0, new Decay(0, 0, 0), end);
  }

  /** ∫ weight(a) sin(az) da. */
  static Spectrum sines(RealFunction weight, Decay decay) {
    return density(false, a -> 0, weight, decay, Double.POSITIVE_INFINITY);
  }

  /** ∫ weight(a) (1 − cos(az)) da. */
  static Spectrum differences(RealFunction weight, Decay decay) {
    return density(true, weight, a -> 0, decay, Double.POSITIVE_INFINITY);
  }

  /** A tabulated one with an end, the width within which its weights are smooth, and its error. */
  static Spectrum numerical(
      boolean differences,
      RealFunction even,
      RealFunction odd,
      double end,
      double scale,
      double error) {
    return new Spectrum(
        0, 0, differences, List.of(), even, odd, new Decay(0, 0, 0), end, scale, error);
  }

  /** The same with a straight line added. */
  Spectrum plus(double moreConstant, double moreLinear) {
    return new Spectrum(
        constant + moreConstant,
        linear + moreLinear,
        differences,
        atoms,
        even,
        odd,
        decay,
        end,
        scale,
        error);
  }

  /** The constant. */
  public double constant() {
    return constant;
  }

  /** The slope of the straight line. */
  public double linear() {
    return linear;
  }

  /** Whether even weights stand before 1 − cos(az) rather than cos(az). */
  public boolean differences() {
    return differences;
  }

  /** The single frequencies; empty where there are densities. */
  public List<Atom> atoms() {
    return atoms;
  }

  /** Density of cosines, or of 1 − cosines, at a &gt; 0. */
  public double even(double a) {
    return a <= end ? even.applyAsDouble(a) : 0;
  }

  /** Density of sines at a &gt; 0. */
  public double odd(double a) {
    return a <= end ? odd.applyAsDouble(a) : 0;
  }

  /** How fast the densities fall. */
  public Decay decay() {
    return decay;
  }

  /**
   * How far f and this spectrum lie apart within the window that it was found in; 0 for those known
   * in closed form.
   */
  public double error() {
    return error;
  }

  /**
   * The frequency beyond which weight(a)·e^(growth·a + quadratic·a²/2) is negligible; ∞ if it never
   * is.
   *
   * @param growth 0 for f itself; ‖x‖‖w‖ for the spread of norm-balanced random features
   * @param quadratic 0 for f itself; ‖x‖² for that of features that are not balanced
   */
  public double end(double growth, double quadratic) {
    if (Double.isFinite(end)) {
      return end;
    }
    double curvature = decay.gaussian() - quadratic;
    if (curvature > 0) {
      double slope = growth - decay.exponential();
      return (slope + Math.sqrt(slope * slope + 2 * curvature * NEGLIGIBLE)) / curvature;
    }
    boolean falls = curvature == 0 && growth < decay.exponential();
    return falls ? NEGLIGIBLE / (decay.exponential() - growth) : Double.POSITIVE_INFINITY;
  }

  /**
   * A limit that is finite: the given one, or where the weights have become negligible.
   *
   * @throws SnnkException if the limit is not positive, or ∞ where weights fall as a power of a
   */
  double finite(double limit) {
    double last = Math.min(limit, end(0, 0));
    if (!(last > 0) || Double.isInfinite(last)) {
      throw new SnnkException(
          "band limit",
          "a finite frequency > 0, since weights fall no faster than a^−" + decay.power(),
          limit + "",
          null,
          "Set one; Activation.bias tells what it leaves out.");
    }
    return last;
  }

  /**
   * f with frequencies up to a limit, by Gauss–Legendre quadrature.
   *
   * @param limit ∞ for f itself
   * @throws SnnkException if the limit is not positive, or ∞ where weights fall as a power of a
   */
  public double value(double z, double limit) {
    double sum = constant + linear * z;
    for (Atom atom : atoms) {
      if (atom.frequency() <= limit) {
        double phase = atom.frequency() * z;
        sum += atom.even() * Math.cos(phase) + atom.odd() * Math.sin(phase);
      }
    }
    if (!atoms.isEmpty()) {
      return sum;
    }
    double last = finite(limit);
    int panels = (int) Math.ceil(last * Math.max(1 / scale, Math.abs(z) / Math.PI));
    return sum
        + Quadrature.integrate(
            a -> even(a) * kernel(a * z) + odd(a) * Math.sin(a * z),
            0,
            last,
            Math.max(LEAST_PANELS, panels));
  }

  private double kernel(double phase) {
    if (!differences) {
      return Math.cos(phase);
    }
    double half = Math.sin(phase / 2);
    return 2 * half * half;
  }

  /**
   * A bound on |f(z) − value(z, limit)| for every z: the integral of |weights| beyond the limit,
   * twice that of 1 − cos. It is ∞ for weights that fall no faster than 1/a; there {@link
   * Activation#bias} looks at an interval.
   */
  public double tail(double limit) {
    if (!atoms.isEmpty()) {
      return atoms.stream()
          .filter(atom -> atom.frequency() > limit)
          .mapToDouble(atom -> Math.hypot(atom.even(), atom.odd()))
          .sum();
    }
    double last = end(0, 0);
    if (limit >= last) {
      return 0;
    }
    double factor = differences ? 2 : 1;
    if (Double.isFinite(last)) {
      int panels = (int) Math.ceil(Math.max(TAIL_PANELS, (last - limit) / scale));
      return Quadrature.integrate(
          a -> factor * Math.abs(even(a)) + Math.abs(odd(a)), limit, last, panels);
    }
    if (decay.power() <= 1) {
      return Double.POSITIVE_INFINITY;
    }
    // a = limit/t for 0 < t ≤ 1.
    return Quadrature.integrate(
        t -> {
          double a = limit / t;
          return (factor * Math.abs(even(a)) + Math.abs(odd(a))) * a / t;
        },
        0,
        1,
        TAIL_PANELS);
  }
}
