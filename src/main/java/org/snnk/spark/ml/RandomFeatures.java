package org.snnk.spark.ml;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RejectedRows;
import org.snnk.linalg.RowBlock;
import org.snnk.model.SavedFeaturizer;
import org.snnk.spark.data.Inputs;
import org.snnk.spark.data.InvalidRows;
import org.snnk.spark.data.LearningRows;
import org.snnk.spark.train.Survey;
import org.snnk.statistics.Moments;

/**
 * Random features as a vector column, to stand before any learner of Spark: z(x) = √(2/m)·Φ(x), so
 * that z(x)ᵀz(x′) estimates the Gaussian kernel exp(−‖x̃−x̃′‖²/2σ²) of the standardised inputs
 * (Rahimi and Recht 2007), and a linear learner becomes a non-linear one. With another {@link
 * #featureMap} than cosines z(x) = √(2/m)·Φ(x) of that map.
 *
 * <p>The fit takes one pass: it standardises the inputs and, where no length scale σ is set, takes
 * the median distance of two rows.
 */
public final class RandomFeatures extends Estimator<RandomFeaturesModel>
    implements RandomFeaturesParams, FeatureMapSetters<RandomFeatures>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final RandomFeaturesParams.Fields randomFeatures = new RandomFeaturesParams.Fields(this);

  /** An estimator with a uid of its own. */
  public RandomFeatures() {
    this(Identifiable$.MODULE$.randomUID("randomFeatures"));
  }

  /** An estimator of a uid. */
  public RandomFeatures(String uid) {
    this(EarlyUid.announce(uid));
  }

  private RandomFeatures(EarlyUid early) {
    this.uid = early.settle();
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

  @Override
  public RandomFeatures self() {
    return this;
  }

  /** Setter of {@link #inputCol}. */
  public RandomFeatures setInputCol(String value) {
    set(inputCol(), value);
    return this;
  }

  /** Setter of {@link #inputCols}. */
  public RandomFeatures setInputCols(String... value) {
    set(inputCols(), value);
    return this;
  }

  /** Setter of {@link #outputCol}. */
  public RandomFeatures setOutputCol(String value) {
    set(outputCol(), value);
    return this;
  }

  /** Setter of {@link #handleInvalid}. */
  public RandomFeatures setHandleInvalid(String value) {
    set(handleInvalid(), value);
    return this;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    InputColumns.of(this).require(schema);
    FeatureMapParams.Fields.family(this, false);
    return StageColumns.with(
        schema, List.of(StageColumns.vector(getOutputCol(), getNumRandomFeatures())));
  }

  @Override
  public RandomFeaturesModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Inputs inputs = InputColumns.of(this).fitted(dataset);
    boolean skip = !getHandleInvalid().equals(InvalidRows.ERROR.key());
    JavaRDD<RowBlock> rows = LearningRows.withoutTargets(inputs, skip).of(dataset);
    Survey survey = Survey.of(rows, new Moments(inputs.count(), 0, 0), getSeed());
    try {
      survey.moments().rejected().requireNone("training table");
    } catch (RejectedRows.UnusableRowsException unusable) {
      throw unusable.advising("Correct them, or leave them out by handleInvalid='skip'.");
    }
    Standardizer standardizer = survey.moments().standardizer();
    double lengthScale =
        isDefined(lengthScale()) ? getLengthScale() : survey.sample().medianDistance(standardizer);
    Featurizer featurizer =
        new Featurizer(
            standardizer,
            FeatureMapParams.Fields.family(this, false)
                .create(inputs.count(), lengthScale, getSeed()));
    RandomFeaturesModel model =
        new RandomFeaturesModel(uid, new SavedFeaturizer(inputs.names(), featurizer));
    return copyValues(model.setParent(this), new ParamMap());
  }

  @Override
  public RandomFeatures copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  @Override
  public MLWriter write() {
    return DefaultParamsWritable.super.write();
  }

  /** Reads a saved estimator. */
  public static MLReader<RandomFeatures> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a saved estimator. */
  public static RandomFeatures load(String path) {
    return read().load(path);
  }
}
