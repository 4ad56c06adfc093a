package org.snnk.jobs.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.snnk.dataset.DatasetDescriptor;
import org.snnk.dataset.Datasets;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.linalg.RowBlock;
import org.snnk.model.FullyBundledModel;
import org.snnk.spark.data.Roles;
import org.snnk.spark.data.SimulatedRows;
import org.snnk.spark.ml.SnnkClassificationModel;
import org.snnk.spark.ml.SnnkClassifier;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.spark.train.Phases;
import org.snnk.statistics.Precision;

/** The stages: scoring a table, loading a model, and what a stage adds to the training. */
final class StageMeasure {
  /** Of the scored model. */
  private static final int SCORED_FEATURES = 512;

  private static final int BLOCK_ROWS = 512;
  private static final int LOADS = 20;
  private static final double LOAD_MILLISECONDS = 50;
  private static final double LAMBDA = 1e-3;
  private static final String FEATURES = "features";

  private final Site site;
  private final Data data;
  private final DatasetDescriptor descriptor;
  private final double lengthScale;
  private final long rows;

  private StageMeasure(Site site) {
    this.site = site;
    this.data = site.setup().firstData();
    this.descriptor = Datasets.find(data.dataset());
    this.lengthScale = Math.sqrt(data.inputs());
    this.rows = Math.min(site.setup().mostRows(), site.rowsFor(site.setup().leastFeatures()));
  }

  static List<Result> run(Site site) {
    return new StageMeasure(site).run();
  }

  private List<Result> run() {
    Dataset<Row> table =
        Site.vectors(
                descriptor,
                SimulatedRows.of(site.spark(), data.dataset(), site.setup().seed(), rows),
                FEATURES)
            .persist(StorageLevel.MEMORY_ONLY());
    JavaRDD<RowBlock> blocks = site.parquet(data, rows).persist(StorageLevel.MEMORY_ONLY());
    try {
      long unused = site.phase("rows in memory", () -> table.count() + blocks.count());
      List<Result> results = new ArrayList<>();
      SnnkClassificationModel model = learner(SCORED_FEATURES).fit(table.limit(BLOCK_ROWS * 8));
      results.add(scoring(table, model));
      results.add(loading(model.model()));
      results.add(fitting(table, blocks));
      return results;
    } finally {
      table.unpersist(true);
      blocks.unpersist(true);
    }
  }

  private SnnkClassifier learner(int m) {
    return new SnnkClassifier()
        .setLabelCol(descriptor.label())
        .setFeaturesCol(FEATURES)
        .setNumRandomFeatures(m)
        .setLengthScale(lengthScale)
        .setRegParam(LAMBDA)
        .setSeed(site.setup().seed());
  }

  // ---- scoring ----

  private Result scoring(Dataset<Row> table, SnnkClassificationModel model) {
    Dataset<Row> scored = model.transform(table).agg(functions.sum(model.getPredictionCol()));
    List<Double> seconds =
        site.phase(
            "transform",
            () -> {
              Row unused = scored.head();
              return site.seconds(() -> scored.head());
            });
    RowBlock block = site.block(data);
    Featurizer featurizer = model.model().featurizer();
    List<Double> ceiling =
        site.phase(
            "projection and activation",
            () ->
                Loops.rates(
                        site.context(),
                        site.cores(),
                        site.setup().seconds() / 3,
                        site.setup().repetitions(),
                        List.of(mapping(featurizer, block)))
                    .get(0));
    List<Double> rates = Site.perSecond((double) rows, seconds);
    return new Result(
        Measure.STAGES,
        "transform / features alone, d=" + data.inputs() + ", m=" + SCORED_FEATURES,
        Quantity.median(
            "rows/s", "a stage's transform of vectors in memory, probabilities too", rates),
        Quantity.median("rows/s", "projection and activation of blocks in memory", ceiling),
        Optional.empty(),
        Result.details(
            "rows",
            rows,
            "tasksAtOnce",
            site.cores(),
            "rowsPerSecondAndCore",
            Quantity.median(rates) / site.cores()));
  }

  private static Loops.Loop mapping(Featurizer featurizer, RowBlock block) {
    return () -> {
      int m = featurizer.map().features();
      int n = Math.min(BLOCK_ROWS, block.rows());
      double[] x = block.x();
      double[] out = new double[n * m];
      Featurizer.Workspace workspace = new Featurizer.Workspace();
      return () -> {
        featurizer.features(n, x, 0, out, m, workspace);
        return n;
      };
    };
  }

  // ---- loading ----

  /** The first load of a process compiles nothing yet and is the largest sample. */
  private Result loading(FullyBundledModel model) {
    try {
      Path file = Files.createTempFile("snnk-bench", ".bin");
      try {
        Files.write(file, model.toBytes());
        List<Double> milliseconds =
            site.phase(
                "load a model",
                () -> {
                  List<Double> times = new ArrayList<>();
                  for (int i = 0; i < LOADS; i++) {
                    long began = System.nanoTime();
                    double[] unused =
                        FullyBundledModel.load(file).score(new double[model.inputs()]);
                    times.add((System.nanoTime() - began) * 1e-6);
                  }
                  return times;
                });
        return new Result(
            Measure.STAGES,
            "load / " + (int) LOAD_MILLISECONDS + " ms, m=" + SCORED_FEATURES,
            Quantity.median(
                "ms", "a model file read, its frequencies drawn, a row scored", milliseconds),
            new Quantity(LOAD_MILLISECONDS, "ms", "what a service can wait for", List.of()),
            Optional.of(Target.atMost(1)),
            Result.details("bytes", Files.size(file), "loads", LOADS));
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- fitting ----

  private Result fitting(Dataset<Row> table, JavaRDD<RowBlock> blocks) {
    int m = site.setup().leastFeatures();
    SnnkClassifier learner = learner(m);
    Roles roles = Site.roles(descriptor);
    ClosedFormTraining.Options options = options(m, learner);
    Runnable stage = () -> learner.fit(table);
    Runnable bare = () -> ClosedFormTraining.train(blocks, roles, options, Phases.SILENT);
    List<List<Double>> seconds =
        site.inTurns(List.of("fit a stage", "train without one"), List.of(stage, bare));
    return new Result(
        Measure.STAGES,
        "fit of a stage / training alone, d=" + data.inputs() + ", m=" + m,
        Quantity.median("s", "SnnkClassifier.fit on vectors in memory", seconds.get(0)),
        Quantity.median("s", "the same training on blocks in memory", seconds.get(1)),
        Optional.of(Target.atMost(1.05)),
        Result.details("rows", rows, "tasksAtOnce", site.cores()));
  }

  private ClosedFormTraining.Options options(int m, SnnkClassifier learner) {
    return new ClosedFormTraining.Options(
        FeatureFamily.cosine(m, Projection.ORTHOGONAL),
        OptionalDouble.of(lengthScale),
        List.of(1.0),
        OptionalDouble.of(LAMBDA),
        List.of(LAMBDA),
        learner.getValidationFraction(),
        0,
        false,
        rows,
        false,
        Optional.empty(),
        Precision.EXACT,
        site.setup().seed(),
        ClosedFormTraining.Solving.AUTO);
  }
}
