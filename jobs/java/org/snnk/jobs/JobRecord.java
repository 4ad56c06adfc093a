package org.snnk.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.snnk.dataset.ClassLabel;
import org.snnk.dataset.DatasetDescriptor;
import org.snnk.feature.FeatureMap;
import org.snnk.linalg.Blas;
import org.snnk.linalg.RejectedRows;
import org.snnk.model.FullyBundledModel;
import org.snnk.model.Model;
import org.snnk.network.EpochLoss;
import org.snnk.report.HtmlReport;
import org.snnk.report.Json;
import org.snnk.report.RunRecord;
import org.snnk.solve.RidgePoint;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.spark.train.IterativeTraining;
import org.snnk.spark.train.NetworkTraining;
import org.snnk.statistics.Moments;
import org.snnk.statistics.Precision;

/** What a job writes down of itself: run.json, metrics.json and report.html. */
final class JobRecord {
  private final JobContext context;
  private final RunRecord record = new RunRecord();
  private ObjectNode metrics;
  private boolean modelled;

  JobRecord(JobContext context) {
    this.context = context;
    record.started(Instant.now());
    List<String> words = commandLine(context.settings());
    String master = System.getProperty("spark.master", "local");
    if (!master.startsWith("local")) {
      words.addAll(List.of("--master", master));
    }
    record.command(words);
    context
        .settings()
        .describe()
        .forEach((key, described) -> record.option(key, described.value(), described.origin()));
  }

  /** The command that does the same again. */
  static List<String> commandLine(Settings settings) {
    List<String> words = new ArrayList<>(List.of("jobs/snnk", settings.command()));
    settings.file().ifPresent(file -> words.add(file.toString()));
    settings
        .describe()
        .forEach(
            (key, described) -> {
              // A variable of the environment is not there when the command is called again.
              boolean given = described.origin().equals("--set");
              if (given || (settings.fromEnvironment(key) && !isOfHome(described))) {
                words.add("--set");
                words.add(key + "=" + plain(described.value()));
              }
            });
    // A suite hands settings on that it does not read itself.
    for (String assignment : settings.assignments()) {
      if (!settings.describe().containsKey(assignment.split("=", 2)[0].strip())) {
        words.addAll(List.of("--set", assignment));
      }
    }
    return words;
  }

  /** Whether a value was put together from this project's folder, which the launcher knows. */
  private static boolean isOfHome(Settings.Described described) {
    String home = System.getenv("SNNK_HOME");
    return home != null
        && !described.origin().equals(Settings.VARIABLE)
        && Arrays.stream(plain(described.value()).split(",")).allMatch(v -> v.startsWith(home));
  }

  private static String plain(Object value) {
    return value instanceof List<?> list
        ? String.join(",", list.stream().map(String::valueOf).toList())
        : String.valueOf(value);
  }

  RunRecord record() {
    return record;
  }

  void title(String title) {
    record.put("title", title);
  }

  void warn(String sentence) {
    record.warning(sentence);
    context.progress().message("warning: " + sentence);
  }

  /** Which files, of which set, with which columns. */
  void data(DataSettings data, List<String> files) {
    record.put("data", "name", data.title());
    data.descriptor().ifPresent(this::source);
    record.put("data", "paths", files);
  }

  private void source(DatasetDescriptor descriptor) {
    String address = descriptor.source().address();
    record.put("data", "layout", descriptor.title() + (address.isEmpty() ? "" : ", " + address));
  }

