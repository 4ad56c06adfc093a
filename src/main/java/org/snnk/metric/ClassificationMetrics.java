package org.snnk.metric;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is read from a {@link ClassificationSummary}.
 *
 * @param rows rows added, those without weight included
 * @param weighted whether any row had a weight other than one
 * @param weight the weight of all rows
 * @param accuracy share of the weight whose most probable class is the true one
 * @param logLoss mean of −ln p(true class), p cut to [1e-15, 1 − 1e-15]
 * @param brier mean of (p₁ − y)² for two classes, of Σ_k (p_k − y_k)² for more
 * @param balancedAccuracy mean recall of the classes that have rows
 * @param macroF1 mean F₁ of the classes that have rows or predictions
 * @param mcc Matthews' correlation
 * @param calibrationError expected calibration error of {@code reliability}
 * @param intervals of those figures that have one, by the names of {@code metrics.json}; empty
 *     without a bootstrap
 * @param groups of rows that were resampled
 * @param topK for three classes and more: share of the weight whose true class is among the 1, 2, …
 *     most probable, up to 10
 * @param confusion confusion matrix, which also gives the figures of each class
 * @param reliability calibration of the positive class's score (two classes), or of the predicted
 *     class's (more)
 * @param binary what only two classes have
 */
public record ClassificationMetrics(
    long rows,
    boolean weighted,
    double weight,
    Figure accuracy,
    Figure logLoss,
    Figure brier,
    Figure balancedAccuracy,
    Figure macroF1,
    Figure mcc,
    Figure calibrationError,
    Map<String, Interval> intervals,
    int groups,
    List<Figure> topK,
    ConfusionMatrix confusion,
    List<Reliability.Bin> reliability,
    Optional<Binary> binary) {

  /**
   * Figures and curves of the score of the positive class, which is the second one.
   *
   * @param auc area under the ROC curve
   * @param aucErrorBound the most by which it can be off
   * @param averagePrecision area under the steps of precision over recall
   * @param averagePrecisionErrorBound the most by which it can be off
   * @param ks Kolmogorov–Smirnov distance
   * @param roc false (x) and true (y) positive rate
   * @param precisionRecall recall (x) and precision (y)
   * @param gain share of all weight (x) and of the positive weight (y) with the highest scores
   */
  public record Binary(
      Figure auc,
      Figure aucErrorBound,
      Figure averagePrecision,
      Figure averagePrecisionErrorBound,
      Figure ks,
      List<Point> roc,
      List<Point> precisionRecall,
      List<Point> gain) {}
}
