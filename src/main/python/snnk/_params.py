"""The Params of the stages: names, texts and kinds as in Java, which a test compares."""

from __future__ import annotations

from typing import Any, Callable, TypeVar

from pyspark.ml.param import Param, Params, TypeConverters

_P = TypeVar("_P", bound="Params")


def _param(name: str, doc: str, converter: Callable[[Any], Any]) -> Param[Any]:
    return Param(Params._dummy(), name, doc, typeConverter=converter)


class _FeatureMapParams(Params):
    """The random feature map."""

    featureMap = _param(
        "featureMap",
        "Family of random features, as features.map of the jobs: cosine, relu, arccos0, arccos2, "
        "polynomial, powerseries, positive.",
        TypeConverters.toString,
    )
    numRandomFeatures = _param(
        "numRandomFeatures",
        "Width m of the random feature map; even for cosines.",
        TypeConverters.toInt,
    )
    projection = _param(
        "projection",
        "How the random directions are drawn, as features.projection of the jobs.",
        TypeConverters.toString,
    )
    degreesOfFreedom = _param(
        "degreesOfFreedom",
        "Tails of the directions of cosine features. Unset: normal ones.",
        TypeConverters.toFloat,
    )
    coefficients = _param(
        "coefficients",
        "Of z^0, z^1, ... up to 8 in the maps 'polynomial' and 'powerseries'. Unset: 0, 1, 1, 1 or"
        " those of the exponential.",
        TypeConverters.toListFloat,
    )
    inputNorm = _param(
        "inputNorm",
        "Whether polynomial features see the norm of the inputs too.",
        TypeConverters.toBoolean,
    )
    seed = _param(
        "seed",
        "Seed of everything random.",
        TypeConverters.toInt,
    )

    def getFeatureMap(self) -> str:
        """Value of :py:attr:`featureMap`."""
        return self.getOrDefault(self.featureMap)

    def getNumRandomFeatures(self) -> int:
        """Value of :py:attr:`numRandomFeatures`."""
        return self.getOrDefault(self.numRandomFeatures)

    def getProjection(self) -> str:
        """Value of :py:attr:`projection`."""
        return self.getOrDefault(self.projection)

    def getDegreesOfFreedom(self) -> float:
        """Value of :py:attr:`degreesOfFreedom`."""
        return self.getOrDefault(self.degreesOfFreedom)

    def getCoefficients(self) -> list[float]:
        """Value of :py:attr:`coefficients`."""
        return self.getOrDefault(self.coefficients)

    def getInputNorm(self) -> bool:
        """Value of :py:attr:`inputNorm`."""
        return self.getOrDefault(self.inputNorm)

    def getSeed(self) -> int:
        """Value of :py:attr:`seed`."""
        return self.getOrDefault(self.seed)


class _RowParams(Params):
    """What a learner reads of a row."""

    featuresCols = _param(
        "featuresCols",
        "Columns of numbers that are the inputs, in place of one column of vectors.",
        TypeConverters.toListString,
    )
    handleInvalid = _param(
        "handleInvalid",
        "What becomes of rows whose inputs are null, NaN or infinite: 'error' refuses them; 'skip'"
        " leaves them out; 'keep' leaves them out of the fit, and scores them NaN.",
        TypeConverters.toString,
    )
    weightCol = _param(
        "weightCol",
        "Column of row weights, finite and not negative. Unset or empty: every row weighs 1.",
        TypeConverters.toString,
    )
    rowIndexCol = _param(
        "rowIndexCol",
        "Column with an index of each row, of which samples and parts are functions. Unset or "
        "empty: a hash of the row's numbers.",
        TypeConverters.toString,
    )
    validationFraction = _param(
        "validationFraction",
        "Share of the rows on which choices are made.",
        TypeConverters.toFloat,
    )

    def getFeaturesCols(self) -> list[str]:
        """Value of :py:attr:`featuresCols`."""
        return self.getOrDefault(self.featuresCols)

    def getHandleInvalid(self) -> str:
        """Value of :py:attr:`handleInvalid`."""
        return self.getOrDefault(self.handleInvalid)

    def getWeightCol(self) -> str:
        """Value of :py:attr:`weightCol`."""
        return self.getOrDefault(self.weightCol)

    def getRowIndexCol(self) -> str:
        """Value of :py:attr:`rowIndexCol`."""
        return self.getOrDefault(self.rowIndexCol)

    def getValidationFraction(self) -> float:
        """Value of :py:attr:`validationFraction`."""
        return self.getOrDefault(self.validationFraction)


