package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.snnk.spark.LocalSpark;

/** Jobs in this JVM on small files in a folder of the test. */
final class SmallJobs {
  /** A model that trains at once. */
  private static final List<String> SMALL_MODEL =
      List.of("features.numRandomFeatures=16", "features.lengthScale=2", "train.regParam=1e-3");

  private final Path folder;

  SmallJobs(Path folder) {
    this.folder = folder;
    LocalSpark.session(); // before any job, so that none of them ends it
  }

  /** What came of a job. */
  record Outcome(int exitCode, String out, String err) {
    /** The one sentence of a job that found a mistake. */
    String sentence() {
      assertThat(exitCode).as(err).isEqualTo(Main.MISTAKE);
      List<String> errors = err.lines().filter(line -> line.startsWith("error: ")).toList();
      assertThat(errors).as(err).hasSize(1);
      assertThat(err).as("the sentence is the last line").endsWith(errors.get(0) + "\n");
      assertThat(err).doesNotContain("\tat ").doesNotContain("Exception");
      return errors.get(0);
    }
  }

  /**
   * Runs a job.
   *
   * @param settings {@code key=value}
   */
  Outcome run(String command, String... settings) {
    List<String> arguments = new ArrayList<>(List.of(command));
    List<String> assignments = new ArrayList<>();
    if (command.equals("train") || command.equals("run")) {
      assignments.addAll(SMALL_MODEL);
    }
    assignments.addAll(Arrays.asList(settings));
    for (String assignment : assignments) {
      arguments.add("--set");
      arguments.add(assignment);
    }
    return commandLine(arguments.toArray(String[]::new));
  }

  /** Runs a command line. */
  Outcome commandLine(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            arguments);
    String errors = err.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    return new Outcome(code, out.toString(StandardCharsets.UTF_8), errors);
  }

  /** Runs a job that must succeed, and returns its output folder. */
  Path make(String name, String command, String... settings) {
    List<String> all = new ArrayList<>(Arrays.asList(settings));
    all.add("output.dir=" + folder.resolve(name));
    Outcome outcome = run(command, all.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return folder.resolve(name);
  }

  /** The sentence of a job that must end with a mistake and leave nothing behind. */
  String mistake(String command, String... settings) {
    List<String> before = listing();
    List<String> all = new ArrayList<>(Arrays.asList(settings));
    if (all.stream().noneMatch(setting -> setting.startsWith("output.dir="))) {
      all.add("output.dir=" + folder.resolve("mistake/out"));
    }
    String sentence = run(command, all.toArray(String[]::new)).sentence();
    assertThat(listing()).as("nothing is left behind").isEqualTo(before);
    return sentence;
  }

  private List<String> listing() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(file -> folder.relativize(file).toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  /** A text file of lines; compressed where its name ends with {@code .gz}. */
  Path file(String name, List<String> lines) {
    Path file = folder.resolve(name);
    byte[] text =
        (lines.isEmpty() ? "" : String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      Files.createDirectories(file.getParent());
      try (OutputStream raw = Files.newOutputStream(file);
          OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(raw) : raw) {
        out.write(text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  /** The lines of {@link #row}, after the header {@code a,b,c,y,z,kind}. */
  static List<String> lines(int rows) {
    List<String> lines = new ArrayList<>(List.of("a,b,c,y,z,kind"));
    IntStream.range(0, rows).forEach(i -> lines.add(row(i)));
    return lines;
  }

  /** Inputs a, b, c; targets y and z; kind is left or right. */
  static String row(int i) {
    double a = Math.sin(i * 0.7);
    double b = Math.cos(i * 1.3) * 3;
    double c = (i * 37 % 11) - 5;
    double y = a * b + 0.1 * c;
    double z = b - a * c;
    String kind = y > 0 ? "right" : "left";
    return String.format(Locale.ROOT, "%.6f,%.6f,%.1f,%.6f,%.6f,%s", a, b, c, y, z, kind);
  }

  /** The settings for those lines, to predict y from a, b and c. */
  static String[] toPredictY(Path file, String... more) {
    return with(
        more, "data.path=" + file, "data.label=y", "data.inputs=a,b,c", "data.task=regression");
  }

  static String[] with(String[] more, String... settings) {
    return Stream.concat(Arrays.stream(settings), Arrays.stream(more)).toArray(String[]::new);
  }

  Dataset<Row> parquet(Path file) {
    return LocalSpark.session().read().parquet(file.toString());
  }

  static JsonNode json(Path file) {
    try {
      return new ObjectMapper().readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] modelBytes(Path output) {
    return bytes(output.resolve("model/model.bin"));
  }
}
