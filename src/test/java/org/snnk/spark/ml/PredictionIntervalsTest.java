package org.snnk.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;

class PredictionIntervalsTest {
  private static double covered(Dataset<Row> scored) {
    return scored.where("label between interval.lower and interval.upper").count()
        / (double) scored.count();
  }

  /**
   * With n rows that calibrate, the coverage of new rows is a Beta variable of deviation
   * √(c(1−c)/n) about c; N new rows add as much with N for n.
   */
  private static double sixDeviations(double coverage, double calibrating, double tested) {
    return 6 * Math.sqrt(coverage * (1 - coverage) * (1 / calibrating + 1 / tested));
  }

  @Test
  void anIntervalHoldsTheTargetOfNewRowsAsOftenAsItSays() {
    Dataset<Row> rows = StageData.vectors(StageData.reals(0, 5000));
    Dataset<Row> fresh = StageData.vectors(StageData.reals(5000, 10_000));
    SnnkRegressionModel model = StageData.regressor().setIntervalCol("interval").fit(rows);
    assertThat(model.summary().rows()).isBetween(3800L, 4200L);
    for (double coverage : new double[] {0.5, 0.9, 0.99}) {
      assertThat(covered(model.setCoverage(coverage).transform(fresh)))
          .isCloseTo(coverage, within(sixDeviations(coverage, 1000, 5000) + 0.001));
    }
  }

  /**
   * CV+ has a guarantee of 1 − 2α and some; where models are as stable as these, it keeps c as the
   * split does, of which the deviations are here.
   */
  @Test
  void anIntervalOfFoldsHoldsTheTargetOfNewRowsAndAllRowsAreTrainedOn() {
    Dataset<Row> rows = StageData.vectors(StageData.reals(0, 3000));
    Dataset<Row> fresh = StageData.vectors(StageData.reals(5000, 10_000));
    SnnkRegressionModel model = folded(StageData.regressor(), 5).fit(rows);
    assertThat(model.summary().rows()).isEqualTo(3000);
    assertThat(model.summary().modelFingerprint())
        .isEqualTo(StageData.regressor().setNumFolds(5).fit(rows).summary().modelFingerprint());
    for (double coverage : new double[] {0.5, 0.9, 0.99}) {
      assertThat(covered(model.setCoverage(coverage).transform(fresh)))
          .isCloseTo(coverage, within(sixDeviations(coverage, 3000, 5000) + 0.001));
    }
    List<Double> predictions = numbers(model.transform(fresh), "prediction");
    assertThat(predictions)
        .isEqualTo(numbers(model.setIntervalCol("").transform(fresh), "prediction"));
  }

  private static List<Double> numbers(Dataset<Row> rows, String column) {
    return rows.select(column).as(Encoders.DOUBLE()).collectAsList();
  }

  private static SnnkRegressor folded(SnnkRegressor learner, int folds) {
    return learner.setIntervalCol("interval").setIntervalMethod("cv+").setNumFolds(folds);
  }

  private static Dataset<Row> real(String name, String target) {
    String named = System.getenv("SNNK_REAL_DATA");
    Path file =
        Path.of(named == null ? "../shared/data" : named).resolve("regression/" + name + ".csv.gz");
    assumeTrue(
        Files.exists(file),
        "skipped: no real data at " + file + "; SNNK_REAL_DATA names its folder");
    return StageData.SPARK
        .read()
        .option("header", "true")
        .option("inferSchema", "true")
        .csv(file.toString())
        .withColumnRenamed(target, "label");
  }

  /** On few rows to train on, where it matters what calibrates, and on many. */
  @ParameterizedTest
  @CsvSource({
    "california_housing, medianHouseValue, split, 0.7",
    "california_housing, medianHouseValue, cv+, 0.7",
    "california_housing, medianHouseValue, cv+, 0.05",
    "casp, RMSD, cv+, 0.7"
  })
  void anIntervalHoldsRealTargetsAsOftenAsItSays(
      String name, String target, String method, double trained) {
    Dataset<Row> rows = real(name, target);
    String[] inputs =
        Arrays.stream(rows.columns()).filter(c -> !c.equals("label")).toArray(String[]::new);
    Dataset<Row>[] parts = rows.randomSplit(new double[] {trained, 1 - trained}, 3);
    SnnkRegressionModel model =
        new SnnkRegressor()
            .setNumRandomFeatures(256)
            .setLengthScale(3)
            .setRegParamGrid(1e-5, 1e-4, 1e-3)
            .setFeaturesCols(inputs)
            .setIntervalCol("interval")
            .setIntervalMethod(method)
            .setNumFolds(10)
            .fit(parts[0]);
    double tested = parts[1].count();
    double calibrating = parts[0].count() * (method.equals("split") ? 0.2 : 1);
    for (double coverage : new double[] {0.8, 0.95}) {
      assertThat(covered(model.setCoverage(coverage).transform(parts[1])))
          .isCloseTo(coverage, within(sixDeviations(coverage, calibrating, tested) + 0.001));
    }
  }

