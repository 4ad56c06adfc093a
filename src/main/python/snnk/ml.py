"""The stages: thin wrappers of the Java stages of the same names, which do all the work."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pyspark.ml.classification import (
    _JavaProbabilisticClassificationModel,
    _JavaProbabilisticClassifier,
    _ProbabilisticClassifierParams,
)
from pyspark.ml.linalg import Vector
from pyspark.ml.regression import _JavaRegressionModel, _JavaRegressor
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel, JavaParams
from pyspark.sql import DataFrame, is_remote

from snnk._params import (
    _ClassificationParams,
    _ClassificationSetters,
    _ClosedFormSetters,
    _FeatureMapSetters,
    _NetworkParams,
    _NetworkSetters,
    _RandomFeaturesParams,
    _RandomFeaturesSetters,
    _RegressionParams,
    _RegressionSetters,
    _RowSetters,
)

if TYPE_CHECKING:
    from typing import TypedDict

    from typing_extensions import Unpack

    class _Regression(TypedDict, total=False):
        featuresCol: str
        labelCol: str
        predictionCol: str
        featuresCols: list[str]
        handleInvalid: str
        weightCol: str
        rowIndexCol: str
        validationFraction: float
        featureMap: str
        numRandomFeatures: int
        projection: str
        degreesOfFreedom: float
        coefficients: list[float]
        inputNorm: bool
        seed: int
        validationIndicatorCol: str
        foldCol: str
        linear: bool
        lengthScale: float
        lengthScaleGrid: list[float]
        regParam: float
        regParamGrid: list[float]
        numFolds: int
        leaveOneOut: bool
        precision: str
        solver: str
        maxIter: int
        tol: float
        preconditionerRank: int
        labelCols: list[str]
        predictionStdCol: str
        intervalCol: str
        intervalMethod: str
        coverage: float
        calibrationFraction: float
        attributionsCol: str

    class _Classification(TypedDict, total=False):
        featuresCol: str
        labelCol: str
        predictionCol: str
        rawPredictionCol: str
        probabilityCol: str
        thresholds: list[float]
        featuresCols: list[str]
        handleInvalid: str
        weightCol: str
        rowIndexCol: str
        validationFraction: float
        featureMap: str
        numRandomFeatures: int
        projection: str
        degreesOfFreedom: float
        coefficients: list[float]
        inputNorm: bool
        seed: int
        validationIndicatorCol: str
        foldCol: str
        linear: bool
        lengthScale: float
        lengthScaleGrid: list[float]
        regParam: float
        regParamGrid: list[float]
        numFolds: int
        leaveOneOut: bool
        precision: str
        solver: str
        maxIter: int
        tol: float
        preconditionerRank: int
        attributionsCol: str

    class _Features(TypedDict, total=False):
        inputCol: str
        inputCols: list[str]
        outputCol: str
        handleInvalid: str
        lengthScale: float
        featureMap: str
        numRandomFeatures: int
        projection: str
        degreesOfFreedom: float
        coefficients: list[float]
        inputNorm: bool
        seed: int

    class _Network(TypedDict, total=False):
        featuresCol: str
        labelCol: str
        predictionCol: str
        featuresCols: list[str]
        handleInvalid: str
        weightCol: str
        rowIndexCol: str
        validationFraction: float
        layers: list[str]
        projection: str
        optimizer: str
        maxIter: int
        stepSize: float
        batchSize: int
        momentum: float
        weightDecay: float
        regParam: float
        schedule: str
        warmUp: float
        clip: float
        shards: int
        stepsPerRound: int
        outerMomentum: float
        reshuffle: bool
        patience: int
        seed: int

    class _NetworkClassification(_Network, total=False):
        rawPredictionCol: str
        probabilityCol: str
        thresholds: list[float]

_JAVA = "org.snnk.spark.ml"

_C = TypeVar("_C", bound=type)
_S = TypeVar("_S", bound="JavaParams")
_M = TypeVar("_M", bound="_Fitted")


def _twin(cls: _C) -> _C:
    """Gives a class the full name of its Java twin.

    PySpark looks for the Java class of a Python class, and for the Python class of a saved Java
    stage, by module and name. So the Java package is a name of this module too, and pipelines that
    were saved in any language load once ``snnk`` is imported.
    """
    cls.__module__ = _JAVA
    return cls


sys.modules.setdefault(_JAVA, sys.modules[__name__])


class _Stage(JavaParams):
    """An estimator with the defaults of its Java twin."""

    def _start(self: _S, params: dict[str, Any]) -> None:
        self._java_obj = self._new_java_obj(f"{_JAVA}.{type(self).__name__}", self.uid)
        if not is_remote():
            # Spark Connect has no Java object here; the server sets its own defaults.
            self._transfer_params_from_java()
        self._set(**params)


class FeatureImportance(NamedTuple):
    """How much an input matters: the mean squared derivative of the prediction."""

    name: str
    meanSquaredGradient: float
    share: float


class _Fitted(JavaModel):
    """What fitted learners have."""

    def setFeaturesCols(self: _M, value: list[str]) -> _M:
        """Sets :py:attr:`featuresCols`."""
        return self._set(featuresCols=value)

    def setHandleInvalid(self: _M, value: str) -> _M:
        """Sets :py:attr:`handleInvalid`."""
        return self._set(handleInvalid=value)

    def _here(self) -> Any:
        if is_remote():
            raise NotImplementedError(
                "Spark Connect fits, saves and scores; summaries, learning curves and importances"
                " need a classic session."
            )
        return self._java_obj


class _ClosedFormFitted(_Fitted):
    """What the learners in closed form tell beside."""

    @property
    def summary(self) -> dict[str, Any]:
        """How the training went: length scales, penalties, degrees of freedom, rows, timings."""
        return json.loads(self._here().summary().toJson())

    def featureImportances(self, dataset: DataFrame) -> list[FeatureImportance]:
        """The importance of each input on a table; one pass."""
        found = self._here().featureImportances(dataset._jdf)
        return [FeatureImportance(i.name(), i.meanSquaredGradient(), i.share()) for i in found]


@_twin
class SnnkRegressor(
    _Stage,
    _JavaRegressor["SnnkRegressionModel"],
    _RegressionParams,
    _ClosedFormSetters,
    _RowSetters,
    _FeatureMapSetters,
    _RegressionSetters,
    JavaMLWritable,
    JavaMLReadable["SnnkRegressor"],
):
    """Ridge regression on random features, solved in closed form from exact statistics.

    Same rows, same Params: same model, byte for byte. ``explainParams()`` tells every Param.

    >>> model = SnnkRegressor(numRandomFeatures=512).fit(rows)  # doctest: +SKIP
    """

    def __init__(self, **params: Unpack[_Regression]) -> None:
        super().__init__()
        self._start(params)

    def setParams(self, **params: Unpack[_Regression]) -> SnnkRegressor:
        """Sets several Params."""
        return self._set(**params)

    def _create_model(self, java_model: Any) -> SnnkRegressionModel:
        return SnnkRegressionModel(java_model)


@_twin
class SnnkRegressionModel(
    _ClosedFormFitted,
    _JavaRegressionModel[Vector],
    _RegressionParams,
    JavaMLWritable,
    JavaMLReadable["SnnkRegressionModel"],
):
    """What :py:class:`SnnkRegressor` fits."""

    def setFeaturesCol(self, value: str) -> SnnkRegressionModel:
        """Sets :py:attr:`featuresCol`."""
        return self._set(featuresCol=value)

    def setPredictionCol(self, value: str) -> SnnkRegressionModel:
        """Sets :py:attr:`predictionCol`."""
        return self._set(predictionCol=value)

    def setPredictionStdCol(self, value: str) -> SnnkRegressionModel:
        """Sets :py:attr:`predictionStdCol`."""
        return self._set(predictionStdCol=value)

    def setIntervalCol(self, value: str) -> SnnkRegressionModel:
        """Sets :py:attr:`intervalCol`."""
        return self._set(intervalCol=value)

    def setCoverage(self, value: float) -> SnnkRegressionModel:
        """Sets :py:attr:`coverage`."""
        return self._set(coverage=value)

    def setAttributionsCol(self, value: str) -> SnnkRegressionModel:
        """Sets :py:attr:`attributionsCol`."""
        return self._set(attributionsCol=value)


@_twin
class SnnkClassifier(
    _Stage,
    _JavaProbabilisticClassifier["SnnkClassificationModel"],
    _ProbabilisticClassifierParams,
    _ClassificationParams,
    _ClosedFormSetters,
    _RowSetters,
    _FeatureMapSetters,
    _ClassificationSetters,
    JavaMLWritable,
    JavaMLReadable["SnnkClassifier"],
):
    """Least-squares classification on random features with calibrated probabilities.

    Labels are 0, 1, 2, …, as of a ``StringIndexer``. ``explainParams()`` tells every Param.

    >>> model = SnnkClassifier(numRandomFeatures=512).fit(rows)  # doctest: +SKIP
    """

    def __init__(self, **params: Unpack[_Classification]) -> None:
        super().__init__()
        self._start(params)

    def setParams(self, **params: Unpack[_Classification]) -> SnnkClassifier:
        """Sets several Params."""
        return self._set(**params)

    def _create_model(self, java_model: Any) -> SnnkClassificationModel:
        return SnnkClassificationModel(java_model)


@_twin
class SnnkClassificationModel(
    _ClosedFormFitted,
    _JavaProbabilisticClassificationModel[Vector],
    _ProbabilisticClassifierParams,
    _ClassificationParams,
    JavaMLWritable,
    JavaMLReadable["SnnkClassificationModel"],
):
    """What :py:class:`SnnkClassifier` fits."""

    def setAttributionsCol(self, value: str) -> SnnkClassificationModel:
        """Sets :py:attr:`attributionsCol`."""
        return self._set(attributionsCol=value)


class EpochLoss(NamedTuple):
    """Losses of an epoch; those of validation are NaN without a validation part."""

    epoch: int
    training: float
    validation: float
    accuracy: float


class _NetworkFitted(_Fitted):
    """What both fitted networks have."""

    @property
    def learningCurve(self) -> list[EpochLoss]:
        """Training and validation loss of each epoch."""
        curve = self._here().learningCurve()
        return [EpochLoss(e.epoch(), e.training(), e.validation(), e.accuracy()) for e in curve]


@_twin
class SnnkNetworkRegressor(
    _Stage,
    _JavaRegressor["SnnkNetworkRegressionModel"],
    _NetworkParams,
    _NetworkSetters,
    _RowSetters,
    JavaMLWritable,
    JavaMLReadable["SnnkNetworkRegressor"],
):
    """Regression by a network of dense and SNNK layers, by distributed gradient descent.

    >>> model = SnnkNetworkRegressor(layers=["dense 64", "snnk 32 64"]).fit(rows)  # doctest: +SKIP
    """

    def __init__(self, **params: Unpack[_Network]) -> None:
        super().__init__()
        self._start(params)

    def setParams(self, **params: Unpack[_Network]) -> SnnkNetworkRegressor:
        """Sets several Params."""
        return self._set(**params)

    def _create_model(self, java_model: Any) -> SnnkNetworkRegressionModel:
        return SnnkNetworkRegressionModel(java_model)


@_twin
class SnnkNetworkRegressionModel(
    _NetworkFitted,
    _JavaRegressionModel[Vector],
    _NetworkParams,
    JavaMLWritable,
    JavaMLReadable["SnnkNetworkRegressionModel"],
):
    """What :py:class:`SnnkNetworkRegressor` fits."""


@_twin
class SnnkNetworkClassifier(
    _Stage,
    _JavaProbabilisticClassifier["SnnkNetworkClassificationModel"],
    _ProbabilisticClassifierParams,
    _NetworkParams,
    _NetworkSetters,
    _RowSetters,
    JavaMLWritable,
    JavaMLReadable["SnnkNetworkClassifier"],
):
    """Classification by a network of dense and SNNK layers, by distributed gradient descent.

    >>> model = SnnkNetworkClassifier(layers=["dense 64", "snnk 32 64"]).fit(rows)  # doctest: +SKIP
    """

    def __init__(self, **params: Unpack[_NetworkClassification]) -> None:
        super().__init__()
        self._start(params)

    def setParams(self, **params: Unpack[_NetworkClassification]) -> SnnkNetworkClassifier:
        """Sets several Params."""
        return self._set(**params)

    def _create_model(self, java_model: Any) -> SnnkNetworkClassificationModel:
        return SnnkNetworkClassificationModel(java_model)


@_twin
class SnnkNetworkClassificationModel(
    _NetworkFitted,
    _JavaProbabilisticClassificationModel[Vector],
    _ProbabilisticClassifierParams,
    _NetworkParams,
    JavaMLWritable,
    JavaMLReadable["SnnkNetworkClassificationModel"],
):
    """What :py:class:`SnnkNetworkClassifier` fits."""


@_twin
class RandomFeatures(
    _Stage,
    JavaEstimator["RandomFeaturesModel"],
    _RandomFeaturesParams,
    _FeatureMapSetters,
    _RandomFeaturesSetters,
    JavaMLWritable,
    JavaMLReadable["RandomFeatures"],
):
    """Random features as a vector column, to stand before any linear learner.

    >>> z = RandomFeatures(inputCol="x", outputCol="z").fit(rows)  # doctest: +SKIP
    """

    def __init__(self, **params: Unpack[_Features]) -> None:
        super().__init__()
        self._start(params)

    def setParams(self, **params: Unpack[_Features]) -> RandomFeatures:
        """Sets several Params."""
        return self._set(**params)

    def _create_model(self, java_model: Any) -> RandomFeaturesModel:
        return RandomFeaturesModel(java_model)


@_twin
class RandomFeaturesModel(
    JavaModel,
    _RandomFeaturesParams,
    JavaMLWritable,
    JavaMLReadable["RandomFeaturesModel"],
):
    """What :py:class:`RandomFeatures` fits."""

    def setInputCol(self, value: str) -> RandomFeaturesModel:
        """Sets :py:attr:`inputCol`."""
        return self._set(inputCol=value)

    def setInputCols(self, value: list[str]) -> RandomFeaturesModel:
        """Sets :py:attr:`inputCols`."""
        return self._set(inputCols=value)

    def setOutputCol(self, value: str) -> RandomFeaturesModel:
        """Sets :py:attr:`outputCol`."""
        return self._set(outputCol=value)

    def setHandleInvalid(self, value: str) -> RandomFeaturesModel:
        """Sets :py:attr:`handleInvalid`."""
        return self._set(handleInvalid=value)
