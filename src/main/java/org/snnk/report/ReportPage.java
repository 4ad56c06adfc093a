package org.snnk.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.snnk.metric.Bins;

/** Reads the two documents into what the template shows: texts, rows of tables, plots. */
final class ReportPage {
  private static final int MATRIX_CLASSES = 25;
  private static final int LISTED_CLASSES = 200;
  private static final int MISTAKES = 20;
  private static final int LISTED_INPUTS = 300;
  private static final double LEAST_BIN = 0.001; // what holds less is noise
  private static final int PLOTTED_TARGETS = 4;
  private static final int PLOTTED_CURVES = 6;
  private static final String NONE = "–";
  private static final List<String> BUNDLING_FIGURES =
      List.of(
          "parameters",
          "bytes",
          "flops",
          "microsecondsPerRow",
          "accuracy",
          "logLoss",
          "auc",
          "rmse",
          "r2",
          "largestChange",
          "seconds");
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("auc", "AUC"),
          Map.entry("aucErrorBound", "Error bound of the AUC"),
          Map.entry("blas", "BLAS"),
          Map.entry("calibrationError", "ECE"),
          Map.entry("driverHeapMB", "Driver heap in MB"),
          Map.entry("jdk", "JDK"),
          Map.entry("ks", "KS"),
          Map.entry("lambda", "λ"),
          Map.entry("logLoss", "Log-loss"),
          Map.entry("macroF1", "Macro F1"),
          Map.entry("mae", "MAE"),
          Map.entry("mcc", "MCC"),
          Map.entry("os", "OS"),
          Map.entry("r2", "R²"),
          Map.entry("rmse", "RMSE"));

  private final JsonNode run;
  private final JsonNode metrics;

  ReportPage(JsonNode run, JsonNode metrics) {
    this.run = run;
    this.metrics = metrics;
  }

  Map<String, Object> model() {
    boolean classification = metrics.has("confusion");
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("title", title());
    page.put("subtitle", subtitle());
    page.put("warnings", texts(run.path("warnings")));
    page.put("lead", classification ? classificationLead() : regressionLead());
    page.put("headline", classification ? classificationHeadline() : regressionHeadline());
    page.put("undefined", undefined());
    page.put("confusion", classification ? confusion() : Map.of());
    page.put("mistakes", classification ? mistakes() : List.of());
    page.put("classes", classification ? classes() : List.of());
    page.put("targets", targets());
    page.put("plots", classification ? classificationPlots() : regressionPlots());
    page.put("bundling", bundling());
    page.put("bundlingNames", bundlingNames());
    page.put("bundlingPlots", bundlingPlots());
    page.put("validation", validation());
    page.put("timings", timings());
    page.put("data", data());
    page.put("balance", balance());
    page.put("inputs", inputs());
    page.put("moreInputs", Math.max(0, run.path("data").path("inputs").size() - LISTED_INPUTS));
    page.put("sections", sections());
    page.put("options", options());
    page.put("command", text(run.path("command")));
    return page;
  }

  // ---- head

  private String title() {
    String own = text(run.path("title"));
    String data = text(run.path("data").path("name"));
    return !own.isEmpty() ? own : !data.isEmpty() ? data : "Run";
  }

  private String subtitle() {
    List<String> parts = new ArrayList<>();
    String task = text(metrics.has("task") ? metrics.path("task") : run.path("task"));
    if (!task.isEmpty()) {
      parts.add(task.substring(0, 1).toUpperCase(Locale.ROOT) + task.substring(1));
    }
    String started = text(run.path("started"));
    if (!started.isEmpty()) {
      parts.add(started.replaceFirst("T", " ").replaceFirst("(\\.\\d+)?Z$", " UTC"));
    }
    if (run.path("seconds").isNumber()) {
      parts.add("took " + NumberText.seconds(run.path("seconds").asDouble()));
    }
    if (run.has("seed")) {
      parts.add("seed " + text(run.path("seed")));
    }
    return String.join(" · ", parts);
  }

  private double evaluatedWeight() {
    return metrics.path("weight").asDouble(metrics.path("rows").asDouble());
  }

  private String classificationLead() {
    double accuracy = number(metrics.path("accuracy"));
    if (Double.isNaN(accuracy)) {
      return "";
    }
    double most = 0;
    String mostName = "";
    for (JsonNode each : metrics.path("perClass")) {
      double share = each.path("weight").asDouble() / evaluatedWeight();
      if (share > most) {
        most = share;
        mostName = text(each.path("class"));
      }
    }
    return NumberText.percent(accuracy)
        + " of "
        + NumberText.plain(metrics.path("rows").asDouble())
        + " evaluated rows"
        + (weighted() ? " (by weight)" : "")
        + " are put into the right class; always saying “"
        + mostName
        + "” would be right for "
        + NumberText.percent(most)
        + ".";
  }

  private boolean weighted() {
    return metrics.path("weighted").asBoolean();
  }

  /** Log-loss of the best constant guess: the entropy of the class balance. */
  private double entropy() {
    double entropy = 0;
    for (JsonNode each : metrics.path("perClass")) {
      double share = each.path("weight").asDouble() / evaluatedWeight();
      entropy -= share > 0 ? share * Math.log(share) : 0;
    }
    return entropy;
  }

  private List<Map<String, Object>> classificationHeadline() {
    List<Map<String, Object>> headline = new ArrayList<>();
    if (metrics.has("auc")) {
      double bound = number(metrics.path("aucErrorBound"));
      String note =
          bound < 5e-5 ? "area under the ROC curve" : "± " + NumberText.plain(bound) + " (binned)";
      headline.add(figure("AUC", share("auc"), Double.isNaN(bound) ? "" : note));
    }
    headline.add(figure("Accuracy", share("accuracy"), "share of right answers"));
    headline.add(
        figure("Log-loss", share("logLoss"), "constant guess: " + NumberText.share(entropy())));
    if (metrics.path("classes").size() > 2) {
      headline.add(figure("Balanced accuracy", share("balancedAccuracy"), "mean recall"));
      headline.add(figure("Macro F1", share("macroF1"), "mean over classes"));
    } else {
      headline.add(figure("Brier", share("brier"), "mean squared error of p"));
      headline.add(figure("KS", share("ks"), "largest gap of the two classes"));
    }
    headline.add(figure("MCC", share("mcc"), "Matthews correlation"));
    headline.add(figure("ECE", share("calibrationError"), "mean error of the stated p"));
    headline.add(rowsFigure());
    return headline;
  }

  private Map<String, Object> rowsFigure() {
    return figure(
        "Rows",
        NumberText.plain(number(metrics.path("rows"))),
        weighted() ? "weight " + NumberText.plain(evaluatedWeight()) : "evaluated");
  }

  private String regressionLead() {
    double r2 = number(metrics.path("r2"));
    if (Double.isNaN(r2)) {
      return "";
    }
    if (r2 < 0) {
      return "The model is worse than always answering the mean of the evaluated rows.";
    }
    return "The model explains "
        + NumberText.percent(r2)
        + " of the variance over "
        + NumberText.plain(metrics.path("rows").asDouble())
        + " evaluated rows"
        + (weighted() ? " (by weight)." : ".");
  }

  private List<Map<String, Object>> regressionHeadline() {
    List<Map<String, Object>> headline = new ArrayList<>();
    if (!metrics.has("rmse")) {
      return headline;
    }
    JsonNode targets = metrics.path("targets");
    boolean one = targets.size() == 1;
    String sd = "sd of the target: " + NumberText.plain(number(targets.path(0).path("sd")));
    headline.add(figure("R²", share("r2"), one ? "share of variance" : "mean over targets"));
    headline.add(figure("RMSE", plain(metrics.path("rmse")), one ? sd : "over all targets"));
    headline.add(figure("MAE", plain(metrics.path("mae")), "mean absolute error"));
    if (one) {
      headline.add(figure("Bias", plain(targets.path(0).path("bias")), "mean of predicted − true"));
    }
    headline.add(rowsFigure());
    return headline;
  }

  private static Map<String, Object> figure(String label, String value, String note) {
    return Map.of("label", label, "value", value, "note", value.equals(NONE) ? "undefined" : note);
  }

  private String share(String key) {
    return NumberText.share(number(metrics.path(key)));
  }

  private static String plain(JsonNode node) {
    return NumberText.plain(number(node));
  }

  private List<String> undefined() {
    List<String> reasons = new ArrayList<>();
    metrics
        .path("undefined")
        .properties()
        .forEach(each -> reasons.add(words(each.getKey()) + ": " + text(each.getValue()) + "."));
    return reasons;
  }

  // ---- classes

  private JsonNode matrix() {
    return metrics.has("confusionWeight")
        ? metrics.path("confusionWeight")
        : metrics.path("confusion");
  }

  private Map<String, Object> confusion() {
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
    return Map.of("names", texts(names), "rows", rows, "what", weighted() ? "weight" : "rows");
  }

  /** One kind of mistake. */
  private record Mistake(int truth, int predicted, double weight, double share) {}

  /** The most frequent mistakes, for three classes or more. */
  private List<Map<String, Object>> mistakes() {
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

  private List<Map<String, Object>> classes() {
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

  private List<Map<String, Object>> classificationPlots() {
    List<Map<String, Object>> plots = new ArrayList<>();
    List<double[]> roc = points(metrics.path("roc"));
    String positive = text(metrics.path("positiveClass"));
    if (!roc.isEmpty()) {
      plots.add(
          new Plot(
                  "ROC curve",
                  "True positive rate against false positive rate; AUC " + share("auc"),
                  Axis.of("False positive rate", 0, 1),
                  Axis.of("True positive rate", 0, 1))
              .reference(0, 0, 1, 1)
              .line(0, roc, false)
              .note("Positive class: “" + positive + "”. Dashed: scores without information.")
              .model());
    }
    List<double[]> pr = points(metrics.path("precisionRecall"));
    if (!pr.isEmpty()) {
      double base = metrics.path("perClass").path(1).path("weight").asDouble() / evaluatedWeight();
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
    List<double[]> reliability = new ArrayList<>();
    for (JsonNode bin : metrics.path("reliability")) {
      if (bin.path("weight").asDouble() >= LEAST_BIN * evaluatedWeight()) {
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
                      + share("calibrationError")
                      + ".")
              .model());
    }
    return plots;
  }

  private static List<double[]> points(JsonNode curve) {
    List<double[]> points = new ArrayList<>();
    for (JsonNode point : curve) {
      points.add(new double[] {point.path(0).asDouble(), point.path(1).asDouble()});
    }
    return points;
  }

  // ---- numbers

  private List<Map<String, Object>> targets() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode target : metrics.path("targets")) {
      rows.add(
          Map.of(
              "name", text(target.path("name")),
              "r2", NumberText.share(number(target.path("r2"))),
              "rmse", plain(target.path("rmse")),
              "mae", plain(target.path("mae")),
              "bias", plain(target.path("bias")),
              "mean", plain(target.path("mean")),
              "sd", plain(target.path("sd"))));
    }
    return rows;
  }

  private List<Map<String, Object>> regressionPlots() {
    List<Map<String, Object>> plots = new ArrayList<>();
    for (JsonNode target : metrics.path("targets")) {
      if (plots.size() == 2 * PLOTTED_TARGETS) {
        break;
      }
      String name = text(target.path("name"));
      density(plots, name, target.path("density"));
      errors(plots, name, target.path("errorHistogram"));
    }
    return plots;
  }

  private void density(List<Map<String, Object>> plots, String name, JsonNode density) {
    double low = number(density.path("low"));
    double high = number(density.path("high"));
    JsonNode rows = density.path("weights");
    if (!(low < high) || rows.isEmpty() || evaluatedWeight() == 0) {
      return;
    }
    int n = rows.size();
    double[][] weights = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        weights[i][j] = rows.path(i).path(j).asDouble();
      }
    }
    plots.add(
        new Plot(
                "Predicted against true: " + name,
                "Number of rows by true and predicted value; the dashed line is a perfect answer",
                Axis.of("True " + name, low, high),
                Axis.of("Predicted " + name, low, high))
            .cells(low, high, weights)
            .reference(low, low, high, high)
            .note(
                "The stronger the colour, the more "
                    + (weighted() ? "weight" : "rows")
                    + " (logarithmic). What lies outside the range of the training data is in the"
                    + " cells at the edge.")
            .model());
  }

  private void errors(List<Map<String, Object>> plots, String name, JsonNode histogram) {
    double low = number(histogram.path("low"));
    double high = number(histogram.path("high"));
    JsonNode bars = histogram.path("weights");
    if (!(low < high) || bars.isEmpty() || evaluatedWeight() == 0) {
      return;
    }
    double[] shares = new double[bars.size()];
    double most = 0;
    for (int b = 0; b < shares.length; b++) {
      shares[b] = 100 * bars.path(b).asDouble() / evaluatedWeight();
      most = Math.max(most, shares[b]);
    }
    Bins bins = new Bins(low, high, shares.length);
    Plot plot =
        new Plot(
            "Errors: " + name,
            "Share of rows by predicted minus true value",
            Axis.of("Predicted − true " + name, low, high),
            Axis.of(weighted() ? "Weight in %" : "Rows in %", 0, most * 1.05));
    plot.bars(low, high, shares);
    if (low < 0 && high > 0) {
      plot.reference(0, 0, 0, most * 1.05);
    }
    plots.add(
        plot.note(
                "Bars are "
                    + NumberText.plain(bins.edge(1) - bins.edge(0))
                    + " wide; the outermost also hold the 0.5 % beyond them.")
            .model());
  }

  // ---- training

  private List<Map<String, Object>> validation() {
    List<Map<String, Object>> plots = new ArrayList<>();
    plots.addAll(learningCurve());
    plots.addAll(validation("lengthScales", "Comparison of length scales"));
    plots.addAll(validation("validation", "Choice of λ"));
    plots.addAll(validation("leaveOneOut", "Choice of λ"));
    return plots;
  }

  // ---- bundling

  /** A row for each number of bundled layers, the cells in the order of the page. */
  private List<Map<String, Object>> bundling() {
    List<Map<String, Object>> rows = new ArrayList<>();
    JsonNode steps = run.path("bundling").path("steps");
    for (JsonNode step : steps) {
      List<String> cells = new ArrayList<>();
      for (String key : BUNDLING_FIGURES) {
        if (steps.path(0).has(key)) {
          cells.add(shown(step.path(key)));
        }
      }
      rows.add(
          Map.of(
              "name", shown(step.path("bundled")),
              "layers", text(step.path(step.has("refused") ? "refused" : "layers")),
              "saved", step.path("saved").asBoolean(),
              "cells", cells));
    }
    return rows;
  }

  /** What the page draws of bundling: the loss against the size. */
  private List<Map<String, Object>> bundlingPlots() {
    JsonNode steps = run.path("bundling").path("steps");
    String key = steps.path(0).has("logLoss") ? "logLoss" : "rmse";
    List<double[]> line = new ArrayList<>();
    double right = 0;
    double most = 0;
    for (JsonNode step : steps) {
      double[] point = {number(step.path("parameters")), number(step.path(key))};
      if (Double.isFinite(point[0] + point[1])) {
        line.add(point);
        right = Math.max(right, point[0]);
        most = Math.max(most, point[1]);
      }
    }
    if (line.size() < 2 || most == 0) {
      return List.of();
    }
    Plot plot =
        new Plot(
            words(key) + " against size",
            words(key) + " on the test rows of the network and of what bundling makes of it",
            Axis.of("Parameters", 0, right),
            Axis.of(words(key), 0, most * 1.05));
    plot.line(0, line, true).legend(0, "one more layer bundled at each point, from the right");
    return List.of(plot.model());
  }

  /** The names of the figures. */
  private List<String> bundlingNames() {
    return BUNDLING_FIGURES.stream()
        .filter(key -> run.path("bundling").path("steps").path(0).has(key))
        .map(ReportPage::words)
        .toList();
  }

  /** Loss against epochs, for the training rows and the validation part. */
  private List<Map<String, Object>> learningCurve() {
    JsonNode training = run.path("training");
    List<List<double[]>> curves = List.of(new ArrayList<>(), new ArrayList<>());
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (JsonNode point : training.path("curve")) {
      double epoch = number(point.path("epoch"));
      double[] losses = {number(point.path("training")), number(point.path("validation"))};
      for (int c = 0; c < losses.length; c++) {
        if (Double.isFinite(losses[c])) {
          curves.get(c).add(new double[] {epoch, losses[c]});
          least = Math.min(least, losses[c]);
          most = Math.max(most, losses[c]);
        }
      }
    }
    int epochs = curves.get(0).size();
    if (epochs < 2) {
      return List.of();
    }
    double room = Math.max(most - least, 1e-12) * 0.06;
    Plot plot =
        new Plot(
            "Learning curve",
            "Mean loss of each epoch, on the training rows while training and on the validation part",
            Axis.of("Epoch", 1, epochs),
            Axis.of("Mean loss (" + text(training.path("loss")) + ")", least - room, most + room));
    plot.line(0, curves.get(0), epochs <= 40).legend(0, "training, before each step");
    if (!curves.get(1).isEmpty()) {
      plot.line(1, curves.get(1), epochs <= 40).legend(1, "validation");
      double best = number(training.path("bestEpoch"));
      for (double[] point : curves.get(1)) {
        if (point[0] == best) {
          plot.ring(best, point[1]);
          plot.note("The ring marks the epoch whose parameters were kept.");
        }
      }
    }
    return List.of(plot.model());
  }

  /** Validation figure against λ, one curve for each length scale; or against the length scale. */
  private List<Map<String, Object>> validation(String key, String title) {
    NavigableMap<Double, List<double[]>> byScale = new TreeMap<>();
    NavigableSet<Double> lambdas = new TreeSet<>();
    NavigableSet<Double> values = new TreeSet<>();
    for (JsonNode each : run.path("training").path(key)) {
      double scale = number(each.path("lengthScale"));
      double lambda = number(each.path("lambda"));
      double value = number(each.path("value"));
      if (scale > 0 && lambda > 0 && Double.isFinite(value)) {
        byScale.computeIfAbsent(scale, s -> new ArrayList<>()).add(new double[] {lambda, value});
        lambdas.add(lambda);
        values.add(value);
      }
    }
    if (values.isEmpty() || (lambdas.size() < 2 && byScale.size() < 2)) {
      return List.of();
    }
    String metric = text(run.path("training").path("validationMetric"));
    double room = Math.max(values.last() - values.first(), 1e-12) * 0.06;
    Axis y =
        Axis.of(
            metric.isEmpty() ? "Validation" : words(metric) + " (" + measuredOn(key) + ")",
            values.first() - room,
            values.last() + room);
    double chosenLambda = number(run.path("training").path("lambda"));
    double chosenScale = number(run.path("features").path("lengthScale"));
    byScale.values().forEach(points -> points.sort(Comparator.comparingDouble(p -> p[0])));
    Plot plot =
        lambdas.size() > 1
            ? overLambda(title, byScale, lambdas, chosenScale, y)
            : overScale(title, byScale, y);
    for (double[] point : byScale.getOrDefault(chosenScale, List.of())) {
      if (point[0] == chosenLambda && !key.equals("lengthScales")) {
        plot.ring(lambdas.size() > 1 ? chosenLambda : chosenScale, point[1]);
        plot.note("The ring marks what was chosen.");
      }
    }
    return List.of(plot.model());
  }

  /** What the figures of a list of candidates were measured on. */
  private String measuredOn(String key) {
    String chosenBy = text(run.path("training").path("chosenBy"));
    return key.equals("lengthScales") || chosenBy.isEmpty() ? "validation part" : chosenBy;
  }

  private static Plot overLambda(
      String title,
      NavigableMap<Double, List<double[]>> byScale,
      NavigableSet<Double> lambdas,
      double chosenScale,
      Axis y) {
    Plot plot =
        new Plot(
            title,
            "Validation figure against λ, one curve for each length scale",
            Axis.logarithmic("λ (logarithmic)", lambdas.first(), lambdas.last()),
            y);
    List<Double> scales = new ArrayList<>(byScale.keySet());
    // Where there are more than can be told apart, those around the chosen one.
    int chosen = Math.max(0, scales.indexOf(chosenScale));
    int from = Math.max(0, Math.min(chosen - PLOTTED_CURVES / 2, scales.size() - PLOTTED_CURVES));
    int series = 0;
    for (double scale : scales.subList(from, Math.min(from + PLOTTED_CURVES, scales.size()))) {
      plot.line(series, byScale.get(scale), true);
      plot.legend(series++, "length scale " + NumberText.plain(scale));
    }
    return plot;
  }

  private static Plot overScale(
      String title, NavigableMap<Double, List<double[]>> byScale, Axis y) {
    List<double[]> points = new ArrayList<>();
    byScale.forEach((scale, each) -> points.add(new double[] {scale, each.get(0)[1]}));
    return new Plot(
            title,
            "Validation figure against the length scale",
            Axis.logarithmic("Length scale (logarithmic)", byScale.firstKey(), byScale.lastKey()),
            y)
        .line(0, points, true);
  }

  private List<Map<String, Object>> timings() {
    double total = 0;
    double longest = 0;
    for (JsonNode each : run.path("timings")) {
      total += each.path("seconds").asDouble();
      longest = Math.max(longest, each.path("seconds").asDouble());
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode each : run.path("timings")) {
      double seconds = each.path("seconds").asDouble();
      rows.add(
          Map.of(
              "phase", text(each.path("phase")),
              "time", NumberText.seconds(seconds),
              "share", NumberText.percent(total == 0 ? Double.NaN : seconds / total),
              "width", NumberText.coordinate(longest == 0 ? 0 : 100 * seconds / longest)));
    }
    return rows;
  }

  // ---- data, settings

  private List<Map<String, Object>> data() {
    List<Map<String, Object>> rows = new ArrayList<>();
    run.path("data")
        .properties()
        .forEach(
            entry -> {
              if (!entry.getKey().equals("inputs") && !entry.getKey().equals("classes")) {
                flatten(words(entry.getKey()), entry.getValue(), true, rows);
              }
            });
    int inputs = run.path("data").path("inputs").size();
    if (inputs > 0) {
      rows.add(pair("Inputs", NumberText.plain(inputs)));
    }
    return rows;
  }

  private List<Map<String, Object>> balance() {
    JsonNode classes = run.path("data").path("classes");
    double total = 0;
    for (JsonNode each : classes) {
      total += each.path("rows").asDouble();
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode each : classes) {
      if (total == 0 || rows.size() == LISTED_CLASSES) {
        break;
      }
      double share = each.path("rows").asDouble() / total;
      rows.add(
          Map.of(
              "name", text(each.path("name")),
              "rows", NumberText.plain(each.path("rows").asDouble()),
              "share", NumberText.percent(share),
              "width", NumberText.coordinate(100 * share)));
    }
    return rows;
  }

  private List<Map<String, Object>> inputs() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode each : run.path("data").path("inputs")) {
      if (rows.size() == LISTED_INPUTS) {
        break;
      }
      rows.add(
          Map.of(
              "name", text(each.path("name")),
              "mean", plain(each.path("mean")),
              "sd", plain(each.path("sd")),
              "note", text(each.path("note"))));
    }
    return rows;
  }

  /** Features, training, model, environment and whatever else there is, as tables of pairs. */
  private List<Map<String, Object>> sections() {
    List<Map<String, Object>> sections = new ArrayList<>();
    run.properties()
        .forEach(
            entry -> {
              if (entry.getValue().isObject() && !entry.getKey().equals("data")) {
                List<Map<String, Object>> rows = new ArrayList<>();
                entry
                    .getValue()
                    .properties()
                    .forEach(
                        each -> {
                          // Tables are drawn, or left to the document itself.
                          if (!each.getValue().path(0).isObject()) {
                            flatten(words(each.getKey()), each.getValue(), false, rows);
                          }
                        });
                sections.add(Map.of("title", words(entry.getKey()), "rows", rows));
              }
            });
    return sections;
  }

  private void flatten(
      String label, JsonNode value, boolean grouped, List<Map<String, Object>> rows) {
    if (value.isObject()) {
      value
          .properties()
          .forEach(e -> flatten(label + " · " + e.getKey(), e.getValue(), grouped, rows));
    } else {
      boolean count = value.isIntegralNumber() && grouped;
      rows.add(pair(label, count ? NumberText.plain(value.asDouble()) : shown(value)));
    }
  }

  private static Map<String, Object> pair(String label, String value) {
    return Map.of("label", label, "value", value);
  }

  private List<Map<String, Object>> options() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode each : run.path("options")) {
      String origin = text(each.path("origin"));
      rows.add(
          Map.of(
              "key", text(each.path("key")),
              "value", shown(each.path("value")),
              "origin", origin,
              "isDefault", origin.equals("default")));
    }
    return rows;
  }

  // ---- reading

  private static String shown(JsonNode value) {
    if (value.isIntegralNumber()) {
      return value.asText(); // seeds and counts as they are, to be copied
    }
    if (value.isNumber()) {
      return NumberText.plain(value.asDouble());
    }
    if (value.isArray()) {
      List<String> parts = new ArrayList<>();
      for (JsonNode part : value) {
        parts.add(shown(part));
      }
      return String.join(", ", parts);
    }
    String text = text(value);
    return text.isEmpty() ? NONE : text;
  }

  private static double number(JsonNode node) {
    return node.isNumber() ? node.asDouble() : Double.NaN;
  }

  /** The text of a node; what XML cannot hold is replaced. */
  private static String text(JsonNode node) {
    String raw =
        node.isMissingNode() || node.isNull()
            ? ""
            : node.isContainerNode() ? node.toString() : node.asText();
    StringBuilder clean = new StringBuilder(raw.length());
    raw.codePoints()
        .map(
            c ->
                (c < 0x20 && c != '\n' && c != '\t')
                        || (c >= 0x7f && c < 0xa0)
                        || (c >= 0xd800 && c < 0xe000)
                        || (c & 0xfffe) == 0xfffe
                    ? 0xfffd
                    : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    for (JsonNode each : array) {
      texts.add(text(each));
    }
    return texts;
  }

  /** {@code lengthScale} as "Length scale"; some keys have words of their own. */
  private static String words(String key) {
    String known = WORDS.get(key);
    if (known != null) {
      return known;
    }
    String spaced = text(Json.of(key)).replaceAll("(?<=[a-z0-9])(?=[A-Z][a-z])", " ");
    if (spaced.isEmpty()) {
      return spaced;
    }
    String first = spaced.substring(0, 1).toUpperCase(Locale.ROOT);
    StringBuilder words = new StringBuilder(first);
    for (int i = 1; i < spaced.length(); i++) {
      boolean startsWord = spaced.charAt(i - 1) == ' ';
      words.append(startsWord ? Character.toLowerCase(spaced.charAt(i)) : spaced.charAt(i));
    }
    return words.toString();
  }
}
