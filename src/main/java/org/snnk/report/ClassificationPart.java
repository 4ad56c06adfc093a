package org.snnk.report;

import static org.snnk.report.DocumentText.number;
import static org.snnk.report.DocumentText.plain;
import static org.snnk.report.DocumentText.text;
import static org.snnk.report.DocumentText.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What the page shows of class probabilities. */
final class ClassificationPart {
  private static final int MATRIX_CLASSES = 25;
  private static final int LISTED_CLASSES = 200;
  private static final int MISTAKES = 20;
  private static final double LEAST_BIN = 0.001; // what holds less is noise
  private static final double LEAST_LIFT = 0.01;

  private final MeasuredFigures metrics;

  ClassificationPart(MeasuredFigures metrics) {
    this.metrics = metrics;
  }

  String lead() {
    double accuracy = number(metrics.path("accuracy"));
    if (Double.isNaN(accuracy) || metrics.path("rows").asLong() == 1) { // a share of one is none
      return "";
    }
    double most = 0;
    String mostName = "";
    for (JsonNode each : metrics.path("perClass")) {
      double share = each.path("weight").asDouble() / metrics.weight();
      if (share > most) {
        most = share;
        mostName = text(each.path("class"));
      }
    }
    return NumberText.percent(accuracy)
        + " of "
        + NumberText.plain(metrics.path("rows").asDouble())
        + " evaluated rows"
        + (metrics.weighted() ? " (by weight)" : "")
        + " are put into the right class; always saying “"
        + mostName
        + "” would be right for "
        + NumberText.percent(most)
        + ".";
  }

  /** Log-loss of the best constant guess: the entropy of the class balance. */
  private double entropy() {
    double entropy = 0;
    for (JsonNode each : metrics.path("perClass")) {
      double share = each.path("weight").asDouble() / metrics.weight();
      entropy -= share > 0 ? share * Math.log(share) : 0;
    }
    return entropy;
  }

  List<Map<String, Object>> headline() {
    List<Map<String, Object>> headline = new ArrayList<>();
    boolean binary = binary();
    if (binary) {
      headline.add(
          metrics.headline("AUC", "auc", true, bound("aucErrorBound", "area under the ROC curve")));
    }
    headline.add(metrics.headline("Accuracy", "accuracy", true, "share of right answers"));
    headline.add(
        metrics.headline(
            "Log-loss", "logLoss", true, "constant guess: " + NumberText.share(entropy())));
    if (binary) {
      String note = bound("averagePrecisionErrorBound", "area under precision and recall");
      headline.add(metrics.headline("Average precision", "averagePrecision", true, note));
      headline.add(
          metrics.headline("Brier", "brier", true, "mean squared error of the probability"));
      headline.add(
          metrics.headline(
              "KS", "ks", true, "Kolmogorov–Smirnov: largest gap of the classes’ scores"));
    } else {
      headline.add(metrics.headline("Balanced accuracy", "balancedAccuracy", true, "mean recall"));
      headline.add(metrics.headline("Macro F1", "macroF1", true, "mean over classes"));
      double top = number(metrics.path("topK").path(1));
      if (!Double.isNaN(top)) {
        headline.add(
            Map.of(
                "label", "Top 2",
                "value", NumberText.share(top),
                "interval", "",
                "note", "true class among the two most probable"));
      }
    }
    headline.add(metrics.headline("MCC", "mcc", true, "Matthews’ correlation, 0 by chance"));
    headline.add(
        metrics.headline(
            "ECE",
            "calibrationError",
            true,
            "expected calibration error: mean gap of stated and observed share"));
    headline.add(metrics.rows());
    return headline;
  }

  private boolean binary() {
    return !metrics.path("positiveClass").isMissingNode();
  }

  /** What a figure is, or how far binning may have put it off. */
  private String bound(String key, String otherwise) {
    double bound = number(metrics.path(key));
    return bound < 1e-4 || Double.isNaN(bound)
        ? otherwise
        : "± " + NumberText.plain(bound) + " by binning";
  }

  private JsonNode matrix() {
    return metrics.path("confusion" + (metrics.weighted() ? "Weight" : ""));
  }

  Map<String, Object> confusion() {
    JsonNode names = metrics.path("classes");
    if (names.size() > MATRIX_CLASSES) {
      return Map.of();
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      JsonNode row = matrix().path(i);
      double total = 0;
      for (JsonNode cell : row) {
        total += cell.asDouble();
      }
      List<Map<String, Object>> cells = new ArrayList<>();
      for (int j = 0; j < row.size(); j++) {
        double share = total == 0 ? Double.NaN : row.path(j).asDouble() / total;
        int level = total == 0 ? 0 : (int) Math.ceil(share * 8);
        cells.add(
            Map.of(
                "count", NumberText.plain(row.path(j).asDouble()),
                "share", NumberText.percent(share),
                "classes", (i == j ? "right s" : "wrong s") + level));
      }
      rows.add(
          Map.of("name", text(names.path(i)), "total", NumberText.plain(total), "cells", cells));
    }
    return Map.of(
        "names", texts(names), "rows", rows, "what", metrics.weighted() ? "weight" : "rows");
  }

  /** One kind of mistake. */
  private record Mistake(int truth, int predicted, double weight, double share) {}

