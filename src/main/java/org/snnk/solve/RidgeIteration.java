package org.snnk.solve;

import java.util.ArrayList;
import java.util.List;
import org.snnk.statistics.RightSide;

/**
 * Ridge regression for any number of penalties without the Gram matrix: (G + λI)W = C by
 * preconditioned conjugate gradients, b = ȳ − Wᵀφ̄, the intercept not penalised. All penalties and
 * targets are columns of one run.
 *
 * <p><b>Scale</b>: G and C are means over rows, so λ means what it means to {@link RidgeSolver}.
 * <b>Cost</b>: one multiplication with G an iteration, for all columns that have not converged.
 * <b>Deterministic</b>: a function of right side, operator and preconditioner.
 */
public final class RidgeIteration {
  private RidgeIteration() {}

  /**
   * When to stop.
   *
   * @param tolerance on ‖C − (G + λI)W‖/‖C‖ of each target
   * @param maxIterations of a run
   */
  public record Stop(double tolerance, int maxIterations) {}

  /**
   * What one penalty came to.
   *
   * @param readout whether it has converged or not
   * @param residual the largest ‖C − (G + λI)W‖/‖C‖ of its targets, formed anew at the end
   * @param iterations the most of its targets
   */
  public record Solution(Readout readout, double residual, int iterations) {}

  /**
   * What a run came to.
   *
   * @param solutions in the order of the penalties
   * @param products multiplications with G, each a pass over the rows
   */
  public record Run(List<Solution> solutions, int products) {
    /** The read-outs in the order of the penalties. */
    public List<Readout> readouts() {
      return solutions.stream().map(Solution::readout).toList();
    }
  }

  /**
   * Solves for every λ.
   *
   * @param start read-outs to begin from, one for each λ; none to begin from 0
   * @throws org.snnk.SnnkException if a λ is not positive and finite
   */
  public static Run solve(
      RightSide rows,
      GramOperator gram,
      NystromPreconditioner preconditioner,
      List<Double> lambdas,
      List<Readout> start,
      Stop stop) {
    lambdas.forEach(RidgeSolver::requirePenalty);
    int m = rows.features();
    int k = rows.targets();
    int c = lambdas.size() * k;
    double[] lambda = new double[c];
    double[][] right = new double[c][m];
    double[][] first = new double[c][m];
    for (int l = 0; l < lambdas.size(); l++) {
      for (int t = 0; t < k; t++) {
        lambda[l * k + t] = lambdas.get(l);
        for (int i = 0; i < m; i++) {
          right[l * k + t][i] = rows.cross()[i * k + t];
          first[l * k + t][i] = start.isEmpty() ? 0 : start.get(l).weights()[i * k + t];
        }
      }
    }
    ConjugateGradients.Result result =
        ConjugateGradients.solve(
            gram, preconditioner, lambda, right, first, stop.tolerance, stop.maxIterations);
    List<Solution> solutions = new ArrayList<>();
    for (int l = 0; l < lambdas.size(); l++) {
      double residual = 0;
      int iterations = 0;
      for (int t = 0; t < k; t++) {
        residual = Math.max(residual, result.residual()[l * k + t]);
        iterations = Math.max(iterations, result.iterations()[l * k + t]);
      }
      solutions.add(
          new Solution(readout(rows, lambdas.get(l), result.x(), l), residual, iterations));
    }
    return new Run(solutions, result.products());
  }

  private static Readout readout(RightSide rows, double lambda, double[][] x, int l) {
    int m = rows.features();
    int k = rows.targets();
    double[] weights = new double[m * k];
    double[] intercept = rows.targetMean().clone();
    for (int i = 0; i < m; i++) {
      for (int t = 0; t < k; t++) {
        weights[i * k + t] = x[l * k + t][i];
        intercept[t] -= weights[i * k + t] * rows.featureMean()[i];
      }
    }
    return new Readout(m, k, lambda, weights, intercept);
  }
}
