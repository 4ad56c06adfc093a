package org.snnk.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snnk.TestRows;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.Projection;
import org.snnk.linalg.RowBlock;
import org.snnk.model.FullyBundledModel;
import org.snnk.spark.data.Roles;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.spark.train.Phases;
import org.snnk.statistics.Precision;

class SnnkRegressorTest {
  private static ClosedFormTraining.Options options(int folds) {
    return new ClosedFormTraining.Options(
        FeatureFamily.cosine(64, Projection.ORTHOGONAL),
        OptionalDouble.empty(),
        List.of(0.5, 1.0),
        OptionalDouble.empty(),
        List.of(1e-5, 1e-3),
        0.2,
        folds,
        false,
        50_000,
        false,
        Optional.empty(),
        Precision.EXACT,
        7,
        ClosedFormTraining.Solving.AUTO);
  }

  private static SnnkRegressor choosing() {
    return new SnnkRegressor()
        .setNumRandomFeatures(64)
        .setLengthScaleGrid(0.5, 1.0)
        .setRegParamGrid(1e-5, 1e-3)
        .setValidationFraction(0.2)
        .setSeed(7)
        .setWeightCol("weight");
  }

  /** A stage trains by the job's loop; with the rows' index it is the job's model. */
  @Test
  void aFitHasTheBytesOfTheTrainingUnderneath() {
    RowBlock block = TestRows.reals(0, 1500, 4, 1, true);
    var blocks =
        org.apache.spark.api.java.JavaSparkContext.fromSparkContext(StageData.SPARK.sparkContext())
            .parallelize(List.of(block), 1);
    Dataset<Row> rows = StageData.of(block);
    for (int folds : new int[] {0, 3}) {
      SnnkRegressor learner = choosing().setNumFolds(folds).setRowIndexCol("row_index");
      SnnkRegressionModel ofVectors = learner.fit(StageData.vectors(rows));
      SnnkRegressionModel ofColumns = learner.setFeaturesCols(StageData.INPUTS).fit(rows);
      for (SnnkRegressionModel model : List.of(ofVectors, ofColumns)) {
        Roles roles = new Roles(model.model().inputNames(), List.of("label"), List.of(), "weight");
        assertThat(model.model().fingerprint())
            .isEqualTo(
                ClosedFormTraining.train(blocks, roles, options(folds), Phases.SILENT)
                    .model()
                    .fingerprint());
      }
      assertThat(ofVectors.model().inputNames()).containsExactly(StageData.ASSEMBLED);
      assertThat(ofColumns.model().inputNames()).containsExactly(StageData.INPUTS);
    }
  }

  /** The map is the one that its Params describe, after saving too. */
  @Test
  void everyMapOfTheJobsIsAtHand(@TempDir Path folder) throws Exception {
    Dataset<Row> rows = StageData.reals(0, 600);
    SnnkRegressor learner =
        choosing()
            .setFeaturesCols(StageData.INPUTS)
            .setFeatureMap("polynomial")
            .setNumRandomFeatures(21)
            .setCoefficients(0, 1, 0.5)
            .setInputNorm(true)
            .setLinear(true)
            .setProjection("gaussian")
            .setLengthScale(1.5);
    SnnkRegressionModel model = learner.fit(rows);
    FeatureFamily family =
        new FeatureFamily(
            "polynomial", 21, Projection.GAUSSIAN, List.of(0.0, 1.0, 0.5), true, true);
    assertThat(model.model().featurizer().map().describe())
        .isEqualTo(family.create(StageData.INPUTS.length, 1.5, 7).describe());
    model.write().save(folder.resolve("model").toString());
    SnnkRegressionModel loaded = SnnkRegressionModel.load(folder.resolve("model").toString());
    assertThat(loaded.getFeatureMap()).isEqualTo("polynomial");
    assertThat(loaded.getCoefficients()).containsExactly(0, 1, 0.5);
    assertThat(loaded.model().fingerprint()).isEqualTo(model.model().fingerprint());
  }

  /** Without an index the rows alone decide. */
  @Test
  void theOrderAndPartitionsOfRowsLeaveNoTrace() {
    Dataset<Row> rows = StageData.reals(0, 1500);
    SnnkRegressor learner = choosing().setFeaturesCols(StageData.INPUTS);
    String expected = learner.fit(rows).model().fingerprint();
    Dataset<Row> sorted = rows.orderBy(functions.col("e").desc()).repartition(7);
    assertThat(learner.fit(sorted).model().fingerprint()).isEqualTo(expected);
    assertThat(learner.fit(rows.coalesce(1)).model().fingerprint()).isEqualTo(expected);
  }