class _ClosedFormParams(_FeatureMapParams, _RowParams):
    """Regression and classification in closed form."""

    validationIndicatorCol = _param(
        "validationIndicatorCol",
        "Boolean column: the rows on which length scale and penalty are chosen and probabilities "
        "calibrated. Unset or empty: validationFraction of the rows. The final model is fitted to "
        "all rows.",
        TypeConverters.toString,
    )
    foldCol = _param(
        "foldCol",
        "Column of fold numbers from 0 to numFolds - 1 for cross-validation. Unset or empty: folds"
        " by a hash of the row.",
        TypeConverters.toString,
    )
    linear = _param(
        "linear",
        "Whether the standardised inputs stand behind the random features.",
        TypeConverters.toBoolean,
    )
    lengthScale = _param(
        "lengthScale",
        "Length scale of the kernel on standardised inputs. Unset: chosen from lengthScaleGrid.",
        TypeConverters.toFloat,
    )
    lengthScaleGrid = _param(
        "lengthScaleGrid",
        "Multiples of the median distance between rows that are tried where lengthScale is not "
        "set.",
        TypeConverters.toListFloat,
    )
    regParam = _param(
        "regParam",
        "Ridge penalty on the mean squared error. Unset: chosen from regParamGrid.",
        TypeConverters.toFloat,
    )
    regParamGrid = _param(
        "regParamGrid",
        "Penalties that are tried where regParam is not set.",
        TypeConverters.toListFloat,
    )
    numFolds = _param(
        "numFolds",
        "K to choose the penalty by exact K-fold cross-validation; 0 for a validation part.",
        TypeConverters.toInt,
    )
    leaveOneOut = _param(
        "leaveOneOut",
        "Whether the penalty is chosen by the exact leave-one-out error, in one more pass.",
        TypeConverters.toBoolean,
    )
    precision = _param(
        "precision",
        "How products of features are summed: 'exact', or 'single', which is faster and not "
        "reproducible bit for bit.",
        TypeConverters.toString,
    )
    solver = _param(
        "solver",
        "How the read-out is solved: 'direct' from the m×m Gram matrix, 'cg' without it, 'auto' by"
        " m.",
        TypeConverters.toString,
    )
    maxIter = _param(
        "maxIter",
        "Iterations of conjugate gradients, at most.",
        TypeConverters.toInt,
    )
    tol = _param(
        "tol",
        "Relative residual at which conjugate gradients stop.",
        TypeConverters.toFloat,
    )
    preconditionerRank = _param(
        "preconditionerRank",
        "Rank of the preconditioner of conjugate gradients; 0 for none.",
        TypeConverters.toInt,
    )

    def getValidationIndicatorCol(self) -> str:
        """Value of :py:attr:`validationIndicatorCol`."""
        return self.getOrDefault(self.validationIndicatorCol)

    def getFoldCol(self) -> str:
        """Value of :py:attr:`foldCol`."""
        return self.getOrDefault(self.foldCol)

    def getLinear(self) -> bool:
        """Value of :py:attr:`linear`."""
        return self.getOrDefault(self.linear)

    def getLengthScale(self) -> float:
        """Value of :py:attr:`lengthScale`."""
        return self.getOrDefault(self.lengthScale)

    def getLengthScaleGrid(self) -> list[float]:
        """Value of :py:attr:`lengthScaleGrid`."""
        return self.getOrDefault(self.lengthScaleGrid)

    def getRegParam(self) -> float:
        """Value of :py:attr:`regParam`."""
        return self.getOrDefault(self.regParam)

    def getRegParamGrid(self) -> list[float]:
        """Value of :py:attr:`regParamGrid`."""
        return self.getOrDefault(self.regParamGrid)

    def getNumFolds(self) -> int:
        """Value of :py:attr:`numFolds`."""
        return self.getOrDefault(self.numFolds)

    def getLeaveOneOut(self) -> bool:
        """Value of :py:attr:`leaveOneOut`."""
        return self.getOrDefault(self.leaveOneOut)

    def getPrecision(self) -> str:
        """Value of :py:attr:`precision`."""
        return self.getOrDefault(self.precision)

    def getSolver(self) -> str:
        """Value of :py:attr:`solver`."""
        return self.getOrDefault(self.solver)

    def getMaxIter(self) -> int:
        """Value of :py:attr:`maxIter`."""
        return self.getOrDefault(self.maxIter)

    def getTol(self) -> float:
        """Value of :py:attr:`tol`."""
        return self.getOrDefault(self.tol)

    def getPreconditionerRank(self) -> int:
        """Value of :py:attr:`preconditionerRank`."""
        return self.getOrDefault(self.preconditionerRank)


