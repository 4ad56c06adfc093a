package org.snnk.feature;

import org.snnk.SnnkException;

/** What the towers of {@link SnnkKernel}s have in common: blocks with columns appended. */
final class Towers {
  private Towers() {}

  /** [x; 1] of n rows. */
  static double[] appendOne(int n, int d, double[] x) {
    double[] ones = new double[n];
    java.util.Arrays.fill(ones, 1);
    return append(n, d, x, ones);
  }

  /** Rows with more columns: n×(d + columns). */
  static double[] append(int n, int d, double[] rows, double[]... columns) {
    int width = d + columns.length;
    double[] wide = new double[n * width];
    for (int i = 0; i < n; i++) {
      System.arraycopy(rows, i * d, wide, i * width, d);
      for (int c = 0; c < columns.length; c++) {
        wide[i * width + d + c] = columns[c][i];
      }
    }
    return wide;
  }

  /**
   * What moments of products of x⁺ = [x; 1] and w⁺ = [w; b] are made of.
   *
   * @param xx ‖x⁺‖²
   * @param ww ‖w⁺‖²
   * @param z x⁺·w⁺ = wᵀx + b
   * @param fourths Σⱼ(xⱼ⁺wⱼ⁺)²
   */
  record Sums(double xx, double ww, double z, double fourths) {
    static Sums of(double[] x, double[] w, double b) {
      double xx = 1;
      double ww = b * b;
      double z = b;
      double fourths = b * b;
      for (int j = 0; j < x.length; j++) {
        xx += x[j] * x[j];
        ww += w[j] * w[j];
        z += x[j] * w[j];
        fourths += x[j] * x[j] * w[j] * w[j];
      }
      return new Sums(xx, ww, z, fourths);
    }
  }

  /** columns×rows of rows×columns. */
  static double[] transposed(int rows, int columns, double[] a) {
    double[] t = new double[a.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        t[j * rows + i] = a[i * columns + j];
      }
    }
    return t;
  }

  static void requireNoBias(String kernel, int l, double[] b) {
    for (int i = 0; i < l; i++) {
      if (b[i] != 0) {
        throw new SnnkException(
            kernel, "biases of 0", b[i] + " of unit " + i, null, "Make the kernel with a bias.");
      }
    }
  }
}
