package org.snnk.jobs;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;
import org.snnk.jobs.bench.Bench;
import org.snnk.jobs.bench.Measure;
import org.snnk.jobs.bench.Result;
import org.snnk.jobs.bench.Setup;
import org.snnk.linalg.Blas;

/** Measures this machine or cluster: every figure beside what it is divided by. */
final class BenchJob implements Job {
  private static final String ROWS = "rows";
  private static final int VERSION = 1;

  /** The widest problem that MLlib's normal-equation solver takes. */
  private static final int PEER_FEATURES = 4096;

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String description() {
    return "Measure speed and memory against this machine's ceilings and Spark MLlib: bench.json";
  }

  @Override
  public void run(JobContext context) {
    Setup setup = setup(context);
    JobRecord record = new JobRecord(context);
    record.record().put("format", "snnk-bench").put("version", VERSION);
    SparkSession spark = context.spark();
    String folder = context.output().resolve(ROWS).toString();
    List<Result> results = Bench.run(spark, setup, TrainJob.phases(context), folder);
    remove(folder, spark.sparkContext().hadoopConfiguration());
    if (setup.measures().contains(Measure.CORES)
        && results.stream().noneMatch(result -> result.measure() == Measure.CORES)) {
      record.warn("only one task runs at a time here, so cores were not measured.");
    }
    if (!Blas.backend().isNative()) {
      record.warn("without a native BLAS the ceiling is that of netlib's pure-Java dsyrk.");
    }
    record.environment();
    record.record().put("environment", "processor", processor());
    record.record().put("environment", "tasksAtOnce", spark.sparkContext().defaultParallelism());
    record.record().put("results", results.stream().map(Result::plain).toList());
    context.output().write("bench.json", record.record().text());
    print(results, spark, context.out());
  }

  // ---- options ----

  private static Setup setup(JobContext context) {
    List<Measure> measures =
        context.settings().choices(Options.BENCH_MEASURES, "measures", Measure.values());
    for (int m : context.get(Options.BENCH_NUM_RANDOM_FEATURES)) {
      if (m % 2 != 0) {
        throw context
            .settings()
            .error(
                Options.BENCH_NUM_RANDOM_FEATURES,
                "even numbers",
                m + "",
                "A cosine and a sine belong to each frequency.");
      }
    }
    for (int d : context.get(Options.BENCH_INPUTS)) {
      if (!Setup.knownInputs().contains(d)) {
        throw context
            .settings()
            .error(
                Options.BENCH_INPUTS,
                "numbers of inputs that can be simulated, of " + Setup.knownInputs(),
                d + "",
                "Choose among them.");
      }
    }
    Setup setup =
        new Setup(
            measures,
            context.get(Options.BENCH_NUM_RANDOM_FEATURES),
            context.get(Options.BENCH_INPUTS),
            context.get(Options.BENCH_ROWS),
            context.get(Options.BENCH_PEER_ROWS),
            context.get(Options.BENCH_COVERTYPE_ROWS),
            context
                .get(Options.BENCH_COVERTYPE)
                .map(path -> PrepareJob.rowsIn(path, JobContext.hadoopConfiguration())),
            context.get(Options.BENCH_REPETITIONS),
            context.get(Options.BENCH_SECONDS),
            context.get(Options.BENCH_SEED));
    if (measures.contains(Measure.ROWS) && setup.rows().size() < 2) {
      throw context
          .settings()
          .error(
              Options.BENCH_ROWS,
              "two or more different row counts",
              setup.rows().toString(),
              "The speed on one is divided by that on another.");
    }
    int least = setup.numRandomFeatures().get(0);
    if (measures.contains(Measure.PEERS) && least > PEER_FEATURES) {
      throw context
          .settings()
          .error(
              Options.BENCH_NUM_RANDOM_FEATURES,
              "a smallest m up to " + PEER_FEATURES + " for the measure peers",
              least + "",
              "MLlib's normal-equation solver takes no more; leave out peers, or add a smaller m.");
    }
    return setup;
  }

  // ---- what is told ----

  private static void remove(String folder, Configuration hadoop) {
    try {
      org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(folder);
      FileSystem files = path.getFileSystem(hadoop);
      boolean unused = files.delete(path, true);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The driver's processor as Linux names it; empty elsewhere. */
  private static String processor() {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(info)) {
      return "";
    }
    try {
      Optional<String> model =
          Files.readAllLines(info, StandardCharsets.UTF_8).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst();
      return model.orElse("");
    } catch (IOException unreadable) {
      return "";
    }
  }

  private static void print(List<Result> results, SparkSession spark, PrintStream out) {
    out.printf(
        "%s, %d tasks at once, master %s%n",
        processor().isEmpty() ? System.getProperty("os.arch") : processor(),
        spark.sparkContext().defaultParallelism(),
        spark.sparkContext().master());
    out.printf(
        "Java %s, Spark %s, BLAS: %s%n%n",
        Runtime.version(), spark.version(), Blas.backend().description());
    List<String[]> lines = new ArrayList<>();
    lines.add(new String[] {"measure", "ours", "reference", "ratio", "target", "met"});
    for (Result result : results) {
      lines.add(
          new String[] {
            result.name(),
            shown(result.ours().value()) + " " + result.ours().unit(),
            shown(result.reference().value()) + " " + result.reference().unit(),
            shown(result.ratio()),
            result.target().map(Object::toString).orElse(""),
            result.met().map(met -> met ? "yes" : "no").orElse("")
          });
    }
    int[] widths = new int[lines.get(0).length];
    for (String[] line : lines) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], line[c].length());
      }
    }
    for (String[] line : lines) {
      StringBuilder text = new StringBuilder();
      for (int c = 0; c < widths.length; c++) {
        String pad = " ".repeat(widths[c] - line[c].length());
        boolean number = c >= 1 && c <= 3;
        text.append(number ? pad + line[c] : line[c] + pad).append("  ");
      }
      out.println(text.toString().stripTrailing());
    }
  }

  /** Three digits, and all digits of large numbers before the point. */
  private static String shown(double value) {
    double size = Math.abs(value);
    if (size >= 1e6) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
