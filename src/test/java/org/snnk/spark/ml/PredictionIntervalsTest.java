package org.snnk.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

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

  @Test
  void anIntervalHoldsTheValueOfHousesAsOftenAsItSays() {
    String named = System.getenv("SNNK_REAL_DATA");
    Path file =
        Path.of(named == null ? "../shared/data" : named)
            .resolve("regression/california_housing.csv.gz");
    assumeTrue(
        Files.exists(file),
        "skipped: no real data at " + file + "; SNNK_REAL_DATA names its folder");
    Dataset<Row> rows =
        StageData.SPARK
            .read()
            .option("header", "true")
            .option("inferSchema", "true")
            .csv(file.toString())
            .withColumnRenamed("medianHouseValue", "label");
    String[] inputs =
        java.util.Arrays.stream(rows.columns())
            .filter(name -> !name.equals("label"))
            .toArray(String[]::new);
    Dataset<Row>[] parts = rows.randomSplit(new double[] {0.7, 0.3}, 3);
    SnnkRegressionModel model =
        new SnnkRegressor()
            .setNumRandomFeatures(256)
            .setLengthScale(3)
            .setRegParam(1e-4)
            .setFeaturesCols(inputs)
            .setIntervalCol("interval")
            .fit(parts[0]);
    double tested = parts[1].count();
    for (double coverage : new double[] {0.8, 0.95}) {
      assertThat(covered(model.setCoverage(coverage).transform(parts[1])))
          .isCloseTo(
              coverage, within(sixDeviations(coverage, 0.2 * parts[0].count(), tested) + 0.001));
    }
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
