package org.snnk.spark.ml;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.snnk.linalg.RejectedRows;
import org.snnk.model.FullyBundledModel;
import org.snnk.spark.data.Inputs;
import org.snnk.spark.data.InvalidRows;
import org.snnk.spark.data.LearningRows;
import org.snnk.spark.train.Scoring;

/**
 * How much an input matters: the mean over rows of the squared derivative of the outputs by that
 * input, standardised, so that inputs of different units compare. This is the diagonal of the
 * average gradient outer product (Radhakrishnan et al. 2022, arXiv 2212.13881).
 *
 * @param name of the input
 * @param meanSquaredGradient summed over outputs, in their own units squared
 * @param share of the sum over all inputs
 */
public record FeatureImportance(String name, double meanSquaredGradient, double share) {
  static List<FeatureImportance> of(
      Dataset<?> table, Inputs inputs, FullyBundledModel model, String handleInvalid) {
    boolean skip = !handleInvalid.equals(InvalidRows.ERROR.key());
    LearningRows rows = LearningRows.withoutTargets(inputs, skip);
    double[] means = means(rows, table, model);
    double sum = 0;
    for (double mean : means) {
      sum += mean;
    }
    List<FeatureImportance> importances = new ArrayList<>();
    for (int j = 0; j < means.length; j++) {
      importances.add(
          new FeatureImportance(model.inputNames().get(j), means[j], sum > 0 ? means[j] / sum : 0));
    }
    return importances;
  }

  private static double[] means(LearningRows rows, Dataset<?> table, FullyBundledModel model) {
    try {
      return Scoring.meanSquaredGradients(rows.of(table), model);
    } catch (RejectedRows.UnusableRowsException unusable) {
      throw unusable.advising("Correct them, or leave them out by handleInvalid='skip'.");
    }
  }
}
