package org.snnk.metric;

import java.util.Arrays;

/** Some scored rows and what sums need of them. */
final class ScoredRows extends SummedRows {
  private static final double SUM_TOLERANCE = 1e-4;
  private static final long ONE_BITS = Double.doubleToRawLongBits(1);

  private final int classes;
  private final double[] product = new double[MOST];

  /** Indices of the rows in their table. */
  final long[] index = new long[MOST];

  final int[] label = new int[MOST];
  final int[] predicted = new int[MOST];

  /** 1 where the predicted class is the true one, else 0. */
  final int[] hit = new int[MOST];

  /** How many classes are more probable than the true one, with more than two classes. */
  final int[] rank = new int[MOST];

  /** Probability of the true class, then −ln of it. */
  final double[] loss = new double[MOST];

  /** Brier's score. */
  final double[] miss = new double[MOST];

  /** Probability of class 1 of two, else of the predicted class. */
  final double[] score = new double[MOST];

  /** The finest {@linkplain ScoreHistogram#bin bin} of the score, with two classes. */
  final int[] bin = new int[MOST];

  ScoredRows(int classes) {
    this.classes = classes;
  }

  /** Some rows of a block, to be {@linkplain #read read}. */
  void set(int n, int from, long[] indices, double[] weights) {
    System.arraycopy(indices, from, index, 0, n);
    setWeights(n, from, weights);
  }

  /** Adds numbers in [0, 64) of the first n rows to their cells, each cut and times its weight. */
  void sum(WeightSums sums, int n, int[] cells, double[] values) {
    if (weight == null) {
      sums.addCut(n, cells, values);
    } else {
      sums.add(n, cells, weighted(n, values));
    }
  }

  /** The same with one cell for all rows. */
  void sum(WeightSums sums, int n, double[] values) {
    if (weight == null) {
      sums.addCut(n, 0, values);
    } else {
      Arrays.fill(cell, 0, n, 0);
      sums.add(n, cell, weighted(n, values));
    }
  }

  private double[] weighted(int n, double[] values) {
    for (int i = 0; i < n; i++) {
      product[i] = weight[i] * WeightSums.cut(values[i]);
    }
    return product;
  }

  /**
   * Reads labels and probabilities of n rows.
   *
   * @param at where the rows begin in {@code labels}
   * @return how many rows before the first that cannot be added
   */
  int read(int n, double[] labels, int at, double[] probabilities, int offset) {
    int good = 0;
    if (classes == 2) {
      while (good < n && two(good, labels[at + good], probabilities, offset + 2 * good)) {
        good++;
      }
      for (int i = 0; i < good; i++) {
        bin[i] = ScoreHistogram.bin(score[i]);
      }
    } else {
      while (good < n && many(good, labels[at + good], probabilities, offset + classes * good)) {
        good++;
      }
    }
    for (int i = 0; i < good; i++) {
      hit[i] = label[i] == predicted[i] ? 1 : 0;
      loss[i] = ClassificationSummary.logLoss(loss[i]);
    }
    return good;
  }

  private boolean holds(int i) {
    return weight == null || WeightSums.holds(weight[i]);
  }

  /** No branch but on what holds for every good row. */
  private boolean two(int i, double labelled, double[] p, int at) {
    if (!(labelled >= 0 && labelled < 2 && holds(i))) {
      return false;
    }
    int y = (int) labelled;
    double p0 = p[at] + 0.0; // −0 becomes 0
    double p1 = p[at + 1] + 0.0;
    double missed = p1 - y;
    label[i] = y;
    miss[i] = missed * missed;
    score[i] = p1;
    loss[i] = p[at + y];
    predicted[i] = (int) (Double.doubleToRawLongBits(p0 - p1) >>> 63); // the sign
    return isShare(p0) && isShare(p1) && Math.abs(p0 + p1 - 1) <= SUM_TOLERANCE;
  }

  /** Whether a number other than −0 is in [0, 1]: the bits of others are larger without sign. */
  private static boolean isShare(double p) {
    return Long.compareUnsigned(Double.doubleToRawLongBits(p), ONE_BITS) <= 0;
  }

  private boolean many(int i, double labelled, double[] p, int at) {
    if (!(labelled >= 0 && labelled < classes && holds(i))) {
      return false;
    }
    int y = (int) labelled;
    double own = p[at + y];
    double sum = 0;
    double squares = 0;
    double best = p[at];
    int largest = 0;
    int before = 0;
    boolean good = true;
    for (int j = 0; j < classes; j++) {
      double each = p[at + j];
      good &= each >= 0 && each <= 1;
      sum += each;
      double missed = each - (j == y ? 1 : 0);
      squares += missed * missed;
      largest = each > best ? j : largest;
      best = Math.max(best, each);
      before += each > own || (each == own && j < y) ? 1 : 0;
    }
    label[i] = y;
    miss[i] = squares;
    score[i] = best;
    loss[i] = own;
    predicted[i] = largest;
    rank[i] = before;
    return good && Math.abs(sum - 1) <= SUM_TOLERANCE;
  }
}
