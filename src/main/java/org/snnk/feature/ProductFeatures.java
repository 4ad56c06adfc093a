package org.snnk.feature;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.snnk.SnnkException;
import org.snnk.linalg.Blas;
import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.BlockOperations.Function;
import org.snnk.linalg.Grid;
import org.snnk.random.CounterRandom;

/**
 * Product features with a learned read-out: a feature of degree i is the product of i independent
 * projections, E[φφ′] ∝ (u·u′)ⁱ, so that all together have the kernel Σᵢ aᵢ(u·u′)ⁱ.
 *
 * <ul>
 *   <li>{@link #polynomial}: u = [x/σ; 1], with a norm term [x/σ; 1; ‖x‖/σ], and as many features
 *       of each degree with aᵢ ≠ 0 as of any other ("EUGens", arXiv 2601.22563, whose signs of aᵢ
 *       belong to the read-out). The degree 0 is the intercept, which every model has.
 *   <li>{@link #powerSeries}: u = x/σ and independent signs, a feature's degree drawn as i with
 *       probability 2⁻ⁱ, up to {@value #MAX_DEGREE} (Kar and Karnick 2012, with p = 2).
 * </ul>
 *
 * <p><b>Scale</b>: x standardised. u is divided by s, the root of its mean square where ‖x‖² = d,
 * so that projections are about 1 in size.
 *
 * <p><b>Bound</b>: a product of i projections of size 1 is divided by Bᵢ = (36/i)^{i/2} and clipped
 * at ±1; for normal ones and ‖x‖² = d fewer than 10⁻⁷ lie beyond. The number of clipped features is
 * counted. Features of degree i are then multiplied with √(aᵢ/max a); in a power series a_i takes
 * the place of aᵢ2ⁱ, since degrees are drawn.
 *
 * <p><b>Cost</b>: d flops a row for each factor of each feature: d·Σ i·mᵢ.
 */
public final class ProductFeatures extends ProjectedFeatures {
  /** The name of polynomials in files and configurations. */
  public static final String POLYNOMIAL = "polynomial";

  /** The name of power series in files and configurations. */
  public static final String POWER_SERIES = "powerseries";

  /** The highest degree. */
  public static final int MAX_DEGREE = 8;

  private static final long serialVersionUID = 1L;
  private static final long FACTOR_STREAM = 0x70726F64L;
  private static final long DIRECTION_STREAM = 0x70726F6464L;
  private static final long BIAS_STREAM = 0x70726F6462L;
  private static final long NORM_STREAM = 0x70726F646EL;
  private static final long DEGREE_STREAM = 0x70726F6465L;
  private static final double SQUARE_BOUND = 36;

  /** Products worked on at a time: two arrays of as many fit a first-level cache. */
  private static final int TILE = 1024;

  private final boolean series;
  private final double[] coefficients;
  private final boolean inputNorm;

  /** Features of each degree. */
  private final int[] counts;

  private transient volatile GridProjection[][] factors;

  private ProductFeatures(
      boolean series,
      int inputs,
      int features,
      double[] coefficients,
      boolean inputNorm,
      double lengthScale,
      Projection projection,
      long seed) {
    super(subject(series), inputs, features, lengthScale, projection, seed);
    requireMoments(subject(series), projection);
    requireCoefficients(subject(series), coefficients);
    this.series = series;
    this.coefficients = coefficients.clone();
    this.inputNorm = inputNorm;
    this.counts = series ? drawnCounts() : equalCounts();
  }

  private static String subject(boolean series) {
    return series ? "power-series features" : "polynomial features";
  }

  /**
   * Features of a polynomial kernel.
   *
   * @param inputs d
   * @param features m
   * @param coefficients a₀, a₁, …; only their sizes count, and a₀ not at all
   * @param inputNorm whether ‖x‖ is appended to x
   * @param lengthScale σ
   * @throws SnnkException if a number is out of its range or directions have heavy tails
   */
  public static ProductFeatures polynomial(
      int inputs,
      int features,
      List<Double> coefficients,
      boolean inputNorm,
      double lengthScale,
      Projection projection,
      long seed) {
    double[] a = coefficients.stream().mapToDouble(Double::doubleValue).toArray();
    return new ProductFeatures(
        false, inputs, features, a, inputNorm, lengthScale, projection, seed);
  }

  /** Features of a power series in x·x′/σ², drawn with signs; otherwise as {@link #polynomial}. */
  public static ProductFeatures powerSeries(
      int inputs, int features, List<Double> coefficients, double lengthScale, long seed) {
    double[] a = coefficients.stream().mapToDouble(Double::doubleValue).toArray();
    return new ProductFeatures(
        true, inputs, features, a, false, lengthScale, Projection.RADEMACHER, seed);
  }

