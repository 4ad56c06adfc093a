package org.snnk.spark.ml;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.shared.HasFeaturesCol;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.snnk.SnnkException;
import org.snnk.spark.data.Inputs;
import org.snnk.spark.data.RowBlocks;

/**
 * The columns of a stage's inputs: one of vectors, or several of numbers in its place.
 *
 * @param param that names the column of vectors; that of the several has an s behind its name
 * @param several null where there are none
 */
record InputColumns(String param, String vector, List<String> several) {

  /** Those of a learner or its model. */
  static <S extends RowParams & HasFeaturesCol> InputColumns of(S stage) {
    return new InputColumns(
        stage.featuresCol().name(),
        stage.getFeaturesCol(),
        stage.isDefined(stage.featuresCols()) ? List.of(stage.getFeaturesCols()) : null);
  }

  /** Those of random features. */
  static InputColumns of(RandomFeaturesParams stage) {
    return new InputColumns(
        stage.inputCol().name(),
        stage.getInputCol(),
        stage.isDefined(stage.inputCols()) ? List.of(stage.getInputCols()) : null);
  }

  /** Checks that the columns are there and hold what they should. */
  void require(StructType schema) {
    if (several != null) {
      for (String name : several) {
        StageColumns.requireNumeric(
            schema, param + "s", name, "Encode it as numbers, or leave the column out.");
      }
      return;
    }
    StructField field = StageColumns.require(schema, param, vector);
    if (!field.dataType().equals(SQLDataTypes.VectorType())) {
      throw new SnnkException(
          param + " '" + vector + "'",
          "a column of vectors",
          field.dataType().simpleString(),
          null,
          "Assemble one with VectorAssembler, or name columns of numbers by " + param + "s.");
    }
  }

  /** The inputs that a model was trained on, in another table. */
  Inputs known(StructType schema, List<String> names) {
    require(schema);
    if (several != null) {
      if (several.size() != names.size()) {
        throw new SnnkException(
            param + "s",
            names.size() + " columns, as in training",
            several.size() + "",
            null,
            "Name those of the training, in its order.");
      }
      return new Inputs(several, null);
    }
    Inputs inputs = new Inputs(names, vector);
    int size = group(schema).size();
    if (size >= 0 && size != names.size()) {
      throw inputs.wrongSize(size);
    }
    return inputs;
  }

  /**
   * The inputs to train on: of vectors, size and names as their metadata tell, else the size of the
   * first one and names such as {@code features_0}.
   */
  Inputs fitted(Dataset<?> table) {
    require(table.schema());
    if (several != null) {
      return new Inputs(several, null);
    }
    AttributeGroup group = group(table.schema());
    int size = group.size();
    if (size < 0) {
      Column column = RowBlocks.column(vector);
      List<Row> first =
          table.toDF().select(column.as("v")).where("v is not null").limit(1).collectAsList();
      if (first.isEmpty()) {
        throw new SnnkException(
            "training table",
            "at least one row with a vector in '" + vector + "'",
            "none",
            null,
            "Check the data set.");
      }
      size = ((Vector) first.get(0).get(0)).size();
    }
    return new Inputs(names(group, size), vector);
  }

  /** The inputs' names; empty where the metadata do not even tell a vector's size. */
  List<String> names(StructType schema) {
    if (several != null) {
      return several;
    }
    AttributeGroup group = group(schema);
    return names(group, Math.max(0, group.size()));
  }

  private AttributeGroup group(StructType schema) {
    return AttributeGroup.fromStructField(schema.apply(vector));
  }

  private List<String> names(AttributeGroup group, int size) {
    List<String> names = new ArrayList<>();
    for (int j = 0; j < size; j++) {
      Attribute attribute = group.attributes().isDefined() ? group.getAttr(j) : null;
      names.add(
          attribute != null && attribute.name().isDefined()
              ? attribute.name().get()
              : vector + "_" + j);
    }
    return names;
  }
}
