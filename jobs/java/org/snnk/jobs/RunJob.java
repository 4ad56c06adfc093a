package org.snnk.jobs;

import java.util.Optional;
import org.snnk.model.ModelStatistics;
import org.snnk.spark.train.ClosedFormTraining;

/** Trains, evaluates on the test rows, and reports. */
final class RunJob implements Job {
  @Override
  public String name() {
    return "run";
  }

  @Override
  public String description() {
    return "Train, evaluate on the test rows, and report: all of train's files and metrics.json";
  }

  @Override
  public void run(JobContext context) {
    DataSettings data = new DataSettings(context);
    JobRecord record = new JobRecord(context);
    Optional<ModelStatistics> earlier = data.earlier();
    ClosedFormTraining.Options options = TrainJob.options(context, earlier);
    DataSettings.Rows rows = data.trainingAndTest(earlier);
    if (rows.test() == null) {
      throw data.noTestRows();
    }
    ClosedFormTraining.Result result = TrainJob.train(context, data, rows, options, record);
    EvaluateJob.evaluate(context, data, rows.test(), result.model(), record);
    record.write();
  }
}
