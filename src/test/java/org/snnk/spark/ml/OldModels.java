package org.snnk.spark.ml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Writes the model folders of a version, with the scores of some rows, for {@link OldModelsTest};
 * to be run once when a format gets a new version, with the folder of that version in the test
 * resources.
 */
final class OldModels {
  static final String[] NAMES = {"regressor", "classifier", "pipeline"};

  private OldModels() {}

  /** Writes into the folder that is given. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Dataset<Row> rows = StageData.classes(0, 200, 2).withColumnRenamed("a.b", "a");
    SnnkRegressor regressor =
        StageData.regressor()
            .setNumRandomFeatures(8)
            .setFeaturesCols(StageData.ASSEMBLED)
            .setPredictionStdCol("std")
            .setIntervalCol("interval");
    regressor.fit(rows).write().save(folder.resolve(NAMES[0]).toString());
    SnnkClassifier classifier =
        StageData.classifier().setNumRandomFeatures(8).setFeaturesCols(StageData.ASSEMBLED);
    classifier.fit(rows).write().save(folder.resolve(NAMES[1]).toString());
    new Pipeline()
        .setStages(
            new PipelineStage[] {
              new RandomFeatures()
                  .setInputCols(StageData.ASSEMBLED)
                  .setOutputCol("features")
                  .setNumRandomFeatures(8),
              StageData.regressor().setNumRandomFeatures(8)
            })
        .fit(rows)
        .save(folder.resolve(NAMES[2]).toString());
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".crc")).toList()) {
        Files.delete(file);
      }
    }
    Files.write(folder.resolve("scores.txt"), scores(folder));
    StageData.SPARK.stop();
  }

  /** The scores of the folder's models, to the last bit. */
  static List<String> scores(Path folder) {
    Dataset<Row> rows =
        StageData.classes(1000, 1005, 2).withColumnRenamed("a.b", "a").orderBy("row_index");
    List<String> scores = new ArrayList<>();
    for (Row row :
        SnnkRegressionModel.load(folder.resolve(NAMES[0]).toString())
            .transform(rows)
            .select("prediction", "interval.lower")
            .collectAsList()) {
      scores.add(hex(row.getDouble(0)) + " " + hex(row.getDouble(1)));
    }
    for (Row row :
        SnnkClassificationModel.load(folder.resolve(NAMES[1]).toString())
            .transform(rows)
            .select("probability")
            .collectAsList()) {
      scores.add(hex(row.<Vector>getAs(0).apply(1)));
    }
    for (Row row :
        PipelineModel.load(folder.resolve(NAMES[2]).toString())
            .transform(rows)
            .select("prediction")
            .collectAsList()) {
      scores.add(hex(row.getDouble(0)));
    }
    return scores;
  }

  private static String hex(double value) {
    return Double.toHexString(value);
  }
}
