"""The Python stages against their Java twins, in a classic session."""

import math
import os
import tempfile
import unittest

from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.evaluation import MulticlassClassificationEvaluator, RegressionEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.linalg import Vectors
from pyspark.ml.tuning import CrossValidator, CrossValidatorModel, ParamGridBuilder
from pyspark.sql import SparkSession

from snnk import (
    RandomFeatures,
    RandomFeaturesModel,
    SnnkClassificationModel,
    SnnkClassifier,
    SnnkNetworkClassificationModel,
    SnnkNetworkClassifier,
    SnnkNetworkRegressor,
    SnnkRegressionModel,
    SnnkRegressor,
)

STAGES = (
    SnnkRegressor,
    SnnkClassifier,
    SnnkNetworkRegressor,
    SnnkNetworkClassifier,
    RandomFeatures,
)


#: Has Spark's own Params, whose texts differ between Spark's Java and Python.
SPARKS = LogisticRegression


def numbers(i):
    """Four numbers that are functions of i, as good as random, within ±1."""
    return [math.sin(12.9898 * i * (k + 1) + 78.233 * k) for k in range(4)]


def rows(spark, count=400):
    data = []
    for i in range(count):
        x = numbers(i + 1)
        y = math.sin(3 * x[0]) + x[1] * x[2]
        data.append((Vectors.dense(x), *x, float(y), float(y > 0)))
    return spark.createDataFrame(data, ["features", "a", "b", "c d", "e", "label", "kind"])


class StagesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.spark = (
            SparkSession.builder.master("local[2]")
            .config("spark.jars", os.environ["SNNK_JAR"])
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate()
        )
        cls.spark.sparkContext.setLogLevel("ERROR")
        cls.rows = rows(cls.spark).cache()

    @classmethod
    def tearDownClass(cls):
        cls.spark.stop()

    def folder(self, name):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        return os.path.join(held.name, name)

    def predictions(self, model, column="prediction"):
        return [row[0] for row in model.transform(self.rows).select(column).collect()]

    def test_params_defaults_and_texts_are_those_of_java(self):
        for stage in STAGES:
            stage = stage()
            java = stage._java_obj
            names = {p.name() for p in java.params()}
            self.assertEqual(names, {p.name for p in stage.params})
            for param in stage.params:
                twin = java.getParam(param.name)
                if not hasattr(SPARKS, param.name):
                    self.assertEqual(twin.doc(), param.doc, param.name)
                self.assertEqual(java.isDefined(twin), stage.isDefined(param), param.name)
        self.assertEqual(1024, SnnkRegressor().getNumRandomFeatures())
        self.assertEqual([0.25, 0.5, 0.7, 1.0, 1.4], list(SnnkRegressor().getLengthScaleGrid()))

    def test_regression_is_fitted_saved_and_loaded(self):
        learner = SnnkRegressor(numRandomFeatures=128, seed=3, predictionStdCol="deviation")
        model = learner.fit(self.rows)
        r2 = RegressionEvaluator(metricName="r2").evaluate(model.transform(self.rows))
        self.assertGreater(r2, 0.95)
        self.assertEqual(4, model.numFeatures)
        self.assertGreater(min(self.predictions(model, "deviation")), 0)
        one = self.rows.first()
        self.assertEqual(self.predictions(model)[0], model.predict(one.features))
        path = self.folder("model")
        model.save(path)
        loaded = SnnkRegressionModel.load(path)
        self.assertEqual(self.predictions(model), self.predictions(loaded))
        self.assertEqual(128, loaded.getNumRandomFeatures())
        learner.save(self.folder("learner"))

    def test_several_columns_and_other_maps(self):
        learner = (
            SnnkRegressor()
            .setFeaturesCols(["a", "b", "c d", "e"])
            .setFeatureMap("relu")
            .setNumRandomFeatures(64)
            .setProjection("gaussian")
            .setLinear(True)
        )
        model = learner.fit(self.rows)
        self.assertEqual("relu", model.getFeatureMap())
        importances = model.featureImportances(self.rows)
        self.assertEqual(["a", "b", "c d", "e"], [i.name for i in importances])
        self.assertAlmostEqual(1, sum(i.share for i in importances))
        self.assertEqual("a", max(importances, key=lambda i: i.share).name)
        self.assertEqual(400, model.summary["rows"])

    def test_classification_in_a_saved_pipeline(self):
        assembler = VectorAssembler(inputCols=["a", "b", "e"], outputCol="x")
        learner = SnnkClassifier(featuresCol="x", labelCol="kind", numRandomFeatures=64)
        model = Pipeline(stages=[assembler, learner]).fit(self.rows)
        self.assertEqual(2, model.stages[1].numClasses)
        probability = self.predictions(model, "probability")[0]
        self.assertAlmostEqual(1, sum(probability))
        accuracy = MulticlassClassificationEvaluator(labelCol="kind", metricName="accuracy")
        self.assertGreater(accuracy.evaluate(model.transform(self.rows)), 0.85)
        path = self.folder("pipeline")
        model.save(path)
        loaded = PipelineModel.load(path)
        self.assertIsInstance(loaded.stages[1], SnnkClassificationModel)
        self.assertEqual(self.predictions(model), self.predictions(loaded))
        untrained = self.folder("untrained")
        Pipeline(stages=[assembler, learner]).save(untrained)
        self.assertEqual(64, Pipeline.load(untrained).getStages()[1].getNumRandomFeatures())

    def test_cross_validation(self):
        learner = SnnkRegressor(numRandomFeatures=32, lengthScale=1.5)
        grid = ParamGridBuilder().addGrid(learner.regParam, [1e-4, 10.0]).build()
        tuned = CrossValidator(
            estimator=learner,
            estimatorParamMaps=grid,
            evaluator=RegressionEvaluator(metricName="rmse"),
            numFolds=2,
            seed=1,
        ).fit(self.rows)
        self.assertLess(tuned.avgMetrics[0], tuned.avgMetrics[1])
        self.assertEqual(1e-4, tuned.bestModel.getRegParam())
        path = self.folder("tuned")
        tuned.save(path)
        loaded = CrossValidatorModel.load(path)
        self.assertEqual(self.predictions(tuned.bestModel), self.predictions(loaded.bestModel))

    def test_random_features_before_a_linear_learner(self):
        features = RandomFeatures(inputCol="features", outputCol="z", numRandomFeatures=64)
        linear = LogisticRegression(featuresCol="z", labelCol="kind", regParam=1e-3)
        model = Pipeline(stages=[features, linear]).fit(self.rows)
        self.assertIsInstance(model.stages[0], RandomFeaturesModel)
        self.assertEqual(64, len(self.predictions(model, "z")[0]))

    def test_networks(self):
        network = SnnkNetworkRegressor(layers=["dense 16 tanh"], maxIter=15, stepSize=0.02, shards=2)
        model = network.setBatchSize(16).fit(self.rows)
        r2 = RegressionEvaluator(metricName="r2").evaluate(model.transform(self.rows))
        self.assertGreater(r2, 0.6)
        self.assertEqual(15, len(model.learningCurve))
        path = self.folder("network")
        classes = SnnkNetworkClassifier(labelCol="kind", layers=["dense 8"], maxIter=2, shards=2)
        fitted = classes.fit(self.rows)
        fitted.save(path)
        loaded = SnnkNetworkClassificationModel.load(path)
        self.assertEqual(self.predictions(fitted), self.predictions(loaded))

    def test_mistakes_are_told_in_java_s_words(self):
        with self.assertRaisesRegex(Exception, "Did you mean 'label'"):
            SnnkRegressor(labelCol="labe").fit(self.rows)
        with self.assertRaises(TypeError):
            SnnkRegressor(numRandomFeatures="many")


if __name__ == "__main__":
    unittest.main()
