package org.snnk.spark.ml;

import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.snnk.SnnkException;
import org.snnk.model.IntervalMethod;
import org.snnk.model.PredictiveVariance;
import org.snnk.solve.Readout;
import org.snnk.solve.Solver;
import org.snnk.spark.data.Inputs;
import org.snnk.statistics.NormalEquations;

/**
 * Regression of one or several targets by random features and a ridge read-out in closed form: ȳ =
 * W̄Φ(x) + b (Scalable Neural Network Kernels, Section 3.3).
 *
 * <p>The model is a function of the rows and the Params, bit for bit, whatever the partitions; see
 * {@link org.snnk.spark.train.ClosedFormTraining} for the passes and their cost.
 */
public final class SnnkRegressor extends Regressor<Vector, SnnkRegressor, SnnkRegressionModel>
    implements RegressionParams, ClosedFormSetters<SnnkRegressor>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ClosedFormParams.Fields closedForm = new ClosedFormParams.Fields(this);
  private final RegressionParams.Fields regression = new RegressionParams.Fields(this);

  /** A learner with a uid of its own. */
  public SnnkRegressor() {
    this(Identifiable$.MODULE$.randomUID("snnkRegressor"));
  }

  /** A learner of a uid. */
  public SnnkRegressor(String uid) {
    this(EarlyUid.announce(uid));
  }

  private SnnkRegressor(EarlyUid early) {
    this.uid = early.settle();
    closedForm.setDefaults(this);
    regression.setDefaults(this);
  }

  @Override
  public String uid() {
    return EarlyUid.or(uid);
  }

  @Override
  public ClosedFormParams.Fields closedForm() {
    return closedForm;
  }

  @Override
  public RegressionParams.Fields regression() {
    return regression;
  }

  @Override
  public SnnkRegressor self() {
    return this;
  }

  /** Setter of {@link #labelCols}. */
  public SnnkRegressor setLabelCols(String... value) {
    set(labelCols(), value);
    return this;
  }

  /** Setter of {@link #predictionStdCol}. */
  public SnnkRegressor setPredictionStdCol(String value) {
    set(predictionStdCol(), value);
    return this;
  }

  /** Setter of {@link #intervalCol}. */
  public SnnkRegressor setIntervalCol(String value) {
    set(intervalCol(), value);
    return this;
  }

  /** Setter of {@link #intervalMethod}. */
  public SnnkRegressor setIntervalMethod(String value) {
    set(intervalMethod(), value);
    return this;
  }

  /** Setter of {@link #coverage}. */
  public SnnkRegressor setCoverage(double value) {
    set(coverage(), value);
    return this;
  }

  /** Setter of {@link #calibrationFraction}. */
  public SnnkRegressor setCalibrationFraction(double value) {
    set(calibrationFraction(), value);
    return this;
  }

  /** Setter of {@link #attributionsCol}. */
  public SnnkRegressor setAttributionsCol(String value) {
    set(attributionsCol(), value);
    return this;
  }

  private List<String> targets() {
    return isDefined(labelCols()) ? List.of(getLabelCols()) : List.of(getLabelCol());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    InputColumns.of(this).require(schema);
    String param = isDefined(labelCols()) ? "labelCols" : "labelCol";
    targets().forEach(name -> StageColumns.requireLabel(schema, param, name));
    ClosedFormFit.requireColumns(this, schema);
    requireFolds();
    return StageColumns.with(schema, columns(targets(), InputColumns.of(this).names(schema)));
  }

  private Optional<ClosedFormFit.Intervals> intervals() {
    return names(intervalCol())
        ? Optional.of(
            new ClosedFormFit.Intervals(
                IntervalMethod.of(getIntervalMethod()), getCalibrationFraction()))
        : Optional.empty();
  }

  private void requireFolds() {
    boolean needed =
        intervals().filter(made -> made.method() == IntervalMethod.CV_PLUS).isPresent();
    if (needed && getNumFolds() < 2) {
      throw new SnnkException(
          "intervalMethod",
          "'split' without folds",
          "'cv+' with numFolds=" + getNumFolds(),
          null,
          "Set numFolds to 2 or more, such as 10.");
    }
  }

  @Override
  public SnnkRegressionModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    return copyValues(train(dataset).setParent(this), new ParamMap());
  }

  /** Fails before any pass where the deviations could not be made after the last. */
  private void requireGramMatrix() {
    Solver solver = Solver.of(getSolver()).forFeatures(getNumRandomFeatures());
    if (names(predictionStdCol()) && solver == Solver.CG) {
      throw new SnnkException(
          "predictionStdCol",
          "the solver 'direct'",
          "'cg', which has no Gram matrix",
          null,
          "Set solver='direct', or leave predictionStdCol empty.");
    }
  }

  @Override
  public SnnkRegressionModel train(Dataset<?> dataset) {
    requireGramMatrix();
    Inputs inputs = InputColumns.of(this).fitted(dataset);
    ClosedFormFit.Fitted fitted =
        new ClosedFormFit(this).fit(dataset, inputs, targets(), List.of(), intervals());
    PredictiveVariance variance = names(predictionStdCol()) ? variance(fitted) : null;
    return new SnnkRegressionModel(
        uid,
        fitted.model(),
        new SnnkRegressionModel.Uncertainty(variance, fitted.residuals(), fitted.cvPlus()),
        fitted.summary());
  }

  private static PredictiveVariance variance(ClosedFormFit.Fitted fitted) {
    Readout readout = fitted.result().readout();
    NormalEquations equations = fitted.result().statistics().orElseThrow().normalEquations();
    return PredictiveVariance.of(
        equations, readout.lambda(), readout.weights(), fitted.model().targets());
  }

  @Override
  public SnnkRegressor copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads a saved learner. */
  public static MLReader<SnnkRegressor> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a saved learner. */
  public static SnnkRegressor load(String path) {
    return read().load(path);
  }

  @Override
  public MLWriter write() {
    return DefaultParamsWritable.super.write();
  }
}
