package org.snnk.metric;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.snnk.SnnkException;

/**
 * Everything that is measured about predicted numbers, in one pass and mergeable.
 *
 * <p>The true values are summed as their distance from the middle of the training range, cut to
 * 2⁻⁵² of it, so that R² = 1 − Σw·e² / (Σw·y² − (Σw·y)²/Σw) does not drown when the mean is far
 * from zero.
 *
 * <p><b>Shapes</b>: true and predicted values n×k row-major, not modified.
 *
 * <p><b>Deterministic</b>: a function of the multiset of rows and of the given range.
 *
 * <p><b>Cost</b>: O(k) a row, whatever the number of replicates; 0.1 MB a target and 0.06 MB more
 * for intervals; with weights other than one 0.4 MB, and 1.4 MB more for intervals (less where
 * there are many targets).
 */
public final class RegressionSummary implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int MOST_SUMS = 3072;
  private static final int LEAST_GROUPS = 64;
  private static final double LARGEST = 1e140;

  private final Bootstrap bootstrap;

  /** The weight of each group of rows. */
  private final WeightSums weight;

  private final TargetErrors[] targets;
  private long rows;
  private boolean weighted;
  private transient TargetErrors.Rows prepared;

  /** An empty summary of k targets without intervals. */
  public RegressionSummary(double[] low, double[] high) {
    this(low, high, Bootstrap.NONE, Detail.FULL);
  }

  /**
   * An empty summary of k targets.
   *
   * @param low least value of each target in the training data: where the plots begin
   * @param high largest value of each, not below {@code low}
   * @param bootstrap how intervals are made
   * @param detail of all rows or of a slice
   * @throws SnnkException if there is no target or a range is not finite
   */
  public RegressionSummary(double[] low, double[] high, Bootstrap bootstrap, Detail detail) {
    if (low.length == 0 || low.length != high.length) {
      throw new SnnkException(
          "regression summary",
          "one range for each of at least 1 target",
          low.length + " lower and " + high.length + " upper ends",
          null,
          "Give the least and the largest training value of each target.");
    }
    this.bootstrap = bootstrap;
    int most = Integer.highestOneBit(Math.max(1, MOST_SUMS / low.length));
    int groups = bootstrap.isOn() ? Math.min(detail.groups(), Math.max(LEAST_GROUPS, most)) : 1;
    weight = new WeightSums(groups);
    targets = new TargetErrors[low.length];
    for (int t = 0; t < low.length; t++) {
      if (!(low[t] <= high[t]) || !(low[t] >= -LARGEST) || !(high[t] <= LARGEST)) {
        throw new SnnkException(
            "range of target " + t,
            "finite numbers, the lower one first",
            low[t] + " to " + high[t],
            null,
            "Give the least and the largest training value of the target.");
      }
      targets[t] = new TargetErrors(low[t], high[t], groups, detail);
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

  /** Adds a row whose index does not matter, because there are no intervals. */
  public void add(
      double[] truth, int truthOffset, double[] predicted, int offset, double rowWeight) {
    add(0, truth, truthOffset, predicted, offset, rowWeight);
  }

  /**
   * Adds a row.
   *
   * @param index of the row in its table: what it is resampled by
   * @param truth holds the k true values from {@code truthOffset} on
   * @param predicted holds the k predicted values from {@code offset} on
   * @param rowWeight row weight, 0 or from 2⁻³⁰ to 2³⁰
   * @throws SnnkException if a value is not finite or beyond 1e140 in size, or the weight is out of
   *     range; the summary is then unchanged
   */
  public void add(
      long index,
      double[] truth,
      int truthOffset,
      double[] predicted,
      int offset,
      double rowWeight) {
    double[] weights = rowWeight == 1 ? null : new double[] {rowWeight};
    add(1, new long[] {index}, 0, truth, truthOffset, predicted, offset, weights);
  }

  /**
   * Adds a block of rows.
   *
   * @param index the n indices of the rows
   * @param truth n×k row-major
   * @param predicted n×k row-major
   * @param weights the n weights, or null where every row weighs one
   * @throws SnnkException as {@link #add} does; the rows before the bad one are then in the summary
   */
  public void addBlock(int n, long[] index, double[] truth, double[] predicted, double[] weights) {
    int k = targets.length;
    for (int from = 0; from < n; from += SummedRows.MOST) {
      int count = Math.min(SummedRows.MOST, n - from);
      add(count, index, from, truth, from * k, predicted, from * k, weights);
    }
  }

  /** Adds at most so many rows as are added at once, the first of them at the given places. */
  private void add(
      int n,
      long[] index,
      int from,
      double[] truth,
      int truthAt,
      double[] predicted,
      int at,
      double[] weights) {
    int k = targets.length;
    TargetErrors.Rows some = scratch();
    some.setWeights(n, from, weights);
    int good = 0;
    while (good < n
        && holds(some.weight(good), truth, truthAt + good * k, predicted, at + good * k)) {
      some.group[good] = groups() == 1 ? 0 : bootstrap.group(index[from + good], groups());
      good++;
    }
    for (int t = 0; t < k; t++) {
      for (int i = 0; i < good; i++) {
        some.truth[i] = truth[truthAt + i * k + t];
        some.predicted[i] = predicted[at + i * k + t];
      }
      targets[t].add(some, good);
    }
    weight.add(good, some.group, some.weight);
    rows += good;
    weighted |= some.isWeighted(good);
    if (good < n) {
      refuse(some.weight(good), truth, truthAt + good * k, predicted, at + good * k);
    }
  }

  private int groups() {
    return weight.cells();
  }

  private TargetErrors.Rows scratch() {
    if (prepared == null) {
      prepared = new TargetErrors.Rows();
    }
    return prepared;
  }

  private boolean holds(double w, double[] truth, int truthAt, double[] predicted, int at) {
    boolean holds = WeightSums.holds(w);
    for (int t = 0; t < targets.length; t++) {
      // A weighted square is still finite.
      holds &= Math.abs(truth[truthAt + t]) <= LARGEST;
      holds &= Math.abs(predicted[at + t]) <= LARGEST;
    }
    return holds;
  }

  private void refuse(double w, double[] truth, int truthAt, double[] predicted, int at) {
    WeightSums.check(w, rows);
    for (int t = 0; t < targets.length; t++) {
      check("true value of target ", t, truth[truthAt + t]);
      check("predicted value of target ", t, predicted[at + t]);
    }
  }

  private void check(String what, int target, double value) {
    if (!(Math.abs(value) <= LARGEST)) {
      throw new SnnkException(
          what + target,
          "a finite number up to 1e140 in size",
          Double.toString(value),
          "row " + rows + " of the summary",
          "Check the row for missing or infinite values.");
    }
  }

  /**
   * Adds the rows of another summary, which is not modified.
   *
   * @return this
   * @throws SnnkException if it has other targets or ranges
   */
  public RegressionSummary merge(RegressionSummary other) {
    boolean same =
        targets.length == other.targets.length
            && bootstrap.equals(other.bootstrap)
            && weight.cells() == other.weight.cells();
    for (int t = 0; same && t < targets.length; t++) {
      same = targets[t].range().equals(other.targets[t].range());
    }
    if (!same) {
      throw new SnnkException(
          "regression summaries to merge",
          "the same targets with the same ranges and bootstrap",
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
    double total = weight.total();
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
    Figure mae = total == 0 ? no : Figure.of(absolutes / k);
    Figure r2 = noR2.isEmpty() ? Figure.of(r2s / k) : Figure.undefined(noR2);
    return new RegressionMetrics(
        rows,
        weighted,
        total,
        rmse,
        mae,
        r2,
        bootstrap.isOn()
            ? intervals(Map.of("rmse", rmse, "mae", mae, "r2", r2, "bias", each.get(0).bias()))
            : Map.of(),
        weight.cells(),
        List.copyOf(each));
  }

  /** The intervals of the figures; that of the bias for one target only. */
  private Map<String, Interval> intervals(Map<String, Figure> figures) {
    int k = targets.length;
    double[][] byGroup = new double[weight.cells()][1 + ErrorMoments.SUMS * k];
    for (int t = 0; t < k; t++) {
      double[][] sums = targets[t].byGroup();
      for (int g = 0; g < sums.length; g++) {
        byGroup[g][0] = weight.value(g);
        System.arraycopy(sums[g], 0, byGroup[g], 1 + ErrorMoments.SUMS * t, ErrorMoments.SUMS);
      }
    }
    Map<String, ToDoubleFunction<double[]>> readings = new LinkedHashMap<>();
    readings.put("rmse", sums -> Math.sqrt(mean(sums, ErrorMoments.E_SQUARED)));
    readings.put("mae", sums -> mean(sums, ErrorMoments.E_SIZE));
    readings.put("r2", sums -> explained(sums, k));
    if (k == 1) {
      readings.put("bias", sums -> mean(sums, ErrorMoments.E));
    }
    double[][] replicated = bootstrap.resampled(byGroup);
    Map<String, Interval> intervals = new LinkedHashMap<>();
    readings.forEach(
        (name, reading) -> {
          Figure figure = figures.get(name);
          intervals.put(name, bootstrap.interval(figure, figure.orNaN(), replicated, reading));
        });
    return intervals;
  }

  /** The mean over targets of a sum by the weight. */
  private static double mean(double[] sums, int of) {
    double sum = 0;
    for (int at = 1; at < sums.length; at += ErrorMoments.SUMS) {
      sum += sums[at + of];
    }
    int targets = sums.length / ErrorMoments.SUMS;
    return sum / targets / sums[0];
  }

  /** The mean over targets of R². */
  private static double explained(double[] sums, int k) {
    double r2 = 0;
    for (int at = 1; at < sums.length; at += ErrorMoments.SUMS) {
      double y = sums[at + ErrorMoments.Y];
      double spread = sums[at + ErrorMoments.Y_SQUARED] - y * y / sums[0];
      r2 += spread > 0 ? 1 - sums[at + ErrorMoments.E_SQUARED] / spread : Double.NaN;
    }
    return r2 / k;
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
