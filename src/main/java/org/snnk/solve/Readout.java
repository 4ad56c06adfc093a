package org.snnk.solve;

import org.snnk.statistics.NormalEquations;

/**
 * A linear read-out ȳ = WᵀΦ(x) + b.
 *
 * <p><b>Shapes</b>: weights m×k row-major, intercept k. <b>Scale</b>: features in [−1, 1], targets
 * as the statistic holds them.
 *
 * @param lambda the penalty it was solved with, on the mean squared error
 */
public record Readout(
    int features, int targets, double lambda, double[] weights, double[] intercept) {

  /**
   * The mean squared error, summed over targets, on the rows of a statistic: tr(Cyy − 2WᵀC + WᵀGW)
   * + ‖ȳ − b − Wᵀφ̄‖².
   *
   * <p>No pass over rows is needed: the statistic holds all second moments. <b>Cost</b>: 2m²k
   * flops.
   */
  public double meanSquaredError(NormalEquations rows) {
    int m = features;
    double error = 0;
    for (int t = 0; t < targets; t++) {
      double quadratic = 0;
      double linear = 0;
      double mean = intercept[t];
      for (int i = 0; i < m; i++) {
        double w = weights[i * targets + t];
        double product = 0;
        for (int j = 0; j < m; j++) {
          product += rows.gram()[i * m + j] * weights[j * targets + t];
        }
        quadratic += w * product;
        linear += w * rows.cross()[i * targets + t];
        mean += w * rows.featureMean()[i];
      }
      double bias = rows.targetMean()[t] - mean;
      error += rows.targetGram()[t * targets + t] - 2 * linear + quadratic + bias * bias;
    }
    return error;
  }
}
