package org.snnk.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.api.java.JavaRDD;
import org.snnk.SnnkException;
import org.snnk.feature.Projection;
import org.snnk.linalg.RowBlock;
import org.snnk.metric.ClassificationMetrics;
import org.snnk.metric.Figure;
import org.snnk.metric.RegressionMetrics;
import org.snnk.model.Model;
import org.snnk.model.NetworkModel;
import org.snnk.random.CounterRandom;
import org.snnk.spark.data.Roles;
import org.snnk.spark.data.TableReader;
import org.snnk.spark.ml.SparkPerceptron;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.spark.train.LowRankBundling;
import org.snnk.spark.train.NetworkBundling;
import org.snnk.spark.train.Phases;
import org.snnk.spark.train.Scoring;

/** Bundles layers of a trained network, and tells what that saves and costs. */
final class BundleJob implements Job {
  private static final String EXACT = "exact";
  private static final String URF = "urf";
  private static final String TRANSFER = "transfer";
  private static final String LOW_RANK = "lowrank";
  static final List<String> METHODS = List.of(EXACT, URF, TRANSFER, LOW_RANK);

  /** Rows that are scored at a time to measure latency; how often, and for how long at least. */
  private static final int TIMED_ROWS = 512;

  private static final int TIMED_CALLS = 20;
  private static final long TIMED_NANOS = 100_000_000;

  @Override
  public String name() {
    return "bundle";
  }

  @Override
  public String description() {
    return "Bundle layers of a trained network, or replace them in closed form: a smaller model/";
  }

