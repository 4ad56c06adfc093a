package org.snnk.solve;

import org.snnk.linalg.Nystrom;
import org.snnk.linalg.RowProducts;

/**
 * An approximate inverse of G + λI for every λ from one randomised eigendecomposition: with Ĝ =
 * UΛUᵀ of rank r, P⁻¹ = (Λ_r + λ)·U(Λ + λ)⁻¹Uᵀ + (I − UUᵀ) (Frangella, Tropp and Udell 2023, "
 * Randomized Nyström preconditioning", Eq. 1.3).
 *
 * <p>G + λI has condition (Λ₁ + λ)/λ at most; what is left after it is about (Λ_r + λ)/λ. It
 * changes the number of iterations, never the solution.
 *
 * <p><b>Cost</b>: 4mrc flops for c columns, 8mr bytes. <b>Deterministic</b>: a function of the
 * sketch. Immutable.
 */
public final class NystromPreconditioner {
  /** The identity: conjugate gradients without a preconditioner. */
  public static final NystromPreconditioner NONE =
      new NystromPreconditioner(new Nystrom(new double[0], new double[0][]));

  private final Nystrom approximation;

  private NystromPreconditioner(Nystrom approximation) {
    this.approximation = approximation;
  }

  /**
   * From a sketch of G, or of its estimate from some of the rows.
   *
   * @param test Ωᵀ, r rows of m
   * @param sketch (GΩ)ᵀ, r rows of m
   */
  public static NystromPreconditioner of(double[][] test, double[][] sketch) {
    return test.length == 0 ? NONE : new NystromPreconditioner(Nystrom.of(test, sketch));
  }

  /** r. */
  public int rank() {
    return approximation.values().length;
  }

  /**
   * P⁻¹R, each column with its own λ.
   *
   * <p><b>Shapes</b>: r c arrays of m, not modified; the result another c arrays of m.
   */
  double[][] apply(double[][] r, double[] lambda) {
    double[][] out = new double[r.length][];
    for (int c = 0; c < r.length; c++) {
      out[c] = r[c].clone();
    }
    int rank = rank();
    if (rank == 0) {
      return out;
    }
    int m = r[0].length;
    double[] values = approximation.values();
    double[][] coefficients = RowProducts.scalarProducts(r, approximation.vectors(), m);
    for (int c = 0; c < r.length; c++) {
      for (int i = 0; i < rank; i++) {
        // 1 − (Λ_r + λ)/(Λ_i + λ) without cancellation.
        coefficients[c][i] *= (values[i] - values[rank - 1]) / (values[i] + lambda[c]);
      }
    }
    double[][] deflated = RowProducts.multiply(coefficients, approximation.vectors(), m);
    for (int c = 0; c < r.length; c++) {
      for (int i = 0; i < m; i++) {
        out[c][i] -= deflated[c][i];
      }
    }
    return out;
  }
}