class _NetworkParams(_RowParams):
    """Networks and their gradient descent."""

    layers = _param(
        "layers",
        "Layers before the linear output, as network.layers of the jobs: dense WIDTH [ACTIVATION],"
        " snnk FEATURES WIDTH, adapter FEATURES, dropout RATE, or first cosine FEATURES "
        "LENGTHSCALE.",
        TypeConverters.toListString,
    )
    projection = _param(
        "projection",
        "How the random directions of snnk layers are drawn, as features.projection of the jobs.",
        TypeConverters.toString,
    )
    optimizer = _param(
        "optimizer",
        "How a gradient moves the parameters: 'adam', 'adamw', 'sgd' with momentum, or 'lbfgs' on "
        "all rows at once, for small networks.",
        TypeConverters.toString,
    )
    maxIter = _param(
        "maxIter",
        "Passes over the rows, at most.",
        TypeConverters.toInt,
    )
    stepSize = _param(
        "stepSize",
        "Learning rate before the schedule.",
        TypeConverters.toFloat,
    )
    batchSize = _param(
        "batchSize",
        "Rows of a step, at most.",
        TypeConverters.toInt,
    )
    momentum = _param(
        "momentum",
        "Momentum of the optimizer 'sgd'; 0 for none.",
        TypeConverters.toFloat,
    )
    weightDecay = _param(
        "weightDecay",
        "Decay of weights by the optimizer 'adamw', times the learning rate.",
        TypeConverters.toFloat,
    )
    regParam = _param(
        "regParam",
        "Ridge penalty on all weights; 0 for none.",
        TypeConverters.toFloat,
    )
    schedule = _param(
        "schedule",
        "Course of the learning rate after the warm-up.",
        TypeConverters.toString,
    )
    warmUp = _param(
        "warmUp",
        "Share of the steps over which the learning rate rises.",
        TypeConverters.toFloat,
    )
    clip = _param(
        "clip",
        "A gradient with a larger norm is scaled down to it; 0 for no limit.",
        TypeConverters.toFloat,
    )
    shards = _param(
        "shards",
        "Shards that the rows are cut into, each trained by a task; they decide on the result. 0 "
        "takes the number of cores.",
        TypeConverters.toInt,
    )
    stepsPerRound = _param(
        "stepsPerRound",
        "Steps of a shard between two synchronisations, at most; 0 takes those of an epoch.",
        TypeConverters.toInt,
    )
    outerMomentum = _param(
        "outerMomentum",
        "Momentum of what a round moves the parameters by; 0 takes the mean of the shards.",
        TypeConverters.toFloat,
    )
    reshuffle = _param(
        "reshuffle",
        "Whether rows change shards between epochs.",
        TypeConverters.toBoolean,
    )
    patience = _param(
        "patience",
        "Epochs without a better loss on the validation part that end training; 0 for no end.",
        TypeConverters.toInt,
    )
    seed = _param(
        "seed",
        "Seed of everything random.",
        TypeConverters.toInt,
    )

    def getLayers(self) -> list[str]:
        """Value of :py:attr:`layers`."""
        return self.getOrDefault(self.layers)

    def getProjection(self) -> str:
        """Value of :py:attr:`projection`."""
        return self.getOrDefault(self.projection)

    def getOptimizer(self) -> str:
        """Value of :py:attr:`optimizer`."""
        return self.getOrDefault(self.optimizer)

    def getMaxIter(self) -> int:
        """Value of :py:attr:`maxIter`."""
        return self.getOrDefault(self.maxIter)

    def getStepSize(self) -> float:
        """Value of :py:attr:`stepSize`."""
        return self.getOrDefault(self.stepSize)

    def getBatchSize(self) -> int:
        """Value of :py:attr:`batchSize`."""
        return self.getOrDefault(self.batchSize)

    def getMomentum(self) -> float:
        """Value of :py:attr:`momentum`."""
        return self.getOrDefault(self.momentum)

    def getWeightDecay(self) -> float:
        """Value of :py:attr:`weightDecay`."""
        return self.getOrDefault(self.weightDecay)

    def getRegParam(self) -> float:
        """Value of :py:attr:`regParam`."""
        return self.getOrDefault(self.regParam)

    def getSchedule(self) -> str:
        """Value of :py:attr:`schedule`."""
        return self.getOrDefault(self.schedule)

    def getWarmUp(self) -> float:
        """Value of :py:attr:`warmUp`."""
        return self.getOrDefault(self.warmUp)

    def getClip(self) -> float:
        """Value of :py:attr:`clip`."""
        return self.getOrDefault(self.clip)

    def getShards(self) -> int:
        """Value of :py:attr:`shards`."""
        return self.getOrDefault(self.shards)

    def getStepsPerRound(self) -> int:
        """Value of :py:attr:`stepsPerRound`."""
        return self.getOrDefault(self.stepsPerRound)

    def getOuterMomentum(self) -> float:
        """Value of :py:attr:`outerMomentum`."""
        return self.getOrDefault(self.outerMomentum)

    def getReshuffle(self) -> bool:
        """Value of :py:attr:`reshuffle`."""
        return self.getOrDefault(self.reshuffle)

    def getPatience(self) -> int:
        """Value of :py:attr:`patience`."""
        return self.getOrDefault(self.patience)

    def getSeed(self) -> int:
        """Value of :py:attr:`seed`."""
        return self.getOrDefault(self.seed)


