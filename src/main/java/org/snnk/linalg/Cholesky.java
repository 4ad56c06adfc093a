package org.snnk.linalg;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.snnk.SnnkException;

/**
 * Symmetric positive definite systems (A + λI)X = B, by EJML's Cholesky factor in pure Java: the
 * same bits on every machine.
 */
public final class Cholesky {
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
    double[] shifted = shift(m, a, lambda);
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(m);
    if (!solver.setA(DMatrixRMaj.wrap(m, m, shifted))) {
      throw notPositiveDefinite(m, a, lambda);
    }
    DMatrixRMaj x = new DMatrixRMaj(m, k);
    solver.solve(DMatrixRMaj.wrap(m, k, b.clone()), x);
    return x.data;
  }

  /** EJML factors a matrix with a NaN in it without complaint. */
  private static void requireFinite(String what, double[] numbers) {
    for (double v : numbers) {
      if (!Double.isFinite(v)) {
        throw new SnnkException(
            what, "finite numbers", v + "", null, "Look for extreme values in the table.");
      }
    }
  }

  private static double[] shift(int m, double[] a, double lambda) {
    double[] shifted = a.clone();
    for (int i = 0; i < m; i++) {
      shifted[i * m + i] += lambda;
    }
    return shifted;
  }

  /**
   * Finds the first leading block without a factor, by bisection over its size; only ever run on
   * the way to an error.
   */
  private static SnnkException notPositiveDefinite(int m, double[] a, double lambda) {
    int good = 0;
    int bad = m;
    while (bad - good > 1) {
      int middle = (good + bad) >>> 1;
      DMatrixRMaj leading = new DMatrixRMaj(middle, middle);
      for (int i = 0; i < middle; i++) {
        System.arraycopy(a, i * m, leading.data, i * middle, middle);
        leading.data[i * middle + i] += lambda;
      }
      CholeskyDecomposition_F64<DMatrixRMaj> factor = DecompositionFactory_DDRM.chol(middle, true);
      if (factor.decompose(leading)) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    double scale = 0;
    for (int i = 0; i < m; i++) {
      scale = Math.max(scale, Math.abs(a[i * m + i]));
    }
    return new SnnkException(
        "Gram matrix",
        "a positive definite matrix",
        "no positive pivot at "
            + bad
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