  /** What training saw and chose. */
  void training(
      DataSettings data, ClosedFormTraining.Result result, ClosedFormTraining.Options options) {
    FullyBundledModel model = result.model();
    Moments moments = result.moments();
    record.put("seed", options.seed());
    rows(data, model, moments);
    FeatureMap map = model.featurizer().map();
    features(map, result.medianDistance(), result.lengthScales());
    record.put("features", "clippedInputs", result.clippedInputs());
    record.put("features", "clippedTargets", result.clippedTargets());
    if (map.clips()) {
      record.put("features", "clippedFeatures", result.clippedFeatures());
    }
    precision("features", options.precision());
    if (options.regParam().isEmpty()) {
      leftOut(options.precision(), options.regParamGrid(), options.features());
    }
    record.put("training", "lambda", result.readout().lambda());
    if (options.regParam().isEmpty()) {
      record.put("training", "chosenBy", chosenBy(options));
    }
    record.put("training", "validationMetric", "mean squared error");
    candidates(options.leaveOneOut() ? "leaveOneOut" : "validation", result.penalties());
    path(result.points());
    record.put("training", "solver", result.iterations().isPresent() ? "cg" : "direct");
    result
        .statistics()
        .ifPresent(gram -> record.put("training", "statisticsSha256", gram.fingerprint()));
    result.iterations().ifPresent(this::iterations);
    model(model);
    warnAtGridEdge(
        Options.REG_PARAM_GRID,
        result.readout().lambda(),
        result.penalties().stream().map(ClosedFormTraining.Candidate::regParam).toList());
    if (result.clippedInputs() > 0) {
      warn(
          result.clippedInputs()
              + " input values lie more than 64 deviations from their mean and were clipped"
              + " there.");
    }
    if (result.clippedFeatures() > 0) {
      warn(
          String.format(
              Locale.ROOT,
              "%d features of rows, %.2g of all, lie beyond the bound of their map and were clipped"
                  + " there.",
              result.clippedFeatures(),
              result.clippedFeatures() / ((double) moments.rows() * map.features())));
    }
  }

  /**
   * The feature map of a fully-bundled model, and by what its length scale was chosen.
   *
   * @param medianDistance of two rows; NaN where the length scale was set
   * @param lengthScales none where it was set
   */
  void features(
      FeatureMap map, double medianDistance, List<ClosedFormTraining.Candidate> lengthScales) {
    record.put("features", "map", map.describe());
    record.put("features", "numRandomFeatures", map.features());
    record.put("features", "lengthScale", map.lengthScale());
    if (!Double.isNaN(medianDistance)) {
      record.put("features", "medianDistance", medianDistance);
    }
    if (!lengthScales.isEmpty()) {
      record.put("training", "validationMetric", "mean squared error");
    }
    candidates("lengthScales", lengthScales);
    warnAtGridEdge(
        Options.LENGTH_SCALE_GRID,
        map.lengthScale(),
        lengthScales.stream().map(ClosedFormTraining.Candidate::lengthScale).toList());
  }

  /** What training by gradient descent saw and came to. */
  void training(
      DataSettings data,
      NetworkTraining.Result result,
      NetworkTraining.Options options,
      Model model) {
    record.put("seed", options.steps().seed());
    rows(data, model, result.moments());
    String section = "training";
    int shards = options.sharding().count();
    record.put(
        section, "solver", "gradient descent on " + (shards == 1 ? "1 shard" : shards + " shards"));
    record.put(
        section,
        "layers",
        options.network().layers().stream().map(layer -> layer.describe()).toList());
    record.put(section, "loss", options.steps().loss().key());
    record.put(section, "lambda", options.steps().penalty());
    record.put(section, "shards", options.sharding().count());
    if (options.fullBatch()) {
      record.put(section, "optimizer", "L-BFGS on all rows");
    } else {
      record.put(section, "optimizer", options.steps().optimizer().describe());
      record.put(section, "learningRate", result.learningRate());
      record.put(section, "schedule", options.steps().schedule().describe());
      record.put(section, "stepsPerEpoch", result.batches());
      record.put(section, "roundsPerEpoch", result.rounds());
    }
    record.put(section, "epochs", result.curve().size());
    record.put(section, "bestEpoch", result.epoch());
    if (result.resumedAt() > 0) {
      record.put(section, "resumedAfterEpoch", result.resumedAt());
    }
    for (EpochLoss point : result.curve()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("epoch", point.epoch());
      entry.put("training", point.training());
      entry.put("validation", point.validation());
      entry.put("accuracy", point.accuracy());
      record.add(section, "curve", entry);
    }
    for (NetworkTraining.Candidate candidate : result.candidates()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("learningRate", candidate.learningRate());
      entry.put("epoch", candidate.epoch());
      entry.put("value", candidate.validation());
      record.add(section, "learningRates", entry);
    }
    model(model);
    if (result.divergedAt().isPresent()) {
      warn(
          "training diverged at step "
              + result.divergedAt().getAsLong()
              + ": the model is that of epoch "
              + result.epoch()
              + ". Lower sgd.learningRate, or set sgd.clip.");
    }
  }

  /**
   * How many rows of a part were left out, and of which columns.
   *
   * @param part {@code Training} or {@code Test}
   */
  void dropped(String part, RejectedRows rows) {
    record.put("data.rows", "droppedFrom" + part, rows.count());
    if (rows.count() > 0) {
      record.put("data", "droppedFrom" + part + "By", rows.byColumn());
    }
  }

