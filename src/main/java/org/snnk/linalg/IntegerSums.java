package org.snnk.linalg;

import java.io.Serializable;

/**
 * Sums of integers that come in doubles, without rounding: a long each, and a second one once the
 * first could overflow.
 *
 * <p><b>Exact</b>: {@link #highPart} and {@link #lowPart} are a function of the sum alone, whatever
 * was added in which order and how it was merged. <b>Cost</b>: one conversion and one addition a
 * number; 8 bytes a sum, 16 once what was added may exceed 2⁶² in size. Not thread-safe.
 */
public final class IntegerSums implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int LOW_BITS = 40;
  private static final long LOW_MASK = (1L << LOW_BITS) - 1;
  private static final double ROOM = 0x1p62;

  private final long[] low;
  private long[] high;

  /** No entry of {@code low} is larger in size. */
  private double bound;

  /** As many zeros. */
  public IntegerSums(int count) {
    low = new long[count];
  }

  /**
   * Adds an integer to each sum.
   *
   * @param integers at least as many as there are sums
   * @param most none of them is larger in size; at most 2⁵³
   */
  public void add(double[] integers, double most) {
    makeRoomFor(most);
    for (int i = 0; i < low.length; i++) {
      low[i] += (long) integers[i];
    }
  }

  /** Adds other sums, as many as these. */
  public void merge(IntegerSums other) {
    if (bound + other.bound > ROOM) {
      carry();
      other.carry();
    }
    bound += other.bound;
    for (int i = 0; i < low.length; i++) {
      low[i] += other.low[i];
    }
    if (other.high != null) {
      high = high == null ? new long[low.length] : high;
      for (int i = 0; i < high.length; i++) {
        high[i] += other.high[i];
      }
    }
  }

  private void makeRoomFor(double more) {
    if (bound + more > ROOM) {
      carry();
    }
    bound += more;
  }

  private void carry() {
    high = high == null ? new long[low.length] : high;
    for (int i = 0; i < low.length; i++) {
      high[i] += low[i] >> LOW_BITS;
      low[i] &= LOW_MASK;
    }
    bound = LOW_MASK;
  }

  /** The largest multiple of 2⁴⁰ that is not above the sum. */
  public double highPart(int i) {
    return Math.scalb((double) ((high == null ? 0 : high[i]) + (low[i] >> LOW_BITS)), LOW_BITS);
  }

  /** The sum less {@link #highPart}: in [0, 2⁴⁰). */
  public double lowPart(int i) {
    return (double) (low[i] & LOW_MASK);
  }

  /** The sum, rounded to a double. */
  public double value(int i) {
    return highPart(i) + lowPart(i);
  }
}
