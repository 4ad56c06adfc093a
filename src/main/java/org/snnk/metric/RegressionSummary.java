package org.snnk.metric;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.snnk.SnnkException;
import org.snnk.linalg.ExactSum;

/**
 * Everything that is measured about predicted numbers, in one pass and mergeable.
 *
 * <p>The true values are summed as their distance from the middle of the training range, exactly,
 * so that R² = 1 − Σw·e² / (Σw·y² − (Σw·y)²/Σw) does not drown when the mean is far from zero.
 *
 * <p><b>Shapes</b>: true and predicted values n×k row-major, not modified.
 *
 * <p><b>Deterministic</b>: a function of the multiset of rows and of the given range.
 *
 * <p><b>Cost</b>: O(k) a row, no allocation; 24 kB a target, twice that with fractional weights.
 */
public final class RegressionSummary implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int ERROR_BINS = 1024;
  private static final int DENSITY_BINS = 40;
  private static final double LARGEST = 1e140;

  private final WeightSums weight = new WeightSums(1);
  private final PerTarget[] targets;
  private long rows;
  private boolean weighted;

  /** The sums of one target. */
  private static final class PerTarget implements Serializable {
    private static final long serialVersionUID = 1L;

    final double centre;
    final Bins range;
    final Bins errors;
    final ExactSum truth = new ExactSum();
    final ExactSum truthSquared = new ExactSum();
    final ExactSum error = new ExactSum();
    final ExactSum absoluteError = new ExactSum();
    final ExactSum squaredError = new ExactSum();
    final WeightSums errorWeights = new WeightSums(ERROR_BINS);
    final WeightSums densityWeights = new WeightSums(DENSITY_BINS * DENSITY_BINS);
    double least = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;

    PerTarget(double low, double high) {
      centre = low + (high - low) / 2;
      double half = high > low ? 0 : Math.max(1, Math.abs(low)) / 2; // a constant still needs width
      range = new Bins(low - half, high + half, DENSITY_BINS);
      double width = range.high() - range.low();
      errors = new Bins(-width, width, ERROR_BINS);
    }

    void add(double y, double predicted, double w) {
      if (w == 0) {
        return;
      }
      double e = predicted - y;
      double fromCentre = y - centre;
      truth.addProduct(w, fromCentre);
      truthSquared.addProduct(w * fromCentre, fromCentre);
      error.addProduct(w, e);
      absoluteError.addProduct(w, Math.abs(e));
      squaredError.addProduct(w * e, e);
      errorWeights.add(errors.index(e), w);
      densityWeights.add(range.index(y) * DENSITY_BINS + range.index(predicted), w);
      least = Math.min(least, y);
      largest = Math.max(largest, y);
    }

    void merge(PerTarget other) {
      truth.merge(other.truth);
      truthSquared.merge(other.truthSquared);
      error.merge(other.error);
      absoluteError.merge(other.absoluteError);
      squaredError.merge(other.squaredError);
      errorWeights.merge(other.errorWeights);
      densityWeights.merge(other.densityWeights);
      least = Math.min(least, other.least);
      largest = Math.max(largest, other.largest);
    }

    RegressionMetrics.Target metrics(double total, String none) {
      Histogram histogram = new Histogram(errors, values(errorWeights));
      Density density = new Density(range, values(densityWeights));
      if (total == 0) {
        Figure no = Figure.undefined(none);
        return new RegressionMetrics.Target(no, no, no, no, no, no, histogram, density);
      }
      double mean = truth.value() / total;
      double spread =
          least == largest ? 0 : Math.max(0, truthSquared.value() - truth.value() * mean);
      double unexplained = squaredError.value() / spread; // infinite where the spread is a rounding
      return new RegressionMetrics.Target(
          Figure.of(Math.sqrt(squaredError.value() / total)),
          Figure.of(absoluteError.value() / total),
          spread > 0 && Double.isFinite(unexplained)
              ? Figure.of(1 - unexplained)
              : Figure.undefined("the target is constant"),
          Figure.of(error.value() / total),
          Figure.of(centre + mean),
          Figure.of(Math.sqrt(spread / total)),
          histogram,
          density);
    }

    private static double[] values(WeightSums sums) {
      double[] values = new double[sums.cells()];
      Arrays.setAll(values, sums::value);
      return values;
    }

    boolean same(PerTarget other) {
      return range.equals(other.range)
          && truth.equals(other.truth)
          && truthSquared.equals(other.truthSquared)
          && error.equals(other.error)
          && absoluteError.equals(other.absoluteError)
          && squaredError.equals(other.squaredError)
          && errorWeights.equals(other.errorWeights)
          && densityWeights.equals(other.densityWeights)
          && least == other.least
          && largest == other.largest;
    }
  }

  /**
   * An empty summary of k targets.
   *
   * @param low least value of each target in the training data: where the plots begin
   * @param high largest value of each, not below {@code low}
   * @throws SnnkException if there is no target or a range is not finite
   */
  public RegressionSummary(double[] low, double[] high) {
    if (low.length == 0 || low.length != high.length) {
      throw new SnnkException(
          "regression summary",
          "one range for each of at least 1 target",
          low.length + " lower and " + high.length + " upper ends",
          null,
          "Give the least and the largest training value of each target.");
    }
    targets = new PerTarget[low.length];
    for (int t = 0; t < low.length; t++) {
      if (!(low[t] <= high[t]) || !(low[t] >= -LARGEST) || !(high[t] <= LARGEST)) {
        throw new SnnkException(
            "range of target " + t,
            "finite numbers, the lower one first",
            low[t] + " to " + high[t],
            null,
            "Give the least and the largest training value of the target.");
      }
      targets[t] = new PerTarget(low[t], high[t]);
    }
  }

  /** Number of targets k. */
  public int targets() {
    return targets.length;
  }

  /** Rows added so far. */
  public long rows() {
    return rows;
  }

  /**
   * Adds a row.
   *
   * @param truth holds the k true values from {@code truthOffset} on
   * @param predicted holds the k predicted values from {@code offset} on
   * @param rowWeight row weight, 0 or from 2⁻³⁰ to 2³⁰
   * @throws SnnkException if a value is not finite or beyond 1e140 in size, or the weight is out of
   *     range; the summary is then unchanged
   */
  public void add(
      double[] truth, int truthOffset, double[] predicted, int offset, double rowWeight) {
    WeightSums.check(rowWeight, rows);
    for (int t = 0; t < targets.length; t++) {
      check("true value of target ", t, truth[truthOffset + t]);
      check("predicted value of target ", t, predicted[offset + t]);
    }
    for (int t = 0; t < targets.length; t++) {
      targets[t].add(truth[truthOffset + t], predicted[offset + t], rowWeight);
    }
    weight.add(0, rowWeight);
    weighted |= rowWeight != 1;
    rows++;
  }

  private void check(String what, int target, double value) {
    if (!(Math.abs(value) <= LARGEST)) { // its weighted square is still finite
      throw new SnnkException(
          what + target,
          "a finite number up to 1e140 in size",
          Double.toString(value),
          "row " + rows + " of the summary",
          "Check the row for missing or infinite values.");
    }
  }

  /**
   * Adds a block of rows.
   *
   * @param truth n×k row-major, from {@code truthOffset} on
   * @param predicted n×k row-major, from {@code offset} on
   * @param weights the weights, from {@code weightOffset} on, or null where every row weighs one
   * @param n number of rows
   * @throws SnnkException as {@link #add} does; the rows before the bad one are then in the summary
   */
  public void addBlock(
      double[] truth,
      int truthOffset,
      double[] predicted,
      int offset,
      double[] weights,
      int weightOffset,
      int n) {
    int k = targets.length;
    for (int i = 0; i < n; i++) {
      double w = weights == null ? 1 : weights[weightOffset + i];
      add(truth, truthOffset + i * k, predicted, offset + i * k, w);
    }
  }

  /**
   * Adds the rows of another summary, which is not modified.
   *
   * @return this
   * @throws SnnkException if it has other targets or ranges
   */
  public RegressionSummary merge(RegressionSummary other) {
    boolean same = targets.length == other.targets.length;
    for (int t = 0; same && t < targets.length; t++) {
      same = targets[t].range.equals(other.targets[t].range);
    }
    if (!same) {
      throw new SnnkException(
          "regression summaries to merge",
          "the same targets with the same ranges",
          other.targets.length + " targets against " + targets.length + ", or other ranges",
          null,
          "Merge summaries of one model only.");
    }
    for (int t = 0; t < targets.length; t++) {
      targets[t].merge(other.targets[t]);
    }
    weight.merge(other.weight);
    rows += other.rows;
    weighted |= other.weighted;
    return this;
  }

  /** Reads the figures; the summary can be added to afterwards. */
  public RegressionMetrics metrics() {
    double total = weight.value(0);
    String none = rows == 0 ? "there are no rows" : "there are no rows with weight";
    List<RegressionMetrics.Target> each = new ArrayList<>();
    double squares = 0;
    double absolutes = 0;
    double r2s = 0;
    String noR2 = "";
    for (int t = 0; t < targets.length; t++) {
      RegressionMetrics.Target target = targets[t].metrics(total, none);
      each.add(target);
      squares += target.rmse().orNaN() * target.rmse().orNaN();
      absolutes += target.mae().orNaN();
      r2s += target.r2().orNaN();
      if (noR2.isEmpty() && !target.r2().isDefined()) {
        noR2 = target.r2().reason();
      }
    }
    int k = targets.length;
    Figure no = Figure.undefined(none);
    // One target's figures are passed on as they are: the root of the square may round otherwise.
    Figure rmse = k == 1 ? each.get(0).rmse() : total == 0 ? no : Figure.of(Math.sqrt(squares / k));
    return new RegressionMetrics(
        rows,
        weighted,
        total,
        rmse,
        total == 0 ? no : Figure.of(absolutes / k),
        noR2.isEmpty() ? Figure.of(r2s / k) : Figure.undefined(noR2),
        List.copyOf(each));
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof RegressionSummary summary)
        || rows != summary.rows
        || weighted != summary.weighted
        || !weight.equals(summary.weight)
        || targets.length != summary.targets.length) {
      return false;
    }
    for (int t = 0; t < targets.length; t++) {
      if (!targets[t].same(summary.targets[t])) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(rows) + weight.hashCode();
  }
}
