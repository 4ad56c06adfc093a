package org.snnk.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A real Spark cluster of a master and two worker processes on this machine, each worker with one
 * core and 1 GB, on free ports of 127.0.0.1.
 *
 * <p>It runs from the jars of a Spark home: {@code target/spark-home}, or a distribution. Logs go
 * into a folder below {@code target}. {@link #close} ends all processes, executors too.
 */
final class StandaloneCluster implements AutoCloseable {
  static final int WORKERS = 2;

  private static final long START_SECONDS = 120;
  private static final Pattern MASTER_URL =
      Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final String REGISTERED = "Successfully registered with master";

  private final Path sparkHome;
  private final Path logs;
  private final List<Process> processes = new ArrayList<>();
  private final Thread hook = new Thread(this::kill, "standalone-cluster-end");
  private final String url;

  private StandaloneCluster(Path sparkHome, Path logs) throws IOException {
    this.sparkHome = sparkHome;
    this.logs = logs;
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      Process master = launch("master", "org.apache.spark.deploy.master.Master");
      Matcher started = await(master, "master", MASTER_URL);
      url = started.group(1);
      List<Process> workers = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        workers.add(
            launch(
                "worker-" + i,
                "org.apache.spark.deploy.worker.Worker",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--work-dir",
                logs.resolve("worker-" + i).toString(),
                url));
      }
      for (int i = 0; i < WORKERS; i++) {
        await(workers.get(i), "worker-" + i, Pattern.compile(REGISTERED));
      }
    } catch (IOException | RuntimeException failure) {
      close();
      throw failure;
    }
  }

  /** A cluster from the Spark that Maven assembled. */
  static StandaloneCluster fromMavensSpark() throws IOException {
    return from(Path.of(System.getProperty("snnk.test.sparkHome", "target/spark-home")));
  }

  /** A cluster from any Spark with a {@code jars} folder. */
  static StandaloneCluster from(Path sparkHome) throws IOException {
    Path target = Submission.projectRoot().resolve("target/clusters");
    Files.createDirectories(target);
    return new StandaloneCluster(
        sparkHome.toAbsolutePath(), Files.createTempDirectory(target, "cluster-"));
  }

  /** The address for {@code --master}. */
  String url() {
    return url;
  }

  /** Where the processes log; an executor's output is below {@code worker-N/app-.../}. */
  Path logs() {
    return logs;
  }

  /** How many workers had an executor that finished tasks of the application submitted last. */
  int workersOfTheLastApplication() throws IOException {
    int count = 0;
    for (int i = 0; i < WORKERS; i++) {
      try (Stream<Path> files = Files.walk(logs.resolve("worker-" + i))) {
        String last =
            files
                .filter(file -> file.endsWith("stderr"))
                .max(Comparator.comparing(file -> file.getParent().getParent().getFileName()))
                .map(StandaloneCluster::text)
                .orElse("");
        count += last.contains("Finished task") ? 1 : 0;
      }
    }
    return count;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The processes of the workers; killing one is a lost machine. */
  List<Process> workers() {
    return List.copyOf(processes.subList(1, processes.size()));
  }

  /**
   * A submission to this cluster that waits for both executors.
   *
   * @param arguments of {@code jobs/snnk}, without --master
   */
  Submission submit(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--master",
            url,
            "--set",
            "spark.driver.memory=1g",
            "spark.executor.memory=512m",
            "spark.executor.cores=1",
            "spark.cores.max=" + WORKERS,
            "spark.scheduler.minRegisteredResourcesRatio=1.0",
            "spark.scheduler.maxRegisteredResourcesWaitingTime=60s"));
    return Submission.of(all.toArray(String[]::new)).environment("SPARK_LOCAL_IP", "127.0.0.1");
  }

  @Override
  public void close() {
    kill();
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  private void kill() {
    // Workers first: they end their executors when they are asked to.
    for (int i = processes.size() - 1; i >= 0; i--) {
      Process process = processes.get(i);
      List<ProcessHandle> children = process.descendants().toList();
      process.destroy();
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException interrupt) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
      children.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private Process launch(String name, String mainClass, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        Arrays.asList(JavaModuleOptions.defaultModuleOptions().strip().split("\\s+", -1)));
    command.add("-Dspark.master.rest.enabled=false"); // its port is a fixed one
    command.addAll(List.of("-Xmx512m", "-cp", sparkHome.resolve("jars") + "/*", mainClass));
    command.addAll(List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true);
    builder.redirectOutput(log(name).toFile());
    builder.environment().put("SPARK_HOME", sparkHome.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().remove("SPARK_CONF_DIR");
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private Path log(String name) {
    return logs.resolve(name + ".log");
  }

  private Matcher await(Process process, String name, Pattern words) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (System.nanoTime() < end && process.isAlive()) {
      Matcher matcher = words.matcher(Files.readString(log(name)));
      if (matcher.find()) {
        return matcher;
      }
      try {
        process.waitFor(100, TimeUnit.MILLISECONDS);
      } catch (InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(interrupt);
      }
    }
    throw new IllegalStateException(
        name + " did not start; its log:\n" + Files.readString(log(name)));
  }
}
