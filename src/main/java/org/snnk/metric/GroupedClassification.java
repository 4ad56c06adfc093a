package org.snnk.metric;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * The sums of a {@link ClassificationSummary} by group of rows, from which its intervals come: the
 * losses, the weights of each class, and for two classes a coarse histogram of the score.
 *
 * <p><b>Cost</b>: 0.5 MB for two classes and 512 groups, most of it their histograms.
 */
final class GroupedClassification implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int LARGEST_TABLE = 1 << 19;
  private static final int LEAST_GROUPS = 64;

  private final int classes;
  private final Bootstrap bootstrap;
  private final int groups;

  /** By group: Σ w·loss, the loss cut to 2⁻⁵⁷. An ExactSum a group would not fit a cache. */
  private final WeightSums logLoss;

  private final WeightSums brier;

  /** By group: of each true class the weight missed, then the weight found. */
  private final WeightSums found;

  /** By group: the weight of each predicted class; of two the one above tells it. */
  private final WeightSums predicted;

  /** By group: the weight of both classes in each coarse bin, the negative one first. */
  private final WeightSums scores;

  private final int coarseBits;
  private final int coarseBins;

  GroupedClassification(int classes, Bootstrap bootstrap, Detail detail) {
    this.classes = classes;
    this.bootstrap = bootstrap;
    int most = Integer.highestOneBit(Math.max(1, LARGEST_TABLE / (3 * classes)));
    groups = bootstrap.isOn() ? Math.min(detail.groups(), Math.max(LEAST_GROUPS, most)) : 1;
    coarseBits = detail.coarseBits();
    coarseBins = 1 << coarseBits;
    logLoss = new WeightSums(groups);
    brier = new WeightSums(groups);
    boolean on = bootstrap.isOn();
    found = on ? new WeightSums(groups * 2 * classes) : null;
    predicted = on && classes > 2 ? new WeightSums(groups * classes) : null;
    scores = on && classes == 2 ? new WeightSums(groups * 2 * coarseBins) : null;
  }

  int groups() {
    return groups;
  }

  /** Adds the first of some rows; those without weight change nothing. */
  void add(ScoredRows rows, int n) {
    if (found == null) {
      rows.sum(logLoss, n, rows.loss);
      rows.sum(brier, n, rows.miss);
      return;
    }
    int[] group = rows.group;
    for (int i = 0; i < n; i++) {
      group[i] = bootstrap.group(rows.index[i], groups);
    }
    rows.sum(logLoss, n, group, rows.loss);
    rows.sum(brier, n, group, rows.miss);
    int[] cell = rows.cell;
    for (int i = 0; i < n; i++) {
      cell[i] = 2 * (group[i] * classes + rows.label[i]) + rows.hit[i];
    }
    found.add(n, cell, rows.weight);
    if (scores == null) {
      for (int i = 0; i < n; i++) {
        cell[i] = group[i] * classes + rows.predicted[i];
      }
      predicted.add(n, cell, rows.weight);
    } else {
      for (int i = 0; i < n; i++) {
        int bin = ScoreHistogram.coarser(rows.bin[i], coarseBits);
        cell[i] = ((2 * group[i] + rows.label[i]) << coarseBits) + bin;
      }
      scores.add(n, cell, rows.weight);
    }
  }

  void merge(GroupedClassification other) {
    logLoss.merge(other.logLoss);
    brier.merge(other.brier);
    if (found != null) {
      found.merge(other.found);
    }
    if (predicted != null) {
      predicted.merge(other.predicted);
    }
    if (scores != null) {
      scores.merge(other.scores);
    }
  }

  boolean canMerge(GroupedClassification other) {
    return classes == other.classes
        && groups == other.groups
        && coarseBins == other.coarseBins
        && bootstrap.equals(other.bootstrap);
  }

  double logLoss() {
    return logLoss.total();
  }

  double brier() {
    return brier.total();
  }

  /**
   * The interval of each figure that is given, under its name.
   *
   * @param figures those of all rows
   */
  Map<String, Interval> intervals(Map<String, Figure> figures) {
    Map<String, Interval> intervals = new LinkedHashMap<>();
    if (found == null) {
      return intervals;
    }
    int perClass = 3 * classes;
    double[][] table = new double[groups][perClass + 2];
    for (int g = 0; g < groups; g++) {
      for (int c = 0; c < classes; c++) {
        int at = g * classes + c;
        double right = found.value(2 * at + 1);
        table[g][c] = found.value(2 * at) + right;
        table[g][classes + c] =
            predicted == null ? right + found.value(2 * (at ^ 1)) : predicted.value(at);
        table[g][2 * classes + c] = right;
      }
      table[g][perClass] = logLoss.value(g);
      table[g][perClass + 1] = brier.value(g);
    }
    Map<String, ToDoubleFunction<double[]>> bySums = new LinkedHashMap<>();
    bySums.put("accuracy", sums -> ClassTotals.of(sums, classes).accuracy().orNaN());
    bySums.put("logLoss", sums -> mean(sums, perClass));
    bySums.put("brier", sums -> mean(sums, perClass + 1));
    bySums.put("balancedAccuracy", s -> ClassTotals.of(s, classes).balancedAccuracy().orNaN());
    bySums.put("macroF1", sums -> ClassTotals.of(sums, classes).macroF1().orNaN());
    bySums.put("mcc", sums -> ClassTotals.of(sums, classes).matthews().orNaN());
    add(intervals, figures, table, bySums);
    if (scores != null) {
      double[][] histograms = new double[groups][2 * coarseBins];
      for (int g = 0; g < groups; g++) {
        for (int c = 0; c < 2 * coarseBins; c++) {
          histograms[g][c] = scores.value(g * 2 * coarseBins + c);
        }
      }
      Map<String, ToDoubleFunction<double[]>> byScore = new LinkedHashMap<>();
      byScore.put("auc", RankingCurves::auc);
      byScore.put("averagePrecision", RankingCurves::averagePrecision);
      byScore.put("ks", RankingCurves::kolmogorovSmirnov);
      add(intervals, figures, histograms, byScore);
    }
    intervals.replaceAll(
        (name, interval) ->
            name.equals("logLoss")
                ? interval.within(0, Double.POSITIVE_INFINITY)
                : interval.within(name.equals("mcc") ? -1 : 0, name.equals("brier") ? 2 : 1));
    return intervals;
  }

  private void add(
      Map<String, Interval> intervals,
      Map<String, Figure> figures,
      double[][] byGroup,
      Map<String, ToDoubleFunction<double[]>> readings) {
    double[] all = new double[byGroup[0].length];
    for (double[] group : byGroup) {
      for (int c = 0; c < all.length; c++) {
        all[c] += group[c];
      }
    }
    double[][] replicated = bootstrap.resampled(byGroup);
    readings.forEach(
        (name, reading) ->
            intervals.put(
                name,
                bootstrap.interval(
                    figures.get(name), reading.applyAsDouble(all), replicated, reading)));
  }

  /** A sum over the weight of all rows; NaN without weight. */
  private double mean(double[] sums, int at) {
    double weight = 0;
    for (int c = 0; c < classes; c++) {
      weight += sums[c];
    }
    return sums[at] / weight;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GroupedClassification sums
        && canMerge(sums)
        && logLoss.equals(sums.logLoss)
        && brier.equals(sums.brier)
        && Objects.equals(found, sums.found)
        && Objects.equals(predicted, sums.predicted)
        && Objects.equals(scores, sums.scores);
  }

  @Override
  public int hashCode() {
    return logLoss.hashCode();
  }
}
