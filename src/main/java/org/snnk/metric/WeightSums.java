package org.snnk.metric;

import java.io.Serializable;
import org.snnk.SnnkException;

/**
 * Exact sums of row weights, one for each cell of a table.
 *
 * <p>An {@link org.snnk.linalg.ExactSum} takes 544 bytes, too many for 2¹⁷ cells. Weights need a
 * narrow range only, so a cell is a fixed-point number of two longs in units of 2⁻⁶²; the lower one
 * comes into being with the first weight that is not whole. Weights of 2⁻¹⁰ and above are exact;
 * smaller ones are cut to the unit row by row, which does not depend on order either.
 */
final class WeightSums implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double SMALLEST = 0x1p-30;
  private static final double LARGEST = 0x1p30;
  private static final double UNIT = 0x1p-62;
  private static final long ONE = 1L << 62;

  private final long[] whole;
  private long[] fraction;

  WeightSums(int cells) {
    whole = new long[cells];
  }

  /** Whether the fixed-point range holds a weight. */
  static boolean holds(double weight) {
    return weight == 0 || (weight >= SMALLEST && weight <= LARGEST);
  }

  /** Refuses what the fixed-point range does not hold. */
  static void check(double weight, long row) {
    if (holds(weight)) {
      return;
    }
    throw new SnnkException(
        "row weight",
        "0 or a number from 2^-30 to 2^30",
        Double.toString(weight),
        "row " + row + " of the summary",
        "Correct the weight column, or rescale all weights by one factor.");
  }

  /** Adds a weight that {@link #check} let pass. */
  void add(int cell, double weight) {
    long units = (long) weight;
    double rest = weight - units;
    whole[cell] += units;
    if (rest != 0) {
      if (fraction == null) {
        fraction = new long[whole.length];
      }
      addFraction(cell, (long) (rest * 0x1p62));
    }
  }

  private void addFraction(int cell, long units) {
    long sum = fraction[cell] + units; // both below 2⁶²
    whole[cell] += sum >>> 62; // no branch, which would be guessed wrong half of the time
    fraction[cell] = sum & (ONE - 1);
  }

  void merge(WeightSums other) {
    for (int i = 0; i < whole.length; i++) {
      whole[i] = Math.addExact(whole[i], other.whole[i]);
    }
    if (other.fraction != null) {
      if (fraction == null) {
        fraction = new long[whole.length];
      }
      for (int i = 0; i < whole.length; i++) {
        addFraction(i, other.fraction[i]);
      }
    }
  }

  double value(int cell) {
    return fraction == null ? whole[cell] : whole[cell] + fraction[cell] * UNIT;
  }

  /** The sum over all cells. */
  double total() {
    return total(0, 1);
  }

  /** The sum over the cells first, first + step, …. */
  double total(int first, int step) {
    WeightSums total = new WeightSums(1);
    total.fraction = fraction == null ? null : new long[1];
    for (int i = first; i < whole.length; i += step) {
      total.whole[0] = Math.addExact(total.whole[0], whole[i]);
      if (fraction != null) {
        total.addFraction(0, fraction[i]);
      }
    }
    return total.value(0);
  }

  boolean isEmpty(int cell) {
    return whole[cell] == 0 && (fraction == null || fraction[cell] == 0);
  }

  int cells() {
    return whole.length;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof WeightSums sums) || sums.whole.length != whole.length) {
      return false;
    }
    for (int i = 0; i < whole.length; i++) {
      long left = fraction == null ? 0 : fraction[i];
      long right = sums.fraction == null ? 0 : sums.fraction[i];
      if (whole[i] != sums.whole[i] || left != right) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(total());
  }
}
