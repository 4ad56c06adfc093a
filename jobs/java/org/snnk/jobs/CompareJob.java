package org.snnk.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.snnk.SnnkException;
import org.snnk.linalg.RejectedRows;
import org.snnk.metric.ClassificationSummary;
import org.snnk.metric.RegressionSummary;
import org.snnk.model.Model;
import org.snnk.model.NetworkModel;
import org.snnk.random.NormalQuantile;
import org.snnk.report.ComparisonDocument;
import org.snnk.report.ComparisonReport;
import org.snnk.report.Json;
import org.snnk.report.MetricsDocument;
import org.snnk.spark.data.Roles;
import org.snnk.spark.data.RowBlocks;
import org.snnk.spark.peer.Peer;
import org.snnk.spark.peer.PeerRows;
import org.snnk.spark.peer.PeerTraining;
import org.snnk.spark.train.Answers;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.spark.train.ComparedRows;
import org.snnk.spark.train.HeapPeak;
import org.snnk.spark.train.Phases;
import org.snnk.statistics.Moments;
import org.snnk.statistics.Targets;

/**
 * Trains contenders on the same rows of the same cluster, one after the other, and compares them on
 * the same test rows.
 */
final class CompareJob implements Job {
  private static final Set<Option<?>> OF_A_CONTENDER = ofAContender();

  @Override
  public String name() {
    return "compare";
  }

  @Override
  public String description() {
    return "Train SNNK variants and peers of Spark MLlib on the same rows: comparison.json";
  }

  private static Set<Option<?>> ofAContender() {
    Set<Option<?>> allowed = new LinkedHashSet<>(Options.usedBy("compare"));
    allowed.removeIf(
        option ->
            option.key().startsWith("data.")
                || option.key().startsWith("compare.")
                || option.key().startsWith("output."));
    // Every seed trains every contender, and they cannot share one checkpoint or specification.
    allowed.removeAll(
        Set.of(Options.SEED, Options.SGD_CHECKPOINT, Options.SGD_RESUME, Options.FEATURES_FROM));
    return allowed;
  }

  @Override
  public void run(JobContext context) {
    new Comparison(context).run();
  }

  /** One run of the job. */
  private static final class Comparison {
    private final JobContext context;
    private final DataSettings data;
    private final JobRecord record;
    private final List<Contender> contenders;
    private final Map<Contender, Settings> settings = new LinkedHashMap<>();
    private final Contender baseline;
    private final List<Long> seeds;
    private final Map<Contender, ComparedRows.Losses> losses = new LinkedHashMap<>();
    private final Map<Contender, ComparisonDocument.Contender> entries = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private DataSettings.Rows rows;
    private Moments moments;
    private PeerRows peerRows;

    Comparison(JobContext context) {
      this.context = context;
      this.data = new DataSettings(context, true);
      this.record = new JobRecord(context);
      for (Option<Optional<String>> option :
          List.of(Options.SGD_CHECKPOINT, Options.FEATURES_FROM)) {
        if (context.get(option).isPresent()) {
          throw context
              .settings()
              .error(
                  option,
                  "nothing in a comparison",
                  "'" + context.get(option).get() + "'",
                  "Leave it out.");
        }
      }
      this.contenders = Contender.all(context.get(Options.COMPARE_CONTENDERS));
      this.baseline = Contender.baseline(contenders, context);
      this.seeds = context.get(Options.COMPARE_SEEDS);
      for (Contender contender : contenders) {
        settings.put(contender, context.settings().with(contender.section(), OF_A_CONTENDER));
      }
    }

    void run() {
      rows = data.trainingAndTest(Optional.empty());
      if (rows.test() == null) {
        throw data.noTestRows();
      }
      check();
      read();
      double confidence = context.get(Options.COMPARE_CONFIDENCE);
      ComparisonDocument document =
          new ComparisonDocument(
              rows.roles().classification(),
              baseline.name(),
              seeds,
              confidence,
              NormalQuantile.of((1 + confidence) / 2));
      try {
        warmUp();
        for (Contender contender : contenders) {
          train(contender, document);
        }
        compare();
      } finally {
        losses.values().forEach(ComparedRows.Losses::release);
        if (peerRows != null) {
          peerRows.close();
        }
      }
      write(document);
    }

    /** Mistakes in the configuration, before any row is read. */
    private void check() {
      int cores = context.spark().sparkContext().defaultParallelism();
      for (Contender contender : contenders) {
        try {
          check(contender, cores);
        } catch (SettingException mistake) {
          throw mistake; // it names its place
        } catch (SnnkException mistake) {
          throw new SettingException(
              Options.COMPARE_CONTENDERS.key(),
              "a contender '" + contender.name() + "' that can be trained",
              "a mistake: " + mistake.getMessage().replaceFirst("\\.$", ""),
              contender.where(),
              "Correct it.");
        }
      }
    }

