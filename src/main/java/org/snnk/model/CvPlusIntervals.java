package org.snnk.model;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import org.snnk.SnnkException;

/**
 * CV+ intervals, for which every row is trained on and every row calibrates (Barber, Candès, Ramdas
 * and Tibshirani 2021, "Predictive inference with the jackknife+", Section 3).
 *
 * <p>With n rows in K folds, k(i) the fold of row i, μ₋ₖ the model of all rows but those of fold k,
 * Rᵢ = |yᵢ − μ₋ₖ₍ᵢ₎(xᵢ)| and α = 1 − c, the interval of a new x is from the ⌊α(n+1)⌋-th smallest of
 * the n numbers μ₋ₖ₍ᵢ₎(x) − Rᵢ to the ⌈(1−α)(n+1)⌉-th smallest of μ₋ₖ₍ᵢ₎(x) + Rᵢ.
 *
 * <p><b>Guarantee</b>, for rows and a new one that are exchangeable and models that depend on their
 * own rows alone: the interval holds the new target with a probability of at least
 *
 * <p>1 − 2α − min{2(1−1/K)/(n/K+1), (1−K/n)/(K+1)} ≥ 1 − 2α − √(2/n) for folds of one size (Theorem
 * 4 there), and
 *
 * <p>1 − 2α − 2(1−α)(K−1)/(n+K) for any folds that are drawn without looking at the rows.
 *
 * <p>The second: in fold k, with n_k rows, P_k = (1 + #{i in k: Rᵢ ≥ |y − μ₋ₖ(x)|})/(n_k+1) is the
 * p-value of a split conformal test, so Pr(P_k ≤ u) ≤ u. A target beyond either end has at most
 * α(n+1) − 1 rows with Rᵢ ≥ |y − μ₋ₖ₍ᵢ₎(x)|, hence the mean P of the P_k with weights (n_k+1)/(n+K)
 * is at most β = (α(n+1) + K − 1)/(n+K); and Pr(P ≤ β) ≤ E max(0, 2 − P/β) ≤ 2β by convexity. In
 * practice coverage is near 1 − α: the factor 2 is met only where the models of the folds
 * contradict each other.
 *
 * <p><b>Rounding</b>: the Rᵢ are counted in bins by fold and target, and stand for the upper end of
 * their bin, so an interval is never narrower than the exact one, and each end at most 2⁻¹⁰ of its
 * distance from the farthest of the K predictions further out. For c below ½ an interval may be
 * empty, its lower end above the upper.
 *
 * <p><b>Cost</b>: 16mkK bytes of weights and some thousand bins a fold and target; for a row 4mkK
 * flops beside its features, and for an end of b bins a fold about 2K·log₂ b comparisons, more
 * where the models of the folds are far apart. <b>Deterministic</b>: a function of the set of rows
 * and their folds; merging counts is exact, and the scores of the fold models are. Immutable and
 * thread-safe.
 */
