package org.snnk.spark.ml;

/**
 * The setters of {@link RowParams}, for learners.
 *
 * @param <S> the learner
 */
public interface RowSetters<S extends RowSetters<S>> extends RowParams {
  /** This learner. */
  S self();

  /** Setter of {@link #featuresCols}. */
  default S setFeaturesCols(String... value) {
    set(featuresCols(), value);
    return self();
  }

  /** Setter of {@link #handleInvalid}. */
  default S setHandleInvalid(String value) {
    set(handleInvalid(), value);
    return self();
  }

  /** Setter of {@link #weightCol}. */
  default S setWeightCol(String value) {
    set(weightCol(), value);
    return self();
  }

  /** Setter of {@link #rowIndexCol}. */
  default S setRowIndexCol(String value) {
    set(rowIndexCol(), value);
    return self();
  }

  /** Setter of {@link #validationFraction}. */
  default S setValidationFraction(double value) {
    set(validationFraction(), value);
    return self();
  }
}
