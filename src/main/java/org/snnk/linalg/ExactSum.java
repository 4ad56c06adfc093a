package org.snnk.linalg;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * The exact sum of any doubles, independent of their order and of how they were split.
 *
 * <p>A small superaccumulator (Neal 2015, "Fast exact summation using small and large
 * superaccumulators"): the sum is kept as an integer in units of 2⁻¹⁰⁷⁴, in chunks of 32 bits held
 * in signed longs, so that 2³⁰ additions fit before carries are propagated. {@link #value} rounds
 * it once, to nearest, ties to even.
 *
 * <p><b>Deterministic</b>: a function of the multiset of added numbers. Merge is associative and
 * commutative with the new instance as identity; subtract undoes merge.
 *
 * <p><b>Cost</b>: a few ns an addition, 544 bytes.
 */
public final class ExactSum implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int CHUNKS = 68;
  private static final int CHUNK_BITS = 32;
  private static final long CHUNK_MASK = 0xFFFFFFFFL;
  private static final int ADDITIONS_BEFORE_CARRY = 1 << 30;
  private static final int LOWEST_EXPONENT = -1074;
  private static final long FRACTION_MASK = (1L << 52) - 1;

  private final long[] chunks = new long[CHUNKS];
  private int additions;

  /**
   * Adds a number.
   *
   * @throws ArithmeticException if it is NaN or infinite
   */
  public void add(double x) {
    long bits = Double.doubleToRawLongBits(x);
    int biased = (int) (bits >>> 52) & 0x7FF;
    if (biased == 0x7FF) {
      throw new ArithmeticException("exact sum: expected a finite number, got " + x + ".");
    }
    long mantissa = biased == 0 ? bits & FRACTION_MASK : (bits & FRACTION_MASK) | (1L << 52);
    addScaled(bits < 0 ? -mantissa : mantissa, Math.max(biased - 1, 0));
  }

  /**
   * Adds x·y without rounding: the product and its error by a fused multiply-add. Only below 2⁻⁹⁶⁰,
   * where the error term itself would underflow, the rounded product is added alone.
   */
  public void addProduct(double x, double y) {
    double product = x * y;
    add(product);
    if (Math.abs(product) >= 0x1p-960) {
      add(Math.fma(x, y, -product));
    }
  }

  /** mantissa·2^(shift−1074), mantissa below 2⁵³ in size. */
  private void addScaled(long mantissa, int shift) {
    int chunk = shift >>> 5;
    int within = shift & 31;
    // The mantissa shifted left by up to 31 bits has up to 84: three chunks, the upper one signed.
    long low = mantissa << within;
    long high = within == 0 ? mantissa >> 63 : mantissa >> (64 - within);
    chunks[chunk] += low & CHUNK_MASK;
    chunks[chunk + 1] += low >>> 32;
    if (chunk + 2 < CHUNKS) {
      chunks[chunk + 2] += high;
    }
    if (++additions == ADDITIONS_BEFORE_CARRY) {
      carry();
    }
  }

  /** Adds another sum. */
  public void merge(ExactSum other) {
    carry();
    ExactSum right = other.copy();
    right.carry();
    for (int i = 0; i < CHUNKS; i++) {
      chunks[i] += right.chunks[i];
    }
    additions = 2;
  }

  /** Takes another sum away. */
  public void subtract(ExactSum other) {
    carry();
    ExactSum right = other.copy();
    right.carry();
    for (int i = 0; i < CHUNKS; i++) {
      chunks[i] -= right.chunks[i];
    }
    additions = 2;
  }

  /** A copy that shares nothing. */
  public ExactSum copy() {
    ExactSum copy = new ExactSum();
    System.arraycopy(chunks, 0, copy.chunks, 0, CHUNKS);
    copy.additions = additions;
    return copy;
  }

  /** Brings every chunk but the last into [0, 2³²): the canonical form. */
  private void carry() {
    for (int i = 0; i < CHUNKS - 1; i++) {
      chunks[i + 1] += chunks[i] >> CHUNK_BITS;
      chunks[i] &= CHUNK_MASK;
    }
    additions = 1;
  }

  /** The sum, rounded once to the nearest double; infinite if it is beyond the range. */
  public double value() {
    ExactSum canonical = copy();
    canonical.carry();
    long[] c = canonical.chunks;
    boolean negative = c[CHUNKS - 1] < 0;
    if (negative) {
      for (int i = 0; i < CHUNKS; i++) {
        c[i] = -c[i];
      }
      canonical.carry();
    }
    int top = CHUNKS - 1;
    while (top >= 0 && c[top] == 0) {
      top--;
    }
    if (top < 0) {
      return 0.0;
    }
    double magnitude = round(c, top);
    return negative ? -magnitude : magnitude;
  }

  /** The sum without rounding. */
  public BigDecimal exact() {
    ExactSum canonical = copy();
    canonical.carry();
    BigInteger units = BigInteger.ZERO;
    for (int i = CHUNKS - 1; i >= 0; i--) {
      units = units.shiftLeft(CHUNK_BITS).add(BigInteger.valueOf(canonical.chunks[i]));
    }
    int zeros = Math.min(Math.max(units.getLowestSetBit(), 0), -LOWEST_EXPONENT);
    BigDecimal unit =
        BigDecimal.ONE.divide(new BigDecimal(BigInteger.ONE.shiftLeft(-LOWEST_EXPONENT - zeros)));
    return new BigDecimal(units.shiftRight(zeros)).multiply(unit);
  }

  private static double round(long[] c, int top) {
    int topBits = 64 - Long.numberOfLeadingZeros(c[top]);
    int length = top * CHUNK_BITS + topBits; // bits of the integer
    int drop = Math.max(length - 53, 0);
    long mantissa = 0;
    for (int bit = length - 1; bit >= drop; bit--) {
      mantissa = (mantissa << 1) | bit(c, bit);
    }
    if (drop > 0 && bit(c, drop - 1) == 1 && ((mantissa & 1) == 1 || anyBelow(c, drop - 1))) {
      mantissa++;
    }
    return Math.scalb((double) mantissa, drop + LOWEST_EXPONENT);
  }

  private static long bit(long[] c, int position) {
    // The last chunk may hold more than 32 bits.
    int chunk = Math.min(position / CHUNK_BITS, CHUNKS - 1);
    return (c[chunk] >>> (position - chunk * CHUNK_BITS)) & 1;
  }

  private static boolean anyBelow(long[] c, int position) {
    for (int bit = 0; bit < position; bit++) {
      if (bit(c, bit) != 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof ExactSum sum)) {
      return false;
    }
    ExactSum left = copy();
    ExactSum right = sum.copy();
    left.carry();
    right.carry();
    return Arrays.equals(left.chunks, right.chunks);
  }

  @Override
  public int hashCode() {
    return Double.hashCode(value());
  }

  @Override
  public String toString() {
    return Double.toString(value());
  }
}