  @Test
  void aScoredTableHoldsTheModelsScoresAndTheColumnsItHad() {
    Dataset<Row> rows = StageData.vectors(StageData.reals(0, 1200));
    SnnkRegressionModel model = StageData.regressor().fit(rows);
    Dataset<Row> scored = model.transform(rows);
    assertThat(scored.schema()).isEqualTo(model.transformSchema(rows.schema()));
    assertThat(scored.columns()).startsWith(rows.columns()).endsWith("prediction");
    List<Row> got = scored.collectAsList();
    assertThat(got).hasSize(1200);
    for (Row row : got) {
      Vector features = row.getAs("features");
      double prediction = row.getAs("prediction");
      assertThat(prediction).isEqualTo(model.model().score(features.toArray())[0]);
      assertThat(model.predict(features)).isEqualTo(prediction);
      assertThat(row.<Double>getAs("e")).isEqualTo(features.apply(2));
    }
    assertThat(new RegressionEvaluator().setMetricName("r2").evaluate(scored)).isGreaterThan(0.5);
  }

  @Test
  void aVectorMayBeSparseAndItsZerosAreZeros() {
    Dataset<Row> rows = StageData.vectors(StageData.reals(0, 500));
    SnnkRegressionModel model = StageData.regressor().fit(rows);
    Vector dense = Vectors.dense(0, 1.5, 0, -2);
    Vector sparse = Vectors.sparse(4, new int[] {1, 3}, new double[] {1.5, -2});
    Dataset<Row> two =
        StageData.SPARK.createDataFrame(
            List.of(
                org.apache.spark.sql.RowFactory.create(dense),
                org.apache.spark.sql.RowFactory.create(sparse)),
            new org.apache.spark.sql.types.StructType()
                .add("features", org.apache.spark.ml.linalg.SQLDataTypes.VectorType()));
    List<Row> scored = model.transform(two).select("prediction").collectAsList();
    assertThat(scored.get(1).getDouble(0)).isEqualTo(scored.get(0).getDouble(0));
    assertThat(scored.get(0).getDouble(0)).isEqualTo(model.predict(sparse)).isNotNaN();
  }

  @Test
  void severalTargetsMakeSeveralColumns() {
    Dataset<Row> rows = StageData.of(TestRows.reals(0, 800, 4, 2, true));
    SnnkRegressionModel both =
        StageData.regressor()
            .setFeaturesCols(StageData.INPUTS)
            .setLabelCols("label", "label2")
            .fit(rows);
    SnnkRegressionModel second =
        StageData.regressor()
            .setFeaturesCols(StageData.INPUTS)
            .setLabelCol("label2")
            .setPredictionCol("alone")
            .fit(rows);
    Dataset<Row> scored = second.transform(both.transform(rows));
    assertThat(scored.columns()).contains("prediction_label", "prediction_label2", "alone");
    for (Row row : scored.select("prediction_label2", "alone").collectAsList()) {
      assertThat(row.getDouble(0)).isCloseTo(row.getDouble(1), within(1e-9));
    }
  }

  /** Spark shows an array by its address. */
  private static String explained(Params stage) {
    return stage.explainParams().replaceAll("\\[D@[0-9a-f]+", "[…]");
  }

  @Test
  void aModelComesBackAsItWasSaved(@TempDir Path folder) throws Exception {
    Dataset<Row> rows = StageData.vectors(StageData.reals(0, 600));
    SnnkRegressor learner =
        StageData.regressor().setPredictionStdCol("std").setIntervalCol("interval");
    learner.write().overwrite().save(folder.resolve("learner").toString());
    SnnkRegressor again = SnnkRegressor.load(folder.resolve("learner").toString());
    assertThat(again.uid()).isEqualTo(learner.uid());
    assertThat(explained(again)).isEqualTo(explained(learner));
    SnnkRegressionModel model = again.fit(rows).setAttributionsCol("why").setCoverage(0.8);
    model.write().overwrite().save(folder.resolve("model").toString());
    SnnkRegressionModel loaded = SnnkRegressionModel.load(folder.resolve("model").toString());
    assertThat(loaded.uid()).isEqualTo(model.uid());
    assertThat(explained(loaded)).isEqualTo(explained(model));
    assertThat(loaded.summary().toJson()).isEqualTo(model.summary().toJson());
    assertThat(loaded.transform(rows).collectAsList())
        .isEqualTo(model.transform(rows).collectAsList());
    assertThat(FullyBundledModel.load(folder.resolve("model")).fingerprint())
        .isEqualTo(model.summary().modelFingerprint());
  }

  @Test
  void aCopyTakesOtherParamsAndLeavesTheFirstAlone() {
    SnnkRegressor learner = StageData.regressor();
    SnnkRegressor copy =
        learner.copy(new ParamMap().put(learner.regParam(), 0.5).put(learner.seed(), 3L));
    assertThat(copy.getRegParam()).isEqualTo(0.5);
    assertThat(copy.getSeed()).isEqualTo(3);
    assertThat(copy.uid()).isEqualTo(learner.uid());
    assertThat(learner.getRegParam()).isEqualTo(1e-4);
    Dataset<Row> rows = StageData.vectors(StageData.reals(0, 300));
    SnnkRegressionModel model = learner.fit(rows, new ParamMap().put(learner.regParam(), 0.5));
    assertThat(model.getRegParam()).isEqualTo(0.5);
    assertThat(model.parent()).isNotNull();
    SnnkRegressionModel other = model.copy(ParamMap.empty());
    assertThat(other.summary()).isEqualTo(model.summary());
    assertThat(other.setPredictionCol("p").getPredictionCol()).isEqualTo("p");
    assertThat(model.getPredictionCol()).isEqualTo("prediction");
  }

