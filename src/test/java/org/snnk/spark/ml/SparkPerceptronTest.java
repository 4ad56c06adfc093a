package org.snnk.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.linalg.RowBlock;
import org.snnk.model.FullyBundledModel;
import org.snnk.model.Model;
import org.snnk.model.NetworkModel;
import org.snnk.spark.LocalSpark;

/** Spark's perceptron, trained and saved by Spark, as a network of ours. */
class SparkPerceptronTest {
  private static final int D = 3;
  private static final int ROWS = 200;
  private static final SparkSession SPARK = LocalSpark.session();
  private static final RowBlock BLOCK = TestRows.classes(0, ROWS, D, 3, false);
  private static final List<String> INPUTS = List.of("a", "b", "c");
  private static final List<String> CLASSES = List.of("p", "q", "r");

  @TempDir private Path folder;

  private static Dataset<Row> table() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double[] x = new double[D];
      for (int j = 0; j < D; j++) {
        x[j] = 100 * BLOCK.x()[i * D + j]; // no scale that a standardiser would leave alone
      }
      rows.add(RowFactory.create(BLOCK.y()[i], Vectors.dense(x)));
    }
    return SPARK.createDataFrame(
        rows,
        new StructType()
            .add("label", DataTypes.DoubleType)
            .add("features", SQLDataTypes.VectorType()));
  }

  private String saved() throws IOException {
    MultilayerPerceptronClassificationModel model =
        new MultilayerPerceptronClassifier()
            .setLayers(new int[] {D, 5, 4, 3})
            .setMaxIter(8)
            .setSeed(3)
            .fit(table());
    String path = folder.resolve("perceptron").toString();
    model.save(path);
    return path;
  }

  private static NetworkModel read(String path) {
    return SparkPerceptron.read(SPARK, path, INPUTS, List.of("kind"), CLASSES);
  }

  @Test
  void itPredictsWhatSparkPredicts() throws IOException {
    String path = saved();
    assertThat(SparkPerceptron.isAt(path, new Configuration())).isTrue();
    NetworkModel model = read(path);
    assertThat(model.network().describe())
        .isEqualTo("dense(3→5, sigmoid) → dense(5→4, sigmoid) → dense(4→3, linear)");
    // Read back from our own file, which has no scales for it.
    Model reread = Model.fromBytes(model.toBytes(), "model.bin");
    assertThat(reread.metadata()).containsEntry("version", 2);
    List<Row> rows =
        MultilayerPerceptronClassificationModel.load(path).transform(table()).collectAsList();
    double[] x = new double[ROWS * D];
    for (int i = 0; i < x.length; i++) {
      x[i] = 100 * BLOCK.x()[i];
    }
    double[] probabilities = new double[ROWS * 3];
    reread.scorer().scores(ROWS, x, probabilities);
    reread.probabilities(ROWS, probabilities);
    for (int i = 0; i < ROWS; i++) {
      Row row = rows.get(i);
      Vector expected = row.getAs("probability");
      for (int c = 0; c < 3; c++) {
        assertThat(probabilities[i * 3 + c]).isCloseTo(expected.apply(c), within(2e-6));
      }
      assertThat((double) FullyBundledModel.largest(probabilities, i * 3, 3))
          .isEqualTo(row.getDouble(row.fieldIndex("prediction")));
    }
  }

  @Test
  void anotherModelVersionOrSizeIsRefused() throws IOException {
    String path = saved();
    assertThatThrownBy(
            () -> SparkPerceptron.read(SPARK, path, List.of("a"), List.of("kind"), CLASSES))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "Spark model: expected 1 inputs as the table has, got 3 (%s). Name the inputs that it was trained on, in their order, by data.inputs."
                .formatted(path));
    assertThatThrownBy(
            () -> SparkPerceptron.read(SPARK, path, INPUTS, List.of("kind"), List.of("p", "q")))
        .hasMessageContaining("expected 2 classes as the table has, got 3")
        .hasMessageContaining("bundle.classes");
    editMetadata(path, "\"sparkVersion\":\"4", "\"sparkVersion\":\"2");
    assertThatThrownBy(() -> read(path))
        .hasMessageContaining("expected one that Spark 3 or 4 saved, got one of Spark 2.")
        .hasMessageEndingWith("Load and save it again with such a Spark.");
    editMetadata(path, "\"sparkVersion\":\"2", "\"sparkVersion\":\"4");
    editMetadata(path, "[3,5,4,3]", "[3,5,9,3]");
    assertThatThrownBy(() -> read(path))
        .hasMessageStartingWith("Spark model: expected a complete one, got ");
    editMetadata(path, "{\"class\"", "{class");
    assertThatThrownBy(() -> read(path))
        .hasMessageStartingWith(
            "Spark model: expected a complete one, got metadata that are no JSON");
  }

  @Test
  void modelsOfAnotherKindAreRefused() throws IOException {
    String path = folder.resolve("logistic").toString();
    new LogisticRegression().setMaxIter(1).fit(table()).save(path);
    assertThatThrownBy(() -> read(path))
        .hasMessageContaining(
            "expected a MultilayerPerceptronClassificationModel, got"
                + " org.apache.spark.ml.classification.LogisticRegressionModel")
        .hasMessageContaining("Of a pipeline give the folder of that stage");
  }

  /** Also drops the checksum, which the edit would not match. */
  private static void editMetadata(String path, String from, String to) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(path, "metadata"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".crc")) {
          Files.delete(file);
        } else if (name.startsWith("part-")) {
          String text = Files.readString(file);
          assertThat(text).contains(from);
          Files.writeString(file, text.replace(from, to));
        }
      }
    }
  }
}
