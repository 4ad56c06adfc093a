package org.snnk.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snnk.SnnkException;
import org.snnk.model.FullyBundledModel;

/** What the stages say of input that they cannot use. */
class StageBadInputTest {
  private static Dataset<Row> rows;
  private static SnnkRegressionModel model;

  @BeforeAll
  static void fit() {
    StageData.SPARK.sparkContext().setLogLevel("OFF"); // the failures are meant
    rows = StageData.vectors(StageData.reals(0, 200)).cache();
    model = StageData.regressor().fit(rows);
  }

  @AfterAll
  static void logAgain() {
    rows.unpersist();
    StageData.SPARK.sparkContext().setLogLevel("WARN");
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .satisfies(
            thrown -> {
              Throwable cause = thrown;
              while (!(cause instanceof SnnkException) && cause.getCause() != null) {
                cause = cause.getCause();
              }
              assertThat(cause).isInstanceOf(SnnkException.class).hasMessage(message);
            });
  }

  private static Dataset<Row> vectorsOf(double... elements) {
    return StageData.SPARK.createDataFrame(
        List.of(RowFactory.create(Vectors.dense(elements))),
        new StructType().add("features", SQLDataTypes.VectorType()));
  }

  @Test
  void aVectorOfAnotherSize() {
    String message =
        "features column 'features': expected a vector of size 4, got 3. Check the training schema.";
    assertRefused(() -> model.transform(vectorsOf(1, 2, 3)).collectAsList(), message);
    assertRefused(() -> model.predict(Vectors.dense(1, 2, 3)), message);
    Dataset<Row> assembled =
        new org.apache.spark.ml.feature.VectorAssembler()
            .setInputCols(new String[] {"a", "e", "f"})
            .setOutputCol("features")
            .transform(rows.drop("features"));
    assertRefused(() -> model.transform(assembled), message);
  }

  @Test
  void mapsThatDoNotGoWithOtherParams() {
    assertRefused(
        () -> StageData.regressor().setFeatureMap("arccos0").setAttributionsCol("why").fit(rows),
        "attributionsCol: expected a featureMap among cosine, relu, arccos2, got 'arccos0'."
            + " Features of the others have no derivative here: leave attributionsCol unset.");
    assertRefused(
        () -> StageData.regressor().setNumRandomFeatures(33).fit(rows),
        "numRandomFeatures: expected an even number, got 33."
            + " A cosine and a sine belong to each frequency.");
    assertRefused(
        () -> StageData.regressor().setFeatureMap("relu").setCoefficients(0, 1).fit(rows),
        "features.coefficients: expected no value with the map 'relu', got [0.0, 1.0]."
            + " Leave it out, or choose features.map=polynomial.");
  }

  @Test
  void aMissingColumn() {
    assertRefused(
        () -> StageData.regressor().setLabelCol("labe").fit(rows),
        "labelCol: expected a column of the data set, got 'labe'. Did you mean 'label'?");
    assertRefused(
        () -> StageData.regressor().setFeaturesCols("a", "g").fit(rows),
        "featuresCols: expected a column of the data set, got 'g'. It has a, c d, e, f,"
            + " label, weight, row_index, features.");
    assertRefused(
        () -> model.transform(rows.drop("features")),
        "featuresCol: expected a column of the data set, got 'features'. It has a, c d, e, f, label,"
            + " weight, row_index.");
  }

  @Test
  void aLabelOfText() {
    Dataset<Row> text = rows.withColumn("label", functions.expr("'yes'"));
    assertRefused(
        () -> StageData.classifier().fit(text),
        "labelCol 'label': expected a numeric column, got string. Index text with StringIndexer, or"
            + " cast it to a number.");
    assertRefused(
        () -> StageData.regressor().setFeaturesCols("label").setLabelCol("e").fit(text),
        "featuresCols 'label': expected a numeric column, got string. Encode it as numbers, or leave"
            + " the column out.");
    assertRefused(
        () -> StageData.regressor().setFeaturesCol("e").fit(rows),
        "featuresCol 'e': expected a column of vectors, got double. Assemble one with VectorAssembler,"
            + " or name columns of numbers by featuresCols.");
  }

