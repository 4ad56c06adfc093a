package org.snnk.jobs;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.snnk.SnnkException;

/**
 * What a running job has at hand: settings, Spark, the output folder, progress, standard output.
 *
 * <p>Spark starts with the first {@link #spark} and stops with the context, unless the session was
 * there before.
 */
public final class JobContext implements AutoCloseable {
  private final Settings settings;
  private final Progress progress;
  private final PrintStream out;
  private OutputFolder output;
  private SparkSession spark;
  private boolean ownsSpark;
  private SnnkException failed;
  private final List<Published> published = new ArrayList<>();

  JobContext(Settings settings, Progress progress, PrintStream out) {
    this.settings = settings;
    this.progress = progress;
    this.out = out;
  }

  /** The resolved options. */
  public Settings settings() {
    return settings;
  }

  /** The value of an option. */
  public <T> T get(Option<T> option) {
    return settings.get(option);
  }

  /** Where the job says what it is doing. */
  public Progress progress() {
    return progress;
  }

  /** Where a job that answers by text writes it. */
  public PrintStream out() {
    return out;
  }

  /** The session, started on first use with spark-submit's settings. */
  public synchronized SparkSession spark() {
    if (spark == null) {
      Optional<SparkSession> running = running();
      ownsSpark = running.isEmpty();
      if (ownsSpark) {
        try (Phase phase = progress.phase("start of Spark")) {
          spark = start();
        }
      } else {
        spark = running.get();
      }
      progress.attach(spark.sparkContext());
    }
    return spark;
  }

  /** Its context in Java's words. */
  public JavaSparkContext javaSpark() {
    return JavaSparkContext.fromSparkContext(spark().sparkContext());
  }

  private static Optional<SparkSession> running() {
    scala.Option<SparkSession> active = SparkSession.getActiveSession();
    scala.Option<SparkSession> any = active.isEmpty() ? SparkSession.getDefaultSession() : active;
    return any.isEmpty() ? Optional.empty() : Optional.of(any.get());
  }

  private SparkSession start() {
    SparkSession.Builder builder = SparkSession.builder();
    // spark-submit sets both; a test or an IDE may not.
    if (System.getProperty("spark.master") == null) {
      builder = builder.master("local[*]");
    }
    if (System.getProperty("spark.app.name") == null) {
      builder = builder.appName("snnk " + settings.command());
    }
    try {
      return builder.getOrCreate();
    } catch (IllegalStateException stopped) {
      // A master that does not answer stops the context while it starts; Spark's log says why.
      SnnkException sentence =
          new SnnkException(
              "Spark on '" + System.getProperty("spark.master", "local[*]") + "'",
              "a cluster that answers",
              "none",
              null,
              "Check the URL of --master and that the cluster runs.");
      sentence.initCause(stopped);
      throw sentence;
    }
  }

  /** Whether this job has needed Spark so far. */
  synchronized boolean sparkStarted() {
    return spark != null;
  }

  /**
   * The folder that the job fills; only for jobs that read {@link Options#OUTPUT_DIR}. {@link Main}
   * has opened it before the job began.
   */
  public OutputFolder output() {
    if (output == null) {
      throw new IllegalStateException("the command " + settings.command() + " has no output.dir");
    }
    return output;
  }

  /** Opens the output folder, and so fails before any work where it must not be written. */
  void openOutput() {
    output =
        OutputFolder.open(
            settings.get(Options.OUTPUT_DIR),
            settings.get(Options.OUTPUT_OVERWRITE),
            hadoopConfiguration());
  }

  /** The same job with other settings: its Spark, output and progress. */
  JobContext with(Settings others) {
    JobContext context = new JobContext(others, progress, out);
    context.spark = spark();
    context.output = output;
    return context;
  }

  /**
   * A job within this one: its Spark, an output of its own, and a progress that counts anew.
   *
   * @param folder where its output is written; its settings name the place where it will be
   */
  JobContext member(Settings others, String folder) {
    JobContext context = new JobContext(others, progress.another(), out);
    context.spark = spark();
    context.progress.attach(context.spark.sparkContext());
    context.output = OutputFolder.open(folder, false, hadoopConfiguration());
    return context;
  }

  /**
   * What is told to a tracking server once the output stands.
   *
   * @param child folder of the output that it is about; {@code .} for all of it
   */
  record Published(String child, Mlflow.Results results) {}

  /** Adds something to tell. */
  void publish(String child, Mlflow.Results results) {
    published.add(new Published(child, results));
  }

  /** All that is to be told. */
  List<Published> published() {
    return published;
  }

  /** Ends the job with an error once its output stands: what could be done was done. */
  void failAfterOutput(SnnkException failure) {
    failed = failure;
  }

  /** Gives the output its final name, where there is one. */
  void commitOutput() {
    if (output != null) {
      output.commit();
    }
  }

  /** Throws what {@link #failAfterOutput} was told. */
  void requireNoFailure() {
    if (failed != null) {
      throw failed;
    }
  }

  /**
   * Hadoop's settings as the session will see them, without starting it: spark.hadoop.* of
   * spark-submit.
   */
  public static Configuration hadoopConfiguration() {
    String prefix = "spark.hadoop.";
    Configuration hadoop = new Configuration();
    for (Map.Entry<Object, Object> property : System.getProperties().entrySet()) {
      String key = property.getKey().toString();
      if (key.startsWith(prefix)) {
        hadoop.set(key.substring(prefix.length()), property.getValue().toString());
      }
    }
    return hadoop;
  }

  @Override
  public synchronized void close() {
    if (output != null) {
      output.close();
    }
    progress.close();
    if (spark != null && ownsSpark) {
      spark.stop();
    }
  }
}
