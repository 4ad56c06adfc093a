package org.snnk.spark.ml;

import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.snnk.SnnkException;
import org.snnk.feature.Featurizer;
import org.snnk.model.SavedFeaturizer;
import org.snnk.spark.data.AppendColumns;
import org.snnk.spark.data.Inputs;
import org.snnk.spark.data.InvalidRows;

/** What {@link RandomFeatures} fits. */
public final class RandomFeaturesModel extends Model<RandomFeaturesModel>
    implements RandomFeaturesParams, MLWritable {
  private static final long serialVersionUID = 1L;
  private static final String FILE = "featurizer.bin";

  private final String uid;
  private final RandomFeaturesParams.Fields randomFeatures = new RandomFeaturesParams.Fields(this);
  private final SavedFeaturizer fitted;

  /** For Spark Connect, which lists the stages by making one of each; it cannot transform. */
  public RandomFeaturesModel() {
    this(Identifiable$.MODULE$.randomUID("randomFeatures"), null);
  }

  RandomFeaturesModel(String uid, SavedFeaturizer fitted) {
    this(EarlyUid.announce(uid), fitted);
  }

  private RandomFeaturesModel(EarlyUid early, SavedFeaturizer fitted) {
    this.uid = early.settle();
    this.fitted = fitted;
    randomFeatures.setDefaults(this);
  }

  @Override
  public String uid() {
    return EarlyUid.or(uid);
  }

  @Override
  public RandomFeaturesParams.Fields randomFeatures() {
    return randomFeatures;
  }

  /** Setter of {@link #inputCol}. */
  public RandomFeaturesModel setInputCol(String value) {
    set(inputCol(), value);
    return this;
  }

  /** Setter of {@link #inputCols}. */
  public RandomFeaturesModel setInputCols(String... value) {
    set(inputCols(), value);
    return this;
  }

  /** Setter of {@link #outputCol}. */
  public RandomFeaturesModel setOutputCol(String value) {
    set(outputCol(), value);
    return this;
  }

  /** Setter of {@link #handleInvalid}. */
  public RandomFeaturesModel setHandleInvalid(String value) {
    set(handleInvalid(), value);
    return this;
  }

  private SavedFeaturizer fitted() {
    if (fitted == null) {
      throw new SnnkException(
          "model", "a fitted one", "an empty one", null, "Call fit, or load a saved model.");
    }
    return fitted;
  }

  /** The standardiser and the map behind it, without Spark. */
  public Featurizer featurizer() {
    return fitted().featurizer();
  }

  private Inputs inputs(StructType schema) {
    return InputColumns.of(this).known(schema, fitted().inputNames());
  }

  private List<StructField> columns() {
    return List.of(StageColumns.vector(getOutputCol(), featurizer().map().features()));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    inputs(schema);
    return StageColumns.with(schema, columns());
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    return AppendColumns.to(
        dataset,
        inputs(dataset.schema()),
        columns(),
        InvalidRows.of(getHandleInvalid()),
        new FeatureColumn(featurizer()));
  }

  @Override
  public RandomFeaturesModel copy(ParamMap extra) {
    return copyValues(new RandomFeaturesModel(uid, fitted), extra).setParent(parent());
  }

  @Override
  public MLWriter write() {
    return StageFolder.writer(this, Map.of(FILE, fitted().toBytes()));
  }

  /** Reads a saved model. */
  public static MLReader<RandomFeaturesModel> read() {
    return StageFolder.reader(
        RandomFeaturesModel.class,
        (uid, folder) ->
            new RandomFeaturesModel(
                uid, SavedFeaturizer.fromBytes(folder.bytes(FILE), folder.where(FILE))));
  }

  /** Loads a saved model. */
  public static RandomFeaturesModel load(String path) {
    return read().load(path);
  }
}