  @Test
  void labelsThatAreNoNumbersAreCounted() {
    Dataset<Row> holes =
        rows.withColumn("label", functions.expr("if(row_index % 50 = 0, null, label)"));
    String message =
        "training table: expected rows that can all be used, got 4 that cannot, the first: label"
            + " column 'label': expected a finite number, got nothing. Correct them;"
            + " handleInvalid='skip' leaves out rows whose inputs cannot be used.";
    assertRefused(() -> StageData.regressor().fit(holes), message);
    assertRefused(() -> StageData.regressor().setHandleInvalid("skip").fit(holes), message);
    Dataset<Row> fraction =
        rows.withColumn("label", functions.expr("if(row_index = 7, 0.5, row_index % 2)"));
    assertRefused(
        () -> StageData.classifier().fit(fraction),
        "training table: expected rows that can all be used, got 1 that cannot: label column 'label':"
            + " expected a class index from 0 to 1, got 0.5. Correct them; handleInvalid='skip' leaves"
            + " out rows whose inputs cannot be used.");
    assertRefused(
        () -> StageData.classifier().fit(rows.withColumn("label", functions.lit(0.0))),
        "label column 'label': expected class indices from 0 of 2 to 1000 classes, got 1. Index it"
            + " with StringIndexer, or use the regressor.");
  }

  @Test
  void weightsBelowZeroOrAllZero() {
    Dataset<Row> negative =
        rows.withColumn("weight", functions.expr("if(row_index = 3, -1, weight)"));
    assertRefused(
        () -> StageData.regressor().setWeightCol("weight").fit(negative),
        "training table: expected rows that can all be used, got 1 that cannot: weight column"
            + " 'weight': expected a finite number from 0 up, got -1.0. Correct them;"
            + " handleInvalid='skip' leaves out rows whose inputs cannot be used.");
    Dataset<Row> zero = rows.withColumn("weight", functions.lit(0.0));
    assertRefused(
        () -> StageData.regressor().setWeightCol("weight").fit(zero),
        "weight column: expected a positive total, got 0.0. Check data.weight: only positive weights"
            + " count.");
  }

  @Test
  void inputsThatAreNoNumbersAreRefusedSkippedOrKept() {
    Dataset<Row> holes =
        StageData.reals(0, 200)
            .withColumn("e", functions.expr("if(row_index % 50 = 0, double('NaN'), e)"))
            .withColumn("f", functions.expr("if(row_index = 1, null, f)"));
    SnnkRegressor learner = StageData.regressor().setFeaturesCols(StageData.INPUTS);
    assertThatThrownBy(() -> learner.fit(holes))
        .isInstanceOf(SnnkException.class)
        .hasMessageStartingWith(
            "training table: expected rows that can all be used, got 5 that cannot, the first:"
                + " features column '");
    SnnkRegressionModel skipping = learner.setHandleInvalid("skip").fit(holes);
    assertThat(skipping.summary().rows()).isEqualTo(195);
    assertThat(skipping.transform(holes).count()).isEqualTo(195);
    SnnkRegressionModel keeping = learner.setHandleInvalid("keep").fit(holes);
    assertThat(keeping.model().fingerprint()).isEqualTo(skipping.model().fingerprint());
    Dataset<Row> kept = keeping.transform(holes);
    assertThat(kept.count()).isEqualTo(200);
    assertThat(kept.where("isnan(prediction)").count()).isEqualTo(5);
    assertRefused(
        () ->
            keeping
                .setHandleInvalid("error")
                .transform(holes.where("row_index = 1"))
                .collectAsList(),
        "features column 'f': expected a finite number, got nothing. Set handleInvalid to 'skip' to"
            + " leave such rows out, or to 'keep' to score them NaN.");
  }

