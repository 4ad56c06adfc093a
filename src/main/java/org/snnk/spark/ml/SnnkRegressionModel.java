package org.snnk.spark.ml;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.snnk.SnnkException;
import org.snnk.model.ConformalResiduals;
import org.snnk.model.CvPlusIntervals;
import org.snnk.model.FullyBundledModel;
import org.snnk.model.IntervalEnds;
import org.snnk.model.IntervalMethod;
import org.snnk.model.PredictiveVariance;
import org.snnk.spark.data.AppendColumns;
import org.snnk.spark.data.Inputs;
import org.snnk.spark.data.InvalidRows;

/** What {@link SnnkRegressor} fits. */
public final class SnnkRegressionModel extends RegressionModel<Vector, SnnkRegressionModel>
    implements RegressionParams, MLWritable {
  private static final long serialVersionUID = 1L;
  private static final String VARIANCE = "variance.bin";
  private static final String RESIDUALS = "residuals.bin";
  private static final String CV_PLUS = "cv-plus.bin";

  private final String uid;
  private final ClosedFormParams.Fields closedForm = new ClosedFormParams.Fields(this);
  private final RegressionParams.Fields regression = new RegressionParams.Fields(this);
  private final FittedModel<FullyBundledModel> fitted;
  private final Uncertainty uncertainty;

  /**
   * What tells how far predictions may be off; each null where it was not asked for.
   *
   * @param residuals of split conformal intervals, for each target
   */
  record Uncertainty(
      PredictiveVariance variance, ConformalResiduals[] residuals, CvPlusIntervals cvPlus)
      implements Serializable {
    private static Uncertainty read(StageFolder folder) {
      return new Uncertainty(
          folder.has(VARIANCE)
              ? PredictiveVariance.fromBytes(folder.bytes(VARIANCE), folder.where(VARIANCE))
              : null,
          folder.has(RESIDUALS)
              ? ConformalResiduals.fromBytes(folder.bytes(RESIDUALS), folder.where(RESIDUALS))
              : null,
          folder.has(CV_PLUS)
              ? CvPlusIntervals.fromBytes(folder.bytes(CV_PLUS), folder.where(CV_PLUS))
              : null);
    }

    private Map<String, byte[]> files() {
      Map<String, byte[]> files = new LinkedHashMap<>();
      if (variance != null) {
        files.put(VARIANCE, variance.toBytes());
      }
      if (residuals != null) {
        files.put(RESIDUALS, ConformalResiduals.toBytes(residuals));
      }
      if (cvPlus != null) {
        files.put(CV_PLUS, cvPlus.toBytes());
      }
      return files;
    }
  }

  /** For Spark Connect, which lists the stages by making one of each; it cannot score. */
  public SnnkRegressionModel() {
    this(Identifiable$.MODULE$.randomUID("snnkRegressor"), null, null, null);
  }

  SnnkRegressionModel(
      String uid, FullyBundledModel model, Uncertainty uncertainty, TrainingSummary summary) {
    this(EarlyUid.announce(uid), new FittedModel<>(model, summary), uncertainty);
  }

  private SnnkRegressionModel(
      EarlyUid early, FittedModel<FullyBundledModel> fitted, Uncertainty uncertainty) {
    this.uid = early.settle();
    this.fitted = fitted;
    this.uncertainty = uncertainty;
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

  /** Setter of {@link #featuresCols}. */
  public SnnkRegressionModel setFeaturesCols(String... value) {
    set(featuresCols(), value);
    return this;
  }

  /** Setter of {@link #handleInvalid}. */
  public SnnkRegressionModel setHandleInvalid(String value) {
    set(handleInvalid(), value);
    return this;
  }

  /** Setter of {@link #predictionStdCol}. */
  public SnnkRegressionModel setPredictionStdCol(String value) {
    set(predictionStdCol(), value);
    return this;
  }

  /** Setter of {@link #intervalCol}. */
  public SnnkRegressionModel setIntervalCol(String value) {
    set(intervalCol(), value);
    return this;
  }

  /** Setter of {@link #coverage}: intervals of another coverage need no other fit. */
  public SnnkRegressionModel setCoverage(double value) {
    set(coverage(), value);
    return this;
  }

  /** Setter of {@link #attributionsCol}. */
  public SnnkRegressionModel setAttributionsCol(String value) {
    set(attributionsCol(), value);
    return this;
  }

  /** What scores, without Spark. */
  public FullyBundledModel model() {
    return fitted.model();
  }

  /** How the training went. */
  public TrainingSummary summary() {
    return fitted.summary();
  }

  /** How much each input matters, by the mean squared gradient over the rows of a table. */
  public List<FeatureImportance> featureImportances(Dataset<?> dataset) {
    return FeatureImportance.of(dataset, inputs(dataset.schema()), model(), getHandleInvalid());
  }

  @Override
  public int numFeatures() {
    return fitted.isEmpty() ? -1 : model().inputs();
  }

  private Inputs inputs(StructType schema) {
    return InputColumns.of(this).known(schema, model().inputNames());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    inputs(schema);
    return StageColumns.with(schema, columns(model().targetNames(), model().inputNames()));
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    boolean intervals = names(intervalCol());
    return AppendColumns.to(
        dataset,
        inputs(dataset.schema()),
        columns(model().targetNames(), model().inputNames()),
        InvalidRows.of(getHandleInvalid()),
        new RegressionColumns(
            model(),
            intervals ? intervalScores() : model(),
            names(predictionCol()),
            names(predictionStdCol()) ? requireVariance() : null,
            intervals ? intervalEnds() : null,
            names(attributionsCol())));
  }

  private PredictiveVariance requireVariance() {
    if (uncertainty.variance == null) {
      throw fittedWithout("predictionStdCol", "");
    }
    return uncertainty.variance;
  }

  private static SnnkException fittedWithout(String param, String value) {
    return new SnnkException(
        param,
        "a model that was fitted with " + param + " set" + value,
        "one without",
        null,
        "Set it on the learner and fit again.");
  }

  /** What the ends of intervals are made from. */
  private FullyBundledModel intervalScores() {
    return switch (requireIntervals()) {
      case SPLIT -> model();
      case CV_PLUS -> uncertainty.cvPlus.beside(model());
    };
  }

  private IntervalEnds intervalEnds() {
    return switch (requireIntervals()) {
      case SPLIT -> ConformalResiduals.ends(uncertainty.residuals, getCoverage());
      case CV_PLUS -> uncertainty.cvPlus.ends(getCoverage());
    };
  }

  private IntervalMethod requireIntervals() {
    if (uncertainty.residuals == null && uncertainty.cvPlus == null) {
      throw fittedWithout("intervalCol", "");
    }
    IntervalMethod method = IntervalMethod.of(getIntervalMethod());
    if ((method == IntervalMethod.SPLIT ? uncertainty.residuals : uncertainty.cvPlus) == null) {
      throw fittedWithout("intervalMethod", " to '" + method.key() + "'");
    }
    return method;
  }

  @Override
  public double predict(Vector features) {
    double[] all = predictAll(features);
    if (all.length > 1) {
      throw new SnnkException(
          "predict",
          "a model of one target",
          "one of " + all.length,
          null,
          "Call predictAll, which gives all of them.");
    }
    return all[0];
  }

  /** The predictions of a row, one for each target. */
  public double[] predictAll(Vector features) {
    return model().score(fitted.array(features, getFeaturesCol()));
  }

  @Override
  public SnnkRegressionModel copy(ParamMap extra) {
    SnnkRegressionModel copy = new SnnkRegressionModel(EarlyUid.announce(uid), fitted, uncertainty);
    return copyValues(copy, extra).setParent(parent());
  }

  @Override
  public MLWriter write() {
    Map<String, byte[]> files = new LinkedHashMap<>(fitted.files());
    files.putAll(uncertainty.files());
    return StageFolder.writer(this, files);
  }

  /** Reads a saved model. */
  public static MLReader<SnnkRegressionModel> read() {
    return StageFolder.reader(
        SnnkRegressionModel.class,
        (uid, folder) ->
            new SnnkRegressionModel(
                EarlyUid.announce(uid),
                FittedModel.read(folder, FullyBundledModel::fromBytes),
                Uncertainty.read(folder)));
  }

  /** Loads a saved model. */
  public static SnnkRegressionModel load(String path) {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "SnnkRegressionModel: uid=" + uid() + fitted.describe();
  }
}
