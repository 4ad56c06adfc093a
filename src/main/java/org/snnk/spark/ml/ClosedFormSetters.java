package org.snnk.spark.ml;

/**
 * The setters of {@link ClosedFormParams}, for learners.
 *
 * @param <S> the learner
 */
public interface ClosedFormSetters<S extends ClosedFormSetters<S>>
    extends ClosedFormParams, FeatureMapSetters<S>, RowSetters<S> {
  @Override
  S self();

  /** Setter of {@link #validationIndicatorCol}. */
  default S setValidationIndicatorCol(String value) {
    set(validationIndicatorCol(), value);
    return self();
  }

  /** Setter of {@link #foldCol}. */
  default S setFoldCol(String value) {
    set(foldCol(), value);
    return self();
  }

  /** Setter of {@link #linear}. */
  default S setLinear(boolean value) {
    set(linear(), value);
    return self();
  }

  /** Setter of {@link #numFolds}. */
  default S setNumFolds(int value) {
    set(numFolds(), value);
    return self();
  }

  /** Setter of {@link #lengthScaleGrid}. */
  default S setLengthScaleGrid(double... value) {
    set(lengthScaleGrid(), value);
    return self();
  }

  /** Setter of {@link #regParam}. */
  default S setRegParam(double value) {
    set(regParam(), value);
    return self();
  }

  /** Setter of {@link #regParamGrid}. */
  default S setRegParamGrid(double... value) {
    set(regParamGrid(), value);
    return self();
  }

  /** Setter of {@link #leaveOneOut}. */
  default S setLeaveOneOut(boolean value) {
    set(leaveOneOut(), value);
    return self();
  }

  /** Setter of {@link #precision}. */
  default S setPrecision(String value) {
    set(precision(), value);
    return self();
  }

  /** Setter of {@link #solver}. */
  default S setSolver(String value) {
    set(solver(), value);
    return self();
  }

  /** Setter of {@link #maxIter}. */
  default S setMaxIter(int value) {
    set(maxIter(), value);
    return self();
  }

  /** Setter of {@link #tol}. */
  default S setTol(double value) {
    set(tol(), value);
    return self();
  }

  /** Setter of {@link #preconditionerRank}. */
  default S setPreconditionerRank(int value) {
    set(preconditionerRank(), value);
    return self();
  }
}
