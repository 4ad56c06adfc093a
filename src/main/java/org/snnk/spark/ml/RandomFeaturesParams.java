package org.snnk.spark.ml;

import java.io.Serializable;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.snnk.feature.Projection;
import org.snnk.spark.data.InvalidRows;

/**
 * The Params of {@link RandomFeatures} and its model; the documentation of each is its text in
 * {@code explainParams()}.
 */
public interface RandomFeaturesParams extends Params {
  /** Where a stage keeps them. */
  Fields randomFeatures();

  /** The Params of one stage. */
  final class Fields implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Param<String> inputCol;
    private final StringArrayParam inputCols;
    private final Param<String> outputCol;
    private final Param<String> handleInvalid;
    private final IntParam numRandomFeatures;
    private final Param<String> projection;
    private final DoubleParam lengthScale;
    private final LongParam seed;

    /** Params that belong to a stage. */
    Fields(Params stage) {
      inputCol = new Param<>(stage, "inputCol", "Column of vectors.");
      inputCols =
          new StringArrayParam(
              stage, "inputCols", "Columns of numbers, in place of one column of vectors.");
      outputCol =
          new Param<>(
              stage, "outputCol", "Column of the random features, a vector of numRandomFeatures.");
      handleInvalid =
          new Param<>(
              stage,
              "handleInvalid",
              "What becomes of rows whose inputs are null, NaN or infinite: 'error' refuses them; 'skip' leaves them out; 'keep' leaves them out of the fit, and makes their features NaN.",
              ParamValidators.<String>inArray(InvalidRows.keys()));
      numRandomFeatures =
          new IntParam(
              stage,
              "numRandomFeatures",
              "Width m of the random feature map, even.",
              ParamValidators.<Object>gtEq(2));
      projection =
          new Param<>(
              stage,
              "projection",
              "How the random directions are drawn, as features.projection of the jobs.",
              ParamValidators.<String>inArray(Projection.keys()));
      lengthScale =
          new DoubleParam(
              stage,
              "lengthScale",
              "Length scale of the kernel on standardised inputs. Unset: the median distance between rows.",
              ParamValidators.<Object>gt(0));
      seed = new LongParam(stage, "seed", "Seed of everything random.");
    }

    /** Sets what holds where the user says nothing. */
    void setDefaults(Params stage) {
      stage.setDefault(inputCol, "features");
      stage.setDefault(outputCol, "randomFeatures");
      stage.setDefault(handleInvalid, InvalidRows.ERROR.key());
      stage.setDefault(numRandomFeatures, 1024);
      stage.setDefault(projection, "orthogonal");
      stage.setDefault(seed, 42L);
    }
  }

  /** Param. */
  default Param<String> inputCol() {
    return randomFeatures().inputCol;
  }

  /** Getter of {@link #inputCol}. */
  default String getInputCol() {
    return getOrDefault(inputCol());
  }

  /** Param. */
  default StringArrayParam inputCols() {
    return randomFeatures().inputCols;
  }

  /** Getter of {@link #inputCols}. */
  default String[] getInputCols() {
    return getOrDefault(inputCols());
  }

  /** Param. */
  default Param<String> outputCol() {
    return randomFeatures().outputCol;
  }

  /** Getter of {@link #outputCol}. */
  default String getOutputCol() {
    return getOrDefault(outputCol());
  }

  /** Param. */
  default Param<String> handleInvalid() {
    return randomFeatures().handleInvalid;
  }

  /** Getter of {@link #handleInvalid}. */
  default String getHandleInvalid() {
    return getOrDefault(handleInvalid());
  }

  /** Param. */
  default IntParam numRandomFeatures() {
    return randomFeatures().numRandomFeatures;
  }

  /** Getter of {@link #numRandomFeatures}. */
  default int getNumRandomFeatures() {
    return (int) getOrDefault(numRandomFeatures());
  }

  /** Param. */
  default Param<String> projection() {
    return randomFeatures().projection;
  }

  /** Getter of {@link #projection}. */
  default String getProjection() {
    return getOrDefault(projection());
  }

  /** Param. */
  default DoubleParam lengthScale() {
    return randomFeatures().lengthScale;
  }

  /** Getter of {@link #lengthScale}. */
  default double getLengthScale() {
    return (double) getOrDefault(lengthScale());
  }

  /** Param. */
  default LongParam seed() {
    return randomFeatures().seed;
  }

  /** Getter of {@link #seed}. */
  default long getSeed() {
    return (long) getOrDefault(seed());
  }
}
