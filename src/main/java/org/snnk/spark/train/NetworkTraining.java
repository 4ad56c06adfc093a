package org.snnk.spark.train;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.snnk.SnnkException;
import org.snnk.feature.FeatureMap;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;
import org.snnk.loss.Loss;
import org.snnk.model.FullyBundledModel;
import org.snnk.model.NetworkModel;
import org.snnk.network.Dropout;
import org.snnk.network.EpochLoss;
import org.snnk.network.LocalTraining;
import org.snnk.network.LocalTraining.Evaluation;
import org.snnk.network.LocalTraining.GradientSum;
import org.snnk.network.LocalTraining.Stretch;
import org.snnk.network.LocalTraining.Update;
import org.snnk.network.LowMemoryBfgs;
import org.snnk.network.MappedFeatures;
import org.snnk.network.Network;
import org.snnk.network.OuterStep;
import org.snnk.network.TrainingState;
import org.snnk.solve.PlattScaling;
import org.snnk.spark.data.Roles;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.Moments;
import org.snnk.statistics.RowParts;
import org.snnk.statistics.Targets;
import scala.Tuple2;

/**
 * Trains a network by mini-batch gradient descent on shards of the rows, whose parameters are
 * averaged from time to time (McMahan et al. 2017, "Communication-efficient learning", with an
 * outer momentum as in Wang et al. 2020, "SlowMo").
 *
 * <p>A round is one Spark job of ordinary tasks, one a shard. A task is a function of what was
 * broadcast and its shard, so it may be retried, and shards are merged in their order. The
 * parameters are then a function of the rows, the options and the number of shards, bit for bit on
 * machines with one BLAS, whatever the partitions of the table, retries and lost executors.
 *
 * <p>What moves: parameters and the optimiser's memory once to every executor and once back from
 * every shard a round; rows once, into their shards.
 */
public final class NetworkTraining {
  private static final String SETTINGS_REMEDY =
      "Train with the settings and rows of the checkpoint, or without sgd.resume.";

  /** Updates of more shards are merged on executors first, so many at a time. */
  static final int MERGED_TOGETHER = 16;

  private static final int CHECKPOINT_VERSION = 1;

  private final Options options;
  private final Roles roles;
  private final Phases phases;
  private final Checkpoints checkpoints;

  /**
   * What to train and how.
   *
   * @param network for the table's inputs, with an output for each class or target
   * @param steps what a step is; its learning rate is the first of those
   * @param learningRates tried in turn, each from the start; the best on the validation part is
   *     kept
   * @param epochs passes over the rows, at most
   * @param sharding how the rows are spread over tasks
   * @param validationFraction the part of the rows that is not trained on but validates; may be 0
   * @param patience epochs without a better validation loss after which training ends; 0 for no end
   * @param fullBatch whether an epoch is one step of L-BFGS on all rows, in place of mini-batches
   * @param dropInvalid whether rows that cannot be used are left out rather than refused
   * @param start parameters to begin with; null draws them as the layers do
   */
  public record Options(
      Network network,
      LocalTraining.Settings steps,
      List<Double> learningRates,
      int epochs,
      Sharding sharding,
      double validationFraction,
      int patience,
      boolean fullBatch,
      boolean dropInvalid,
      float[] start) {

    /** Checks what depends on one another. */
    public Options {
      learningRates = List.copyOf(learningRates);
      if (start != null && start.length != network.parameters()) {
        throw new SnnkException(
            "parameters to begin with",
            network.parameters() + " of them",
            start.length + "",
            null,
            "Make them for this network.");
      }
      network.requireTrainable();
      if (fullBatch && network.layers().stream().anyMatch(layer -> layer instanceof Dropout)) {
        throw new SnnkException(
            "sgd.optimizer",
            "another than lbfgs for a network with dropout",
            "lbfgs",
            null,
            "Leave the dropout out: L-BFGS needs one and the same function in every step.");
      }
      if (learningRates.size() > 1 && validationFraction == 0) {
        throw new SnnkException(
            "sgd.learningRate",
            "one rate without a validation part",
            learningRates.size() + "",
            null,
            "Set train.validationFraction.");
      }
      if (patience > 0 && validationFraction == 0) {
        throw new SnnkException(
            "sgd.patience",
            "0 without a validation part",
            patience + "",
            null,
            "Set train.validationFraction.");
      }
    }

    /** All that decides on the result, for a checkpoint. */
    private String describe() {
      return String.join(
          "; ",
          network.describe(),
          steps.loss().key() + " + " + steps.penalty(),
          steps.optimizer().describe(),
          steps.schedule().describe() + " of " + learningRates,
          "clip " + steps.largestGradient(),
          "batch " + steps.batch(),
          "seed " + steps.seed(),
          epochs + " epochs",
          sharding.count + " shards",
          sharding.stepsPerRound + " steps a round",
          sharding.outer.describe(),
          "validation " + validationFraction,
          "patience " + patience,
          "reshuffle " + sharding.reshuffle,
          "full batch " + fullBatch,
          start == null ? "drawn" : "from given parameters " + Arrays.hashCode(start));
    }

    private float[] begin() {
      return start == null ? network.initial(steps.seed()) : start;
    }
  }

