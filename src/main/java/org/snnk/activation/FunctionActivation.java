package org.snnk.activation;

import org.snnk.SnnkException;
import org.snnk.linalg.BlockOperations;

/**
 * A user's function, its spectrum found by a fast Fourier transform.
 *
 * <p>f tends to straight lines α± + β±z at both ends of the window. A line, (α₊−α₋)/2·erf(z) and
 * (β₊−β₋)/2·|z| smoothed by N(0, 1), whose spectra are known, are taken away; what is left dies
 * away at both ends, and the trapezoidal rule gives its transform.
 */
final class FunctionActivation implements Activation {
  private static final long serialVersionUID = 1L;

  private static final int SAMPLES = 1 << 14;

  /** Zeros behind the samples, so that the table is fine enough for cubic interpolation. */
  private static final int PADDING = 16;

  /** What may be left at the ends of the window, relative to the size of the function. */
  private static final double END_TOLERANCE = 1e-6;

  /** What the frequencies beyond the end may add up to, relative to the rest's size. */
  private static final double NEGLIGIBLE = 1e-11;

  /** Where the spectrum of erf, e^(−a²/4), has become negligible. */
  private static final double ERF_END = Math.sqrt(160);

  private static final double SMOOTH_ABS_CONSTANT = 2 * ErrorFunction.normalDensity(0);

  private final String name;
  private final RealFunction value;
  private final RealFunction derivative;
  private final double window;

  private transient volatile Spectrum spectrum;

  FunctionActivation(String name, RealFunction value, RealFunction derivative, double window) {
    if (!(window > 0) || Double.isInfinite(window)) {
      throw new SnnkException(
          "activation '" + name + "'",
          "a finite window > 0",
          window + "",
          null,
          "Give half the width of where the function is not yet a straight line, such as 20.");
    }
    this.name = name;
    this.value = value;
    this.derivative = derivative;
    this.window = window;
  }

  @Override
  public String key() {
    return name;
  }

  @Override
  public double value(double z) {
    return value.applyAsDouble(z);
  }

  @Override
  public double derivative(double z) {
    return derivative.applyAsDouble(z);
  }

  /** Found once in each process; two threads that do so at once find the same. */
  @Override
  public <B> B express(BlockOperations<B> on, B z) {
    throw new SnnkException(
        "formula of the activation '" + name + "'",
        "one that other programs know",
        "a function in Java",
        null,
        "Choose one of " + String.join(", ", Activation.names()) + ".");
  }

  @Override
  public Spectrum spectrum() {
    Spectrum found = spectrum;
    if (found == null) {
      found = find();
      spectrum = found;
    }
    return found;
  }

  /** Weights at multiples of a step, with cubic interpolation between them. */
  private record Table(double[] values, double step) implements RealFunction {
    private static final long serialVersionUID = 1L;

    @Override
    public double applyAsDouble(double a) {
      double at = a / step;
      int i = Math.max(1, Math.min(values.length - 3, (int) at));
      double t = at - i;
      double p0 = values[i - 1];
      double p1 = values[i];
      double p2 = values[i + 1];
      double p3 = values[i + 2];
      return p1 * (t + 1) * (t - 1) * (t - 2) / 2
          - p2 * (t + 1) * t * (t - 2) / 2
          - p0 * t * (t - 1) * (t - 2) / 6
          + p3 * (t + 1) * t * (t - 1) / 6;
    }
  }

  private Spectrum find() {
    double dz = 2 * window / SAMPLES;
    double[] f = new double[SAMPLES];
    double size = 0;
    for (int n = 0; n < SAMPLES; n++) {
      f[n] = value((n - SAMPLES / 2) * dz);
      if (!Double.isFinite(f[n])) {
        throw error("finite values", f[n] + " at z = " + (n - SAMPLES / 2) * dz);
      }
      size = Math.max(size, Math.abs(f[n]));
    }
    Line low = line(-window, -0.9 * window, size);
    Line high = line(window, 0.9 * window, size);
    double slope = (high.slope + low.slope) / 2;
    double ramp = (high.slope - low.slope) / 2;
    double middle = (high.intercept + low.intercept) / 2;
    double step = (high.intercept - low.intercept) / 2;
    int length = SAMPLES * PADDING;
    double[] re = new double[length];
    double[] im = new double[length];
    double restSize = 0;
    for (int n = 0; n < SAMPLES; n++) {
      double z = (n - SAMPLES / 2) * dz;
      double smoothAbs = 2 * (z * ErrorFunction.normalCdf(z) + ErrorFunction.normalDensity(z)) - z;
      double rest = f[n] - middle - slope * z - step * ErrorFunction.erf(z) - ramp * smoothAbs;
      // z = 0 comes first, negative z at the end: the transform is then that about 0.
      re[Math.floorMod(n - SAMPLES / 2, length)] = rest;
      restSize = Math.max(restSize, Math.abs(rest));
    }
    double[] given = re.clone();
    FourierTransform.transform(re, im);

    double da = 2 * Math.PI / (length * dz);
    int last = last(re, im, restSize * NEGLIGIBLE * length);
    double[] even = new double[last + 4];
    double[] odd = new double[last + 4];
    for (int k = 0; k < even.length; k++) {
      even[k] = re[k] * dz / Math.PI;
      odd[k] = -im[k] * dz / Math.PI;
    }
    double error = error(re, im, last, given);
    return assemble(
        new Table(even, da), new Table(odd, da), last * da, middle, slope, step, ramp, error);
  }