class _RegressionParams(_ClosedFormParams):
    """What regression has beside."""

    labelCols = _param(
        "labelCols",
        "Several label columns, predicted at once, in place of labelCol. Each column that is made "
        "then ends with _ and the label's name.",
        TypeConverters.toListString,
    )
    predictionStdCol = _param(
        "predictionStdCol",
        "Column of the standard deviation of a row's target. Must be set for the fit, which then "
        "keeps an m×m matrix.",
        TypeConverters.toString,
    )
    intervalCol = _param(
        "intervalCol",
        "Column of conformal intervals, a struct of lower and upper. Must be set for the fit, "
        "which then makes them by intervalMethod.",
        TypeConverters.toString,
    )
    intervalMethod = _param(
        "intervalMethod",
        "What intervals are made of: 'split' leaves calibrationFraction of the rows out of "
        "training; 'cv+' trains on all rows, and keeps a model without each of numFolds folds.",
        TypeConverters.toString,
    )
    coverage = _param(
        "coverage",
        "Probability that an interval holds the target of a new row.",
        TypeConverters.toFloat,
    )
    calibrationFraction = _param(
        "calibrationFraction",
        "Share of the rows that calibrates intervals and is not trained on, where intervalMethod "
        "is 'split'.",
        TypeConverters.toFloat,
    )
    attributionsCol = _param(
        "attributionsCol",
        "Column of vectors: for each input the derivative of the prediction times the standardised"
        " input.",
        TypeConverters.toString,
    )

    def getLabelCols(self) -> list[str]:
        """Value of :py:attr:`labelCols`."""
        return self.getOrDefault(self.labelCols)

    def getPredictionStdCol(self) -> str:
        """Value of :py:attr:`predictionStdCol`."""
        return self.getOrDefault(self.predictionStdCol)

    def getIntervalCol(self) -> str:
        """Value of :py:attr:`intervalCol`."""
        return self.getOrDefault(self.intervalCol)

    def getIntervalMethod(self) -> str:
        """Value of :py:attr:`intervalMethod`."""
        return self.getOrDefault(self.intervalMethod)

    def getCoverage(self) -> float:
        """Value of :py:attr:`coverage`."""
        return self.getOrDefault(self.coverage)

    def getCalibrationFraction(self) -> float:
        """Value of :py:attr:`calibrationFraction`."""
        return self.getOrDefault(self.calibrationFraction)

    def getAttributionsCol(self) -> str:
        """Value of :py:attr:`attributionsCol`."""
        return self.getOrDefault(self.attributionsCol)


