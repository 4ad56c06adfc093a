package org.snnk.jobs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.snnk.SnnkException;
import org.snnk.activation.Activation;
import org.snnk.feature.EstimatedUnit;
import org.snnk.feature.Factorization;
import org.snnk.feature.Projection;
import org.snnk.jobs.kernel.Experiment;
import org.snnk.jobs.kernel.KernelErrors;
import org.snnk.report.CurvePlot;

/** Measures how far random features are from the layers that they replace. */
final class KernelErrorJob implements Job {
  private static final int VERSION = 1;

  @Override
  public String name() {
    return "kernel-error";
  }

  @Override
  public String description() {
    return "Measure the error of random features of given layers: kernel-error.json and plots";
  }

  @Override
  public void run(JobContext context) {
    List<Experiment> experiments = experiments(context);
    KernelErrors.Setup setup = setup(context);
    JobRecord record = new JobRecord(context);
    record.record().put("format", "snnk-kernel-error").put("version", VERSION);
    JavaSparkContext spark = context.javaSpark();
    for (Experiment experiment : experiments) {
      List<Map<String, Object>> rows =
          TrainJob.phases(context)
              .run(experiment.key(), 0, () -> KernelErrors.run(spark, setup, experiment));
      record.record().put("results", experiment.key(), rows);
      context.out().println(experiment.key());
      TextTable.print(rows, context.out());
      plot(experiment, rows, context.output());
    }
    record.environment();
    context.output().write("kernel-error.json", record.record().text());
  }

  // ---- options ----

  private static List<Experiment> experiments(JobContext context) {
    return context
        .settings()
        .choices(Options.KERNEL_EXPERIMENTS, "experiments", Experiment.values())
        .stream()
        .distinct()
        .sorted()
        .toList();
  }

  private static KernelErrors.Setup setup(JobContext context) {
    checkActivations(context, Options.KERNEL_KERNELS);
    checkActivations(context, Options.KERNEL_ACTIVATIONS);
    for (String key : context.get(Options.KERNEL_PROJECTIONS)) {
      if (!Projection.of(key).isNormal()) {
        throw context
            .settings()
            .error(
                Options.KERNEL_PROJECTIONS,
                "projections of normal rows",
                "'" + key + "'",
                "Choose gaussian, orthogonal, hadamard or halton.");
      }
    }
    for (int m : context.get(Options.KERNEL_NUM_RANDOM_FEATURES)) {
      if (m % 2 != 0) {
        throw context
            .settings()
            .error(
                Options.KERNEL_NUM_RANDOM_FEATURES,
                "even numbers",
                m + "",
                "Each draw has two features.");
      }
    }
    return new KernelErrors.Setup(
        context.get(Options.KERNEL_KERNELS),
        context.get(Options.KERNEL_ACTIVATIONS),
        context.get(Options.KERNEL_FACTORIZATIONS).stream().map(Factorization::of).toList(),
        context.get(Options.KERNEL_PROJECTIONS).stream().map(Projection::of).toList(),
        context.get(Options.KERNEL_NUM_RANDOM_FEATURES).stream().distinct().sorted().toList(),
        context.get(Options.KERNEL_PROJECTION_INPUTS),
        context.get(Options.KERNEL_INPUTS),
        context.get(Options.KERNEL_NORMS),
        context.get(Options.KERNEL_BIAS),
        context.get(Options.KERNEL_BAND_LIMIT),
        context.get(Options.KERNEL_INSTANTIATIONS),
        context.get(Options.KERNEL_SEED));
  }

  /** Before Spark starts: each must be known and have a spectrum. */
  private static void checkActivations(JobContext context, Option<List<String>> option) {
    for (String name : context.get(option)) {
      if (EstimatedUnit.ARC_COSINES.contains(name)) {
        continue;
      }
      try {
        Activation.of(name).spectrum();
      } catch (SnnkException mistake) {
        throw context
            .settings()
            .error(
                option,
                "activations with a spectrum, or " + String.join(", ", EstimatedUnit.ARC_COSINES),
                "'" + name + "'",
                mistake.getMessage());
      }
    }
  }

  // ---- what is told ----

  private static void plot(
      Experiment experiment, List<Map<String, Object>> rows, OutputFolder output) {
    if (experiment == Experiment.VARIANCE) {
      return; // a table says more
    }
    Map<String, List<CurvePlot.Point>> curves = new LinkedHashMap<>();
    for (Map<String, Object> row : rows) {
      curves
          .computeIfAbsent((String) row.get("kernel"), name -> new ArrayList<>())
          .add(
              new CurvePlot.Point(
                  (int) row.get("m"),
                  (double) row.get("relativeError"),
                  (double) row.getOrDefault("standardDeviation", 0.0)));
    }
    List<CurvePlot.Curve> named = new ArrayList<>();
    curves.forEach((name, points) -> named.add(new CurvePlot.Curve(name, points)));
    output.write(
        experiment.key() + ".svg",
        CurvePlot.render(
            experiment == Experiment.LAYER ? "A layer replaced" : "Pointwise error of a unit",
            "random features m",
            "relative error",
            named));
  }
}
