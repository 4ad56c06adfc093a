package org.snnk.jobs;

import java.util.Comparator;
import java.util.List;
import org.snnk.model.FullyBundledModel;
import org.snnk.model.ModelStatistics;
import org.snnk.solve.PlattScaling;
import org.snnk.solve.Readout;
import org.snnk.solve.RidgePath;
import org.snnk.solve.RidgePoint;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.NormalEquations;
import org.snnk.statistics.Precision;

/** Work on statistics that needs no rows: unite, forget, solve again. */
final class StatisticsJobs {
  private StatisticsJobs() {}

  /** The three of them. */
  static List<Job> all() {
    return List.of(new Merge(), new Subtract(), new Solve());
  }

  private static ModelStatistics read(Option<List<String>> option, String path) {
    return StatisticsFolder.read(option.key(), path, JobContext.hadoopConfiguration());
  }

  /** The sum of several files. */
  private static ModelStatistics sum(JobContext context, Option<List<String>> option) {
    List<String> paths = context.get(option);
    paths.forEach(path -> context.output().refuseToReplace(option.key(), path));
    ModelStatistics sum = read(option, paths.get(0));
    for (String path : paths.subList(1, paths.size())) {
      sum.merge(read(option, path));
    }
    return sum;
  }

  private static void record(JobRecord record, ModelStatistics statistics) {
    GramStatistics gram = statistics.gram();
    record.record().put("statistics", "rows", gram.rows());
    record.record().put("statistics", "clippedInputs", gram.clippedInputs());
    record.record().put("statistics", "clippedTargets", gram.clippedTargets());
    record.precision("statistics", gram.precision());
    record.record().put("statistics", "map", gram.featurizer().map().describe());
    record.record().put("statistics", "sha256", gram.fingerprint());
  }

  private static void finish(JobContext context, JobRecord record, ModelStatistics statistics) {
    StatisticsFolder.write(context.output(), statistics);
    record(record, statistics);
    record.write();
    context
        .progress()
        .message(
            "snnk "
                + context.settings().command()
                + ": "
                + statistics.gram().rows()
                + " rows, statistic "
                + statistics.gram().fingerprint()
                + (statistics.gram().precision().isExact()
                    ? ""
                    : ", in single precision: not exact"));
  }

  /** Unites the rows of several statistics. */
  private static final class Merge implements Job {
    @Override
    public String name() {
      return "statistics merge";
    }

    @Override
    public String description() {
      return "Unite the rows of several statistics, without the rows";
    }

    @Override
    public void run(JobContext context) {
      JobRecord record = new JobRecord(context);
      record.title("Merged statistics");
      finish(context, record, sum(context, Options.STATISTICS_PATH));
    }
  }

  /** Forgets rows. */
  private static final class Subtract implements Job {
    @Override
    public String name() {
      return "statistics subtract";
    }

    @Override
    public String description() {
      return "Forget rows exactly: take statistics.forget from statistics.path";
    }

    @Override
    public void run(JobContext context) {
      JobRecord record = new JobRecord(context);
      record.title("Statistics after forgetting");
      ModelStatistics rest = sum(context, Options.STATISTICS_PATH);
      rest.subtract(sum(context, Options.STATISTICS_FORGET));
      if (!rest.gram().precision().isExact()) {
        record.warn(
            "the rounding errors of the forgotten rows' sums stay: where most rows are forgotten,"
                + " train on the others anew.");
      }
      finish(context, record, rest);
    }
  }

  /** Solves for a model. */
  private static final class Solve implements Job {
    @Override
    public String name() {
      return "statistics solve";
    }

    @Override
    public String description() {
      return "A model from statistics alone: another penalty, or other rows than were trained on";
    }

    @Override
    public void run(JobContext context) {
      JobRecord record = new JobRecord(context);
      ModelStatistics statistics = sum(context, Options.STATISTICS_PATH);
      Precision precision = statistics.gram().precision();
      List<String> targets = context.get(Options.STATISTICS_TARGETS);
      int[] selected = targets.isEmpty() ? null : statistics.positions(targets);
      NormalEquations equations = statistics.gram().normalEquations();
      if (selected != null) {
        equations = equations.select(selected);
      }
      List<Double> lambdas =
          precision.penalties(
              context.get(Options.REG_PARAM),
              context.get(Options.REG_PARAM_GRID),
              statistics.gram().featurizer().map().features());
      RidgePath path;
      List<RidgePoint> points;
      try (Phase phase = context.progress().phase("regularisation path")) {
        path = RidgePath.of(equations);
        points = path.points(lambdas);
      }
      RidgePoint best =
          points.stream().min(Comparator.comparingDouble(RidgePoint::totalGcv)).orElseThrow();
      Readout readout = path.readout(best.lambda());
      FullyBundledModel model =
          selected == null
              ? statistics.model(readout.weights(), readout.intercept())
              : statistics.model(selected, readout.weights(), readout.intercept());
      if (model.isClassifier()) {
        PlattScaling scaling = PlattScaling.gaussian(equations, readout);
        model = model.calibrated(scaling.slope(), scaling.offset());
      }
      record.title("Model from statistics: m = " + equations.features());
      record.path(points);
      if (context.get(Options.REG_PARAM).isEmpty()) {
        record.leftOut(precision, context.get(Options.REG_PARAM_GRID), equations.features());
      }
      record.record().put("training", "lambda", best.lambda());
      record.record().put("training", "chosenBy", "generalised cross-validation");
      record.model(model);
      ModelFolder.write(context.output(), model, precision);
      finish(context, record, statistics);
    }
  }
}
