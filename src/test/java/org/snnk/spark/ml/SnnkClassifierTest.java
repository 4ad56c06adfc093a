package org.snnk.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.TestRows;
import org.snnk.linalg.RowBlock;
import org.snnk.spark.data.Roles;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.spark.train.Phases;

class SnnkClassifierTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aScoredTableHoldsScoresProbabilitiesAndTheLikeliestClass(int classes) {
    Dataset<Row> rows = StageData.vectors(StageData.classes(0, 900, classes));
    SnnkClassificationModel model = StageData.classifier().fit(rows);
    assertThat(model.numClasses()).isEqualTo(classes);
    assertThat(model.numFeatures()).isEqualTo(4);
    Dataset<Row> scored = model.transform(rows);
    assertThat(scored.schema()).isEqualTo(model.transformSchema(rows.schema()));
    assertThat(AttributeGroup.fromStructField(scored.schema().apply("probability")).size())
        .isEqualTo(classes);
    for (Row row : scored.limit(200).collectAsList()) {
      Vector features = row.getAs("features");
      Vector raw = row.getAs("rawPrediction");
      Vector probability = row.getAs("probability");
      assertThat(probability.toArray()).isEqualTo(model.model().score(features.toArray()));
      assertThat(raw).isEqualTo(model.predictRaw(features));
      assertThat(probability).isEqualTo(model.predictProbability(features));
      assertThat(row.<Double>getAs("prediction"))
          .isEqualTo(probability.argmax())
          .isEqualTo(model.predict(features));
    }
    if (classes == 2) {
      assertThat(new BinaryClassificationEvaluator().evaluate(scored)).isGreaterThan(0.6);
    }
    assertThat(new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(scored))
        .isGreaterThan(1.2 / classes);
    assertThat(new MulticlassClassificationEvaluator().setMetricName("logLoss").evaluate(scored))
        .isLessThan(Math.log(classes));
  }

  @Test
  void aFitHasTheBytesOfTheTrainingUnderneath() {
    RowBlock block = TestRows.classes(0, 1200, 4, 3, true);
    var blocks =
        JavaSparkContext.fromSparkContext(StageData.SPARK.sparkContext())
            .parallelize(List.of(block), 1);
    Dataset<Row> rows = StageData.of(block);
    SnnkClassificationModel model =
        new SnnkClassifier()
            .setNumRandomFeatures(64)
            .setSeed(7)
            .setWeightCol("weight")
            .setRowIndexCol("row_index")
            .setFeaturesCols(StageData.INPUTS)
            .fit(rows);
    Roles roles =
        new Roles(List.of(StageData.INPUTS), List.of("label"), List.of("0", "1", "2"), "weight");
    assertThat(model.model().fingerprint())
        .isEqualTo(
            ClosedFormTraining.train(blocks, roles, StageData.defaultOptions(64, 7), Phases.SILENT)
                .model()
                .fingerprint());
  }

  /** Spark's rule: the largest p/t, and a threshold of 0 always wins. */
  @Test
  void thresholdsMoveThePrediction() {
    Dataset<Row> rows = StageData.vectors(StageData.classes(0, 600, 2));
    SnnkClassificationModel model = StageData.classifier().fit(rows);
    for (double[] thresholds : new double[][] {{0.9, 0.1}, {0.2, 0.7}, {0, 0.5}}) {
      model.setThresholds(thresholds);
      for (Row row : model.transform(rows).limit(100).collectAsList()) {
        double[] p = row.<Vector>getAs("probability").toArray();
        assertThat(row.<Double>getAs("prediction"))
            .isEqualTo(p[1] / thresholds[1] > p[0] / thresholds[0] ? 1.0 : 0.0)
            .isEqualTo(model.predict(row.getAs("features")));
      }
    }
  }

  @Test
  void labelsOfAStringIndexerNameTheClasses(@TempDir Path folder) throws Exception {
    Dataset<Row> rows =
        StageData.vectors(StageData.classes(0, 500, 3))
            .withColumn(
                "species",
                functions.expr("element_at(array('oak', 'elm', 'yew'), int(label) + 1)"));
    Dataset<Row> indexed =
        new StringIndexer()
            .setInputCol("species")
            .setOutputCol("index")
            .setStringOrderType("alphabetAsc")
            .fit(rows)
            .transform(rows);
    SnnkClassificationModel model = StageData.classifier().setLabelCol("index").fit(indexed);
    model.write().save(folder.resolve("model").toString());
    SnnkClassificationModel loaded =
        SnnkClassificationModel.load(folder.resolve("model").toString());
    assertThat(loaded.classLabels()).containsExactly("elm", "oak", "yew");
    Dataset<Row> named =
        new org.apache.spark.ml.feature.IndexToString()
            .setInputCol("prediction")
            .setOutputCol("named")
            .transform(loaded.transform(indexed));
    assertThat(named.where("named = species").count()).isGreaterThan(200);
    assertThat(loaded.transform(indexed).collectAsList())
        .isEqualTo(model.transform(indexed).collectAsList());
  }

  /** A class that no row has, whether metadata name it or a larger index shows it. */
  @Test
  void aClassNeverSeenInTrainingIsNeverLikely() {
    Dataset<Row> rows =
        StageData.vectors(StageData.classes(0, 600, 2))
            .withColumn("label", functions.expr("label * 2"));
    SnnkClassificationModel model = StageData.classifier().fit(rows);
    assertThat(model.numClasses()).isEqualTo(3);
    for (Row row : model.transform(rows).select("probability", "prediction").collectAsList()) {
      assertThat(row.<Vector>getAs(0).apply(1)).isLessThan(0.05);
      assertThat(row.getDouble(1)).isNotEqualTo(1.0);
    }
  }

  @Test
  void attributionsAreThoseOfThePredictedClass() {
    Dataset<Row> rows = StageData.vectors(StageData.classes(0, 300, 2));
    SnnkClassificationModel model = StageData.classifier().fit(rows).setAttributionsCol("why");
    for (Row row : model.transform(rows).limit(30).collectAsList()) {
      double[] x = row.<Vector>getAs("features").toArray();
      int predicted = row.<Double>getAs("prediction").intValue();
      double[] why = row.<Vector>getAs("why").toArray();
      double factor = model.model().featurizer().standardizer().factor(2);
      double step = 1e-3 / factor;
      double[] up = x.clone();
      double[] down = x.clone();
      up[2] += step;
      down[2] -= step;
      double slope = (raw(model, up, predicted) - raw(model, down, predicted)) / 2e-3;
      double standard = (x[2] - model.model().featurizer().standardizer().mean(2)) * factor;
      // Inputs stand on a grid of 2^-16, so the difference quotient is good to some percent.
      assertThat(why[2]).isCloseTo(slope * standard, within(0.05 * Math.abs(standard)));
    }
  }

  private static double raw(SnnkClassificationModel model, double[] x, int c) {
    return model.predictRaw(org.apache.spark.ml.linalg.Vectors.dense(x)).apply(c);
  }
}
