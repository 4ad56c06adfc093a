package org.snnk.jobs;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.snnk.linalg.BandForm;
import org.snnk.linalg.Blas;
import org.snnk.random.CounterRandom;
import org.snnk.solve.Solver;
import org.snnk.spark.data.Roles;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.spark.train.TaskMemory;
import org.snnk.spark.train.TrainingPlan;

/** Tells what `train` would hold, move and take, without training. */
final class PlanJob implements Job {
  private static final int PROBE_ROWS = 1024;
  private static final int PROBE_COLUMNS = 1024;
  private static final int PROBE_SIZE = 512;
  private static final double PROBE_SECONDS = 0.25;
  private static final double GIGA = 1e9;
  private static final double MEGABYTE = 1 << 20;

  @Override
  public String name() {
    return "plan";
  }

  @Override
  public String description() {
    return "Tell what training would hold, move and take; warn where memory is too small";
  }

  @Override
  public void run(JobContext context) {
    DataSettings data = new DataSettings(context);
    DataSettings.Size size = data.trainingSize();
    Roles roles = size.roles();
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    TrainingPlan.Site site;
    try (Phase phase = context.progress().phase("probe")) {
      site = probe(spark);
    }
    int m = context.get(Options.NUM_RANDOM_FEATURES);
    Solver chosen = Solver.of(context.get(Options.SOLVER));
    TrainingPlan plan = plan(context, size, roles, site);
    tellRows(context.out(), data, size, plan);
    String why =
        chosen == Solver.AUTO
            ? ", by auto: up to " + Solver.MOST_DIRECT_FEATURES + " features are solved directly"
            : ", as train.solver says";
    if (chosen.forFeatures(m) == Solver.CG) {
      tellIterative(context, plan, why);
    } else {
      tellDirect(context.out(), plan, why);
    }
  }

  private static TrainingPlan plan(
      JobContext context, DataSettings.Size size, Roles roles, TrainingPlan.Site site) {
    int m = context.get(Options.NUM_RANDOM_FEATURES);
    int folds = context.get(Options.FOLDS);
    int columns = roles.classification() ? roles.classes().size() : 2 * roles.targets().size();
    int parts = folds > 0 ? folds : context.get(Options.VALIDATION_FRACTION) > 0 ? 2 : 1;
    TrainingPlan.Selection selection =
        context.get(Options.LENGTH_SCALE).isPresent()
            ? null
            : new TrainingPlan.Selection(
                Math.min(size.rows(), TrainJob.SELECTION_ROWS),
                context.get(Options.LENGTH_SCALE_GRID).size(),
                Math.min(m, ClosedFormTraining.SELECTION_FEATURES));
    return new TrainingPlan(
        size.rows(),
        roles.inputs().size(),
        m,
        m + 1 + columns,
        parts,
        size.partitions(),
        selection,
        folds,
        site);
  }

  private static TrainingPlan.Site probe(JavaSparkContext spark) {
    int cores = spark.defaultParallelism();
    double products =
        spark
            .parallelize(Collections.nCopies(cores, 0), cores)
            .map(core -> productRate())
            .reduce(Double::sum);
    return new TrainingPlan.Site(
        cores,
        TaskMemory.of(spark.sc()),
        Runtime.getRuntime().maxMemory(),
        products,
        reductionRate());
  }

  /** Flops per second of one core in the products of a Gram matrix. Runs on executors. */
  private static double productRate() {
    double[] rows = new double[(PROBE_ROWS + 1) * PROBE_COLUMNS];
    Arrays.fill(rows, 1);
    double[] gram = new double[(PROBE_COLUMNS + 1) * PROBE_COLUMNS];
    double flops = (double) PROBE_ROWS * PROBE_COLUMNS * PROBE_COLUMNS;
    return rate(
        flops,
        () ->
            Blas.backend()
                .gramPanel(
                    PROBE_ROWS, PROBE_COLUMNS, 0, PROBE_COLUMNS, rows, PROBE_COLUMNS, gram, false));
  }

