package org.snnk.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snnk.feature.Standardizer;

class RandomFeaturesTest {
  private static final double SIGMA = 3;

  private static RandomFeatures features(int m) {
    return new RandomFeatures()
        .setInputCol("features")
        .setOutputCol("z")
        .setNumRandomFeatures(m)
        .setLengthScale(SIGMA);
  }

  /** The error of an estimate from m/2 independent frequencies has deviation at most 1/√m. */
  @Test
  void theProductOfTwoRowsEstimatesTheGaussianKernel() {
    int m = 4096;
    Dataset<Row> rows = StageData.vectors(StageData.reals(0, 40));
    RandomFeaturesModel model = features(m).fit(rows);
    List<Row> z = model.transform(rows).select("features", "z").collectAsList();
    Standardizer standardizer = model.featurizer().standardizer();
    for (Row a : z) {
      for (Row b : z) {
        double square = 0;
        double product = 0;
        for (int j = 0; j < 4; j++) {
          double difference =
              (a.<Vector>getAs(0).apply(j) - b.<Vector>getAs(0).apply(j)) * standardizer.factor(j);
          square += difference * difference;
        }
        Vector left = a.getAs(1);
        Vector right = b.getAs(1);
        for (int j = 0; j < m; j++) {
          product += left.apply(j) * right.apply(j);
        }
        assertThat(product)
            .isCloseTo(Math.exp(-square / (2 * SIGMA * SIGMA)), within(6 / Math.sqrt(m)));
      }
    }
  }

  @Test
  void aLinearLearnerBecomesANonLinearOneAndThePipelineIsSaved(@TempDir Path folder)
      throws Exception {
    Dataset<Row> rows = StageData.classes(0, 800, 2).withColumnRenamed("a.b", "a");
    LogisticRegression linear =
        new LogisticRegression().setFeaturesCol("features").setRegParam(1e-3);
    BinaryClassificationEvaluator auc = new BinaryClassificationEvaluator();
    double plain =
        auc.evaluate(
            new Pipeline()
                .setStages(new PipelineStage[] {StageData.assembler(), linear})
                .fit(rows)
                .transform(rows));
    PipelineModel fitted =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  StageData.assembler(),
                  features(128),
                  linear.copy(new org.apache.spark.ml.param.ParamMap()).setFeaturesCol("z")
                })
            .fit(rows);
    assertThat(auc.evaluate(fitted.transform(rows))).isGreaterThan(plain + 0.02);
    fitted.save(folder.resolve("pipeline").toString());
    PipelineModel loaded = PipelineModel.load(folder.resolve("pipeline").toString());
    assertThat(loaded.transform(rows).select("z", "prediction").collectAsList())
        .isEqualTo(fitted.transform(rows).select("z", "prediction").collectAsList());
  }

  @Test
  void withoutALengthScaleTheMedianDistanceIsTaken() {
    Dataset<Row> rows = StageData.vectors(StageData.reals(0, 300));
    RandomFeatures auto = new RandomFeatures().setInputCol("features").setNumRandomFeatures(16);
    // Two of four independent standard normals differ by about √(2·4) in the median, less a little.
    assertThat(auto.fit(rows).featurizer().map().describe()).contains("lengthScale=2.");
  }
}
