"""SNNK learners for PySpark: the stages of snnk-spark with the conventions of ``pyspark.ml``.

The jar of snnk-spark must be on Spark's class path; it holds this package too::

    pyspark --packages org.snnk:snnk-spark:VERSION
    spark-submit --jars snnk-spark.jar --py-files snnk-spark.jar train.py

>>> from snnk import SnnkRegressor
>>> model = SnnkRegressor(numRandomFeatures=512, labelCol="power").fit(rows)  # doctest: +SKIP
>>> model.transform(rows).show()  # doctest: +SKIP
"""

from snnk.ml import (
    EpochLoss,
    FeatureImportance,
    RandomFeatures,
    RandomFeaturesModel,
    SnnkClassificationModel,
    SnnkClassifier,
    SnnkNetworkClassificationModel,
    SnnkNetworkClassifier,
    SnnkNetworkRegressionModel,
    SnnkNetworkRegressor,
    SnnkRegressionModel,
    SnnkRegressor,
)

__all__ = [
    "EpochLoss",
    "FeatureImportance",
    "RandomFeatures",
    "RandomFeaturesModel",
    "SnnkClassificationModel",
    "SnnkClassifier",
    "SnnkNetworkClassificationModel",
    "SnnkNetworkClassifier",
    "SnnkNetworkRegressionModel",
    "SnnkNetworkRegressor",
    "SnnkRegressionModel",
    "SnnkRegressor",
]
