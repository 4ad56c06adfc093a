package org.snnk.spark.ml;

import java.util.List;
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
import org.snnk.spark.data.Inputs;

/**
 * Regression by a network of dense and SNNK layers (Scalable Neural Network Kernels, Section 3),
 * trained with squared error by distributed mini-batch gradient descent. The target is standardised
 * for training.
 *
 * <p>Same rows, Params and number of shards: the same model, on machines with one BLAS; see {@link
 * org.snnk.spark.train.NetworkTraining} for what moves.
 */
public final class SnnkNetworkRegressor
    extends Regressor<Vector, SnnkNetworkRegressor, SnnkNetworkRegressionModel>
    implements NetworkSetters<SnnkNetworkRegressor>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final NetworkParams.Fields network = new NetworkParams.Fields(this);

  /** A learner with a uid of its own. */
  public SnnkNetworkRegressor() {
    this(Identifiable$.MODULE$.randomUID("snnkNetworkRegressor"));
  }

  /** A learner of a uid. */
  public SnnkNetworkRegressor(String uid) {
    this(EarlyUid.announce(uid));
  }

  private SnnkNetworkRegressor(EarlyUid early) {
    this.uid = early.settle();
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

  @Override
  public SnnkNetworkRegressor self() {
    return this;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    InputColumns.of(this).require(schema);
    StageColumns.requireLabel(schema, "labelCol", getLabelCol());
    new NetworkFit(this).requireColumns(schema);
    return StageColumns.with(schema, StageColumns.prediction(this));
  }

  @Override
  public SnnkNetworkRegressionModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    return copyValues(train(dataset).setParent(this), new ParamMap());
  }

  @Override
  public SnnkNetworkRegressionModel train(Dataset<?> dataset) {
    Inputs inputs = InputColumns.of(this).fitted(dataset);
    return new SnnkNetworkRegressionModel(
        uid, new NetworkFit(this).fit(dataset, inputs, List.of(getLabelCol()), List.of()));
  }

  @Override
  public SnnkNetworkRegressor copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads a saved learner. */
  public static MLReader<SnnkNetworkRegressor> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a saved learner. */
  public static SnnkNetworkRegressor load(String path) {
    return read().load(path);
  }

  @Override
  public MLWriter write() {
    return DefaultParamsWritable.super.write();
  }
}
