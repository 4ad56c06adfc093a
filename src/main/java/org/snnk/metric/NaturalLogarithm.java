package org.snnk.metric;

import java.util.Arrays;

/**
 * ln x of a positive normal number in plain arithmetic, the same bits everywhere, without the cases
 * of {@link StrictMath#log}, which would be guessed wrong on every other row.
 *
 * <p>With x = 2ᵏ·m and c the multiple of 2⁻⁹ next to m, ln x = k·ln 2 + ln c + ln(1 + r) where r =
 * (m − c)/c is at most 2⁻¹⁰ in size. From c = √2 on it is ln(c/2) with k one larger, so nothing
 * cancels near x = 1. Within 2⁻⁵³ and one unit in the last place of the result.
 */
final class NaturalLogarithm {
  private static final double LN2_HIGH = 0x1.62e42feep-1; // 32 bits: a product with k is exact
  private static final double LN2_LOW = 1.9082149292705877e-10;
  private static final long MANTISSA = (1L << 52) - 1;
  private static final long ONE = 1023L << 52;
  private static final int BITS = 9;
  private static final int STEPS = 1 << BITS;
  private static final int ROOT_OF_TWO = 212; // the j whose c is next to √2
  private static final double[] INVERSE = new double[STEPS + 1];
  private static final double[] LOGARITHM = new double[STEPS + 1];

  static {
    Arrays.setAll(INVERSE, j -> 1 / near(j));
    Arrays.setAll(LOGARITHM, j -> StrictMath.log(j < ROOT_OF_TWO ? near(j) : near(j) / 2));
  }

  private NaturalLogarithm() {}

  /** c of step j. */
  private static double near(int j) {
    return Double.longBitsToDouble(ONE + ((long) j << (52 - BITS)));
  }

  /** ln x for a finite x ≥ 2⁻¹⁰²². */
  static double of(double x) {
    long bits = Double.doubleToRawLongBits(x);
    long mantissa = bits & MANTISSA;
    int j = (int) ((mantissa + (1L << (51 - BITS))) >>> (52 - BITS));
    int k = (int) (bits >>> 52) - 1023 + ((j + STEPS - ROOT_OF_TWO) >>> BITS);
    double r = (Double.longBitsToDouble(mantissa | ONE) - near(j)) * INVERSE[j];
    double rr = r * r;
    double tail = (1.0 / 3 - 0.25 * r) + rr * (0.2 - 1.0 / 6 * r);
    double small = rr * (r * tail - 0.5) + k * LN2_LOW;
    return (k * LN2_HIGH + LOGARITHM[j]) + (r + small);
  }
}
