package org.snnk.spark.ml;

import java.util.List;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.snnk.spark.data.Inputs;

/**
 * Classification into two or more classes by a network of dense and SNNK layers (Scalable Neural
 * Network Kernels, Section 3), trained with softmax cross-entropy by distributed mini-batch
 * gradient descent.
 *
 * <p>Labels are class indices 0, 1, …, as StringIndexer gives them. Same rows, Params and number of
 * shards: the same model, on machines with one BLAS; see {@link
 * org.snnk.spark.train.NetworkTraining} for what moves.
 */
public final class SnnkNetworkClassifier
    extends ProbabilisticClassifier<Vector, SnnkNetworkClassifier, SnnkNetworkClassificationModel>
    implements NetworkSetters<SnnkNetworkClassifier>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final NetworkParams.Fields network = new NetworkParams.Fields(this);

  /** A learner with a uid of its own. */
  public SnnkNetworkClassifier() {
    this(Identifiable$.MODULE$.randomUID("snnkNetworkClassifier"));
  }

  /** A learner of a uid. */
  public SnnkNetworkClassifier(String uid) {
    this(EarlyUid.announce(uid));
  }

  private SnnkNetworkClassifier(EarlyUid early) {
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
  public SnnkNetworkClassifier self() {
    return this;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    InputColumns.of(this).require(schema);
    StageColumns.requireLabel(schema, "labelCol", getLabelCol());
    new NetworkFit(this).requireColumns(schema);
    return StageColumns.with(
        schema,
        StageColumns.classification(this, StageColumns.classesInMetadata(schema, getLabelCol())));
  }

  @Override
  public SnnkNetworkClassificationModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    return copyValues(train(dataset).setParent(this), new ParamMap());
  }

  @Override
  public SnnkNetworkClassificationModel train(Dataset<?> dataset) {
    Inputs inputs = InputColumns.of(this).fitted(dataset);
    List<String> classes = StageColumns.classes(dataset, getLabelCol());
    StageColumns.requireThresholds(this, classes.size());
    return new SnnkNetworkClassificationModel(
        uid, new NetworkFit(this).fit(dataset, inputs, List.of(getLabelCol()), classes));
  }

  @Override
  public SnnkNetworkClassifier copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads a saved learner. */
  public static MLReader<SnnkNetworkClassifier> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a saved learner. */
  public static SnnkNetworkClassifier load(String path) {
    return read().load(path);
  }

  @Override
  public MLWriter write() {
    return DefaultParamsWritable.super.write();
  }
}
