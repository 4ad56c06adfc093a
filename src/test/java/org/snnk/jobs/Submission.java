package org.snnk.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run of {@code jobs/snnk} as a process of its own, against the packaged job jar.
 *
 * <p>The environment is this one's without SPARK_HOME; {@link #environment} adds to it.
 */
final class Submission {
  private static final long TIMEOUT_SECONDS = 240;

  private final List<String> arguments;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private Path root = projectRoot();
  private Path folder = projectRoot();

  private Submission(List<String> arguments) {
    this.arguments = arguments;
  }

  /**
   * What came of it.
   *
   * @param exitCode of the process
   * @param out standard output
   * @param err standard error without the JVM's own warnings
   */
  record Result(int exitCode, String out, String err) {}

  static Submission of(String... arguments) {
    return new Submission(List.of(arguments));
  }

  static Path projectRoot() {
    return Path.of(System.getProperty("snnk.test.root", "")).toAbsolutePath();
  }

  /** Another copy of the project than this one. */
  Submission from(Path otherRoot) {
    root = otherRoot;
    return this;
  }

  /** The current folder of the process. */
  Submission in(Path currentFolder) {
    folder = currentFolder;
    return this;
  }

  Submission environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Starts it; for a test that interrupts. */
  Process start(Path out, Path err) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(root.resolve("jobs/snnk").toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder.toFile());
    builder.redirectOutput(out.toFile());
    builder.redirectError(err.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().remove("SPARK_HOME");
    // The jar is fresh: Maven has just packaged it. And no Maven inside of Maven.
    builder.environment().put("SNNK_BUILD", "never");
    builder.environment().putAll(environment);
    return builder.start();
  }

  Result run() {
    try {
      Path out = Files.createTempFile("snnk-out", ".txt");
      Path err = Files.createTempFile("snnk-err", ".txt");
      try {
        Process process = start(out, err);
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
          throw new IllegalStateException(
              "jobs/snnk " + arguments + " did not end:\n" + Files.readString(err));
        }
        return new Result(process.exitValue(), Files.readString(out), withoutJvm(err));
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupt);
    }
  }

  /** Standard error without "WARNING: Using incubator modules", which Spark's JVM options cause. */
  static String withoutJvm(Path err) throws IOException {
    return Files.readString(err).replaceAll("WARNING: Using incubator modules.*\\R", "");
  }
}
