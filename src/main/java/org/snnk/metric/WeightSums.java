package org.snnk.metric;

import java.io.Serializable;
import org.snnk.SnnkException;

/**
 * Exact sums of row weights, one for each cell of a table.
 *
 * <p>An {@link org.snnk.linalg.ExactSum} takes 544 bytes, too many for 2¹⁷ cells. Weights need a
 * narrow range only, so a cell is a fixed-point number of two longs in units of 2⁻⁶². Weights of
 * 2⁻¹⁰ and above are exact; smaller ones are cut to the unit row by row, which does not depend on
 * order either. Rows that weigh one are counted apart in 4 bytes a cell, so that their tables stay
 * in a near cache; the longs come into being with the first weight that is another.
 */
final class WeightSums implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double SMALLEST = 0x1p-30;
  private static final double LARGEST = 0x1p30;
  private static final double UNIT = 0x1p-62;
  private static final double UNITS = 0x1p62;
  private static final double CUTS = 0x1p57;
  private static final long ONE = 1L << 62;
  private static final long LOW = (1L << 26) - 1;
  private static final long COUNTS = 1L << 32;

  private final int cells;

  /** Rows that weigh one, modulo 2³². */
  private int[] ones;

  private long[] whole;
  private long[] fraction;

  WeightSums(int cells) {
    this.cells = cells;
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

  /**
   * Adds the weights of n rows, which {@link #check} let pass, each to its cell.
   *
   * @param weights null where every row weighs one
   */
  void add(int n, int[] cell, double[] weights) {
    if (weights == null) {
      addOnes(n, cell);
      return;
    }
    allocateWhole();
    allocateFraction();
    long[] wholes = whole;
    long[] fractions = fraction;
    for (int i = 0; i < n; i++) {
      long units = (long) weights[i];
      long sum = fractions[cell[i]] + (long) ((weights[i] - units) * UNITS);
      wholes[cell[i]] += units + (sum >>> 62);
      fractions[cell[i]] = sum & (ONE - 1);
    }
  }

  private void addOnes(int n, int[] cell) {
    allocateOnes();
    int[] counts = ones;
    for (int i = 0; i < n; i++) {
      if (++counts[cell[i]] == 0) {
        allocateWhole();
        whole[cell[i]] += COUNTS;
      }
    }
  }

  /** Adds the weights of rows that weigh one to a cell. */
  void addOnes(int cell, int rows) {
    allocateWhole();
    whole[cell] += rows;
  }

  /** A number in [0, 64) without what is below 2⁻⁵⁷: what {@link #addCut} adds of it. */
  static double cut(double value) {
    return ((long) (value * CUTS)) * 0x1p-57;
  }

  /** Adds n numbers in [0, 64), each {@linkplain #cut cut} and to its cell. */
  void addCut(int n, int[] cell, double[] values) {
    allocateWhole();
    allocateFraction();
    long[] wholes = whole;
    long[] fractions = fraction;
    for (int i = 0; i < n; i++) {
      long units = (long) (values[i] * CUTS);
      long sum = fractions[cell[i]] + ((units << 5) & (ONE - 1));
      wholes[cell[i]] += (units >>> 57) + (sum >>> 62);
      fractions[cell[i]] = sum & (ONE - 1);
    }
  }

  /** Adds at most 2²⁶ numbers in [0, 64), each {@linkplain #cut cut}, to one cell. */
  void addCut(int n, int cell, double[] values) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < n; i++) {
      long units = (long) (values[i] * CUTS);
      high += units >>> 26;
      low += units & LOW;
    }
    high += low >>> 26;
    allocateWhole();
    allocateFraction();
    whole[cell] += high >>> 31;
    addFraction(cell, ((high << 31) | ((low & LOW) << 5)) & (ONE - 1));
  }

  private void addFraction(int cell, long units) {
    long sum = fraction[cell] + units; // both below 2⁶²
    whole[cell] += sum >>> 62; // no branch, which would be guessed wrong half of the time
    fraction[cell] = sum & (ONE - 1);
  }

  private void allocateOnes() {
    if (ones == null) {
      ones = new int[cells];
    }
  }

  private void allocateWhole() {
    if (whole == null) {
      whole = new long[cells];
    }
  }

  private void allocateFraction() {
    if (fraction == null) {
      fraction = new long[cells];
    }
  }

  void merge(WeightSums other) {
    if (other.ones != null) {
      allocateOnes();
      for (int i = 0; i < cells; i++) {
        long rows = Integer.toUnsignedLong(ones[i]) + Integer.toUnsignedLong(other.ones[i]);
        ones[i] = (int) rows;
        if (rows >= COUNTS) {
          allocateWhole();
          whole[i] += COUNTS;
        }
      }
    }
    if (other.whole != null) {
      allocateWhole();
      for (int i = 0; i < cells; i++) {
        whole[i] = Math.addExact(whole[i], other.whole[i]);
      }
    }
    if (other.fraction != null) {
      allocateWhole();
      allocateFraction();
      for (int i = 0; i < cells; i++) {
        addFraction(i, other.fraction[i]);
      }
    }
  }

  private long units(int cell) {
    long counted = ones == null ? 0 : Integer.toUnsignedLong(ones[cell]);
    return whole == null ? counted : whole[cell] + counted;
  }

  private long rest(int cell) {
    return fraction == null ? 0 : fraction[cell];
  }

  double value(int cell) {
    return units(cell) + rest(cell) * UNIT;
  }

  /** The sum over all cells. */
  double total() {
    return total(0, 1);
  }

  /** The sum over the cells first, first + step, …. */
  double total(int first, int step) {
    WeightSums total = new WeightSums(1);
    total.whole = new long[1];
    total.fraction = new long[1];
    for (int i = first; i < cells; i += step) {
      total.whole[0] = Math.addExact(total.whole[0], units(i));
      total.addFraction(0, rest(i));
    }
    return total.value(0);
  }

  boolean isEmpty(int cell) {
    return units(cell) == 0 && rest(cell) == 0;
  }

  int cells() {
    return cells;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof WeightSums sums) || sums.cells != cells) {
      return false;
    }
    for (int i = 0; i < cells; i++) {
      if (units(i) != sums.units(i) || rest(i) != sums.rest(i)) {
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
