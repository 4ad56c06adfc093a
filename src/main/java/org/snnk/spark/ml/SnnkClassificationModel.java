package org.snnk.spark.ml;

import java.util.List;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.snnk.model.FullyBundledModel;
import org.snnk.spark.data.AppendColumns;
import org.snnk.spark.data.Inputs;
import org.snnk.spark.data.InvalidRows;
import scala.Tuple3;

/** What {@link SnnkClassifier} fits. */
public final class SnnkClassificationModel
    extends ProbabilisticClassificationModel<Vector, SnnkClassificationModel>
    implements ClassificationParams, MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ClosedFormParams.Fields closedForm = new ClosedFormParams.Fields(this);
  private final ClassificationParams.Fields classification = new ClassificationParams.Fields(this);
  private final FittedModel<FullyBundledModel> fitted;

  /** For Spark Connect, which lists the stages by making one of each; it cannot score. */
  public SnnkClassificationModel() {
    this(Identifiable$.MODULE$.randomUID("snnkClassifier"), null, null);
  }

  SnnkClassificationModel(String uid, FullyBundledModel model, TrainingSummary summary) {
    this(EarlyUid.announce(uid), new FittedModel<>(model, summary));
  }

  private SnnkClassificationModel(EarlyUid early, FittedModel<FullyBundledModel> fitted) {
    this.uid = early.settle();
    this.fitted = fitted;
    closedForm.setDefaults(this);
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
  public ClassificationParams.Fields classification() {
    return classification;
  }

  /** Setter of {@link #featuresCols}. */
  public SnnkClassificationModel setFeaturesCols(String... value) {
    set(featuresCols(), value);
    return this;
  }

  /** Setter of {@link #handleInvalid}. */
  public SnnkClassificationModel setHandleInvalid(String value) {
    set(handleInvalid(), value);
    return this;
  }

  /** Setter of {@link #attributionsCol}. */
  public SnnkClassificationModel setAttributionsCol(String value) {
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
  public int numClasses() {
    return fitted.isEmpty() ? -1 : model().outputs();
  }

  /** The labels of the classes in the order of their index. */
  public List<String> classLabels() {
    return model().classLabels();
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
    return StageColumns.with(schema, columns(model().classLabels(), model().inputNames()));
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    return AppendColumns.to(
        dataset,
        inputs(dataset.schema()),
        columns(model().classLabels(), model().inputNames()),
        InvalidRows.of(getHandleInvalid()),
        new ClassificationColumns(
            model(),
            StageColumns.thresholds(this),
            names(rawPredictionCol()),
            names(probabilityCol()),
            names(predictionCol()),
            names(attributionsCol())));
  }

  @Override
  public Vector predictRaw(Vector features) {
    double[] scores = new double[numClasses()];
    model()
        .scores(
            1, fitted.array(features, getFeaturesCol()), scores, new FullyBundledModel.Workspace());
    return Vectors.dense(scores);
  }

  @Override
  public Vector raw2probabilityInPlace(Vector rawPrediction) {
    model().probabilities(1, ((DenseVector) rawPrediction).values());
    return rawPrediction;
  }

  /** The most probable class, which need not be the one of the largest score. */
  @Override
  public double raw2prediction(Vector rawPrediction) {
    return probability2prediction(raw2probability(rawPrediction));
  }

  /** Spark's, whose type javac cannot make out from Scala's signature. */
  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public Tuple3 findSummaryModel() {
    return super.findSummaryModel();
  }

  @Override
  public SnnkClassificationModel copy(ParamMap extra) {
    SnnkClassificationModel copy = new SnnkClassificationModel(EarlyUid.announce(uid), fitted);
    return copyValues(copy, extra).setParent(parent());
  }

  @Override
  public MLWriter write() {
    return StageFolder.writer(this, fitted.files());
  }

  /** Reads a saved model. */
  public static MLReader<SnnkClassificationModel> read() {
    return StageFolder.reader(
        SnnkClassificationModel.class,
        (uid, folder) ->
            new SnnkClassificationModel(
                EarlyUid.announce(uid), FittedModel.read(folder, FullyBundledModel::fromBytes)));
  }

  /** Loads a saved model. */
  public static SnnkClassificationModel load(String path) {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "SnnkClassificationModel: uid=" + uid() + fitted.describe();
  }
}
