package org.snnk.spark.ml;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.snnk.solve.Solver;
import org.snnk.statistics.Precision;

/**
 * The Params of regression and classification in closed form, of the learner and of its model; the
 * documentation of each is its text in {@code explainParams()}.
 *
 * <p>Spark finds Params by the methods that return them, so each has one here.
 */
public interface ClosedFormParams extends FeatureMapParams, RowParams {
  /** Where a stage keeps them. */
  Fields closedForm();

  @Override
  default FeatureMapParams.Fields mapFields() {
    return closedForm().map;
  }

  @Override
  default RowParams.Fields rowFields() {
    return closedForm().rows;
  }

  /** The Params of one stage. */
  final class Fields implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Param<String> validationIndicatorCol;
    private final Param<String> foldCol;
    private final BooleanParam linear;
    private final IntParam numFolds;
    private final DoubleArrayParam lengthScaleGrid;
    private final DoubleParam regParam;
    private final DoubleArrayParam regParamGrid;
    private final BooleanParam leaveOneOut;
    private final Param<String> precision;
    private final Param<String> solver;
    private final IntParam maxIter;
    private final DoubleParam tol;
    private final IntParam preconditionerRank;

    private final FeatureMapParams.Fields map;
    private final RowParams.Fields rows;

    /** Params that belong to a stage. */
    Fields(Params stage) {
      rows = new RowParams.Fields(stage);
      map = new FeatureMapParams.Fields(stage, "chosen from lengthScaleGrid");
      validationIndicatorCol =
          new Param<>(
              stage,
              "validationIndicatorCol",
              "Boolean column: the rows on which length scale and penalty are chosen and probabilities calibrated. Unset or empty: validationFraction of the rows. The final model is fitted to all rows.");
      foldCol =
          new Param<>(
              stage,
              "foldCol",
              "Column of fold numbers from 0 to numFolds - 1 for cross-validation. Unset or empty: folds by a hash of the row.");
      linear =
          new BooleanParam(
              stage, "linear", "Whether the standardised inputs stand behind the random features.");
      numFolds =
          new IntParam(
              stage,
              "numFolds",
              "K to choose the penalty by exact K-fold cross-validation; 0 for a validation part.",
              ParamValidators.<Object>gtEq(0));
      lengthScaleGrid =
          new DoubleArrayParam(
              stage,
              "lengthScaleGrid",
              "Multiples of the median distance between rows that are tried where lengthScale is not set.",
              positive());
      regParam =
          new DoubleParam(
              stage,
              "regParam",
              "Ridge penalty on the mean squared error. Unset: chosen from regParamGrid.",
              ParamValidators.<Object>gt(0));
      regParamGrid =
          new DoubleArrayParam(
              stage,
              "regParamGrid",
              "Penalties that are tried where regParam is not set.",
              positive());
      leaveOneOut =
          new BooleanParam(
              stage,
              "leaveOneOut",
              "Whether the penalty is chosen by the exact leave-one-out error, in one more pass.");
      precision =
          new Param<>(
              stage,
              "precision",
              "How products of features are summed: 'exact', or 'single', which is faster and not reproducible bit for bit.",
              ParamValidators.<String>inArray(Precision.keys()));
      solver =
          new Param<>(
              stage,
              "solver",
              "How the read-out is solved: 'direct' from the m×m Gram matrix, 'cg' without it, 'auto' by m.",
              ParamValidators.<String>inArray(Solver.keys()));
      maxIter =
          new IntParam(
              stage,
              "maxIter",
              "Iterations of conjugate gradients, at most.",
              ParamValidators.<Object>gt(0));
      tol =
          new DoubleParam(
              stage,
              "tol",
              "Relative residual at which conjugate gradients stop.",
              ParamValidators.<Object>gt(0));
      preconditionerRank =
          new IntParam(
              stage,
              "preconditionerRank",
              "Rank of the preconditioner of conjugate gradients; 0 for none.",
              ParamValidators.<Object>gtEq(0));
    }

