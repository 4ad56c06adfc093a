package org.snnk.linalg;

/**
 * Linear combinations of matrix rows: the one inner loop of the dense factorisations.
 *
 * <p>A product is formed as sums of scaled rows, four at a time, never as scalar products: the Java
 * compiler vectorises such a loop without changing its order, whereas a scalar product would have
 * to be re-associated. Rows are separate arrays read at one common index, the form in which the
 * compiler sees that lanes do not overlap; more than four rows in one statement exceed its limit
 * for unrolling and fall back to scalar code.
 *
 * <p><b>Deterministic</b>: every element sees the same operations in the same order whatever the
 * range of columns it is computed with, so splitting columns never changes bits.
 */
final class Rows {
  /** Columns worked on at a time: 2 kB a row, so that some hundred rows stay in a core's cache. */
  static final int CHUNK = 256;

  private Rows() {}

  /** out += a0·r0 + a1·r1 + a2·r2 + a3·r3 on columns [from, to). */
  static void add(
      double[] out,
      double a0,
      double[] r0,
      double a1,
      double[] r1,
      double a2,
      double[] r2,
      double a3,
      double[] r3,
      int from,
      int to) {
    for (int j = from; j < to; j++) {
      out[j] += a0 * r0[j] + a1 * r1[j] + a2 * r2[j] + a3 * r3[j];
    }
  }

  /** out += a·row on columns [from, to). */
  static void add(double[] out, double a, double[] row, int from, int to) {
    for (int j = from; j < to; j++) {
      out[j] += a * row[j];
    }
  }

  /** out += Σ_i a[aFrom + i]·rows[first + i] over i &lt; count, on columns [from, to). */
  static void add(
      double[] out,
      double[] a,
      int aFrom,
      double[][] rows,
      int first,
      int count,
      int from,
      int to) {
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      add(
          out,
          a[aFrom + i],
          rows[first + i],
          a[aFrom + i + 1],
          rows[first + i + 1],
          a[aFrom + i + 2],
          rows[first + i + 2],
          a[aFrom + i + 3],
          rows[first + i + 3],
          from,
          to);
    }
    for (; i < count; i++) {
      add(out, a[aFrom + i], rows[first + i], from, to);
    }
  }

  /**
   * out[c] += Σ_i a[c][i]·rows[i] for every c &lt; outputs, i in [first, last), on columns [from,
   * to): four rows are read once for all outputs.
   */
  static void multiply(
      int outputs,
      double[][] out,
      double[][] a,
      double[][] rows,
      int first,
      int last,
      int from,
      int to) {
    for (int f = from; f < to; f += CHUNK) {
      int t = Math.min(to, f + CHUNK);
      int i = first;
      for (; i + 4 <= last; i += 4) {
        double[] r0 = rows[i];
        double[] r1 = rows[i + 1];
        double[] r2 = rows[i + 2];
        double[] r3 = rows[i + 3];
        for (int c = 0; c < outputs; c++) {
          double[] k = a[c];
          add(out[c], k[i], r0, k[i + 1], r1, k[i + 2], r2, k[i + 3], r3, f, t);
        }
      }
      for (; i < last; i++) {
        for (int c = 0; c < outputs; c++) {
          add(out[c], a[c][i], rows[i], f, t);
        }
      }
    }
  }

  /** Σ_j x[j]·y[j] on columns [from, to), in eight interleaved sums. */
  static double dot(double[] x, double[] y, int from, int to) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int j = from;
    for (; j + 8 <= to; j += 8) {
      s0 += x[j] * y[j];
      s1 += x[j + 1] * y[j + 1];
      s2 += x[j + 2] * y[j + 2];
      s3 += x[j + 3] * y[j + 3];
      s4 += x[j + 4] * y[j + 4];
      s5 += x[j + 5] * y[j + 5];
      s6 += x[j + 6] * y[j + 6];
      s7 += x[j + 7] * y[j + 7];
    }
    double tail = 0;
    for (; j < to; j++) {
      tail += x[j] * y[j];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7)) + tail;
  }
}