    private void check(Contender contender, int cores) {
      JobContext own = context(contender, seeds.get(0));
      if (contender.peer().isPresent()) {
        Peer peer = contender.peer().get();
        if (unsuitable(contender).isEmpty()) { // else it is left out, and says so
          PeerTraining.check(peer, rows.roles(), contender.candidates());
        }
      } else if (NetworkSettings.chosen(own)) {
        Object unused = new NetworkSettings(own).options(rows.roles(), cores);
      } else {
        Object unused = TrainJob.options(own, Optional.empty());
      }
    }

    /** Why a peer cannot learn the table, if so. */
    private Optional<SnnkException> unsuitable(Contender contender) {
      return contender.peer().flatMap(peer -> peer.unsuitable(rows.roles()));
    }

    /** The job with a contender's settings. */
    private JobContext context(Contender contender, long seed) {
      Settings own =
          settings
              .get(contender)
              .with(
                  ConfigFactory.empty()
                      .withValue(
                          Options.SEED.key(),
                          ConfigValueFactory.fromAnyRef(seed, Options.COMPARE_SEEDS.key())),
                  Set.of(Options.SEED));
      return context.with(own);
    }

    /** Both parts, into memory, so that nobody's time holds the reading of files. */
    private void read() {
      moments =
          phase(
              "read training rows",
              () -> ClosedFormTraining.moments(rows.training(), rows.roles()));
      if (!data.dropInvalid()) {
        moments.rejected().requireNone("training table");
      }
      ClosedFormTraining.requireSomethingToLearn(moments, rows.roles());
      long test =
          phase("read test rows", () -> rows.test().map(b -> (long) b.rows()).reduce(Long::sum));
      if (test == 0) {
        throw data.noTestRows();
      }
      boolean peers = contenders.stream().anyMatch(contender -> contender.peer().isPresent());
      if (peers) {
        SparkSession spark = context.spark();
        peerRows =
            phase(
                "rows for MLlib", () -> PeerRows.of(spark, rows.training(), rows.roles(), moments));
      }
    }

    private <T> T phase(String name, Supplier<T> work) {
      return TrainJob.phases(context).run(name, 0, work);
    }

    /**
     * Fits the first contender of each kind to a few rows, so that no fit that is timed holds the
     * loading and compiling of its code.
     */
    private void warmUp() {
      DataSettings.Rows few =
          new DataSettings.Rows(
              RowBlocks.first(rows.training()), null, rows.roles(), rows.files(), List.of());
      Map<String, Contender> kinds = new LinkedHashMap<>();
      for (Contender contender : contenders) {
        if (unsuitable(contender).isEmpty()) {
          kinds.putIfAbsent(kind(contender), contender);
        }
      }
      int unused =
          phase(
              "warm up",
              () -> {
                kinds.values().forEach(contender -> warmUp(contender, few));
                return kinds.size();
              });
    }

    /**
     * Of a peer with its first candidate. A failure is none of the comparison's: few rows may lack
     * a class.
     */
    private void warmUp(Contender contender, DataSettings.Rows few) {
      long seed = seeds.get(0);
      try {
        if (contender.peer().isEmpty()) {
          TrainJob.training(context(contender, seed), data).train(few, Phases.SILENT);
          return;
        }
        List<Map<String, String>> one = contender.candidates().subList(0, 1);
        try (PeerRows ofThem =
            PeerRows.of(context.spark(), few.training(), rows.roles(), moments)) {
          Object unused = peer(contender, ofThem, one, seed, Phases.SILENT);
        }
      } catch (Exception | LinkageError | OutOfMemoryError failure) {
        if (context.spark().sparkContext().isStopped()) {
          throw failure;
        }
        String reason = reason(failure);
        context
            .progress()
            .message("snnk compare: '" + contender.name() + "' begins cold: " + reason);
      }
    }

    // ---- one contender ----

    private void train(Contender contender, ComparisonDocument document) {
      ComparisonDocument.Contender entry =
          document.contender(
              contender.name(),
              contender.series(),
              contender.axes(),
              kind(contender),
              contender.described());
      entries.put(contender, entry);
      Optional<SnnkException> unsuitable = unsuitable(contender);
      if (unsuitable.isPresent()) {
        entry.leftOut(unsuitable.get().getMessage());
        record.warn("'" + contender.name() + "' was left out: " + unsuitable.get().getMessage());
        return;
      }
      List<Long> own =
          contender.peer().map(Peer::isSeeded).orElse(true) ? seeds : seeds.subList(0, 1);
      for (long seed : own) {
        try {
          ComparedRows.Losses scored = train(contender, seed, entry);
          losses.merge(contender, scored, ComparedRows.Losses::plus);
        } catch (Exception | LinkageError | OutOfMemoryError failure) { // Spark throws unannounced
          if (context.spark().sparkContext().isStopped()) {
            throw failure;
          }
          fail(contender, seed, entry, failure);
          return;
        }
      }
    }

