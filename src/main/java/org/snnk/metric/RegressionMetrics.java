package org.snnk.metric;

import java.util.List;
import java.util.Map;

/**
 * What is read from a {@link RegressionSummary}.
 *
 * @param rows rows added, those without weight included
 * @param weighted whether any row had a weight other than one
 * @param weight the weight of all rows
 * @param rmse root of the squared error's mean over rows and targets
 * @param mae mean over the targets
 * @param r2 mean over the targets; undefined if any target's is
 * @param intervals of those figures that have one, by the names of {@code metrics.json}; empty
 *     without a bootstrap
 * @param groups of rows that were resampled
 * @param targets figures of each target
 */
public record RegressionMetrics(
    long rows,
    boolean weighted,
    double weight,
    Figure rmse,
    Figure mae,
    Figure r2,
    Map<String, Interval> intervals,
    int groups,
    List<Target> targets) {

  /**
   * What a share of the rows stays below.
   *
   * @param share of the weight
   * @param error of which size
   * @param bound the most by which that can be off
   */
  public record Quantile(double share, double error, double bound) {}

  /**
   * The errors of the rows whose prediction lies in one band of the plotted range.
   *
   * @param from lower edge of the band
   * @param to upper edge
   * @param weight of its rows
   * @param quantiles what 5, 25, 50, 75 and 95 % of the errors stay below, to some 3 %
   */
  public record Residuals(double from, double to, double weight, List<Double> quantiles) {}

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
   * @param quantiles of the error
   * @param absoluteQuantiles of its size
   * @param residuals errors by prediction, by rising prediction
   */
  public record Target(
      Figure rmse,
      Figure mae,
      Figure r2,
      Figure bias,
      Figure mean,
      Figure sd,
      Histogram error,
      Density density,
      List<Quantile> quantiles,
      List<Quantile> absoluteQuantiles,
      List<Residuals> residuals) {}
}
