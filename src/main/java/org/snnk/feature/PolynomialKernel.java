package org.snnk.feature;

import java.util.Arrays;
import org.snnk.SnnkException;
import org.snnk.activation.Activation;
import org.snnk.linalg.Blas;
import org.snnk.random.CounterRandom;

/**
 * Towers whose product is a polynomial layer on average: f(z) = Σᵢ aᵢzⁱ, z = wᵀx + b ("EUGens",
 * arXiv 2601.22563). Since zⁱ = E Πⱼ (gⱼ·x⁺)(gⱼ·w⁺) for independent gⱼ with E ggᵀ = I,
 *
 * <pre>   Φ⁽ⁱ⁾(x) = √(|aᵢ|/m) ⊙ⱼ Gⱼx⁺,   Ψ⁽ⁱ⁾(w, b) = sign(aᵢ)√(|aᵢ|/m) ⊙ⱼ Gⱼw⁺,   j = 1…i.</pre>
 *
 * <p><b>Shapes</b>: x⁺ = [x; 1], w⁺ = [w; b]; with the norm term x⁺ = [x; 1; ‖x‖] and w⁺ = [w; b;
 * 0], which leaves the layer as it is and gives a learned Ψ one direction more. One constant
 * feature for degree 0, then m features for each degree with aᵢ ≠ 0. <b>Scale</b>: x as the layer
 * sees it. <b>Cost</b>: 2dm·i flops a row for degree i. <b>Deterministic</b>: G is a function of
 * the seed; the towers are plain sums of doubles.
 *
 * <p><b>Variance</b>: {@link #variance}; polynomial, not exponential, in the norms.
 */
public final class PolynomialKernel implements SnnkKernel {
  private static final long serialVersionUID = 1L;
  private static final long FACTOR_STREAM = 0x706F6C79L;
  private static final long DIRECTION_STREAM = 0x706F6C7964L;
  private static final String SUBJECT = "polynomial kernel";

  private final int inputs;
  private final int perDegree;
  private final double[] coefficients;
  private final boolean inputNorm;
  private final Projection projection;
  private final long seed;

  /** Gⱼᵀ of each factor of each degree, width×m. */
  private transient volatile double[][][] factors;

  /**
   * Towers.
   *
   * @param inputs d
   * @param perDegree m
   * @param coefficients a₀, a₁, …
   * @param inputNorm whether ‖x‖ is appended to x
   * @param projection gaussian, rademacher or orthogonal rows
   * @throws SnnkException if a number is out of its range, or directions do not have E ggᵀ = I
   */
  public PolynomialKernel(
      int inputs,
      int perDegree,
      double[] coefficients,
      boolean inputNorm,
      Projection projection,
      long seed) {
    Sizes.require(SUBJECT, inputs, perDegree);
    ProductFeatures.requireCoefficients(SUBJECT, coefficients);
    boolean identity = projection.isNormal() || projection.equals(Projection.RADEMACHER);
    if (!identity) {
      throw new SnnkException(
          SUBJECT,
          "directions with the identity as covariance",
          "'" + projection.key() + "'",
          null,
          "Choose gaussian, rademacher or orthogonal.");
    }
    this.inputs = inputs;
    this.perDegree = perDegree;
    this.coefficients = coefficients.clone();
    this.inputNorm = inputNorm;
    this.projection = projection;
    this.seed = seed;
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int features() {
    int count = coefficients[0] == 0 ? 0 : 1;
    for (int i = 1; i < coefficients.length; i++) {
      count += coefficients[i] == 0 ? 0 : perDegree;
    }
    return count;
  }

  private int width() {
    return inputs + (inputNorm ? 2 : 1);
  }

  @Override
  public void inputTower(int n, double[] x, double[] out, int ldOut) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    double[] last = new double[n];
    for (int i = 0; i < n; i++) {
      last[i] = Math.sqrt(GridProjection.squares(x, i * inputs, inputs));
    }
    tower(n, append(n, x, ones, last), false, out, ldOut);
  }

  @Override
  public void parameterTower(int l, double[] w, double[] b, double[] out, int ldOut) {
    tower(l, append(l, w, b, new double[l]), true, out, ldOut);
  }

  private double[] append(int n, double[] rows, double[] bias, double[] norm) {
    return inputNorm
        ? Towers.append(n, inputs, rows, bias, norm)
        : Towers.append(n, inputs, rows, bias);
  }

