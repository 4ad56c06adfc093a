package org.snnk.jobs;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.snnk.jobs.bench.Loops;
import org.snnk.jobs.bench.Quantity;
import org.snnk.linalg.Blas;
import org.snnk.network.Examples;
import org.snnk.network.Layer;
import org.snnk.network.LocalTraining;
import org.snnk.network.LocalTraining.Stretch;
import org.snnk.network.LocalTraining.Update;
import org.snnk.network.Network;
import org.snnk.network.TrainingState;
import org.snnk.random.CounterRandom;
import org.snnk.spark.data.Roles;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.spark.train.NetworkPlan;
import org.snnk.spark.train.NetworkTraining;
import org.snnk.spark.train.TaskMemory;
import org.snnk.spark.train.TrainingPlan;

/** Tells what training by gradient descent would hold, move and take, without training. */
final class NetworkPlanning {
  private static final int PROBE_STEPS = 4;

  /** Repetitions of the probe, of which the second half counts. */
  private static final int PROBES = 8;

  private final JobContext context;
  private final JavaSparkContext spark;
  private final PrintStream out;

  NetworkPlanning(JobContext context) {
    this.context = context;
    this.spark = context.javaSpark();
    this.out = context.out();
  }

  void tell() {
    DataSettings data = new DataSettings(context);
    NetworkSettings settings = new NetworkSettings(context);
    DataSettings.Size size = data.trainingSize();
    Roles roles = size.roles();
    NetworkPlan.Site site =
        new NetworkPlan.Site(
            spark.defaultParallelism(),
            TaskMemory.executors(spark.sc()),
            TaskMemory.of(spark.sc()),
            TaskMemory.cached(spark.sc()),
            Runtime.getRuntime().maxMemory());
    NetworkTraining.Options options = settings.options(roles, site.cores());
    NetworkPlan plan =
        new NetworkPlan(
            options,
            size.rows(),
            roles.classification(),
            roles.weight() != null,
            size.keptBytes(),
            site);
    PlanJob.tellRows(out, data, size);
    line("validating", String.format(Locale.ROOT, "%,d of them", plan.validationRows()));
    tellLayers(options.network());
    tellWork(plan);
    tellMemory(plan);
    double before = settings.selection().map(chosen -> tellSelection(chosen, size)).orElse(0.0);
    if (plan.overflows()) {
      line("time", "not measured: a step needs more memory than there is");
    } else {
      tellTime(plan, before);
    }
    PlanJob.tellWarnings(out, plan.warnings());
  }

  private void line(String name, String format, Object... values) {
    PlanJob.line(
        out, name, values.length == 0 ? format : String.format(Locale.ROOT, format, values));
  }

  private void tellLayers(Network network) {
    String name = "layers";
    for (Layer layer : network.layers()) {
      line(name, "%s: %,d parameters", layer.describe(), layer.parameters());
      name = "";
    }
    line("parameters", "%,d, all trained", network.parameters());
  }

  private void tellWork(NetworkPlan plan) {
    NetworkTraining.Options options = plan.options();
    line(
        "optimizer",
        options.fullBatch()
            ? "L-BFGS on all rows: a pass or a few for each step"
            : options.steps().optimizer().describe());
    line(
        "shards",
        "%,d of %,d rows to train on, %d at once",
        options.sharding().count(),
        plan.shardRows(),
        plan.tasks());
    int rates = options.learningRates().size();
    line(
        "epochs",
        "at most %,d%s",
        options.epochs(),
        rates == 1 ? "" : " for each of " + rates + " learning rates");
    line(
        "rounds",
        "%,d an epoch of %,d steps, %,d in all",
        plan.rounds(),
        plan.steps(),
        plan.rounds() * plan.epochs());
    Network network = options.network();
    line(
        "flops",
        "%.3g a row forward and back, %.3g an epoch, %.3g in all",
        (double) network.trainingFlops(),
        plan.epochFlops(),
        plan.epochFlops() * plan.epochs());
  }

  private void tellMemory(NetworkPlan plan) {
    NetworkPlan.Site site = plan.site();
    line(
        "rows kept",
        "%s in floats, %s a shard%s; room for %s",
        PlanJob.megabytes(plan.shardsBytes()),
        PlanJob.megabytes(plan.shardBytes()),
        plan.blockBytes() == 0
            ? ""
            : ", and " + PlanJob.megabytes(plan.blockBytes()) + " of text as it was read",
        PlanJob.megabytes(site.cachedBytes()));
    line(
        "task",
        "%s in a step, %s while it makes its shard, of %s each may hold",
        PlanJob.megabytes(plan.stepBytes()),
        PlanJob.megabytes(plan.makingBytes()),
        PlanJob.megabytes(site.taskBytes()));
    line(
        "driver",
        "%s of a heap of %s",
        PlanJob.megabytes(plan.driverBytes()),
        PlanJob.megabytes(site.driverBytes()));
    line(
        "network",
        "a round sends %s to %d executors and brings back %s; %s in all",
        PlanJob.megabytes(plan.roundSentBytes()),
        site.executors(),
        PlanJob.megabytes(plan.roundReturnedBytes()),
        PlanJob.megabytes(plan.networkBytes()));
  }