  /** The rows, inputs and classes that training saw. */
  private void rows(DataSettings data, Model model, Moments moments) {
    record.put("data.rows", "training", moments.rows());
    dropped("Training", moments.rejected());
    record.put("data.rows", "trainingWeight", moments.totalWeight());
    for (int j = 0; j < model.inputs(); j++) {
      Map<String, Object> input = new LinkedHashMap<>();
      input.put("name", model.inputNames().get(j));
      input.put("mean", moments.mean(j));
      input.put("sd", moments.deviation(j));
      input.put(
          "note",
          moments.constant(j)
              ? "constant: not used"
              : moments.binary(j) ? "binary: left as it is" : "");
      record.add("data", "inputs", input);
    }
    for (int c = 0; c < model.classLabels().size(); c++) {
      Map<String, Object> counted = new LinkedHashMap<>();
      counted.put("name", className(data, model.classLabels().get(c)));
      counted.put("rows", moments.classRows(c));
      record.add("data", "classes", counted);
    }
  }

  /** How sums were made, and in words if not exactly. */
  void precision(String section, Precision precision) {
    record.put(section, "precision", precision.key());
    record.put(section, "exact", precision.isExact());
    if (!precision.isExact()) {
      warn(
          "features.precision is "
              + precision.key()
              + ": statistic and model are not exact, and another run may give other last bits.");
    }
  }

  /** Penalties of the grid that the precision rules out. */
  void leftOut(Precision precision, List<Double> grid, int m) {
    List<Double> leftOut = precision.leftOut(grid, m);
    if (!precision.isExact()) {
      record.put("training", "smallestLambda", precision.smallestPenalty(m));
      record.put("training", "leftOutLambdas", leftOut);
    }
    if (!leftOut.isEmpty()) {
      warn(
          "penalties below "
              + precision.smallestPenalty(m)
              + ", the rounding error of "
              + precision.key()
              + " precision, were left out of "
              + Options.REG_PARAM_GRID.key()
              + ": "
              + leftOut
              + ".");
    }
  }

  private static String chosenBy(ClosedFormTraining.Options options) {
    return options.leaveOneOut()
        ? "leave-one-out"
        : options.folds() > 0 ? options.folds() + "-fold cross-validation" : "validation part";
  }

  /** A best value at the end of its grid may have a better one beyond. */
  private void warnAtGridEdge(Option<List<Double>> grid, double chosen, List<Double> tried) {
    double least = tried.stream().min(Double::compare).orElse(chosen);
    double most = tried.stream().max(Double::compare).orElse(chosen);
    if (least < most && (chosen == least || chosen == most)) {
      warn(
          "the best value, "
              + chosen
              + ", is at the end of "
              + grid.key()
              + ": try values beyond it.");
    }
  }