  @Override
  public void run(JobContext context) {
    String path = context.get(Options.MODEL_PATH);
    context.output().refuseToReplace(Options.MODEL_PATH.key(), path);
    Method method = method(context);
    DataSettings data = new DataSettings(context);
    boolean imported = SparkPerceptron.isAt(path, JobContext.hadoopConfiguration());
    NetworkModel given = imported ? null : network(path);
    TableReader reader = data.open();
    if (imported) {
      given = perceptron(context, data.roles(reader), path);
    }
    NetworkModel model = given.with(given.trained().withoutDropout());
    Roles roles =
        new Roles(model.inputNames(), model.targetNames(), model.classLabels(), data.weight());
    int layers = layers(context, model, method);
    DataSettings.Rows rows = data.trainingAndTest(reader, roles);
    JobRecord record = new JobRecord(context);
    if (rows.test() == null) {
      record.warn(
          "the figures are of the rows that bundling saw: set a split, such as data.test.every.");
      rows =
          new DataSettings.Rows(
              rows.training(), rows.training(), roles, rows.files(), rows.slices());
    }
    record.title(data.title() + ": bundled network");
    record.data(data, rows.files());
    record.record().put("bundling", "method", method.name());
    record.record().put("bundling", "from", context.get(Options.BUNDLE_FROM));

    Training training = new Training(rows.training(), roles, TrainJob.phases(context));
    List<Map<String, Object>> steps = new ArrayList<>();
    NetworkModel saved = null;
    for (int count = 0; count <= layers; count++) {
      Map<String, Object> step = new LinkedHashMap<>();
      step.put("bundled", count);
      steps.add(step);
      long start = System.nanoTime();
      NetworkModel bundled;
      try {
        bundled = count == 0 ? model : method.bundle(training, model, count, step);
      } catch (SnnkException impossible) {
        if (!(method.name().equals(URF) || method.name().equals(LOW_RANK))
            || (count == layers && context.get(Options.BUNDLE_LAYERS).isPresent())) {
          throw impossible;
        }
        step.put("refused", impossible.getMessage());
        record.warn(count + " layers are not bundled: " + impossible.getMessage());
        continue;
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      describe(bundled, step);
      measure(context, rows.test(), bundled, step);
      step.put(
          "largestChange", count == 0 ? 0.0 : Scoring.largestChange(rows.test(), model, bundled));
      step.put("seconds", seconds);
      saved = bundled;
    }
    for (int i = steps.size() - 1; i >= 0; i--) {
      if (!steps.get(i).containsKey("refused")) {
        steps.get(i).put("saved", true);
        break;
      }
    }
    steps.forEach(step -> record.record().add("bundling", "steps", step));
    print(steps, context);
    record.model(saved);
    ModelFolder.write(context.output(), saved);
    EvaluateJob.evaluate(context, data, rows, saved, record);
    record.write();
  }

  // ---- the network ----

  private static NetworkModel network(String path) {
    Model model = ModelFolder.read(path, JobContext.hadoopConfiguration());
    if (model instanceof NetworkModel network) {
      return network;
    }
    throw new SnnkException(
        Options.MODEL_PATH.key(),
        "a network",
        "a fully-bundled model",
        path,
        "It is one layer already: train with model.kind=network.");
  }

  private static NetworkModel perceptron(JobContext context, Roles roles, String path) {
    List<String> classes = context.get(Options.BUNDLE_CLASSES);
    return SparkPerceptron.read(
        context.spark(),
        path,
        roles.inputs(),
        roles.targets(),
        classes.isEmpty() ? roles.classes() : classes);
  }

  private static int layers(JobContext context, NetworkModel model, Method method) {
    int most =
        method.name().equals(EXACT)
            ? NetworkBundling.pairs(model)
            : NetworkBundling.hiddenLayers(model);
    OptionalLong asked = context.get(Options.BUNDLE_LAYERS);
    if (asked.isPresent() ? asked.getAsLong() <= most : most > 0) {
      return (int) asked.orElse(most);
    }
    throw context
        .settings()
        .error(
            Options.BUNDLE_LAYERS,
            (most == 0 ? "0" : "at most " + most)
                + " with bundle.method="
                + method.name()
                + " of "
                + model.network().describe(),
            asked.isPresent() ? asked.getAsLong() + "" : "auto",
            method.name().equals(EXACT)
                ? "Only an snnk or linear layer multiplies with the dense one behind it; others are"
                    + " bundled by transfer."
                : "All layers but the output can be bundled.");
  }

  // ---- the methods ----

  /** What bundling learns from. */
  private record Training(JavaRDD<RowBlock> rows, Roles roles, Phases phases) {
    NetworkBundling bundling() {
      return new NetworkBundling(rows, roles, phases);
    }
  }

  /** A way to bundle. */
  private interface Method {
    String name();

    /** Bundles so many layers, and tells what is worth telling. */
    NetworkModel bundle(Training training, NetworkModel model, int count, Map<String, Object> step);
  }

  /** The method that the options ask for, checked before any row is read. */
  private static Method method(JobContext context) {
    String name = context.get(Options.BUNDLE_METHOD);
    boolean back = context.get(Options.BUNDLE_FROM).equals("back");
    if (name.equals(EXACT)) {
      return new Exact(back);
    }
    if (name.equals(URF)) {
      int m = context.get(Options.NUM_RANDOM_FEATURES);
      if (m % 2 != 0) {
        throw context
            .settings()
            .error(Options.NUM_RANDOM_FEATURES, "an even number", m + "", "Each draw has two.");
      }
      return new Urf(
          back,
          new NetworkBundling.Towers(
              m,
              context.get(Options.BUNDLE_BAND_LIMIT),
              Projection.of(context.get(Options.PROJECTION)),
              context.get(Options.SEED)));
    }
    if (name.equals(LOW_RANK)) {
      return new LowRank(
          back,
          context.get(Options.BUNDLE_SIZE),
          context.get(Options.INVALID).equals("drop"),
          context.get(Options.SEED));
    }
    if (context.get(Options.SOLVER).equals(NetworkSettings.SGD)) {
      throw context
          .settings()
          .error(
              Options.SOLVER,
              "auto, direct or cg",
              NetworkSettings.SGD,
              "Transfer takes no gradient.");
    }
    ClosedFormTraining.Options fit = TrainJob.options(context, Optional.empty());
    return new Closed(
        back,
        new NetworkBundling.Transfer(
            context.get(Options.BUNDLE_EACH), context.get(Options.BUNDLE_LEAST_PROBABILITY), fit));
  }

  private static int first(NetworkModel model, int count, boolean back) {
    return back ? NetworkBundling.hiddenLayers(model) - count : 0;
  }

  private record Exact(boolean back) implements Method {
    @Override
    public String name() {
      return EXACT;
    }

    @Override
    public NetworkModel bundle(
        Training training, NetworkModel model, int count, Map<String, Object> step) {
      return NetworkBundling.collapsed(model, count, back);
    }
  }

  private record Urf(boolean back, NetworkBundling.Towers towers) implements Method {
    @Override
    public String name() {
      return URF;
    }

    @Override
    public NetworkModel bundle(
        Training training, NetworkModel model, int count, Map<String, Object> step) {
      int first = first(model, count, back);
      return training.bundling().towers(model, first, first + count, towers);
    }
  }

  private record Closed(boolean back, NetworkBundling.Transfer transfer) implements Method {
    @Override
    public String name() {
      return TRANSFER;
    }

    @Override
    public NetworkModel bundle(
        Training training, NetworkModel model, int count, Map<String, Object> step) {
      int first = first(model, count, back);
      NetworkBundling.Student student =
          training.bundling().transfer(model, first, first + count, transfer);
      List<Map<String, Object>> learned = new ArrayList<>();
      for (NetworkBundling.Learned layer : student.layers()) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("fromLayer", layer.from() + 1);
        entry.put("toLayer", layer.to());
        entry.put("lengthScale", layer.lengthScale());
        entry.put("lambda", layer.lambda());
        entry.put("explained", layer.explained());
        learned.add(entry);
      }
      step.put("learned", learned);
      return student.model();
    }
  }

