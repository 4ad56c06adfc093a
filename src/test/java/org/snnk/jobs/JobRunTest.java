package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snnk.SnnkException;
import org.snnk.spark.LocalSpark;

/** What surrounds a job: output, errors from Spark's tasks, progress, and the end by a signal. */
class JobRunTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  /** Its start would be a line of the first job. */
  @BeforeAll
  static void startSpark() {
    SparkSession unused = LocalSpark.session();
  }

  @FunctionalInterface
  private interface Body {
    void run(JobContext context) throws Exception;
  }

  private record Scripted(Body body) implements Job {
    @Override
    public String name() {
      return "train";
    }

    @Override
    public String description() {
      return "A job of a test";
    }

    @Override
    public void run(JobContext context) throws Exception {
      body.run(context);
    }
  }

  private int run(Body body) {
    Path out = folder.resolve("out");
    Settings settings =
        Settings.load("train", Optional.empty(), List.of("data.path=unused", "output.dir=" + out));
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    return Main.run(new Scripted(body), settings, stream, stream);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static Dataset<String> texts(SparkSession spark, Path file) {
    return spark.read().textFile(file.toString());
  }

  private Path lines(int count) throws IOException {
    List<String> lines = IntStream.range(0, count).mapToObj(Integer::toString).toList();
    return Files.write(folder.resolve("rows.txt"), lines);
  }

  @Test
  void aMistakeFoundByATaskIsOneSentenceAndNothingIsWritten() throws IOException {
    Path rows = lines(10);
    MapFunction<String, String> check =
        text -> {
          throw new SnnkException("row 7", "28 columns", "27", "rows.txt:7", "Correct the row.");
        };
    int code =
        run(
            context -> {
              context.output().write("half.txt", "half");
              long unused = texts(context.spark(), rows).map(check, Encoders.STRING()).count();
            });

    assertThat(err())
        .isEqualTo(
            "error: row 7: expected 28 columns, got 27 (rows.txt:7). Correct the row."
                + System.lineSeparator());
    assertThat(code).isEqualTo(2);
    assertThat(folder.toFile().list()).containsExactly("rows.txt");
  }

  @Test
  void aMissingFileThatSparkFindsIsOneSentence() {
    int code = run(context -> texts(context.spark(), folder.resolve("no.csv")).show());

    assertThat(code).isEqualTo(2);
    assertThat(err()).startsWith("error: ").contains("no.csv").hasLineCount(1);
  }

  @Test
  void anythingElseEndsWithItsStackTrace() {
    int code =
        run(
            context -> {
              throw new IllegalStateException("a bug");
            });

    assertThat(code).isEqualTo(1);
    assertThat(err()).contains("java.lang.IllegalStateException: a bug").contains("at org.snnk");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void theRowsOfSparksTasksAreCountedInTheirPhase() throws IOException {
    Path rows = lines(5000);
    int code =
        run(
            context -> {
              Dataset<String> texts = texts(context.spark(), rows);
              try (Phase phase = context.progress().phase("Read", 5000)) {
                assertThat(texts.count()).isEqualTo(5000);
                // Spark reports behind the job's back; the line below is of what has come.
                TimeUnit.SECONDS.sleep(1);
              }
              assertThat(context.progress().seconds().get("Read")).isGreaterThan(1);
              context.output().write("a.txt", "a");
            });

    assertThat(code).as(err()).isZero();
    assertThat(err()).contains("Read  5,000 rows in ").contains("snnk train: wrote ");
    assertThat(folder.resolve("out/a.txt")).exists();
  }

  @Test
  void aSignalRemovesWhatWasBegun() throws Exception {
    Path log = folder.resolve("log.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Stuck.class.getName(),
                folder.resolve("out").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.readString(log).contains("begun") && System.nanoTime() < end) {
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    assertThat(folder.toFile().list()).hasSize(2);
    process.destroy();

    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(folder.toFile().list()).containsExactly("log.txt");
  }

  /** Begins an output folder and waits for the signal. */
  static final class Stuck {
    private Stuck() {}

    public static void main(String[] args) throws InterruptedException {
      OutputFolder output = OutputFolder.open(args[0], false, new Configuration());
      output.write("half.txt", "half");
      System.out.println("begun");
      TimeUnit.MINUTES.sleep(5);
    }
  }
}
