package org.snnk.spark.data;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.hadoop.mapreduce.lib.input.TextInputFormat;
import org.apache.spark.api.java.JavaNewHadoopRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.snnk.SnnkException;

/**
 * Lines of text files as rows with a stable index.
 *
 * <p>The index counts rows over all files in the order of their paths, so it does not depend on how
 * files are split. Where there is more than one split, a first pass counts lines; a bad line
 * becomes a row with {@link Table#ROW_ERROR}, naming file and line.
 */
final class TextRows {
  private TextRows() {}

  /** Where a stretch of a file lies, and what the count found there. */
  private record Stretch(String path, long start, long lines, long rows) implements Serializable {}

  /** What precedes a stretch: lines in its file, rows in the table. */
  private record Before(long lines, long rows) implements Serializable {}

  /**
   * Reads files.
   *
   * @param paths in any order
   */
  static Dataset<Row> read(SparkSession spark, List<String> paths, TextLayout layout) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    JavaNewHadoopRDD<LongWritable, Text> lines =
        (JavaNewHadoopRDD<LongWritable, Text>)
            context.newAPIHadoopRDD(
                input(paths, context.hadoopConfiguration()),
                TextInputFormat.class,
                LongWritable.class,
                Text.class);
    Map<String, Before> before = lines.getNumPartitions() > 1 ? count(lines, layout) : Map.of();
    JavaRDD<Row> rows =
        lines.mapPartitionsWithInputSplit(
            (split, iterator) -> {
              Stretch stretch = stretch(split);
              Before start = before.getOrDefault(key(stretch), new Before(0, 0));
              return new Rows(layout, stretch, start, iterator);
            },
            false);
    return spark.createDataFrame(rows, layout.schema());
  }

  private static Configuration input(List<String> paths, Configuration hadoop) {
    try {
      Job job = Job.getInstance(hadoop);
      Path[] files = paths.stream().map(TextRows::literal).map(Path::new).toArray(Path[]::new);
      FileInputFormat.setInputPaths(job, files);
      return job.getConfiguration();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A path as people write it: without a scheme where it is a local one. */
  static String shown(String path) {
    return path.startsWith("file:/") ? new Path(path).toUri().getPath() : path;
  }

  /** The pattern that only this path matches. */
  static String literal(String path) {
    return path.replaceAll("[\\\\{}\\[\\]*?]", "\\\\$0");
  }

  private static Map<String, Before> count(
      JavaNewHadoopRDD<LongWritable, Text> lines, TextLayout layout) {
    Function2<InputSplit, Iterator<scala.Tuple2<LongWritable, Text>>, Iterator<Stretch>> counter =
        (split, iterator) -> {
          Stretch stretch = stretch(split);
          Rows rows = new Rows(layout, stretch, new Before(0, 0), iterator);
          long count = 0;
          while (rows.advance() != null) {
            count++;
          }
          return List.of(new Stretch(stretch.path, stretch.start, rows.line, count)).iterator();
        };
    List<Stretch> stretches =
        new java.util.ArrayList<>(lines.mapPartitionsWithInputSplit(counter, false).collect());
    stretches.sort(Comparator.comparing(Stretch::path).thenComparing(Stretch::start));
    Map<String, Before> before = new HashMap<>();
    long rows = 0;
    long fileLines = 0;
    String file = null;
    for (Stretch stretch : stretches) {
      fileLines = stretch.path.equals(file) ? fileLines : 0;
      file = stretch.path;
      before.put(key(stretch), new Before(fileLines, rows));
      fileLines += stretch.lines;
      rows += stretch.rows;
    }
    return before;
  }

  static SnnkException unreadable(String path, long lines, Exception cause) {
    SnnkException sentence =
        new SnnkException(
            "file " + shown(path),
            "readable text",
            "'" + cause.getMessage() + "'",
            "after line " + lines,
            "The file may be cut short or damaged: take another copy.");
    sentence.initCause(cause);
    return sentence;
  }

  private static Stretch stretch(InputSplit split) {
    FileSplit file = (FileSplit) split;
    return new Stretch(file.getPath().toString(), file.getStart(), 0, 0);
  }

  private static String key(Stretch stretch) {
    return stretch.start + " " + stretch.path;
  }

  /** The rows of one stretch. */
  private static final class Rows implements Iterator<Row> {
    private final Stretch stretch;
    private final Before before;
    private final TextLayout layout;
    private final LineParser parser;
    private final Iterator<scala.Tuple2<LongWritable, Text>> lines;
    private final int wanted;
    private long line;
    private long row;
    private String next;
    private boolean peeked;

    Rows(
        TextLayout layout,
        Stretch stretch,
        Before before,
        Iterator<scala.Tuple2<LongWritable, Text>> lines) {
      this.layout = layout;
      this.stretch = stretch;
      this.before = before;
      this.lines = lines;
      this.parser = new LineParser(layout);
      this.wanted = (int) layout.columns().stream().filter(TextLayout.Column::wanted).count();
    }

    /** The next line that holds a row, or null at the end. */
    String advance() {
      try {
        while (lines.hasNext()) {
          String text = lines.next()._2().toString();
          line++;
          boolean header = stretch.start == 0 && line <= layout.headerLines();
          if (!header && !text.isBlank()) {
            return text;
          }
        }
        return null;
      } catch (RuntimeException e) {
        throw unreadable(stretch.path, before.lines + line, e);
      } catch (Exception e) { // Scala's iterators throw IOException without declaring it
        if (e instanceof IOException) {
          throw unreadable(stretch.path, before.lines + line, e);
        }
        throw e;
      }
    }

    @Override
    public boolean hasNext() {
      if (!peeked) {
        next = advance();
        peeked = true;
      }
      return next != null;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      peeked = false;
      Object[] values = new Object[wanted + 2];
      String error = parser.parse(next, values);
      values[wanted] = before.rows + row++;
      if (error != null) {
        values[wanted + 1] = shown(stretch.path) + " line " + (before.lines + line) + ": " + error;
      }
      return RowFactory.create(values);
    }
  }
}
