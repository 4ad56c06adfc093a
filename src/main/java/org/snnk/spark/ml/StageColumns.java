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
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.shared.HasPredictionCol;
import org.apache.spark.ml.param.shared.HasProbabilityCol;
import org.apache.spark.ml.param.shared.HasRawPredictionCol;
import org.apache.spark.ml.param.shared.HasThresholds;
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

  /** Checks columns of numbers or booleans that need not be named. */
  static void requireNumeric(
      StructType schema, RowParams stage, List<Param<String>> params, String remedy) {
    for (Param<String> param : params) {
      if (stage.names(param)) {
        requireNumeric(schema, param.name(), stage.getOrDefault(param), remedy);
      }
    }
  }

  /** The column that a Param names, null where it names none. */
  static String named(RowParams stage, Param<String> param) {
    return stage.names(param) ? stage.getOrDefault(param) : null;
  }

  /** A label of regression or classes. */
  static StructField requireLabel(StructType schema, String param, String name) {
    return requireNumeric(
        schema, param, name, "Index text with StringIndexer, or cast it to a number.");
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

  /** The thresholds of a classifier, null where none are set. */
  static double[] thresholds(HasThresholds stage) {
    return stage.isDefined(stage.thresholds()) ? stage.getThresholds() : null;
  }

  /** Checks that there is a threshold for each class, where any are set. */
  static void requireThresholds(HasThresholds stage, int classes) {
    double[] thresholds = thresholds(stage);
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
  static <S extends RowParams & HasRawPredictionCol & HasProbabilityCol & HasPredictionCol>
      List<StructField> classification(S stage, List<String> classes) {
    List<StructField> fields = new ArrayList<>();
    if (stage.names(stage.rawPredictionCol())) {
      fields.add(vector(stage.getRawPredictionCol(), classes));
    }
    if (stage.names(stage.probabilityCol())) {
      fields.add(vector(stage.getProbabilityCol(), classes));
    }
    if (stage.names(stage.predictionCol())) {
      fields.add(classIndex(stage.getPredictionCol(), classes));
    }
    return fields;
  }

  /** The column of a single prediction, if it has a name. */
  static <S extends RowParams & HasPredictionCol> List<StructField> prediction(S stage) {
    return stage.names(stage.predictionCol())
        ? List.of(number(stage.getPredictionCol()))
        : List.of();
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
