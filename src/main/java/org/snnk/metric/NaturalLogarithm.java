package org.snnk.metric;

/**
 * ln x of a positive normal number in plain arithmetic, the same bits everywhere: the polynomial of
 * fdlibm's {@code e_log.c} (Sun Microsystems 1993) without its cases, which would be guessed wrong
 * on every other row. Within one unit in the last place of {@link StrictMath#log}.
 */
final class NaturalLogarithm {
  private static final double LN2_HIGH = 0.6931471803691238;
  private static final double LN2_LOW = 1.9082149292705877e-10;
  private static final double L1 = 0.6666666666666735;
  private static final double L2 = 0.3999999999940942;
  private static final double L3 = 0.2857142874366239;
  private static final double L4 = 0.22222198432149784;
  private static final double L5 = 0.1818357216161805;
  private static final double L6 = 0.15313837699209373;
  private static final double L7 = 0.14798198605116586;

  private NaturalLogarithm() {}

  /** ln x for a finite x ≥ 2⁻¹⁰²². */
  static double of(double x) {
    long bits = Double.doubleToRawLongBits(x);
    int high = (int) (bits >>> 32);
    int k = (high >> 20) - 1023;
    high &= 0xfffff;
    int carry = (high + 0x95f64) & 0x100000;
    // x = 2ᵏ·(1 + f) with √½ < 1 + f < √2
    long mantissa = ((long) (high | (carry ^ 0x3ff00000)) << 32) | (bits & 0xFFFFFFFFL);
    k += carry >> 20;
    double f = Double.longBitsToDouble(mantissa) - 1;
    double dk = k;
    double s = f / (2 + f);
    double z = s * s;
    double w = z * z;
    double r = z * (L1 + w * (L3 + w * (L5 + w * L7))) + w * (L2 + w * (L4 + w * L6));
    double half = 0.5 * f * f;
    return dk * LN2_HIGH - ((half - (s * (half + r) + dk * LN2_LOW)) - f);
  }
}
