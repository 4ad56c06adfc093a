package org.snnk.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as a reader wants them, the same in every locale. */
final class NumberText {
  private static final String THIN_SPACE = "\u202f";

  private NumberText() {}

  /** Four significant digits, or the whole number; thin spaces between thousands. */
  static String plain(double x) {
    if (!Double.isFinite(x)) {
      return "–";
    }
    double size = Math.abs(x);
    if (x == Math.rint(x) && size < 1e15) {
      return grouped(BigDecimal.valueOf((long) x).toPlainString());
    }
    if (size < 1e-4 || size >= 1e15) {
      return exponent(x);
    }
    BigDecimal rounded = new BigDecimal(x).round(new MathContext(4, RoundingMode.HALF_EVEN));
    if (size >= 1e4) {
      rounded = new BigDecimal(x).setScale(0, RoundingMode.HALF_EVEN);
    }
    return grouped(rounded.stripTrailingZeros().toPlainString());
  }

  private static String exponent(double x) {
    String text = String.format(Locale.ROOT, "%.3e", x);
    return text.replaceFirst("\\.?0*e", "e")
        .replaceFirst("e([+-])0+(?=\\d)", "e$1")
        .replace("e+", "e");
  }

  /** A share of one, four decimals. */
  static String share(double x) {
    double shown = Math.abs(x) < 5e-5 ? 0 : x; // no sign before nothing
    return Double.isFinite(x) ? String.format(Locale.ROOT, "%.4f", shown).replace('-', '−') : "–";
  }

  /** A share of one in per cent. */
  static String percent(double x) {
    if (!Double.isFinite(x)) {
      return "–";
    }
    double hundredfold = 100 * x;
    boolean whole = x == 0 || x == 1 || (hundredfold >= 10 && hundredfold < 99.5);
    return String.format(Locale.ROOT, whole ? "%.0f" : "%.1f", hundredfold) + THIN_SPACE + "%";
  }

  /** Seconds, minutes or hours, whichever can be read. */
  static String seconds(double s) {
    if (s >= 5400) {
      return String.format(Locale.ROOT, "%.1f", s / 3600) + THIN_SPACE + "h";
    }
    if (s >= 90) {
      return String.format(Locale.ROOT, "%.1f", s / 60) + THIN_SPACE + "min";
    }
    if (s >= 0.995) {
      return String.format(Locale.ROOT, s < 10 ? "%.2f" : "%.1f", s) + THIN_SPACE + "s";
    }
    return String.format(Locale.ROOT, "%.0f", s * 1000) + THIN_SPACE + "ms";
  }

  /** A tick's number with the decimals that the step needs. */
  static String tick(double value, double step) {
    double size = Math.abs(value) < step / 2 ? 0 : Math.abs(value);
    if (size == 0) {
      return "0";
    }
    if (size >= 1e15 || size < 1e-3) {
      return exponent(value).replace('-', '−');
    }
    String[] units = {"", "k", "M", "G", "T"};
    int unit = 0;
    double scale = 1;
    while (unit < 4 && size >= 1e4 && size / scale >= 1000) {
      scale *= 1000;
      unit++;
    }
    int decimals = (int) Math.max(0, Math.min(6, -Math.floor(Math.log10(step / scale) + 1e-9)));
    return String.format(Locale.ROOT, "%." + decimals + "f", value / scale).replace('-', '−')
        + units[unit];
  }

  /** A coordinate of a drawing, one decimal. */
  static String coordinate(double x) {
    double tenths = Math.rint(x * 10);
    return tenths % 10 == 0
        ? Long.toString((long) (tenths / 10))
        : BigDecimal.valueOf((long) tenths, 1).toPlainString();
  }

  private static String grouped(String digits) {
    int point = digits.indexOf('.');
    String whole = point < 0 ? digits : digits.substring(0, point);
    int start = whole.startsWith("-") ? 1 : 0;
    if (whole.length() - start < 5) {
      return digits.replace('-', '−');
    }
    StringBuilder text = new StringBuilder(digits);
    for (int i = whole.length() - 3; i > start; i -= 3) {
      text.insert(i, THIN_SPACE);
    }
    return text.toString().replace('-', '−');
  }
}
