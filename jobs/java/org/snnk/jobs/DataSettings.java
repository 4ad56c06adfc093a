package org.snnk.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.snnk.SnnkException;
import org.snnk.dataset.DatasetDescriptor;
import org.snnk.dataset.Datasets;
import org.snnk.dataset.Task;
import org.snnk.linalg.RowBlock;
import org.snnk.model.GivenScores;
import org.snnk.model.ModelStatistics;
import org.snnk.spark.data.Roles;
import org.snnk.spark.data.RowBlocks;
import org.snnk.spark.data.SliceColumns;
import org.snnk.spark.data.Table;
import org.snnk.spark.data.TableReader;
import org.snnk.statistics.SliceColumn;

/** The {@code data} section of a job: from options to tables, row blocks and their split. */
final class DataSettings {
  private static final int MOST_SLICED = 10;

  private final JobContext context;
  private final Optional<DatasetDescriptor> descriptor;
  private final boolean keeps;

  DataSettings(JobContext context) {
    this(context, false);
  }

  /**
   * The data section.
   *
   * @param keeps whether rows are kept on the executors even where reading them again is cheap
   */
  DataSettings(JobContext context, boolean keeps) {
    this.context = context;
    this.keeps = keeps;
    String name = context.get(Options.DATASET);
    boolean generic = name.equals("csv") || name.equals("parquet");
    this.descriptor = generic ? Optional.empty() : Optional.of(Datasets.find(name));
  }

  /** The known data set, if the files are of one. */
  Optional<DatasetDescriptor> descriptor() {
    return descriptor;
  }