    private void fail(
        Contender contender, long seed, ComparisonDocument.Contender entry, Throwable failure) {
      String sentence = reason(failure);
      entry.failed(sentence);
      failures.add(contender.name());
      Optional.ofNullable(losses.remove(contender)).ifPresent(ComparedRows.Losses::release);
      record.warn("'" + contender.name() + "' failed with seed " + seed + ": " + sentence);
    }

    /** A sentence that says what went wrong. */
    private static String reason(Throwable failure) {
      Throwable root = failure;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      String words = root.getClass().getSimpleName() + ": " + root.getMessage();
      return Main.sentence(failure).orElse(words.lines().findFirst().orElse(words));
    }

    private String kind(Contender contender) {
      if (contender.peer().isPresent()) {
        return "MLlib " + contender.peer().get().key();
      }
      JobContext own = context(contender, seeds.get(0));
      boolean network = own.get(Options.MODEL_KIND).equals(NetworkSettings.NETWORK);
      return network
          ? "network"
          : NetworkSettings.chosen(own)
              ? "fully-bundled SNNK by gradient descent"
              : "fully-bundled SNNK in closed form";
    }

    /** What a training leaves to be scored and told. */
    private record Fitted(
        Answers answers,
        int candidates,
        Map<String, Object> chosen,
        long parameters,
        Supplier<Long> bytes,
        List<Map<String, Object>> layers) {}

    private ComparedRows.Losses train(
        Contender contender, long seed, ComparisonDocument.Contender entry) {
      JavaSparkContext spark = context.javaSpark();
      HeapPeak heap = HeapPeak.begin(spark);
      long began = System.nanoTime();
      Fitted fitted;
      double fitSeconds;
      long peak;
      try {
        fitted =
            contender.peer().isPresent()
                ? peer(contender, peerRows, contender.candidates(), seed, TrainJob.phases(context))
                : own(context(contender, seed), spark);
      } finally {
        fitSeconds = (System.nanoTime() - began) / 1e9;
        peak = heap.end();
      }
      began = System.nanoTime();
      Scored scored = phase("score", () -> score(fitted.answers));
      double scoreSeconds = (System.nanoTime() - began) / 1e9;
      entry.run(
          new ComparisonDocument.Run(
              seed,
              fitSeconds,
              scoreSeconds,
              peak,
              fitted.candidates,
              fitted.chosen,
              fitted.parameters,
              fitted.bytes.get(),
              scored.metrics));
      if (!fitted.layers.isEmpty()) {
        entry.put("layers", fitted.layers);
      }
      context
          .progress()
          .message(
              String.format(
                  java.util.Locale.ROOT,
                  "snnk compare: %s, seed %d: fitted in %.1f s, scored in %.1f s, %s",
                  contender.name(),
                  seed,
                  fitSeconds,
                  scoreSeconds,
                  EvaluateJob.headline(scored.metrics)));
      return scored.losses;
    }

    private Fitted own(JobContext own, JavaSparkContext spark) {
      TrainJob.Trained trained = TrainJob.training(own, data).train(rows, TrainJob.phases(own));
      Model model = trained.model();
      Map<String, Object> chosen = trained.candidates() > 1 ? trained.chosen() : Map.of();
      return new Fitted(
          Answers.of(model, spark),
          trained.candidates(),
          chosen,
          ((Number) model.metadata().get("parameters")).longValue(),
          () -> (long) model.toBytes().length,
          model instanceof NetworkModel network ? layers(network) : List.of());
    }

    private static List<Map<String, Object>> layers(NetworkModel model) {
      List<Map<String, Object>> layers = new ArrayList<>();
      model
          .network()
          .layers()
          .forEach(
              layer -> {
                Map<String, Object> each = new LinkedHashMap<>();
                each.put("layer", layer.describe());
                each.put("parameters", layer.parameters());
                layers.add(each);
              });
      return layers;
    }

    private Fitted peer(
        Contender contender,
        PeerRows from,
        List<Map<String, String>> candidates,
        long seed,
        Phases phases) {
      PeerTraining.Result result =
          PeerTraining.train(
              contender.peer().orElseThrow(),
              from,
              moments,
              candidates,
              context.get(Options.VALIDATION_FRACTION),
              seed,
              phases);
      Map<String, Object> chosen = new LinkedHashMap<>();
      if (result.candidates().size() > 1) {
        chosen.putAll(result.chosen().settings());
      }
      return new Fitted(
          result.model(),
          result.candidates().size(),
          chosen,
          result.model().parameters(),
          () ->
              result
                  .model()
                  .savedBytes(
                      context.output().resolve("saved").toString(),
                      context.spark().sparkContext().hadoopConfiguration()),
          List.of());
    }

