package org.snnk.spark.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.snnk.NearestName;
import org.snnk.SnnkException;
import org.snnk.dataset.DatasetDescriptor;
import org.snnk.dataset.HeaderStyle;
import org.snnk.dataset.Task;
import org.snnk.model.GivenScores;

/**
 * Opens files of a known data set, or any CSV or Parquet files with named columns, and says what
 * their columns are for.
 *
 * <p>Text is read by {@link TextRows}, which knows each row's file and line; Parquet by Spark. Both
 * get a {@link Table#ROW_INDEX}: for Parquet the column of that name, or else the position in the
 * files ordered by path.
 */
public final class TableReader {
  private static final int MAX_CLASSES = 1000;

  /** As many as a feature map takes; refused before Spark plans a query of so many columns. */
  private static final int MAX_INPUTS = 1 << 16;

  private static final int SAMPLE_LINES = 1000;
  private static final int MAX_INTEGER_CLASSES = 20;

  private final SparkSession spark;
  private final Optional<DatasetDescriptor> descriptor;
  private final List<String> files;
  private final boolean text;
  private final VectorColumns vectors;
  private final Dataset<Row> parquet;
  private final List<String> columns;
  private final Set<String> columnSet;
  private final char separator;
  private final int headerLines;

  /**
   * What a user says of the columns; empty and null leave it to the data set.
   *
   * @param targets the label column, or several target columns
   * @param task classification, regression, or null to find out
   * @param inputs empty for every column that is nothing else
   * @param weight or null
   * @param keys columns that identify a row, never inputs
   */
  public record Choice(
      List<String> targets, Task task, List<String> inputs, String weight, List<String> keys) {

    /** Copies the lists. */
    public Choice {
      targets = List.copyOf(targets);
      inputs = List.copyOf(inputs);
      keys = List.copyOf(keys);
    }

    /** With the entries of vectors in place of their columns. */
    Choice expanded(VectorColumns vectors) {
      return new Choice(vectors.expand(targets), task, vectors.expand(inputs), weight, keys);
    }
  }

  private TableReader(
      SparkSession spark,
      Optional<DatasetDescriptor> descriptor,
      List<String> files,
      VectorColumns vectors,
      List<String> columns,
      char separator,
      int headerLines) {
    this.spark = spark;
    this.descriptor = descriptor;
    this.files = files;
    this.text = vectors == null;
    this.vectors = vectors;
    this.parquet = text ? null : vectors.rows();
    this.columns = columns;
    this.columnSet = Set.copyOf(columns);
    this.separator = separator;
    this.headerLines = headerLines;
  }

