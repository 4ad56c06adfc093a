package org.snnk.statistics;

import java.io.Serializable;
import org.snnk.linalg.Blas;
import org.snnk.linalg.Grid;

/**
 * Columns V that rows u = √v·[Φ, 1] are multiplied with, in limbs so short that every product is
 * exact.
 *
 * <p>A column's entries are integers in units of 2^(e−Lg), 2ᵉ the power of two above the largest, g
 * = 32 − ⌈log₂(m+1)⌉ ({@link Grid#weightBits} less one): L limbs of g bits, each at most 2ᵍ in
 * size, so Σ over m + 1 terms ≤ (m+1)·2²⁰·2ᵍ ≤ 2⁵² for each limb. L is 1 where that holds every
 * column exactly, else 3: at least 48 bits of the largest entry, 60 for m = 2048.
 *
 * <p><b>Deterministic</b>: s = uᵀV of a row is a function of the row and V, on any BLAS and in any
 * blocking. Immutable and thread-safe; the limbs are made once in each process.
 */
public final class GridColumns implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int LIMBS = 3;

  /** Numbers below this count as this, so that no scale leaves the range of a double. */
  private static final double SMALLEST = 0x1p-500;

  private final int count;
  private final int width;
  private final int bits;
  private final int[] exponent;
  private final double[][] columns;
  private final double[] last;
  private final int limbs;

  /** 2⁻ᵍ, and the worth of a product with the first limb of each column. */
  private final double limbUnit;

  private final double[] unit;

  private transient volatile double[] split;

  /**
   * Columns.
   *
   * @param columns c arrays of m numbers, one for each feature; not copied
   * @param last the c numbers that belong to the ones
   */
  public GridColumns(double[][] columns, double[] last) {
    this.count = columns.length;
    this.width = columns[0].length + 1;
    this.bits = Grid.weightBits(width - 1) - 1;
    this.columns = columns;
    this.last = last;
    this.exponent = new int[count];
    this.unit = new double[count];
    boolean oneLimb = true;
    for (int c = 0; c < count; c++) {
      double largest = Math.max(SMALLEST, Math.abs(last[c]));
      for (double v : columns[c]) {
        largest = Math.max(largest, Math.abs(v));
      }
      exponent[c] = Math.getExponent(largest) + 1;
      unit[c] = Math.scalb(1.0, exponent[c] - bits - Grid.FEATURE_BITS);
      oneLimb = oneLimb && isShort(c);
    }
    this.limbs = oneLimb ? 1 : LIMBS;
    this.limbUnit = Math.scalb(1.0, -bits);
  }

  private boolean isShort(int c) {
    for (int i = 0; i < width; i++) {
      double v = Math.scalb(at(i, c), bits - exponent[c]);
      if (v != Math.rint(v)) {
        return false;
      }
    }
    return true;
  }

  private double at(int i, int c) {
    return i < width - 1 ? columns[c][i] : last[c];
  }

  /** c. */
  int count() {
    return count;
  }

  /** Numbers that {@link #multiply} writes for a row. */
  int products() {
    return limbs * count;
  }

  /**
   * log₂ of a bound of every row's |s|: s ≤ ‖u‖‖v‖ ≤ √(m+1)·‖v‖, with some room for the rounding of
   * v.
   */
  int bound(int c) {
    double squares = last[c] * last[c];
    for (double v : columns[c]) {
      squares += v * v;
    }
    double largest = Math.sqrt(width * squares) * (1 + 0x1p-20);
    return Math.getExponent(Math.max(SMALLEST, largest)) + 1;
  }

  /** The limbs, (m+1)×Lc: all first ones, then all second ones. */
  private double[] split() {
    double[] made = split;
    if (made == null) {
      made = new double[width * products()];
      for (int i = 0; i < width; i++) {
        for (int c = 0; c < count; c++) {
          double rest = Math.scalb(at(i, c), bits - exponent[c]);
          for (int l = 0; l < limbs; l++) {
            double limb = Math.rint(rest);
            made[i * products() + l * count + c] = limb;
            rest = Math.scalb(rest - limb, bits);
          }
        }
      }
      split = made;
    }
    return made;
  }

  /**
   * The limbs of s of some rows.
   *
   * <p><b>Shapes</b>: u n×(m+1) with rows ld apart; out n×{@link #products}, overwritten.
   * <b>Cost</b>: 2mcL flops a row.
   */
  void multiply(Blas blas, int n, double[] u, int ld, double[] out) {
    blas.multiply(n, width, products(), u, ld, split(), out, products());
  }

  /** s of column c from the products of a row, in real units. */
  double value(double[] products, int row, int c) {
    int at = row * limbs * count + c;
    double s = 0;
    for (int l = limbs - 1; l > 0; l--) {
      s = (s + products[at + l * count]) * limbUnit;
    }
    return (s + products[at]) * unit[c];
  }
}