  static void requireCoefficients(String subject, double[] a) {
    boolean finite = Arrays.stream(a).allMatch(Double::isFinite);
    boolean some = a.length > 1 && Arrays.stream(a, 1, a.length).anyMatch(v -> v != 0);
    if (!finite || !some || a.length > MAX_DEGREE + 1) {
      throw new SnnkException(
          subject,
          "finite coefficients of degrees 0 to at most "
              + MAX_DEGREE
              + ", one of them beyond degree 0 not 0",
          Arrays.toString(a),
          null,
          "Set features.coefficients, such as 0,1,1 for z + z^2.");
    }
  }

  /**
   * As many of each degree as of any other; of the lower ones one more where they do not divide.
   */
  private int[] equalCounts() {
    int[] made = new int[coefficients.length];
    int used = 0;
    for (int i = 1; i < coefficients.length; i++) {
      used += coefficients[i] != 0 ? 1 : 0;
    }
    int number = 0;
    for (int i = 1; i < coefficients.length; i++) {
      if (coefficients[i] != 0) {
        made[i] = features() / used + (number < features() % used ? 1 : 0);
        number++;
      }
    }
    return made;
  }

  private int[] drawnCounts() {
    int[] made = new int[coefficients.length];
    CounterRandom random = new CounterRandom(seed(), DEGREE_STREAM);
    for (int j = 0; j < features(); j++) {
      made[drawDegree(random.uniform(j), coefficients)]++;
    }
    return made;
  }

  /** The degree of a uniform number: i with probability ∝ 2⁻ⁱ among those with aᵢ ≠ 0, i ≥ 1. */
  static int drawDegree(double u, double[] a) {
    double left = u * totalChance(a);
    int last = 0;
    for (int i = 1; i < a.length; i++) {
      if (a[i] != 0) {
        last = i;
        left -= Math.scalb(1.0, -i);
        if (left < 0) {
          break;
        }
      }
    }
    return last;
  }

  static double totalChance(double[] a) {
    double total = 0;
    for (int i = 1; i < a.length; i++) {
      total += a[i] == 0 ? 0 : Math.scalb(1.0, -i);
    }
    return total;
  }

  @Override
  String kind() {
    return series ? POWER_SERIES : POLYNOMIAL;
  }

  @Override
  public boolean clips() {
    return true;
  }

  /** The factor of the features of degree i: √(aᵢ/max), and what their rarity asks for. */
  private double weight(int i) {
    double largest = 0;
    for (int k = 1; k < coefficients.length; k++) {
      largest = Math.max(largest, size(k));
    }
    return Math.sqrt(size(i) / largest);
  }

  private double size(int i) {
    return Math.abs(coefficients[i]) * (series ? Math.scalb(1.0, i) : 1);
  }

  private GridProjection[][] factors() {
    GridProjection[][] made = factors;
    if (made == null) {
      made = drawFactors();
      factors = made;
    }
    return made;
  }

  private GridProjection[][] drawFactors() {
    double perScale = 1 / lengthScale();
    double square = inputs() * perScale * perScale;
    double rms = Math.sqrt((inputNorm ? 2 : 1) * square + (series ? 0 : 1));
    CounterRandom seeds = new CounterRandom(seed(), FACTOR_STREAM);
    GridProjection[][] made = new GridProjection[counts.length][];
    for (int i = 0; i < counts.length; i++) {
      made[i] = new GridProjection[counts[i] == 0 ? 0 : i];
      for (int k = 0; k < made[i].length; k++) {
        // Streams of one seed share the norms of orthogonal rows: factors need seeds of their own.
        CounterRandom random =
            new CounterRandom(seeds.bits((long) i * (MAX_DEGREE + 1) + k), DIRECTION_STREAM);
        double[] beta = series ? null : weights(counts[i], random.stream(BIAS_STREAM), 1 / rms);
        double[] gamma =
            inputNorm
                ? weights(counts[i], random.stream(NORM_STREAM), Math.sqrt(square) / rms)
                : null;
        made[i][k] =
            GridProjection.of(
                projection(),
                counts[i],
                inputs(),
                perScale / rms,
                new GridProjection.Offsets(beta, gamma),
                random);
      }
    }
    return made;
  }

  /** Normal numbers, or signs where directions are signs. */
  private double[] weights(int count, CounterRandom random, double scale) {
    boolean signs = projection().kind() == Projection.Kind.RADEMACHER;
    double[] weights = new double[count];
    for (int j = 0; j < count; j++) {
      double sign = random.bits(j) < 0 ? -1 : 1;
      weights[j] = scale * (signs ? sign : random.gaussian(j));
    }
    return weights;
  }

  @Override
  long map(Blas blas, int n, double[] x, double[] out, int ldOut) {
    GridProjection[][] all = factors();
    long clipped = 0;
    int to = 0;
    for (int i = 1; i < counts.length; i++) {
      if (counts[i] > 0) {
        clipped += products(blas, i, all[i], n, x, out, to, ldOut);
        to += counts[i];
      }
    }
    return clipped;
  }

