package org.snnk.metric;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether scores are probabilities: rows in equal-width bins of the score, with the mean score and
 * the share of hits of each.
 *
 * <p>Expected calibration error ECE = Σ_b (W_b/W)·|mean score_b − hit rate_b| (Naeini, Cooper and
 * Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian binning").
 *
 * <p><b>Deterministic</b>: a function of the multiset of rows. <b>Cost</b>: 1 kB.
 */
public final class Reliability implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Number of bins. */
  public static final int BINS = 20;

  /** Of each bin the weight of the misses, then that of the hits. */
  private final WeightSums weights = new WeightSums(2 * BINS);

  /** Σ w·p, p cut to 2⁻⁵⁷. */
  private final WeightSums score = new WeightSums(BINS);

  /**
   * One bin that holds rows.
   *
   * @param from lower edge of the score, inclusive
   * @param to upper edge, exclusive but for 1
   * @param weight weight of its rows
   * @param meanScore what was promised
   * @param hitRate what came true
   */
  public record Bin(double from, double to, double weight, double meanScore, double hitRate) {}

  /**
   * Adds the first of some rows.
   *
   * @param hit 1 where what the score promised came true, else 0
   */
  void add(ScoredRows rows, int n, int[] hit) {
    int[] cell = rows.cell;
    for (int i = 0; i < n; i++) {
      cell[i] = Math.min((int) (rows.score[i] * BINS), BINS - 1);
    }
    rows.sum(score, n, cell, rows.score);
    for (int i = 0; i < n; i++) {
      cell[i] = 2 * cell[i] + hit[i];
    }
    weights.add(n, cell, rows.weight);
  }

  /** Adds the rows of another table. */
  public void merge(Reliability other) {
    weights.merge(other.weights);
    score.merge(other.score);
  }

  /** The bins that hold weight, by rising score. */
  public List<Bin> bins() {
    List<Bin> bins = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      double hits = weights.value(2 * b + 1);
      double w = weights.value(2 * b) + hits;
      if (w > 0) {
        bins.add(
            new Bin(
                (double) b / BINS,
                (b + 1.0) / BINS,
                w,
                Math.min(score.value(b) / w, 1), // weights may have been cut to their unit
                hits / w));
      }
    }
    return bins;
  }

  /** The expected calibration error. */
  public Figure expectedCalibrationError() {
    double sum = 0;
    for (Bin bin : bins()) {
      sum += bin.weight() * Math.abs(bin.meanScore() - bin.hitRate());
    }
    return Figure.ratio(sum, weights.total(), "there are no rows with weight");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Reliability table
        && weights.equals(table.weights)
        && score.equals(table.score);
  }

  @Override
  public int hashCode() {
    return weights.hashCode();
  }
}
