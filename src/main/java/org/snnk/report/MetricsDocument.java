package org.snnk.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.snnk.SnnkException;
import org.snnk.metric.Bins;
import org.snnk.metric.Bootstrap;
import org.snnk.metric.ClassTotals;
import org.snnk.metric.ClassificationMetrics;
import org.snnk.metric.ConfusionMatrix;
import org.snnk.metric.Density;
import org.snnk.metric.Figure;
import org.snnk.metric.Histogram;
import org.snnk.metric.Interval;
import org.snnk.metric.Point;
import org.snnk.metric.RegressionMetrics;
import org.snnk.metric.Reliability;

/**
 * The document {@code metrics.json}: figures and the data of the plots, in a fixed order.
 *
 * <p>A figure that is not defined is null, and {@code undefined} gives the reason under the same
 * name. The document is a function of the metrics alone.
 */
public final class MetricsDocument {
  private static final int VERSION = 1;
  private static final double TAIL = 0.005;
  private static final int ERROR_BARS = 50;
  private static final List<String> SLICED =
      List.of(
          "rows",
          "weight",
          "accuracy",
          "logLoss",
          "brier",
          "balancedAccuracy",
          "macroF1",
          "mcc",
          "calibrationError",
          "auc",
          "aucErrorBound",
          "averagePrecision",
          "averagePrecisionErrorBound",
          "ks",
          "rmse",
          "mae",
          "r2",
          "intervals",
          "undefined");

  private final ObjectNode root = Json.object();
  private final ObjectNode undefined = Json.object();

  private MetricsDocument(String task, long rows, boolean weighted, double weight) {
    root.put("format", "snnk-metrics");
    root.put("version", VERSION);
    root.put("task", task);
    root.put("rows", rows);
    root.put("weighted", weighted);
    root.set("weight", Json.weight(weight));
  }

  /**
   * The figures of class probabilities.
   *
   * @param metrics what was measured
   * @param names names of the classes by index
   * @throws SnnkException if there are more or fewer names than classes
   */
  public static ObjectNode of(ClassificationMetrics metrics, List<String> names) {
    ConfusionMatrix confusion = metrics.confusion();
    checkNames("class names", names, confusion.classes());
    MetricsDocument document =
        new MetricsDocument("classification", metrics.rows(), metrics.weighted(), metrics.weight());
    document.classification(metrics, names);
    return document.finished();
  }

  private void classification(ClassificationMetrics metrics, List<String> names) {
    ConfusionMatrix confusion = metrics.confusion();
    root.set("classes", Json.of(names));
    figure("accuracy", metrics.accuracy());
    figure("logLoss", metrics.logLoss());
    figure("brier", metrics.brier());
    figure("balancedAccuracy", metrics.balancedAccuracy());
    figure("macroF1", metrics.macroF1());
    figure("mcc", metrics.mcc());
    figure("calibrationError", metrics.calibrationError());
    metrics
        .binary()
        .ifPresent(
            binary -> {
              root.put("positiveClass", names.get(1));
              figure("auc", binary.auc());
              figure("aucErrorBound", binary.aucErrorBound());
              figure("averagePrecision", binary.averagePrecision());
              figure("averagePrecisionErrorBound", binary.averagePrecisionErrorBound());
              figure("ks", binary.ks());
            });
    intervals(metrics.intervals(), metrics.groups());
    if (!metrics.topK().isEmpty()) {
      ArrayNode topK = root.putArray("topK");
      metrics.topK().forEach(share -> topK.add(Json.of(share)));
    }
    ArrayNode counts = root.putArray("confusion");
    ArrayNode weights = metrics.weighted() ? root.putArray("confusionWeight") : Json.array();
    ArrayNode classes = root.putArray("perClass");
    ClassTotals totals = confusion.totals();
    for (int i = 0; i < names.size(); i++) {
      ArrayNode countRow = counts.addArray();
      ArrayNode weightRow = weights.addArray();
      for (int j = 0; j < names.size(); j++) {
        countRow.add(confusion.count(i, j));
        weightRow.add(Json.weight(confusion.weight(i, j)));
      }
      ObjectNode each = classes.addObject();
      each.put("class", names.get(i));
      each.put("support", confusion.support(i));
      each.set("weight", Json.weight(confusion.truthWeight(i)));
      each.set("predictedWeight", Json.weight(confusion.predictedWeight(i)));
      each.set("precision", Json.of(totals.precision(i)));
      each.set("recall", Json.of(totals.recall(i)));
      each.set("f1", Json.of(totals.f1(i)));
    }
    ArrayNode reliability = root.putArray("reliability");
    for (Reliability.Bin bin : metrics.reliability()) {
      ObjectNode each = reliability.addObject();
      each.set("from", Json.number(bin.from()));
      each.set("to", Json.number(bin.to()));
      each.set("weight", Json.weight(bin.weight()));
      each.set("meanScore", Json.number(bin.meanScore()));
      each.set("hitRate", Json.number(bin.hitRate()));
    }
    metrics
        .binary()
        .ifPresent(
            binary -> {
              curve("roc", binary.roc());
              curve("precisionRecall", binary.precisionRecall());
              curve("gain", binary.gain());
            });
  }

