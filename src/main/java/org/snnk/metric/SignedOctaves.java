package org.snnk.metric;

import java.io.Serializable;

/**
 * Bins of a signed number that are a fixed fraction of its size wide: each octave from 2^low to
 * 2^high is cut into 2^bits equal parts, on either side of one bin around zero. What is larger
 * belongs to the outermost bins.
 */
record SignedOctaves(int low, int high, int bits) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Number of bins, by rising value. */
  int count() {
    return 2 * half() + 1;
  }

  private int half() {
    return (high - low) << bits;
  }

  /** The bin of a number that is not NaN. */
  int index(double x) {
    // No branch on x: its sign would be guessed wrong on every other row.
    long raw = Double.doubleToRawLongBits(x);
    long part = (raw & Long.MAX_VALUE) >>> (52 - bits);
    int k = (int) Math.max(0, Math.min(part + 1 - ((1023L + low) << bits), half()));
    int negative = (int) (raw >> 63);
    return half() + (k ^ negative) - negative;
  }

  /** The middle of a bin. */
  double middle(int index) {
    int k = Math.abs(index - half());
    return k == 0 ? 0 : Math.signum(index - half()) * (edge(k - 1) + edge(k)) / 2;
  }

  /** By how much a number of the bin differs from its middle at most, but for the outermost. */
  double radius(int index) {
    int k = Math.abs(index - half());
    return k == 0 ? edge(0) : (edge(k) - edge(k - 1)) / 2;
  }

  private double edge(int k) {
    return Double.longBitsToDouble((k + ((1023L + low) << bits)) << (52 - bits));
  }
}