  private record LowRank(boolean back, double size, boolean dropInvalid, long seed)
      implements Method {
    @Override
    public String name() {
      return LOW_RANK;
    }

    @Override
    public NetworkModel bundle(
        Training training, NetworkModel model, int count, Map<String, Object> step) {
      int first = first(model, count, back);
      LowRankBundling.Student student =
          new LowRankBundling(training.rows, training.roles, dropInvalid, training.phases, seed)
              .reduce(model, first, first + count, size);
      List<Map<String, Object>> reduced = new ArrayList<>();
      for (LowRankBundling.Reduced layer : student.layers()) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("layer", layer.layer() + 1);
        entry.put("rank", layer.rank());
        entry.put("units", layer.units());
        reduced.add(entry);
      }
      step.put("reduced", reduced);
      return student.model();
    }
  }

  // ---- what is told ----

  private static void describe(NetworkModel model, Map<String, Object> step) {
    step.put("layers", model.network().layers().stream().map(layer -> layer.describe()).toList());
    step.put("parameters", model.network().size());
    step.put("bytes", model.toBytes().length);
    step.put("flops", model.network().flops());
    step.put("microsecondsPerRow", microseconds(model));
  }

  /** The figures that bundling is judged by. */
  private static void measure(
      JobContext context, JavaRDD<RowBlock> rows, NetworkModel model, Map<String, Object> step) {
    try (Phase phase = context.progress().phase("evaluate")) {
      if (model.isClassifier()) {
        ClassificationMetrics metrics = Scoring.classification(rows, model).summary().metrics();
        put(step, "accuracy", metrics.accuracy());
        put(step, "logLoss", metrics.logLoss());
        metrics.binary().ifPresent(binary -> put(step, "auc", binary.auc()));
      } else {
        double[] ends = new double[model.outputs()]; // of plots that nobody draws
        RegressionMetrics metrics =
            Scoring.regression(rows, model, ends, plus(ends, 1)).summary().metrics();
        put(step, "rmse", metrics.rmse());
        put(step, "r2", metrics.r2());
      }
    }
  }

  private static double[] plus(double[] numbers, double more) {
    return Arrays.stream(numbers).map(number -> number + more).toArray();
  }

  private static void put(Map<String, Object> step, String name, Figure figure) {
    figure.value().ifPresent(value -> step.put(name, value));
  }

  /**
   * The time of a row, scored on one thread of the driver among {@link #TIMED_ROWS}: the least of
   * all calls, since on a shared machine the others also measure who else is there.
   */
  private static double microseconds(NetworkModel model) {
    int d = model.inputs();
    double[] x = new double[TIMED_ROWS * d];
    CounterRandom random = new CounterRandom(1, 1);
    for (int i = 0; i < x.length; i++) {
      int j = i % d;
      double z = random.gaussian(i);
      x[i] = model.standardizer().map(standardizer -> standardizer.raw(j, z)).orElse(z);
    }
    double[] out = new double[TIMED_ROWS * model.outputs()];
    Model.Scorer scorer = model.scorer();
    long least = Long.MAX_VALUE;
    long end = System.nanoTime() + TIMED_NANOS;
    for (int call = 0; call < TIMED_CALLS || System.nanoTime() < end; call++) {
      long start = System.nanoTime();
      scorer.scores(TIMED_ROWS, x, out);
      least = Math.min(least, System.nanoTime() - start);
    }
    return least / 1e3 / TIMED_ROWS;
  }

  private static void print(List<Map<String, Object>> steps, JobContext context) {
    List<Map<String, Object>> shown = new ArrayList<>();
    for (Map<String, Object> step : steps) {
      Map<String, Object> row = new LinkedHashMap<>(step);
      row.keySet().removeAll(List.of("layers", "learned", "reduced", "saved", "refused"));
      shown.add(row);
    }
    TextTable.print(shown, context.out());
  }
}