  /** Flops per second of the driver in the reduction of a matrix. */
  private static double reductionRate() {
    CounterRandom random = new CounterRandom(1, 0);
    double[] gram = new double[PROBE_SIZE * PROBE_SIZE];
    for (int i = 0; i < PROBE_SIZE; i++) {
      for (int j = 0; j <= i; j++) {
        double v = i == j ? PROBE_SIZE : random.uniform((long) i * PROBE_SIZE + j);
        gram[i * PROBE_SIZE + j] = v;
        gram[j * PROBE_SIZE + i] = v;
      }
    }
    double flops = 4.0 / 3 * PROBE_SIZE * PROBE_SIZE * PROBE_SIZE;
    return rate(flops, () -> BandForm.of(PROBE_SIZE, gram.clone()));
  }

  private static double rate(double flops, Runnable work) {
    work.run();
    long start = System.nanoTime();
    int times = 0;
    double seconds;
    do {
      work.run();
      times++;
      seconds = (System.nanoTime() - start) / GIGA;
    } while (seconds < PROBE_SECONDS);
    return times * flops / seconds;
  }

  private static void tellRows(
      PrintStream out, DataSettings data, DataSettings.Size size, TrainingPlan plan) {
    line(out, "data", data.title());
    line(out, "training rows", String.format(Locale.ROOT, "%,d", plan.rows()));
    line(out, "counted from", size.source());
    line(out, "inputs d", plan.inputs() + "");
    line(out, "features m", plan.features() + "");
    line(
        out,
        "probe",
        String.format(
            Locale.ROOT,
            "%.3g GFLOP/s in products on %d cores, %.3g in solving; %s",
            plan.site().productFlops() / GIGA,
            plan.site().cores(),
            plan.site().solveFlops() / GIGA,
            Blas.backend().description()));
  }

  /** Of conjugate gradients only bounds are known beforehand. */
  private static void tellIterative(JobContext context, TrainingPlan plan, String why) {
    PrintStream out = context.out();
    line(out, "solver", "cg" + why);
    line(
        out,
        "passes",
        "up to "
            + context.get(Options.MAX_ITERATIONS)
            + " on each part and on all rows, and a few");
    line(out, "task", "at most 162 MB of " + megabytes(plan.site().taskBytes()) + " each may hold");
    line(
        out,
        "driver",
        megabytes(16L * plan.features() * context.get(Options.PRECONDITIONER_RANK))
            + " of preconditioner, and ten vectors of m for each penalty and target");
    line(
        out,
        "time",
        String.format(
            Locale.ROOT,
            "at least %.3g s a pass for the features, and the reading of the rows",
            plan.featureFlops() / plan.site().productFlops()));
  }

  private static void tellDirect(PrintStream out, TrainingPlan plan, String why) {
    TrainingPlan.Site site = plan.site();
    line(out, "solver", "direct" + why);
    line(
        out,
        "statistics",
        plan.parts() + ", one for each part of the rows, " + plan.width() + "x" + plan.width());
    line(
        out,
        "passes",
        plan.passes()
            + " for the Gram matrix"
            + (plan.selection() == null ? "" : ", 1 for length scales")
            + ", 1 for moments");
    line(out, "flops", String.format(Locale.ROOT, "%.3g", plan.productFlops() + plan.solveFlops()));
    line(
        out,
        "task",
        megabytes(plan.taskBytes()) + " of " + megabytes(site.taskBytes()) + " each may hold");
    line(
        out,
        "driver",
        megabytes(plan.driverBytes()) + " of a heap of " + megabytes(site.driverBytes()));
    line(out, "network", megabytes(plan.networkBytes()));
    line(
        out,
        "time",
        String.format(Locale.ROOT, "%.3g s, and the reading of the rows", plan.seconds()));
    List<String> warnings = plan.warnings();
    warnings.forEach(warning -> line(out, "warning", warning));
    if (warnings.isEmpty()) {
      line(out, "memory", "should do");
    }
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,.0f MB", bytes / MEGABYTE);
  }

  private static void line(PrintStream out, String name, String value) {
    out.printf(Locale.ROOT, "%-14s %s%n", name, value);
  }
}
