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
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.snnk.model.NetworkModel;
import org.snnk.network.EpochLoss;
import org.snnk.spark.data.AppendColumns;
import org.snnk.spark.data.Inputs;
import org.snnk.spark.data.InvalidRows;
import scala.Tuple3;

/** What {@link SnnkNetworkClassifier} fits. */
public final class SnnkNetworkClassificationModel
    extends ProbabilisticClassificationModel<Vector, SnnkNetworkClassificationModel>
    implements NetworkParams, MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final NetworkParams.Fields network = new NetworkParams.Fields(this);
  private final FittedModel<NetworkModel> fitted;

  /** For Spark Connect, which lists the stages by making one of each; it cannot score. */
  public SnnkNetworkClassificationModel() {
    this(Identifiable$.MODULE$.randomUID("snnkNetworkClassifier"), null);
  }

  SnnkNetworkClassificationModel(String uid, NetworkModel model) {
    this(EarlyUid.announce(uid), new FittedModel<>(model, null));
  }

  private SnnkNetworkClassificationModel(EarlyUid early, FittedModel<NetworkModel> fitted) {
    this.uid = early.settle();
    this.fitted = fitted;
    network.setDefaults(this);
  }

  @Override
  public String uid() {
    return EarlyUid.or(uid);
  }

  @Override
  public NetworkParams.Fields networkFields() {
    return network;
  }

  /** Setter of {@link #featuresCols}. */
  public SnnkNetworkClassificationModel setFeaturesCols(String... value) {
    set(featuresCols(), value);
    return this;
  }

  /** Setter of {@link #handleInvalid}. */
  public SnnkNetworkClassificationModel setHandleInvalid(String value) {
    set(handleInvalid(), value);
    return this;
  }

  /** What scores, without Spark. */
  public NetworkModel model() {
    return fitted.model();
  }

  /** Training and validation loss of each epoch. */
  public List<EpochLoss> learningCurve() {
    return model().curve();
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
    return StageColumns.with(schema, made());
  }

  private List<StructField> made() {
    return StageColumns.classification(this, classLabels());
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    return AppendColumns.to(
        dataset,
        inputs(dataset.schema()),
        made(),
        InvalidRows.of(getHandleInvalid()),
        new ClassificationColumns(
            model(),
            StageColumns.thresholds(this),
            names(rawPredictionCol()),
            names(probabilityCol()),
            names(predictionCol()),
            false));
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
  public Vector predictRaw(Vector features) {
    double[] scores = new double[numClasses()];
    model().scorer().scores(1, fitted.array(features, getFeaturesCol()), scores);
    return Vectors.dense(scores);
  }

  @Override
  public Vector raw2probabilityInPlace(Vector rawPrediction) {
    model().probabilities(1, ((DenseVector) rawPrediction).values());
    return rawPrediction;
  }

  /** Spark's, whose type javac cannot make out from Scala's signature. */
  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public Tuple3 findSummaryModel() {
    return super.findSummaryModel();
  }

  @Override
  public SnnkNetworkClassificationModel copy(ParamMap extra) {
    SnnkNetworkClassificationModel copy =
        new SnnkNetworkClassificationModel(EarlyUid.announce(uid), fitted);
    return copyValues(copy, extra).setParent(parent());
  }

  @Override
  public MLWriter write() {
    return StageFolder.writer(this, fitted.files());
  }

  /** Reads a saved model. */
  public static MLReader<SnnkNetworkClassificationModel> read() {
    return StageFolder.reader(
        SnnkNetworkClassificationModel.class,
        (uid, folder) ->
            new SnnkNetworkClassificationModel(
                EarlyUid.announce(uid), FittedModel.read(folder, NetworkModel::fromBytes)));
  }

  /** Loads a saved model. */
  public static SnnkNetworkClassificationModel load(String path) {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "SnnkNetworkClassificationModel: uid=" + uid() + fitted.describe();
  }
}
