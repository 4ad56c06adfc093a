package org.snnk.solve;

import java.util.List;
import org.snnk.SnnkException;
import org.snnk.linalg.RowProducts;
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
    return meanSquaredErrors(List.of(this), rows)[0];
  }

  /**
   * The {@linkplain #meanSquaredError mean squared error} of several read-outs of one shape, whose
   * weights are multiplied with the Gram matrix together, so that it is read once.
   *
   * <p><b>Cost</b>: 2m²k flops a read-out and 16mk bytes.
   *
   * @throws SnnkException if the statistic has other features or targets
   */
  public static double[] meanSquaredErrors(List<Readout> readouts, NormalEquations rows) {
    int m = rows.features();
    int k = rows.targets();
    double[][] w = new double[readouts.size() * k][m];
    for (int l = 0; l < readouts.size(); l++) {
      Readout readout = readouts.get(l);
      if (readout.features != m || readout.targets != k) {
        throw new SnnkException(
            "validation statistic",
            readout.features + " features and " + readout.targets + " targets",
            m + " and " + k,
            null,
            "Train and validate on statistics of one specification.");
      }
      for (int i = 0; i < m; i++) {
        for (int t = 0; t < k; t++) {
          w[l * k + t][i] = readout.weights[i * k + t];
        }
      }
    }
    double[] quadratic = RowProducts.quadraticForms(m, rows.gram(), w);
    double[] errors = new double[readouts.size()];
    for (int l = 0; l < errors.length; l++) {
      for (int t = 0; t < k; t++) {
        double linear = 0;
        double mean = readouts.get(l).intercept[t];
        for (int i = 0; i < m; i++) {
          linear += w[l * k + t][i] * rows.cross()[i * k + t];
          mean += w[l * k + t][i] * rows.featureMean()[i];
        }
        double bias = rows.targetMean()[t] - mean;
        errors[l] += rows.targetGram()[t * k + t] - 2 * linear + quadratic[l * k + t] + bias * bias;
      }
    }
    return errors;
  }
}
