package org.snnk.spark.ml;

/**
 * The setters of {@link NetworkParams}, for learners.
 *
 * @param <S> the learner
 */
public interface NetworkSetters<S extends NetworkSetters<S>> extends NetworkParams, RowSetters<S> {
  @Override
  S self();

  /** Setter of {@link #layers}. */
  default S setLayers(String... value) {
    set(layers(), value);
    return self();
  }

  /** Setter of {@link #projection}. */
  default S setProjection(String value) {
    set(projection(), value);
    return self();
  }

  /** Setter of {@link #optimizer}. */
  default S setOptimizer(String value) {
    set(optimizer(), value);
    return self();
  }

  /** Setter of {@link #maxIter}. */
  default S setMaxIter(int value) {
    set(maxIter(), value);
    return self();
  }

  /** Setter of {@link #stepSize}. */
  default S setStepSize(double value) {
    set(stepSize(), value);
    return self();
  }

  /** Setter of {@link #batchSize}. */
  default S setBatchSize(int value) {
    set(batchSize(), value);
    return self();
  }

  /** Setter of {@link #momentum}. */
  default S setMomentum(double value) {
    set(momentum(), value);
    return self();
  }

  /** Setter of {@link #weightDecay}. */
  default S setWeightDecay(double value) {
    set(weightDecay(), value);
    return self();
  }

  /** Setter of {@link #regParam}. */
  default S setRegParam(double value) {
    set(regParam(), value);
    return self();
  }

  /** Setter of {@link #schedule}. */
  default S setSchedule(String value) {
    set(schedule(), value);
    return self();
  }

  /** Setter of {@link #warmUp}. */
  default S setWarmUp(double value) {
    set(warmUp(), value);
    return self();
  }

  /** Setter of {@link #clip}. */
  default S setClip(double value) {
    set(clip(), value);
    return self();
  }

  /** Setter of {@link #shards}. */
  default S setShards(int value) {
    set(shards(), value);
    return self();
  }

  /** Setter of {@link #stepsPerRound}. */
  default S setStepsPerRound(int value) {
    set(stepsPerRound(), value);
    return self();
  }

  /** Setter of {@link #outerMomentum}. */
  default S setOuterMomentum(double value) {
    set(outerMomentum(), value);
    return self();
  }

  /** Setter of {@link #reshuffle}. */
  default S setReshuffle(boolean value) {
    set(reshuffle(), value);
    return self();
  }

  /** Setter of {@link #patience}. */
  default S setPatience(int value) {
    set(patience(), value);
    return self();
  }

  /** Setter of {@link #seed}. */
  default S setSeed(long value) {
    set(seed(), value);
    return self();
  }
}