  private long products(
      Blas blas,
      int degree,
      GridProjection[] of,
      int n,
      double[] x,
      double[] out,
      int to,
      int ldOut) {
    int count = counts[degree];
    double weight = weight(degree);
    double scale = scale(degree, of);
    if (degree == 1) {
      return map(
          blas,
          of[0],
          n,
          x,
          out,
          to,
          ldOut,
          (row, z, from, end) -> finished(z, from, end, scale, weight));
    }
    GridProjection.Scratch scratch = GridProjection.Scratch.ofThread();
    int stretch = stretch(n, of[0]);
    scratch.reserveProducts(stretch * count);
    double[] product = scratch.product;
    double[] z = scratch.factor;
    long clipped = 0;
    for (int done = 0; done < n; done += stretch) {
      int rows = Math.min(stretch, n - done);
      int end = rows * count;
      of[0].project(blas, rows, x, done, product, 0, count, scratch);
      for (int k = 1; k < degree; k++) {
        of[k].project(blas, rows, x, done, z, 0, count, scratch);
        for (int from = 0; from < end; from += TILE) {
          int until = Math.min(end, from + TILE);
          multiply(product, z, from, until);
          clipped += k < degree - 1 ? 0 : finished(product, from, until, scale, weight);
        }
      }
      for (int i = 0; i < rows; i++) {
        System.arraycopy(product, i * count, out, (done + i) * ldOut + to, count);
      }
    }
    return clipped;
  }

  private static long finished(double[] v, int from, int to, double scale, double weight) {
    long clipped = beyond(v, from, to, Grid.FEATURE_ONE / scale);
    finish(v, from, to, scale, weight);
    return clipped;
  }

  /** 2²⁰/Bᵢ for factors in their own units. */
  private static double scale(int degree, GridProjection[] factors) {
    double scale = scale(degree);
    for (GridProjection each : factors) {
      scale *= each.unit();
    }
    return scale;
  }

  /** 2²⁰/Bᵢ. */
  private static double scale(int degree) {
    return Grid.FEATURE_ONE / StrictMath.pow(SQUARE_BOUND / degree, degree / 2.0);
  }

  @Override
  public <B> B express(BlockOperations<B> on, B x) {
    GridProjection[][] all = factors();
    List<B> degrees = new ArrayList<>();
    for (int i = 1; i < counts.length; i++) {
      if (counts[i] > 0) {
        B product = all[i][0].express(on, x);
        for (int k = 1; k < i; k++) {
          product = on.multiply(product, all[i][k].express(on, x));
        }
        B v = on.multiply(product, scale(i));
        B above = on.apply(Function.ABS, on.add(v, Grid.FEATURE_ONE));
        B below = on.apply(Function.ABS, on.add(v, -Grid.FEATURE_ONE));
        B clipped = on.multiply(on.subtract(above, below), 0.5);
        degrees.add(onGrid(on, on.multiply(clipped, weight(i))));
      }
    }
    return on.concat(degrees);
  }

  // One index for both arrays: two would not be vectorised.

  static void multiply(double[] product, double[] z, int from, int to) {
    for (int j = from; j < to; j++) {
      product[j] *= z[j];
    }
  }

  /** How many will be clipped. */
  private static long beyond(double[] product, int from, int to, double bound) {
    long count = 0;
    for (int j = from; j < to; j++) {
      count += Math.abs(product[j]) > bound ? 1 : 0;
    }
    return count;
  }

  /** Clips v = scale·product at ±2²⁰ as |v + 2²⁰| − |v − 2²⁰| over 2, which has no branch. */
  static void finish(double[] product, int from, int to, double scale, double weight) {
    for (int j = from; j < to; j++) {
      double v = product[j] * scale;
      double clipped = 0.5 * (Math.abs(v + Grid.FEATURE_ONE) - Math.abs(v - Grid.FEATURE_ONE));
      product[j] = Grid.round(clipped * weight);
    }
  }

  @Override
  void writeOptions(DataOutput out) throws IOException {
    out.writeInt(coefficients.length);
    for (double a : coefficients) {
      out.writeDouble(a);
    }
    out.writeBoolean(inputNorm);
  }

  @Override
  String describeOptions() {
    return ", coefficients=" + Arrays.toString(coefficients) + (inputNorm ? ", input norm" : "");
  }

  static ProductFeatures read(String kind, DataInput in) throws IOException {
    int inputs = in.readInt();
    int features = in.readInt();
    double lengthScale = in.readDouble();
    Projection projection = Projection.of(in.readUTF());
    long seed = in.readLong();
    double[] coefficients = new double[in.readInt()];
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] = in.readDouble();
    }
    return new ProductFeatures(
        kind.equals(POWER_SERIES),
        inputs,
        features,
        coefficients,
        in.readBoolean(),
        lengthScale,
        projection,
        seed);
  }
}
