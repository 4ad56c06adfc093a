package org.snnk.spark.ml;

import java.io.Serializable;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.snnk.feature.Projection;
import org.snnk.network.Optimizer;
import org.snnk.network.Schedule;

/**
 * The Params of networks and their gradient descent, of the learner and of its model; the
 * documentation of each is its text in {@code explainParams()}.
 */
public interface NetworkParams extends RowParams {
  /** Where a stage keeps them. */
  Fields networkFields();

  @Override
  default RowParams.Fields rowFields() {
    return networkFields().rows;
  }

  /** The Params of one stage. */
  final class Fields implements Serializable {
    private static final long serialVersionUID = 1L;

    private final RowParams.Fields rows;
    private final StringArrayParam layers;
    private final Param<String> projection;
    private final Param<String> optimizer;
    private final IntParam maxIter;
    private final DoubleParam stepSize;
    private final IntParam batchSize;
    private final DoubleParam momentum;
    private final DoubleParam weightDecay;
    private final DoubleParam regParam;
    private final Param<String> schedule;
    private final DoubleParam warmUp;
    private final DoubleParam clip;
    private final IntParam shards;
    private final IntParam stepsPerRound;
    private final DoubleParam outerMomentum;
    private final BooleanParam reshuffle;
    private final IntParam patience;
    private final LongParam seed;

    /** Params that belong to a stage. */
    Fields(Params stage) {
      rows = new RowParams.Fields(stage);
      layers =
          new StringArrayParam(
              stage,
              "layers",
              "Layers before the linear output, as network.layers of the jobs: dense WIDTH [ACTIVATION], snnk FEATURES WIDTH, adapter FEATURES, dropout RATE, or first cosine FEATURES LENGTHSCALE.");
      projection =
          new Param<>(
              stage,
              "projection",
              "How the random directions of snnk layers are drawn, as features.projection of the jobs.",
              ParamValidators.<String>inArray(Projection.keys()));
      optimizer =
          new Param<>(
              stage,
              "optimizer",
              "How a gradient moves the parameters: 'adam', 'adamw', 'sgd' with momentum, or 'lbfgs' on all rows at once, for small networks.",
              ParamValidators.<String>inArray(Optimizer.keys()));
      maxIter =
          new IntParam(
              stage, "maxIter", "Passes over the rows, at most.", ParamValidators.<Object>gt(0));
      stepSize =
          new DoubleParam(
              stage,
              "stepSize",
              "Learning rate before the schedule.",
              ParamValidators.<Object>gt(0));
      batchSize =
          new IntParam(
              stage, "batchSize", "Rows of a step, at most.", ParamValidators.<Object>gt(0));
      momentum =
          new DoubleParam(
              stage,
              "momentum",
              "Momentum of the optimizer 'sgd'; 0 for none.",
              ParamValidators.<Object>inRange(0, 1, true, false));
      weightDecay =
          new DoubleParam(
              stage,
              "weightDecay",
              "Decay of weights by the optimizer 'adamw', times the learning rate.",
              ParamValidators.<Object>gtEq(0));
      regParam =
          new DoubleParam(
              stage,
              "regParam",
              "Ridge penalty on all weights; 0 for none.",
              ParamValidators.<Object>gtEq(0));
      schedule =
          new Param<>(
              stage,
              "schedule",
              "Course of the learning rate after the warm-up.",
              ParamValidators.<String>inArray(Schedule.Shape.keys()));
      warmUp =
          new DoubleParam(
              stage,
              "warmUp",
              "Share of the steps over which the learning rate rises.",
              ParamValidators.<Object>inRange(0, 1, true, false));
      clip =
          new DoubleParam(
              stage,
              "clip",
              "A gradient with a larger norm is scaled down to it; 0 for no limit.",
              ParamValidators.<Object>gtEq(0));
      shards =
          new IntParam(
              stage,
              "shards",
              "Shards that the rows are cut into, each trained by a task; they decide on the result. 0 takes the number of cores.",
              ParamValidators.<Object>gtEq(0));
      stepsPerRound =
          new IntParam(
              stage,
              "stepsPerRound",
              "Steps of a shard between two synchronisations, at most; 0 takes those of an epoch.",
              ParamValidators.<Object>gtEq(0));
      outerMomentum =
          new DoubleParam(
              stage,
              "outerMomentum",
              "Momentum of what a round moves the parameters by; 0 takes the mean of the shards.",
              ParamValidators.<Object>inRange(0, 1, true, false));
      reshuffle =
          new BooleanParam(stage, "reshuffle", "Whether rows change shards between epochs.");
      patience =
          new IntParam(
              stage,
              "patience",
              "Epochs without a better loss on the validation part that end training; 0 for no end.",
              ParamValidators.<Object>gtEq(0));
      seed = new LongParam(stage, "seed", "Seed of everything random.");
    }