    private record Scored(ObjectNode metrics, ComparedRows.Losses losses) {}

    private Scored score(Answers answers) {
      Roles roles = rows.roles();
      RejectedRows rejected;
      ObjectNode metrics;
      ComparedRows.Losses scored;
      if (roles.classification()) {
        ComparedRows.Compared<ClassificationSummary> compared =
            ComparedRows.classification(rows.test(), answers);
        rejected = compared.rejected();
        scored = compared.losses();
        metrics = MetricsDocument.of(compared.summary().metrics(), roles.classes());
      } else {
        Targets targets = moments.targets();
        double[] low = EvaluateJob.plottedFrom(targets);
        double[] high = EvaluateJob.plottedTo(targets);
        ComparedRows.Compared<RegressionSummary> compared =
            ComparedRows.regression(rows.test(), answers, low, high);
        rejected = compared.rejected();
        scored = compared.losses();
        metrics = MetricsDocument.of(compared.summary().metrics(), roles.targets());
      }
      if (!data.dropInvalid()) {
        rejected.requireNone("test table");
      }
      record.record().put("data.rows", "test", metrics.path("rows").asLong());
      record.dropped("Test", rejected);
      return new Scored(metrics, scored);
    }

    // ---- all of them ----

    private void compare() {
      ComparedRows.Losses against = losses.get(baseline);
      if (against == null) {
        record.warn(
            "the baseline '" + baseline.name() + "' has no result, so there are no differences.");
        return;
      }
      for (Map.Entry<Contender, ComparedRows.Losses> entry : losses.entrySet()) {
        if (!entry.getKey().equals(baseline)) {
          entries
              .get(entry.getKey())
              .differences(
                  entries.get(baseline),
                  phase("differences", () -> entry.getValue().minus(against)));
        }
      }
    }

    private void write(ComparisonDocument document) {
      long test = record.record().toJson().at("/data/rows/test").asLong();
      document.put("trainingRows", moments.rows()).put("testRows", test);
      document.put("inputs", rows.roles().inputs().size());
      document.put("validationFraction", context.get(Options.VALIDATION_FRACTION));
      record.title(data.title() + ": comparison of " + contenders.size() + " contenders");
      record.record().put("task", rows.roles().classification() ? "classification" : "regression");
      record.data(data, rows.files());
      record.record().put("data.rows", "training", moments.rows());
      record.dropped("Training", moments.rejected());
      if (losses.isEmpty()) {
        throw new SnnkException(
            "comparison",
            "a contender with a result",
            "none; the first says: " + firstReason(document.toJson()).replaceFirst("\\.$", ""),
            null,
            "Correct the contenders.");
      }
      record.environment();
      JsonNode comparison = document.toJson();
      context.output().write("run.json", record.record().text());
      context.output().write("comparison.json", Json.write(comparison));
      context
          .output()
          .write("report.html", ComparisonReport.render(record.record().toJson(), comparison));
      context.out().print(ComparisonReport.text(comparison));
      context.publish(
          ".", new Mlflow.Results(record.record().toJson(), figures(comparison), List.of()));
      if (!failures.isEmpty()) {
        context.failAfterOutput(
            new SnnkException(
                "comparison",
                "a result of each of " + contenders.size() + " contenders",
                "none of '" + String.join("', '", failures) + "'",
                null,
                "report.html and comparison.json hold the errors, and the results of the others."));
      }
    }

    /** Every mean, by contender and name. */
    private static Map<String, Double> figures(JsonNode comparison) {
      Map<String, Double> figures = new LinkedHashMap<>();
      for (JsonNode contender : comparison.path("contenders")) {
        String name = contender.path("name").asText() + "/";
        contender
            .path("figures")
            .properties()
            .forEach(
                each -> figures.put(name + each.getKey(), each.getValue().path("mean").asDouble()));
        for (String key :
            List.of("fitSeconds", "scoreSeconds", "peakHeapBytes", "parameters", "modelBytes")) {
          if (contender.has(key)) {
            figures.put(name + key, contender.path(key).path("mean").asDouble());
          }
        }
      }
      return figures;
    }

    private static String firstReason(JsonNode document) {
      for (JsonNode contender : document.path("contenders")) {
        String reason = contender.path("failed").asText(contender.path("leftOut").asText());
        if (!reason.isEmpty()) {
          return reason;
        }
      }
      return "nothing";
    }
  }
}
