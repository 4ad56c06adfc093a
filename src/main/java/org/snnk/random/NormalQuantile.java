package org.snnk.random;

/**
 * The quantile of the standard normal law, Φ⁻¹(u), with a relative error of about 10⁻¹⁶ (Wichura
 * 1988, Algorithm AS 241, PPND16).
 *
 * <p><b>Deterministic</b>: arithmetic, square root and {@link StrictMath#log}.
 */
public final class NormalQuantile {
  private static final double CENTRE = 0.425;
  private static final double CENTRE_SQUARE = 0.180625;
  private static final double NEAR_TAIL = 5;
  private static final double NEAR_SHIFT = 1.6;

  private static final double[] A = {
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080
  };
  private static final double[] B = {
    5226.4952788528545610,
    28729.085735721942674,
    39307.895800092710610,
    21213.794301586595867,
    5394.1960214247511077,
    687.18700749205790830,
    42.313330701600911252,
    1
  };
  private static final double[] C = {
    7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
    1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550,
    4.63033784615654529590, 1.42343711074968357734
  };
  private static final double[] D = {
    1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
    1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940,
    2.05319162663775882187, 1
  };
  private static final double[] E = {
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
    2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580,
    5.46378491116411436990, 6.65790464350110377720
  };
  private static final double[] F = {
    2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
    7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
    5.99832206555887937690e-1, 1
  };

  private NormalQuantile() {}

  /**
   * Φ⁻¹(u).
   *
   * @throws IllegalArgumentException if u is not between 0 and 1
   */
  public static double of(double u) {
    if (!(u > 0 && u < 1)) {
      throw new IllegalArgumentException("u: expected a number between 0 and 1, got " + u + ".");
    }
    double q = u - 0.5;
    if (Math.abs(q) <= CENTRE) {
      double r = CENTRE_SQUARE - q * q;
      return q * ratio(A, B, r);
    }
    double r = StrictMath.sqrt(-StrictMath.log(q < 0 ? u : 1 - u));
    double tail = r <= NEAR_TAIL ? ratio(C, D, r - NEAR_SHIFT) : ratio(E, F, r - NEAR_TAIL);
    return q < 0 ? -tail : tail;
  }

  private static double ratio(double[] upper, double[] lower, double r) {
    double above = 0;
    double below = 0;
    for (int i = 0; i < upper.length; i++) {
      above = above * r + upper[i];
      below = below * r + lower[i];
    }
    return above / below;
  }
}