  /** Of several targets, with weights, and folds from a column or a hash. */
  @Test
  void intervalsOfFoldsAreTheSameBytesOverAnyPartitionsAndAfterSaving(@TempDir Path folder)
      throws IOException {
    Dataset<Row> rows =
        StageData.of(TestRows.reals(0, 600, StageData.INPUTS.length, 2, true))
            .withColumn("fold", functions.expr("row_index % 4"));
    SnnkRegressor learner =
        folded(StageData.regressor(), 4)
            .setFeaturesCols(StageData.INPUTS)
            .setLabelCols("label", "label2")
            .setWeightCol("weight");
    for (String column : new String[] {"", "fold"}) {
      byte[] expected = null;
      for (int partitions : new int[] {1, 3, 8}) {
        Path saved = folder.resolve("model" + column + partitions);
        SnnkRegressionModel model = learner.setFoldCol(column).fit(rows.repartition(partitions));
        model.write().save(saved.toString());
        byte[] bytes = Files.readAllBytes(saved.resolve("model/cv-plus.bin"));
        expected = expected == null ? bytes : expected;
        assertThat(bytes).isEqualTo(expected);
        if (partitions == 1) {
          SnnkRegressionModel loaded = SnnkRegressionModel.load(saved.toString());
          assertThat(loaded.getIntervalMethod()).isEqualTo("cv+");
          List<Row> scored = model.setCoverage(0.7).transform(rows).collectAsList();
          assertThat(scored.get(0).getStruct(scored.get(0).fieldIndex("interval_label2")).size())
              .isEqualTo(2);
          assertThat(loaded.setCoverage(0.7).transform(rows).collectAsList()).isEqualTo(scored);
          assertThat(loaded.copy(ParamMap.empty()).transform(rows).collectAsList())
              .isEqualTo(scored);
        }
      }
    }
    assertThatDamagedBytesAreRefused(folder.resolve("model1"));
  }

  private static void assertThatDamagedBytesAreRefused(Path saved) throws IOException {
    Path file = saved.resolve("model/cv-plus.bin");
    byte[] bytes = Files.readAllBytes(file);
    Files.deleteIfExists(file.resolveSibling(".cv-plus.bin.crc"));
    bytes[bytes.length - 50] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> SnnkRegressionModel.load(saved.toString()))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "CV+ file: expected bytes that match their SHA-256, got damaged ones ("
                + file
                + "). Take another copy, or train again.");
  }

  @Test
  void aRowThatCannotBeUsedHasNoInterval() {
    Dataset<Row> rows =
        StageData.reals(0, 200)
            .withColumn("e", functions.expr("if(row_index = 7, double('NaN'), e)"));
    Dataset<Row> scored =
        folded(StageData.regressor(), 4)
            .setFeaturesCols(StageData.INPUTS)
            .setHandleInvalid("keep")
            .fit(rows)
            .transform(rows);
    assertThat(scored.where("isnan(interval.lower) and isnan(interval.upper)").count())
        .isEqualTo(1);
    assertThat(scored.where("interval.lower < prediction").count()).isEqualTo(199);
  }

  /** Targets have noise of a known size: deviation 2·0.3 about a function that m = 64 can fit. */
  @Test
  void theStandardDeviationIsThatOfTheNoiseAndGrowsAwayFromTheRows() {
    Dataset<Row> rows =
        StageData.vectors(
            StageData.reals(0, 3000)
                .withColumn("label", functions.expr("sin(e) + 0.5 * randn(5)")));
    SnnkRegressionModel model =
        StageData.regressor().setLengthScale(4).setPredictionStdCol("std").fit(rows);
    Dataset<Row> scored = model.transform(rows);
    double mean = scored.selectExpr("avg(std)").head().getDouble(0);
    assertThat(mean).isCloseTo(0.5, within(0.05));
    double standardised =
        scored.selectExpr("stddev((label - prediction) / std)").head().getDouble(0);
    assertThat(standardised).isCloseTo(1, within(0.08));
    Dataset<Row> far =
        rows.limit(1)
            .drop("features")
            .withColumn("e", functions.lit(30.0))
            .withColumn("f", functions.lit(-30.0));
    double away = model.transform(StageData.assembler().transform(far)).head().getAs("std");
    double largest = scored.selectExpr("max(std)").head().getDouble(0);
    assertThat(away).isGreaterThan(largest);
  }
}