  /**
   * How the rows are spread over tasks, and what these learn comes together.
   *
   * @param count of shards in which the rows are cut, each trained by one task at a time
   * @param stepsPerRound steps between two synchronisations, about; 0 for one an epoch
   * @param outer how the mean of the shards moves the parameters
   * @param reshuffle whether rows change shards between epochs
   */
  public record Sharding(int count, int stepsPerRound, OuterStep outer, boolean reshuffle) {
    /** Shards that stay as they are, and become their mean once an epoch. */
    public static Sharding of(int count) {
      return new Sharding(count, 0, OuterStep.MEAN, false);
    }

    /** Synchronisations of an epoch of so many steps. */
    int rounds(int batches) {
      return stepsPerRound == 0 ? 1 : (batches + stepsPerRound - 1) / stepsPerRound;
    }
  }

  /** A learning rate, its best loss on the validation part, and the epoch of that. */
  public record Candidate(double learningRate, double validation, int epoch) {}

  /**
   * What training gives.
   *
   * @param learningRate that was kept
   * @param candidates every learning rate, if there were several
   * @param parameters of the best epoch by validation loss; of the last without a validation part
   * @param epoch that they are of
   * @param divergedAt the step at which the loss or a parameter was no finite number
   * @param batches steps of an epoch
   * @param rounds synchronisations of an epoch
   * @param resumedAt epochs that were done before, by the checkpoint
   */
  public record Result(
      Network network,
      Roles roles,
      float[] parameters,
      Standardizer standardizer,
      Targets targets,
      Moments moments,
      double learningRate,
      List<Candidate> candidates,
      List<EpochLoss> curve,
      int epoch,
      OptionalLong divergedAt,
      int batches,
      int rounds,
      int resumedAt) {

    /** The network as a model. */
    public NetworkModel model() {
      return new NetworkModel(
          roles.inputs(),
          roles.targets(),
          roles.classes(),
          standardizer,
          targets,
          network,
          parameters,
          curve,
          epoch);
    }

    /**
     * A network of a fixed feature map and a linear read-out, trained by squared error, as the
     * model that it is; classes are calibrated on the validation part, without one on all rows.
     *
     * @param rows that it was trained on
     */
    public FullyBundledModel fullyBundled(JavaRDD<RowBlock> rows, Options options, Phases phases) {
      FeatureMap map = ((MappedFeatures) network.layers().get(0)).map();
      int weights = map.features() * targets.count();
      double[] readout = new double[parameters.length];
      for (int i = 0; i < readout.length; i++) {
        readout[i] = parameters[i];
      }
      FullyBundledModel model =
          FullyBundledModel.of(
              roles.inputs(),
              roles.targets(),
              roles.classes(),
              new Featurizer(standardizer, map),
              targets,
              Arrays.copyOf(readout, weights),
              Arrays.copyOfRange(readout, weights, readout.length));
      if (!targets.areClasses()) {
        return model;
      }
      RowParts parts = RowParts.holdOut(options.steps.seed(), options.validationFraction);
      int held = parts.count() - 1;
      JavaRDD<RowBlock> calibrating =
          rows.map(block -> block.filter(index -> parts.of(index) == held));
      double unit = Math.scalb(1.0, GramStatistics.weightExponent(moments.largestWeight()));
      PlattScaling scaling =
          phases.run(
              "calibration", 0, () -> PlattScaling.fit(Scoring.counts(calibrating, model, unit)));
      return model.calibrated(scaling.slope(), scaling.offset());
    }
  }

  private NetworkTraining(Options options, Roles roles, Phases phases, Checkpoints checkpoints) {
    this.options = options;
    this.roles = roles;
    this.phases = phases;
    this.checkpoints = checkpoints;
  }

  /**
   * Trains.
   *
   * @param rows the training rows; passed over twice, then held as shards
   * @throws SnnkException if there are no usable rows, unusable ones that may not be dropped, a
   *     checkpoint of another training, or not one round without divergence
   */
  public static Result train(
      JavaRDD<RowBlock> rows,
      Roles roles,
      Options options,
      Phases phases,
      Checkpoints checkpoints) {
    Moments moments = phases.run("moments", 0, () -> ClosedFormTraining.moments(rows, roles));
    return train(rows, roles, options, phases, checkpoints, moments);
  }

