package org.snnk.spark.ml;

import java.util.List;
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
import org.snnk.model.NetworkModel;
import org.snnk.network.EpochLoss;
import org.snnk.spark.data.AppendColumns;
import org.snnk.spark.data.Inputs;
import org.snnk.spark.data.InvalidRows;

/** What {@link SnnkNetworkRegressor} fits. */
public final class SnnkNetworkRegressionModel
    extends RegressionModel<Vector, SnnkNetworkRegressionModel>
    implements NetworkParams, MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final NetworkParams.Fields network = new NetworkParams.Fields(this);
  private final FittedModel<NetworkModel> fitted;

  /** For Spark Connect, which lists the stages by making one of each; it cannot score. */
  public SnnkNetworkRegressionModel() {
    this(Identifiable$.MODULE$.randomUID("snnkNetworkRegressor"), null);
  }

  SnnkNetworkRegressionModel(String uid, NetworkModel model) {
    this(EarlyUid.announce(uid), new FittedModel<>(model, null));
  }

  private SnnkNetworkRegressionModel(EarlyUid early, FittedModel<NetworkModel> fitted) {
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
  public SnnkNetworkRegressionModel setFeaturesCols(String... value) {
    set(featuresCols(), value);
    return this;
  }

  /** Setter of {@link #handleInvalid}. */
  public SnnkNetworkRegressionModel setHandleInvalid(String value) {
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
    return StageColumns.with(schema, StageColumns.prediction(this));
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    return AppendColumns.to(
        dataset,
        inputs(dataset.schema()),
        StageColumns.prediction(this),
        InvalidRows.of(getHandleInvalid()),
        new RegressionColumns(model(), model(), names(predictionCol()), null, null, false));
  }

  @Override
  public double predict(Vector features) {
    double[] prediction = new double[1];
    model().scorer().scores(1, fitted.array(features, getFeaturesCol()), prediction);
    return prediction[0];
  }

  @Override
  public SnnkNetworkRegressionModel copy(ParamMap extra) {
    SnnkNetworkRegressionModel copy =
        new SnnkNetworkRegressionModel(EarlyUid.announce(uid), fitted);
    return copyValues(copy, extra).setParent(parent());
  }

  @Override
  public MLWriter write() {
    return StageFolder.writer(this, fitted.files());
  }

  /** Reads a saved model. */
  public static MLReader<SnnkNetworkRegressionModel> read() {
    return StageFolder.reader(
        SnnkNetworkRegressionModel.class,
        (uid, folder) ->
            new SnnkNetworkRegressionModel(
                EarlyUid.announce(uid), FittedModel.read(folder, NetworkModel::fromBytes)));
  }

  /** Loads a saved model. */
  public static SnnkNetworkRegressionModel load(String path) {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "SnnkNetworkRegressionModel: uid=" + uid() + fitted.describe();
  }
}
