package org.snnk.jobs.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.snnk.dataset.ClassLabel;
import org.snnk.dataset.Column;
import org.snnk.dataset.DatasetDescriptor;
import org.snnk.dataset.Datasets;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.linalg.RowBlock;
import org.snnk.spark.data.Roles;
import org.snnk.spark.data.RowBlocks;
import org.snnk.spark.data.SimulatedRows;
import org.snnk.spark.data.Table;
import org.snnk.spark.data.TableReader;
import org.snnk.spark.train.GramPass;
import org.snnk.spark.train.Phases;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.Moments;
import org.snnk.statistics.RowParts;

/** What all measures share: the cluster, rows in Parquet, feature maps, and a watch. */
final class Site {
  private static final RowParts ONE_PART = RowParts.holdOut(0, 0);
  private static final long MOMENT_ROWS = 20_000;
  private static final int WARM_UP_BLOCKS = 4;
  private static final int READING_WARM_UPS = 4;
  private static final int BLOCK_ROWS = 4096;

  private final SparkSession spark;
  private final Setup setup;
  private final Phases phases;
  private final String folder;
  private final int cores;
  private final Set<String> written = new HashSet<>();
  private final Map<Data, Moments> moments = new HashMap<>();
  private final Map<Integer, Double> quickCeilings = new HashMap<>();

  Site(SparkSession spark, Setup setup, Phases phases, String folder) {
    this.spark = spark;
    this.setup = setup;
    this.phases = phases;
    this.folder = folder;
    this.cores = spark.sparkContext().defaultParallelism();
  }

  SparkSession spark() {
    return spark;
  }

  JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  Setup setup() {
    return setup;
  }

  /** The tasks that run at once, as Spark's default parallelism tells. */
  int cores() {
    return cores;
  }

  /** Runs one phase of the job. */
  <T> T phase(String name, Supplier<T> work) {
    return phases.run(name, 0, work);
  }

  // ---- rows ----

  /** Simulated rows as blocks read from Parquet files, one for each core, written on first use. */
  JavaRDD<RowBlock> parquet(Data data, long rows) {
    String path = folder + "/" + data.dataset() + "-" + rows;
    if (written.add(path)) {
      phase(
          "write " + rows + " " + data.dataset() + " rows",
          () -> {
            SimulatedRows.of(spark, data.dataset(), setup.seed(), rows).write().parquet(path);
            return path;
          });
    }
    return files(data.dataset(), path);
  }

  /** Files of a data set as row blocks. */
  JavaRDD<RowBlock> files(String dataset, String path) {
    TableReader reader =
        TableReader.open(spark, Optional.of(Datasets.find(dataset)), List.of(path));
    Table table =
        reader.table(
            reader.roles(
                new TableReader.Choice(List.of(), null, List.of(), null, List.of(Table.ROW_INDEX))),
            List.of());
    return RowBlocks.of(table);
  }

  /** One block of rows in the driver's memory. */
  RowBlock block(Data data) {
    return parquet(data, BLOCK_ROWS).filter(block -> block.rows() > 0).first();
  }

  // ---- statistics ----

  /** The exact moments of rows. */
  Moments moments(JavaRDD<RowBlock> rows, int inputs, int classes) {
    return rows.mapPartitions(
            blocks -> {
              Moments partial = new Moments(inputs, 0, classes);
              blocks.forEachRemaining(partial::add);
              return List.of(partial).iterator();
            })
        .reduce(
            (left, right) -> {
              left.merge(right);
              return left;
            });
  }

  /** What a Gram pass over such rows is made of. */
  GramPass.Specification specification(Data data, int m) {
    Moments known =
        moments.computeIfAbsent(
            data,
            absent ->
                moments(
                    parquet(data, Math.min(MOMENT_ROWS, setup.mostRows())),
                    data.inputs(),
                    classes(data.dataset())));
    return specification(known, data.inputs(), m);
  }

  /** Label and inputs of a data set of classes. */
  static Roles roles(DatasetDescriptor set) {
    return new Roles(
        set.inputs().stream().map(Column::name).toList(),
        List.of(set.label()),
        set.classes().stream().map(ClassLabel::value).toList(),
        null);
  }

  /** A table with the inputs of a data set as a vector column, its label, and no other column. */
  static Dataset<Row> vectors(DatasetDescriptor set, Dataset<Row> table, String features) {
    return new VectorAssembler()
        .setInputCols(set.inputs().stream().map(Column::name).toArray(String[]::new))
        .setOutputCol(features)
        .transform(table)
        .select(functions.col(features), functions.col(set.label()).cast("double"));
  }

