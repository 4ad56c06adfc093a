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
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987,
    13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665
  };
  private static final double[] B = {
    5226.495278852854,
    28729.085735721943,
    39307.89580009271,
    21213.794301586597,
    5394.196021424751,
    687.1870074920579,
    42.31333070160091,
    1
  };
  private static final double[] C = {
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506,
    1.2704582524523684, 3.6478483247632045, 5.769497221460691,
    4.630337846156546, 1.4234371107496835
  };
  private static final double[] D = {
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457,
    0.14810397642748008, 0.6897673349851, 1.6763848301838038,
    2.053191626637759, 1
  };
  private static final double[] E = {
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784,
    0.026532189526576124, 0.29656057182850487, 1.7848265399172913,
    5.463784911164114, 6.657904643501103
  };
  private static final double[] F = {
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5,
    0.0007868691311456133, 0.014875361290850615, 0.1369298809227358,
    0.599832206555888, 1
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