  /**
   * The same where the moments of the rows are known.
   *
   * @param rows the training rows; passed over once, then held as shards
   */
  public static Result train(
      JavaRDD<RowBlock> rows,
      Roles roles,
      Options options,
      Phases phases,
      Checkpoints checkpoints,
      Moments moments) {
    return new NetworkTraining(options, roles, phases, checkpoints).train(rows, moments);
  }

  private Result train(JavaRDD<RowBlock> rows, Moments moments) {
    if (!options.dropInvalid) {
      moments.rejected().requireNone("training table");
    }
    Standardizer standardizer = moments.standardizer();
    Targets targets = moments.targets();
    ClosedFormTraining.requireSomethingToLearn(moments, roles);
    boolean oneHot = targets.areClasses() && options.steps.loss() == Loss.SQUARED;
    Shards.Layout layout =
        new Shards.Layout(
            options.sharding.count,
            standardizer,
            targets,
            roles.weight() != null,
            oneHot,
            RowParts.holdOut(options.steps.seed(), options.validationFraction),
            options.steps.seed());
    Shards shards = Shards.of(rows, layout);
    try {
      List<Size> sizes = phases.run("shards", 0, () -> sizes(shards));
      List<Candidate> candidates = new ArrayList<>();
      Run run = null;
      for (double rate : options.learningRates) {
        Run next = new Run(shards, sizes, moments, options.steps.withLearningRate(rate));
        try {
          next.run();
        } finally {
          next.sent.destroy();
        }
        candidates.add(new Candidate(rate, next.bestLoss, next.bestEpoch));
        run = run == null || next.bestLoss < run.bestLoss ? next : run;
      }
      return new Result(
          options.network,
          roles,
          run.best,
          standardizer,
          targets,
          moments,
          run.training.settings().learningRate(),
          candidates.size() > 1 ? candidates : List.of(),
          run.curve,
          run.bestEpoch,
          run.divergedAt,
          run.batches,
          run.rounds,
          run.resumedAt);
    } finally {
      shards.release();
    }
  }

  /** Rows of a shard, and their weight. */
  private record Size(long training, long validation) implements Serializable {}

  private static List<Size> sizes(Shards shards) {
    return shards
        .rdd()
        .map(shard -> new Size(shard.training().rows(), shard.validation().rows()))
        .collect();
  }

  /** Where a training stands between two rounds; all that is checkpointed. */
  private final class Run {
    private final Shards base;
    private final JavaSparkContext spark;
    private final Moments moments;
    private final LocalTraining training;
    private final Broadcast<LocalTraining> sent;
    private final LongAccumulator seen;
    private final int batches;
    private final int rounds;
    private final double meanWeight;
    private final boolean validates;

    private TrainingState state;
    private float[] velocity;
    private int epoch;
    private int round;
    private double loss;
    private double weight;
    private final List<EpochLoss> curve = new ArrayList<>();
    private float[] best;
    private int bestEpoch;
    private double bestLoss = Double.POSITIVE_INFINITY;
    private OptionalLong divergedAt = OptionalLong.empty();
    private int resumedAt;

    Run(Shards shards, List<Size> sizes, Moments moments, LocalTraining.Settings steps) {
      this.base = shards;
      this.moments = moments;
      this.spark = JavaSparkContext.fromSparkContext(shards.rdd().context());
      this.training = new LocalTraining(options.network, steps);
      this.sent = spark.broadcast(training);
      this.seen = shards.rdd().context().longAccumulator(Phases.ROWS);
      long most = sizes.stream().mapToLong(Size::training).max().orElse(0);
      long held = sizes.stream().mapToLong(Size::validation).sum();
      long trained = sizes.stream().mapToLong(Size::training).sum();
      this.validates = options.validationFraction > 0;
      if (trained == 0 || (validates && held == 0)) {
        ClosedFormTraining.requireBothParts(trained, held);
      }
      // Reshuffled shards have other sizes: batches are cut from the mean size then.
      this.batches =
          training.batches(
              options.sharding.reshuffle
                  ? (trained + options.sharding.count - 1) / options.sharding.count
                  : most);
      this.rounds = options.sharding.rounds(batches);
      this.meanWeight = moments.totalWeight() / moments.rows();
      this.state = TrainingState.start(options.begin(), options.steps.optimizer());
      this.velocity = options.sharding.outer.start(state);
    }

