package org.snnk.spark.ml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.Attribute$;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.snnk.NearestName;
import org.snnk.SnnkException;
import org.snnk.spark.data.Inputs;
import org.snnk.spark.data.RowBlocks;

/** The columns of stages: those that must be there, and those that are made. */
final class StageColumns {
  /** More classes than this are a column that is no class. */
  private static final int MAX_CLASSES = 1000;

  private static final StructType INTERVAL =
      new StructType()
          .add("lower", DataTypes.DoubleType, false)
          .add("upper", DataTypes.DoubleType, false);

  private StageColumns() {}

  // ---- columns that must be there ----

  /**
   * The column that a Param names.
   *
   * @throws SnnkException if there is none
   */
  static StructField require(StructType schema, String param, String name) {
    List<String> names = Arrays.asList(schema.fieldNames());
    if (!names.contains(name)) {
      throw new SnnkException(
          param,
          "a column of the data set",
          "'" + name + "'",
          null,
          NearestName.question(name, names, "It has " + String.join(", ", names) + "."));
    }
    return schema.apply(name);
  }

  /** A column of numbers or booleans. */
  static StructField requireNumeric(StructType schema, String param, String name, String remedy) {
    StructField field = require(schema, param, name);
    if (!(field.dataType() instanceof NumericType || field.dataType() instanceof BooleanType)) {
      throw new SnnkException(
          param + " '" + name + "'",
          "a numeric column",
          field.dataType().simpleString(),
          null,
          remedy);
    }
    return field;
  }

  /** A label of regression or classes. */
  static StructField requireLabel(StructType schema, String param, String name) {
    return requireNumeric(
        schema, param, name, "Index text with StringIndexer, or cast it to a number.");
  }

  /** Checks the columns of inputs: one of vectors, or several of numbers. */
  static void requireInputs(
      StructType schema, String vectorParam, String vector, String[] several) {
    if (several != null) {
      for (String name : several) {
        requireNumeric(
            schema, vectorParam + "s", name, "Encode it as numbers, or leave the column out.");
      }
      return;
    }
    StructField field = require(schema, vectorParam, vector);
    if (!field.dataType().equals(SQLDataTypes.VectorType())) {
      throw new SnnkException(
          vectorParam + " '" + vector + "'",
          "a column of vectors",
          field.dataType().simpleString(),
          null,
          "Assemble one with VectorAssembler, or name columns of numbers by " + vectorParam + "s.");
    }
  }

  /** The inputs that a model was trained on, in another table. */
  static Inputs known(
      StructType schema, String vectorParam, String vector, String[] several, List<String> names) {
    requireInputs(schema, vectorParam, vector, several);
    if (several != null) {
      if (several.length != names.size()) {
        throw new SnnkException(
            vectorParam + "s",
            names.size() + " columns, as in training",
            several.length + "",
            null,
            "Name those of the training, in its order.");
      }
      return new Inputs(List.of(several), null);
    }
    Inputs inputs = new Inputs(names, vector);
    int size = AttributeGroup.fromStructField(schema.apply(vector)).size();
    if (size >= 0 && size != names.size()) {
      throw inputs.wrongSize(size);
    }
    return inputs;
  }

  /**
   * The inputs to train on: of vectors, size and names as their metadata tell, else the size of the
   * first one and names such as {@code features_0}.
   */
  static Inputs fitted(Dataset<?> table, String vectorParam, String vector, String[] several) {
    requireInputs(table.schema(), vectorParam, vector, several);
    if (several != null) {
      return new Inputs(List.of(several), null);
    }
    AttributeGroup group = AttributeGroup.fromStructField(table.schema().apply(vector));
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
    return new Inputs(names(group, vector, size), vector);
  }

  /** The names of a vector's elements; empty where the metadata do not even tell its size. */
  static List<String> namesInMetadata(StructType schema, String vector) {
    AttributeGroup group = AttributeGroup.fromStructField(schema.apply(vector));
    return names(group, vector, Math.max(0, group.size()));
  }

