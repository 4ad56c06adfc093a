package org.snnk.spark.ml;

import java.util.List;
import java.util.Optional;
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
 * Classification into two or more classes by random features and a ridge read-out of one-hot
 * targets in closed form (Scalable Neural Network Kernels, Section 3.3), with probabilities by
 * Platt scaling.
 *
 * <p>Labels are class indices 0, 1, …, as StringIndexer gives them. A class that no training row
 * has is known by its index and never likely. The raw prediction is the score of the read-out.
 *
 * <p>The model is a function of the rows and the Params, bit for bit, whatever the partitions; see
 * {@link org.snnk.spark.train.ClosedFormTraining} for the passes and their cost.
 */
public final class SnnkClassifier
    extends ProbabilisticClassifier<Vector, SnnkClassifier, SnnkClassificationModel>
    implements ClassificationParams, ClosedFormSetters<SnnkClassifier>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ClosedFormParams.Fields closedForm = new ClosedFormParams.Fields(this);
  private final ClassificationParams.Fields classification = new ClassificationParams.Fields(this);

  /** A learner with a uid of its own. */
  public SnnkClassifier() {
    this(Identifiable$.MODULE$.randomUID("snnkClassifier"));
  }

  /** A learner of a uid. */
  public SnnkClassifier(String uid) {
    this(EarlyUid.announce(uid));
  }

  private SnnkClassifier(EarlyUid early) {
    this.uid = early.settle();
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

  @Override
  public SnnkClassifier self() {
    return this;
  }

  /** Setter of {@link #attributionsCol}. */
  public SnnkClassifier setAttributionsCol(String value) {
    set(attributionsCol(), value);
    return this;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    InputColumns.of(this).require(schema);
    StageColumns.requireLabel(schema, "labelCol", getLabelCol());
    ClosedFormFit.requireColumns(this, schema);
    return StageColumns.with(
        schema,
        columns(
            StageColumns.classesInMetadata(schema, getLabelCol()),
            InputColumns.of(this).names(schema)));
  }

  @Override
  public SnnkClassificationModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    return copyValues(train(dataset).setParent(this), new ParamMap());
  }

  @Override
  public SnnkClassificationModel train(Dataset<?> dataset) {
    Inputs inputs = InputColumns.of(this).fitted(dataset);
    List<String> classes = StageColumns.classes(dataset, getLabelCol());
    StageColumns.requireThresholds(this, classes.size());
    ClosedFormFit.Fitted fitted =
        new ClosedFormFit(this)
            .fit(dataset, inputs, List.of(getLabelCol()), classes, Optional.empty());
    return new SnnkClassificationModel(uid, fitted.model(), fitted.summary());
  }

  @Override
  public SnnkClassifier copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads a saved learner. */
  public static MLReader<SnnkClassifier> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a saved learner. */
  public static SnnkClassifier load(String path) {
    return read().load(path);
  }

  @Override
  public MLWriter write() {
    return DefaultParamsWritable.super.write();
  }
}
