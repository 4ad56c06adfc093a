package org.snnk.solve;

import java.util.List;
import org.snnk.SnnkException;
import org.snnk.linalg.Cholesky;
import org.snnk.statistics.NormalEquations;

/**
 * Ridge regression in closed form: W = (G + λI)⁻¹C, b = ȳ − Wᵀφ̄, the intercept not penalised.
 *
 * <p><b>Scale</b>: G and C are means over rows, so λ multiplies ‖W‖² beside the <i>mean</i> squared
 * error and does not change its meaning with n. <b>Deterministic</b>: a function of the statistic,
 * in pure Java.
 */
public final class RidgeSolver {
  private RidgeSolver() {}

  /**
   * Solves for one λ.
   *
   * <p><b>Cost</b>: m³/3 flops and 8m² bytes.
   *
   * @throws SnnkException if λ is not positive and finite, or G + λI is not positive definite
   */
  public static Readout solve(NormalEquations rows, double lambda) {
    requirePenalty(lambda);
    int m = rows.features();
    int k = rows.targets();
    double[] weights = Cholesky.solve(m, rows.gram(), lambda, k, rows.cross());
    double[] intercept = rows.targetMean().clone();
    for (int i = 0; i < m; i++) {
      for (int t = 0; t < k; t++) {
        intercept[t] -= weights[i * k + t] * rows.featureMean()[i];
      }
    }
    return new Readout(m, k, lambda, weights, intercept);
  }

  /**
   * The read-out of each λ from one factorisation of all: one λ is a quarter of the work of a
   * {@link RidgePath}.
   *
   * @throws SnnkException if a λ is not positive and finite, or G + λI is not positive definite
   */
  public static List<Readout> solve(NormalEquations rows, List<Double> lambdas) {
    return lambdas.size() == 1
        ? List.of(solve(rows, lambdas.get(0)))
        : RidgePath.of(rows).readouts(lambdas);
  }

  /** Gives λ back if it can be one. */
  static double requirePenalty(double lambda) {
    if (!(lambda > 0) || Double.isInfinite(lambda)) {
      throw new SnnkException(
          "train.regParam",
          "a positive finite number",
          lambda + "",
          null,
          "Set one, or leave it to 'auto'.");
    }
    return lambda;
  }
}
