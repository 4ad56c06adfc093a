package org.snnk.model;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.snnk.SnnkException;

/**
 * The sizes of a model's errors on rows that took no part in its training: what split conformal
 * intervals are made of (Vovk, Gammerman and Shafer 2005; Lei et al. 2018, Theorem 2.2).
 *
 * <p>With r₍₁₎ ≤ … ≤ r₍ₙ₎ the sorted |y − ŷ| of n such rows, and q = r₍⌈(n+1)c⌉₎, the interval ŷ ±
 * q holds the target of a new row with a probability of at least c, if that row and the n are
 * exchangeable; no other assumption is needed, and the probability is over all of them together.
 * {@link CvPlusIntervals} makes intervals of those of several models.
 *
 * <p>Errors are counted in bins of relative width 2⁻¹⁰, and q is the upper end of its bin, so that
 * an interval is up to 0.1 % wider than need be and never narrower. Counts are integers: merging is
 * associative and commutative. <b>Cost</b>: one bin for each size that occurs, some thousands.
 */
public final class ConformalResiduals implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String KIND = "SNKR";
  private static final int VERSION = 1;

  /** What is left of a double: 11 bits of the exponent and 10 of the fraction. */
  private static final int DROPPED_BITS = 42;

  private final TreeMap<Integer, Long> counts = new TreeMap<>();
  private long rows;

  /** Takes in an error of either sign. */
  public void add(double error) {
    counts.merge((int) (Double.doubleToLongBits(Math.abs(error)) >>> DROPPED_BITS), 1L, Long::sum);
    rows++;
  }

  /** Takes in others. */
  public void merge(ConformalResiduals other) {
    other.counts.forEach((bin, count) -> counts.merge(bin, count, Long::sum));
    rows += other.rows;
  }

  /** n. */
  public long rows() {
    return rows;
  }

  /**
   * Half the width of the interval, q.
   *
   * @param coverage c, between 0 and 1
   * @throws SnnkException if there are too few rows for that coverage
   */
  public double halfWidth(double coverage) {
    long rank = rank(rows, coverage);
    long seen = 0;
    for (Map.Entry<Integer, Long> bin : counts.entrySet()) {
      seen += bin.getValue();
      if (seen >= rank) {
        return upperEnd(bin.getKey());
      }
    }
    throw new AssertionError("the counts sum to " + rows);
  }

  /**
   * ⌈(n+1)c⌉.
   *
   * @throws SnnkException if there are too few rows for that coverage
   */
  static long rank(long rows, double coverage) {
    long rank = (long) Math.ceil((rows + 1) * coverage);
    if (rank > rows) {
      throw new SnnkException(
          "coverage",
          "at most " + (double) rows / (rows + 1) + " with " + rows + " rows to calibrate on",
          coverage + "",
          null,
          "Lower it, or train on more rows.");
    }
    return rank;
  }

  private static double upperEnd(int bin) {
    return Double.longBitsToDouble((bin + 1L) << DROPPED_BITS);
  }

  /** The upper ends of the bins that occur, ascending. */
  double[] upperEnds() {
    return counts.keySet().stream().mapToDouble(ConformalResiduals::upperEnd).toArray();
  }

  /** How many errors are in each of these bins and the ones before it. */
  long[] cumulativeCounts() {
    long[] counted = counts.values().stream().mapToLong(Long::longValue).toArray();
    Arrays.parallelPrefix(counted, Long::sum);
    return counted;
  }

  /**
   * Split conformal intervals, ŷ ± q.
   *
   * @param targets the errors of each target
   * @param coverage c, between 0 and 1
   * @throws SnnkException if there are too few rows for that coverage
   */
  public static IntervalEnds ends(ConformalResiduals[] targets, double coverage) {
    double[] half = Arrays.stream(targets).mapToDouble(t -> t.halfWidth(coverage)).toArray();
    return (n, scores, out) -> {
      for (int i = 0; i < n * half.length; i++) {
        double q = half[i % half.length];
        out[2 * i] = scores[i] - q;
        out[2 * i + 1] = scores[i] + q;
      }
    };
  }

  /** The versioned bytes of the errors of each target. */
  public static byte[] toBytes(ConformalResiduals[] targets) {
    return SealedBytes.seal(
        KIND,
        VERSION,
        out -> {
          out.writeInt(targets.length);
          for (ConformalResiduals target : targets) {
            target.write(out);
          }
        });
  }

  private void write(DataOutput out) throws IOException {
    out.writeInt(counts.size());
    for (Map.Entry<Integer, Long> bin : counts.entrySet()) {
      out.writeInt(bin.getKey());
      out.writeLong(bin.getValue());
    }
  }

  /**
   * Reads what {@link #toBytes} gave.
   *
   * @throws SnnkException if the bytes are damaged or of another version
   */
  public static ConformalResiduals[] fromBytes(byte[] bytes, String where) {
    try {
      DataInput in = SealedBytes.open(bytes, KIND, VERSION, "residuals file", where);
      ConformalResiduals[] targets = new ConformalResiduals[in.readInt()];
      for (int t = 0; t < targets.length; t++) {
        targets[t] = new ConformalResiduals();
        int bins = in.readInt();
        for (int b = 0; b < bins; b++) {
          int bin = in.readInt();
          long count = in.readLong();
          targets[t].counts.put(bin, count);
          targets[t].rows += count;
        }
      }
      return targets;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
