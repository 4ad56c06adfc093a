package org.snnk.feature;

import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

/**
 * Directions in blocks of n = 2^⌈log₂ d⌉ rows that need no matrix: row i of a block is cᵢ·(H D₁ H
 * D₂ H D₃)ᵢ cut to d columns, H the Walsh–Hadamard matrix of ±1, D random signs, cᵢ = χₙ/n^{3/2},
 * since each row of the product of three has the norm n^{3/2} (Yu et al. 2016; Choromanski, Rowland
 * and Weller 2017).
 *
 * <p><b>Exact.</b> For x in whole numbers of at most 2²², H D₁ H D₂ H D₃ x is a whole number, made
 * by additions only. A level of butterflies multiplies the norm of the vector by √2, so every
 * number on the way is at most 2^{(3/2)log₂ n}·‖x‖ ≤ n^{3/2}·√d·2²² ≤ n²·2²², which is at most 2⁵²
 * for n ≤ 2¹⁵: no sum is ever rounded, and the explicit matrix gives the same bits in any order.
 * What follows, one product with a constant and at most two sums for each number, is the same IEEE
 * arithmetic wherever it is done.
 *
 * <p><b>Cost</b>: 3n log₂ n additions for n directions and a row, against 2dn flops of a matrix.
 * Immutable and thread-safe.
 */
final class FastHadamard {
  static final int MAX_INPUTS = 1 << 15;

  /**
   * Rows that are transformed at a time: long enough to be vectorised, short enough for a cache.
   */
  static final int TILE = 64;

  private static final long SIGN_STREAM = 0x7369676EL;
  private static final long NORM_STREAM = 0x6368696EL;
  private static final int SIGNS = 3;

  private final int count;
  private final int inputs;
  private final int size;

  /** ±1: for each block D₃, D₂, D₁, as they are met. */
  private final double[] signs;

  /** cᵢ, with the factor of the tail. */
  private final double[] norms;

  FastHadamard(Projection projection, int count, int inputs, CounterRandom random) {
    if (inputs > MAX_INPUTS) {
      throw new SnnkException(
          "projection 'hadamard'",
          "at most " + MAX_INPUTS + " inputs",
          inputs + "",
          null,
          "Choose fewer input columns, or another projection.");
    }
    this.count = count;
    this.inputs = inputs;
    this.size = inputs == 1 ? 1 : Integer.highestOneBit(inputs - 1) << 1;
    int blocks = (count + size - 1) / size;
    signs = new double[blocks * SIGNS * size];
    CounterRandom signBits = random.stream(SIGN_STREAM);
    for (int i = 0; i < signs.length; i++) {
      signs[i] = signBits.bits(i) < 0 ? -1 : 1;
    }
    norms = new double[count];
    double rootSize = Math.sqrt(size);
    CounterRandom gammas = random.stream(NORM_STREAM);
    for (int i = 0; i < count; i++) {
      double length = Math.sqrt(2 * gammas.gamma(size / 2.0, i)) * projection.tail(i, random);
      double limited =
          projection.isHeavyTailed() ? Math.min(length, Projection.TAIL_LIMIT) : length;
      norms[i] = limited / (size * rootSize);
    }
  }

  /** n. */
  int size() {
    return size;
  }

  /** The sign of coordinate k in the s-th matrix that is met: D₃, D₂, D₁. */
  double sign(int block, int s, int k) {
    return signs[(block * SIGNS + s) * size + k];
  }

  /** cᵢ, not copied. */
  double[] norms() {
    return norms;
  }

  /** H D₁ H D₂ H D₃ cut to count×d, whole numbers, row-major. */
  double[] wholeNumbers() {
    double[] rows = new double[count * inputs];
    double[][] column = new double[size][1];
    for (int block = 0; block * size < count; block++) {
      for (int j = 0; j < inputs; j++) {
        for (int k = 0; k < size; k++) {
          column[k][0] = k == j ? 1 : 0;
        }
        transform(block, column, 1);
        for (int i = 0; i < Math.min(size, count - block * size); i++) {
          rows[(block * size + i) * inputs + j] = column[i][0];
        }
      }
    }
    return rows;
  }

  /** The directions: count×d row-major. */
  double[] directions() {
    double[] rows = wholeNumbers();
    for (int i = 0; i < count; i++) {
      for (int j = i * inputs; j < (i + 1) * inputs; j++) {
        rows[j] *= norms[i];
      }
    }
    return rows;
  }

  /**
   * v = H D₁ H D₂ H D₃ v for each of some rows of inputs, in place.
   *
   * <p><b>Shapes</b>: v holds n arrays, one for each coordinate, with a number for each row.
   */
  void transform(int block, double[][] v, int rows) {
    for (int s = 0; s < SIGNS; s++) {
      int first = (block * SIGNS + s) * size;
      int half = 1;
      if (size == 1) {
        scale(v[0], signs[first], rows);
        continue;
      }
      // The first level also changes signs; pairs of levels follow, then one if one is left.
      for (int i = 0; i < size; i += 2) {
        butterfly(v[i], v[i + 1], signs[first + i], signs[first + i + 1], rows);
      }
      half = 2;
      for (; 2 * half < size; half *= 4) {
        for (int i = 0; i < size; i += 4 * half) {
          for (int j = i; j < i + half; j++) {
            butterflies(v[j], v[j + half], v[j + 2 * half], v[j + 3 * half], rows);
          }
        }
      }
      if (half < size) {
        for (int i = 0; i < half; i++) {
          butterfly(v[i], v[i + half], 1, 1, rows);
        }
      }
    }
  }

  private static void scale(double[] a, double s, int rows) {
    for (int r = 0; r < rows; r++) {
      a[r] *= s;
    }
  }

  private static void butterfly(double[] a, double[] b, double s, double t, int rows) {
    for (int r = 0; r < rows; r++) {
      double u = s * a[r];
      double v = t * b[r];
      a[r] = u + v;
      b[r] = u - v;
    }
  }

  /** Two levels at once: each number is read and written half as often. */
  private static void butterflies(double[] a, double[] b, double[] c, double[] d, int rows) {
    for (int r = 0; r < rows; r++) {
      double ab = a[r] + b[r];
      double cd = c[r] + d[r];
      double amb = a[r] - b[r];
      double cmd = c[r] - d[r];
      a[r] = ab + cd;
      b[r] = amb + cmd;
      c[r] = ab - cd;
      d[r] = amb - cmd;
    }
  }
}
