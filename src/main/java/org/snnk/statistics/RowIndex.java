package org.snnk.statistics;

/**
 * The index of a row where its table gives none, and of a row whose part is given.
 *
 * <p>Samples and parts are functions of a row's index. A table from files has one, the position in
 * the files. Any other table has only its rows, in an order that a shuffle may change, so the index
 * is a hash of the row's numbers: the same rows then fall into the same parts, whatever their
 * order. Equal rows have equal indices and fall into one part together.
 *
 * <p>Such indices, and positions, are not negative. A negative index carries the row's part: from
 * the top, the sign, whether it is held out, 14 bits of the fold, and 48 bits of the index.
 */
public final class RowIndex {
  /** Folds that an index can carry. */
  public static final int MAX_FOLDS = 1 << 14;

  private static final int FOLD_SHIFT = 48;
  private static final long HELD_OUT = 1L << 62;
  private static final long LOW = (1L << FOLD_SHIFT) - 1;

  private RowIndex() {}

  /**
   * A hash of the numbers of a row; 0 and −0 are one number.
   *
   * <p><b>Deterministic</b>: a function of the values and their order, by the mixing function of
   * MurmurHash3's 64-bit finaliser after each. <b>Cost</b>: some 2 ns a number.
   *
   * @param x the inputs, d of them from {@code fromX}
   * @param y the targets, k of them from {@code fromY}
   * @return not negative
   */
  public static long ofContent(
      double[] x, int fromX, int d, double[] y, int fromY, int k, double weight) {
    long hash = mix(1, weight);
    for (int j = 0; j < d; j++) {
      hash = mix(hash, x[fromX + j]);
    }
    for (int t = 0; t < k; t++) {
      hash = mix(hash, y[fromY + t]);
    }
    return hash >>> 1;
  }

  private static long mix(long hash, double value) {
    long h = hash * 0x9E3779B97F4A7C15L + Double.doubleToLongBits(value + 0.0);
    h = (h ^ (h >>> 33)) * 0xFF51AFD7ED558CCDL;
    h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return h ^ (h >>> 33);
  }

  /**
   * An index that carries the row's part.
   *
   * @param fold from 0, below {@link #MAX_FOLDS}
   * @param heldOut whether choices are measured on the row where there is one held-out part
   */
  public static long marked(long index, int fold, boolean heldOut) {
    return Long.MIN_VALUE | (heldOut ? HELD_OUT : 0) | (long) fold << FOLD_SHIFT | (index & LOW);
  }

  static boolean isMarked(long index) {
    return index < 0;
  }

  static boolean heldOut(long marked) {
    return (marked & HELD_OUT) != 0;
  }

  static int fold(long marked) {
    return (int) (marked >>> FOLD_SHIFT) & (MAX_FOLDS - 1);
  }
}
