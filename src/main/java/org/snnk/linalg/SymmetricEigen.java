package org.snnk.linalg;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.snnk.SnnkException;

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix, largest first.
 *
 * <p><b>Shapes</b>: values r; vectors r rows of r, row i to value i. <b>Cost</b>: some 10r³ flops.
 * <b>Deterministic</b>: EJML's symmetric QR algorithm, pure Java on one thread.
 *
 * @param values descending
 * @param vectors orthonormal rows
 */
public record SymmetricEigen(double[] values, double[][] vectors) {
  /**
   * Decomposes a matrix.
   *
   * @param a r×r, of which the mean of both triangles is taken; not modified
   * @throws SnnkException if a number is not finite, or the algorithm does not converge
   */
  public static SymmetricEigen of(double[][] a) {
    int r = a.length;
    DMatrixRMaj symmetric = new DMatrixRMaj(r, r);
    for (int i = 0; i < r; i++) {
      for (int j = 0; j < r; j++) {
        symmetric.set(i, j, (a[i][j] + a[j][i]) / 2);
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(r, true, true);
    if (!eigen.decompose(symmetric)) {
      throw new SnnkException(
          "eigenvalues of a symmetric matrix",
          "a finite matrix",
          "one of " + r + " rows without a decomposition",
          null,
          "Look for extreme values in the table.");
    }
    Integer[] order = new Integer[r];
    java.util.Arrays.setAll(order, i -> i);
    java.util.Arrays.sort(
        order, (i, j) -> Double.compare(eigen.getEigenvalue(j).real, eigen.getEigenvalue(i).real));
    double[] values = new double[r];
    double[][] vectors = new double[r][];
    for (int i = 0; i < r; i++) {
      values[i] = eigen.getEigenvalue(order[i]).real;
      vectors[i] = eigen.getEigenVector(order[i]).data.clone();
    }
    return new SymmetricEigen(values, vectors);
  }
}