class _ClassificationParams(_ClosedFormParams):
    """What classification has beside."""

    attributionsCol = _param(
        "attributionsCol",
        "Column of vectors: for each input the derivative of the predicted class's raw prediction "
        "times the standardised input.",
        TypeConverters.toString,
    )

    def getAttributionsCol(self) -> str:
        """Value of :py:attr:`attributionsCol`."""
        return self.getOrDefault(self.attributionsCol)


class _RandomFeaturesParams(_FeatureMapParams):
    """Random features as a column."""

    inputCol = _param(
        "inputCol",
        "Column of vectors.",
        TypeConverters.toString,
    )
    inputCols = _param(
        "inputCols",
        "Columns of numbers, in place of one column of vectors.",
        TypeConverters.toListString,
    )
    outputCol = _param(
        "outputCol",
        "Column of the random features, a vector of numRandomFeatures.",
        TypeConverters.toString,
    )
    handleInvalid = _param(
        "handleInvalid",
        "What becomes of rows whose inputs are null, NaN or infinite: 'error' refuses them; 'skip'"
        " leaves them out; 'keep' leaves them out of the fit, and makes their features NaN.",
        TypeConverters.toString,
    )
    lengthScale = _param(
        "lengthScale",
        "Length scale of the kernel on standardised inputs. Unset: the median distance between "
        "rows.",
        TypeConverters.toFloat,
    )

    def getInputCol(self) -> str:
        """Value of :py:attr:`inputCol`."""
        return self.getOrDefault(self.inputCol)

    def getInputCols(self) -> list[str]:
        """Value of :py:attr:`inputCols`."""
        return self.getOrDefault(self.inputCols)

    def getOutputCol(self) -> str:
        """Value of :py:attr:`outputCol`."""
        return self.getOrDefault(self.outputCol)

    def getHandleInvalid(self) -> str:
        """Value of :py:attr:`handleInvalid`."""
        return self.getOrDefault(self.handleInvalid)

    def getLengthScale(self) -> float:
        """Value of :py:attr:`lengthScale`."""
        return self.getOrDefault(self.lengthScale)


class _FeatureMapSetters(Params):
    """Setters of the random feature map."""

    def setFeatureMap(self: _P, value: str) -> _P:
        """Sets :py:attr:`featureMap`."""
        return self._set(featureMap=value)

    def setNumRandomFeatures(self: _P, value: int) -> _P:
        """Sets :py:attr:`numRandomFeatures`."""
        return self._set(numRandomFeatures=value)

    def setProjection(self: _P, value: str) -> _P:
        """Sets :py:attr:`projection`."""
        return self._set(projection=value)

    def setDegreesOfFreedom(self: _P, value: float) -> _P:
        """Sets :py:attr:`degreesOfFreedom`."""
        return self._set(degreesOfFreedom=value)

    def setCoefficients(self: _P, value: list[float]) -> _P:
        """Sets :py:attr:`coefficients`."""
        return self._set(coefficients=value)

    def setInputNorm(self: _P, value: bool) -> _P:
        """Sets :py:attr:`inputNorm`."""
        return self._set(inputNorm=value)

    def setSeed(self: _P, value: int) -> _P:
        """Sets :py:attr:`seed`."""
        return self._set(seed=value)


