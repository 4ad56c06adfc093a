package org.snnk.jobs;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Projection;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.spark.train.Phases;
import org.snnk.statistics.GramStatistics;

/** Trains a model and writes it with its statistics. */
final class TrainJob implements Job {
  private static final long SELECTION_ROWS = 50_000;

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String description() {
    return "Train a model: model/, statistics/, run.json, report.html";
  }

  @Override
  public void run(JobContext context) {
    DataSettings data = new DataSettings(context);
    JobRecord record = new JobRecord(context);
    train(context, data, data.trainingAndTest(), record);
    record.write();
  }

  /** Trains on the training rows, writes model and statistics, and tells the record. */
  static ClosedFormTraining.Result train(
      JobContext context, DataSettings data, DataSettings.Rows rows, JobRecord record) {
    ClosedFormTraining.Options options = options(context);
    record.data(data, rows.files());
    ClosedFormTraining.Result result =
        ClosedFormTraining.train(rows.training(), rows.roles(), options, phases(context));
    CosineFeatures map = (CosineFeatures) result.model().featurizer().map();
    record.title(data.title() + ": fully-bundled SNNK, m = " + map.features());
    record.training(data, result, options.seed());
    ModelFolder.write(context.output(), result.model());
    writeStatistics(context.output(), result.statistics());
    return result;
  }

  private static ClosedFormTraining.Options options(JobContext context) {
    int m = context.get(Options.NUM_RANDOM_FEATURES);
    if (m % 2 != 0) {
      throw context
          .settings()
          .error(
              Options.NUM_RANDOM_FEATURES,
              "an even number",
              m + "",
              "A cosine and a sine belong to each frequency.");
    }
    if (context.get(Options.FOLDS) == 1) {
      throw context
          .settings()
          .error(
              Options.FOLDS, "0, or 2 and more", "1", "With one fold nothing is left to train on.");
    }
    List<Double> lengthScales = context.get(Options.LENGTH_SCALE_GRID);
    return new ClosedFormTraining.Options(
        m,
        Projection.of(context.get(Options.PROJECTION)),
        context.get(Options.LENGTH_SCALE),
        lengthScales,
        context.get(Options.REG_PARAM),
        context.get(Options.REG_PARAM_GRID),
        context.get(Options.VALIDATION_FRACTION),
        context.get(Options.FOLDS),
        SELECTION_ROWS,
        context.get(Options.INVALID).equals("drop"),
        context.get(Options.SEED));
  }

  /** The phases of a distributed loop, shown as those of the job. */
  static Phases phases(JobContext context) {
    return new Phases() {
      @Override
      public <T> T run(String name, long rows, Supplier<T> work) {
        try (Phase phase = context.progress().phase(name, rows)) {
          return work.get();
        }
      }
    };
  }

  private static void writeStatistics(OutputFolder output, GramStatistics statistics) {
    try (OutputStream stream = output.create("statistics/gram.bin");
        DataOutputStream out = new DataOutputStream(stream)) {
      statistics.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
