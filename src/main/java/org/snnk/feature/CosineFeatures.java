package org.snnk.feature;

import java.io.DataInput;
import java.io.IOException;
import org.snnk.SnnkException;
import org.snnk.linalg.Blas;
import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.Grid;
import org.snnk.random.CounterRandom;

/**
 * The cosine and sine features of the universal random features with a learned read-out: Φ(x) =
 * [cos(ωⱼᵀx), sin(ωⱼᵀx)] for j = 1…m/2, ωⱼ = gⱼ/σ, gⱼ ~ N(0, I_d) (Scalable Neural Network Kernels,
 * Eq. 6–11 with ρ = 2πiξ, η = 1; Rahimi and Recht 2007).
 *
 * <p>The factor e^{a²‖x‖²/2} of the unbiased tower is dropped, since the read-out is learned: E ΦΦᵀ
 * is then the Gaussian kernel exp(−‖x−x′‖²/2σ²) times m/2, whichever activation f is meant, and f
 * only chooses the law of σ. Other laws of g make other kernels: see {@link Projection}.
 *
 * <p><b>Scale</b>: x standardised; frequencies are held in turns ω/2π on the grid that makes ωᵀx
 * exact ({@link Grid#frequencyBits}), the cosine is a polynomial with error below 1.4·10⁻¹¹,
 * rounded to the feature grid; the rounded value is the feature.
 *
 * <p><b>Cost</b>: dm flops a row for the projection, m polynomials.
 */
public final class CosineFeatures extends ProjectedFeatures {
  /** The name of the kind in files and configurations. */
  public static final String KIND = "cosine";

  private static final long serialVersionUID = 1L;
  private static final long FREQUENCY_STREAM = 0x636F73L;
  private static final String SUBJECT = "cosine features";

  // 2²⁰ sin(2πs) = s·P(s²) on |s| ≤ 1/4, minimax in s·P; the largest error is 1.4e-11 of 2²⁰.
  private static final double P0 = 6.283185306487506 * Grid.FEATURE_ONE;
  private static final double P1 = -41.34170192977233 * Grid.FEATURE_ONE;
  private static final double P2 = 81.60520943104677 * Grid.FEATURE_ONE;
  private static final double P3 = -76.70366782647442 * Grid.FEATURE_ONE;
  private static final double P4 = 41.999989808210316 * Grid.FEATURE_ONE;
  private static final double P5 = -14.337024586673454 * Grid.FEATURE_ONE;

  /** Ω in turns. */
  private transient volatile GridProjection frequencies;

  /**
   * A map.
   *
   * @param inputs d
   * @param features m, even: a cosine and a sine for each of m/2 frequencies
   * @param lengthScale σ, in units of the standardised inputs, not below that of their grid
   * @throws SnnkException if a number is out of its range
   */
  public CosineFeatures(
      int inputs, int features, double lengthScale, Projection projection, long seed) {
    super(SUBJECT, inputs, requireEven(features), lengthScale, projection, seed);
  }

  private static int requireEven(int features) {
    if (features < 2 || features % 2 != 0 || features >= Sizes.MAX_FEATURES) {
      throw new SnnkException(
          SUBJECT,
          "an even numRandomFeatures from 2 to " + (Sizes.MAX_FEATURES - 2),
          features + "",
          null,
          "A cosine and a sine belong to each frequency.");
    }
    return features;
  }

  @Override
  String kind() {
    return KIND;
  }

  @Override
  public long flops() {
    return (long) inputs() * features(); // a cosine and a sine of each product
  }

  @Override
  public boolean clips() {
    return false;
  }

  @Override
  long map(Blas blas, int n, double[] x, double[] out, int ldOut) {
    GridProjection f = frequencies();
    int half = features() / 2;
    double turn = f.unit();
    return map(
        blas,
        f,
        n,
        x,
        out,
        0,
        ldOut,
        (row, z, from, to) -> {
          System.arraycopy(z, from, z, to, half);
          cosines(z, from, to, turn);
          sines(z, to, to + half, turn);
          return 0;
        });
  }

  /**
   * a[j] = round(2²⁰ cos(2π·turn·a[j])) for from ≤ j &lt; to. C2 vectorises the loop only while all
   * its arrays have one index.
   */
  public static void cosines(double[] a, int from, int to, double turn) {
    for (int j = from; j < to; j++) {
      double t = a[j] * turn;
      double r = t - Grid.round(t);
      double s = 0.25 - Math.abs(r);
      double u = s * s;
      a[j] = Grid.round(s * (P0 + u * (P1 + u * (P2 + u * (P3 + u * (P4 + u * P5))))));
    }
  }

  /** a[j] = round(2²⁰ sin(2π·turn·a[j])), as the cosine a quarter turn before. */
  public static void sines(double[] a, int from, int to, double turn) {
    for (int j = from; j < to; j++) {
      double t = a[j] * turn;
      double q = t - Grid.round(t) - 0.25;
      double r = q - Grid.round(q);
      double s = 0.25 - Math.abs(r);
      double u = s * s;
      a[j] = Grid.round(s * (P0 + u * (P1 + u * (P2 + u * (P3 + u * (P4 + u * P5))))));
    }
  }

  @Override
  public <B> B express(BlockOperations<B> on, B x) {
    B s = VectorMath.quarterTurns(on, frequencies().express(on, x));
    B u = on.multiply(s, s);
    return onGrid(on, on.multiply(s, on.polynomial(u, P0, P1, P2, P3, P4, P5)));
  }

  /** Drawn once in each process that maps; two threads that draw at once draw the same. */
  private GridProjection frequencies() {
    GridProjection f = frequencies;
    if (f == null) {
      double perTurn = 1 / (2 * Math.PI * lengthScale());
      f =
          GridProjection.of(
              projection(),
              features() / 2,
              inputs(),
              perTurn,
              GridProjection.Offsets.NONE,
              new CounterRandom(seed(), FREQUENCY_STREAM));
      frequencies = f;
    }
    return f;
  }

  /**
   * The frequencies ω as they are used, (m/2)×d row-major, in radians per unit of the standardised
   * inputs.
   */
  public double[] omega() {
    double[] omega = frequencies().directions();
    for (int i = 0; i < omega.length; i++) {
      omega[i] *= 2 * Math.PI;
    }
    return omega;
  }

  /** With Φ = [cos, sin]: Jᵀw = Ωᵀ(−w_c⊙sin + w_s⊙cos). */
  @Override
  public void gradients(
      int n, double[] features, double[] weights, int k, int[] output, double[] out) {
    int m = features();
    int half = m / 2;
    double[] slopes = new double[n * half];
    for (int i = 0; i < n; i++) {
      int row = i * m;
      for (int j = 0; j < half; j++) {
        slopes[i * half + j] =
            (weights[(half + j) * k + output[i]] * features[row + j]
                    - weights[j * k + output[i]] * features[row + half + j])
                / Grid.FEATURE_ONE;
      }
    }
    Blas.backend().multiply(n, half, inputs(), slopes, half, omega(), out, inputs());
  }

  static CosineFeatures read(DataInput in) throws IOException {
    return new CosineFeatures(
        in.readInt(), in.readInt(), in.readDouble(), Projection.of(in.readUTF()), in.readLong());
  }
}