class _RowSetters(Params):
    """Setters of what a learner reads of a row."""

    def setFeaturesCols(self: _P, value: list[str]) -> _P:
        """Sets :py:attr:`featuresCols`."""
        return self._set(featuresCols=value)

    def setHandleInvalid(self: _P, value: str) -> _P:
        """Sets :py:attr:`handleInvalid`."""
        return self._set(handleInvalid=value)

    def setWeightCol(self: _P, value: str) -> _P:
        """Sets :py:attr:`weightCol`."""
        return self._set(weightCol=value)

    def setRowIndexCol(self: _P, value: str) -> _P:
        """Sets :py:attr:`rowIndexCol`."""
        return self._set(rowIndexCol=value)

    def setValidationFraction(self: _P, value: float) -> _P:
        """Sets :py:attr:`validationFraction`."""
        return self._set(validationFraction=value)


class _NetworkSetters(Params):
    """Setters of networks."""

    def setLayers(self: _P, value: list[str]) -> _P:
        """Sets :py:attr:`layers`."""
        return self._set(layers=value)

    def setProjection(self: _P, value: str) -> _P:
        """Sets :py:attr:`projection`."""
        return self._set(projection=value)

    def setOptimizer(self: _P, value: str) -> _P:
        """Sets :py:attr:`optimizer`."""
        return self._set(optimizer=value)

    def setMaxIter(self: _P, value: int) -> _P:
        """Sets :py:attr:`maxIter`."""
        return self._set(maxIter=value)

    def setStepSize(self: _P, value: float) -> _P:
        """Sets :py:attr:`stepSize`."""
        return self._set(stepSize=value)

    def setBatchSize(self: _P, value: int) -> _P:
        """Sets :py:attr:`batchSize`."""
        return self._set(batchSize=value)

    def setMomentum(self: _P, value: float) -> _P:
        """Sets :py:attr:`momentum`."""
        return self._set(momentum=value)

    def setWeightDecay(self: _P, value: float) -> _P:
        """Sets :py:attr:`weightDecay`."""
        return self._set(weightDecay=value)

    def setRegParam(self: _P, value: float) -> _P:
        """Sets :py:attr:`regParam`."""
        return self._set(regParam=value)

    def setSchedule(self: _P, value: str) -> _P:
        """Sets :py:attr:`schedule`."""
        return self._set(schedule=value)

    def setWarmUp(self: _P, value: float) -> _P:
        """Sets :py:attr:`warmUp`."""
        return self._set(warmUp=value)

    def setClip(self: _P, value: float) -> _P:
        """Sets :py:attr:`clip`."""
        return self._set(clip=value)

    def setShards(self: _P, value: int) -> _P:
        """Sets :py:attr:`shards`."""
        return self._set(shards=value)

    def setStepsPerRound(self: _P, value: int) -> _P:
        """Sets :py:attr:`stepsPerRound`."""
        return self._set(stepsPerRound=value)

    def setOuterMomentum(self: _P, value: float) -> _P:
        """Sets :py:attr:`outerMomentum`."""
        return self._set(outerMomentum=value)

    def setReshuffle(self: _P, value: bool) -> _P:
        """Sets :py:attr:`reshuffle`."""
        return self._set(reshuffle=value)

    def setPatience(self: _P, value: int) -> _P:
        """Sets :py:attr:`patience`."""
        return self._set(patience=value)

    def setSeed(self: _P, value: int) -> _P:
        """Sets :py:attr:`seed`."""
        return self._set(seed=value)


