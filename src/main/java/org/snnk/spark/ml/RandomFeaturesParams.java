package org.snnk.spark.ml;

import java.io.Serializable;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.snnk.spark.data.InvalidRows;

/**
 * The Params of {@link RandomFeatures} and its model; the documentation of each is its text in
 * {@code explainParams()}.
 */
public interface RandomFeaturesParams extends FeatureMapParams {
  /** Where a stage keeps them. */
  Fields randomFeatures();

  @Override
  default FeatureMapParams.Fields mapFields() {
    return randomFeatures().map;
  }

  /** The Params of one stage. */
  final class Fields implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Param<String> inputCol;
    private final StringArrayParam inputCols;
    private final Param<String> outputCol;
    private final Param<String> handleInvalid;

    private final FeatureMapParams.Fields map;

    /** Params that belong to a stage. */
    Fields(Params stage) {
      map = new FeatureMapParams.Fields(stage, "the median distance between rows");
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
    }

    /** Sets what holds where the user says nothing. */
    void setDefaults(Params stage) {
      map.setDefaults(stage);
      stage.setDefault(inputCol, "features");
      stage.setDefault(outputCol, "randomFeatures");
      stage.setDefault(handleInvalid, InvalidRows.ERROR.key());
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
}
