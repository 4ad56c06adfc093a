package org.snnk.feature;

import java.util.Arrays;
import org.snnk.SnnkException;
import org.snnk.activation.Activation;
import org.snnk.random.CounterRandom;

/**
 * Random Maclaurin towers of a power series f(z) = Σ aₙzⁿ, z = wᵀx + b (Kar and Karnick 2012,
 * Algorithm 1, with p = 2): a feature draws a degree N with probability 2⁻ᴺ⁻¹, then N vectors of
 * signs ω, and is
 *
 * <pre>   Φ(x) = √(|a_N|2ᴺ⁺¹/m) Πᵢ ωᵢ·x⁺,   Ψ(w, b) = sign(a_N)√(|a_N|2ᴺ⁺¹/m) Πᵢ ωᵢ·w⁺</pre>
 *
 * with x⁺ = [x; 1], w⁺ = [w; b]. Signs of coefficients stand in Ψ, so no coefficient need be
 * positive.
 *
 * <p><b>Truncated</b>: the series ends with the last coefficient given, and degrees are drawn among
 * those with aₙ ≠ 0 in proportion to 2⁻ⁿ; the product is unbiased for the truncated series.
 *
 * <p><b>tanh</b> ({@link #tanh}) is the negative result of the paper (Scalable Neural Network
 * Kernels, Appendix L): its series converges for |z| &lt; π/2 alone, and beyond the truncated one
 * runs away. Inside, the weights 2ᴺ⁺¹ and the products of signs make the variance grow like a power
 * of ‖x⁺‖²‖w⁺‖² ({@link #variance}). Use the universal random features for it.
 *
 * <p><b>Cost</b>: 2dE[N] flops a feature and row; rare high degrees cost little. <b>Scale</b>: x as
 * the layer sees it. <b>Deterministic</b>: degrees and signs are functions of the seed.
 */
public final class PowerSeriesKernel implements SnnkKernel {
  private static final long serialVersionUID = 1L;
  private static final long DEGREE_STREAM = 0x736572646567L;
  private static final long SIGN_STREAM = 0x736572736967L;
  private static final String SUBJECT = "power-series kernel";
  private static final int MAX_TERMS = 32;

  /** Of tanh z: z − z³/3 + 2z⁵/15 − 17z⁷/315 + 62z⁹/2835 − 1382z¹¹/155925. */
  private static final double[] TANH = {
    0, 1, 0, -1 / 3.0, 0, 2 / 15.0, 0, -17 / 315.0, 0, 62 / 2835.0, 0, -1382 / 155925.0
  };

  private final int inputs;
  private final int features;
  private final double[] coefficients;
  private final long seed;

  private transient volatile Draws draws;

  /** The degree of each feature, and its vectors one after the other. */
  private record Draws(int[] degrees, double[][] signs) {}

  /**
   * Towers.
   *
   * @param inputs d
   * @param features m
   * @param coefficients a₀, a₁, … up to a₃₁
   * @throws SnnkException if a number is out of its range
   */
  public PowerSeriesKernel(int inputs, int features, double[] coefficients, long seed) {
    Sizes.require(SUBJECT, inputs, features);
    boolean finite = Arrays.stream(coefficients).allMatch(Double::isFinite);
    boolean some = Arrays.stream(coefficients).anyMatch(a -> a != 0);
    if (!finite || !some || coefficients.length > MAX_TERMS) {
      throw new SnnkException(
          SUBJECT,
          "at most " + MAX_TERMS + " finite coefficients, one of them not 0",
          Arrays.toString(coefficients),
          null,
          "Give those of the truncated series.");
    }
    this.inputs = inputs;
    this.features = features;
    this.coefficients = coefficients.clone();
    this.seed = seed;
  }

