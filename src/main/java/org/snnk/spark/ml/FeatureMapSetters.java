package org.snnk.spark.ml;

/**
 * The setters of {@link FeatureMapParams}, for estimators.
 *
 * @param <S> the estimator
 */
public interface FeatureMapSetters<S extends FeatureMapSetters<S>> extends FeatureMapParams {
  /** This estimator. */
  S self();

  /** Setter of {@link #featureMap}. */
  default S setFeatureMap(String value) {
    set(featureMap(), value);
    return self();
  }

  /** Setter of {@link #numRandomFeatures}. */
  default S setNumRandomFeatures(int value) {
    set(numRandomFeatures(), value);
    return self();
  }

  /** Setter of {@link #projection}. */
  default S setProjection(String value) {
    set(projection(), value);
    return self();
  }

  /** Setter of {@link #degreesOfFreedom}. */
  default S setDegreesOfFreedom(double value) {
    set(degreesOfFreedom(), value);
    return self();
  }

  /** Setter of {@link #coefficients}. */
  default S setCoefficients(double... value) {
    set(coefficients(), value);
    return self();
  }

  /** Setter of {@link #inputNorm}. */
  default S setInputNorm(boolean value) {
    set(inputNorm(), value);
    return self();
  }

  /** Setter of {@link #lengthScale}. */
  default S setLengthScale(double value) {
    set(lengthScale(), value);
    return self();
  }

  /** Setter of {@link #seed}. */
  default S setSeed(long value) {
    set(seed(), value);
    return self();
  }
}