  /** Every penalty on the rows it was fitted to. */
  void path(List<RidgePoint> points) {
    for (RidgePoint point : points) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("lambda", point.lambda());
      entry.put("degreesOfFreedom", point.degreesOfFreedom());
      entry.put("gcv", Double.isFinite(point.totalGcv()) ? point.totalGcv() : null);
      record.add("training", "path", entry);
    }
  }

  /** How conjugate gradients went. */
  private void iterations(IterativeTraining.Summary summary) {
    record.put("training.iterations", "tolerance", summary.stop().tolerance());
    record.put("training.iterations", "maxIterations", summary.stop().maxIterations());
    record.put("training.iterations", "preconditionerRank", summary.preconditionerRank());
    record.put("training.iterations", "passes", summary.passes());
    record.put("training.iterations", "count", summary.solution().iterations());
    record.put("training.iterations", "residual", summary.solution().residual());
    for (IterativeTraining.Trial trial : summary.path()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("lambda", trial.lambda());
      entry.put("count", trial.iterations());
      entry.put("residual", trial.residual());
      record.add("training.iterations", "path", entry);
    }
    summary.warnings().forEach(this::warn);
  }

  private void candidates(String key, List<ClosedFormTraining.Candidate> candidates) {
    for (ClosedFormTraining.Candidate candidate : candidates) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("lengthScale", candidate.lengthScale());
      entry.put("lambda", candidate.regParam());
      entry.put("value", candidate.validationError());
      if (!Double.isNaN(candidate.standardError())) {
        entry.put("standardError", candidate.standardError());
      }
      record.add("training", key, entry);
    }
  }

  /** The model's own record. */
  void model(Model model) {
    modelled = true;
    record.put("model", "sha256", model.fingerprint());
    record.put("model", "parameters", model.metadata().get("parameters"));
    record.put("model", "inputs", model.inputs());
    record.put("model", "outputs", model.outputs());
    if (model instanceof FullyBundledModel bundled && !bundled.uncalibratedClasses().isEmpty()) {
      warn(
          "the probabilities of "
              + String.join(", ", bundled.uncalibratedClasses())
              + " are not calibrated: the rows to calibrate on were all of the class, none of it,"
              + " or ranked the wrong way round. Give train.validationFraction more rows.");
    }
  }

  /** How much each input matters, the most important first. */
  void importance(List<String> names, double[] meanSquaredGradients, int rows) {
    record.put("importance", "method", "mean squared derivative by the standardised input");
    record.put("importance", "rows", rows);
    double sum = Arrays.stream(meanSquaredGradients).sum();
    IntStream.range(0, names.size())
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer j) -> meanSquaredGradients[j])
                .reversed()
                .thenComparingInt(j -> j))
        .forEach(
            j -> {
              Map<String, Object> input = new LinkedHashMap<>();
              input.put("name", names.get(j));
              input.put("meanSquaredGradient", meanSquaredGradients[j]);
              input.put("share", sum > 0 ? meanSquaredGradients[j] / sum : 0);
              record.add("importance", "inputs", input);
            });
  }

  /** A class as people know it: its title behind its label, where the data set has one. */
  static String className(DataSettings data, String label) {
    for (ClassLabel known : data.descriptor().map(DatasetDescriptor::classes).orElse(List.of())) {
      if (known.value().equals(label) && !known.title().equals(label)) {
        return known.title();
      }
    }
    return label;
  }

  void metrics(ObjectNode document) {
    this.metrics = document;
  }

  /**
   * The BLAS of the executors that are there, each kind once: a tiny task for each of their cores.
   */
  private static List<String> executorBlas(SparkSession session) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    int tasks = spark.defaultParallelism();
    List<String> backends =
        spark
            .parallelize(Collections.nCopies(tasks, 0), tasks)
            .map(number -> Blas.backend().description())
            .collect();
    return List.copyOf(new TreeSet<>(backends));
  }

  /** Where and with what the job ran, and how long each phase took. */
  void environment() {
    record.machine();
    if (context.sparkStarted()) {
      SparkSession spark = context.spark();
      record.put("environment", "spark", spark.version());
      record.put("environment", "master", spark.sparkContext().master());
      if (modelled && !spark.sparkContext().isLocal()) {
        record.put("environment", "executorBlas", executorBlas(spark));
      }
    }
    record.put("environment", "snnk", Main.version());
    record.put("environment", "blas", Blas.backend().description());
    context
        .progress()
        .seconds()
        .forEach(
            (phase, seconds) -> record.phase(phase, Duration.ofNanos(Math.round(seconds * 1e9))));
    record.finished(Instant.now());
  }

  /** Writes run.json, and metrics.json where there are metrics, and the report of both. */
  void write() {
    environment();
    OutputFolder output = context.output();
    output.write("run.json", record.text());
    if (metrics != null) {
      output.write("metrics.json", Json.write(metrics));
    }
    output.write("report.html", HtmlReport.render(record.toJson(), metrics));
    context.publish(".", results());
  }

  private Mlflow.Results results() {
    ObjectNode run = record.toJson();
    Map<String, Double> figures = new LinkedHashMap<>();
    if (metrics != null) {
      for (Map.Entry<String, JsonNode> each : metrics.properties()) {
        if (each.getValue().isNumber() && !each.getKey().equals("version")) {
          figures.put(each.getKey(), each.getValue().asDouble());
        }
      }
    }
    figures.put("seconds", run.path("seconds").asDouble());
    List<Mlflow.Step> curve = new ArrayList<>();
    for (JsonNode point : run.at("/training/curve")) {
      long epoch = point.path("epoch").asLong();
      for (String name : List.of("training", "validation", "accuracy")) {
        if (point.path(name).isNumber()) {
          curve.add(new Mlflow.Step("curve/" + name, epoch, point.path(name).asDouble()));
        }
      }
    }
    return new Mlflow.Results(run, figures, curve);
  }
}
