package org.snnk.linalg;

import java.util.stream.IntStream;

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
 * range of columns it is computed with, so splitting columns, among threads too, never changes
 * bits.
 */
final class Rows {
  /** Columns worked on at a time: 2 kB a row, so that some hundred rows stay in a core's cache. */
  static final int CHUNK = 256;

  /** Doubles in a cache line. */
  static final int TILE = 8;

  /** Fewer columns are not worth waking other threads for. */
  private static final int FEWEST_SHARED = 512;

  private Rows() {}

  /** Work on the columns [from, to) that touches nothing else that another range writes. */
  interface Columns {
    void run(int from, int to);
  }

  /**
   * Works on the columns [first, last) a {@link #CHUNK} at a time, on all processors of this
   * process where there are many: who computes a column does not change its bits.
   */
  static void inChunks(int first, int last, Columns work) {
    int chunks = (last - first + CHUNK - 1) / CHUNK;
    IntStream numbers = IntStream.range(0, chunks);
    (last - first < FEWEST_SHARED ? numbers : numbers.parallel())
        .forEach(
            chunk -> {
              int from = first + chunk * CHUNK;
              work.run(from, Math.min(last, from + CHUNK));
            });
  }

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
   * out[c] += Σ_i a[i·outputs + c]·rows[i] for every c &lt; outputs, i in [first, last), on columns
   * [from, to): four rows are read once for all outputs.
   *
   * @param a the coefficients of one row beside one another, as {@link #pack} leaves them
   */
  static void multiply(
      int outputs,
      double[][] out,
      double[] a,
      double[][] rows,
      int first,
      int last,
      int from,
      int to) {
    inChunks(
        from,
        to,
        (f, t) -> {
          int i = first;
          for (; i + 4 <= last; i += 4) {
            double[] r0 = rows[i];
            double[] r1 = rows[i + 1];
            double[] r2 = rows[i + 2];
            double[] r3 = rows[i + 3];
            int a0 = i * outputs;
            int a1 = a0 + outputs;
            int a2 = a1 + outputs;
            int a3 = a2 + outputs;
            for (int c = 0; c < outputs; c++) {
              add(out[c], a[a0 + c], r0, a[a1 + c], r1, a[a2 + c], r2, a[a3 + c], r3, f, t);
            }
          }
          for (; i < last; i++) {
            for (int c = 0; c < outputs; c++) {
              add(out[c], a[i * outputs + c], rows[i], f, t);
            }
          }
        });
  }

  /**
   * out[i·stride + offset + c] = sign·rows[c][i] for c &lt; count, i in [first, last): coefficients
   * that a combination takes from one column of many rows, brought beside one another. Rows often
   * lie a power of two apart, where a column's elements would displace each other from the cache.
   */
  static void pack(
      double sign,
      double[][] rows,
      int count,
      int first,
      int last,
      double[] out,
      int stride,
      int offset) {
    for (int from = first; from < last; from += TILE) {
      int to = Math.min(last, from + TILE);
      for (int c = 0; c < count; c++) {
        double[] row = rows[c];
        for (int i = from; i < to; i++) {
          out[i * stride + offset + c] = sign * row[i];
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