    void run() {
      checkpoints.read(name()).ifPresent(this::resume);
      resumedAt = epoch;
      long rows = (long) (moments.rows() * (1 - options.validationFraction));
      phases.run(
          "training",
          options.fullBatch ? 0 : rows * (options.epochs - epoch),
          () -> {
            if (options.fullBatch) {
              descend();
              return null;
            }
            while (epoch < options.epochs && divergedAt.isEmpty() && !patienceIsOver()) {
              epoch();
            }
            return null;
          });
      if (best == null) {
        throw new SnnkException(
            "training",
            "a finite loss",
            "none from step " + divergedAt.orElse(0) + " on",
            null,
            "Lower sgd.learningRate, or set sgd.clip.");
      }
    }

    /** Each learning rate has a checkpoint of its own. */
    private String name() {
      return "rate-" + training.settings().learningRate();
    }

    private boolean patienceIsOver() {
      return options.patience > 0 && epoch - bestEpoch >= options.patience;
    }

    /** L-BFGS: an epoch is one step, which may take several passes. */
    private void descend() {
      double[] start = new double[state.parameters().length];
      for (int i = 0; i < start.length; i++) {
        start[i] = state.parameters()[i];
      }
      LowMemoryBfgs search = new LowMemoryBfgs(start, this::objective);
      boolean moved = true;
      while (moved && epoch < options.epochs && !patienceIsOver()) {
        moved = search.step();
        state = new TrainingState(floats(search.point()), new float[0][], epoch + 1);
        loss = search.value();
        weight = 1;
        if (!Double.isFinite(loss)) {
          divergedAt = OptionalLong.of(epoch);
          return;
        }
        endEpoch(base);
      }
    }

    private double objective(double[] parameters, double[] gradient) {
      Broadcast<LocalTraining> of = sent;
      Broadcast<float[]> at = spark.broadcast(floats(parameters));
      try {
        List<GradientSum> sums =
            base.rdd().map(shard -> of.value().gradient(at.value(), shard.training())).collect();
        GradientSum sum = sums.get(0);
        for (GradientSum other : sums.subList(1, sums.size())) {
          sum = sum.plus(other);
        }
        double lambda = options.steps.penalty();
        return sum.objective(parameters, options.network.weightMask(), lambda, gradient);
      } finally {
        at.destroy();
      }
    }

    private void epoch() {
      Shards shards = options.sharding.reshuffle && epoch > 0 ? base.reshuffled(epoch) : base;
      try {
        while (round < rounds) {
          round(shards);
          if (divergedAt.isPresent()) {
            return;
          }
          round++;
          if (round < rounds) {
            checkpoints.write(name(), checkpoint());
          }
        }
        endEpoch(shards);
        checkpoints.write(name(), checkpoint());
      } finally {
        if (shards != base) {
          shards.release();
        }
      }
    }

    private void round(Shards shards) {
      int from = (int) ((long) batches * round / rounds);
      int to = (int) ((long) batches * (round + 1) / rounds);
      Stretch stretch = new Stretch(epoch, from, to, batches, options.epochs, meanWeight);
      Broadcast<TrainingState> start = spark.broadcast(state);
      Broadcast<LocalTraining> of = sent;
      LongAccumulator rows = seen;
      List<Update> updates;
      try {
        updates =
            merged(
                shards
                    .rdd()
                    .map(
                        shard -> {
                          Update update =
                              of.value()
                                  .run(start.value(), shard.training(), shard.number(), stretch);
                          rows.add(update.rows());
                          return update;
                        }));
      } finally {
        start.destroy();
      }
      Update all = LocalTraining.merge(updates);
      if (all.divergedAt() >= 0) {
        divergedAt = OptionalLong.of(all.divergedAt());
        return;
      }
      loss += all.loss();
      weight += all.weight();
      state = options.sharding.outer.apply(state, all.state(), velocity);
    }

    private void endEpoch(Shards shards) {
      Evaluation validation = validates ? evaluate(shards) : null;
      double measured = validates ? validation.loss() / validation.weight() : Double.NaN;
      epoch++;
      if (validates && !Double.isFinite(measured)) {
        divergedAt = OptionalLong.of(state.steps());
        return;
      }
      boolean hits = validates && options.steps.loss() == Loss.SOFTMAX;
      EpochLoss point =
          new EpochLoss(
              epoch,
              loss / weight,
              measured,
              hits ? validation.hits() / validation.weight() : Double.NaN);
      curve.add(point);
      if (!validates || measured < bestLoss) {
        best = state.parameters();
        bestEpoch = epoch;
        bestLoss = measured;
      }
      round = 0;
      loss = 0;
      weight = 0;
      phases.tell(line(point));
    }

