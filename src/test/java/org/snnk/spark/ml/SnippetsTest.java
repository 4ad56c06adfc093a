package org.snnk.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snnk.model.FullyBundledModel;
import org.snnk.network.EpochLoss;

/** The code of the pages about stages, which runs here between two comments that name it. */
class SnippetsTest {
  private static Dataset<Row> table(String label) {
    return StageData.reals(0, 400)
        .withColumnRenamed("a.b", "income")
        .withColumnRenamed("c d", "age")
        .withColumnRenamed("e", "amount")
        .withColumnRenamed("f", "months")
        .withColumn("label", functions.expr(label))
        .drop("weight", "row_index");
  }

  @Test
  void regressor(@TempDir Path temporary) throws IOException {
    Dataset<Row> rows = table("3 * sin(age) + amount").withColumnRenamed("label", "loss");
    Dataset<Row> fresh = rows.drop("loss");
    String folder = temporary.resolve("regressor").toString();
    // snippet regressor
    SnnkRegressor learner =
        new SnnkRegressor()
            .setFeaturesCols("income", "age", "amount", "months")
            .setLabelCol("loss")
            .setNumRandomFeatures(256)
            .setIntervalCol("interval")
            .setCoverage(0.9);
    SnnkRegressionModel model = learner.fit(rows);
    Dataset<Row> scored = model.transform(fresh); // prediction, interval.lower, interval.upper
    double lambda = model.summary().regParam();
    FeatureImportance first = model.featureImportances(rows).get(0); // name, share
    model.write().save(folder);
    // end
    assertThat(scored.columns()).endsWith("prediction", "interval");
    assertThat(scored.where("interval.lower < prediction").count()).isEqualTo(400);
    assertThat(lambda).isPositive();
    assertThat(first.name()).isEqualTo("income");
    double income = 1;
    double age = 2;
    double amount = 3;
    double months = 4;
    // snippet without-spark
    FullyBundledModel loaded = FullyBundledModel.load(Path.of(folder));
    double[] prediction = loaded.score(income, age, amount, months);
    // end
    assertThat(prediction).hasSize(1).doesNotContain(Double.NaN);
    // snippet sql
    SnnkFunctions.register(fresh.sparkSession());
    fresh.createOrReplaceTempView("loans");
    Dataset<Row> predicted =
        fresh
            .sparkSession()
            .sql(
                "SELECT snnk_predict('"
                    + folder
                    + "', array(income, age, amount, months)) AS loss FROM loans");
    // end
    assertThat(predicted.selectExpr("avg(loss)").head().getDouble(0))
        .isEqualTo(scored.selectExpr("avg(prediction)").head().getDouble(0));
  }

  @Test
  void classifier() {
    Dataset<Row> rows =
        table("if(sin(age) > amount, 'late', 'paid')").withColumnRenamed("label", "outcome");
    // snippet classifier
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new StringIndexer().setInputCol("outcome").setOutputCol("label"),
                  new VectorAssembler()
                      .setInputCols(new String[] {"income", "age", "amount", "months"})
                      .setOutputCol("features"),
                  new SnnkClassifier().setNumRandomFeatures(256).setNumFolds(5)
                });
    PipelineModel model = pipeline.fit(rows);
    Dataset<Row> scored = model.transform(rows); // rawPrediction, probability, prediction
    // end
    assertThat(scored.where("label = prediction").count()).isGreaterThan(300);
  }

  @Test
  void network() {
    Dataset<Row> rows = table("int(sin(age) > amount)");
    // snippet network
    SnnkNetworkClassifier learner =
        new SnnkNetworkClassifier()
            .setFeaturesCols("income", "age", "amount", "months")
            .setLayers("dense 64", "snnk 32 64", "dropout 0.1")
            .setMaxIter(30)
            .setBatchSize(32)
            .setPatience(5);
    SnnkNetworkClassificationModel model = learner.fit(rows);
    Dataset<Row> scored = model.transform(rows); // rawPrediction, probability, prediction
    List<EpochLoss> curve = model.learningCurve(); // training and validation loss of each epoch
    // end
    assertThat(scored.where("label = prediction").count()).isGreaterThan(300);
    assertThat(curve).isNotEmpty();
  }

  @Test
  void randomFeatures() {
    Dataset<Row> rows = table("int(sin(age) > amount)");
    // snippet random-features
    RandomFeatures features =
        new RandomFeatures()
            .setInputCols("income", "age", "amount", "months")
            .setOutputCol("z")
            .setNumRandomFeatures(256);
    LogisticRegression linear = new LogisticRegression().setFeaturesCol("z").setRegParam(1e-3);
    PipelineModel model =
        new Pipeline().setStages(new PipelineStage[] {features, linear}).fit(rows);
    // end
    assertThat(model.transform(rows).where("label = prediction").count()).isGreaterThan(300);
  }

  @ParameterizedTest
  @CsvSource({
    "snnk-regressor.md, regressor",
    "snnk-classifier.md, classifier",
    "snnk-network.md, network",
    "random-features.md, random-features",
    "scoring-without-spark.md, without-spark",
    "scoring-without-spark.md, sql"
  })
  void aPageShowsTheCodeThatRuns(String page, String name) throws IOException {
    String source = Files.readString(Path.of("src/test/java/org/snnk/spark/ml/SnippetsTest.java"));
    Matcher snippet =
        Pattern.compile("// snippet " + name + "\\n(.*?)\\n *// end", Pattern.DOTALL)
            .matcher(source);
    assertThat(snippet.find()).as("snippet " + name).isTrue();
    assertThat(Files.readString(Path.of("src/site/markdown", page)))
        .contains("```java\n" + snippet.group(1).replaceAll("(?m)^    ", "") + "\n```");
  }
}
