package org.snnk.statistics;

import java.io.Serializable;
import org.snnk.linalg.Grid;

/**
 * How often each score occurs with and without its class: the sufficient statistic of a
 * calibration, binned so that it is exact.
 *
 * <p>Scores of one-hot least squares lie near [0, 1]; bins of 1/512 cover [−2, 3], what lies beyond
 * counts in the outermost. Row weights are rounded to 2⁻²⁰ of the weight unit, so every count is an
 * integer and merging leaves no trace of order.
 */
public final class ScoreCounts implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double LOWEST = -2;
  private static final int PER_UNIT = 512;
  private static final int BINS = 5 * PER_UNIT;

  private final int classes;
  private final double unit;
  private final long[] counts;

  /**
   * No rows.
   *
   * @param classes k
   * @param weightUnit a weight not below the largest
   */
  public ScoreCounts(int classes, double weightUnit) {
    this.classes = classes;
    this.unit = Grid.FEATURE_ONE / weightUnit;
    this.counts = new long[classes * 2 * BINS];
  }

  /** Adds a row: its k scores from {@code from} on, its class, its weight. */
  public void add(double[] scores, int from, int label, double weight) {
    long units = Math.round(weight * unit);
    for (int c = 0; c < classes; c++) {
      int bin =
          (int) Math.max(0, Math.min(BINS - 1, Math.floor((scores[from + c] - LOWEST) * PER_UNIT)));
      counts[at(c, c == label, bin)] += units;
    }
  }

  /** Adds other rows. */
  public void merge(ScoreCounts other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
  }

  private static int at(int c, boolean isClass, int bin) {
    return (c * 2 + (isClass ? 1 : 0)) * BINS + bin;
  }

  /** k. */
  public int classes() {
    return classes;
  }

  /** The number of bins. */
  public int bins() {
    return BINS;
  }

  /** The middle of a bin. */
  public double score(int bin) {
    return LOWEST + (bin + 0.5) / PER_UNIT;
  }

  /** The weight in a bin of rows that are (or are not) of class c. */
  public double weight(int c, boolean isClass, int bin) {
    return counts[at(c, isClass, bin)] / unit;
  }
}