  /** The most frequent mistakes, for three classes or more. */
  List<Map<String, Object>> mistakes() {
    JsonNode names = metrics.path("classes");
    List<Mistake> all = new ArrayList<>();
    for (int i = 0; names.size() > 2 && i < names.size(); i++) {
      double total = 0;
      for (JsonNode cell : matrix().path(i)) {
        total += cell.asDouble();
      }
      for (int j = 0; j < names.size(); j++) {
        double weight = matrix().path(i).path(j).asDouble();
        if (i != j && weight > 0) {
          all.add(new Mistake(i, j, weight, weight / total));
        }
      }
    }
    all.sort(
        Comparator.comparingDouble(Mistake::weight)
            .reversed()
            .thenComparingInt(Mistake::truth)
            .thenComparingInt(Mistake::predicted));
    int most = names.size() > MATRIX_CLASSES ? MISTAKES : 5;
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Mistake mistake : all.subList(0, Math.min(most, all.size()))) {
      rows.add(
          Map.of(
              "truth", text(names.path(mistake.truth)),
              "predicted", text(names.path(mistake.predicted)),
              "count", NumberText.plain(mistake.weight),
              "share", NumberText.percent(mistake.share)));
    }
    return rows;
  }

  List<Map<String, Object>> classes() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode each : metrics.path("perClass")) {
      if (rows.size() == LISTED_CLASSES) {
        break;
      }
      rows.add(
          Map.of(
              "name", text(each.path("class")),
              "support", plain(each.path("support")),
              "precision", NumberText.share(number(each.path("precision"))),
              "recall", NumberText.share(number(each.path("recall"))),
              "f1", NumberText.share(number(each.path("f1")))));
    }
    return rows;
  }

  List<Map<String, Object>> plots() {
    List<Map<String, Object>> plots = new ArrayList<>();
    List<double[]> roc = points(metrics.path("roc"));
    String positive = text(metrics.path("positiveClass"));
    if (!roc.isEmpty()) {
      plots.add(
          new Plot(
                  "ROC curve",
                  "True positive rate against false positive rate; AUC " + metrics.share("auc"),
                  Axis.of("False positive rate", 0, 1),
                  Axis.of("True positive rate", 0, 1))
              .reference(0, 0, 1, 1)
              .line(0, roc, false)
              .note("Positive class: “" + positive + "”. Dashed: scores without information.")
              .model());
    }
    List<double[]> pr = points(metrics.path("precisionRecall"));
    if (!pr.isEmpty()) {
      double base = metrics.path("perClass").path(1).path("weight").asDouble() / metrics.weight();
      plots.add(
          new Plot(
                  "Precision and recall",
                  "Precision against recall of the positive class",
                  Axis.of("Recall", 0, 1),
                  Axis.of("Precision", 0, 1))
              .reference(0, base, 1, base)
              .line(0, pr, false)
              .note("Dashed: share of “" + positive + "”, " + NumberText.percent(base) + ".")
              .model());
    }
    gain(plots);
    List<double[]> reliability = new ArrayList<>();
    for (JsonNode bin : metrics.path("reliability")) {
      if (bin.path("weight").asDouble() >= LEAST_BIN * metrics.weight()) {
        reliability.add(
            new double[] {bin.path("meanScore").asDouble(), bin.path("hitRate").asDouble()});
      }
    }
    if (!reliability.isEmpty()) {
      boolean binary = !positive.isEmpty();
      plots.add(
          new Plot(
                  "Reliability",
                  "Observed share against stated probability, in bins of the probability",
                  Axis.of(
                      binary
                          ? "Stated probability of “" + positive + "”"
                          : "Stated probability of the prediction",
                      0,
                      1),
                  Axis.of(binary ? "Observed share" : "Share of right answers", 0, 1))
              .reference(0, 0, 1, 1)
              .line(0, reliability, true)
              .note(
                  "Below the dashed line the model is too sure. Bins with less than 0.1 % of the"
                      + " rows are left out. Calibration error "
                      + metrics.share("calibrationError")
                      + ".")
              .model());
    }
    return plots;
  }

  /** What is found, and how much faster than by chance, going down from the highest score. */
  private void gain(List<Map<String, Object>> plots) {
    List<double[]> gain = points(metrics.path("gain"));
    if (gain.isEmpty()) {
      return;
    }
    plots.add(
        new Plot(
                "Gain",
                "Share of the positive rows found against the share of rows taken by falling score",
                Axis.of("Share of rows, highest scores first", 0, 1),
                Axis.of("Share of “" + text(metrics.path("positiveClass")) + "” found", 0, 1))
            .reference(0, 0, 1, 1)
            .line(0, gain, false)
            .note("Dashed: rows in random order.")
            .model());
    List<double[]> lift = new ArrayList<>();
    double most = 1;
    for (double[] point : gain) {
      if (point[0] >= LEAST_LIFT) {
        lift.add(new double[] {point[0], point[1] / point[0]});
        most = Math.max(most, point[1] / point[0]);
      }
    }
    plots.add(
        new Plot(
                "Lift",
                "How many times more positive rows than by chance, against the share of rows taken",
                Axis.of("Share of rows, highest scores first", 0, 1),
                Axis.of("Lift (times the mean share)", 0, most * 1.05))
            .reference(0, 1, 1, 1)
            .line(0, lift, false)
            .note("Dashed: rows in random order. Drawn from 1 % of the rows on.")
            .model());
  }

  private static List<double[]> points(JsonNode curve) {
    List<double[]> points = new ArrayList<>();
    for (JsonNode point : curve) {
      points.add(new double[] {point.path(0).asDouble(), point.path(1).asDouble()});
    }
    return points;
  }
}
