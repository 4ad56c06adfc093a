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

  private final WeightSums weight = new WeightSums(BINS);
  private final WeightSums hits = new WeightSums(BINS);

  /** Σ w·p, each product cut to 2⁻⁶². */
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

  /** Adds a row whose score in [0, 1] and weight were checked. */
  void add(double p, boolean hit, double w) {
    int bin = Math.min((int) (p * BINS), BINS - 1);
    weight.add(bin, w);
    score.add(bin, w * p);
    hits.add(bin, hit ? w : 0);
  }

  /** Adds the rows of another table. */
  public void merge(Reliability other) {
    weight.merge(other.weight);
    hits.merge(other.hits);
    score.merge(other.score);
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
                Math.min(score.value(b) / w, 1), // weights may have been cut to their unit
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
        && score.equals(table.score);
  }

  @Override
  public int hashCode() {
    return weight.hashCode();
  }
}
