package org.snnk.spark.ml;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.param.shared.HasPredictionCol;
import org.apache.spark.sql.types.StructField;
import org.snnk.model.IntervalMethod;

/** The Params of regression that say which columns are read and made. */
public interface RegressionParams extends ClosedFormParams, HasPredictionCol {
  /** Where a stage keeps them. */
  Fields regression();

  /** The Params of one stage. */
  final class Fields implements Serializable {
    private static final long serialVersionUID = 1L;

    private final StringArrayParam labelCols;
    private final Param<String> predictionStdCol;
    private final Param<String> intervalCol;
    private final Param<String> intervalMethod;
    private final DoubleParam coverage;
    private final DoubleParam calibrationFraction;
    private final Param<String> attributionsCol;

    /** Params that belong to a stage. */
    Fields(Params stage) {
      labelCols =
          new StringArrayParam(
              stage,
              "labelCols",
              "Several label columns, predicted at once, in place of labelCol. Each column that is"
                  + " made then ends with _ and the label's name.");
      predictionStdCol =
          new Param<>(
              stage,
              "predictionStdCol",
              "Column of the standard deviation of a row's target. Must be set for the fit, which"
                  + " then keeps an m×m matrix.");
      intervalCol =
          new Param<>(
              stage,
              "intervalCol",
              "Column of conformal intervals, a struct of lower and upper. Must be set for the fit,"
                  + " which then makes them by intervalMethod.");
      intervalMethod =
          new Param<>(
              stage,
              "intervalMethod",
              "What intervals are made of: 'split' leaves calibrationFraction of the rows out of"
                  + " training; 'cv+' trains on all rows, and keeps a model without each of numFolds"
                  + " folds.",
              ParamValidators.<String>inArray(IntervalMethod.keys()));
      coverage =
          new DoubleParam(
              stage,
              "coverage",
              "Probability that an interval holds the target of a new row.",
              ParamValidators.<Object>inRange(0, 1, false, false));
      calibrationFraction =
          new DoubleParam(
              stage,
              "calibrationFraction",
              "Share of the rows that calibrates intervals and is not trained on, where intervalMethod"
                  + " is 'split'.",
              ParamValidators.<Object>inRange(0, 1, false, false));
      attributionsCol =
          new Param<>(
              stage,
              "attributionsCol",
              "Column of vectors: for each input the derivative of the prediction times the"
                  + " standardised input.");
    }

    /** Sets what holds where the user says nothing. */
    void setDefaults(Params stage) {
      stage.setDefault(intervalMethod, IntervalMethod.SPLIT.key());
      stage.setDefault(coverage, 0.9);
      stage.setDefault(calibrationFraction, 0.2);
    }
  }

  /** Param. */
  default StringArrayParam labelCols() {
    return regression().labelCols;
  }

  /** Getter of {@link #labelCols}. */
  default String[] getLabelCols() {
    return getOrDefault(labelCols());
  }

  /** Param. */
  default Param<String> predictionStdCol() {
    return regression().predictionStdCol;
  }

  /** Getter of {@link #predictionStdCol}. */
  default String getPredictionStdCol() {
    return getOrDefault(predictionStdCol());
  }

  /** Param. */
  default Param<String> intervalCol() {
    return regression().intervalCol;
  }

  /** Getter of {@link #intervalCol}. */
  default String getIntervalCol() {
    return getOrDefault(intervalCol());
  }

  /** Param. */
  default Param<String> intervalMethod() {
    return regression().intervalMethod;
  }

  /** Getter of {@link #intervalMethod}. */
  default String getIntervalMethod() {
    return getOrDefault(intervalMethod());
  }

  /** Param. */
  default DoubleParam coverage() {
    return regression().coverage;
  }

  /** Getter of {@link #coverage}. */
  default double getCoverage() {
    return (double) getOrDefault(coverage());
  }

  /** Param. */
  default DoubleParam calibrationFraction() {
    return regression().calibrationFraction;
  }

  /** Getter of {@link #calibrationFraction}. */
  default double getCalibrationFraction() {
    return (double) getOrDefault(calibrationFraction());
  }

  /** Param. */
  default Param<String> attributionsCol() {
    return regression().attributionsCol;
  }

  /** Getter of {@link #attributionsCol}. */
  default String getAttributionsCol() {
    return getOrDefault(attributionsCol());
  }

  /**
   * The columns that are made, in order: of each target its prediction, deviation, interval and
   * attributions, those that are named.
   *
   * @param inputs names of the inputs; empty where they are not known yet
   */
  default List<StructField> columns(List<String> targets, List<String> inputs) {
    List<StructField> fields = new ArrayList<>();
    for (String target : targets) {
      String end = targets.size() == 1 ? "" : "_" + target;
      if (names(predictionCol())) {
        fields.add(StageColumns.number(getPredictionCol() + end));
      }
      if (names(predictionStdCol())) {
        fields.add(StageColumns.number(getPredictionStdCol() + end));
      }
      if (names(intervalCol())) {
        fields.add(StageColumns.interval(getIntervalCol() + end));
      }
      if (names(attributionsCol())) {
        FeatureMapParams.Fields.requireDerivative(this);
        fields.add(StageColumns.vector(getAttributionsCol() + end, inputs));
      }
    }
    return fields;
  }
}
