package org.snnk.feature;

import java.io.DataInput;
import java.io.IOException;
import org.snnk.linalg.Blas;
import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.BlockOperations.Function;
import org.snnk.linalg.Grid;
import org.snnk.random.CounterRandom;

/**
 * Positive exponential features with a learned read-out: φⱼ(x) = exp(gⱼᵀx/σ − ‖x‖²/σ² − κ). That is
 * the input tower of the universal random features with the towers swapped, times exp(−‖x‖²/2σ²),
 * which makes its kernel exp(x·x′/σ²) (Choromanski et al. 2021, Lemma 1) the Gaussian one: E ΦΦᵀ =
 * exp(−‖x−x′‖²/2σ²)·me^{−2κ}, as with cosines, but with more variance where ‖x‖ is large beside σ.
 * All features are positive.
 *
 * <p><b>Bound</b>: κ = 4r − r² with r = min(2, √d/σ): the exponent of a direction 4 deviations away
 * where ‖x‖² = d. What lies beyond is clipped at 1 and counted. With a σ far below √d most features
 * vanish on the grid: choose cosines then.
 *
 * <p><b>Cost</b>: dm flops a row, some 30 more for each feature. The exponential is a polynomial
 * and five squarings, with a relative error below 10⁻¹²; e⁻¹⁶ and less is 0 on the grid.
 */
public final class PositiveFeatures extends ProjectedFeatures {
  /** The name of the kind in files and configurations. */
  public static final String KIND = "positive";

  private static final long serialVersionUID = 1L;
  private static final long DIRECTION_STREAM = 0x706F73L;
  private static final String SUBJECT = "positive features";
  private static final double DEVIATIONS = 4;

  /** Exponents are kept between these: beyond is 0, or above 1 and clipped. */
  private static final double RANGE = 16;

  private transient volatile GridProjection directions;

  /** A map; see {@link CosineFeatures} for its arguments. */
  public PositiveFeatures(
      int inputs, int features, double lengthScale, Projection projection, long seed) {
    super(SUBJECT, inputs, features, lengthScale, projection, seed);
    requireMoments(SUBJECT, projection);
  }

  @Override
  String kind() {
    return KIND;
  }

  @Override
  public boolean clips() {
    return true;
  }

  private GridProjection directions() {
    GridProjection g = directions;
    if (g == null) {
      g =
          GridProjection.of(
              projection(),
              features(),
              inputs(),
              1 / lengthScale(),
              GridProjection.Offsets.NONE,
              new CounterRandom(seed(), DIRECTION_STREAM));
      directions = g;
    }
    return g;
  }

  @Override
  long map(Blas blas, int n, double[] x, double[] out, int ldOut) {
    GridProjection g = directions();
    int d = inputs();
    double kappa = kappa();
    double perSquare = Math.scalb(1 / (lengthScale() * lengthScale()), -2 * Grid.INPUT_BITS);
    return map(
        blas,
        g,
        n,
        x,
        out,
        0,
        ldOut,
        (row, z, from, to) -> {
          double offset = GridProjection.squares(x, row * d, d) * perSquare + kappa;
          exponentials(z, from, to, g.unit(), offset);
          return Clip.toOne(z, from, to);
        });
  }

  private double kappa() {
    double ratio = Math.min(DEVIATIONS / 2, Math.sqrt(inputs()) / lengthScale());
    return DEVIATIONS * ratio - ratio * ratio;
  }

  @Override
  public <B> B express(BlockOperations<B> on, B x) {
    B squares = on.multiply(on.sumOfSquares(x), 1 / (lengthScale() * lengthScale()));
    B v = on.subtract(directions().express(on, x), on.add(squares, kappa()));
    B above = on.apply(Function.ABS, on.add(v, RANGE));
    B below = on.apply(Function.ABS, on.add(v, -RANGE));
    B t = on.multiply(on.subtract(above, below), 0.5 / 32);
    double[] coefficients = new double[12];
    double factorial = 1;
    for (int i = 0; i < coefficients.length; i++) {
      factorial *= Math.max(i, 1);
      coefficients[i] = 1 / factorial;
    }
    B e = on.polynomial(t, coefficients);
    for (int squarings = 0; squarings < 5; squarings++) {
      e = on.multiply(e, e);
    }
    return clippedOnGrid(on, on.multiply(e, Grid.FEATURE_ONE));
  }

  /** z = round(2²⁰ e^v) with v = unit·z − offset, first kept within ±16. */
  static void exponentials(double[] z, int from, int to, double unit, double offset) {
    for (int j = from; j < to; j++) {
      double v = z[j] * unit - offset;
      // The clamp is |v + 16| − |v − 16| over 2: no branch, so that C2 vectorises.
      double t = (Math.abs(v + RANGE) - Math.abs(v - RANGE)) * (0.5 / 32);
      double e =
          1
              + t
                  * (1
                      + t
                          * (1 / 2.0
                              + t
                                  * (1 / 6.0
                                      + t
                                          * (1 / 24.0
                                              + t
                                                  * (1 / 120.0
                                                      + t
                                                          * (1 / 720.0
                                                              + t
                                                                  * (1 / 5040.0
                                                                      + t
                                                                          * (1 / 40320.0
                                                                              + t
                                                                                  * (1 / 362880.0
                                                                                      + t
                                                                                          * (1
                                                                                                  / 3628800.0
                                                                                              + t
                                                                                                  * (1
                                                                                                      / 39916800.0)))))))))));
      double e2 = e * e;
      double e4 = e2 * e2;
      double e8 = e4 * e4;
      double e16 = e8 * e8;
      z[j] = Grid.round(e16 * e16 * Grid.FEATURE_ONE);
    }
  }

  static PositiveFeatures read(DataInput in) throws IOException {
    return new PositiveFeatures(
        in.readInt(), in.readInt(), in.readDouble(), Projection.of(in.readUTF()), in.readLong());
  }
}
