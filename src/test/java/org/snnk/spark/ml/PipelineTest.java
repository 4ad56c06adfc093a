package org.snnk.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stages among Spark's own. */
class PipelineTest {
  private static Pipeline pipeline(SnnkRegressor learner) {
    return new Pipeline()
        .setStages(
            new PipelineStage[] {
              StageData.assembler(),
              new StandardScaler().setInputCol("features").setOutputCol("scaled"),
              learner.setFeaturesCol("scaled")
            });
  }

  private static Dataset<Row> rows(int to) {
    return StageData.reals(0, to).withColumnRenamed("a.b", "a");
  }

  @Test
  void aPipelineIsFittedSavedAndLoaded(@TempDir Path folder) throws Exception {
    Dataset<Row> rows = rows(400);
    String unfitted = folder.resolve("pipeline").toString();
    pipeline(StageData.regressor()).save(unfitted);
    PipelineModel model = Pipeline.load(unfitted).fit(rows);
    model.save(folder.resolve("model").toString());
    PipelineModel loaded = PipelineModel.load(folder.resolve("model").toString());
    assertThat(loaded.transform(rows).collectAsList())
        .isEqualTo(model.transform(rows).collectAsList());
  }

  @Test
  void aCrossValidatorChoosesAmongPenaltiesAndIsSaved(@TempDir Path folder) throws Exception {
    Dataset<Row> rows = StageData.vectors(StageData.reals(0, 600));
    SnnkRegressor learner = StageData.regressor();
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(learner.regParam(), new double[] {1e-3, 100}).build();
    CrossValidatorModel chosen =
        new CrossValidator()
            .setEstimator(learner)
            .setEstimatorParamMaps(grid)
            .setEvaluator(new RegressionEvaluator())
            .setNumFolds(2)
            .setSeed(1)
            .fit(rows);
    assertThat(((SnnkRegressionModel) chosen.bestModel()).getRegParam()).isEqualTo(1e-3);
    chosen.save(folder.resolve("chosen").toString());
    assertThat(CrossValidatorModel.load(folder.resolve("chosen").toString()).avgMetrics())
        .isEqualTo(chosen.avgMetrics());
    var split =
        new TrainValidationSplit()
            .setEstimator(learner)
            .setEstimatorParamMaps(grid)
            .setEvaluator(new RegressionEvaluator())
            .fit(rows);
    assertThat(((SnnkRegressionModel) split.bestModel()).getRegParam()).isEqualTo(1e-3);
  }

  @Test
  void aStreamIsScoredAsATableIs(@TempDir Path folder) throws Exception {
    Dataset<Row> rows = rows(300);
    String files = folder.resolve("rows").toString();
    rows.write().parquet(files);
    PipelineModel model = pipeline(StageData.regressor()).fit(rows);
    Dataset<Row> stream =
        model.transform(StageData.SPARK.readStream().schema(rows.schema()).parquet(files));
    StreamingQuery query =
        stream
            .select("row_index", "prediction")
            .writeStream()
            .format("memory")
            .queryName("scored")
            .start();
    try {
      query.processAllAvailable();
    } finally {
      query.stop();
    }
    assertThat(StageData.SPARK.table("scored").orderBy("row_index").collectAsList())
        .isEqualTo(
            model
                .transform(rows)
                .select("row_index", "prediction")
                .orderBy("row_index")
                .collectAsList());
  }

  @Test
  void aScoredTableCanBeFilteredJoinedWithItselfAndPruned() {
    Dataset<Row> rows = StageData.vectors(StageData.reals(0, 300));
    SnnkRegressionModel model = StageData.regressor().fit(rows);
    Dataset<Row> scored = model.transform(rows);
    long above = scored.where("prediction > 5").count();
    assertThat(above).isBetween(50L, 250L);
    assertThat(scored.where("row_index < 10").count()).isEqualTo(10);
    assertThat(scored.count()).isEqualTo(300);
    Dataset<Row> other = model.transform(rows).as("other");
    assertThat(
            scored
                .as("one")
                .join(other, functions.expr("one.row_index = other.row_index"))
                .where("one.prediction = other.prediction")
                .count())
        .isEqualTo(300);
    // A column keeps its identity, so that it may be named by the table it came from.
    assertThat(scored.select(rows.col("label"), scored.col("prediction")).count()).isEqualTo(300);
    assertThat(scored.select("prediction").queryExecution().executedPlan().toString())
        .doesNotContain("row_index");
    assertThat(scored.limit(7).collectAsList()).hasSize(7);
  }

  @Test
  void twoModelsScoreOneTable() {
    Dataset<Row> rows = StageData.vectors(StageData.reals(0, 200));
    SnnkRegressionModel one = StageData.regressor().fit(rows);
    SnnkRegressionModel other =
        StageData.regressor().setRegParam(10).setPredictionCol("second").fit(rows);
    Dataset<Row> both = other.transform(one.transform(rows));
    assertThat(both.where("prediction = second").count()).isLessThan(200);
    // A column of the same name is replaced.
    assertThat(one.transform(both).columns()).isEqualTo(both.columns());
  }

  /** Spark Connect finds stages of other projects by these files and needs one of each. */
  @Test
  void everyStageIsRegistered() {
    assertThat(registered(Estimator.class))
        .contains(RandomFeatures.class, SnnkClassifier.class, SnnkRegressor.class);
    assertThat(registered(Transformer.class))
        .contains(
            RandomFeaturesModel.class, SnnkClassificationModel.class, SnnkRegressionModel.class);
  }

  private static <T> List<Class<?>> registered(Class<T> kind) {
    return ServiceLoader.load(kind).stream()
        .filter(stage -> stage.type().getName().startsWith("org.snnk"))
        .<Class<?>>map(stage -> stage.get().getClass())
        .toList();
  }
}
