package org.snnk.spark.ml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.snnk.TestRows;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.Projection;
import org.snnk.linalg.RowBlock;
import org.snnk.spark.LocalSpark;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.statistics.Precision;

/** Data sets of random rows, each a function of its index. */
final class StageData {
  /**
   * A session of their own: once a session has observed a table, as jobs do, Spark cannot send its
   * own binary LogisticRegressionModel to tasks, since the summary refers to the session.
   */
  static final SparkSession SPARK = LocalSpark.session().newSession();

  /** The names of four inputs, two of which need quoting in SQL. */
  static final String[] INPUTS = {"a.b", "c d", "e", "f"};

  /** The same where VectorAssembler reads them, which takes a dot for that of a struct's field. */
  static final String[] ASSEMBLED = {"a", "c d", "e", "f"};

  private StageData() {}

  /** Columns {@link #INPUTS}, label (and label2), weight and row_index, in three partitions. */
  static Dataset<Row> of(RowBlock block) {
    StructType schema = new StructType();
    for (String name : INPUTS) {
      schema = schema.add(name, DataTypes.DoubleType);
    }
    for (int t = 0; t < block.targets(); t++) {
      schema = schema.add(t == 0 ? "label" : "label" + (t + 1), DataTypes.DoubleType);
    }
    schema = schema.add("weight", DataTypes.DoubleType).add("row_index", DataTypes.LongType);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < block.rows(); i++) {
      List<Object> values = new ArrayList<>();
      for (int j = 0; j < block.inputs(); j++) {
        values.add(block.x()[i * block.inputs() + j]);
      }
      for (int t = 0; t < block.targets(); t++) {
        values.add(block.y()[i * block.targets() + t]);
      }
      values.add(block.weight(i));
      values.add(block.index()[i]);
      rows.add(RowFactory.create(values.toArray()));
    }
    return SPARK.createDataFrame(rows, schema).repartition(3);
  }

  static Dataset<Row> reals(int from, int to) {
    return of(TestRows.reals(from, to, INPUTS.length, 1, true));
  }

  static Dataset<Row> classes(int from, int to, int classes) {
    if (classes == 2) { // two of four, since every other one of four is nearly noise
      return of(TestRows.classes(from, to, INPUTS.length, 4, true))
          .withColumn("label", functions.expr("if(label >= 2, 1.0d, 0.0d)"));
    }
    return of(TestRows.classes(from, to, INPUTS.length, classes, true));
  }

  static VectorAssembler assembler() {
    return new VectorAssembler().setInputCols(ASSEMBLED).setOutputCol("features");
  }

  /** With a column of vectors. */
  static Dataset<Row> vectors(Dataset<Row> rows) {
    return assembler().transform(rows.withColumnRenamed(INPUTS[0], ASSEMBLED[0]));
  }

  /** Those of a learner that only its width and seed were set of. */
  static ClosedFormTraining.Options defaultOptions(int m, long seed) {
    return new ClosedFormTraining.Options(
        FeatureFamily.cosine(m, Projection.ORTHOGONAL),
        OptionalDouble.empty(),
        List.of(0.25, 0.5, 0.7, 1.0, 1.4),
        OptionalDouble.empty(),
        List.of(1e-7, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0),
        0.1,
        0,
        false,
        50_000,
        false,
        Optional.empty(),
        Precision.EXACT,
        seed,
        ClosedFormTraining.Solving.AUTO);
  }

  /** Small, with nothing to choose. */
  static SnnkRegressor regressor() {
    return new SnnkRegressor().setNumRandomFeatures(64).setLengthScale(2).setRegParam(1e-4);
  }

  /** Small, with nothing to choose. */
  static SnnkClassifier classifier() {
    return new SnnkClassifier().setNumRandomFeatures(64).setLengthScale(2).setRegParam(1e-4);
  }
}