  /** The frequency beyond which all together are negligible, at most half that of the samples. */
  private static int last(double[] re, double[] im, double negligible) {
    int last = re.length / 4;
    double beyond = 0;
    while (last > 8) {
      beyond += 2 * Math.hypot(re[last], im[last]);
      if (beyond > negligible) {
        break;
      }
      last--;
    }
    return last;
  }

  /** How far the samples change when the frequencies beyond the last are left out. */
  private double error(double[] re, double[] im, int last, double[] given) {
    int length = re.length;
    double[] back = new double[length];
    double[] imaginary = new double[length];
    for (int k = 0; k <= last; k++) {
      double weight = k == last ? 0.5 : 1;
      back[k] = weight * re[k];
      imaginary[k] = weight * im[k];
      if (k > 0) {
        back[length - k] = weight * re[length - k];
        imaginary[length - k] = weight * im[length - k];
      }
    }
    FourierTransform.transform(imaginary, back);
    double worst = 0;
    for (int n = -SAMPLES / 2; n < SAMPLES / 2; n++) {
      int at = Math.floorMod(n, length);
      worst = Math.max(worst, Math.abs(back[at] / length - given[at]));
    }
    return worst;
  }

  private Spectrum assemble(
      Table even,
      Table odd,
      double end,
      double middle,
      double slope,
      double step,
      double ramp,
      double error) {
    double scale = Math.PI / window;
    RealFunction sines =
        a -> odd.applyAsDouble(a) + step * 2 * StrictMath.exp(-a * a / 4) / (Math.PI * a);
    double enough = Math.max(end, step == 0 && ramp == 0 ? 0 : ERF_END);
    double within = end;
    RealFunction cosines = a -> a <= within ? even.applyAsDouble(a) : 0;
    RealFunction boundedSines =
        a -> a <= within ? sines.applyAsDouble(a) : sines.applyAsDouble(a) - odd.applyAsDouble(a);
    if (ramp == 0) {
      return Spectrum.numerical(false, cosines, boundedSines, enough, scale, error)
          .plus(middle, slope);
    }
    // cos = 1 − (1 − cos): one kernel for both even parts.
    double atZero = Quadrature.integrate(even, 0, end, (int) Math.ceil(Math.max(64, end / scale)));
    RealFunction differences =
        a -> ramp * 2 * StrictMath.exp(-a * a / 2) / (Math.PI * a * a) - cosines.applyAsDouble(a);
    return Spectrum.numerical(true, differences, boundedSines, enough, scale, error)
        .plus(middle + ramp * SMOOTH_ABS_CONSTANT + atZero, slope);
  }

  private record Line(double intercept, double slope) {}

  /** The line through two points of an end, which a third between them must confirm. */
  private Line line(double outer, double inner, double size) {
    double slope = (value(outer) - value(inner)) / (outer - inner);
    double intercept = value(outer) - slope * outer;
    double between = (outer + inner) / 2;
    double off = Math.abs(value(between) - intercept - slope * between);
    if (!(off <= END_TOLERANCE * size)) {
      throw error(
          "a straight line beyond |z| = " + 0.9 * window,
          "a bend of " + (float) off + " between z = " + inner + " and " + outer);
    }
    return Math.abs(slope) * window > END_TOLERANCE * size
        ? new Line(intercept, slope)
        : new Line(value(outer), 0);
  }

  private SpectrumException error(String expected, String got) {
    return new SpectrumException(
        name,
        expected,
        got,
        null,
        "Widen the window if it dies away later; for a function that grows faster than |z| take"
            + " product features of a polynomial, for a periodic one its own sines and cosines.");
  }
}
