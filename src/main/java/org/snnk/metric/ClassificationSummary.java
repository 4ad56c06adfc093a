package org.snnk.metric;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.snnk.SnnkException;

/**
 * Everything that is measured about class probabilities, in one pass and mergeable.
 *
 * <p><b>Shapes</b>: probabilities n×k row-major, not modified; labels 0 … k−1. The prediction is
 * the most probable class, the lower one of equals. With k = 2, class 1 is the positive one.
 *
 * <p><b>Deterministic</b>: a function of the multiset of rows; logarithms in plain arithmetic.
 *
 * <p><b>Cost</b>: O(k) a row, whatever the number of replicates; 24·k² bytes, 1 MB more for two
 * classes and 0.6 MB more for intervals; some three times that with weights other than one.
 */
public final class ClassificationSummary implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long LEAST_BITS = Double.doubleToRawLongBits(1e-15);
  private static final long MOST_BITS = Double.doubleToRawLongBits(1 - 1e-15);
  private static final int MOST_RANKS = 10;

  private final int classes;
  private final ConfusionMatrix confusion;
  private final GroupedClassification grouped;

  /** Weight of the rows whose true class is the r-th most probable; none for two classes. */
  private final WeightSums ranks;

  private final Reliability reliability = new Reliability();
  private final ScoreHistogram scores;
  private long rows;
  private boolean weighted;
  private transient ScoredRows prepared;

  /**
   * An empty summary without intervals.
   *
   * @param classes number of classes k
   * @throws SnnkException if it is below two
   */
  public ClassificationSummary(int classes) {
    this(classes, Bootstrap.NONE, Detail.FULL);
  }

  /**
   * An empty summary.
   *
   * @param classes number of classes k
   * @param bootstrap how intervals are made
   * @param detail of all rows or of a slice
   * @throws SnnkException if there are fewer than two classes
   */
  public ClassificationSummary(int classes, Bootstrap bootstrap, Detail detail) {
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
    this.grouped = new GroupedClassification(classes, bootstrap, detail);
    this.scores = classes == 2 ? new ScoreHistogram(detail.scoreBits()) : null;
    this.ranks = classes == 2 ? null : new WeightSums(classes);
  }

  /** Number of classes k. */
  public int classes() {
    return classes;
  }

  /** Rows added so far. */
  public long rows() {
    return rows;
  }

  /** Adds a row whose index does not matter, because there are no intervals. */
  public void add(int label, double[] probabilities, int offset, double weight) {
    add(0, label, probabilities, offset, weight);
  }

  /**
   * Adds a row.
   *
   * @param index of the row in its table: what it is resampled by
   * @param label index of the true class
   * @param probabilities holds the k probabilities of the row from {@code offset} on
   * @param weight row weight, 0 or from 2⁻³⁰ to 2³⁰
   * @throws SnnkException if the label is not a class, a probability is not in [0, 1] (NaN
   *     included), they do not add up to 1 within 1e-4, or the weight is out of range; the summary
   *     is then unchanged
   */
  public void add(long index, int label, double[] probabilities, int offset, double weight) {
    double[] weights = weight == 1 ? null : new double[] {weight};
    add(1, new long[] {index}, 0, new double[] {label}, probabilities, offset, weights);
  }

  /** What is wrong with a row that cannot be added. */
  private SnnkException unusable(double label, double[] probabilities, int offset, double weight) {
    if (!(label >= 0 && label < classes)) {
      return new SnnkException(
          "label",
          "a class index from 0 to " + (classes - 1),
          Long.toString((long) label),
          row(),
          "Evaluate with the classes that the model was trained on.");
    }
    WeightSums.check(weight, rows);
    double sum = 0;
    for (int j = 0; j < classes; j++) {
      double p = probabilities[offset + j];
      if (!(p >= 0 && p <= 1)) {
        return new SnnkException(
            "probability of class " + j,
            "a number in [0, 1]",
            Double.toString(p),
            row(),
            "Check the inputs of the row for missing or infinite values.");
      }
      sum += p;
    }
    return new SnnkException(
        "class probabilities",
        "a sum of 1",
        Double.toString(sum),
        row(),
        "Turn raw scores into probabilities first.");
  }

  /** Adds at most so many rows as are added at once, the first of them at the given places. */
  private void add(
      int n,
      long[] index,
      int from,
      double[] labels,
      double[] probabilities,
      int offset,
      double[] weights) {
    ScoredRows some = scratch();
    some.set(n, from, index, weights);
    int good = some.read(n, labels, from, probabilities, offset);
    confusion.add(some, good);
    if (scores != null) {
      scores.add(some, good);
      reliability.add(some, good, some.label);
    } else {
      ranks.add(good, some.rank, some.weight);
      reliability.add(some, good, some.hit);
    }
    grouped.add(some, good);
    rows += good;
    weighted |= some.isWeighted(good);
    if (good < n) {
      int bad = from + good;
      throw unusable(labels[bad], probabilities, offset + good * classes, some.weight(good));
    }
  }

  private ScoredRows scratch() {
    if (prepared == null) {
      prepared = new ScoredRows(classes);
    }
    return prepared;
  }

  /**
   * −ln p of a row, with p held within [1e-15, 1 − 1e-15].
   *
   * @param truth the probability of the row's own class
   */
  public static double logLoss(double truth) {
    // By bits, which rise with the number: no branch.
    long bits = Math.min(MOST_BITS, Double.doubleToRawLongBits(truth));
    return -NaturalLogarithm.of(Double.longBitsToDouble(Math.max(LEAST_BITS, bits)));
  }

  /**
   * Adds a block of rows.
   *
   * @param index the n indices of the rows
   * @param labels the n class indices
   * @param probabilities n×k row-major
   * @param weights the n weights, or null where every row weighs one
   * @throws SnnkException as {@link #add} does; the rows before the bad one are then in the summary
   */
  public void addBlock(
      int n, long[] index, double[] labels, double[] probabilities, double[] weights) {
    for (int from = 0; from < n; from += SummedRows.MOST) {
      int count = Math.min(SummedRows.MOST, n - from);
      add(count, index, from, labels, probabilities, from * classes, weights);
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
    if (!grouped.canMerge(other.grouped)) {
      throw new SnnkException(
          "classification summaries to merge",
          "the same bootstrap and detail",
          "others",
          null,
          "Merge summaries of one evaluation only.");
    }
    confusion.merge(other.confusion);
    grouped.merge(other.grouped);
    reliability.merge(other.reliability);
    if (scores != null) {
      scores.merge(other.scores);
    } else {
      ranks.merge(other.ranks);
    }
    rows += other.rows;
    weighted |= other.weighted;
    return this;
  }

  /** Reads the figures; the summary can be added to afterwards. */
  public ClassificationMetrics metrics() {
    double weight = confusion.totalWeight();
    String none = rows == 0 ? "there are no rows" : "there are no rows with weight";
    ClassTotals totals = confusion.totals();
    Figure accuracy = rows == 0 ? Figure.undefined(none) : totals.accuracy();
    Figure logLoss = Figure.ratio(grouped.logLoss(), weight, none);
    Figure brier = Figure.ratio(grouped.brier(), weight, none);
    Optional<ClassificationMetrics.Binary> binary = binary();
    Map<String, Figure> figures = new HashMap<>();
    figures.put("accuracy", accuracy);
    figures.put("logLoss", logLoss);
    figures.put("brier", brier);
    figures.put("balancedAccuracy", totals.balancedAccuracy());
    figures.put("macroF1", totals.macroF1());
    figures.put("mcc", totals.matthews());
    binary.ifPresent(
        curves -> {
          figures.put("auc", curves.auc());
          figures.put("averagePrecision", curves.averagePrecision());
          figures.put("ks", curves.ks());
        });
    return new ClassificationMetrics(
        rows,
        weighted,
        weight,
        accuracy,
        logLoss,
        brier,
        totals.balancedAccuracy(),
        totals.macroF1(),
        totals.matthews(),
        reliability.expectedCalibrationError(),
        grouped.intervals(figures),
        grouped.groups(),
        topK(weight),
        confusion.copy(),
        reliability.bins(),
        binary);
  }

  private Optional<ClassificationMetrics.Binary> binary() {
    return scores == null
        ? Optional.empty()
        : Optional.of(
            new ClassificationMetrics.Binary(
                scores.auc(),
                scores.aucErrorBound(),
                scores.averagePrecision(),
                scores.averagePrecisionErrorBound(),
                scores.kolmogorovSmirnov(),
                scores.roc(),
                scores.precisionRecall(),
                scores.gain()));
  }

  /** Share of the weight whose true class is among the 1, 2, … most probable. */
  private List<Figure> topK(double weight) {
    List<Figure> shares = new ArrayList<>();
    double sum = 0;
    for (int r = 0; ranks != null && r < Math.min(classes - 1, MOST_RANKS); r++) {
      sum += ranks.value(r);
      shares.add(Figure.ratio(Math.min(sum, weight), weight, "there are no rows with weight"));
    }
    return shares;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClassificationSummary summary
        && rows == summary.rows
        && weighted == summary.weighted
        && confusion.equals(summary.confusion)
        && grouped.equals(summary.grouped)
        && Objects.equals(ranks, summary.ranks)
        && reliability.equals(summary.reliability)
        && Objects.equals(scores, summary.scores);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(rows) + confusion.hashCode();
  }
}