  private static List<String> names(AttributeGroup group, String vector, int size) {
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

  /**
   * The labels of the classes: those that the metadata of StringIndexer tell, else the numbers from
   * 0 to the largest label.
   */
  static List<String> classes(Dataset<?> table, String label) {
    Attribute attribute = Attribute$.MODULE$.fromStructField(table.schema().apply(label));
    if (attribute instanceof NominalAttribute nominal && nominal.values().isDefined()) {
      return List.of(nominal.values().get());
    }
    int count;
    if (attribute instanceof BinaryAttribute) {
      count = 2;
    } else if (attribute instanceof NominalAttribute nominal
        && nominal.getNumValues().isDefined()) {
      count = (Integer) nominal.getNumValues().get();
    } else {
      // A label that is no number is found with its row later.
      Row largest =
          table
              .toDF()
              .select(RowBlocks.column(label).cast("double").as("y"))
              .where("not isnan(y)")
              .selectExpr("max(y)")
              .head();
      count = largest.isNullAt(0) ? 0 : (int) Math.min(MAX_CLASSES, largest.getDouble(0)) + 1;
    }
    if (count < 2 || count > MAX_CLASSES) {
      throw new SnnkException(
          "label column '" + label + "'",
          "class indices from 0 of 2 to " + MAX_CLASSES + " classes",
          count > MAX_CLASSES ? "more" : count + "",
          null,
          "Index it with StringIndexer, or use the regressor.");
    }
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  /**
   * Checks thresholds.
   *
   * @param thresholds null for none
   */
  static void requireThresholds(double[] thresholds, int classes) {
    if (thresholds != null && thresholds.length != classes) {
      throw new SnnkException(
          "thresholds",
          "one for each of the " + classes + " classes",
          thresholds.length + "",
          null,
          "Give as many as there are classes.");
    }
  }

  /** The labels that metadata tell; empty where they do not. */
  static List<String> classesInMetadata(StructType schema, String label) {
    return Attribute$.MODULE$.fromStructField(schema.apply(label))
                instanceof NominalAttribute nominal
            && nominal.values().isDefined()
        ? List.of(nominal.values().get())
        : List.of();
  }

  // ---- columns that are made ----

  static StructField number(String name) {
    return field(
        name, DataTypes.DoubleType, NumericAttribute.defaultAttr().withName(name).toMetadata());
  }

  static StructField classIndex(String name, List<String> classes) {
    NominalAttribute attribute = NominalAttribute.defaultAttr().withName(name);
    return field(
        name,
        DataTypes.DoubleType,
        (classes.isEmpty() ? attribute : attribute.withValues(classes.toArray(String[]::new)))
            .toMetadata());
  }

  /** A vector whose elements have names; none where they are not known yet. */
  static StructField vector(String name, List<String> elements) {
    Attribute[] attributes =
        elements.stream()
            .map(element -> (Attribute) NumericAttribute.defaultAttr().withName(element))
            .toArray(Attribute[]::new);
    AttributeGroup group =
        elements.isEmpty() ? new AttributeGroup(name) : new AttributeGroup(name, attributes);
    return field(name, SQLDataTypes.VectorType(), group.toMetadata());
  }

  static StructField vector(String name, int size) {
    return field(name, SQLDataTypes.VectorType(), new AttributeGroup(name, size).toMetadata());
  }

  /** Columns of a classifier, those that have a name. */
  static List<StructField> classification(
      String raw, String probability, String prediction, List<String> classes) {
    List<StructField> fields = new ArrayList<>();
    if (raw != null) {
      fields.add(vector(raw, classes));
    }
    if (probability != null) {
      fields.add(vector(probability, classes));
    }
    if (prediction != null) {
      fields.add(classIndex(prediction, classes));
    }
    return fields;
  }

  static StructField interval(String name) {
    return field(name, INTERVAL, Metadata.empty());
  }

  private static StructField field(String name, DataType type, Metadata metadata) {
    return new StructField(name, type, false, metadata);
  }

  /** A schema with new columns, or with others of the same name. */
  static StructType with(StructType schema, List<StructField> fields) {
    List<StructField> all = new ArrayList<>(List.of(schema.fields()));
    for (StructField field : fields) {
      int at =
          IntStream.range(0, all.size())
              .filter(i -> all.get(i).name().equals(field.name()))
              .findFirst()
              .orElse(-1);
      if (at < 0) {
        all.add(field);
      } else {
        all.set(at, field);
      }
    }
    return DataTypes.createStructType(all);
  }
}
