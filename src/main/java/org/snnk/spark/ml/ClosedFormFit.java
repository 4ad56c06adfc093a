package org.snnk.spark.ml;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.snnk.SnnkException;
import org.snnk.linalg.RowBlock;
import org.snnk.model.ConformalResiduals;
import org.snnk.model.CvPlusIntervals;
import org.snnk.model.FullyBundledModel;
import org.snnk.model.IntervalMethod;
import org.snnk.solve.RidgeIteration;
import org.snnk.solve.Solver;
import org.snnk.spark.data.Inputs;
import org.snnk.spark.data.InvalidRows;
import org.snnk.spark.data.LearningRows;
import org.snnk.spark.data.Roles;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.spark.train.Phases;
import org.snnk.spark.train.Scoring;
import org.snnk.statistics.Precision;
import org.snnk.statistics.RowFraction;
import org.snnk.statistics.RowIndex;

/** From a data set and the Params of a learner to a trained model. */
final class ClosedFormFit {
  private static final long SELECTION_ROWS = 50_000;

  private final ClosedFormParams params;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  ClosedFormFit(ClosedFormParams params) {
    this.params = params;
  }

  /**
   * What a fit gives.
   *
   * @param residuals of the rows that were left out to calibrate intervals; null without any
   * @param cvPlus the models without each fold, and their errors; null unless asked for
   */
  record Fitted(
      ClosedFormTraining.Result result,
      TrainingSummary summary,
      ConformalResiduals[] residuals,
      CvPlusIntervals cvPlus) {
    FullyBundledModel model() {
      return result.model();
    }
  }

  /**
   * How intervals are calibrated.
   *
   * @param calibrationFraction share of the rows that {@link IntervalMethod#SPLIT} leaves out
   */
  record Intervals(IntervalMethod method, double calibrationFraction) {}

  /** Checks the columns that a learner reads beside inputs and label. */
  static void requireColumns(ClosedFormParams params, StructType schema) {
    StageColumns.requireNumeric(
        schema,
        params,
        List.of(params.weightCol(), params.foldCol(), params.rowIndexCol()),
        "Cast it to a number.");
    StageColumns.requireNumeric(
        schema, params, List.of(params.validationIndicatorCol()), "Give a boolean.");
    if (params.names(params.foldCol()) && params.names(params.validationIndicatorCol())) {
      throw new SnnkException(
          "foldCol",
          "none beside validationIndicatorCol",
          "'" + params.getFoldCol() + "'",
          null,
          "Set one of the two.");
    }
    int folds = params.getNumFolds();
    if (params.names(params.foldCol()) ? folds < 2 || folds > RowIndex.MAX_FOLDS : folds == 1) {
      throw new SnnkException(
          "numFolds",
          params.names(params.foldCol())
              ? "the number of folds in foldCol, 2 to " + RowIndex.MAX_FOLDS
              : "0, or 2 and more",
          folds + "",
          null,
          "With one fold nothing is left to train on.");
    }
    FeatureMapParams.Fields.family(params, params.getLinear());
  }

  /**
   * Trains.
   *
   * @param classes empty for regression
   * @param intervals what the intervals of predictions are made of; empty without any
   */
  Fitted fit(
      Dataset<?> table,
      Inputs inputs,
      List<String> targets,
      List<String> classes,
      Optional<Intervals> intervals) {
    LearningRows columns =
        new LearningRows(
            inputs,
            targets,
            classes.size(),
            StageColumns.named(params, params.weightCol()),
            StageColumns.named(params, params.rowIndexCol()),
            StageColumns.named(params, params.validationIndicatorCol()),
            StageColumns.named(params, params.foldCol()),
            params.getNumFolds(),
            !params.getHandleInvalid().equals(InvalidRows.ERROR.key()));
    Roles roles = new Roles(inputs.names(), targets, classes, columns.weight());
    return KeptRows.train(table, columns, rows -> fit(rows, roles, intervals));
  }

  private Fitted fit(JavaRDD<RowBlock> rows, Roles roles, Optional<Intervals> intervals) {
    if (intervals.isEmpty()) {
      ClosedFormTraining.Result result = ClosedFormTraining.train(rows, roles, options(), phases());
      return fitted(result, null, null);
    }
    return switch (intervals.get().method()) {
      case SPLIT -> fitSplit(rows, roles, intervals.get().calibrationFraction());
      case CV_PLUS -> fitFolds(rows, roles);
    };
  }

  /** A part of the rows calibrates and is not trained on. */
  private Fitted fitSplit(JavaRDD<RowBlock> rows, Roles roles, double calibrationFraction) {
    RowFraction left =
        new RowFraction(params.getSeed(), RowFraction.CALIBRATION, calibrationFraction);
    ClosedFormTraining.Result result =
        ClosedFormTraining.train(
            rows.map(block -> block.filter(index -> !left.contains(index))),
            roles,
            options(),
            phases());
    JavaRDD<RowBlock> others = rows.map(block -> block.filter(left::contains));
    ConformalResiduals[] residuals =
        phases().run("intervals", 0, () -> Scoring.residuals(others, result.model()));
    return fitted(result, residuals, null);
  }

  /** All rows are trained on, and each calibrates by the model without its fold. */
  private Fitted fitFolds(JavaRDD<RowBlock> rows, Roles roles) {
    ClosedFormTraining.Result result =
        ClosedFormTraining.trainWithFolds(rows, roles, options(), phases());
    FullyBundledModel folds = FullyBundledModel.join(result.foldModels());
    ConformalResiduals[] residuals =
        phases()
            .run(
                "intervals",
                result.moments().rows(),
                () -> Scoring.residuals(rows, folds, options().parts()));
    return fitted(result, null, CvPlusIntervals.of(folds, residuals, result.model().outputs()));
  }

  private Fitted fitted(
      ClosedFormTraining.Result result, ConformalResiduals[] residuals, CvPlusIntervals cvPlus) {
    double lengthScale = result.model().featurizer().map().lengthScale();
    return new Fitted(
        result,
        TrainingSummary.of(result, lengthScale, result.model(), seconds),
        residuals,
        cvPlus);
  }

  private ClosedFormTraining.Options options() {
    return new ClosedFormTraining.Options(
        FeatureMapParams.Fields.family(params, params.getLinear()),
        set(params.lengthScale()),
        Arrays.stream(params.getLengthScaleGrid()).boxed().toList(),
        set(params.regParam()),
        Arrays.stream(params.getRegParamGrid()).boxed().toList(),
        params.getValidationFraction(),
        params.getNumFolds(),
        params.getLeaveOneOut(),
        SELECTION_ROWS,
        false,
        Optional.empty(),
        Precision.of(params.getPrecision()),
        params.getSeed(),
        new ClosedFormTraining.Solving(
            Solver.of(params.getSolver()),
            new RidgeIteration.Stop(params.getTol(), params.getMaxIter()),
            params.getPreconditionerRank()));
  }

  private OptionalDouble set(Param<Object> param) {
    return params.isDefined(param)
        ? OptionalDouble.of((Double) params.getOrDefault(param))
        : OptionalDouble.empty();
  }

  private Phases phases() {
    return new Phases() {
      @Override
      public <T> T run(String name, long rows, Supplier<T> work) {
        long start = System.nanoTime();
        T result = work.get();
        seconds.merge(name, (System.nanoTime() - start) / 1e9, Double::sum);
        return result;
      }
    };
  }
}
