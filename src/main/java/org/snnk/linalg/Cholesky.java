package org.snnk.linalg;

import org.snnk.SnnkException;

/**
 * Symmetric positive definite systems (A + λI)X = B by a Cholesky factor A + λI = UᵀU in plain
 * Java: the same bits on every machine, on any number of threads.
 *
 * <p>Right-looking and blocked: {@value #PANEL} rows of U are finished, then taken from all later
 * rows as combinations of rows.
 */
public final class Cholesky {
  private static final int PANEL = 32;

  private Cholesky() {}

  /**
   * Solves one system.
   *
   * <p><b>Shapes</b>: a m×m symmetric row-major and b m×k, neither modified; the result m×k.
   * <b>Cost</b>: m³/3 + 2m²k flops, 8m² bytes.
   *
   * @throws SnnkException if a number is not finite, or A + λI is not positive definite, with the
   *     pivot that failed
   */
  public static double[] solve(int m, double[] a, double lambda, int k, double[] b) {
    requireFinite("Gram matrix", a);
    requireFinite("right-hand side", b);
    double[][] u = new double[m][m];
    for (int i = 0; i < m; i++) {
      System.arraycopy(a, i * m + i, u[i], i, m - i);
      u[i][i] += lambda;
    }
    factor(m, u, a, lambda);
    double[] x = new double[m * k];
    double[] column = new double[m];
    for (int t = 0; t < k; t++) {
      for (int i = 0; i < m; i++) {
        column[i] = b[i * k + t];
      }
      for (int i = 0; i < m; i++) {
        column[i] /= u[i][i];
        Rows.add(column, -column[i], u[i], i + 1, m);
      }
      for (int i = m - 1; i >= 0; i--) {
        column[i] = (column[i] - Rows.dot(u[i], column, i + 1, m)) / u[i][i];
        x[i * k + t] = column[i];
      }
    }
    return x;
  }

  private static void requireFinite(String what, double[] numbers) {
    for (double v : numbers) {
      if (!Double.isFinite(v)) {
        throw new SnnkException(
            what, "finite numbers", v + "", null, "Look for extreme values in the table.");
      }
    }
  }

  /** Replaces the upper triangle of A + λI by U. */
  private static void factor(int m, double[][] u, double[] a, double lambda) {
    double[] packed = new double[m * PANEL];
    double[][] panel = new double[PANEL][];
    for (int first = 0; first < m; first += PANEL) {
      int last = Math.min(m, first + PANEL);
      for (int i = first; i < last; i++) {
        double[] row = u[i];
        if (!(row[i] > 0)) {
          throw notPositiveDefinite(m, a, lambda, i);
        }
        double inverse = 1 / Math.sqrt(row[i]);
        for (int j = i; j < m; j++) {
          row[j] *= inverse;
        }
        for (int l = i + 1; l < last; l++) {
          Rows.add(u[l], -row[l], row, l, m);
        }
      }
      if (last < m) {
        System.arraycopy(u, first, panel, 0, PANEL);
        Rows.pack(-1, panel, PANEL, last, m, packed, PANEL, 0);
      }
      int top = first;
      Rows.inChunks(
          last,
          m,
          (from, to) -> {
            for (int i = last; i < to; i++) {
              Rows.add(u[i], packed, i * PANEL, u, top, PANEL, Math.max(from, i), to);
            }
          });
    }
  }

  private static SnnkException notPositiveDefinite(int m, double[] a, double lambda, int pivot) {
    double scale = 0;
    for (int i = 0; i < m; i++) {
      scale = Math.max(scale, Math.abs(a[i * m + i]));
    }
    return new SnnkException(
        "Gram matrix",
        "a positive definite matrix",
        "no positive pivot at "
            + (pivot + 1)
            + " of "
            + m
            + " with regParam "
            + lambda
            + ", largest diagonal "
            + scale,
        null,
        "Increase train.regParam.");
  }
}