class _ClosedFormSetters(Params):
    """Setters of regression and classification."""

    def setValidationIndicatorCol(self: _P, value: str) -> _P:
        """Sets :py:attr:`validationIndicatorCol`."""
        return self._set(validationIndicatorCol=value)

    def setFoldCol(self: _P, value: str) -> _P:
        """Sets :py:attr:`foldCol`."""
        return self._set(foldCol=value)

    def setLinear(self: _P, value: bool) -> _P:
        """Sets :py:attr:`linear`."""
        return self._set(linear=value)

    def setLengthScale(self: _P, value: float) -> _P:
        """Sets :py:attr:`lengthScale`."""
        return self._set(lengthScale=value)

    def setLengthScaleGrid(self: _P, value: list[float]) -> _P:
        """Sets :py:attr:`lengthScaleGrid`."""
        return self._set(lengthScaleGrid=value)

    def setRegParam(self: _P, value: float) -> _P:
        """Sets :py:attr:`regParam`."""
        return self._set(regParam=value)

    def setRegParamGrid(self: _P, value: list[float]) -> _P:
        """Sets :py:attr:`regParamGrid`."""
        return self._set(regParamGrid=value)

    def setNumFolds(self: _P, value: int) -> _P:
        """Sets :py:attr:`numFolds`."""
        return self._set(numFolds=value)

    def setLeaveOneOut(self: _P, value: bool) -> _P:
        """Sets :py:attr:`leaveOneOut`."""
        return self._set(leaveOneOut=value)

    def setPrecision(self: _P, value: str) -> _P:
        """Sets :py:attr:`precision`."""
        return self._set(precision=value)

    def setSolver(self: _P, value: str) -> _P:
        """Sets :py:attr:`solver`."""
        return self._set(solver=value)

    def setMaxIter(self: _P, value: int) -> _P:
        """Sets :py:attr:`maxIter`."""
        return self._set(maxIter=value)

    def setTol(self: _P, value: float) -> _P:
        """Sets :py:attr:`tol`."""
        return self._set(tol=value)

    def setPreconditionerRank(self: _P, value: int) -> _P:
        """Sets :py:attr:`preconditionerRank`."""
        return self._set(preconditionerRank=value)


class _RegressionSetters(Params):
    """Setters of what regression has beside."""

    def setLabelCols(self: _P, value: list[str]) -> _P:
        """Sets :py:attr:`labelCols`."""
        return self._set(labelCols=value)

    def setPredictionStdCol(self: _P, value: str) -> _P:
        """Sets :py:attr:`predictionStdCol`."""
        return self._set(predictionStdCol=value)

    def setIntervalCol(self: _P, value: str) -> _P:
        """Sets :py:attr:`intervalCol`."""
        return self._set(intervalCol=value)

    def setIntervalMethod(self: _P, value: str) -> _P:
        """Sets :py:attr:`intervalMethod`."""
        return self._set(intervalMethod=value)

    def setCoverage(self: _P, value: float) -> _P:
        """Sets :py:attr:`coverage`."""
        return self._set(coverage=value)

    def setCalibrationFraction(self: _P, value: float) -> _P:
        """Sets :py:attr:`calibrationFraction`."""
        return self._set(calibrationFraction=value)

    def setAttributionsCol(self: _P, value: str) -> _P:
        """Sets :py:attr:`attributionsCol`."""
        return self._set(attributionsCol=value)


class _ClassificationSetters(Params):
    """Setters of what classification has beside."""

    def setAttributionsCol(self: _P, value: str) -> _P:
        """Sets :py:attr:`attributionsCol`."""
        return self._set(attributionsCol=value)


class _RandomFeaturesSetters(Params):
    """Setters of random features as a column."""

    def setInputCol(self: _P, value: str) -> _P:
        """Sets :py:attr:`inputCol`."""
        return self._set(inputCol=value)

    def setInputCols(self: _P, value: list[str]) -> _P:
        """Sets :py:attr:`inputCols`."""
        return self._set(inputCols=value)

    def setOutputCol(self: _P, value: str) -> _P:
        """Sets :py:attr:`outputCol`."""
        return self._set(outputCol=value)

    def setHandleInvalid(self: _P, value: str) -> _P:
        """Sets :py:attr:`handleInvalid`."""
        return self._set(handleInvalid=value)

    def setLengthScale(self: _P, value: float) -> _P:
        """Sets :py:attr:`lengthScale`."""
        return self._set(lengthScale=value)
