package org.snnk.solve;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What one λ of a ridge path does on the rows it was fitted to.
 *
 * @param lambda the penalty, on the mean squared error
 * @param degreesOfFreedom df = 1 + tr (G + λI)⁻¹G, of one target
 * @param meanSquaredError RSS/N of each target on the training rows
 * @param gcv (RSS/N)/(1 − df/n)² of each target (Golub, Heath and Wahba 1979), n the number of
 *     rows; infinite where df reaches n
 */
public record RidgePoint(
    double lambda, double degreesOfFreedom, double[] meanSquaredError, double[] gcv)
    implements Serializable {
  /** The mean squared error on the training rows, summed over targets. */
  public double totalMeanSquaredError() {
    return Arrays.stream(meanSquaredError).sum();
  }

  /** The generalised cross-validation score, summed over targets. */
  public double totalGcv() {
    return Arrays.stream(gcv).sum();
  }
}