    /** Sets what holds where the user says nothing. */
    void setDefaults(Params stage) {
      map.setDefaults(stage);
      rows.setDefaults(stage);
      stage.setDefault(linear, false);
      stage.setDefault(numFolds, 0);
      stage.setDefault(lengthScaleGrid, new double[] {0.25, 0.5, 0.7, 1.0, 1.4});
      stage.setDefault(
          regParamGrid,
          new double[] {1e-7, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0});
      stage.setDefault(leaveOneOut, false);
      stage.setDefault(precision, Precision.EXACT.key());
      stage.setDefault(solver, Solver.AUTO.key());
      stage.setDefault(maxIter, 100);
      stage.setDefault(tol, 1e-6);
      stage.setDefault(preconditionerRank, 256);
    }

    private static scala.Function1<double[], Object> positive() {
      return values ->
          values.length > 0
              && Arrays.stream(values).allMatch(v -> v > 0 && v < Double.POSITIVE_INFINITY);
    }
  }

  /** Param. */
  default Param<String> validationIndicatorCol() {
    return closedForm().validationIndicatorCol;
  }

  /** Getter of {@link #validationIndicatorCol}. */
  default String getValidationIndicatorCol() {
    return getOrDefault(validationIndicatorCol());
  }

  /** Param. */
  default Param<String> foldCol() {
    return closedForm().foldCol;
  }

  /** Getter of {@link #foldCol}. */
  default String getFoldCol() {
    return getOrDefault(foldCol());
  }

  /** Param. */
  default BooleanParam linear() {
    return closedForm().linear;
  }

  /** Getter of {@link #linear}. */
  default boolean getLinear() {
    return (boolean) getOrDefault(linear());
  }

  /** Param. */
  default IntParam numFolds() {
    return closedForm().numFolds;
  }

  /** Getter of {@link #numFolds}. */
  default int getNumFolds() {
    return (int) getOrDefault(numFolds());
  }

  /** Param. */
  default DoubleArrayParam lengthScaleGrid() {
    return closedForm().lengthScaleGrid;
  }

  /** Getter of {@link #lengthScaleGrid}. */
  default double[] getLengthScaleGrid() {
    return getOrDefault(lengthScaleGrid());
  }

  /** Param. */
  default DoubleParam regParam() {
    return closedForm().regParam;
  }

  /** Getter of {@link #regParam}. */
  default double getRegParam() {
    return (double) getOrDefault(regParam());
  }

  /** Param. */
  default DoubleArrayParam regParamGrid() {
    return closedForm().regParamGrid;
  }

  /** Getter of {@link #regParamGrid}. */
  default double[] getRegParamGrid() {
    return getOrDefault(regParamGrid());
  }

  /** Param. */
  default BooleanParam leaveOneOut() {
    return closedForm().leaveOneOut;
  }

  /** Getter of {@link #leaveOneOut}. */
  default boolean getLeaveOneOut() {
    return (boolean) getOrDefault(leaveOneOut());
  }

  /** Param. */
  default Param<String> precision() {
    return closedForm().precision;
  }

  /** Getter of {@link #precision}. */
  default String getPrecision() {
    return getOrDefault(precision());
  }

  /** Param. */
  default Param<String> solver() {
    return closedForm().solver;
  }

  /** Getter of {@link #solver}. */
  default String getSolver() {
    return getOrDefault(solver());
  }

  /** Param. */
  default IntParam maxIter() {
    return closedForm().maxIter;
  }

  /** Getter of {@link #maxIter}. */
  default int getMaxIter() {
    return (int) getOrDefault(maxIter());
  }

  /** Param. */
  default DoubleParam tol() {
    return closedForm().tol;
  }

  /** Getter of {@link #tol}. */
  default double getTol() {
    return (double) getOrDefault(tol());
  }

  /** Param. */
  default IntParam preconditionerRank() {
    return closedForm().preconditionerRank;
  }

  /** Getter of {@link #preconditionerRank}. */
  default int getPreconditionerRank() {
    return (int) getOrDefault(preconditionerRank());
  }
}
