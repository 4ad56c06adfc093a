package org.snnk.jobs;

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
    TrainJob.Trained trained = training.train(rows, TrainJob.phases(context));
    trained.write(record);
    EvaluateJob.evaluate(context, data, rows, trained.model(), record);
    record.write();
  }
}
