package org.snnk.metric;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Rows and their weight by true class (first index) and predicted class (second index).
 *
 * <p>The figures below are of the weights, which are the counts where no weights are given.
 */
public final class ConfusionMatrix implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int classes;
  private final long[] counts;
  private final WeightSums weights;

  ConfusionMatrix(int classes) {
    this.classes = classes;
    int cells = Math.multiplyExact(classes, classes);
    counts = new long[cells];
    weights = new WeightSums(cells);
  }

  /** Adds the first of some rows. */
  void add(ScoredRows rows, int n) {
    if (classes == 2 && rows.weight == null) {
      addTwo(rows.label, rows.predicted, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      rows.cell[i] = rows.label[i] * classes + rows.predicted[i];
      counts[rows.cell[i]]++;
    }
    weights.add(n, rows.cell, rows.weight);
  }

  /** Four cells would wait for each other from row to row; sums of zeros and ones do not. */
  private void addTwo(int[] truth, int[] predicted, int n) {
    int positive = 0;
    int found = 0;
    int both = 0;
    for (int i = 0; i < n; i++) {
      positive += truth[i];
      found += predicted[i];
      both += truth[i] & predicted[i];
    }
    int[] each = {n - positive - found + both, found - both, positive - both, both};
    for (int cell = 0; cell < each.length; cell++) {
      counts[cell] += each[cell];
      weights.addOnes(cell, each[cell]);
    }
  }

  void merge(ConfusionMatrix other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    weights.merge(other.weights);
  }

  ConfusionMatrix copy() {
    ConfusionMatrix copy = new ConfusionMatrix(classes);
    copy.merge(this);
    return copy;
  }

  /** Number of classes k. */
  public int classes() {
    return classes;
  }

  /** Rows of one true class that were predicted as another, whatever their weight. */
  public long count(int truth, int predicted) {
    return counts[truth * classes + predicted];
  }

  /** The weight of those rows. */
  public double weight(int truth, int predicted) {
    return weights.value(truth * classes + predicted);
  }

  /** Rows of one true class. */
  public long support(int truth) {
    long sum = 0;
    for (int j = 0; j < classes; j++) {
      sum += count(truth, j);
    }
    return sum;
  }

  /** The weight of one true class. */
  public double truthWeight(int truth) {
    double sum = 0;
    for (int j = 0; j < classes; j++) {
      sum += weight(truth, j);
    }
    return sum;
  }

  /** The weight of the rows predicted as one class. */
  public double predictedWeight(int predicted) {
    double sum = 0;
    for (int i = 0; i < classes; i++) {
      sum += weight(i, predicted);
    }
    return sum;
  }

  /** The weight of all rows. */
  public double totalWeight() {
    return weights.total();
  }

  /** What the figures below are read from. */
  public ClassTotals totals() {
    double[] truth = new double[classes];
    double[] predicted = new double[classes];
    double[] correct = new double[classes];
    for (int i = 0; i < classes; i++) {
      truth[i] = truthWeight(i);
      predicted[i] = predictedWeight(i);
      correct[i] = weight(i, i);
    }
    return new ClassTotals(truth, predicted, correct);
  }

  /** Precision of a class: TP / (TP + FP). */
  public Figure precision(int of) {
    return totals().precision(of);
  }

  /** Recall of a class: TP / (TP + FN). */
  public Figure recall(int of) {
    return totals().recall(of);
  }

  /** F₁ of a class: 2·TP / (2·TP + FP + FN). */
  public Figure f1(int of) {
    return totals().f1(of);
  }

  /**
   * Matthews' correlation of truth and prediction for k classes, R_K of Gorodkin 2004, "Comparing
   * two K-category assignments by a K-category correlation coefficient": with c the correct, s the
   * total, t_i the true and p_i the predicted weights, (c·s − Σ t_i·p_i) / √((s² − Σ p_i²)(s² − Σ
   * t_i²)).
   */
  public Figure matthews() {
    return totals().matthews();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfusionMatrix matrix
        && Arrays.equals(counts, matrix.counts)
        && weights.equals(matrix.weights);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }
}