public final class CvPlusIntervals implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String KIND = "SNKC";
  private static final int VERSION = 1;

  /** The outputs of all fold models, those of fold f from f·k on. */
  private final FullyBundledModel folds;

  /** Of each of these outputs, the errors on the rows of its fold. */
  private final ConformalResiduals[] residuals;

  private final int k;

  private CvPlusIntervals(FullyBundledModel folds, ConformalResiduals[] residuals, int k) {
    this.folds = folds;
    this.residuals = residuals;
    this.k = k;
  }

  /**
   * Intervals from the models of the folds and their errors.
   *
   * @param folds what {@link FullyBundledModel#join} made of the K models, each without its fold
   * @param residuals Kk, of each output of {@code folds} the errors on the rows of its fold
   * @param k targets
   * @throws SnnkException if the numbers of outputs, errors and targets do not fit together
   */
  public static CvPlusIntervals of(FullyBundledModel folds, ConformalResiduals[] residuals, int k) {
    if (residuals.length != folds.outputs() || k < 1 || residuals.length % k != 0) {
      throw new SnnkException(
          "residuals of the folds",
          "as many as outputs, " + folds.outputs() + ", a multiple of " + k + " targets",
          residuals.length + "",
          null,
          "Give those of each fold and target.");
    }
    return new CvPlusIntervals(folds, residuals.clone(), k);
  }

  /**
   * What scores a row for {@link #ends}: the outputs of a model as it gives them, then those of the
   * folds, from the same features.
   *
   * @param model of all rows
   * @throws SnnkException if the folds are those of another model
   */
  public FullyBundledModel beside(FullyBundledModel model) {
    if (model.outputs() != k) {
      throw new SnnkException(
          "CV+ intervals",
          "those of a model of " + model.outputs() + " targets",
          k + "",
          null,
          "Take the files of one model folder.");
    }
    return FullyBundledModel.join(List.of(model, folds));
  }

  /**
   * The ends of intervals, from the scores of {@link #beside}.
   *
   * @param coverage c, between 0 and 1
   * @throws SnnkException if there are too few rows for that coverage
   */
  public IntervalEnds ends(double coverage) {
    int parts = residuals.length / k;
    double[][] sizes = new double[residuals.length][];
    long[][] counts = new long[residuals.length][];
    for (int o = 0; o < residuals.length; o++) {
      sizes[o] = residuals[o].upperEnds();
      counts[o] = residuals[o].cumulativeCounts();
    }
    long[] rank = new long[k];
    double[] half = new double[k];
    for (int t = 0; t < k; t++) {
      ConformalResiduals all = new ConformalResiduals();
      for (int f = 0; f < parts; f++) {
        all.merge(residuals[f * k + t]);
      }
      rank[t] = ConformalResiduals.rank(all.rows(), coverage);
      half[t] = all.halfWidth(coverage);
    }
    return new Ranked(k, parts, sizes, counts, rank, half);
  }

  /**
   * The ranked sums of predictions and errors.
   *
   * @param half the ranked error of each target, whatever the fold
   */
  private record Ranked(
      int k, int parts, double[][] sizes, long[][] counts, long[] rank, double[] half)
      implements IntervalEnds {
    @Override
    public void ends(int n, double[] scores, double[] out) {
      Search search = new Search(this);
      int stride = (1 + parts) * k;
      for (int i = 0; i < n; i++) {
        for (int t = 0; t < k; t++) {
          // ⌊α(n+1)⌋ from below are n + 1 − ⌊α(n+1)⌋ = ⌈(1−α)(n+1)⌉ of the negatives.
          int first = i * stride + k + t;
          out[2 * (i * k + t)] = -search.ranked(t, scores, first, -1);
          out[2 * (i * k + t) + 1] = search.ranked(t, scores, first, 1);
        }
      }
    }
  }

  /**
   * Finds a ranked number in K ascending lists.
   *
   * <p>With q the ranked error and a ≤ μ₋ₖ(x) ≤ b, each sum is from a + Rᵢ to b + Rᵢ, so the ranked
   * one is from a + q to b + q, also as rounded, since rounding keeps the order: few bins are left
   * where the models nearly agree. Each round then takes the middle of the longest list that is
   * left, and what lies on the wrong side of it leaves all lists.
   */
  private static final class Search {
    private final Ranked sums;

    /** Candidates of each fold are its bins from {@code from} up to, not including, {@code to}. */
    private final int[] from;

    private final int[] to;
    private final int[] above;

    Search(Ranked sums) {
      this.sums = sums;
      this.from = new int[sums.parts];
      this.to = new int[sums.parts];
      this.above = new int[sums.parts];
    }

    /**
     * The rank[t]-th smallest of sign·μ₋ₖ₍ᵢ₎ + Rᵢ.
     *
     * @param first where the row's prediction of t by the first fold model stands
     */
    double ranked(int t, double[] scores, int first, int sign) {
      int k = sums.k;
      bracket(t, scores, first, sign);
      double found = Double.NaN;
      for (int longest = longest(); from[longest] < to[longest]; longest = longest()) {
        int middle = (from[longest] + to[longest]) >>> 1;
        double pivot = sign * scores[first + longest * k] + sums.sizes[longest * k + t][middle];
        long upTo = 0;
        for (int f = 0; f < from.length; f++) {
          double score = sign * scores[first + f * k];
          above[f] = bound(sums.sizes[f * k + t], from[f], to[f], score, pivot, true);
          upTo += above[f] == 0 ? 0 : sums.counts[f * k + t][above[f] - 1];
        }
        if (upTo < sums.rank[t]) {
          System.arraycopy(above, 0, from, 0, from.length);
        } else {
          found = pivot;
          for (int f = 0; f < from.length; f++) {
            double score = sign * scores[first + f * k];
            to[f] = bound(sums.sizes[f * k + t], from[f], above[f], score, pivot, false);
          }
        }
      }
      return found;
    }

    private void bracket(int t, double[] scores, int first, int sign) {
      int k = sums.k;
      double lowest = Double.POSITIVE_INFINITY;
      double highest = Double.NEGATIVE_INFINITY;
      for (int f = 0; f < from.length; f++) {
        double score = sign * scores[first + f * k];
        lowest = Math.min(lowest, score);
        highest = Math.max(highest, score);
      }
      for (int f = 0; f < from.length; f++) {
        double[] sizes = sums.sizes[f * k + t];
        double score = sign * scores[first + f * k];
        from[f] = bound(sizes, 0, sizes.length, score, lowest + sums.half[t], false);
        to[f] = bound(sizes, from[f], sizes.length, score, highest + sums.half[t], true);
      }
    }

    private int longest() {
      int longest = 0;
      for (int f = 1; f < from.length; f++) {
        if (to[f] - from[f] > to[longest] - from[longest]) {
          longest = f;
        }
      }
      return longest;
    }

    /** The first bin whose sum with the score is above a number, or at it where that counts not. */
    private static int bound(
        double[] sizes, int from, int to, double score, double number, boolean strictly) {
      int low = from;
      int high = to;
      while (low < high) {
        int middle = (low + high) >>> 1;
        double sum = score + sizes[middle];
        if (sum < number || (strictly && sum == number)) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }

  /** Versioned bytes: k, then length and bytes of the fold models, and of their errors. */
  public byte[] toBytes() {
    return SealedBytes.seal(
        KIND,
        VERSION,
        out -> {
          out.writeInt(k);
          write(out, folds.toBytes());
          write(out, ConformalResiduals.toBytes(residuals));
        });
  }

  private static void write(DataOutput out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /**
   * Reads what {@link #toBytes} gave.
   *
   * @throws SnnkException if the bytes are damaged or of another version
   */
  public static CvPlusIntervals fromBytes(byte[] bytes, String where) {
    try {
      DataInput in = SealedBytes.open(bytes, KIND, VERSION, "CV+ file", where);
      int k = in.readInt();
      FullyBundledModel folds = FullyBundledModel.fromBytes(read(in), where);
      return of(folds, ConformalResiduals.fromBytes(read(in), where), k);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }
}
