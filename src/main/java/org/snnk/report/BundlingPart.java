package org.snnk.report;

import static org.snnk.report.DocumentText.number;
import static org.snnk.report.DocumentText.shown;
import static org.snnk.report.DocumentText.text;
import static org.snnk.report.DocumentText.words;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the page shows of bundled layers. */
final class BundlingPart {
  private static final List<String> FIGURES =
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

  private final JsonNode steps;

  BundlingPart(JsonNode run) {
    this.steps = run.path("bundling").path("steps");
  }

  /** A row for each number of bundled layers, the cells in the order of the page. */
  List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode step : steps) {
      List<String> cells = new ArrayList<>();
      for (String key : FIGURES) {
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
  List<Map<String, Object>> plots() {
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
  List<String> names() {
    return FIGURES.stream().filter(key -> steps.path(0).has(key)).map(DocumentText::words).toList();
  }
}
