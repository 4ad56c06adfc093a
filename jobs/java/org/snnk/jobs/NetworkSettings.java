package org.snnk.jobs;

import java.util.List;
import java.util.Optional;
import org.snnk.SnnkException;
import org.snnk.activation.StandardActivation;
import org.snnk.feature.Projection;
import org.snnk.loss.Loss;
import org.snnk.network.Dense;
import org.snnk.network.Layer;
import org.snnk.network.LayerText;
import org.snnk.network.LocalTraining;
import org.snnk.network.MappedFeatures;
import org.snnk.network.Network;
import org.snnk.network.Optimizer;
import org.snnk.network.OuterStep;
import org.snnk.network.Schedule;
import org.snnk.network.TrainedNetwork;
import org.snnk.spark.data.Roles;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.spark.train.NetworkTraining;

/**
 * The sections {@code network} and {@code sgd} of a job: from options to a network and its
 * training.
 */
final class NetworkSettings {
  static final String NETWORK = "network";
  static final String SGD = "sgd";

  private final JobContext context;

  NetworkSettings(JobContext context) {
    this.context = context;
  }

  /** Whether the job trains by gradient descent rather than in closed form. */
  static boolean chosen(JobContext context) {
    return context.get(Options.MODEL_KIND).equals(NETWORK)
        || context.get(Options.SOLVER).equals(SGD);
  }

  /** Whether the model is the fully-bundled one, of a fixed feature map and a linear read-out. */
  boolean fullyBundled() {
    return !context.get(Options.MODEL_KIND).equals(NETWORK);
  }

  /**
   * By what the closed form would choose the length scale of a fully-bundled model; empty where
   * there is none to choose.
   *
   * @throws SnnkException if options do not go together
   */
  Optional<ClosedFormTraining.Options> selection() {
    return fullyBundled() && context.get(Options.LENGTH_SCALE).isEmpty()
        ? Optional.of(TrainJob.options(context, Optional.empty()))
        : Optional.empty();
  }

  /**
   * What to train, with 1 for a length scale that is still to be chosen: no size depends on it.
   *
   * @throws SnnkException if options do not go together, or layers do not chain
   */
  NetworkTraining.Options options(Roles roles, int cores) {
    NetworkTraining.Options options =
        options(roles, cores, context.get(Options.LENGTH_SCALE).orElse(1));
    Object unused = selection();
    return options;
  }

  /**
   * What to train.
   *
   * @param lengthScale of a fully-bundled model
   * @throws SnnkException if options do not go together, or layers do not chain
   */
  NetworkTraining.Options options(Roles roles, int cores, double lengthScale) {
    refuseClosedFormOptions();
    Loss loss = loss(roles);
    int outputs = roles.classification() ? roles.classes().size() : roles.targets().size();
    boolean fullBatch = isFullBatch();
    if (fullBatch && context.get(Options.SGD_CHECKPOINT).isPresent()) {
      throw error(
          Options.SGD_CHECKPOINT,
          "nothing with sgd.optimizer=lbfgs",
          context.get(Options.SGD_CHECKPOINT).get(),
          "Leave it out: L-BFGS writes no checkpoints.");
    }
    LocalTraining.Settings steps = steps(loss, context.get(Options.REG_PARAM).orElse(0));
    return new NetworkTraining.Options(
        network(roles.inputs().size(), outputs, lengthScale),
        steps,
        context.get(Options.SGD_LEARNING_RATES),
        context.get(Options.SGD_EPOCHS),
        sharding(
            cores,
            new OuterStep(context.get(Options.SGD_OUTER_MOMENTUM), 1),
            context.get(Options.SGD_RESHUFFLE)),
        context.get(Options.VALIDATION_FRACTION),
        context.get(Options.SGD_PATIENCE),
        fullBatch,
        context.get(Options.INVALID).equals("drop"),
        null);
  }

  private NetworkTraining.Sharding sharding(int cores, OuterStep outer, boolean reshuffle) {
    int shards = context.get(Options.SGD_SHARDS);
    return new NetworkTraining.Sharding(
        shards == 0 ? cores : shards, context.get(Options.SGD_STEPS_PER_ROUND), outer, reshuffle);
  }

