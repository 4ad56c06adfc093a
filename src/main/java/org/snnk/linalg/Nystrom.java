package org.snnk.linalg;

import java.util.Arrays;

/**
 * The Nyström approximation of a positive semidefinite matrix from its product with a few test
 * vectors, as eigenpairs: A ≈ Y(ΩᵀY)⁺Yᵀ = UΛUᵀ with Y = AΩ (Frangella, Tropp and Udell 2023, "
 * Randomized Nyström preconditioning", Algorithm 2.1).
 *
 * <p>Where they shift A a little so that ΩᵀY has a Cholesky factor, its eigenvalues below 10⁻¹⁰ of
 * the largest are left out here: with M = ΩᵀY = QΘQᵀ and B = Θ^{−1/2}QᵀYᵀ the approximation is BᵀB,
 * and the eigenpairs of the small matrix BBᵀ give U and Λ.
 *
 * <p><b>Shapes</b>: values r, vectors r rows of m, orthonormal but for rounding. <b>Cost</b>: 8mr²
 * + 20r³ flops, 24mr bytes. <b>Deterministic</b>: pure Java on one thread.
 *
 * @param values Λ, descending and positive
 * @param vectors Uᵀ
 */
public record Nystrom(double[] values, double[][] vectors) {
  private static final double LEAST_KEPT = 1e-10;

  /**
   * The approximation.
   *
   * @param test Ωᵀ, r rows of m; not modified
   * @param sketch Yᵀ = (AΩ)ᵀ, r rows of m; not modified
   */
  public static Nystrom of(double[][] test, double[][] sketch) {
    int m = sketch[0].length;
    double[][] b = scaled(SymmetricEigen.of(RowProducts.scalarProducts(test, sketch, m)), sketch);
    if (b.length == 0) {
      return new Nystrom(new double[0], b);
    }
    SymmetricEigen eigen = SymmetricEigen.of(RowProducts.scalarProducts(b, b, m));
    double[][] vectors = scaled(eigen, b);
    return new Nystrom(Arrays.copyOf(eigen.values(), vectors.length), vectors);
  }

  /** Θ^{−1/2}QᵀX for the eigenvalues that are not too small. */
  private static double[][] scaled(SymmetricEigen eigen, double[][] x) {
    double least = LEAST_KEPT * eigen.values()[0];
    int kept = 0;
    while (kept < x.length && eigen.values()[kept] > Math.max(0, least)) {
      kept++;
    }
    double[][] rotation = new double[kept][x.length];
    for (int i = 0; i < kept; i++) {
      double root = Math.sqrt(eigen.values()[i]);
      for (int j = 0; j < x.length; j++) {
        rotation[i][j] = eigen.vectors()[i][j] / root;
      }
    }
    return kept == 0 ? rotation : RowProducts.multiply(rotation, x, x[0].length);
  }
}
