package org.snnk.metric;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.snnk.linalg.ExactSum;

/**
 * Whether scores are probabilities: rows in equal-width bins of the score, with the mean score and
 * the share of hits of each.
 *
 * <p>Expected calibration error ECE = Σ_b (W_b/W)·|mean score_b − hit rate_b| (Naeini, Cooper and
 * Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian binning").
 *
 * <p><b>Deterministic</b>: a function of the multiset of rows. <b>Cost</b>: some 12 kB.
 */
public final class Reliability implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Number of bins. */
  public static final int BINS = 20;

  private final WeightSums weight = new WeightSums(BINS);
  private final WeightSums hits = new WeightSums(BINS);
  private final ExactSum[] score = new ExactSum[BINS];

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

  /** An empty table. */
  public Reliability() {
    Arrays.setAll(score, b -> new ExactSum());
  }

  /** Adds a row whose score in [0, 1] and weight were checked. */
  void add(double p, boolean hit, double w) {
    int bin = Math.min((int) (p * BINS), BINS - 1);
    weight.add(bin, w);
    if (w == 1) {
      score[bin].add(p);
    } else {
      score[bin].addProduct(w, p);
    }
    if (hit) {
      hits.add(bin, w);
    }
  }

  /** Adds the rows of another table. */
  public void merge(Reliability other) {
    weight.merge(other.weight);
    hits.merge(other.hits);
    for (int b = 0; b < BINS; b++) {
      score[b].merge(other.score[b]);
    }
  }

  /** The bins that hold weight, by rising score. */
  public List<Bin> bins() {
    List<Bin> bins = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      double w = weight.value(b);
      if (w > 0) {
        bins.add(
            new Bin(
                (double) b / BINS,
                (b + 1.0) / BINS,
                w,
                Math.min(score[b].value() / w, 1), // weights may have been cut to their unit
                hits.value(b) / w));
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
    return Figure.ratio(sum, weight.total(), "there are no rows with weight");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Reliability table
        && weight.equals(table.weight)
        && hits.equals(table.hits)
        && Arrays.equals(score, table.score);
  }

  @Override
  public int hashCode() {
    return weight.hashCode();
  }
}
