package org.snnk.metric;

/**
 * Figures of a ranking from the weight of both classes in bins of the score; rows of one bin are
 * ties. NaN where a class has no weight.
 *
 * <p><b>Shapes</b>: 2n weights by rising score, the negative class first, then the positive.
 */
final class RankingCurves {
  private RankingCurves() {}

  private static double total(double[] bins, boolean positive) {
    int n = bins.length / 2;
    double sum = 0;
    for (int b = 0; b < n; b++) {
      sum += bins[positive ? n + b : b];
    }
    return sum;
  }

  /** Area under the ROC curve. */
  static double auc(double[] bins) {
    int n = bins.length / 2;
    double below = 0;
    double area = 0;
    for (int b = 0; b < n; b++) {
      area += bins[n + b] * (below + bins[b] / 2);
      below += bins[b];
    }
    return area / below / total(bins, true);
  }

  /** Σ over bins of precision at the bin · recall gained in it. */
  static double averagePrecision(double[] bins) {
    int n = bins.length / 2;
    double right = 0;
    double wrong = 0;
    double sum = 0;
    for (int b = n - 1; b >= 0; b--) {
      right += bins[n + b];
      wrong += bins[b];
      sum += bins[n + b] == 0 ? 0 : bins[n + b] * right / (right + wrong);
    }
    return wrong == 0 ? Double.NaN : sum / right;
  }

  /** Largest distance of the two distribution functions. */
  static double kolmogorovSmirnov(double[] bins) {
    int n = bins.length / 2;
    double negatives = total(bins, false);
    double positives = total(bins, true);
    double largest = 0;
    double right = 0;
    double wrong = 0;
    for (int b = n - 1; b >= 0; b--) {
      right += bins[n + b];
      wrong += bins[b];
      largest = Math.max(largest, Math.abs(right / positives - wrong / negatives));
    }
    return negatives == 0 || positives == 0 ? Double.NaN : largest;
  }
}
