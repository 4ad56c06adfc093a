package org.snnk.metric;

/**
 * Some rows on their way into sums, worked out once: every sum is then a loop of its own without
 * branches, which would be guessed wrong on every other row.
 */
class SummedRows {
  /** Most rows at once: all arrays together stay in the nearest cache. */
  static final int MOST = 256;

  private final double[] given = new double[MOST];

  /** Row weights; null where every row weighs one. */
  double[] weight;

  /** For whoever adds the rows by group. */
  final int[] group = new int[MOST];

  /** For whoever adds the rows to cells. */
  final int[] cell = new int[MOST];

  /** Takes n weights from a place on; null where every row weighs one. */
  final void setWeights(int n, int from, double[] weights) {
    weight = weights == null ? null : given;
    if (weights != null) {
      System.arraycopy(weights, from, given, 0, n);
    }
  }

  /** The weight of a row. */
  final double weight(int i) {
    return weight == null ? 1 : weight[i];
  }

  /** Whether one of the first n rows weighs other than one. */
  final boolean isWeighted(int n) {
    for (int i = 0; i < n && weight != null; i++) {
      if (weight[i] != 1) {
        return true;
      }
    }
    return false;
  }
}