  @Test
  void aModelFolderThatIsCutShortOrNewerOrEmpty(@TempDir Path folder) throws IOException {
    Path saved = folder.resolve("model");
    model.write().save(saved.toString());
    Path file = saved.resolve("model").resolve(FullyBundledModel.FILE);
    Files.deleteIfExists(saved.resolve("model").resolve("." + FullyBundledModel.FILE + ".crc"));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 100));
    String where = " (" + file + ")";
    assertThatThrownBy(() -> SnnkRegressionModel.load(saved.toString()))
        .hasMessage(
            "model file: expected bytes that match their SHA-256, got damaged ones"
                + where
                + ". Take another copy, or train again.");
    bytes[7] = 99;
    Files.write(file, bytes);
    assertThatThrownBy(() -> SnnkRegressionModel.load(saved.toString()))
        .hasMessage(
            "model file: expected version 1, got version 99"
                + where
                + ". Read it with the program that wrote it.");
    assertThatThrownBy(() -> FullyBundledModel.load(saved))
        .hasMessage(
            "model file: expected version 1, got version 99 ("
                + file
                + "). Read it with the program that wrote it.");
    Files.delete(file);
    assertThatThrownBy(() -> SnnkRegressionModel.load(saved.toString()))
        .hasMessage(
            "model folder: expected a file model.bin, got none" + where + ". Take another copy.");
    assertThatThrownBy(() -> FullyBundledModel.load(saved))
        .hasMessage(
            "model: expected a folder with model.bin, got none at '"
                + saved
                + "'. Give the output folder of a training, or the folder of a saved stage.");
  }

  @Test
  void intervalsThatCannotBe() {
    SnnkRegressor folded = StageData.regressor().setIntervalCol("i").setIntervalMethod("cv+");
    assertRefused(
        () -> folded.fit(rows),
        "intervalMethod: expected 'split' without folds, got 'cv+' with numFolds=0. Set numFolds to 2"
            + " or more, such as 10.");
    SnnkRegressionModel ofFolds = folded.setNumFolds(3).fit(rows);
    assertRefused(
        () -> ofFolds.setCoverage(0.999).transform(rows),
        "coverage: expected at most 0.9950248756218906 with 200 rows to calibrate on, got 0.999. Lower"
            + " it, or train on more rows.");
    for (double none : new double[] {0, 1, Double.NaN}) {
      assertThatThrownBy(() -> ofFolds.setCoverage(none))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("parameter coverage given invalid value " + none);
    }
    assertThatThrownBy(() -> new SnnkRegressor().setIntervalMethod("jackknife"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("parameter intervalMethod given invalid value jackknife");
    assertRefused(
        () ->
            ofFolds
                .copy(new ParamMap().put(ofFolds.intervalMethod(), "split"))
                .setCoverage(0.9)
                .transform(rows),
        "intervalMethod: expected a model that was fitted with intervalMethod set to 'split', got one"
            + " without. Set it on the learner and fit again.");
    assertRefused(
        () -> folded.setSolver("cg").fit(rows),
        "train.folds: expected 0 with the solver cg, which is taken for 64 features, got 3. Choose the"
            + " penalty on a validation part, or set train.solver=direct where the Gram matrices of"
            + " all folds have room.");
  }

  @Test
  void paramsThatCannotBe() {
    assertRefused(
        () -> new SnnkRegressor().setNumRandomFeatures(7).fit(rows),
        "numRandomFeatures: expected an even number, got 7. A cosine and a sine belong to each"
            + " frequency.");
    assertRefused(
        () -> StageData.regressor().setNumFolds(1).fit(rows),
        "numFolds: expected 0, or 2 and more, got 1. With one fold nothing is left to train on.");
    assertRefused(
        () -> model.copy(ParamMap.empty()).setIntervalCol("i").transform(rows),
        "intervalCol: expected a model that was fitted with intervalCol set, got one without. Set it"
            + " on the learner and fit again.");
    assertRefused(
        () -> StageData.regressor().setPredictionStdCol("s").setSolver("cg").fit(rows),
        "predictionStdCol: expected the solver 'direct', got 'cg', which has no Gram matrix. Set"
            + " solver='direct', or leave predictionStdCol empty.");
    assertRefused(
        () -> new SnnkRegressionModel().transform(rows),
        "model: expected a fitted one, got an empty one. Call fit, or load a saved model.");
    assertThatThrownBy(() -> new SnnkRegressor().setRegParam(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("parameter regParam given invalid value -1.0");
  }
}
