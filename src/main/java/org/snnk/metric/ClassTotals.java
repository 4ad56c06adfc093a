package org.snnk.metric;

/**
 * The figures that need only the weight of each class: true, predicted, and both.
 *
 * @param truth weight of each true class, t_i
 * @param predicted weight predicted as each class, p_i
 * @param correct weight of each class that is predicted right
 */
public record ClassTotals(double[] truth, double[] predicted, double[] correct) {
  private static final String NOTHING = "there are no rows with weight";

  /** From 3k sums, as {@link #truth}, {@link #predicted} and {@link #correct} follow each other. */
  static ClassTotals of(double[] sums, int classes) {
    double[][] parts = new double[3][classes];
    for (int i = 0; i < parts.length; i++) {
      System.arraycopy(sums, i * classes, parts[i], 0, classes);
    }
    return new ClassTotals(parts[0], parts[1], parts[2]);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  Figure accuracy() {
    return Figure.ratio(sum(correct), sum(truth), NOTHING);
  }

  /** Precision of a class. */
  public Figure precision(int of) {
    return Figure.ratio(
        correct[of], predicted[of], "no row with weight is predicted as this class");
  }

  /** Recall of a class. */
  public Figure recall(int of) {
    return Figure.ratio(correct[of], truth[of], "no row with weight is of this class");
  }

  /** F₁ of a class. */
  public Figure f1(int of) {
    return Figure.ratio(
        2 * correct[of],
        truth[of] + predicted[of],
        "no row with weight is of this class or predicted as it");
  }

  Figure balancedAccuracy() {
    return meanOverClasses(this::recall);
  }

  Figure macroF1() {
    return meanOverClasses(this::f1);
  }

  /** The mean over those classes that have the figure. */
  private Figure meanOverClasses(java.util.function.IntFunction<Figure> figure) {
    double sum = 0;
    int defined = 0;
    for (int i = 0; i < truth.length; i++) {
      Figure each = figure.apply(i);
      if (each.isDefined()) {
        sum += each.orNaN();
        defined++;
      }
    }
    return Figure.ratio(sum, defined, NOTHING);
  }

  /** R_K of Gorodkin 2004; see {@link ConfusionMatrix#matthews}. */
  Figure matthews() {
    double s = sum(truth);
    if (s == 0) {
      return Figure.undefined(NOTHING);
    }
    // Shares instead of weights: no overflow, and the same value.
    double agreement = sum(correct) / s;
    double predictedSpread = 1;
    double truthSpread = 1;
    boolean oneTruth = false;
    boolean onePrediction = false;
    for (int i = 0; i < truth.length; i++) {
      double t = truth[i] / s;
      double p = predicted[i] / s;
      agreement -= t * p;
      predictedSpread -= p * p;
      truthSpread -= t * t;
      oneTruth |= t == 1;
      onePrediction |= p == 1;
    }
    if (oneTruth || truthSpread <= 0) {
      return Figure.undefined("all rows are of one class");
    }
    if (onePrediction || predictedSpread <= 0) {
      return Figure.undefined("all rows are predicted as one class");
    }
    double r = agreement / Math.sqrt(predictedSpread * truthSpread);
    return Figure.of(Math.max(-1, Math.min(1, r)));
  }
}
