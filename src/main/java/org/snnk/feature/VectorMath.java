package org.snnk.feature;

import java.util.List;
import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.BlockOperations.Function;
import org.snnk.linalg.Grid;

/**
 * Sines, cosines and exponentials of whole arrays by polynomials in plain arithmetic, which C2
 * vectorises because every array has the same index.
 */
final class VectorMath {
  // sin(2πs) = s·P(s²) on |s| ≤ 1/4, by Chebyshev interpolation; error below 3e-16.
  private static final double S0 = 6.283185307179586;
  private static final double S1 = -41.341702240399755;
  private static final double S2 = 81.60524927607362;
  private static final double S3 = -76.70585975282492;
  private static final double S4 = 42.058693925428685;
  private static final double S5 = -15.0946416761179;
  private static final double S6 = 3.8199280942271643;
  private static final double S7 = -0.7177337921413454;
  private static final double S8 = 0.10089695501646812;

  // e^y on |y| ≤ 0.7, likewise; error below 2e-17.
  private static final double E2 = 0.4999999999999981;
  private static final double E3 = 0.16666666666666655;
  private static final double E4 = 0.04166666666672912;
  private static final double E5 = 0.008333333333337493;
  private static final double E6 = 0.0013888888881242812;
  private static final double E7 = 1.9841269836176533e-4;
  private static final double E8 = 2.4801591758274847e-5;
  private static final double E9 = 2.755732219286455e-6;
  private static final double E10 = 2.7555986151668315e-7;
  private static final double E11 = 2.5051220271922803e-8;
  private static final double E12 = 2.1074336062598997e-9;
  private static final double E13 = 1.619069595701329e-10;

  /** The largest exponent of {@link #exp}. */
  static final double MAX_EXPONENT = 700;

  private VectorMath() {}

  /** out[j] = cos(2π·turns[j]) for j &lt; count and |turns| &lt; 2⁵⁰. */
  static void cosines(double[] turns, double[] out, int count) {
    for (int j = 0; j < count; j++) {
      double t = turns[j];
      double s = 0.25 - Math.abs(t - Grid.round(t));
      double u = s * s;
      out[j] =
          s
              * (S0
                  + u
                      * (S1
                          + u
                              * (S2
                                  + u
                                      * (S3
                                          + u * (S4 + u * (S5 + u * (S6 + u * (S7 + u * S8))))))));
    }
  }

  /** out[j] = sin(2π·turns[j]), as the cosine a quarter turn before. */
  static void sines(double[] turns, double[] out, int count) {
    for (int j = 0; j < count; j++) {
      double t = turns[j];
      double q = t - Grid.round(t) - 0.25;
      double s = 0.25 - Math.abs(q - Grid.round(q));
      double u = s * s;
      out[j] =
          s
              * (S0
                  + u
                      * (S1
                          + u
                              * (S2
                                  + u
                                      * (S3
                                          + u * (S4 + u * (S5 + u * (S6 + u * (S7 + u * S8))))))));
    }
  }

  /**
   * s with cos(2πt) = sin(2πs), and beside it s with sin(2πt) = sin(2πs), |s| ≤ ¼.
   *
   * @param t in turns
   */
  static <B> B quarterTurns(BlockOperations<B> on, B t) {
    B r = on.subtract(t, on.apply(Function.ROUND, t));
    B q = on.add(r, -0.25);
    B p = on.subtract(q, on.apply(Function.ROUND, q));
    return on.subtract(on.row(0.25), on.apply(Function.ABS, on.concat(List.of(r, p))));
  }

  /** {@link #cosines} and beside them {@link #sines} in other operations. */
  static <B> B cosinesAndSines(BlockOperations<B> on, B turns) {
    B s = quarterTurns(on, turns);
    B u = on.multiply(s, s);
    return on.multiply(s, on.polynomial(u, S0, S1, S2, S3, S4, S5, S6, S7, S8));
  }

  /**
   * v[j] = e^v[j] as the 1024th power of e^(v/1024), for v ≤ {@link #MAX_EXPONENT}; relative error
   * below 3·10⁻¹³; 0 below −700.
   */
  static void exp(double[] v, int count) {
    for (int j = 0; j < count; j++) {
      double x = Math.max(v[j], -MAX_EXPONENT - 16);
      double y = x * 0x1p-10;
      double even =
          1
              + y
                  * y
                  * (E2 + y * y * (E4 + y * y * (E6 + y * y * (E8 + y * y * (E10 + y * y * E12)))));
      double odd =
          y
              * (1
                  + y
                      * y
                      * (E3
                          + y
                              * y
                              * (E5 + y * y * (E7 + y * y * (E9 + y * y * (E11 + y * y * E13))))));
      double e = even + odd;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      v[j] = e * e;
    }
  }
}
