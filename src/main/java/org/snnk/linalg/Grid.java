package org.snnk.linalg;

/**
 * The binary grid on which sums of products are exact.
 *
 * <p>A real v is held as the integer V = round(v/u) for a unit u = 2⁻ᵇ, stored in a double. A sum
 * of products of such integers is computed exactly by any BLAS, in any order and with or without
 * fused multiply-add, as long as Σ|V·V′| ≤ 2⁵³: every partial sum is then an integer that a double
 * holds. The grid has four places:
 *
 * <ul>
 *   <li><b>inputs times frequencies</b>: |X| ≤ 2²² ({@link #INPUT_BITS} bits below the point,
 *       clipped at ±{@link #INPUT_LIMIT}) and |F| ≤ 2^{@link #frequencyBits(int)}, hence Σ over d
 *       inputs ≤ d·2²²·2^(31−⌈log₂ d⌉) ≤ 2⁵³;
 *   <li><b>features times features</b>: |Φ| ≤ 2²⁰ ({@link #FEATURE_BITS}), hence Σ over at most
 *       {@link #MAX_BLOCK_ROWS} = 2¹² rows ≤ 2⁵²; block sums go on in 64- and 128-bit integers;
 *   <li><b>features times read-out weights</b>: two limbs of {@link #weightBits(int)} bits each,
 *       hence Σ over m + 1 terms ≤ 2⁵³;
 *   <li><b>products with the Gram matrix</b>: columns in three limbs of the same size, and their
 *       products with rows in two limbs of 24 bits, summed over at most 512 rows.
 * </ul>
 */
public final class Grid {
  /** Bits of a standardised input below the point. */
  public static final int INPUT_BITS = 16;

  /** Standardised inputs are clipped at plus and minus this. */
  public static final double INPUT_LIMIT = 64;

  /** Bits of a feature below the point; bounded features lie in [−1, 1]. */
  public static final int FEATURE_BITS = 20;

  /** One in units of the feature grid. */
  public static final double FEATURE_ONE = 1 << FEATURE_BITS;

  /** Rows whose feature products a double can sum exactly. */
  public static final int MAX_BLOCK_ROWS = 4096;

  private static final int EXACT_BITS = 53;
  private static final double ROUND = 0x1.8p52;

  private Grid() {}

  /**
   * Rounds to the nearest integer, ties to even, for |v| ≤ 2⁵¹; {@code Math.rint} without its
   * branches, so that loops over it are vectorised.
   */
  public static double round(double v) {
    return (v + ROUND) - ROUND;
  }

  /** Bits of the largest frequency in grid units for d inputs: 31 − ⌈log₂ d⌉. */
  public static int frequencyBits(int d) {
    return EXACT_BITS - 22 - ceilLog2(d);
  }

  /**
   * Bits of one limb of a read-out weight for m features and an intercept: 53 − 20 − ⌈log₂(m + 1)⌉.
   */
  public static int weightBits(int m) {
    return EXACT_BITS - FEATURE_BITS - ceilLog2(m + 1);
  }

  /** ⌈log₂ n⌉ for n ≥ 1. */
  static int ceilLog2(int n) {
    return 32 - Integer.numberOfLeadingZeros(n - 1);
  }
}
