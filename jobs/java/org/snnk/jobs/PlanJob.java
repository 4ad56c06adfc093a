package org.snnk.jobs;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.snnk.jobs.bench.Loops;
import org.snnk.linalg.BandForm;
import org.snnk.linalg.Blas;
import org.snnk.random.CounterRandom;
import org.snnk.solve.Solver;
import org.snnk.spark.data.Roles;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.spark.train.IterativeTraining;
import org.snnk.spark.train.TaskMemory;
import org.snnk.spark.train.TrainingPlan;
import org.snnk.statistics.Precision;

/** Tells what `train` would hold, move and take, without training. */
final class PlanJob implements Job {
  private static final int PROBE_ROWS = 1024;
  private static final int PROBE_COLUMNS = 1024;
  private static final int PROBE_SIZE = 512;
  static final double PROBE_SECONDS = 0.25;
  static final double GIGA = 1e9;
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
    if (NetworkSettings.chosen(context)) {
      new NetworkPlanning(context).tell();
      return;
    }
    DataSettings data = new DataSettings(context);
    ClosedFormTraining.Options options = TrainJob.options(context, data.earlier());
    DataSettings.Size size = data.trainingSize();
    JavaSparkContext spark = context.javaSpark();
    TrainingPlan.Site site;
    try (Phase phase = context.progress().phase("probe")) {
      site = probe(spark, options.precision());
    }
    TrainingPlan plan = plan(options, size, site);
    tellRows(context.out(), data, size, plan);
    line(
        context.out(),
        "map",
        options
            .specification()
            .map(known -> known.featurizer().map().describe())
            .orElse(options.family().describe()));
    String why =
        options.solving().solver() == Solver.AUTO
            ? ", by auto: up to " + Solver.MOST_DIRECT_FEATURES + " features are solved directly"
            : ", as train.solver says";
    if (options.solver() == Solver.CG) {
      tellIterative(context, plan, why);
    } else {
      tellDirect(context.out(), plan, why);
    }
  }

  /** The comparison of length scales; null where there is none. */
  static TrainingPlan.Selection selection(ClosedFormTraining.Options options, long rows) {
    return options.lengthScale().isPresent() || options.specification().isPresent()
        ? null
        : new TrainingPlan.Selection(
            Math.min(rows, options.selectionRows()),
            options.lengthScaleGrid().size(),
            Math.min(options.features(), ClosedFormTraining.SELECTION_FEATURES));
  }

  private static TrainingPlan plan(
      ClosedFormTraining.Options options, DataSettings.Size size, TrainingPlan.Site site) {
    Roles roles = size.roles();
    int columns = roles.classification() ? roles.classes().size() : 2 * roles.targets().size();
    int m =
        options
            .specification()
            .map(known -> known.featurizer().map().features())
            .orElse(options.family().features(roles.inputs().size()));
    return new TrainingPlan(
        size.rows(),
        roles.inputs().size(),
        m,
        m + 1 + columns,
        options.parts().count(),
        size.partitions(),
        selection(options, size.rows()),
        options.folds(),
        options.penalties().size(),
        site);
  }

  static TrainingPlan.Site probe(JavaSparkContext spark, Precision precision) {
    int cores = spark.defaultParallelism();
    double products =
        Loops.rates(
                spark,
                cores,
                PROBE_SECONDS,
                1,
                List.of(precision.isExact() ? PlanJob::products : PlanJob::singleProducts))
            .get(0)
            .get(0);
    return new TrainingPlan.Site(
        cores,
        TaskMemory.of(spark.sc()),
        Runtime.getRuntime().maxMemory(),
        products,
        reductionRate());
  }

  /** Repeats the products of a Gram matrix; counts flops. Runs on executors. */
  private static Loops.Step products() {
    double[] rows = new double[(PROBE_ROWS + 1) * PROBE_COLUMNS];
    Arrays.fill(rows, 1);
    double[] gram = new double[(PROBE_COLUMNS + 1) * PROBE_COLUMNS];
    double flops = (double) PROBE_ROWS * PROBE_COLUMNS * PROBE_COLUMNS;
    return () -> {
      Blas.backend()
          .gramPanel(PROBE_ROWS, PROBE_COLUMNS, 0, PROBE_COLUMNS, rows, PROBE_COLUMNS, gram, false);
      return flops;
    };
  }

  /** The same in floats. */
  private static Loops.Step singleProducts() {
    float[] rows = new float[(PROBE_ROWS + 1) * PROBE_COLUMNS];
    Arrays.fill(rows, 1);
    float[] gram = new float[(PROBE_COLUMNS + 1) * PROBE_COLUMNS];
    double flops = (double) PROBE_ROWS * PROBE_COLUMNS * PROBE_COLUMNS;
    return () -> {
      Blas.backend()
          .gramPanel(PROBE_ROWS, PROBE_COLUMNS, 0, PROBE_COLUMNS, rows, PROBE_COLUMNS, gram);
      return flops;
    };
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
    double flops = TrainingPlan.REDUCTION * Math.pow(PROBE_SIZE, 3);
    Loops.Step step =
        () -> {
          BandForm form = BandForm.of(PROBE_SIZE, gram.clone());
          return form == null ? 0 : flops;
        };
    double unused = step.run();
    return Loops.rate(PROBE_SECONDS, step);
  }

  static void tellRows(PrintStream out, DataSettings data, DataSettings.Size size) {
    line(out, "data", data.title());
    line(out, "training rows", String.format(Locale.ROOT, "%,d", size.rows()));
    line(out, "counted from", size.source());
    line(out, "inputs d", size.roles().inputs().size() + "");
  }

  private static void tellRows(
      PrintStream out, DataSettings data, DataSettings.Size size, TrainingPlan plan) {
    tellRows(out, data, size);
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
    line(
        out,
        "task",
        "at most "
            + megabytes(IterativeTraining.TASK_BYTES)
            + " of "
            + megabytes(plan.site().taskBytes())
            + " each may hold");
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
    tellWarnings(out, plan.warnings());
  }

  static void tellWarnings(PrintStream out, List<String> warnings) {
    warnings.forEach(warning -> line(out, "warning", warning));
    if (warnings.isEmpty()) {
      line(out, "memory", "should do");
    }
  }

  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,.0f MB", bytes / MEGABYTE);
  }

  static void line(PrintStream out, String name, String value) {
    out.printf(Locale.ROOT, "%-14s %s%n", name, value);
  }
}
