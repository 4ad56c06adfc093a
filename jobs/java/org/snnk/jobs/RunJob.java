package org.snnk.jobs;

import org.snnk.model.Model;

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
    TrainJob.Training training = TrainJob.training(context, data);
    DataSettings.Rows rows = data.trainingAndTest(training.earlier());
    if (rows.test() == null) {
      throw data.noTestRows();
    }
    Model model = training.train(rows, record);
    EvaluateJob.evaluate(context, data, rows, model, record);
    record.write();
  }
}
