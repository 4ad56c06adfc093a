package org.snnk.spark.ml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snnk.model.FullyBundledModel;
import org.snnk.solve.RidgePoint;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.statistics.GramStatistics;

/**
 * How a training went. It is saved with the model.
 *
 * @param rows that were used
 * @param totalWeight of them
 * @param inputs names of the d inputs
 * @param numRandomFeatures m
 * @param lengthScale of the kernel, chosen or set
 * @param medianDistance of two standardised rows; NaN where the length scale was set
 * @param lengthScales every length scale and penalty that was compared; empty where it was set
 * @param regParam λ, chosen or set
 * @param path every penalty that was tried
 * @param clippedInputs input cells that were clipped to the grid's range
 * @param clippedTargets targets that were clipped
 * @param seconds of each phase
 * @param statisticFingerprint SHA-256 of the exact statistic; null where conjugate gradients did
 *     without one
 * @param modelFingerprint SHA-256 of the model
 */
public record TrainingSummary(
    long rows,
    double totalWeight,
    List<String> inputs,
    int numRandomFeatures,
    double lengthScale,
    double medianDistance,
    List<LengthScale> lengthScales,
    double regParam,
    List<Penalty> path,
    long clippedInputs,
    long clippedTargets,
    Map<String, Double> seconds,
    String statisticFingerprint,
    String modelFingerprint)
    implements Serializable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A length scale and a penalty that were compared.
   *
   * @param error mean squared error on the validation part, summed over targets in their own scale
   */
  public record LengthScale(double lengthScale, double regParam, double error)
      implements Serializable {}

  /**
   * A penalty that was tried; NaN stands for what was not measured.
   *
   * @param error mean squared error, summed over targets in their own scale, on the validation
   *     part, over the folds, or leaving rows out
   * @param degreesOfFreedom effective, of one target, the intercept among them
   * @param trainingError mean squared error on all rows
   * @param gcv generalised cross-validation score
   */
  public record Penalty(
      double regParam, double error, double degreesOfFreedom, double trainingError, double gcv)
      implements Serializable {}

  static TrainingSummary of(
      ClosedFormTraining.Result result,
      double lengthScale,
      FullyBundledModel model,
      Map<String, Double> seconds) {
    Map<Double, Penalty> path = new LinkedHashMap<>();
    for (ClosedFormTraining.Candidate tried : result.penalties()) {
      path.put(
          tried.regParam(),
          new Penalty(
              tried.regParam(), tried.validationError(), Double.NaN, Double.NaN, Double.NaN));
    }
    for (RidgePoint point : result.points()) {
      Penalty tried = path.get(point.lambda());
      path.put(
          point.lambda(),
          new Penalty(
              point.lambda(),
              tried == null ? Double.NaN : tried.error,
              point.degreesOfFreedom(),
              point.totalMeanSquaredError(),
              point.totalGcv()));
    }
    List<LengthScale> lengthScales = new ArrayList<>();
    for (ClosedFormTraining.Candidate tried : result.lengthScales()) {
      lengthScales.add(
          new LengthScale(tried.lengthScale(), tried.regParam(), tried.validationError()));
    }
    return new TrainingSummary(
        result.moments().rows(),
        result.moments().totalWeight(),
        model.inputNames(),
        model.featurizer().map().features(),
        lengthScale,
        result.medianDistance(),
        lengthScales,
        result.readout().lambda(),
        new ArrayList<>(path.values()),
        result.clippedInputs(),
        result.clippedTargets(),
        seconds,
        result.statistics().map(GramStatistics::fingerprint).orElse(null),
        model.fingerprint());
  }

  /** Effective degrees of freedom of the chosen penalty; NaN where it was not measured. */
  public double degreesOfFreedom() {
    return path.stream()
        .filter(tried -> tried.regParam == regParam)
        .mapToDouble(Penalty::degreesOfFreedom)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** All of it as JSON. */
  public String toJson() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static TrainingSummary fromJson(byte[] json) {
    try {
      return JSON.readValue(json, TrainingSummary.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
