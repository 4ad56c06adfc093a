package org.snnk.metric;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.snnk.linalg.ExactSum;

/**
 * How the rows of both classes spread over the score of the positive class: ROC, precision–recall,
 * average precision, gain, AUC and Kolmogorov–Smirnov from one pass, without sorting.
 *
 * <p>A probability p falls into bin ⌊2¹⁶·t(p)⌋ with t(p) = (p + (53 + ℓ(p))/106)/2, where ℓ is the
 * base-2 logarithm of 2p, interpolated linearly within each octave (so that it is exact arithmetic,
 * the same on every machine), mirrored at ½ and cut at ±53. A bin is therefore never wider than
 * 2⁻¹⁵ in p, and never wider than some 0.3 % in p near 0 or in 1 − p near 1: balanced data and
 * scores crowded at either end are both resolved.
 *
 * <p><b>Error</b>: pairs within one bin count one half, so with P and N the weights of both classes
 * |AUC − exact AUC| ≤ Σ P_b·N_b / (2·P·N), summed over the bins b that hold more than one distinct
 * score: {@link #aucErrorBound}. Equal scores are ties, not errors, so constant or coarse scores
 * give the exact value. Beyond the bound there is only rounding of a few units in the last place.
 *
 * <p><b>Cost</b>: 1 MB, and 2 MB more with weights other than one. <b>Deterministic</b>: a function
 * of the multiset of rows.
 */