  /**
   * Finds the files and their columns; reads no rows.
   *
   * @param descriptor the known data set, or empty for files that name their columns
   * @param paths files, folders or patterns, on any file system that Hadoop knows
   * @throws SnnkException if there is nothing at a path
   */
  public static TableReader open(
      SparkSession spark, Optional<DatasetDescriptor> descriptor, List<String> paths) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    List<String> files = new ArrayList<>();
    for (String path : paths) {
      files.addAll(expand(path, hadoop));
    }
    files.sort(Comparator.naturalOrder());
    requireDistinct(files);
    if (files.stream().anyMatch(file -> file.endsWith(".parquet"))) {
      VectorColumns vectors = VectorColumns.of(parquet(spark, files));
      List<String> columns = Arrays.asList(vectors.rows().columns());
      return new TableReader(spark, descriptor, files, vectors, columns, ',', 0);
    }
    if (descriptor.isPresent()) {
      DatasetDescriptor known = descriptor.get();
      int headerLines = known.header() == HeaderStyle.NONE ? 0 : 1;
      return new TableReader(
          spark, descriptor, files, null, known.columnNames(), known.separator(), headerLines);
    }
    List<String> columns = header(files, hadoop);
    return new TableReader(spark, descriptor, files, null, columns, ',', 1);
  }

  private static void requireDistinct(List<String> files) {
    for (int i = 1; i < files.size(); i++) {
      if (files.get(i).equals(files.get(i - 1))) {
        throw new SnnkException(
            "data.path",
            "each file once",
            "'" + TextRows.shown(files.get(i)) + "' twice",
            null,
            "Name it once.");
      }
    }
  }

  private static Dataset<Row> parquet(SparkSession spark, List<String> files) {
    for (String file : files) {
      if (!file.endsWith(".parquet")) {
        throw new SnnkException(
            "data.path",
            "files of one kind",
            "Parquet and others",
            TextRows.shown(file),
            "Name the Parquet files alone, or the folder that holds nothing else.");
      }
    }
    try {
      return spark.read().parquet(files.stream().map(TextRows::literal).toArray(String[]::new));
    } catch (Exception e) { // Spark's are checked and undeclared
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      SnnkException sentence =
          new SnnkException(
              "data.path",
              "readable Parquet files",
              "'" + cause.getMessage() + "'",
              null,
              "Take another copy of that file.");
      sentence.initCause(e);
      throw sentence;
    }
  }

  private static List<String> expand(String path, Configuration hadoop) {
    try {
      Path pattern = new Path(path);
      FileSystem system = pattern.getFileSystem(hadoop);
      FileStatus[] found = system.globStatus(pattern);
      if (found == null || found.length == 0) {
        throw new SnnkException(
            "data.path", "a file or folder", "nothing at '" + path + "'", null, "Check the path.");
      }
      List<String> files = new ArrayList<>();
      for (FileStatus status : found) {
        if (status.isDirectory()) {
          for (FileStatus file : system.listStatus(status.getPath())) {
            String name = file.getPath().getName();
            if (file.isFile() && !name.startsWith("_") && !name.startsWith(".")) {
              files.add(file.getPath().toString());
            }
          }
        } else {
          files.add(status.getPath().toString());
        }
      }
      if (files.isEmpty()) {
        throw new SnnkException(
            "data.path",
            "data files",
            "an empty folder at '" + path + "'",
            null,
            "Check the path.");
      }
      return files;
    } catch (IOException e) {
      throw new SnnkException(
          "data.path",
          "a readable file or folder",
          "'" + e.getMessage() + "'",
          path,
          "Check the path and its rights.");
    }
  }

  /** The column names that every file starts with. */
  private static List<String> header(List<String> files, Configuration hadoop) {
    List<String> names = null;
    for (String file : files) {
      List<String> lines = firstLines(file, 1, hadoop);
      List<String> found =
          lines.isEmpty()
              ? List.of()
              : Arrays.asList(LineParser.csvParser(',').parseLine(lines.get(0)));
      if (lines.isEmpty() || found.stream().anyMatch(String::isBlank)) {
        throw new SnnkException(
            "file " + TextRows.shown(file),
            "a first line of column names",
            lines.isEmpty() ? "an empty file" : "a blank name",
            null,
            "Give a CSV with a header, or name the data set by data.dataset.");
      }
      Set<String> seen = new LinkedHashSet<>();
      for (String name : found) {
        if (!seen.add(name)) {
          throw new SnnkException(
              "file " + TextRows.shown(file),
              "distinct column names",
              "'" + name + "' twice",
              null,
              "Rename one.");
        }
      }
      if (names != null && !names.equals(found)) {
        throw new SnnkException(
            "file " + TextRows.shown(file),
            "the columns of " + TextRows.shown(files.get(0)),
            "others",
            null,
            "Read files of one layout at a time.");
      }
      names = found;
    }
    return names;
  }

  private static List<String> firstLines(String file, int count, Configuration hadoop) {
    Path path = new Path(file);
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
    try {
      if (path.getFileSystem(hadoop).getFileStatus(path).getLen() == 0) {
        return List.of(); // even where the name promises a gzip
      }
    } catch (IOException e) {
      throw TextRows.unreadable(file, 0, e);
    }
    try (var raw = path.getFileSystem(hadoop).open(path);
        var in = codec == null ? raw : codec.createInputStream(raw);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      List<String> lines = new ArrayList<>();
      String line;
      while (lines.size() < count && (line = reader.readLine()) != null) {
        lines.add(lines.isEmpty() ? withoutByteOrderMark(line) : line);
      }
      return lines;
    } catch (IOException e) {
      throw TextRows.unreadable(file, 0, e);
    }
  }

  private static String withoutByteOrderMark(String line) {
    return line.startsWith("\ufeff") ? line.substring(1) : line;
  }

  /** The files, in the order of the row index. */
  public List<String> files() {
    return files;
  }

  /**
   * What the columns are for: the user's choice where there is one, else the data set's.
   *
   * <p>Without a data set and a task, a label that is text, or has at most 20 different whole
   * numbers among the first thousand rows, is a class.
   *
   * @throws SnnkException if a column is missing or has no usable type
   */
  public Roles roles(Choice choice) {
    return text ? rolesOf(choice) : rolesOf(choice.expanded(vectors));
  }

  private Roles rolesOf(Choice choice) {
    List<String> targets = choice.targets();
    String option = targets.size() > 1 ? "data.targets" : "data.label";
    if (targets.isEmpty()) {
      if (descriptor.isEmpty()) {
        throw new SnnkException(
            "data.label", "the column to predict", "none", null, "Set data.label or data.targets.");
      }
      targets = List.of(descriptor.get().label());
    }
    targets.forEach(name -> require(name, option));
    if (choice.weight() != null) {
      require(choice.weight(), "data.weight");
    }
    choice.inputs().forEach(name -> require(name, "data.inputs"));
    choice.keys().stream()
        .filter(key -> !key.equals(Table.ROW_INDEX))
        .forEach(name -> require(name, "data.keys"));
    List<String> inputs =
        choice.inputs().isEmpty() ? otherColumns(targets, choice) : choice.inputs();
    if (inputs.isEmpty()) {
      throw new SnnkException(
          "data.inputs",
          "at least one input column",
          "none",
          null,
          "Name columns that are not the label.");
    }
    if (inputs.size() > MAX_INPUTS) {
      throw new SnnkException(
          "data.inputs",
          "at most " + MAX_INPUTS + " columns",
          inputs.size() + "",
          shownFile(),
          "Name those that matter.");
    }
    for (String target : targets) {
      if (inputs.contains(target)) {
        throw new SnnkException(
            "data.inputs",
            "columns other than the label",
            "'" + target + "' as both",
            null,
            "Leave it out of one.");
      }
    }
    inputs.forEach(this::requireNumeric);
    boolean classification = task(choice, targets) == Task.CLASSIFICATION;
    if (classification && targets.size() > 1) {
      throw new SnnkException(
          "data.targets",
          "one label column for classes",
          targets.size() + " columns",
          null,
          "Set data.task=regression, or name one.");
    }
    if (!classification) {
      targets.forEach(this::requireNumeric);
    }
    List<String> classes = classification ? classes(targets.get(0)) : List.of();
    return new Roles(inputs, targets, classes, choice.weight());
  }

  private List<String> otherColumns(List<String> targets, Choice choice) {
    Set<String> taken = new LinkedHashSet<>(targets);
    taken.addAll(choice.keys());
    taken.add(Table.ROW_INDEX);
    if (choice.weight() != null) {
      taken.add(choice.weight());
    }
    // A known set's other labels are no inputs either: they would give the answer away.
    descriptor.ifPresent(known -> taken.addAll(known.labels()));
    Collection<String> candidates =
        descriptor.isPresent() ? descriptor.get().columnNames() : columns;
    return candidates.stream().filter(name -> !taken.contains(name)).toList();
  }

  private void require(String name, String option) {
    if (!columnSet.contains(name)) {
      throw new SnnkException(
          option, "a column of the table", "'" + name + "'", shownFile(), nearest(name));
    }
  }

  /**
   * Refuses columns that are not there.
   *
   * @param option that names them
   */
  public void requireColumns(List<String> names, String option) {
    names.forEach(name -> require(name, option));
  }

  /** Those of the columns that hold text, as far as the first thousand rows show. */
  public List<String> textColumns(List<String> names) {
    return names.stream().filter(name -> columnSet.contains(name) && isText(name)).toList();
  }

  private boolean isText(String name) {
    if (!text) {
      DataType type = parquet.schema().apply(name).dataType();
      return !(type instanceof NumericType || type instanceof BooleanType);
    }
    return descriptor.isEmpty() && !firstLabels(name).stream().allMatch(TableReader::isNumber);
  }

  /** A column that a model, or the table that it is trained on, brings with it. */
  private void requireRole(String role, String name) {
    if (!columnSet.contains(name)) {
      throw new SnnkException(
          role + " column '" + name + "'",
          "a column of that name",
          "none",
          shownFile(),
          nearest(name));
    }
  }

  /** A file for the place in an error; all have the same columns. */
  private String shownFile() {
    return TextRows.shown(files.get(0));
  }

  private String nearest(String name) {
    return NearestName.question(
        name,
        columns,
        "The table has " + columns.size() + " columns, the first is '" + columns.get(0) + "'.");
  }

  private void requireNumeric(String name) {
    require(name, "data.inputs");
    if (!text) {
      StructField field = parquet.schema().apply(name);
      if (!(field.dataType() instanceof NumericType || field.dataType() instanceof BooleanType)) {
        throw new SnnkException(
            "column '" + name + "'",
            "a numeric type",
            field.dataType().simpleString(),
            shownFile(),
            "Convert it, or leave it out by data.inputs.");
      }
    }
  }

  private Task task(Choice choice, List<String> targets) {
    if (choice.task() != null) {
      return choice.task();
    }
    if (descriptor.isPresent() && descriptor.get().labels().containsAll(targets)) {
      return descriptor.get().task();
    }
    if (targets.size() > 1) {
      return Task.REGRESSION;
    }
    Set<String> labels = new LinkedHashSet<>();
    for (String label : firstLabels(targets.get(0))) {
      try {
        double number = Double.parseDouble(label);
        if (number != Math.rint(number)) {
          return Task.REGRESSION;
        }
      } catch (NumberFormatException notANumber) {
        return Task.CLASSIFICATION;
      }
      labels.add(ClassIndex.canonical(label));
    }
    return labels.size() <= MAX_INTEGER_CLASSES ? Task.CLASSIFICATION : Task.REGRESSION;
  }

  private List<String> firstLabels(String name) {
    if (!text) {
      return parquet
          .select(RowBlocks.column(name).cast("string"))
          .na()
          .drop()
          .limit(SAMPLE_LINES)
          .collectAsList()
          .stream()
          .map(row -> row.getString(0))
          .toList();
    }
    int at = columns.indexOf(name);
    List<String> labels = new ArrayList<>();
    List<String> lines =
        firstLines(files.get(0), SAMPLE_LINES, spark.sparkContext().hadoopConfiguration());
    for (String line : lines.subList(Math.min(headerLines, lines.size()), lines.size())) {
      String[] fields = LineParser.csvParser(separator).parseLine(line);
      if (fields != null && fields.length > at && !fields[at].isBlank()) {
        labels.add(fields[at]);
      }
    }
    return labels;
  }

  /** The known classes of a data set's own label, else the different labels of the table. */
  private List<String> classes(String label) {
    if (descriptor.isPresent()
        && descriptor.get().label().equals(label)
        && !descriptor.get().classes().isEmpty()) {
      return descriptor.get().classes().stream().map(c -> c.value()).toList();
    }
    Roles labelOnly = new Roles(List.of(), List.of(label), List.of("?"), null);
    Dataset<Row> labels =
        table(labelOnly, List.of())
            .rows()
            .select(RowBlocks.column(label).cast("string"))
            .na()
            .drop();
    Set<String> distinct = new LinkedHashSet<>();
    labels
        .distinct()
        .limit(MAX_CLASSES + 1)
        .collectAsList()
        .forEach(row -> distinct.add(ClassIndex.canonical(row.getString(0))));
    if (distinct.size() < 2 || distinct.size() > MAX_CLASSES) {
      throw new SnnkException(
          "label column '" + label + "'",
          "2 to " + MAX_CLASSES + " classes",
          distinct.size() > MAX_CLASSES ? "more" : distinct.size() + "",
          shownFile(),
          "Set data.task=regression if it is a number to predict.");
    }
    return distinct.stream().sorted(TableReader::byNumberThenText).toList();
  }

  private static int byNumberThenText(String a, String b) {
    try {
      return Double.compare(Double.parseDouble(a), Double.parseDouble(b));
    } catch (NumberFormatException notBoth) {
      return a.compareTo(b);
    }
  }

  /**
   * The table of the columns that the roles and keys name.
   *
   * @throws SnnkException if one is missing
   */
  public Table table(Roles roles, List<String> keys) {
    Set<String> wanted = new LinkedHashSet<>(roles.inputs());
    wanted.addAll(roles.targets());
    if (roles.weight() != null) {
      wanted.add(roles.weight());
    }
    Set<String> all = new LinkedHashSet<>(wanted);
    keys.stream().filter(key -> !key.equals(Table.ROW_INDEX)).forEach(all::add);
    roles.inputs().forEach(name -> requireRole("input", name));
    roles.targets().forEach(name -> requireRole("target", name));
    if (roles.weight() != null) {
      require(roles.weight(), "data.weight");
    }
    all.stream().filter(name -> !wanted.contains(name)).forEach(key -> require(key, "data.keys"));
    if (!text) {
      wanted.removeIf(name -> roles.classification() && roles.targets().contains(name));
      wanted.forEach(this::requireNumeric);
      return new Table(withRowIndex(all), roles, false);
    }
    List<TextLayout.Column> layout = new ArrayList<>();
    for (String name : columns) {
      layout.add(new TextLayout.Column(name, kind(name, roles, wanted), all.contains(name)));
    }
    return new Table(
        TextRows.read(spark, files, new TextLayout(layout, separator, headerLines)), roles, true);
  }

  /**
   * A table of rows that were scored before, as {@code score} writes them, with their label or
   * targets: the scores become the inputs, under the names of {@link GivenScores#inputNames}.
   *
   * @param roles with those inputs
   * @throws SnnkException if the scores are not there
   */
  public Table scored(GivenScores model, Roles roles, List<String> keys) {
    if (text || !columnSet.containsAll(roles.inputs())) {
      throw new SnnkException(
          "scored table",
          "Parquet with the scores " + String.join(", ", roles.inputs()),
          text ? "text" : "other columns",
          shownFile(),
          "Take the folder scores of `jobs/snnk score`, written with the label among data.keys.");
    }
    roles.targets().forEach(name -> requireRole("target", name));
    // Keys as they are: score writes those of a CSV as text, numbers too.
    List<String> carried = new ArrayList<>(keys);
    carried.addAll(roles.inputs());
    carried.addAll(roles.targets());
    if (roles.weight() != null) {
      carried.add(roles.weight());
    }
    Dataset<Row> rows = table(new Roles(List.of(), List.of(), List.of(), null), carried).rows();
    List<Column> selected = new ArrayList<>();
    for (String name : rows.columns()) {
      boolean number =
          name.equals(roles.weight()) || (!model.isClassifier() && roles.targets().contains(name));
      Column column = RowBlocks.column(name);
      selected.add(number ? column.try_cast("double").as(name) : column);
    }
    return new Table(rows.select(selected.toArray(Column[]::new)), roles, false);
  }

  private TextLayout.Kind kind(String name, Roles roles, Set<String> numbers) {
    boolean label = roles.classification() && roles.targets().contains(name);
    if (label || !numbers.contains(name)) {
      return TextLayout.Kind.TEXT;
    }
    return ownKind(name);
  }

  /** The type that the data set gives a column; a double where there is no data set. */
  private TextLayout.Kind ownKind(String name) {
    if (descriptor.isEmpty()) {
      return TextLayout.Kind.DOUBLE;
    }
    DatasetDescriptor known = descriptor.get();
    return switch (known.columns().get(known.position(name)).type()) {
      case FLOAT -> TextLayout.Kind.FLOAT;
      case DOUBLE -> TextLayout.Kind.DOUBLE;
      case INT -> TextLayout.Kind.INT;
    };
  }

  /**
   * All columns of text files with the types of their data set, to be kept as Parquet; in files
   * without one, columns of numbers in the first thousand rows are doubles and all others text.
   */
  public Table typed() {
    if (!text) {
      return new Table(
          withRowIndex(new LinkedHashSet<>(columns)),
          new Roles(List.of(), List.of(), List.of(), null),
          false);
    }
    Map<String, TextLayout.Kind> kinds = new LinkedHashMap<>();
    for (String name : columns) {
      boolean number =
          descriptor.isPresent() || firstLabels(name).stream().allMatch(TableReader::isNumber);
      kinds.put(name, number ? ownKind(name) : TextLayout.Kind.TEXT);
    }
    List<TextLayout.Column> layout = new ArrayList<>();
    kinds.forEach((name, kind) -> layout.add(new TextLayout.Column(name, kind, true)));
    Dataset<Row> rows = TextRows.read(spark, files, new TextLayout(layout, separator, headerLines));
    return new Table(rows, new Roles(List.of(), List.of(), List.of(), null), true);
  }

  private static boolean isNumber(String field) {
    try {
      return Double.isFinite(Double.parseDouble(field));
    } catch (NumberFormatException notANumber) {
      return false;
    }
  }

  private Dataset<Row> withRowIndex(Set<String> names) {
    List<Column> selected = new ArrayList<>();
    names.stream()
        .filter(name -> !name.equals(Table.ROW_INDEX))
        .forEach(name -> selected.add(RowBlocks.column(name)));
    if (columns.contains(Table.ROW_INDEX)) {
      selected.add(RowBlocks.column(Table.ROW_INDEX).cast("long").as(Table.ROW_INDEX));
      return parquet.select(selected.toArray(Column[]::new));
    }
    // Spark knows the position in a file; the rows before each file come from their row counts.
    String path = "snnk_file";
    String base = "snnk_base";
    List<Row> counts =
        new ArrayList<>(
            parquet.groupBy(functions.col("_metadata.file_path").as(path)).count().collectAsList());
    counts.sort(Comparator.comparing(row -> row.getString(0)));
    List<Row> before = new ArrayList<>();
    long rows = 0;
    for (Row count : counts) {
      before.add(RowFactory.create(count.getString(0), rows));
      rows += count.getLong(1);
    }
    StructType schema =
        new StructType().add(path, DataTypes.StringType).add(base, DataTypes.LongType);
    Dataset<Row> bases = spark.createDataFrame(before, schema);
    List<Column> inner = new ArrayList<>(selected);
    inner.add(functions.col("_metadata.file_path").as(path));
    inner.add(functions.col("_metadata.row_index").as("snnk_position"));
    selected.add(functions.col(base).plus(functions.col("snnk_position")).as(Table.ROW_INDEX));
    return parquet
        .select(inner.toArray(Column[]::new))
        .join(functions.broadcast(bases), path)
        .select(selected.toArray(Column[]::new));
  }
}
