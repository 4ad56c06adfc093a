"""The stages through a Spark Connect server of this machine, which PySpark starts."""

import os
import tempfile
import unittest

from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.sql import SparkSession

from snnk import RandomFeatures, SnnkClassifier, SnnkRegressionModel, SnnkRegressor
from test_stages import rows


class ConnectTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.spark = (
            SparkSession.builder.remote("local[2]")
            .config("spark.jars", os.environ["SNNK_JAR"])
            .config("spark.ui.enabled", "false")
            .getOrCreate()
        )
        cls.rows = rows(cls.spark)

    @classmethod
    def tearDownClass(cls):
        cls.spark.stop()

    def test_a_learner_is_fitted_saved_and_loaded(self):
        model = SnnkRegressor(numRandomFeatures=128, seed=3).fit(self.rows)
        scored = model.transform(self.rows)
        self.assertGreater(RegressionEvaluator(metricName="r2").evaluate(scored), 0.95)
        with tempfile.TemporaryDirectory() as held:
            path = os.path.join(held, "model")
            model.save(path)
            loaded = SnnkRegressionModel.load(path)
            again = loaded.transform(self.rows).select("prediction").collect()
        self.assertEqual(scored.select("prediction").collect(), again)

    def test_classes_and_features(self):
        model = SnnkClassifier(labelCol="kind", numRandomFeatures=64).fit(self.rows)
        first = model.transform(self.rows).select("probability").first()
        self.assertAlmostEqual(1, sum(first[0]))
        features = RandomFeatures(inputCol="features", outputCol="z", numRandomFeatures=32)
        z = features.fit(self.rows).transform(self.rows).select("z").first()[0]
        self.assertEqual(32, len(z))

    def test_what_needs_a_classic_session_says_so(self):
        model = SnnkRegressor(numRandomFeatures=16).fit(self.rows)
        with self.assertRaisesRegex(NotImplementedError, "classic session"):
            model.summary


if __name__ == "__main__":
    unittest.main()
