package org.snnk.linalg;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;
import org.snnk.SnnkException;

/** Random orthogonal matrices. */
public final class Orthogonal {
  private Orthogonal() {}

  /**
   * The orthogonal factor of a Gaussian matrix, with the signs that make it Haar distributed
   * (Mezzadri 2007, "How to generate random matrices from the classical compact groups":
   * Q·sign(diag R)).
   *
   * <p><b>Shapes</b>: gaussian d×d row-major, not modified; the result d×d row-major. <b>Cost</b>:
   * (4/3)d³ flops, pure Java, so the same bits everywhere.
   */
  public static double[] haar(int d, double[] gaussian) {
    QRDecomposition<DMatrixRMaj> qr = DecompositionFactory_DDRM.qr(d, d);
    if (!qr.decompose(DMatrixRMaj.wrap(d, d, gaussian.clone()))) {
      throw new SnnkException(
          "orthogonal projection",
          "a finite Gaussian matrix",
          "one without a QR factor",
          null,
          "Choose another seed.");
    }
    double[] q = qr.getQ(null, false).data;
    DMatrixRMaj r = qr.getR(null, false);
    for (int j = 0; j < d; j++) {
      if (r.get(j, j) < 0) {
        for (int i = 0; i < d; i++) {
          q[i * d + j] = -q[i * d + j];
        }
      }
    }
    return q;
  }
}