    /** Sets what holds where the user says nothing. */
    void setDefaults(Params stage) {
      rows.setDefaults(stage);
      stage.setDefault(layers, new String[] {"dense 512", "snnk 64 128"});
      stage.setDefault(projection, "orthogonal");
      stage.setDefault(optimizer, "adam");
      stage.setDefault(maxIter, 20);
      stage.setDefault(stepSize, 2e-3);
      stage.setDefault(batchSize, 256);
      stage.setDefault(momentum, 0.9);
      stage.setDefault(weightDecay, 0.01);
      stage.setDefault(regParam, 0.0);
      stage.setDefault(schedule, "cosine");
      stage.setDefault(warmUp, 0.02);
      stage.setDefault(clip, 0.0);
      stage.setDefault(shards, 0);
      stage.setDefault(stepsPerRound, 0);
      stage.setDefault(outerMomentum, 0.0);
      stage.setDefault(reshuffle, false);
      stage.setDefault(patience, 0);
      stage.setDefault(seed, 42L);
    }
  }

  /** Param. */
  default StringArrayParam layers() {
    return networkFields().layers;
  }

  /** Getter of {@link #layers}. */
  default String[] getLayers() {
    return getOrDefault(layers());
  }

  /** Param. */
  default Param<String> projection() {
    return networkFields().projection;
  }

  /** Getter of {@link #projection}. */
  default String getProjection() {
    return getOrDefault(projection());
  }

  /** Param. */
  default Param<String> optimizer() {
    return networkFields().optimizer;
  }

  /** Getter of {@link #optimizer}. */
  default String getOptimizer() {
    return getOrDefault(optimizer());
  }

  /** Param. */
  default IntParam maxIter() {
    return networkFields().maxIter;
  }

  /** Getter of {@link #maxIter}. */
  default int getMaxIter() {
    return (int) getOrDefault(maxIter());
  }

  /** Param. */
  default DoubleParam stepSize() {
    return networkFields().stepSize;
  }

  /** Getter of {@link #stepSize}. */
  default double getStepSize() {
    return (double) getOrDefault(stepSize());
  }

  /** Param. */
  default IntParam batchSize() {
    return networkFields().batchSize;
  }

  /** Getter of {@link #batchSize}. */
  default int getBatchSize() {
    return (int) getOrDefault(batchSize());
  }

  /** Param. */
  default DoubleParam momentum() {
    return networkFields().momentum;
  }

  /** Getter of {@link #momentum}. */
  default double getMomentum() {
    return (double) getOrDefault(momentum());
  }

  /** Param. */
  default DoubleParam weightDecay() {
    return networkFields().weightDecay;
  }

  /** Getter of {@link #weightDecay}. */
  default double getWeightDecay() {
    return (double) getOrDefault(weightDecay());
  }

  /** Param. */
  default DoubleParam regParam() {
    return networkFields().regParam;
  }

  /** Getter of {@link #regParam}. */
  default double getRegParam() {
    return (double) getOrDefault(regParam());
  }

  /** Param. */
  default Param<String> schedule() {
    return networkFields().schedule;
  }

  /** Getter of {@link #schedule}. */
  default String getSchedule() {
    return getOrDefault(schedule());
  }

  /** Param. */
  default DoubleParam warmUp() {
    return networkFields().warmUp;
  }

  /** Getter of {@link #warmUp}. */
  default double getWarmUp() {
    return (double) getOrDefault(warmUp());
  }

  /** Param. */
  default DoubleParam clip() {
    return networkFields().clip;
  }

  /** Getter of {@link #clip}. */
  default double getClip() {
    return (double) getOrDefault(clip());
  }

  /** Param. */
  default IntParam shards() {
    return networkFields().shards;
  }

  /** Getter of {@link #shards}. */
  default int getShards() {
    return (int) getOrDefault(shards());
  }

  /** Param. */
  default IntParam stepsPerRound() {
    return networkFields().stepsPerRound;
  }

  /** Getter of {@link #stepsPerRound}. */
  default int getStepsPerRound() {
    return (int) getOrDefault(stepsPerRound());
  }

  /** Param. */
  default DoubleParam outerMomentum() {
    return networkFields().outerMomentum;
  }

  /** Getter of {@link #outerMomentum}. */
  default double getOuterMomentum() {
    return (double) getOrDefault(outerMomentum());
  }

  /** Param. */
  default BooleanParam reshuffle() {
    return networkFields().reshuffle;
  }

  /** Getter of {@link #reshuffle}. */
  default boolean getReshuffle() {
    return (boolean) getOrDefault(reshuffle());
  }

  /** Param. */
  default IntParam patience() {
    return networkFields().patience;
  }

  /** Getter of {@link #patience}. */
  default int getPatience() {
    return (int) getOrDefault(patience());
  }

  /** Param. */
  default LongParam seed() {
    return networkFields().seed;
  }

  /** Getter of {@link #seed}. */
  default long getSeed() {
    return (long) getOrDefault(seed());
  }
}
