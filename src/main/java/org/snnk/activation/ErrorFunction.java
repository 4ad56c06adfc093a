package org.snnk.activation;

import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.BlockOperations.Function;

/**
 * The error function and the normal distribution, which the JDK lacks.
 *
 * <p>Below 2.5 by Kummer's series, whose terms are all positive; beyond by the continued fraction
 * of erfc (Abramowitz and Stegun 7.1.6 and 7.1.14). Error below 4·10⁻¹⁶.
 */
final class ErrorFunction {
  private static final double TWO_OVER_ROOT_PI = 1.1283791670955126;
  private static final double ONE_OVER_ROOT_PI = 0.5641895835477563;
  private static final double ONE_OVER_ROOT_TWO_PI = 0.3989422804014327;
  private static final double ROOT_HALF = 0.7071067811865476;
  private static final double SERIES_LIMIT = 2.5;
  private static final int FRACTION_TERMS = 60;

  private ErrorFunction() {}

  static double erf(double z) {
    double u = Math.abs(z);
    double erf = u <= SERIES_LIMIT ? series(u) : 1 - fraction(u);
    return Math.copySign(erf, z);
  }

  /** 1 − erf(z), without cancellation for large z. */
  static double erfc(double z) {
    return z > SERIES_LIMIT ? fraction(z) : 1 - erf(z);
  }

  /** Φ(z) of N(0, 1). */
  static double normalCdf(double z) {
    return 0.5 * erfc(-z * ROOT_HALF);
  }

  /** The same in other operations. */
  static <B> B normalCdf(BlockOperations<B> on, B z) {
    return on.multiply(on.add(on.apply(Function.ERF, on.multiply(z, ROOT_HALF)), 1), 0.5);
  }

  /** φ(z) of N(0, 1). */
  static double normalDensity(double z) {
    return ONE_OVER_ROOT_TWO_PI * Math.exp(-z * z / 2);
  }

  private static double series(double u) {
    double square = 2 * u * u;
    double term = u;
    double sum = u;
    for (int k = 3; term > 1e-17 * sum; k += 2) {
      term *= square / k;
      sum += term;
    }
    return TWO_OVER_ROOT_PI * Math.exp(-u * u) * sum;
  }

  private static double fraction(double u) {
    double tail = u;
    for (int k = FRACTION_TERMS; k >= 1; k--) {
      tail = u + k / (2 * tail);
    }
    return ONE_OVER_ROOT_PI * Math.exp(-u * u) / tail;
  }
}
