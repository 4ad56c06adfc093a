package org.snnk.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a suite of runs found, as the document {@code suite.json}, and the page {@code index.html}
 * made from it alone: a row for each run with its figures and a link to its report.
 */
public final class SuiteIndex {
  private static final int VERSION = 1;
  private static final Map<String, String> LABELS =
      Map.of(
          "auc", "AUC",
          "accuracy", "Accuracy",
          "logLoss", "Log-loss",
          "rmse", "RMSE",
          "r2", "R²");
  private static final List<String> FIGURES = List.of("auc", "accuracy", "logLoss", "rmse", "r2");

  private final ObjectNode root = Json.object();

  /** An empty one. */
  public SuiteIndex() {
    root.put("format", "snnk-suite");
    root.put("version", VERSION);
    root.putArray("runs");
  }

  /**
   * A run with a result.
   *
   * @param folder its output, beside the index
   * @param run its {@code run.json}
   * @param metrics its {@code metrics.json}
   */
  public void done(String folder, JsonNode run, JsonNode metrics, double seconds) {
    ObjectNode each = root.withArrayProperty("runs").addObject();
    each.put("name", folder);
    each.put("report", folder + "/report.html");
    each.set("title", run.path("title"));
    each.set("seconds", Json.number(seconds));
    each.set("trainingRows", run.at("/data/rows/training"));
    each.set("testRows", metrics.path("rows"));
    for (String figure : FIGURES) {
      if (metrics.path(figure).isNumber()) {
        each.set(figure, metrics.get(figure));
      }
    }
  }

  /**
   * How the suite was made.
   *
   * @param run its record: command, times and environment are taken
   */
  public void made(JsonNode run) {
    for (String key : List.of("command", "started", "seconds", "environment")) {
      if (run.has(key)) {
        root.set(key, run.get(key));
      }
    }
  }

  /** A run without one, and why. */
  public void failed(String folder, String sentence) {
    root.withArrayProperty("runs").addObject().put("name", folder).put("failed", sentence);
  }

  /** The document. */
  public ObjectNode toJson() {
    return root.deepCopy();
  }

  /** The page of a document. */
  public static String render(JsonNode suite) {
    List<String> columns = new ArrayList<>();
    for (String figure : FIGURES) {
      for (JsonNode each : suite.path("runs")) {
        if (each.has(figure) && !columns.contains(figure)) {
          columns.add(figure);
        }
      }
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode each : suite.path("runs")) {
      List<String> figures = new ArrayList<>();
      columns.forEach(
          column -> figures.add(NumberText.share(each.path(column).asDouble(Double.NaN))));
      rows.add(
          Map.of(
              "name", each.path("name").asText(),
              "title", each.path("title").asText(),
              "report", each.path("report").asText(),
              "failed", each.path("failed").asText(),
              "training", NumberText.plain(each.path("trainingRows").asDouble(Double.NaN)),
              "test", NumberText.plain(each.path("testRows").asDouble(Double.NaN)),
              "figures", figures,
              "seconds",
                  each.has("seconds") ? NumberText.seconds(each.path("seconds").asDouble()) : "–"));
    }
    return HtmlReport.fill(
        "suite.ftlh",
        Map.of(
            "columns", columns.stream().map(LABELS::get).toList(),
            "rows", rows,
            "subtitle", String.join(" · ", DocumentText.occasion(suite)),
            "command", suite.path("command").asText(),
            "environment", environment(suite)));
  }

  private static List<Map<String, Object>> environment(JsonNode suite) {
    List<Map<String, Object>> rows = new ArrayList<>();
    suite
        .path("environment")
        .properties()
        .forEach(
            entry ->
                rows.add(
                    DocumentText.pair(
                        DocumentText.words(entry.getKey()), DocumentText.shown(entry.getValue()))));
    return rows;
  }
}
