package org.snnk.metric;

import java.util.List;

/**
 * What is read from a {@link RegressionSummary}.
 *
 * @param rows rows added, those without weight included
 * @param weighted whether any row had a weight other than one
 * @param weight the weight of all rows
 * @param rmse root of the squared error's mean over rows and targets
 * @param mae mean over the targets
 * @param r2 mean over the targets; undefined if any target's is
 * @param targets figures of each target
 */
public record RegressionMetrics(
    long rows,
    boolean weighted,
    double weight,
    Figure rmse,
    Figure mae,
    Figure r2,
    List<Target> targets) {

  /**
   * Figures of one target; the error is predicted − true.
   *
   * @param rmse root of the mean squared error
   * @param mae mean absolute error
   * @param r2 1 − Σw·e² / Σw·(y − ȳ)², undefined for a constant target
   * @param bias mean error
   * @param mean mean of the true values
   * @param sd their standard deviation, of the rows at hand (divided by the weight)
   * @param error histogram of the error over ± the range of the training target
   * @param density true against predicted over the range of the training target
   */
  public record Target(
      Figure rmse,
      Figure mae,
      Figure r2,
      Figure bias,
      Figure mean,
      Figure sd,
      Histogram error,
      Density density) {}
}
