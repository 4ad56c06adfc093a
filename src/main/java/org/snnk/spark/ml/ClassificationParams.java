package org.snnk.spark.ml;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.shared.HasPredictionCol;
import org.apache.spark.ml.param.shared.HasProbabilityCol;
import org.apache.spark.ml.param.shared.HasRawPredictionCol;
import org.apache.spark.sql.types.StructField;

/** The Params of classification that say which columns are made. */
public interface ClassificationParams
    extends ClosedFormParams, HasPredictionCol, HasRawPredictionCol, HasProbabilityCol {
  /** Where a stage keeps them. */
  Fields classification();

  /** The Params of one stage. */
  final class Fields implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Param<String> attributionsCol;

    /** Params that belong to a stage. */
    Fields(Params stage) {
      attributionsCol =
          new Param<>(
              stage,
              "attributionsCol",
              "Column of vectors: for each input the derivative of the predicted class's raw"
                  + " prediction times the standardised input.");
    }
  }

  /** Param. */
  default Param<String> attributionsCol() {
    return classification().attributionsCol;
  }

  /** Getter of {@link #attributionsCol}. */
  default String getAttributionsCol() {
    return getOrDefault(attributionsCol());
  }

  /**
   * The columns that are made, in order, those that are named.
   *
   * @param classes labels, empty where they are not known yet
   * @param inputs names, empty where they are not known yet
   */
  default List<StructField> columns(List<String> classes, List<String> inputs) {
    List<StructField> fields = StageColumns.classification(this, classes);
    if (names(attributionsCol())) {
      FeatureMapParams.Fields.requireDerivative(this);
      fields.add(StageColumns.vector(getAttributionsCol(), inputs));
    }
    return fields;
  }
}