  /**
   * The figures of predicted numbers.
   *
   * @param metrics what was measured
   * @param names names of the targets
   * @throws SnnkException if there are more or fewer names than targets
   */
  public static ObjectNode of(RegressionMetrics metrics, List<String> names) {
    checkNames("target names", names, metrics.targets().size());
    MetricsDocument document =
        new MetricsDocument("regression", metrics.rows(), metrics.weighted(), metrics.weight());
    document.regression(metrics, names);
    return document.finished();
  }

  private void regression(RegressionMetrics metrics, List<String> names) {
    figure("rmse", metrics.rmse());
    figure("mae", metrics.mae());
    figure("r2", metrics.r2());
    intervals(metrics.intervals(), metrics.groups());
    ArrayNode targets = root.putArray("targets");
    for (int t = 0; t < names.size(); t++) {
      RegressionMetrics.Target target = metrics.targets().get(t);
      ObjectNode each = targets.addObject();
      each.put("name", names.get(t));
      each.set("rmse", Json.of(target.rmse()));
      each.set("mae", Json.of(target.mae()));
      each.set("r2", Json.of(target.r2()));
      each.set("bias", Json.of(target.bias()));
      each.set("mean", Json.of(target.mean()));
      each.set("sd", Json.of(target.sd()));
      quantiles(each.putArray("errorQuantiles"), target.quantiles());
      quantiles(each.putArray("absoluteErrorQuantiles"), target.absoluteQuantiles());
      Histogram error = target.error().zoomed(TAIL, ERROR_BARS);
      ObjectNode histogram = range(each.putObject("errorHistogram"), error.bins());
      ArrayNode bars = histogram.putArray("weights");
      for (int b = 0; b < error.bins().count(); b++) {
        bars.add(Json.weight(error.weight(b)));
      }
      Density density = target.density();
      ArrayNode rows = range(each.putObject("density"), density.bins()).putArray("weights");
      for (int i = 0; i < density.bins().count(); i++) {
        ArrayNode row = rows.addArray();
        for (int j = 0; j < density.bins().count(); j++) {
          row.add(Json.weight(density.weight(i, j)));
        }
      }
      ArrayNode residuals = each.putArray("residuals");
      for (RegressionMetrics.Residuals band : target.residuals()) {
        ObjectNode node = residuals.addObject();
        node.set("from", Json.number(band.from()));
        node.set("to", Json.number(band.to()));
        node.set("weight", Json.weight(band.weight()));
        node.set("quantiles", Json.of(band.quantiles()));
      }
    }
  }

  /**
   * Adds the figures of the slices of a column; curves and tables are of all rows only.
   *
   * @param metrics the document of all rows
   * @param kind {@code values} or {@code bands}
   * @param names of the slices
   * @param otherValues how many values share one slice because there are too many
   * @param documents those of the slices
   */
  public static void addSlices(
      ObjectNode metrics,
      String column,
      String kind,
      List<String> names,
      long otherValues,
      List<ObjectNode> documents) {
    checkNames("slice names", names, documents.size());
    ObjectNode slice = metrics.withArrayProperty("slices").addObject();
    slice.put("column", column);
    slice.put("kind", kind);
    slice.put("otherValues", otherValues);
    ArrayNode groups = slice.putArray("groups");
    for (int i = 0; i < names.size(); i++) {
      ObjectNode group = groups.addObject();
      group.put("name", names.get(i));
      for (String key : SLICED) {
        if (documents.get(i).has(key)) {
          group.set(key, documents.get(i).get(key));
        }
      }
    }
  }

  private static void quantiles(ArrayNode array, List<RegressionMetrics.Quantile> quantiles) {
    for (RegressionMetrics.Quantile quantile : quantiles) {
      ObjectNode node = array.addObject();
      node.set("share", Json.number(quantile.share()));
      node.set("error", Json.number(quantile.error()));
      node.set("bound", Json.number(quantile.bound()));
    }
  }

  /** The intervals by name, null where there is none. */
  private void intervals(Map<String, Interval> intervals, int groups) {
    if (intervals.isEmpty()) {
      return;
    }
    ObjectNode node = root.putObject("intervals");
    node.put("level", Bootstrap.LEVEL);
    node.put("groups", groups);
    ObjectNode ends = node.putObject("figures");
    intervals.forEach(
        (name, interval) -> {
          if (interval.isDefined()) {
            ends.putArray(name).add(Json.number(interval.low())).add(Json.number(interval.high()));
          } else {
            ends.putNull(name);
            undefined.put("interval of " + name, interval.reason());
          }
        });
  }

  private static ObjectNode range(ObjectNode node, Bins bins) {
    node.set("low", Json.number(bins.low()));
    node.set("high", Json.number(bins.high()));
    return node;
  }

  private void figure(String name, Figure figure) {
    root.set(name, Json.of(figure));
    if (!figure.isDefined()) {
      undefined.put(name, figure.reason());
    }
  }

  private void curve(String name, List<Point> points) {
    ArrayNode curve = root.putArray(name);
    for (Point point : points) {
      curve.addArray().add(Json.number(point.x())).add(Json.number(point.y()));
    }
  }

  private ObjectNode finished() {
    root.set("undefined", undefined);
    return root;
  }

  private static void checkNames(String what, List<String> names, int expected) {
    if (names.size() != expected) {
      throw new SnnkException(
          what,
          expected + " of them",
          Integer.toString(names.size()),
          null,
          "Give the names that the model was trained with.");
    }
  }
}
