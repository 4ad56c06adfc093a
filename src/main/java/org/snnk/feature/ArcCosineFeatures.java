package org.snnk.feature;

import java.io.DataInput;
import java.io.IOException;
import org.snnk.SnnkException;
import org.snnk.linalg.Blas;
import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.BlockOperations.Function;
import org.snnk.linalg.Grid;
import org.snnk.random.CounterRandom;

/**
 * Arc-cosine features of order n = 0, 1, 2 with a learned read-out: φⱼ(x) = ReLU(zⱼ)ⁿ/Bⁿ with z =
 * (Gx/σ + β)/s, and for n = 0 the step function, ½ at 0 (Scalable Neural Network Kernels, Theorem
 * 3.2; order 1 is the paper's ReLU-SNNK, whose kernel is the arc-cosine kernel of Cho and Saul 2009
 * on [x/σ; 1]).
 *
 * <p><b>Scale</b>: x standardised. Without β the features would be homogeneous in x and σ mean
 * nothing; with β ~ N(0, 1) it says how far from the origin the kinks lie. s = √(1 + d/σ²) is the
 * root of the mean square of the numerator where ‖x‖² = d, so that z is about 1 in size.
 *
 * <p><b>Bound</b>: features of order 1 and 2 have none, so they are divided by Bⁿ, B = {@value
 * #BOUND}, and clipped at 1: what lies beyond 6 deviations, 10⁻⁹ of all where ‖x‖² = d and 10⁻³
 * where it is 4d. The number of clipped features is counted.
 *
 * <p><b>Cost</b>: dm flops a row, some ten more for each feature.
 */
public final class ArcCosineFeatures extends ProjectedFeatures {
  private static final long serialVersionUID = 1L;
  private static final long DIRECTION_STREAM = 0x616363L;
  private static final long BIAS_STREAM = 0x61636362L;
  private static final String SUBJECT = "arc-cosine features";

  /** B: in deviations of z. */
  static final double BOUND = 6;

  /** |z| below this counts as 0 for the step function. */
  private static final double ZERO = 0x1p-1000;

  /**
   * The same for z in units of 1, where floats have it too; on their grid no z but 0 is as small.
   */
  private static final double EXPRESSED_ZERO = 0x1p-100;

  private final int order;
  private transient volatile GridProjection directions;

  /**
   * A map.
   *
   * @param inputs d
   * @param features m
   * @param order n: 0, 1 or 2
   * @param lengthScale σ
   * @throws SnnkException if a number is out of its range or directions have heavy tails
   */
  public ArcCosineFeatures(
      int inputs, int features, int order, double lengthScale, Projection projection, long seed) {
    super(SUBJECT, inputs, features, lengthScale, projection, seed);
    ArcCosineKernel.requireOrder(order);
    requireMoments(SUBJECT, projection);
    this.order = order;
  }

  /** The name of the kind of an order. */
  static String kind(int order) {
    return order == 1 ? "relu" : "arccos" + order;
  }

  @Override
  String kind() {
    return kind(order);
  }

  @Override
  public boolean clips() {
    return order > 0;
  }

  private GridProjection directions() {
    GridProjection g = directions;
    if (g == null) {
      int m = features();
      double rms = Math.sqrt(1 + inputs() / (lengthScale() * lengthScale()));
      CounterRandom biases = new CounterRandom(seed(), BIAS_STREAM);
      double[] beta = new double[m];
      for (int j = 0; j < m; j++) {
        beta[j] = biases.gaussian(j) / rms;
      }
      g =
          GridProjection.of(
              projection(),
              m,
              inputs(),
              1 / (lengthScale() * rms),
              new GridProjection.Offsets(beta, null),
              new CounterRandom(seed(), DIRECTION_STREAM));
      directions = g;
    }
    return g;
  }

  @Override
  long map(Blas blas, int n, double[] x, double[] out, int ldOut) {
    GridProjection g = directions();
    double ramp = g.unit() * (Grid.FEATURE_ONE / BOUND);
    double root = g.unit() * (Math.sqrt(Grid.FEATURE_ONE) / BOUND);
    Activation activation =
        switch (order) {
          case 0 ->
              (row, z, from, to) -> {
                steps(z, from, to);
                return 0;
              };
          case 1 ->
              (row, z, from, to) -> {
                ramps(z, from, to, ramp);
                return Clip.toOne(z, from, to);
              };
          default ->
              (row, z, from, to) -> {
                squares(z, from, to, root);
                return Clip.toOne(z, from, to);
              };
        };
    return map(blas, g, n, x, out, 0, ldOut, activation);
  }

  @Override
  public <B> B express(BlockOperations<B> on, B x) {
    B z = directions().express(on, x);
    if (order == 0) {
      B sign = on.divide(z, on.add(on.apply(Function.ABS, z), EXPRESSED_ZERO));
      return onGrid(on, on.multiply(on.add(sign, 1), 0.5 * Grid.FEATURE_ONE));
    }
    double scale = (order == 1 ? Grid.FEATURE_ONE : Math.sqrt(Grid.FEATURE_ONE)) / BOUND;
    B ramp = on.max(on.multiply(z, scale), on.row(0));
    return clippedOnGrid(on, order == 1 ? ramp : on.multiply(ramp, ramp));
  }

  // No Math.max and no branch: both would keep C2 from vectorising the loops.

  static void steps(double[] z, int from, int to) {
    for (int j = from; j < to; j++) {
      double sign = z[j] / (Math.abs(z[j]) + ZERO);
      z[j] = Grid.round((1 + sign) * (0.5 * Grid.FEATURE_ONE));
    }
  }

  static void ramps(double[] z, int from, int to, double scale) {
    for (int j = from; j < to; j++) {
      double v = z[j] * scale;
      z[j] = Grid.round((v + Math.abs(v)) * 0.5);
    }
  }

  static void squares(double[] z, int from, int to, double scale) {
    for (int j = from; j < to; j++) {
      double v = z[j] * scale;
      double r = (v + Math.abs(v)) * 0.5;
      z[j] = Grid.round(r * r);
    }
  }

  /** φ′ = 1/B above 0 for order 1 and 2√φ/B for order 2; 0 beyond the bound. */
  @Override
  public void gradients(
      int n, double[] features, double[] weights, int k, int[] output, double[] out) {
    if (order == 0) {
      super.gradients(n, features, weights, k, output, out);
      return;
    }
    int m = features();
    double[] slopes = new double[n * m];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < m; j++) {
        double phi = features[i * m + j] / Grid.FEATURE_ONE;
        double slope = phi > 0 && phi < 1 ? (order == 1 ? 1 : 2 * Math.sqrt(phi)) / BOUND : 0;
        slopes[i * m + j] = slope * weights[j * k + output[i]];
      }
    }
    Blas.backend().multiply(n, m, inputs(), slopes, m, directions().directions(), out, inputs());
  }

  static ArcCosineFeatures read(int order, DataInput in) throws IOException {
    int inputs = in.readInt();
    int features = in.readInt();
    double lengthScale = in.readDouble();
    Projection projection = Projection.of(in.readUTF());
    return new ArcCosineFeatures(inputs, features, order, lengthScale, projection, in.readLong());
  }
}