  /** Whether a step is one of L-BFGS on all rows. */
  private boolean isFullBatch() {
    return context.get(Options.SGD_OPTIMIZER).equals(Optimizer.FULL_BATCH);
  }

  /** What a step is. */
  private LocalTraining.Settings steps(Loss loss, double penalty) {
    Optimizer optimizer =
        Optimizer.of(
            context.get(Options.SGD_OPTIMIZER),
            context.get(Options.SGD_MOMENTUM),
            context.get(Options.SGD_WEIGHT_DECAY));
    double clip = context.get(Options.SGD_CLIP);
    return new LocalTraining.Settings(
        loss,
        penalty,
        optimizer,
        new Schedule(
            Schedule.Shape.of(context.get(Options.SGD_SCHEDULE)), context.get(Options.SGD_WARM_UP)),
        context.get(Options.SGD_LEARNING_RATES).get(0),
        clip == 0 ? Double.POSITIVE_INFINITY : clip,
        context.get(Options.SGD_BATCH_SIZE),
        context.get(Options.SEED));
  }

  /** Squared error on all rows, from given parameters: a function is fitted, none is learned. */
  NetworkTraining.Options fitting(TrainedNetwork start, int cores) {
    return new NetworkTraining.Options(
        start.network(),
        steps(Loss.SQUARED, 0),
        context.get(Options.SGD_LEARNING_RATES),
        context.get(Options.SGD_EPOCHS),
        sharding(cores, OuterStep.MEAN, false),
        0,
        0,
        isFullBatch(),
        false,
        start.parameters());
  }

  /** Options that only the closed form can keep. */
  private void refuseClosedFormOptions() {
    String remedy = "Leave it out, or train in closed form.";
    String solver = context.get(Options.SOLVER);
    if (!solver.equals("auto") && !solver.equals(SGD)) {
      throw error(Options.SOLVER, "auto or sgd for a network", solver, "Leave it out.");
    }
    if (context.get(Options.FEATURES_FROM).isPresent()) {
      throw error(Options.FEATURES_FROM, "nothing, with gradient descent", "a training", remedy);
    }
    if (context.get(Options.FOLDS) > 0) {
      int folds = context.get(Options.FOLDS);
      throw error(Options.FOLDS, "0 with gradient descent", folds + "", remedy);
    }
    if (context.get(Options.LEAVE_ONE_OUT)) {
      throw error(Options.LEAVE_ONE_OUT, "false with gradient descent", "true", remedy);
    }
    if (!context.get(Options.PRECISION).equals("exact")) {
      String precision = context.get(Options.PRECISION);
      throw error(Options.PRECISION, "exact with gradient descent", precision, remedy);
    }
  }

  private SnnkException error(Option<?> option, String expected, String got, String remedy) {
    return context.settings().error(option, expected, got, remedy);
  }

  private Loss loss(Roles roles) {
    String wanted = context.get(Options.SGD_LOSS);
    Loss natural = roles.classification() ? Loss.SOFTMAX : Loss.SQUARED;
    if (wanted.equals("auto")) {
      return natural;
    }
    Loss loss = Loss.of(wanted);
    if (loss != natural && !(fullyBundled() && roles.classification())) {
      throw error(
          Options.SGD_LOSS,
          natural.key() + (roles.classification() ? " for classes" : " for regression"),
          wanted,
          "Leave it out; only a fully-bundled model learns classes by squared error.");
    }
    return loss;
  }

  private Network network(int inputs, int outputs, double lengthScale) {
    if (!fullyBundled()) {
      return new LayerText(
              Projection.of(context.get(Options.PROJECTION)),
              context.get(Options.SEED),
              text ->
                  error(
                      Options.NETWORK_LAYERS,
                      LayerText.GRAMMAR,
                      "'" + text + "'",
                      "Correct the layer."))
          .network(context.get(Options.NETWORK_LAYERS), inputs, outputs);
    }
    MappedFeatures features =
        new MappedFeatures(
            TrainJob.family(context).create(inputs, lengthScale, context.get(Options.SEED)));
    Layer readout = new Dense(features.outputs(), outputs, true, StandardActivation.LINEAR);
    return new Network(List.of(features, readout));
  }
}
