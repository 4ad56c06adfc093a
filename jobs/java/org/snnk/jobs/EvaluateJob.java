package org.snnk.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.snnk.linalg.RejectedRows;
import org.snnk.linalg.RowBlock;
import org.snnk.metric.ClassificationSummary;
import org.snnk.metric.RegressionSummary;
import org.snnk.model.Model;
import org.snnk.report.MetricsDocument;
import org.snnk.spark.data.Roles;
import org.snnk.spark.train.Scoring;
import org.snnk.statistics.Targets;

/** Evaluates a saved model on labelled rows. */
final class EvaluateJob implements Job {
  /** The plots of a regression reach this many deviations to both sides of the training mean. */
  private static final double PLOTTED_DEVIATIONS = 4;

  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String description() {
    return "Evaluate a saved model on labelled rows: metrics.json, run.json, report.html";
  }

  @Override
  public void run(JobContext context) {
    context.output().refuseToReplace(Options.MODEL_PATH.key(), context.get(Options.MODEL_PATH));
    Model model =
        ModelFolder.read(context.get(Options.MODEL_PATH), JobContext.hadoopConfiguration());
    DataSettings data = new DataSettings(context);
    Roles roles =
        new Roles(model.inputNames(), model.targetNames(), model.classLabels(), data.weight());
    DataSettings.Rows rows = data.evaluation(roles);
    JobRecord record = new JobRecord(context);
    record.title(data.title() + ": evaluation of a saved model");
    record.data(data, rows.files());
    record.model(model);
    evaluate(context, data, rows.test(), model, record);
    record.write();
  }

  /** Evaluates on the executors and tells the record. */
  static void evaluate(
      JobContext context,
      DataSettings data,
      JavaRDD<RowBlock> rows,
      Model model,
      JobRecord record) {
    ObjectNode metrics;
    RejectedRows rejected;
    long used;
    if (model.isClassifier()) {
      Scoring.Evaluated<ClassificationSummary> evaluated;
      try (Phase phase = context.progress().phase("evaluate")) {
        evaluated = Scoring.classification(rows, model);
      }
      List<String> names =
          model.classLabels().stream().map(label -> JobRecord.className(data, label)).toList();
      rejected = evaluated.rejected();
      used = evaluated.summary().rows();
      metrics = used == 0 ? null : MetricsDocument.of(evaluated.summary().metrics(), names);
    } else {
      Targets targets = model.targets();
      double[] low = new double[targets.count()];
      double[] high = new double[targets.count()];
      for (int t = 0; t < low.length; t++) {
        low[t] = targets.mean(t) - PLOTTED_DEVIATIONS * targets.scale(t);
        high[t] = targets.mean(t) + PLOTTED_DEVIATIONS * targets.scale(t);
      }
      Scoring.Evaluated<RegressionSummary> evaluated;
      try (Phase phase = context.progress().phase("evaluate")) {
        evaluated = Scoring.regression(rows, model, low, high);
      }
      rejected = evaluated.rejected();
      used = evaluated.summary().rows();
      metrics =
          used == 0 ? null : MetricsDocument.of(evaluated.summary().metrics(), model.targetNames());
    }
    if (!data.dropInvalid()) {
      rejected.requireNone("test table");
    }
    if (metrics == null) {
      throw data.noTestRows();
    }
    record.record().put("data.rows", "test", used);
    record.record().put("data.rows", "droppedFromTest", rejected.count());
    record.metrics(metrics);
    context.progress().message("snnk " + context.settings().command() + ": " + headline(metrics));
  }

  /** The figures that a user looks for first. */
  private static String headline(ObjectNode metrics) {
    StringBuilder line = new StringBuilder("test rows " + metrics.path("rows").asLong());
    for (String name : List.of("auc", "accuracy", "logLoss", "rmse", "mae", "r2")) {
      if (metrics.path(name).isNumber()) {
        line.append(
            String.format(java.util.Locale.ROOT, ", %s %.5g", name, metrics.path(name).asDouble()));
      }
    }
    return line.toString();
  }
}