  /**
   * Towers of the series of tanh up to an odd degree of at most 11.
   *
   * @throws SnnkException if the degree is another
   */
  public static PowerSeriesKernel tanh(int inputs, int features, int degree, long seed) {
    if (degree < 1 || degree % 2 == 0 || degree >= TANH.length) {
      throw new SnnkException(
          SUBJECT + " of tanh",
          "an odd degree from 1 to " + (TANH.length - 1),
          degree + "",
          null,
          "Even powers have no part in tanh.");
    }
    return new PowerSeriesKernel(inputs, features, Arrays.copyOf(TANH, degree + 1), seed);
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public void inputTower(int n, double[] x, double[] out, int ldOut) {
    tower(n, Towers.appendOne(n, inputs, x), false, out, ldOut);
  }

  @Override
  public void parameterTower(int l, double[] w, double[] b, double[] out, int ldOut) {
    tower(l, Towers.append(l, inputs, w, b), true, out, ldOut);
  }

  private void tower(int n, double[] v, boolean signed, double[] out, int ldOut) {
    Draws of = draws();
    int width = inputs + 1;
    for (int j = 0; j < features; j++) {
      int degree = of.degrees[j];
      double a = coefficients[degree];
      double scale = Math.sqrt(Math.abs(a) / (chance(degree) * features));
      double[] signs = of.signs[j];
      for (int i = 0; i < n; i++) {
        double product = signed ? Math.signum(a) * scale : scale;
        for (int k = 0; k < degree; k++) {
          double dot = 0;
          for (int c = 0; c < width; c++) {
            dot += signs[k * width + c] * v[i * width + c];
          }
          product *= dot;
        }
        out[i * ldOut + j] = product;
      }
    }
  }

  /** The probability of a degree. */
  private double chance(int degree) {
    double total = 0;
    for (int n = 0; n < coefficients.length; n++) {
      total += coefficients[n] == 0 ? 0 : Math.scalb(1.0, -n);
    }
    return Math.scalb(1.0, -degree) / total;
  }

  private Draws draws() {
    Draws made = draws;
    if (made == null) {
      CounterRandom degreeRandom = new CounterRandom(seed, DEGREE_STREAM);
      CounterRandom signRandom = new CounterRandom(seed, SIGN_STREAM);
      int width = inputs + 1;
      int[] degrees = new int[features];
      double[][] signs = new double[features][];
      for (int j = 0; j < features; j++) {
        degrees[j] = degree(degreeRandom.uniform(j));
        signs[j] = new double[degrees[j] * width];
        for (int c = 0; c < signs[j].length; c++) {
          signs[j][c] = signRandom.bits((long) j * MAX_TERMS * width + c) < 0 ? -1 : 1;
        }
      }
      made = new Draws(degrees, signs);
      draws = made;
    }
    return made;
  }

  private int degree(double u) {
    double left = u;
    int last = 0;
    for (int n = 0; n < coefficients.length; n++) {
      if (coefficients[n] != 0) {
        last = n;
        left -= chance(n);
        if (left < 0) {
          break;
        }
      }
    }
    return last;
  }

  /** The truncated series at wᵀx + b: what the product of the towers is on average. */
  public double expectation(double[] x, double[] w, double b) {
    return Activation.polynomial(coefficients).value(Towers.Sums.of(x, w, b).z());
  }

  /**
   * The variance of the product of the towers, [Σₙ aₙ²Vⁿ/P(n) − f²]/m with V = XW + 2z² −
   * 2Σⱼ(xⱼ⁺wⱼ⁺)², X = ‖x⁺‖², W = ‖w⁺‖².
   */
  public double variance(double[] x, double[] w, double b) {
    Towers.Sums sums = Towers.Sums.of(x, w, b);
    double v = sums.xx() * sums.ww() + 2 * sums.z() * sums.z() - 2 * sums.fourths();
    double second = 0;
    for (int n = 0; n < coefficients.length; n++) {
      double a = coefficients[n];
      second += a == 0 ? 0 : a * a * StrictMath.pow(v, n) / chance(n);
    }
    double f = expectation(x, w, b);
    return (second - f * f) / features;
  }

  @Override
  public String describe() {
    return "powerseries(m="
        + features
        + ", d="
        + inputs
        + ", coefficients="
        + Arrays.toString(coefficients)
        + ", seed="
        + seed
        + ")";
  }
}
