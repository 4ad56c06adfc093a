package org.snnk.statistics;

/** An unevaluated sum of two doubles with |low| ≤ ulp(high)/2 (Dekker 1971): some 106 bits. */
record DoubleDouble(double high, double low) {
  static DoubleDouble sum(double a, double b) {
    double s = a + b;
    double t = s - a;
    return new DoubleDouble(s, (a - (s - t)) + (b - t));
  }

  DoubleDouble minusProduct(DoubleDouble a, DoubleDouble b) {
    double product = a.high * b.high;
    double error = Math.fma(a.high, b.high, -product) + (a.high * b.low + a.low * b.high);
    DoubleDouble difference = sum(high, -product);
    return sum(difference.high, difference.low + (low - error));
  }

  DoubleDouble over(DoubleDouble d) {
    double first = high / d.high;
    double product = first * d.high;
    double rest = ((high - product) - Math.fma(first, d.high, -product)) + (low - first * d.low);
    return sum(first, rest / d.high);
  }

  double value() {
    return high + low;
  }
}
