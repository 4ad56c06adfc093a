package org.snnk.report;

import static org.snnk.report.DocumentText.pair;
import static org.snnk.report.DocumentText.plain;
import static org.snnk.report.DocumentText.shown;
import static org.snnk.report.DocumentText.text;
import static org.snnk.report.DocumentText.texts;
import static org.snnk.report.DocumentText.words;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the two documents into what the template shows: texts, rows of tables, plots. */
final class ReportPage {
  private static final int LISTED_CLASSES = 200;
  private static final int LISTED_INPUTS = 300;
  private static final String INTERVAL = "interval of ";
  private static final List<String> APART = List.of("data", "importance");
  private static final Map<String, String> ROWS =
      Map.of(
          "training", "Training rows",
          "droppedFromTraining", "Left out of training: a value missing or unusable",
          "trainingWeight", "Weight of the training rows",
          "test", "Test rows",
          "droppedFromTest", "Left out of the test: a value missing or unusable",
          "scored", "Scored rows",
          "written", "Written rows",
          "dropped", "Left out: a value missing or unusable");

  private final JsonNode run;
  private final MeasuredFigures metrics;

  ReportPage(JsonNode run, JsonNode metrics) {
    this.run = run;
    this.metrics = new MeasuredFigures(metrics);
  }

  Map<String, Object> model() {
    boolean classification = !metrics.path("confusion").isMissingNode();
    ClassificationPart classes = new ClassificationPart(metrics);
    RegressionPart numbers = new RegressionPart(metrics);
    TrainingPart training = new TrainingPart(run);
    BundlingPart bundling = new BundlingPart(run);
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("title", title());
    page.put("subtitle", subtitle());
    page.put("warnings", texts(run.path("warnings")));
    page.put("lead", classification ? classes.lead() : numbers.lead());
    page.put("headline", classification ? classes.headline() : numbers.headline());
    page.put("undefined", undefined());
    page.put("confusion", classification ? classes.confusion() : Map.of());
    page.put("mistakes", classification ? classes.mistakes() : List.of());
    page.put("classes", classification ? classes.classes() : List.of());
    page.put("targets", numbers.targets());
    page.put("quantiles", numbers.quantiles());
    page.put("slices", new SlicePart(metrics).tables());
    page.put("intervalNote", metrics.intervalNote());
    page.put("plots", classification ? classes.plots() : numbers.plots());
    page.put("bundling", bundling.rows());
    page.put("bundlingNames", bundling.names());
    page.put("bundlingPlots", bundling.plots());
    page.put("validation", training.plots());
    page.put("importance", training.importance());
    page.put("timings", training.timings());
    page.put("data", data());
    page.put("balance", balance());
    page.put("inputs", inputs());
    page.put("moreInputs", Math.max(0, run.path("data").path("inputs").size() - LISTED_INPUTS));
    page.put("sections", sections());
    page.put("options", options());
    page.put("command", text(run.path("command")));
    return page;
  }

  private String title() {
    String own = text(run.path("title"));
    String data = text(run.path("data").path("name"));
    return !own.isEmpty() ? own : !data.isEmpty() ? data : "Run";
  }

  private String subtitle() {
    List<String> parts = new ArrayList<>();
    String task =
        text(metrics.path("task").isMissingNode() ? run.path("task") : metrics.path("task"));
    if (!task.isEmpty()) {
      parts.add(task.substring(0, 1).toUpperCase(Locale.ROOT) + task.substring(1));
    }
    parts.addAll(DocumentText.occasion(run));
    return String.join(" · ", parts);
  }

  private List<String> undefined() {
    List<String> reasons = new ArrayList<>();
    JsonNode undefined = metrics.path("undefined");
    undefined
        .properties()
        .forEach(
            each -> {
              boolean interval = each.getKey().startsWith(INTERVAL);
              String name = interval ? each.getKey().substring(INTERVAL.length()) : each.getKey();
              // A figure without a value has no interval either, for the same reason.
              if (!interval || !undefined.has(name)) {
                String subject = (interval ? "Interval of " : "") + words(name);
                reasons.add(subject + ": " + text(each.getValue()) + ".");
              }
            });
    return reasons;
  }

  private List<Map<String, Object>> data() {
    List<Map<String, Object>> rows = new ArrayList<>();
    run.path("data")
        .properties()
        .forEach(
            entry -> {
              if (entry.getKey().equals("rows")) {
                entry.getValue().properties().forEach(each -> counted(each, rows));
              } else if (!entry.getKey().equals("inputs") && !entry.getKey().equals("classes")) {
                flatten(words(entry.getKey()), entry.getValue(), true, rows);
              }
            });
    int inputs = run.path("data").path("inputs").size();
    if (inputs > 0) {
      rows.add(pair("Inputs", NumberText.plain(inputs)));
    }
    JsonNode clipped = run.path("features").path("clippedInputs");
    if (clipped.isNumber()) {
      rows.add(pair(words("clippedInputs"), plain(clipped)));
    }
    return rows;
  }

  /** A number of rows; a weight that only repeats it is left out. */
  private void counted(Map.Entry<String, JsonNode> count, List<Map<String, Object>> rows) {
    String key = count.getKey();
    JsonNode all = run.path("data").path("rows").path("training");
    if (!key.equals("trainingWeight") || count.getValue().asDouble() != all.asDouble()) {
      rows.add(pair(ROWS.getOrDefault(key, words(key)), plain(count.getValue())));
    }
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
              if (entry.getValue().isObject() && !APART.contains(entry.getKey())) {
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
          .forEach(
              each -> {
                // In the data's own section these are names of columns, to be told as they are.
                String name = grouped ? each.getKey() : words(each.getKey());
                flatten(label + " · " + name, each.getValue(), grouped, rows);
              });
    } else {
      boolean count = value.isIntegralNumber() && grouped;
      rows.add(pair(label, count ? NumberText.plain(value.asDouble()) : shown(value)));
    }
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
}