  @Test
  void everyParamIsExplained() {
    String explained = new SnnkRegressor().explainParams();
    assertThat(explained)
        .contains("regParam: Ridge penalty on the mean squared error.", "(undefined)")
        .contains(
            "numRandomFeatures: Width m of the random feature map; even for cosines. (default: 1024)")
        .contains("seed: Seed of everything random. (default: 42)");
  }

  @Test
  void theSummaryTellsHowTheTrainingWent() {
    Dataset<Row> rows = StageData.vectors(StageData.reals(0, 900));
    SnnkRegressionModel model = choosing().setNumFolds(3).fit(rows);
    TrainingSummary summary = model.summary();
    assertThat(summary.rows()).isEqualTo(900);
    assertThat(summary.inputs()).containsExactly(StageData.ASSEMBLED);
    assertThat(summary.lengthScales()).hasSize(4);
    assertThat(summary.path()).hasSize(2);
    TrainingSummary.Penalty best =
        summary.path().stream()
            .min(Comparator.comparingDouble(TrainingSummary.Penalty::error))
            .orElseThrow();
    assertThat(summary.regParam()).isEqualTo(best.regParam());
    assertThat(summary.degreesOfFreedom()).isEqualTo(best.degreesOfFreedom()).isBetween(1.0, 65.0);
    // Both estimate the error of new rows; 0.25 is some ten standard errors.
    assertThat(best.gcv()).isCloseTo(best.error(), within(0.25 * best.error()));
    assertThat(best.trainingError()).isLessThan(best.error());
    assertThat(summary.statisticFingerprint()).hasSize(64);
    assertThat(summary.seconds()).containsKeys("moments", "length scale", "Gram matrix");
  }

  @Test
  void givenFoldsAndValidationRowsAreTheOnesThatChoose() {
    Dataset<Row> rows =
        StageData.vectors(StageData.reals(0, 900))
            .withColumn("fold", functions.expr("cast(row_index % 3 as int)"))
            .withColumn("validation", functions.expr("row_index % 3 = 0"));
    SnnkRegressor learner = choosing().setLengthScale(2);
    TrainingSummary byFold = learner.setFoldCol("fold").setNumFolds(3).fit(rows).summary();
    double[] mean = new double[2];
    for (int f = 0; f < 3; f++) {
      SnnkRegressor one = choosing().setLengthScale(2).setValidationIndicatorCol("validation");
      TrainingSummary part =
          one.fit(rows.withColumn("validation", functions.expr("fold = " + f))).summary();
      double weight =
          rows.where("fold = " + f).selectExpr("sum(weight)").head().getDouble(0)
              / rows.selectExpr("sum(weight)").head().getDouble(0);
      for (int l = 0; l < 2; l++) {
        mean[l] += weight * part.path().get(l).error();
      }
    }
    for (int l = 0; l < 2; l++) {
      // Weights enter on a grid.
      assertThat(byFold.path().get(l).error()).isCloseTo(mean[l], within(1e-5 * mean[l]));
    }
  }

  @Test
  void anImportantInputIsFound() {
    Dataset<Row> rows =
        StageData.vectors(
            StageData.reals(0, 800).withColumn("label", functions.expr("sin(2 * e) + 0.1 * f")));
    SnnkRegressionModel model = StageData.regressor().fit(rows);
    List<FeatureImportance> importances = model.featureImportances(rows);
    assertThat(importances)
        .extracting(FeatureImportance::name)
        .containsExactly(StageData.ASSEMBLED);
    assertThat(importances.get(2).share()).isGreaterThan(0.8);
    assertThat(importances.stream().mapToDouble(FeatureImportance::share).sum())
        .isCloseTo(1, within(1e-12));
    assertThat(Arrays.asList(0, 1))
        .allSatisfy(j -> assertThat(importances.get(j).share()).isLessThan(0.1));
  }

  @Test
  void attributionsOfARowAreGradientTimesInput() {
    Dataset<Row> rows = StageData.vectors(StageData.reals(0, 300));
    SnnkRegressionModel model = StageData.regressor().fit(rows).setAttributionsCol("why");
    Dataset<Row> scored = model.transform(rows);
    assertThat(
            AttributeGroup.fromStructField(scored.schema().apply("why"))
                .getAttr("c d")
                .index()
                .get())
        .isEqualTo(1);
    FullyBundledModel bare = model.model();
    for (Row row : scored.limit(20).collectAsList()) {
      double[] x = row.<Vector>getAs("features").toArray();
      double[] expected = new double[4];
      bare.attributions(1, x, new int[1], expected, new FullyBundledModel.Workspace());
      assertThat(row.<Vector>getAs("why").toArray()).containsExactly(expected, within(1e-12));
    }
  }
}