    private String line(EpochLoss point) {
      StringBuilder line = new StringBuilder();
      line.append(
          String.format(
              Locale.ROOT,
              "epoch %d of %d: training loss %.5g",
              point.epoch(),
              options.epochs,
              point.training()));
      if (validates) {
        line.append(String.format(Locale.ROOT, ", validation loss %.5g", point.validation()));
      }
      if (!Double.isNaN(point.accuracy())) {
        line.append(String.format(Locale.ROOT, ", accuracy %.4f", point.accuracy()));
      }
      return line.toString();
    }

    private Evaluation evaluate(Shards shards) {
      Broadcast<LocalTraining> of = sent;
      Broadcast<float[]> parameters = spark.broadcast(state.parameters());
      try {
        Evaluation sum = new Evaluation(0, 0, 0);
        for (Evaluation part :
            shards
                .rdd()
                .map(shard -> of.value().evaluate(parameters.value(), shard.validation()))
                .collect()) {
          sum = sum.plus(part);
        }
        return sum;
      } finally {
        parameters.destroy();
      }
    }

    // ---- checkpoints ----

    private String data() {
      StringBuilder text = new StringBuilder();
      text.append(roles).append(moments.rows()).append(' ').append(moments.totalWeight());
      for (int j = 0; j < roles.inputs().size(); j++) {
        text.append(' ').append(moments.mean(j)).append(' ').append(moments.deviation(j));
      }
      for (int c = 0; c < roles.classes().size(); c++) {
        text.append(' ').append(moments.classRows(c));
      }
      for (int t = 0; t < moments.targets().count() && !roles.classification(); t++) {
        text.append(' ').append(moments.targets().mean(t));
        text.append(' ').append(moments.targets().scale(t));
      }
      return text.toString();
    }

    private byte[] checkpoint() {
      try {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(CHECKPOINT_VERSION);
        writeText(out, options.describe());
        writeText(out, data());
        out.writeInt(epoch);
        out.writeInt(round);
        out.writeDouble(loss);
        out.writeDouble(weight);
        state.write(out);
        new TrainingState(velocity, new float[0][], 0).write(out);
        EpochLoss.write(out, curve);
        out.writeInt(bestEpoch);
        out.writeDouble(bestLoss);
        if (bestEpoch > 0) {
          new TrainingState(best, new float[0][], 0).write(out);
        }
        return bytes.toByteArray();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void resume(byte[] bytes) {
      try {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int version = in.readInt();
        if (version != CHECKPOINT_VERSION) {
          throw new SnnkException(
              "checkpoint",
              "version " + CHECKPOINT_VERSION,
              "version " + version,
              null,
              "Go on with the program that wrote it.");
        }
        requireSame("the settings", readText(in), options.describe());
        requireSame("the rows", readText(in), data());
        epoch = in.readInt();
        round = in.readInt();
        loss = in.readDouble();
        weight = in.readDouble();
        state = TrainingState.read(in);
        velocity = TrainingState.read(in).parameters();
        curve.addAll(EpochLoss.read(in));
        bestEpoch = in.readInt();
        bestLoss = in.readDouble();
        best = bestEpoch > 0 ? TrainingState.read(in).parameters() : null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static void requireSame(String what, String written, String now) {
    if (!written.equals(now)) {
      throw new SnnkException(
          "checkpoint",
          "that of a training with " + what + " of this one",
          "another",
          null,
          SETTINGS_REMEDY);
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** The updates in the order of their shards; many are merged on executors first. */
  private List<Update> merged(JavaRDD<Update> updates) {
    int count = options.sharding.count;
    if (count <= MERGED_TOGETHER) {
      return updates.collect();
    }
    int groups = (count + MERGED_TOGETHER - 1) / MERGED_TOGETHER;
    return updates
        .mapPartitionsWithIndex(
            (shard, iterator) ->
                List.of(new Tuple2<>(shard / MERGED_TOGETHER, new Tuple2<>(shard, iterator.next())))
                    .iterator(),
            true)
        .mapToPair(pair -> pair)
        .partitionBy(new HashPartitioner(groups))
        .values()
        .mapPartitions(NetworkTraining::merge)
        .collect();
  }

  private static Iterator<Update> merge(Iterator<Tuple2<Integer, Update>> group) {
    List<Tuple2<Integer, Update>> members = new ArrayList<>();
    group.forEachRemaining(members::add);
    members.sort(Comparator.comparingInt(member -> member._1));
    return List.of(LocalTraining.merge(members.stream().map(member -> member._2).toList()))
        .iterator();
  }
}
