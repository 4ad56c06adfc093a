package org.snnk.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snnk.SnnkException;
import org.snnk.model.NetworkModel;
import org.snnk.network.EpochLoss;

class SnnkNetworkTest {
  private static SnnkNetworkClassifier classifier() {
    return new SnnkNetworkClassifier()
        .setLayers("dense 16", "snnk 8 8")
        .setMaxIter(12)
        .setBatchSize(32)
        .setStepSize(0.01)
        .setShards(2)
        .setSeed(3);
  }

  private static SnnkNetworkRegressor regressor() {
    return new SnnkNetworkRegressor()
        .setLayers("dense 24 tanh")
        .setMaxIter(20)
        .setBatchSize(32)
        .setStepSize(0.01)
        .setShards(2)
        .setRowIndexCol("row_index")
        .setSeed(3);
  }

  @Test
  void aClassifierLearnsAndItsScoresAreTheModels() {
    Dataset<Row> rows =
        StageData.vectors(
            StageData.reals(0, 900)
                .withColumn("label", functions.expr("double(int(label > 4.5) + int(label > 6))")));
    SnnkNetworkClassificationModel model = classifier().fit(rows);
    assertThat(model.numClasses()).isEqualTo(3);
    assertThat(model.numFeatures()).isEqualTo(4);
    Dataset<Row> scored = model.transform(rows);
    assertThat(scored.schema()).isEqualTo(model.transformSchema(rows.schema()));
    for (Row row : scored.limit(100).collectAsList()) {
      Vector probability = row.getAs("probability");
      double sum = 0;
      for (double p : probability.toArray()) {
        sum += p;
      }
      assertThat(sum).isCloseTo(1, within(1e-6));
      assertThat(row.<Double>getAs("prediction")).isEqualTo(probability.argmax());
      Vector features = row.getAs("features");
      Vector alone = model.predictProbability(features);
      for (int c = 0; c < 3; c++) {
        // Single precision, in another block.
        assertThat(alone.apply(c)).isCloseTo(probability.apply(c), within(1e-5));
      }
    }
    assertThat(new MulticlassClassificationEvaluator().setMetricName("logLoss").evaluate(scored))
        .isLessThan(0.8 * Math.log(3));
    List<EpochLoss> curve = model.learningCurve();
    assertThat(curve).hasSize(12);
    assertThat(curve.get(11).training()).isLessThan(curve.get(0).training());
  }

  @Test
  void theSameRowsAndShardsGiveTheSameBytes() {
    Dataset<Row> rows = StageData.reals(0, 800);
    SnnkNetworkRegressor learner = regressor().setFeaturesCols(StageData.INPUTS);
    SnnkNetworkRegressionModel model = learner.fit(rows);
    Dataset<Row> mixed = rows.orderBy(functions.col("e").desc()).repartition(5);
    assertThat(learner.fit(mixed).model().fingerprint()).isEqualTo(model.model().fingerprint());
    double r2 = new RegressionEvaluator().setMetricName("r2").evaluate(model.transform(rows));
    assertThat(r2).isGreaterThan(0.6);
  }

  @Test
  void aPipelineIsSavedAndLoaded(@TempDir Path folder) throws Exception {
    Dataset<Row> rows = StageData.classes(0, 300, 2).withColumnRenamed("a.b", "a");
    PipelineModel model =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  StageData.assembler(), classifier().setMaxIter(2).setWeightCol("weight")
                })
            .fit(rows);
    model.save(folder.resolve("pipeline").toString());
    PipelineModel loaded = PipelineModel.load(folder.resolve("pipeline").toString());
    assertThat(loaded.transform(rows).select("probability").collectAsList())
        .isEqualTo(model.transform(rows).select("probability").collectAsList());
    SnnkNetworkClassificationModel stage = (SnnkNetworkClassificationModel) loaded.stages()[1];
    assertThat(stage.getLayers()).containsExactly("dense 16", "snnk 8 8");
    assertThat(stage.toString()).contains("numFeatures=4");
    // A service takes the file alone.
    NetworkModel alone = ((SnnkNetworkClassificationModel) model.stages()[1]).model();
    assertThat(NetworkModel.fromBytes(alone.toBytes(), "bytes").fingerprint())
        .isEqualTo(stage.model().fingerprint());
    stage.write().save(folder.resolve("stage").toString());
    assertThat(SnnkNetworkClassificationModel.load(folder.resolve("stage").toString()).uid())
        .isEqualTo(stage.uid());
  }

  @Test
  void aSmallNetworkLearnsByLbfgs() {
    Dataset<Row> rows = StageData.vectors(StageData.reals(0, 500));
    SnnkNetworkRegressionModel model =
        regressor().setLayers("dense 8 tanh").setOptimizer("lbfgs").setMaxIter(30).fit(rows);
    double r2 = new RegressionEvaluator().setMetricName("r2").evaluate(model.transform(rows));
    assertThat(r2).isGreaterThan(0.6);
    Row first = model.transform(rows).head();
    assertThat(model.predict(first.<Vector>getAs("features")))
        .isCloseTo(first.getAs("prediction"), within(1e-5));
    ParamMap extra = new ParamMap().put(model.predictionCol().w("guess"));
    assertThat(model.copy(extra).transform(rows).columns()).endsWith("guess");
  }

  @Test
  void badInputIsTold() {
    Dataset<Row> rows = StageData.vectors(StageData.reals(0, 60));
    assertThatThrownBy(() -> regressor().setLayers("dense").fit(rows))
        .isInstanceOf(SnnkException.class)
        .hasMessageStartingWith("layers: expected 'dense WIDTH [ACTIVATION]', ")
        .hasMessageEndingWith("got 'dense'. Correct the layer.");
    assertThatThrownBy(() -> regressor().setLayers("dropout 0.5").setOptimizer("lbfgs").fit(rows))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "sgd.optimizer: expected another than lbfgs for a network with dropout, got lbfgs."
                + " Leave the dropout out: L-BFGS needs one and the same function in every step.");
    assertThatThrownBy(() -> classifier().setLabelCol("labe").fit(rows))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "labelCol: expected a column of the data set, got 'labe'. Did you mean 'label'?");
    SnnkNetworkRegressionModel model = regressor().setMaxIter(1).fit(rows);
    assertThatThrownBy(() -> model.transform(rows.drop("features")))
        .isInstanceOf(SnnkException.class)
        .hasMessageStartingWith("featuresCol: expected a column of the data set, got 'features'.");
    assertThatThrownBy(() -> new SnnkNetworkRegressionModel().model())
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "model: expected a fitted one, got an empty one. Call fit, or load a saved model.");
  }
}