  static int classes(String dataset) {
    return Datasets.find(dataset).classes().size();
  }

  GramPass.Specification specification(Moments known, int inputs, int m) {
    double lengthScale = Math.sqrt(inputs);
    CosineFeatures map =
        new CosineFeatures(inputs, m, lengthScale, Projection.ORTHOGONAL, setup.seed());
    return new GramPass.Specification(
        new Featurizer(known.standardizer(), map), known.targets(), 0);
  }

  /** One Gram pass, as training makes it. */
  static GramStatistics pass(JavaRDD<RowBlock> rows, GramPass.Specification specification) {
    return GramPass.run(rows, List.of(specification), ONE_PART, Long.MAX_VALUE).get(0).get(0);
  }

  /** Small passes, so that the JIT compiler has seen the loops: those that read need the most. */
  void warmUp(Data data, GramPass.Specification specification) {
    JavaRDD<RowBlock> blocks = parquet(data, warmUpRows());
    for (int pass = 0; pass < READING_WARM_UPS; pass++) {
      long unused = blocks.map(RowBlock::rows).filter(rows -> rows == 0).count();
    }
    GramStatistics unused = pass(blocks, specification);
  }

  long warmUpRows() {
    return Math.min(setup.mostRows(), (long) cores * WARM_UP_BLOCKS * BLOCK_ROWS);
  }

  // ---- sizes and times ----

  /** dsyrk's GFLOP/s in tasks at once. */
  List<Double> ceiling(int m, int tasks) {
    return Loops.rates(
            context(), tasks, setup.seconds() / 3, setup.repetitions(), List.of(Dsyrk.loop(m)))
        .get(0)
        .stream()
        .map(flops -> flops * 1e-9)
        .toList();
  }

  /**
   * Rows of which a pass would take twice {@code bench.seconds} at the ceiling: whole blocks a
   * core.
   */
  long rowsFor(int m) {
    double flops =
        quickCeilings.computeIfAbsent(
            m,
            absent ->
                Loops.rates(context(), cores, setup.seconds() / 10, 1, List.of(Dsyrk.loop(m)))
                    .get(0)
                    .get(0));
    long wanted = (long) (2 * setup.seconds() * flops / ((double) m * m));
    long wave = (long) cores * BLOCK_ROWS;
    return Math.min(setup.mostRows(), Math.max(1, wanted / wave) * wave);
  }

  /** Where rows in Parquet go. */
  String folder() {
    return folder;
  }

  /** Covertype's own rows where {@code bench.covertype} names them, else simulated ones; spread. */
  JavaRDD<RowBlock> covertype() {
    JavaRDD<RowBlock> read =
        setup.covertype().isPresent()
            ? files(Data.COVERTYPE.dataset(), setup.covertype().get())
            : parquet(Data.COVERTYPE, setup.covertypeRows());
    return read.getNumPartitions() < cores ? RowBlocks.spread(read, cores) : read;
  }

  /** Which of the two. */
  String covertypeName() {
    return setup.covertype().isPresent() ? "Covertype" : "simulated Covertype";
  }

  /** The seconds of a phase. */
  double seconds(String name, Runnable work) {
    return phase(
        name,
        () -> {
          long began = System.nanoTime();
          work.run();
          return (System.nanoTime() - began) * 1e-9;
        });
  }

  /**
   * The seconds of each work, each repeated in turn with the others, so that all saw the same
   * machine; before that once each for the JIT compiler.
   */
  List<List<Double>> inTurns(List<String> names, List<Runnable> works) {
    List<List<Double>> all = new ArrayList<>();
    works.forEach(work -> all.add(new ArrayList<>()));
    for (int r = 0; r <= setup.repetitions(); r++) {
      for (int i = 0; i < works.size(); i++) {
        double took = seconds(names.get(i), works.get(i));
        if (r > 0) {
          all.get(i).add(took);
        }
      }
    }
    return all;
  }

  /** The seconds of each repetition. */
  List<Double> seconds(Runnable work) {
    List<Double> seconds = new ArrayList<>();
    for (int r = 0; r < setup.repetitions(); r++) {
      long began = System.nanoTime();
      work.run();
      seconds.add((System.nanoTime() - began) * 1e-9);
    }
    return seconds;
  }

  /** Units a second of each repetition. */
  static List<Double> perSecond(double units, List<Double> seconds) {
    return seconds.stream().map(s -> units / s).toList();
  }
}