  private void tower(int n, double[] v, boolean signed, double[] out, int ldOut) {
    double[][][] all = factors();
    int to = 0;
    if (coefficients[0] != 0) {
      for (int i = 0; i < n; i++) {
        out[i * ldOut] = scale(0, 1, signed);
      }
      to = 1;
    }
    double[] z = new double[n * perDegree];
    for (int degree = 1; degree < coefficients.length; degree++) {
      if (coefficients[degree] == 0) {
        continue;
      }
      double scale = scale(degree, perDegree, signed);
      for (int i = 0; i < n; i++) {
        Arrays.fill(out, i * ldOut + to, i * ldOut + to + perDegree, scale);
      }
      for (double[] g : all[degree]) {
        Blas.backend().multiply(n, width(), perDegree, v, width(), g, z, perDegree);
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < perDegree; j++) {
            out[i * ldOut + to + j] *= z[i * perDegree + j];
          }
        }
      }
      to += perDegree;
    }
  }

  private double scale(int degree, int m, boolean signed) {
    double a = coefficients[degree];
    double root = Math.sqrt(Math.abs(a) / m);
    return signed ? Math.signum(a) * root : root;
  }

  private double[][][] factors() {
    double[][][] made = factors;
    if (made == null) {
      made = new double[coefficients.length][][];
      CounterRandom seeds = new CounterRandom(seed, FACTOR_STREAM);
      for (int i = 1; i < made.length; i++) {
        made[i] = new double[coefficients[i] == 0 ? 0 : i][];
        for (int k = 0; k < made[i].length; k++) {
          // Streams of one seed share the norms of orthogonal rows: factors need seeds of their
          // own.
          CounterRandom random =
              new CounterRandom(
                  seeds.bits((long) i * (ProductFeatures.MAX_DEGREE + 1) + k), DIRECTION_STREAM);
          made[i][k] =
              Towers.transposed(perDegree, width(), projection.draw(perDegree, width(), random));
        }
      }
      factors = made;
    }
    return made;
  }

  /** f(wᵀx + b): what the product of the towers is on average. */
  public double expectation(double[] x, double[] w, double b) {
    return Activation.polynomial(coefficients).value(Towers.Sums.of(x, w, b).z());
  }

  /**
   * The variance of the product of the towers, Σᵢ aᵢ²/m²·[m(Vⁱ − z²ⁱ) + p(cⁱ − z²ⁱ)] over i ≥ 1.
   *
   * <p>V = XW + 2z² for normal directions, X = ‖x⁺‖², W = ‖w⁺‖², and XW + 2z² − 2Σⱼ(xⱼ⁺wⱼ⁺)² for
   * signs. For orthogonal rows p ordered pairs stand in a block of width n and have c = E
   * (g·x⁺)(g·w⁺)(g′·x⁺)(g′·w⁺) = n(nz² − XW)/((n − 1)(n + 2)) ≤ z²; otherwise p = 0. So they vary
   * less in odd degrees, and in even ones unless c² > z⁴, as where x⁺ and w⁺ are at a right angle.
   *
   * @throws SnnkException for projections whose variance has no closed form here
   */
  public double variance(double[] x, double[] w, double b) {
    boolean orthogonal = projection.equals(Projection.ORTHOGONAL);
    boolean signs = projection.equals(Projection.RADEMACHER);
    if (!orthogonal && !signs && !projection.equals(Projection.GAUSSIAN)) {
      throw new SnnkException(
          SUBJECT + " variance",
          "gaussian, rademacher or orthogonal directions",
          "'" + projection.key() + "'",
          null,
          "Measure it over seeds.");
    }
    Towers.Sums sums = Towers.Sums.of(x, w, b);
    double z = sums.z();
    double ww = sums.ww();
    double xx = inputNorm ? 2 * sums.xx() - 1 : sums.xx();
    double second = xx * ww + 2 * z * z - (signs ? 2 * sums.fourths() : 0);
    double n = width();
    double together = n == 1 ? 0 : n * (n * z * z - xx * ww) / ((n - 1) * (n + 2));
    double pairs = orthogonal ? pairs() : 0;
    double variance = 0;
    for (int i = 1; i < coefficients.length; i++) {
      double mean = StrictMath.pow(z, 2 * i);
      double a = coefficients[i] / perDegree;
      variance +=
          a
              * a
              * (perDegree * (StrictMath.pow(second, i) - mean)
                  + pairs * (StrictMath.pow(together, i) - mean));
    }
    return variance;
  }

  /** Ordered pairs of different rows in one block. */
  private double pairs() {
    int n = width();
    int rest = perDegree % n;
    return (double) (perDegree - rest) * (n - 1) + (double) rest * (rest - 1);
  }

  @Override
  public String describe() {
    return "polynomial(m="
        + features()
        + ", d="
        + inputs
        + ", coefficients="
        + Arrays.toString(coefficients)
        + (inputNorm ? ", input norm" : "")
        + ", "
        + projection.key()
        + ", seed="
        + seed
        + ")";
  }
}