  /** The choice of the length scale in closed form; returns its seconds. */
  private double tellSelection(ClosedFormTraining.Options options, DataSettings.Size size) {
    TrainingPlan.Selection selection = PlanJob.selection(options, size.rows());
    TrainingPlan.Site site;
    try (Phase phase = context.progress().phase("probe of products")) {
      site = PlanJob.probe(spark, options.precision());
    }
    double seconds = selection.seconds(size.roles().inputs().size(), site);
    line(
        "length scale",
        "the best of %d by %d features of %,d rows in closed form: %.3g s",
        selection.candidates(),
        selection.features(),
        selection.rows(),
        seconds);
    return seconds;
  }

  private void tellTime(NetworkPlan plan, double before) {
    NetworkPlan.Speed speed;
    try (Phase phase = context.progress().phase("probe of steps")) {
      speed = probe(plan);
    }
    line(
        "probe",
        "%.3g GFLOP/s in such steps on %d cores, %.2g s for a round without steps; %s",
        speed.stepFlops() / PlanJob.GIGA,
        plan.tasks(),
        speed.roundSeconds(),
        Blas.backend().description());
    line(
        "time",
        "%s%.3g s an epoch, %.3g s in all, and the reading of the rows",
        plan.options().fullBatch() ? "at least " : "",
        plan.epochSeconds(speed),
        before + plan.seconds(speed));
  }

  // ---- how fast it is here ----

  /** Steps of the very network on drawn rows, and rounds that take none. */
  private NetworkPlan.Speed probe(NetworkPlan plan) {
    LocalTraining training = new LocalTraining(plan.options().network(), plan.options().steps());
    int rows = (int) Math.min(plan.shardRows(), (long) PROBE_STEPS * training.settings().batch());
    boolean fullBatch = plan.options().fullBatch();
    boolean classes = plan.classes();
    int targets = plan.targets();
    List<Double> steps =
        Loops.rates(
                spark,
                plan.tasks(),
                PlanJob.PROBE_SECONDS,
                PROBES,
                List.of(() -> steps(training, drawn(training, rows, targets, classes), fullBatch)))
            .get(0);
    Loops.Step round = () -> round(training, plan.options().sharding().count());
    double unused = Loops.rate(PROBES / 2 * PlanJob.PROBE_SECONDS, round);
    double rounds = Loops.rate(PROBES / 2 * PlanJob.PROBE_SECONDS, round);
    // The first half finds code that is not yet compiled.
    List<Double> late = steps.subList(steps.size() / 2, steps.size());
    return new NetworkPlan.Speed(Quantity.median(late), 1 / rounds);
  }

  /** Repeats a few steps from the start; counts flops. Runs on executors. */
  private static Loops.Step steps(LocalTraining training, Examples rows, boolean fullBatch) {
    Network network = training.network();
    float[] start = network.initial(training.settings().seed());
    if (fullBatch) {
      return () -> {
        double unused = training.gradient(start, rows).loss();
        return (double) network.trainingFlops() * rows.rows();
      };
    }
    TrainingState state = TrainingState.start(start, training.settings().optimizer());
    int batches = training.batches(rows.rows());
    Stretch stretch = new Stretch(0, 0, batches, batches, 1, 1);
    return () -> (double) network.trainingFlops() * training.run(state, rows, 0, stretch).rows();
  }

  private static Examples drawn(LocalTraining training, int n, int targets, boolean classes) {
    CounterRandom random = new CounterRandom(training.settings().seed(), 0);
    int d = training.network().inputs();
    float[] x = new float[n * d];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.gaussian(i);
    }
    float[] y = new float[n * targets];
    for (int i = 0; i < y.length; i++) {
      boolean index = classes && targets == 1;
      y[i] = index ? i % training.network().outputs() : x[i % x.length];
    }
    return new Examples(n, d, targets, x, y, null, IntStream.range(0, n).asLongStream().toArray());
  }

  /** A round of the loop that takes no step. */
  private double round(LocalTraining training, int shards) {
    TrainingState start =
        TrainingState.start(
            training.network().initial(training.settings().seed()),
            training.settings().optimizer());
    Examples none = drawn(training, 0, 1, false);
    Stretch stretch = new Stretch(0, 0, 0, 1, 1, 1);
    Broadcast<TrainingState> sent = spark.broadcast(start);
    try {
      List<Update> updates =
          spark
              .parallelize(IntStream.range(0, shards).boxed().toList(), shards)
              .map(shard -> training.run(sent.value(), none, shard, stretch))
              .collect();
      return LocalTraining.merge(updates).divergedAt() < 0 ? 1 : 0;
    } finally {
      sent.destroy();
    }
  }
}
