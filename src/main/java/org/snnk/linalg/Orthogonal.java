package org.snnk.linalg;

import org.snnk.SnnkException;

/** Random orthogonal matrices. */
public final class Orthogonal {
  private Orthogonal() {}

  /**
   * The orthogonal factor of a Gaussian matrix, with the signs that make it Haar distributed
   * (Mezzadri 2007, "How to generate random matrices from the classical compact groups":
   * Q·sign(diag R)).
   *
   * <p>Householder reflections I − γuuᵀ (Golub and Van Loan, Algorithm 5.2.1) on rows, four at a
   * time, so that inner loops run along arrays and are vectorised. Every sum is made in the order
   * of the textbook's, and so has the bits of a plain implementation.
   *
   * <p><b>Shapes</b>: gaussian d×d row-major, not modified; the result d×d row-major. <b>Cost</b>:
   * (8/3)d³ flops, pure Java, so the same bits everywhere.
   *
   * @throws SnnkException if a column is zero, or not finite
   */
  public static double[] haar(int d, double[] gaussian) {
    double[][] a = new double[d][d];
    for (int i = 0; i < d; i++) {
      System.arraycopy(gaussian, i * d, a[i], 0, d);
    }
    double[][] reflectors = new double[d][];
    double[] gammas = new double[d];
    double[] t = new double[d];
    double[] signs = new double[d];
    for (int j = 0; j < d; j++) {
      double[] u = column(a, j);
      reflectors[j] = u;
      double largest = largest(u, j);
      if (!(largest > 0) || Double.isInfinite(largest)) {
        throw new SnnkException(
            "orthogonal projection",
            "a finite Gaussian matrix",
            "one without a QR factor",
            null,
            "Choose another seed.");
      }
      double tau = 0;
      for (int i = j; i < d; i++) {
        u[i] /= largest;
        tau += u[i] * u[i];
      }
      tau = u[j] < 0 ? -Math.sqrt(tau) : Math.sqrt(tau);
      double first = u[j] + tau;
      for (int i = j + 1; i < d; i++) {
        u[i] /= first;
      }
      u[j] = 1;
      gammas[j] = first / tau;
      // The diagonal of R is −τ.
      signs[j] = tau > 0 ? -1 : 1;
      reflect(a, u, gammas[j], t, j, j + 1);
    }
    double[][] q = new double[d][d];
    for (int i = 0; i < d; i++) {
      q[i][i] = 1;
    }
    for (int j = d - 1; j >= 0; j--) {
      reflect(q, reflectors[j], gammas[j], t, j, j);
    }
    double[] made = new double[d * d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        made[i * d + j] = signs[j] * q[i][j];
      }
    }
    return made;
  }

  private static double[] column(double[][] a, int j) {
    double[] column = new double[a.length];
    for (int i = j; i < a.length; i++) {
      column[i] = a[i][j];
    }
    return column;
  }

  /** NaN where there is one. */
  private static double largest(double[] u, int from) {
    double largest = 0;
    for (int i = from; i < u.length; i++) {
      largest = Math.max(largest, Math.abs(u[i]));
    }
    return largest;
  }

  /** A ← A − u(γuᵀA) in rows and columns from a position on, where u is 1 at its first. */
  private static void reflect(
      double[][] a, double[] u, double gamma, double[] t, int row, int column) {
    int d = a.length;
    System.arraycopy(a[row], column, t, column, d - column);
    int i = row + 1;
    for (; i + 4 <= d; i += 4) {
      addRows(t, column, d, a[i], a[i + 1], a[i + 2], a[i + 3], u[i], u[i + 1], u[i + 2], u[i + 3]);
    }
    for (; i < d; i++) {
      Rows.add(t, u[i], a[i], column, d);
    }
    for (int j = column; j < d; j++) {
      t[j] *= gamma;
    }
    i = row;
    for (; i + 4 <= d; i += 4) {
      takeRows(
          a[i], a[i + 1], a[i + 2], a[i + 3], u[i], u[i + 1], u[i + 2], u[i + 3], t, column, d);
    }
    for (; i < d; i++) {
      Rows.add(a[i], -u[i], t, column, d);
    }
  }

  /** One after the other, where {@link Rows} adds four first: the order decides on the bits. */
  private static void addRows(
      double[] t,
      int from,
      int to,
      double[] a,
      double[] b,
      double[] c,
      double[] e,
      double u,
      double v,
      double w,
      double z) {
    for (int j = from; j < to; j++) {
      t[j] = (((t[j] + u * a[j]) + v * b[j]) + w * c[j]) + z * e[j];
    }
  }

  private static void takeRows(
      double[] a,
      double[] b,
      double[] c,
      double[] e,
      double u,
      double v,
      double w,
      double z,
      double[] t,
      int from,
      int to) {
    for (int j = from; j < to; j++) {
      a[j] -= u * t[j];
      b[j] -= v * t[j];
      c[j] -= w * t[j];
      e[j] -= z * t[j];
    }
  }
}