  /** The data set's title, or the name of the first file. */
  String title() {
    return descriptor.map(DatasetDescriptor::title).orElseGet(() -> fileName(paths().get(0)));
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  List<String> paths() {
    return context.get(Options.DATA_PATH);
  }

  /** Opens data.path. */
  TableReader open() {
    return open(paths());
  }

  private TableReader open(List<String> paths) {
    SparkSession spark = context.spark();
    List<String> files = new ArrayList<>();
    for (String path : paths) {
      files.add(PrepareJob.rowsIn(path, spark.sparkContext().hadoopConfiguration()));
    }
    return TableReader.open(spark, descriptor, files);
  }

  /** What the user says of the columns; a model's own inputs and targets go before. */
  private TableReader.Choice choice(List<String> keys) {
    List<String> targets = context.get(Options.TARGETS);
    String label = context.get(Options.LABEL);
    if (targets.isEmpty() && !label.equals("auto")) {
      targets = List.of(label);
    }
    Task task =
        switch (context.get(Options.TASK)) {
          case "classification" -> Task.CLASSIFICATION;
          case "regression" -> Task.REGRESSION;
          default -> null;
        };
    String weight = context.get(Options.WEIGHT).orElse(null);
    return new TableReader.Choice(targets, task, context.get(Options.INPUTS), weight, keys);
  }

  /** What the columns of a table to train on are for. */
  Roles roles(TableReader reader) {
    List<String> keys = new ArrayList<>(context.get(Options.KEYS));
    keys.addAll(reader.textColumns(sliced())); // text is no input
    return reader.roles(choice(keys));
  }

  /** The columns that test rows are cut by. */
  private List<String> sliced() {
    boolean evaluates = Options.EVALUATE_SLICES.commands().contains(context.settings().command());
    List<String> columns = evaluates ? context.get(Options.EVALUATE_SLICES) : List.of();
    if (columns.size() > MOST_SLICED || columns.stream().distinct().count() < columns.size()) {
      throw context
          .settings()
          .error(
              Options.EVALUATE_SLICES,
              "at most " + MOST_SLICED + " columns, each once",
              columns.size() + " columns",
              "Leave some out.");
    }
    return columns;
  }

  /** The slices of the rows to be evaluated, in a pass over their columns. */
  private List<SliceColumn> slices(Table table, Split split) {
    List<String> columns = sliced();
    if (columns.isEmpty()) {
      return List.of();
    }
    SliceColumns.Rows counted = split == null ? index -> true : split::tests;
    try (Phase phase = context.progress().phase("find slices")) {
      return SliceColumns.of(table, columns, counted);
    }
  }

  /** The rows to train on and those to test on, and the slices that the latter are cut into. */
  record Rows(
      JavaRDD<RowBlock> training,
      JavaRDD<RowBlock> test,
      Roles roles,
      List<String> files,
      List<SliceColumn> slices) {}

  /** The statistics of an earlier training whose specification this one takes over. */
  Optional<ModelStatistics> earlier() {
    return context
        .get(Options.FEATURES_FROM)
        .map(
            path ->
                StatisticsFolder.read(
                    Options.FEATURES_FROM.key(), path, JobContext.hadoopConfiguration()));
  }

  /**
   * Reads data.path with the roles that the options, or an earlier training, give, split as the
   * options say.
   */
  Rows trainingAndTest(Optional<ModelStatistics> earlier) {
    SparkSession unused = context.spark(); // its start is a phase of its own
    final TableReader reader;
    final Roles roles;
    try (Phase phase = context.progress().phase("columns and classes")) {
      reader = open();
      roles =
          earlier
              .map(s -> new Roles(s.inputNames(), s.targetNames(), s.classLabels(), weight()))
              .orElseGet(() -> roles(reader));
    }
    return trainingAndTest(reader, roles);
  }

  /** Reads data.path with the roles of a model, split as the options say. */
  Rows trainingAndTest(TableReader reader, Roles roles) {
    List<String> files = new ArrayList<>(reader.files());
    if (!context.get(Options.TEST_PATH).isEmpty()) {
      Table table = reader.table(roles, List.of());
      Split none = split(table);
      TableReader test = open(context.get(Options.TEST_PATH));
      files.addAll(test.files());
      Table testTable = sliceable(test, roles);
      List<SliceColumn> slices = slices(testTable, none);
      return new Rows(blocks(table, List.of()), blocks(testTable, slices), roles, files, slices);
    }
    Table table = sliceable(reader, roles);
    Split split = split(table);
    if (split == null) {
      return new Rows(blocks(table, List.of()), null, roles, files, List.of());
    }
    List<SliceColumn> slices = slices(table, split);
    JavaRDD<RowBlock> all = blocks(table, slices);
    JavaRDD<RowBlock> training = all.map(block -> block.filter(index -> !split.tests(index)));
    JavaRDD<RowBlock> test = all.map(block -> block.filter(split::tests));
    return new Rows(training, test, roles, files, slices);
  }

  /** The columns that the roles name, and those that rows are cut by. */
  private Table sliceable(TableReader reader, Roles roles) {
    reader.requireColumns(sliced(), Options.EVALUATE_SLICES.key());
    return reader.table(roles, sliced());
  }

  /**
   * The labelled rows that a model is evaluated on: the test rows, or all where no split is set.
   *
   * @param given the scores that the table holds already, or null
   */
  Rows evaluation(Roles roles, GivenScores given) {
    boolean apart = !context.get(Options.TEST_PATH).isEmpty();
    TableReader reader = open(apart ? context.get(Options.TEST_PATH) : paths());
    reader.requireColumns(sliced(), Options.EVALUATE_SLICES.key());
    Table table = given == null ? sliceable(reader, roles) : reader.scored(given, roles, sliced());
    Split split = split(table);
    List<SliceColumn> slices = slices(table, split);
    JavaRDD<RowBlock> rows = blocks(table, slices);
    JavaRDD<RowBlock> test = split == null ? rows : rows.map(block -> block.filter(split::tests));
    return new Rows(null, test, roles, reader.files(), slices);
  }

  /** The user's weight column. */
  String weight() {
    return context.get(Options.WEIGHT).orElse(null);
  }

  /**
   * What training would pass over.
   *
   * @param rows to train on
   * @param partitions that they come in
   * @param source how they were counted
   * @param keptBytes of row blocks that stay in memory, test rows and all; 0 where they are read
   *     again
   */
  record Size(long rows, Roles roles, int partitions, String source, long keptBytes) {}

  /** The training rows, counted and not read further. */
  Size trainingSize() {
    TableReader reader = open();
    Roles roles = roles(reader);
    Table table = reader.table(roles, List.of());
    long rows;
    try (Phase phase = context.progress().phase("count rows")) {
      rows = table.rows().count();
    }
    long all = rows;
    int every = context.get(Options.TEST_EVERY);
    if (context.get(Options.TEST_PATH).isEmpty()) {
      // As the split does it, but for rows that were dropped before.
      Split split = split(table);
      if (split != null && every > 0) {
        rows -= (rows - split.remainder + every - 1) / every;
      } else if (split != null) {
        rows = Math.min(rows, split.from);
      }
    }
    long rowBytes =
        RowBlock.rowBytes(roles.inputs().size(), roles.targets().size(), roles.weight() != null);
    return new Size(
        rows,
        roles,
        Math.max(
            table.rows().javaRDD().getNumPartitions(),
            context.spark().sparkContext().defaultParallelism()),
        table.fromText() ? "a pass over the text" : "Parquet footers",
        keeps || table.fromText() ? all * rowBytes : 0);
  }

  /** Which rows test: a function of the row index alone. */
  private record Split(int every, int remainder, long from) implements java.io.Serializable {
    boolean tests(long index) {
      return every > 0 ? index % every == remainder : index >= from;
    }
  }

  private Split split(Table table) {
    int every = context.get(Options.TEST_EVERY);
    long lastRows = context.get(Options.TEST_LAST_ROWS);
    if (!context.get(Options.TEST_PATH).isEmpty()) {
      if (every > 0 || lastRows > 0) {
        throw context
            .settings()
            .error(
                Options.TEST_PATH,
                "no other split beside it",
                "data.test.every or data.test.lastRows too",
                "Choose one split.");
      }
      return null;
    }
    if (every > 0 && lastRows > 0) {
      throw context
          .settings()
          .error(
              Options.TEST_LAST_ROWS,
              "0 beside data.test.every",
              lastRows + "",
              "Choose one split.");
    }
    if (every == 1) {
      throw context
          .settings()
          .error(
              Options.TEST_EVERY,
              "0, or 2 and more",
              "1",
              "With 1 no row would be left to train on.");
    }
    if (every > 0) {
      int remainder = context.get(Options.TEST_REMAINDER);
      if (remainder >= every) {
        throw context
            .settings()
            .error(
                Options.TEST_REMAINDER,
                "less than data.test.every",
                remainder + "",
                "No row would test.");
      }
      return new Split(every, remainder, 0);
    }
    if (lastRows > 0) {
      long rows;
      try (Phase phase = context.progress().phase("count rows")) {
        // One more than the last index: rows that were dropped before leave gaps.
        Row last = table.rows().agg(functions.max(Table.ROW_INDEX)).first();
        rows = last.isNullAt(0) ? 0 : last.getLong(0) + 1;
      }
      if (lastRows >= rows) {
        throw context
            .settings()
            .error(
                Options.TEST_LAST_ROWS,
                "less than the table's " + rows + " rows",
                lastRows + "",
                "Lower it.");
      }
      return new Split(0, 0, rows - lastRows);
    }
    return null;
  }

  /**
   * The blocks of a table, in as many partitions as there are cores; text is kept, so that it is
   * parsed once.
   */
  private JavaRDD<RowBlock> blocks(Table table, List<SliceColumn> slices) {
    JavaRDD<RowBlock> blocks = RowBlocks.of(table, slices);
    SparkSession spark = context.spark();
    int wanted = context.get(Options.PARTITIONS);
    if (wanted == 0 && blocks.getNumPartitions() < spark.sparkContext().defaultParallelism()) {
      wanted = spark.sparkContext().defaultParallelism();
    }
    if (wanted > 0 && wanted != blocks.getNumPartitions()) {
      blocks = RowBlocks.spread(blocks, wanted);
    }
    return keeps || table.fromText() ? blocks.persist(StorageLevel.MEMORY_AND_DISK()) : blocks;
  }

  /** Whether rows that cannot be used are left out. */
  boolean dropInvalid() {
    return context.get(Options.INVALID).equals("drop");
  }

  /** The error where a job needs test rows and has none. */
  SnnkException noTestRows() {
    return new SnnkException(
        "data.test",
        "rows to test on",
        "none",
        null,
        "Set data.test.every, data.test.lastRows or data.test.path; `train` needs none.");
  }
}
