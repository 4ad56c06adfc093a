package org.snnk.jobs;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.Projection;
import org.snnk.linalg.Blas;

/**
 * Tells the versions and the BLAS that a run would use, and with {@code info.tasks} which executors
 * do the work.
 */
final class InfoJob implements Job {
  @Override
  public String name() {
    return "info";
  }

  @Override
  public String description() {
    return "Tell versions and BLAS; with info.tasks=N also which executors run tasks";
  }

  @Override
  public void run(JobContext context) {
    PrintStream out = context.out();
    line(out, "snnk-spark", Main.version());
    line(out, "spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    line(out, "scala", scala.util.Properties$.MODULE$.versionNumberString());
    line(out, "java", System.getProperty("java.runtime.version"));
    line(out, "os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    line(out, "cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    line(out, "blas", Blas.backend().description());
    line(out, "feature maps", String.join(", ", FeatureFamily.kinds()));
    line(out, "projections", String.join(", ", Projection.keys()));
    int tasks = context.get(Options.INFO_TASKS);
    if (tasks > 0) {
      executors(context, tasks);
    }
  }

  private static void executors(JobContext context, int tasks) {
    JavaSparkContext spark = context.javaSpark();
    line(out(context), "master", spark.master());
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      numbers.add(i);
    }
    TreeMap<String, Integer> tasksByExecutor = new TreeMap<>();
    try (Phase phase = context.progress().phase("Asking executors")) {
      for (String executor :
          spark.parallelize(numbers, tasks).map(number -> describeExecutor()).collect()) {
        tasksByExecutor.merge(executor, 1, Integer::sum);
      }
    }
    tasksByExecutor.forEach(
        (executor, count) -> line(out(context), "executor", executor + ", " + count + " tasks"));
  }

  // Runs on an executor.
  private static String describeExecutor() {
    return SparkEnv.get().executorId()
        + " pid "
        + ProcessHandle.current().pid()
        + ", java "
        + Runtime.version().feature()
        + ", OPENBLAS_NUM_THREADS "
        + System.getenv().getOrDefault("OPENBLAS_NUM_THREADS", "unset");
  }

  private static PrintStream out(JobContext context) {
    return context.out();
  }

  private static void line(PrintStream out, String name, String value) {
    out.printf("%-20s %s%n", name, value);
  }
}