public final class ScoreHistogram implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int FINEST_BITS = 16;
  private static final int OCTAVES = 53;
  private static final int CURVE_POINTS = 200;
  private static final long HALF_BITS = Double.doubleToRawLongBits(0.5);
  private static final long SMALLEST_BITS = HALF_BITS - ((long) OCTAVES << 52);

  private final int bits;
  private final int bins;

  /** The weight of both classes in each bin, the negative one first. */
  private final WeightSums weights;

  /** The only score a bin has seen; NaN if there is none or more than one. */
  private final double[] single;

  /** A bit for each bin: whether it has seen more than one score. Unlike the scores it is near. */
  private final long[] mixed;

  /** An empty histogram of 2¹⁶ bins. */
  public ScoreHistogram() {
    this(FINEST_BITS);
  }

  /** An empty histogram with neighbouring bins put together: 2 to the power of {@code bits}. */
  ScoreHistogram(int bits) {
    this.bits = bits;
    bins = 1 << bits;
    weights = new WeightSums(2 * bins);
    single = new double[bins];
    Arrays.fill(single, Double.NaN);
    mixed = new long[(bins + 63) / 64];
  }

  /** The bin of a score in [0, 1] among 2¹⁶; monotone. */
  static int bin(double p) {
    // No branch on p: it would be guessed wrong for every other row. The bits of a number less
    // those of ½ are its ℓ in units of 2⁻⁵².
    long upper = ~(Double.doubleToRawLongBits(p - 0.5) >> 63);
    long own = Double.doubleToRawLongBits(p);
    long near = own ^ ((own ^ Double.doubleToRawLongBits(1 - p)) & upper);
    long below = Math.max(near, SMALLEST_BITS) - HALF_BITS;
    double octaves = ((below ^ upper) - upper) * 0x1p-52;
    double t = 0.5 * p + (octaves + OCTAVES) * (1.0 / (4 * OCTAVES));
    return Math.min((int) (t * (1 << FINEST_BITS)), (1 << FINEST_BITS) - 1);
  }

  /** The bin of a score among a lower power of two. */
  static int coarser(int bin, int bits) {
    return bin >>> (FINEST_BITS - bits);
  }

  /** Adds the first of some rows; those without weight change nothing. */
  void add(ScoredRows rows, int n) {
    for (int i = 0; i < n; i++) {
      int bin = coarser(rows.bin[i], bits);
      if (!isMixed(bin) && rows.weight(i) != 0) {
        see(bin, rows.score[i]);
      }
      rows.cell[i] = 2 * bin + rows.label[i];
    }
    weights.add(n, rows.cell, rows.weight);
  }

  private boolean isMixed(int bin) {
    return (mixed[bin >>> 6] >>> bin & 1) != 0;
  }

  private void see(int bin, double score) {
    if (isMixed(bin) || single[bin] == score) {
      return;
    }
    if (Double.isNaN(single[bin])) {
      single[bin] = score + 0.0; // −0 becomes 0
    } else {
      mix(bin);
    }
  }

  private void mix(int bin) {
    single[bin] = Double.NaN;
    mixed[bin >>> 6] |= 1L << bin;
  }

  private boolean isEmpty(int bin) {
    return weights.isEmpty(2 * bin) && weights.isEmpty(2 * bin + 1);
  }

  private double negative(int bin) {
    return weights.value(2 * bin);
  }

  private double positive(int bin) {
    return weights.value(2 * bin + 1);
  }

  /** The weight of all negative rows. */
  private double negative() {
    return weights.total(0, 2);
  }

  /** The weight of all positive rows. */
  private double positive() {
    return weights.total(1, 2);
  }

  /** Adds the rows of another histogram. */
  public void merge(ScoreHistogram other) {
    for (int b = 0; b < bins; b++) {
      if (other.isMixed(b)) {
        mix(b);
      } else if (!Double.isNaN(other.single[b])) {
        see(b, other.single[b]);
      }
    }
    weights.merge(other.weights);
  }

  /** Why curves are not defined; empty if they are. */
  private static String undefinedBecause(double p, double n) {
    if (p == 0 && n == 0) {
      return "there are no rows with weight";
    }
    if (p == 0) {
      return "no row is of the positive class";
    }
    return n == 0 ? "no row is of the negative class" : "";
  }

  /** The area under the ROC curve: the chance that a positive row scores above a negative one. */
  public Figure auc() {
    ExactSum below = new ExactSum();
    double p = positive();
    double n = negative();
    String reason = undefinedBecause(p, n);
    if (!reason.isEmpty()) {
      return Figure.undefined(reason);
    }
    // 2·Σ_b P_b·(N_<b + N_b/2): the cumulated weight twice, without a rounding half.
    ExactSum cumulated = new ExactSum();
    for (int b = 0; b < bins; b++) {
      if (isEmpty(b)) {
        continue;
      }
      cumulated.add(negative(b));
      below.addProduct(positive(b), cumulated.value());
      below.addProduct(positive(b), -0.5 * negative(b));
    }
    return Figure.of(below.value() / p / n);
  }

  /** The most by which {@link #auc} can differ from the value that sorting would give. */
  public Figure aucErrorBound() {
    double p = positive();
    double n = negative();
    String reason = undefinedBecause(p, n);
    if (!reason.isEmpty()) {
      return Figure.undefined(reason);
    }
    ExactSum unresolved = new ExactSum();
    for (int b = 0; b < bins; b++) {
      if (isMixed(b)) {
        unresolved.addProduct(positive(b), negative(b));
      }
    }
    return Figure.of(unresolved.value() / 2 / p / n);
  }

  /**
   * Average precision, the area under the steps of precision over recall: Σ over positive rows of
   * the precision at their score, by P; equal scores share one precision.
   */
  public Figure averagePrecision() {
    return ranked(false);
  }

  /** The most by which {@link #averagePrecision} can differ from what sorting would give. */
  public Figure averagePrecisionErrorBound() {
    return ranked(true);
  }

  /**
   * Within a bin of several scores the precision lies between that where its negative rows all come
   * first and that where its positive ones do.
   */
  private Figure ranked(boolean bound) {
    double p = positive();
    String reason = undefinedBecause(p, negative());
    if (!reason.isEmpty()) {
      return Figure.undefined(reason);
    }
    double right = 0;
    double wrong = 0;
    ExactSum sum = new ExactSum();
    for (int b = bins - 1; b >= 0; b--) {
      double gained = positive(b);
      if (gained > 0) {
        double lost = negative(b);
        double precision = (right + gained) / (right + gained + wrong + lost);
        if (!bound) {
          sum.addProduct(gained, precision);
        } else if (isMixed(b)) {
          double best = (right + gained) / (right + gained + wrong);
          double before = right + wrong + lost;
          double worst = before == 0 ? precision : right / before;
          sum.addProduct(gained, Math.max(best - precision, precision - worst));
        }
      }
      right += gained;
      wrong += negative(b);
    }
    return Figure.of(Math.min(1, sum.value() / p));
  }

  /** The largest distance between both classes' distribution functions over the score. */
  public Figure kolmogorovSmirnov() {
    double p = positive();
    double n = negative();
    String reason = undefinedBecause(p, n);
    if (!reason.isEmpty()) {
      return Figure.undefined(reason);
    }
    double largest = 0;
    double above = 0;
    double wrong = 0;
    for (int b = bins - 1; b >= 0; b--) {
      above += positive(b);
      wrong += negative(b);
      largest = Math.max(largest, Math.abs(above / p - wrong / n));
    }
    return Figure.of(largest);
  }

  /**
   * True against false positive rate from (0, 0) to (1, 1), at most 200 points, each at least 1 %
   * of the way from the one before; empty where it is not defined.
   */
  public List<Point> roc() {
    return found(0);
  }

  /**
   * Share of the positive weight found (y) among the share of all weight with the highest scores
   * (x), thinned likewise; the lift is y/x. Empty where it is not defined.
   */
  public List<Point> gain() {
    return found(1);
  }

  /**
   * Share of the positive weight above a score over the negative weight above it, with {@code
   * share} of the positive.
   */
  private List<Point> found(double share) {
    double p = positive();
    double n = negative();
    if (p == 0 || n == 0) {
      return List.of();
    }
    List<Point> curve = new ArrayList<>();
    Point last = new Point(0, 0);
    curve.add(last);
    double step = 2.0 / (CURVE_POINTS - 2);
    double above = 0;
    double wrong = 0;
    for (int b = bins - 1; b >= 0; b--) {
      above += positive(b);
      wrong += negative(b);
      double x = (wrong + share * above) / (n + share * p);
      Point here = new Point(Math.min(x, 1), Math.min(above / p, 1));
      if (here.x() - last.x() + here.y() - last.y() >= step) {
        curve.add(here);
        last = here;
      }
    }
    return close(curve, new Point(1, 1));
  }

  /**
   * Precision (y) against recall (x) from the highest score to recall 1, at most 200 points; empty
   * where it is not defined.
   */
  public List<Point> precisionRecall() {
    double p = positive();
    if (p == 0 || negative() == 0) {
      return List.of();
    }
    List<Point> curve = new ArrayList<>();
    double step = 1.0 / (CURVE_POINTS - 2);
    double recall = 0;
    double above = 0;
    double wrong = 0;
    for (int b = bins - 1; b >= 0; b--) {
      above += positive(b);
      wrong += negative(b);
      if (above / p - recall >= step) {
        recall = above / p;
        curve.add(new Point(Math.min(recall, 1), above / (above + wrong)));
      }
    }
    double last = curve.isEmpty() ? 0 : curve.get(curve.size() - 1).x();
    if (last < 1) {
      curve.add(new Point(1, above / (above + wrong)));
    }
    return curve;
  }

  private static List<Point> close(List<Point> curve, Point end) {
    Point last = curve.get(curve.size() - 1);
    if (last.x() == end.x() && last.y() == end.y()) {
      return curve;
    }
    if (1 - last.x() + 1 - last.y() < 1e-9 && curve.size() > 1) {
      curve.set(curve.size() - 1, end); // rounding of the cumulated weights, not a step
    } else {
      curve.add(end);
    }
    return curve;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof ScoreHistogram histogram)
        || bins != histogram.bins
        || !weights.equals(histogram.weights)) {
      return false;
    }
    return Arrays.equals(single, histogram.single) && Arrays.equals(mixed, histogram.mixed);
  }

  @Override
  public int hashCode() {
    return weights.hashCode();
  }
}
