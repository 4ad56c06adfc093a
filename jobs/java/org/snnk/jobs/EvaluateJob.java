package org.snnk.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.snnk.SnnkException;
import org.snnk.metric.Bootstrap;
import org.snnk.metric.ClassificationSummary;
import org.snnk.metric.RegressionSummary;
import org.snnk.model.GivenScores;
import org.snnk.model.Model;
import org.snnk.report.MetricsDocument;
import org.snnk.spark.data.Roles;
import org.snnk.spark.train.Evaluation;
import org.snnk.spark.train.Scoring;
import org.snnk.statistics.SliceColumn;
import org.snnk.statistics.SquaredGradients;
import org.snnk.statistics.Targets;

/** Evaluates a saved model on labelled rows. */
final class EvaluateJob implements Job {
  /** The plots of a regression reach this many deviations to both sides of the training mean. */
  private static final double PLOTTED_DEVIATIONS = 4;

  /** Sampled for the importance of features: a share of one input is then known to some percent. */
  private static final int IMPORTANCE_ROWS = 1000;

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
    GivenScores given = context.get(Options.EVALUATE_SCORED) ? new GivenScores(model) : null;
    List<String> inputs = given == null ? model.inputNames() : given.inputNames();
    Roles roles = new Roles(inputs, model.targetNames(), model.classLabels(), data.weight());
    DataSettings.Rows rows = data.evaluation(roles, given);
    JobRecord record = new JobRecord(context);
    record.title(
        data.title()
            + (given == null ? ": evaluation of a saved model" : ": evaluation of scores"));
    record.data(data, rows.files());
    record.model(model);
    evaluate(context, data, rows, given == null ? model : given, record);
    record.write();
  }

  /** Evaluates on the executors and tells the record. */
  static void evaluate(
      JobContext context,
      DataSettings data,
      DataSettings.Rows rows,
      Model model,
      JobRecord record) {
    Bootstrap bootstrap =
        new Bootstrap(context.get(Options.EVALUATE_BOOTSTRAP), context.get(Options.EVALUATE_SEED));
    List<Integer> sizes = rows.slices().stream().map(slice -> slice.names().size()).toList();
    Evaluation.Options options =
        new Evaluation.Options(
            bootstrap, sizes, model instanceof GivenScores ? 0 : IMPORTANCE_ROWS);
    if (model.isClassifier()) {
      List<String> names =
          model.classLabels().stream().map(label -> JobRecord.className(data, label)).toList();
      report(
          context,
          data,
          rows,
          model,
          record,
          () -> Evaluation.classification(rows.test(), model, options),
          ClassificationSummary::rows,
          summary -> MetricsDocument.of(summary.metrics(), names));
    } else {
      Targets targets = model.targets();
      double[] low = plottedFrom(targets);
      double[] high = plottedTo(targets);
      report(
          context,
          data,
          rows,
          model,
          record,
          () -> Evaluation.regression(rows.test(), model, low, high, options),
          RegressionSummary::rows,
          summary -> MetricsDocument.of(summary.metrics(), model.targetNames()));
    }
  }

  private static <S> void report(
      JobContext context,
      DataSettings data,
      DataSettings.Rows rows,
      Model model,
      JobRecord record,
      Supplier<Scoring.Evaluated<Evaluation<S>>> pass,
      ToLongFunction<S> count,
      Function<S, ObjectNode> document) {
    Scoring.Evaluated<Evaluation<S>> evaluated;
    try (Phase phase = context.progress().phase("evaluate")) {
      evaluated = pass.get();
    }
    if (!data.dropInvalid()) {
      evaluated.rejected().requireNone("test table");
    }
    Evaluation<S> evaluation = evaluated.summary();
    long used = count.applyAsLong(evaluation.all());
    if (used == 0) {
      throw data.noTestRows();
    }
    ObjectNode metrics;
    try (Phase phase = context.progress().phase("figures and intervals")) {
      metrics = document.apply(evaluation.all());
      for (int s = 0; s < rows.slices().size(); s++) {
        SliceColumn slice = rows.slices().get(s);
        List<ObjectNode> documents = evaluation.slices().get(s).stream().map(document).toList();
        MetricsDocument.addSlices(
            metrics, slice.column(), slice.kind(), slice.names(), slice.otherValues(), documents);
      }
    }
    record.record().put("data.rows", "test", used);
    record.dropped("Test", evaluated.rejected());
    record.metrics(metrics);
    importance(context, model, evaluation.sample().rows(), record);
    context.progress().message("snnk " + context.settings().command() + ": " + headline(metrics));
  }

  /** The mean squared derivative by each standardised input, where the model has derivatives. */
  private static void importance(
      JobContext context, Model model, List<double[]> sample, JobRecord record) {
    int d = model.inputs();
    if (sample.isEmpty()) {
      return;
    }
    double[] x = new double[sample.size() * d];
    for (int i = 0; i < sample.size(); i++) {
      System.arraycopy(sample.get(i), 0, x, i * d, d);
    }
    SquaredGradients gradients = new SquaredGradients(d);
    try (Phase phase = context.progress().phase("feature importances")) {
      gradients.add(sample.size(), model.gradients(sample.size(), x));
    } catch (SnnkException noDerivative) {
      record.record().put("importance", "none", noDerivative.getMessage());
      return;
    }
    record.importance(model.inputNames(), gradients.means(), sample.size());
  }

  static double[] plottedFrom(Targets targets) {
    return plotted(targets, -PLOTTED_DEVIATIONS);
  }

  static double[] plottedTo(Targets targets) {
    return plotted(targets, PLOTTED_DEVIATIONS);
  }

  private static double[] plotted(Targets targets, double deviations) {
    double[] ends = new double[targets.count()];
    for (int t = 0; t < ends.length; t++) {
      ends[t] = targets.mean(t) + deviations * targets.scale(t);
    }
    return ends;
  }

  /** The figures that a user looks for first. */
  static String headline(ObjectNode metrics) {
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
