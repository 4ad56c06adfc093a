package org.snnk.metric;

import java.io.Serializable;
import org.snnk.linalg.ExactSum;

/**
 * By group of rows Σw·y, Σw·y², Σw·e, Σw·|e| and Σw·e² of a target y, counted from the middle of
 * its range, and of the error e.
 *
 * <p>With s the power of two from the width of the range on, y and e up to s in size are cut to
 * 2⁻⁵²·s. Of rows that weigh one these are integers below 2⁵³, and so are their squares below 2¹⁰⁶,
 * which are added in 128 bits; all others go to an {@link ExactSum}, which takes several times as
 * long. Either sum is exact, and which of them takes a number depends on the row alone.
 *
 * <p><b>Cost</b>: 80 bytes a group, and 2.7 kB for each that has seen a number for the other sums.
 */
final class ErrorMoments implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Number of sums. */
  static final int SUMS = 5;

  static final int Y = 0;
  static final int Y_SQUARED = 1;
  static final int E = 2;
  static final int E_SIZE = 3;
  static final int E_SQUARED = 4;
  private static final int BITS = 52;

  /** Beyond these powers of two, squares of units are no normal numbers. */
  private static final int MOST_EXPONENT = 400;

  private static final long FULL = 1L << 62;

  private final int groups;

  /** s; −1 where all numbers are for the exact sums. */
  private final double largest;

  private final double unit;
  private final double perUnit;

  /** Of group g sum i at 5·g + i, in units or squares of units; signed. */
  private final long[] high;

  /** The lower 64 bits of it, without a sign. */
  private final long[] low;

  private final ExactSum[] others;

  ErrorMoments(int groups, double width) {
    this.groups = groups;
    int exponent =
        Math.getExponent(width) + (width > Math.scalb(1.0, Math.getExponent(width)) ? 1 : 0);
    boolean usable = Math.abs(exponent) <= MOST_EXPONENT;
    largest = usable ? Math.scalb(1.0, exponent) : -1;
    unit = Math.scalb(1.0, usable ? exponent - BITS : 0);
    perUnit = 1 / unit;
    high = new long[groups * SUMS];
    low = new long[groups * SUMS];
    others = new ExactSum[groups * SUMS];
  }

  /**
   * Adds n rows.
   *
   * @param y from the middle of the range
   * @param weight null where every row weighs one
   */
  void add(int n, int[] group, double[] y, double[] e, double[] weight) {
    if (weight == null) {
      for (int i = 0; i < n; i++) {
        int at = group[i] * SUMS;
        if (Math.abs(y[i]) <= largest && Math.abs(e[i]) <= largest) {
          add(at, (long) (y[i] * perUnit), (long) (e[i] * perUnit));
        } else {
          add(at, y[i], e[i], 1);
        }
      }
    } else {
      for (int i = 0; i < n; i++) {
        add(group[i] * SUMS, y[i], e[i], weight[i]);
      }
    }
  }

  private void add(int at, long y, long e) {
    add(at + Y, y);
    addSquare(at + Y_SQUARED, y);
    add(at + E, e);
    add(at + E_SIZE, Math.abs(e));
    addSquare(at + E_SQUARED, e);
  }

  private void add(int at, long x) {
    long sum = low[at] + x;
    high[at] += (x >> 63) + carry(low[at], x, sum);
    low[at] = sum;
  }

  private void addSquare(int at, long x) {
    long lower = x * x;
    long sum = low[at] + lower;
    high[at] += Math.multiplyHigh(x, x) + carry(low[at], lower, sum);
    low[at] = sum;
    if (high[at] >= FULL) {
      spill(at);
    }
  }

  /** 1 if the sum of two numbers without sign is beyond 64 bits. */
  private static long carry(long a, long b, long sum) {
    return ((a & b) | ((a | b) & ~sum)) >>> 63;
  }

  private void add(int at, double y, double e, double w) {
    if (w != 0) {
      double cutY = cut(y);
      double cutE = cut(e);
      other(at + Y).addProduct(w, cutY);
      other(at + Y_SQUARED).addProduct(w * cutY, cutY);
      other(at + E).addProduct(w, cutE);
      other(at + E_SIZE).addProduct(w, Math.abs(cutE));
      other(at + E_SQUARED).addProduct(w * cutE, cutE);
    }
  }

  private double cut(double x) {
    return Math.abs(x) <= largest ? ((long) (x * perUnit)) * unit : x;
  }

  private ExactSum other(int at) {
    if (others[at] == null) {
      others[at] = new ExactSum();
    }
    return others[at];
  }

  private void spill(int at) {
    others[at] = sum(at);
    high[at] = 0;
    low[at] = 0;
  }

  private ExactSum sum(int at) {
    ExactSum sum = others[at] == null ? new ExactSum() : others[at].copy();
    int of = at % SUMS;
    double each = of == Y_SQUARED || of == E_SQUARED ? unit * unit : unit;
    sum.add((high[at] >> 32) * 0x1p96 * each);
    sum.add((high[at] & 0xFFFFFFFFL) * 0x1p64 * each);
    sum.add((low[at] >>> 32) * 0x1p32 * each);
    sum.add((low[at] & 0xFFFFFFFFL) * each);
    return sum;
  }

  void merge(ErrorMoments other) {
    for (int at = 0; at < high.length; at++) {
      long sum = low[at] + other.low[at];
      high[at] += other.high[at] + carry(low[at], other.low[at], sum);
      low[at] = sum;
      if (other.others[at] != null) {
        other(at).merge(other.others[at]);
      }
      if (Math.abs(high[at]) >= FULL) {
        spill(at);
      }
    }
  }

  /** The sums of each group. */
  double[][] byGroup() {
    double[][] values = new double[groups][SUMS];
    for (int at = 0; at < high.length; at++) {
      values[at / SUMS][at % SUMS] = sum(at).value();
    }
    return values;
  }

  /** The sums of all groups. */
  double[] totals() {
    double[] totals = new double[SUMS];
    for (int i = 0; i < SUMS; i++) {
      ExactSum total = new ExactSum();
      for (int at = i; at < high.length; at += SUMS) {
        total.merge(sum(at));
      }
      totals[i] = total.value();
    }
    return totals;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof ErrorMoments moments)
        || groups != moments.groups
        || unit != moments.unit) {
      return false;
    }
    for (int at = 0; at < high.length; at++) {
      if (!sum(at).equals(moments.sum(at))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(totals()[E_SQUARED]);
  }
}
