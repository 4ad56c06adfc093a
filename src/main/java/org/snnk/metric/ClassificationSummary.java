package org.snnk.metric;

import java.io.Serializable;
import java.util.Optional;
import org.snnk.SnnkException;
import org.snnk.linalg.ExactSum;

/**
 * Everything that is measured about class probabilities, in one pass and mergeable.
 *
 * <p><b>Shapes</b>: probabilities n×k row-major, not modified; labels 0 … k−1. The prediction is
 * the most probable class, the lower one of equals. With k = 2, class 1 is the positive one.
 *
 * <p><b>Deterministic</b>: a function of the multiset of rows; logarithms by {@link StrictMath}.
 *
 * <p><b>Cost</b>: O(k) a row, no allocation; 24·k² bytes, and 1.5 MB more for two classes.
 */
public final class ClassificationSummary implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double CLIP = 1e-15;
  private static final double SUM_TOLERANCE = 1e-4;

  private final int classes;
  private final ConfusionMatrix confusion;
  private final ExactSum logLoss = new ExactSum();
  private final ExactSum brier = new ExactSum();
  private final Reliability reliability = new Reliability();
  private final ScoreHistogram scores;
  private long rows;
  private boolean weighted;

  /**
   * An empty summary.
   *
   * @param classes number of classes k
   * @throws SnnkException if it is below two
   */
  public ClassificationSummary(int classes) {
    if (classes < 2) {
      throw new SnnkException(
          "classification summary",
          "at least 2 classes",
          Integer.toString(classes),
          null,
          "Evaluate a model of one number as a regression.");
    }
    this.classes = classes;
    this.confusion = new ConfusionMatrix(classes);
    this.scores = classes == 2 ? new ScoreHistogram() : null;
  }

  /** Number of classes k. */
  public int classes() {
    return classes;
  }

  /** Rows added so far. */
  public long rows() {
    return rows;
  }

  /**
   * Adds a row.
   *
   * @param label index of the true class
   * @param probabilities holds the k probabilities of the row from {@code offset} on
   * @param weight row weight, 0 or from 2⁻³⁰ to 2³⁰
   * @throws SnnkException if the label is not a class, a probability is not in [0, 1] (NaN
   *     included), they do not add up to 1 within 1e-4, or the weight is out of range; the summary
   *     is then unchanged
   */
  public void add(int label, double[] probabilities, int offset, double weight) {
    if (label < 0 || label >= classes) {
      throw new SnnkException(
          "label",
          "a class index from 0 to " + (classes - 1),
          Integer.toString(label),
          row(),
          "Evaluate with the classes that the model was trained on.");
    }
    WeightSums.check(weight, rows);
    int predicted = 0;
    double sum = 0;
    double squares = 0;
    for (int j = 0; j < classes; j++) {
      double p = probabilities[offset + j];
      if (!(p >= 0 && p <= 1)) {
        throw new SnnkException(
            "probability of class " + j,
            "a number in [0, 1]",
            Double.toString(p),
            row(),
            "Check the inputs of the row for missing or infinite values.");
      }
      sum += p;
      double miss = j == label ? 1 - p : p;
      squares += miss * miss;
      if (p > probabilities[offset + predicted]) {
        predicted = j;
      }
    }
    if (Math.abs(sum - 1) > SUM_TOLERANCE) {
      throw new SnnkException(
          "class probabilities",
          "a sum of 1",
          Double.toString(sum),
          row(),
          "Turn raw scores into probabilities first.");
    }
    confusion.add(label, predicted, weight);
    double p = Math.max(CLIP, Math.min(1 - CLIP, probabilities[offset + label]));
    logLoss.addProduct(weight, -StrictMath.log(p));
    if (scores != null) {
      double score = probabilities[offset + 1];
      double miss = score - label;
      brier.addProduct(weight, miss * miss);
      scores.add(label == 1, score, weight);
      reliability.add(score, label == 1, weight);
    } else {
      brier.addProduct(weight, squares);
      reliability.add(probabilities[offset + predicted], label == predicted, weight);
    }
    weighted |= weight != 1;
    rows++;
  }

  /**
   * Adds a block of rows.
   *
   * @param labels the labels, from {@code labelOffset} on
   * @param probabilities n×k row-major, from {@code offset} on
   * @param weights the weights, from {@code labelOffset} on, or null where every row weighs one
   * @param n number of rows
   * @throws SnnkException as {@link #add} does; the rows before the bad one are then in the summary
   */
  public void addBlock(
      int[] labels, int labelOffset, double[] probabilities, int offset, double[] weights, int n) {
    for (int i = 0; i < n; i++) {
      double weight = weights == null ? 1 : weights[labelOffset + i];
      add(labels[labelOffset + i], probabilities, offset + i * classes, weight);
    }
  }

  private String row() {
    return "row " + rows + " of the summary";
  }

  /**
   * Adds the rows of another summary, which is not modified.
   *
   * @return this
   * @throws SnnkException if it has another number of classes
   */
  public ClassificationSummary merge(ClassificationSummary other) {
    if (other.classes != classes) {
      throw new SnnkException(
          "classification summaries to merge",
          "the same number of classes, " + classes,
          Integer.toString(other.classes),
          null,
          "Merge summaries of one model only.");
    }
    confusion.merge(other.confusion);
    logLoss.merge(other.logLoss);
    brier.merge(other.brier);
    reliability.merge(other.reliability);
    if (scores != null) {
      scores.merge(other.scores);
    }
    rows += other.rows;
    weighted |= other.weighted;
    return this;
  }

  /** Reads the figures; the summary can be added to afterwards. */
  public ClassificationMetrics metrics() {
    double weight = confusion.totalWeight();
    String none = rows == 0 ? "there are no rows" : "there are no rows with weight";
    double recalls = 0;
    int withRows = 0;
    double f1s = 0;
    int withF1 = 0;
    for (int j = 0; j < classes; j++) {
      Figure recall = confusion.recall(j);
      if (recall.isDefined()) {
        recalls += recall.orNaN();
        withRows++;
      }
      Figure f1 = confusion.f1(j);
      if (f1.isDefined()) {
        f1s += f1.orNaN();
        withF1++;
      }
    }
    return new ClassificationMetrics(
        rows,
        weighted,
        weight,
        Figure.ratio(confusion.correctWeight(), weight, none),
        Figure.ratio(logLoss.value(), weight, none),
        Figure.ratio(brier.value(), weight, none),
        Figure.ratio(recalls, withRows, none),
        Figure.ratio(f1s, withF1, none),
        confusion.matthews(),
        reliability.expectedCalibrationError(),
        confusion.copy(),
        reliability.bins(),
        scores == null
            ? Optional.empty()
            : Optional.of(
                new ClassificationMetrics.Binary(
                    scores.auc(),
                    scores.aucErrorBound(),
                    scores.kolmogorovSmirnov(),
                    scores.roc(),
                    scores.precisionRecall())));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClassificationSummary summary
        && rows == summary.rows
        && weighted == summary.weighted
        && confusion.equals(summary.confusion)
        && logLoss.equals(summary.logLoss)
        && brier.equals(summary.brier)
        && reliability.equals(summary.reliability)
        && (scores == null ? summary.scores == null : scores.equals(summary.scores));
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(rows) + confusion.hashCode();
  }
}
