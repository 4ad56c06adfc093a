package org.snnk.spark.ml;

import java.io.Serializable;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.snnk.spark.data.InvalidRows;

/**
 * The Params that tell what a learner reads of a row; the documentation of each is its text in
 * {@code explainParams()}.
 */
public interface RowParams extends Params {
  /** Where a stage keeps them. */
  Fields rowFields();

  /** The Params of one stage. */
  final class Fields implements Serializable {
    private static final long serialVersionUID = 1L;

    private final StringArrayParam featuresCols;
    private final Param<String> handleInvalid;
    private final Param<String> weightCol;
    private final Param<String> rowIndexCol;
    private final DoubleParam validationFraction;

    /** Params that belong to a stage. */
    Fields(Params stage) {
      featuresCols =
          new StringArrayParam(
              stage,
              "featuresCols",
              "Columns of numbers that are the inputs, in place of one column of vectors.");
      handleInvalid =
          new Param<>(
              stage,
              "handleInvalid",
              "What becomes of rows whose inputs are null, NaN or infinite: 'error' refuses them; 'skip' leaves them out; 'keep' leaves them out of the fit, and scores them NaN.",
              ParamValidators.<String>inArray(InvalidRows.keys()));
      weightCol =
          new Param<>(
              stage,
              "weightCol",
              "Column of row weights, finite and not negative. Unset or empty: every row weighs 1.");
      rowIndexCol =
          new Param<>(
              stage,
              "rowIndexCol",
              "Column with an index of each row, of which samples and parts are functions. Unset or empty: a hash of the row's numbers.");
      validationFraction =
          new DoubleParam(
              stage,
              "validationFraction",
              "Share of the rows on which choices are made.",
              ParamValidators.<Object>inRange(0, 1, true, false));
    }

    /** Sets what holds where the user says nothing. */
    void setDefaults(Params stage) {
      stage.setDefault(handleInvalid, InvalidRows.ERROR.key());
      stage.setDefault(validationFraction, 0.1);
    }
  }

  /** Param. */
  default StringArrayParam featuresCols() {
    return rowFields().featuresCols;
  }

  /** Getter of {@link #featuresCols}. */
  default String[] getFeaturesCols() {
    return getOrDefault(featuresCols());
  }

  /** Param. */
  default Param<String> handleInvalid() {
    return rowFields().handleInvalid;
  }

  /** Getter of {@link #handleInvalid}. */
  default String getHandleInvalid() {
    return getOrDefault(handleInvalid());
  }

  /** Param. */
  default Param<String> weightCol() {
    return rowFields().weightCol;
  }

  /** Getter of {@link #weightCol}. */
  default String getWeightCol() {
    return getOrDefault(weightCol());
  }

  /** Param. */
  default Param<String> rowIndexCol() {
    return rowFields().rowIndexCol;
  }

  /** Getter of {@link #rowIndexCol}. */
  default String getRowIndexCol() {
    return getOrDefault(rowIndexCol());
  }

  /** Param. */
  default DoubleParam validationFraction() {
    return rowFields().validationFraction;
  }

  /** Getter of {@link #validationFraction}. */
  default double getValidationFraction() {
    return (double) getOrDefault(validationFraction());
  }

  /** Whether a Param that names a column names one. */
  default boolean names(Param<String> column) {
    return isDefined(column) && !getOrDefault(column).isEmpty();
  }
}
