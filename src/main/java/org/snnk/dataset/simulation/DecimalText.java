package org.snnk.dataset.simulation;

/**
 * Decimal numbers of few digits, rounded and written without {@code String.format}, which would
 * take longer than the simulation itself.
 *
 * <p>At most 8 digits follow the point. A rounded value is k·10⁻ⁿ or k·10ⁿ with an integer k &lt;
 * 2⁵³ and n ≤ 22, computed by one correctly rounded operation: it is the double nearest to its
 * decimal text, so reading the text gives the same bits back.
 */
final class DecimalText {
  private static final int GREATEST_EXACT_POWER = 22;
  private static final double[] POWERS = new double[GREATEST_EXACT_POWER + 1];
  private static final int[] INTEGER_POWERS = {
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
  };

  static {
    double power = 1;
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = power;
      power *= 10;
    }
  }

  private DecimalText() {}

  /** The nearest number with so many digits after the point. */
  static double roundFixed(double value, int decimals) {
    return Math.rint(value * POWERS[decimals]) / POWERS[decimals] + 0.0; // + 0.0: no minus zero
  }

  /** Writes a rounded number with all its digits after the point. */
  static void appendFixed(StringBuilder out, double rounded, int decimals) {
    long units = Math.round(Math.abs(rounded) * POWERS[decimals]);
    if (rounded < 0) {
      out.append('-');
    }
    long power = INTEGER_POWERS[decimals];
    out.append(units / power);
    if (decimals > 0) {
      out.append('.');
      appendPadded(out, (int) (units % power), decimals);
    }
  }

  /** The nearest number with so many digits after that before the point in scientific notation. */
  static double roundScientific(double value, int decimals) {
    double magnitude = Math.abs(value);
    if (magnitude < 1e-12) {
      return 0;
    }
    int exponent = exponent(magnitude);
    return Math.copySign(
        scale(mantissa(magnitude, exponent, decimals), exponent - decimals), value);
  }

  /** Writes a rounded number as C's {@code %.<decimals>e} does: {@code -1.234e+02}. */
  static void appendScientific(StringBuilder out, double rounded, int decimals) {
    double magnitude = Math.abs(rounded);
    int exponent = magnitude == 0 ? 0 : exponent(magnitude);
    int units = magnitude == 0 ? 0 : (int) mantissa(magnitude, exponent, decimals);
    if (rounded < 0) {
      out.append('-');
    }
    int power = INTEGER_POWERS[decimals];
    int digit = units / power;
    out.append((char) ('0' + digit)).append('.');
    appendPadded(out, units - digit * power, decimals);
    out.append('e').append(exponent < 0 ? '-' : '+');
    appendPadded(out, Math.abs(exponent), 2);
  }

  private static double mantissa(double magnitude, int exponent, int decimals) {
    return Math.rint(scale(magnitude, decimals - exponent));
  }

  private static double scale(double value, int power) {
    return power >= 0 ? value * POWERS[power] : value / POWERS[-power];
  }

  private static int exponent(double magnitude) {
    int exponent = 0;
    while (magnitude >= POWERS[exponent + 1]) {
      exponent++;
    }
    while (exponent <= 0 && magnitude * POWERS[-exponent] < 1) {
      exponent--;
    }
    return exponent;
  }

  private static void appendPadded(StringBuilder out, int number, int digits) {
    int rest = number;
    for (int i = digits - 1; i > 0; i--) {
      int power = INTEGER_POWERS[i];
      int digit = rest / power;
      out.append((char) ('0' + digit));
      rest -= digit * power;
    }
    out.append((char) ('0' + rest));
  }
}
