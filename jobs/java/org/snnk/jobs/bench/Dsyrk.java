package org.snnk.jobs.bench;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import org.snnk.linalg.Blas;

/**
 * The machine's ceiling: one plain call of BLAS's dsyrk, with nothing of this library around it.
 */
final class Dsyrk {
  /** Rows of a block: as many as the exact statistic ever multiplies at once. */
  static final int ROWS = 4096;

  private Dsyrk() {}

  /** The native BLAS of this process, or netlib's pure-Java one where there is none. */
  static BLAS blas() {
    // The backend has told netlib where its library is.
    return Blas.backend().isNative() ? NativeBLAS.getInstance() : JavaBLAS.getInstance();
  }

  /**
   * c = beta·c + AᵀA, its upper triangle by rows.
   *
   * <p><b>Shapes</b>: a n×p contiguous, c p×p. <b>Cost</b>: p²n flops.
   */
  static void add(int n, int p, double[] a, double beta, double[] c) {
    blas().dsyrk("L", "N", p, n, 1, a, p, beta, c, p);
  }

  /** Repeats the product of one block in memory; counts m²n flops for each. */
  static Loops.Loop loop(int m) {
    return () -> {
      double[] a = new double[ROWS * m];
      for (int i = 0; i < a.length; i++) {
        a[i] = i * 31 % 101 / 101.0;
      }
      double[] c = new double[m * m];
      double flops = (double) m * m * ROWS;
      return () -> {
        add(ROWS, m, a, 0, c);
        return flops;
      };
    };
  }
}
