package org.snnk.report;

import static org.snnk.report.DocumentText.number;
import static org.snnk.report.DocumentText.plain;
import static org.snnk.report.DocumentText.text;
import static org.snnk.report.DocumentText.words;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the page shows of the training. */
final class TrainingPart {
  private static final int PLOTTED_CURVES = 6;
  private static final int LISTED_IMPORTANCES = 40;

  private final JsonNode run;

  TrainingPart(JsonNode run) {
    this.run = run;
  }

  List<Map<String, Object>> plots() {
    List<Map<String, Object>> plots = new ArrayList<>();
    plots.addAll(learningCurve());
    plots.addAll(validation("lengthScales", "Comparison of length scales"));
    plots.addAll(validation("validation", "Choice of λ"));
    plots.addAll(validation("leaveOneOut", "Choice of λ"));
    return plots;
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
    List<double[]> spread = new ArrayList<>();
    for (JsonNode each : run.path("training").path(key)) {
      double scale = number(each.path("lengthScale"));
      double lambda = number(each.path("lambda"));
      double value = number(each.path("value"));
      double error = number(each.path("standardError"));
      if (scale > 0 && lambda > 0 && Double.isFinite(value)) {
        byScale.computeIfAbsent(scale, s -> new ArrayList<>()).add(new double[] {lambda, value});
        lambdas.add(lambda);
        values.add(value);
        if (Double.isFinite(error)) {
          spread.add(new double[] {lambda, value - error, value + error});
          values.addAll(List.of(value - error, value + error));
        }
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
    if (lambdas.size() > 1 && byScale.size() == 1 && spread.size() == lambdas.size()) {
      spread.sort(Comparator.comparingDouble(p -> p[0]));
      plot.band(0, spread);
      plot.note("Shaded: one standard error to each side, from the spread between folds.");
    }
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

  List<Map<String, Object>> timings() {
    double total = 0;
    double longest = 0;
    for (JsonNode each : run.path("timings")) {
      total += each.path("seconds").asDouble();
      longest = Math.max(longest, each.path("seconds").asDouble());
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    if (total == 0) {
      return rows;
    }
    // Phases leave gaps between them: what the whole took beyond them is told too.
    double rest = run.path("seconds").asDouble() - total;
    boolean shown = rest > 0;
    double whole = shown ? total + rest : total;
    longest = Math.max(longest, rest);
    for (JsonNode each : run.path("timings")) {
      rows.add(timing(text(each.path("phase")), each.path("seconds").asDouble(), whole, longest));
    }
    if (shown) {
      rows.add(timing("everything else", rest, whole, longest));
    }
    return rows;
  }

  private static Map<String, Object> timing(
      String phase, double seconds, double whole, double longest) {
    return Map.of(
        "phase", phase,
        "time", NumberText.seconds(seconds),
        "share", NumberText.percent(seconds / whole),
        "width", NumberText.coordinate(100 * seconds / longest));
  }

  /** The inputs by their share of the squared derivatives, the most important first. */
  Map<String, Object> importance() {
    JsonNode importance = run.path("importance");
    List<Map<String, Object>> rows = new ArrayList<>();
    double most = number(importance.path("inputs").path(0).path("share"));
    for (JsonNode each : importance.path("inputs")) {
      if (rows.size() == LISTED_IMPORTANCES) {
        break;
      }
      double share = number(each.path("share"));
      rows.add(
          Map.of(
              "name", text(each.path("name")),
              "share", NumberText.percent(share),
              "width", NumberText.coordinate(most > 0 ? 100 * share / most : 0)));
    }
    return Map.of(
        "rows", rows,
        "more", Math.max(0, importance.path("inputs").size() - LISTED_IMPORTANCES),
        "sampled", plain(importance.path("rows")),
        "none", text(importance.path("none")));
  }
}
