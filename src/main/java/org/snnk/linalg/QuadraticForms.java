package org.snnk.linalg;

/** Quadratic forms of one symmetric matrix, many at a time. */
public final class QuadraticForms {
  private QuadraticForms() {}

  /**
   * w_cᵀAw_c for every row w_c.
   *
   * <p><b>Shapes</b>: a m×m symmetric row-major, w of m columns, neither modified; one number for
   * each row of w. <b>Cost</b>: 2m² flops a form, and as much memory as w. <b>Deterministic</b>: a
   * form's bits do not depend on which others are computed with it.
   */
  public static double[] of(int m, double[] a, double[][] w) {
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
