package org.snnk.feature;

import java.io.Serializable;

/**
 * The second moment of what one draw g ~ N(0, I_d) estimates at a given frequency a, in closed
 * form.
 *
 * <p>An estimate is Y = Re Σₜ cₜ D² e^(2A‖g‖²) exp(s gᵀ(pₜx + qₜw) + kₜ), s = √(1 − 4A), D =
 * s^(d/2), with complex c, p, q; and E D⁴e^(4A‖g‖²) e^(s gᵀv) = κ^(d/2) e^(r s² vᵀv/2), κ = s⁴/(1 −
 * 8A), r = 1/(1 − 8A), vᵀv bilinear. So E Y² is a double sum over the terms, of which there are at
 * most three: a draw, its mirror image −g in {@link Factorization#POSITIVE}, and the control
 * variate of 1 − cos.
 *
 * @param factorization of ia
 * @param inputs d
 * @param exponent A
 * @param differences whether even weights stand before 1 − cos
 */
record DrawMoment(Factorization factorization, int inputs, double exponent, boolean differences)
    implements Serializable {
  private static final int MOST_TERMS = 3;

  /** Below this the terms of 1 − cos cancel all their digits; moments are constant there. */
  private static final double SMALL_PHASE = 2e-3;

  /** s = √(1 − 4A). */
  double stretch() {
    return StrictMath.sqrt(1 - 4 * exponent);
  }

  /** r = 1/(1 − 8A). */
  double shrink() {
    return 1 / (1 - 8 * exponent);
  }

  /** log κ^(d/2). */
  private double logKappa() {
    return inputs / 2.0 * (2 * StrictMath.log1p(-4 * exponent) - StrictMath.log1p(-8 * exponent));
  }

  /**
   * Norms of an input and a unit.
   *
   * @param xx ‖x‖²
   * @param ww ‖w‖²
   * @param xw wᵀx
   * @param b the unit's bias
   */
  record Pair(double xx, double ww, double xw, double b) {}

  /**
   * log E Y² for the weights of cos(az) or 1 − cos(az), and of sin(az).
   *
   * @param beta η of {@link Factorization#BALANCED}
   */
  double logSecondMoment(double a, double even, double odd, double beta, Pair pair) {
    double size = a * (Math.sqrt(pair.xx) * Math.max(1, 1 / beta) + Math.abs(pair.b));
    if (differences && size > 0 && size < SMALL_PHASE) {
      // Y falls as a² (even) or a (odd) while a → 0.
      double larger = a * SMALL_PHASE / size;
      double ratio = a / larger;
      return larger > a * (1 + 1e-9)
          ? logSecondMoment(larger, even * ratio * ratio, odd * ratio, beta, pair)
          : secondMoment(a, even, odd, beta, pair);
    }
    return secondMoment(a, even, odd, beta, pair);
  }

  private double secondMoment(double a, double even, double odd, double beta, Pair pair) {
    double[] cRe = new double[MOST_TERMS];
    double[] cIm = new double[MOST_TERMS];
    double[] pRe = new double[MOST_TERMS];
    double[] pIm = new double[MOST_TERMS];
    double[] qRe = new double[MOST_TERMS];
    double[] qIm = new double[MOST_TERMS];
    double[] k = new double[MOST_TERMS];
    int terms = 0;
    // even·cos + odd·sin = Re (even − i·odd) e^(i·); 1 − cos turns the sign of even.
    double re = differences ? -even : even;
    double cos = StrictMath.cos(a * pair.b);
    double sin = StrictMath.sin(a * pair.b);
    double turnedRe = re * cos + odd * sin;
    double turnedIm = re * sin - odd * cos;
    boolean positive = factorization == Factorization.POSITIVE;
    for (int sign = 1; sign >= (positive ? -1 : 1); sign -= 2) {
      cRe[terms] = positive ? turnedRe / 2 : turnedRe;
      cIm[terms] = positive ? turnedIm / 2 : turnedIm;
      pRe[terms] = positive ? sign * a : 0;
      pIm[terms] = positive ? 0 : a / beta;
      qRe[terms] = positive ? 0 : beta;
      qIm[terms] = positive ? sign : 0;
      k[terms] =
          positive
              ? (pair.ww - a * a * pair.xx) / 2
              : (a * a * pair.xx / (beta * beta) - beta * beta * pair.ww) / 2;
      terms++;
    }
    if (differences) {
      cRe[terms] = even;
      qRe[terms] = positive ? 0 : beta;
      qIm[terms] = positive ? 1 : 0;
      k[terms] = positive ? pair.ww / 2 : -beta * beta * pair.ww / 2;
      terms++;
    }
    double half = shrink() * (1 - 4 * exponent) / 2;
    double[] valueRe = new double[2 * MOST_TERMS * MOST_TERMS];
    double[] logSize = new double[valueRe.length];
    double most = Double.NEGATIVE_INFINITY;
    int sums = 0;
    for (int t = 0; t < terms; t++) {
      for (int u = 0; u < terms; u++) {
        for (int conjugate = 1; conjugate >= -1; conjugate -= 2) {
          double pr = pRe[t] + pRe[u];
          double pi = pIm[t] + conjugate * pIm[u];
          double qr = qRe[t] + qRe[u];
          double qi = qIm[t] + conjugate * qIm[u];
          double squareRe =
              (pr * pr - pi * pi) * pair.xx
                  + (qr * qr - qi * qi) * pair.ww
                  + 2 * (pr * qr - pi * qi) * pair.xw;
          double squareIm =
              2 * (pr * pi * pair.xx + qr * qi * pair.ww + (pr * qi + pi * qr) * pair.xw);
          double factorRe = cRe[t] * cRe[u] - conjugate * cIm[t] * cIm[u];
          double factorIm = conjugate * cRe[t] * cIm[u] + cIm[t] * cRe[u];
          double phase = half * squareIm;
          valueRe[sums] = factorRe * StrictMath.cos(phase) - factorIm * StrictMath.sin(phase);
          logSize[sums] = half * squareRe + k[t] + k[u];
          if (valueRe[sums] != 0) {
            most = Math.max(most, logSize[sums]);
          }
          sums++;
        }
      }
    }
    if (most == Double.NEGATIVE_INFINITY) {
      return most;
    }
    double sum = 0;
    for (int i = 0; i < sums; i++) {
      sum += valueRe[i] == 0 ? 0 : valueRe[i] * StrictMath.exp(logSize[i] - most);
    }
    return logKappa() + most + StrictMath.log(Math.max(0, sum) / 2);
  }
}
