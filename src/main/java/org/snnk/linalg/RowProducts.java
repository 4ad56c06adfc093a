package org.snnk.linalg;

/**
 * Products of matrices in plain Java: slower than {@link Blas}, and the same bits on every machine
 * for any numbers, not only for those on the {@linkplain Grid grid}.
 */
public final class RowProducts {
  private RowProducts() {}

  /**
   * a·x.
   *
   * <p><b>Shapes</b>: a p×q and x q rows of at least {@code columns}, neither modified; the result
   * p×columns. <b>Cost</b>: 2pq·columns flops, 8pq bytes. <b>Deterministic</b>: an element's bits
   * do not depend on which others are computed with it.
   */
  public static double[][] multiply(double[][] a, double[][] x, int columns) {
    double[][] out = new double[a.length][columns];
    double[] packed = new double[a.length * x.length];
    Rows.pack(1, a, a.length, 0, x.length, packed, a.length, 0);
    Rows.multiply(a.length, out, packed, x, 0, x.length, 0, columns);
    return out;
  }

  /**
   * a·bᵀ.
   *
   * <p><b>Shapes</b>: a p rows and b q rows of at least {@code columns}, neither modified; the
   * result p×q. <b>Cost</b>: 2pq·columns flops, 8pq bytes. <b>Deterministic</b>: an element's bits
   * do not depend on which others are computed with it.
   */
  public static double[][] scalarProducts(double[][] a, double[][] b, int columns) {
    double[][] out = new double[a.length][b.length];
    for (int from = 0; from < columns; from += Rows.CHUNK) {
      int to = Math.min(columns, from + Rows.CHUNK);
      for (int i = 0; i < a.length; i++) {
        for (int j = 0; j < b.length; j++) {
          out[i][j] += Rows.dot(a[i], b[j], from, to);
        }
      }
    }
    return out;
  }

  /**
   * w_cᵀAw_c for every row w_c.
   *
   * <p><b>Shapes</b>: a m×m symmetric row-major, w of m columns, neither modified; one number for
   * each row of w. <b>Cost</b>: 2m² flops a form, and as much memory as w. <b>Deterministic</b>: a
   * form's bits do not depend on which others are computed with it.
   */
  public static double[] quadraticForms(int m, double[] a, double[][] w) {
    double[][] rows = new double[4][m];
    double[][] products = new double[w.length][m];
    for (int i = 0; i < m; i += 4) {
      int count = Math.min(4, m - i);
      for (int r = 0; r < count; r++) {
        System.arraycopy(a, (i + r) * m, rows[r], 0, m);
      }
      for (int from = 0; from < m; from += Rows.CHUNK) {
        int to = Math.min(m, from + Rows.CHUNK);
        for (int c = 0; c < w.length; c++) {
          Rows.add(products[c], w[c], i, rows, 0, count, from, to);
        }
      }
    }
    double[] forms = new double[w.length];
    for (int c = 0; c < w.length; c++) {
      forms[c] = Rows.dot(products[c], w[c], 0, m);
    }
    return forms;
  }
}
