package org.snnk.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One self-contained page about a comparison, made from {@code run.json} and {@code
 * comparison.json} alone, and its table as plain text.
 *
 * <p>As {@link HtmlReport}: no script, no network, every text escaped by the template's format.
 *
 * <p><b>Deterministic</b>: a function of the two documents.
 */
public final class ComparisonReport {
  private static final String NONE = "–";
  private static final Pattern NUMBER =
      Pattern.compile("-?\\d+\\.\\d+([eE]-?\\d+)?|\\d+[eE]-?\\d+");
  private static final List<String> SHOWN =
      List.of("logLoss", "accuracy", "auc", "rmse", "mae", "r2");

  private final JsonNode run;
  private final JsonNode comparison;
  private final List<JsonNode> measures = new ArrayList<>();

  private ComparisonReport(JsonNode run, JsonNode comparison) {
    this.run = run;
    this.comparison = comparison;
    for (JsonNode measure : comparison.path("measures")) {
      boolean any = false;
      for (JsonNode contender : comparison.path("contenders")) {
        any |= contender.path("figures").has(measure.path("key").asText());
      }
      if (any) {
        measures.add(measure);
      }
    }
  }

  /**
   * Makes the page.
   *
   * @param run the document {@code run.json}
   * @param comparison the document {@code comparison.json}
   * @return the text of {@code report.html}
   */
  public static String render(JsonNode run, JsonNode comparison) {
    return HtmlReport.fill("comparison.ftlh", new ComparisonReport(run, comparison).model());
  }

  private Map<String, Object> model() {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("title", run.path("title").asText("Comparison"));
    page.put("subtitle", subtitle());
    List<String> warnings = new ArrayList<>();
    run.path("warnings").forEach(each -> warnings.add(each.asText()));
    page.put("warnings", warnings);
    page.put("lead", lead());
    page.put("measures", shown().stream().map(each -> each.path("label").asText()).toList());
    page.put("contenders", contenders());
    page.put("differenceNames", differenceNames());
    page.put("confidence", NumberText.percent(comparison.path("confidence").asDouble()));
    page.put("baseline", comparison.path("baseline").asText());
    page.put("plots", plots());
    page.put("trainings", trainings());
    page.put("settings", settings());
    page.put("layers", layers());
    page.put("command", run.path("command").asText());
    page.put("timings", pairs(run.path("timings"), "phase", "seconds"));
    page.put("environment", environment());
    page.put("options", options());
    return page;
  }

  private String subtitle() {
    List<String> parts = new ArrayList<>();
    parts.add(NumberText.plain(comparison.path("trainingRows").asDouble()) + " training rows");
    parts.add(NumberText.plain(comparison.path("testRows").asDouble()) + " test rows");
    parts.add(comparison.path("inputs").asText() + " inputs");
    parts.add("seeds " + texts(comparison.path("seeds")));
    parts.addAll(DocumentText.occasion(run));
    return String.join(" · ", parts);
  }

  /** The measure that plots show, the first one. */
  private JsonNode first() {
    return measures.get(0);
  }

  private List<JsonNode> shown() {
    return measures.stream().filter(each -> SHOWN.contains(each.path("key").asText())).toList();
  }

  private static double mean(JsonNode contender, String... path) {
    JsonNode node = contender;
    for (String name : path) {
      node = node.path(name);
    }
    return node.path("mean").asDouble(Double.NaN);
  }

  private String lead() {
    if (measures.isEmpty()) {
      return "";
    }
    String key = first().path("key").asText();
    boolean lower = first().path("lowerIsBetter").asBoolean();
    JsonNode best = null;
    for (JsonNode each : comparison.path("contenders")) {
      double value = mean(each, "figures", key);
      double most = best == null ? Double.NaN : mean(best, "figures", key);
      if (!Double.isNaN(value) && (best == null || (lower ? value < most : value > most))) {
        best = each;
      }
    }
    return "The best "
        + first().path("label").asText().toLowerCase(Locale.ROOT).replace("rmse", "RMSE")
        + " on the test rows, "
        + NumberText.plain(mean(best, "figures", key))
        + ", is that of “"
        + best.path("name").asText()
        + "”, fitted in "
        + NumberText.seconds(mean(best, "fitSeconds"))
        + ".";
  }

  private List<String> differenceNames() {
    for (JsonNode each : comparison.path("contenders")) {
      if (each.has("differences")) {
        List<String> names = new ArrayList<>();
        each.path("differences").properties().forEach(entry -> names.add(words(entry.getKey())));
        return names;
      }
    }
    return List.of();
  }

  private static String words(String key) {
    return switch (key) {
      case "logLoss" -> "Log-loss";
      case "accuracy" -> "Accuracy";
      case "squaredError" -> "Squared error";
      case "absoluteError" -> "Absolute error";
      default -> key;
    };
  }

  private List<Map<String, Object>> contenders() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode each : comparison.path("contenders")) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("number", Integer.toString(rows.size() + 1));
      row.put("name", each.path("name").asText());
      row.put("kind", each.path("kind").asText());
      row.put("reason", each.path("failed").asText(each.path("leftOut").asText()));
      row.put("failed", each.has("failed"));
      List<String> figures = new ArrayList<>();
      for (JsonNode measure : shown()) {
        figures.add(spread(each.path("figures").path(measure.path("key").asText())));
      }
      row.put("figures", figures);
      boolean any = each.has("fitSeconds");
      row.put("fit", any ? NumberText.seconds(mean(each, "fitSeconds")) : NONE);
      row.put("score", any ? NumberText.seconds(mean(each, "scoreSeconds")) : NONE);
      row.put("peak", any ? megabytes(mean(each, "peakHeapBytes")) : NONE);
      row.put("bytes", any ? kilobytes(mean(each, "modelBytes")) : NONE);
      row.put("parameters", any ? NumberText.plain(Math.rint(mean(each, "parameters"))) : NONE);
      row.put("tried", any ? each.path("candidates").asText() : NONE);
      row.put("differences", differences(each));
      rows.add(row);
    }
    return rows;
  }

  private static String megabytes(double bytes) {
    return NumberText.plain(Math.rint(bytes / 1e5) / 10) + "\u202fMB";
  }

  private static String kilobytes(double bytes) {
    return bytes < 1e6
        ? NumberText.plain(Math.rint(bytes / 1e2) / 10) + "\u202fkB"
        : megabytes(bytes);
  }

  private static String spread(JsonNode spread) {
    if (!spread.has("mean")) {
      return NONE;
    }
    double sd = spread.path("sd").asDouble();
    String mean = decimals(spread.path("mean").asDouble());
    return sd > 0 ? mean + " ±\u202f" + decimals(sd) : mean; // broken before the sign only
  }

  private static String decimals(double x) {
    return Math.abs(x) < 10 ? String.format(Locale.ROOT, "%.4f", x) : NumberText.plain(x);
  }

  private List<Map<String, Object>> differences(JsonNode contender) {
    List<Map<String, Object>> all = new ArrayList<>();
    contender
        .path("differences")
        .forEach(
            each -> {
              JsonNode interval = each.path("overRowsAndSeeds");
              double low = interval.path(0).asDouble();
              double high = interval.path(1).asDouble();
              Map<String, Object> one = new LinkedHashMap<>();
              one.put("mean", signed(each.path("mean").asDouble()));
              one.put("interval", signed(low) + " to " + signed(high));
              one.put("clear", low > 0 || high < 0);
              all.add(one);
            });
    return all;
  }

  private static String signed(double x) {
    String size = decimals(Math.abs(x));
    return (x < 0 ? "−" : "+") + size;
  }

  // ---- plots

  private List<Map<String, Object>> plots() {
    List<Map<String, Object>> plots = new ArrayList<>();
    if (measures.isEmpty()) {
      return plots;
    }
    plots.add(against("fitSeconds", "Time of the fit in seconds", "Quality and time"));
    plots.add(against("parameters", "Trained parameters", "Quality and size"));
    plots.add(spreads());
    return plots;
  }

  /** Least and largest of the first measure, with some air. */
  private Axis quality() {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    String key = first().path("key").asText();
    for (JsonNode each : comparison.path("contenders")) {
      JsonNode spread = each.path("figures").path(key);
      if (spread.has("mean")) {
        low = Math.min(low, spread.path("least").asDouble());
        high = Math.max(high, spread.path("most").asDouble());
      }
    }
    double air = (high - low) * 0.06;
    String better = first().path("lowerIsBetter").asBoolean() ? " (lower is better)" : "";
    return Axis.of(first().path("label").asText() + ", test rows" + better, low - air, high + air);
  }

  /** A mark of one contender in a plot. */
  private record Mark(int number, double x, JsonNode quality) {}

  private Map<String, List<Mark>> marks(String quantity) {
    String key = first().path("key").asText();
    Map<String, List<Mark>> series = new LinkedHashMap<>();
    int number = 0;
    for (JsonNode each : comparison.path("contenders")) {
      number++;
      double x = mean(each, quantity);
      JsonNode quality = each.path("figures").path(key);
      if (x > 0 && quality.has("mean")) {
        series
            .computeIfAbsent(each.path("series").asText(), any -> new ArrayList<>())
            .add(new Mark(number, x, quality));
      }
    }
    return series;
  }

  private Map<String, Object> against(String quantity, String label, String title) {
    Map<String, List<Mark>> series = marks(quantity);
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (List<Mark> marks : series.values()) {
      for (Mark mark : marks) {
        low = Math.min(low, mark.x);
        high = Math.max(high, mark.x);
      }
    }
    double air = Math.max(1.15, Math.pow(high / low, 0.05));
    Plot plot =
        new Plot(
            title,
            first().path("label").asText() + " against " + label.toLowerCase(Locale.ROOT),
            Axis.logarithmic(label, low / air, high * air),
            quality());
    int color = 0;
    for (Map.Entry<String, List<Mark>> each : series.entrySet()) {
      List<double[]> points = new ArrayList<>();
      for (Mark mark : each.getValue()) {
        double y = mark.quality.path("mean").asDouble();
        double sd = mark.quality.path("sd").asDouble();
        points.add(new double[] {mark.x, y});
        if (sd > 0) {
          plot.line(
              color, List.of(new double[] {mark.x, y - sd}, new double[] {mark.x, y + sd}), false);
        }
        plot.mark(mark.x, y, Integer.toString(mark.number));
      }
      points.sort((a, b) -> Double.compare(a[0], b[0]));
      if (points.size() > 1 && quantity.equals("parameters")) {
        plot.line(color, points, true);
      } else {
        plot.dots(color, points);
      }
      plot.legend(color++, each.getKey());
    }
    return plot.note("Numbers are those of the table; bars are one deviation over seeds.").model();
  }

  private Map<String, Object> spreads() {
    String key = first().path("key").asText();
    int count = comparison.path("contenders").size();
    Plot plot =
        new Plot(
            "Spread over seeds",
            first().path("label").asText() + " of each training of each contender",
            Axis.of("Contender, by its number in the table", 0.5, count + 0.5),
            quality());
    for (int c = 0; c < count; c++) {
      JsonNode each = comparison.path("contenders").path(c);
      JsonNode spread = each.path("figures").path(key);
      if (!spread.has("mean")) {
        continue;
      }
      double x = c + 1.0;
      plot.line(
          0,
          List.of(
              new double[] {x, spread.path("least").asDouble()},
              new double[] {x, spread.path("most").asDouble()}),
          false);
      List<double[]> dots = new ArrayList<>();
      each.path("runs").forEach(run -> dots.add(new double[] {x, run.path(key).asDouble()}));
      plot.dots(0, dots);
    }
    return plot.note("A dot is a training; the line joins the least and the largest.").model();
  }

  // ---- details

  private List<Map<String, Object>> trainings() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode contender : comparison.path("contenders")) {
      for (JsonNode each : contender.path("runs")) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", contender.path("name").asText());
        row.put("seed", each.path("seed").asText());
        List<String> figures = new ArrayList<>();
        for (JsonNode measure : shown()) {
          figures.add(decimals(each.path(measure.path("key").asText()).asDouble(Double.NaN)));
        }
        row.put("figures", figures);
        row.put("fit", NumberText.seconds(each.path("fitSeconds").asDouble()));
        row.put("score", NumberText.seconds(each.path("scoreSeconds").asDouble()));
        row.put("peak", megabytes(each.path("peakHeapBytes").asDouble()));
        List<String> chosen = new ArrayList<>();
        each.path("chosen")
            .properties()
            .forEach(entry -> chosen.add(entry.getKey() + " " + setting(entry.getValue())));
        row.put("chosen", String.join(", ", chosen));
        rows.add(row);
      }
    }
    return rows;
  }

  /** A value as people write it; settings of peers are numbers in texts. */
  private static String setting(JsonNode value) {
    String text = value.isValueNode() ? value.asText() : value.toString();
    return NUMBER.matcher(text).matches() ? NumberText.plain(Double.parseDouble(text)) : text;
  }

  private List<Map<String, Object>> settings() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode contender : comparison.path("contenders")) {
      List<String> own = new ArrayList<>();
      contender
          .path("settings")
          .properties()
          .forEach(
              entry -> {
                List<String> values = new ArrayList<>();
                JsonNode value = entry.getValue();
                if (value.isArray()) {
                  value.forEach(each -> values.add(setting(each)));
                } else {
                  values.add(setting(value));
                }
                own.add(entry.getKey() + " = " + String.join(", ", values));
              });
      rows.add(Map.of("name", contender.path("name").asText(), "text", String.join("; ", own)));
    }
    return rows;
  }

  private List<Map<String, Object>> layers() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode contender : comparison.path("contenders")) {
      List<String> own = new ArrayList<>();
      for (JsonNode layer : contender.path("layers")) {
        own.add(
            layer.path("layer").asText()
                + ": "
                + NumberText.plain(layer.path("parameters").asDouble()));
      }
      if (!own.isEmpty()) {
        rows.add(Map.of("name", contender.path("name").asText(), "text", String.join("; ", own)));
      }
    }
    return rows;
  }

  private static List<Map<String, Object>> pairs(JsonNode list, String label, String seconds) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode each : list) {
      rows.add(
          Map.of(
              "label", each.path(label).asText(),
              "value", NumberText.seconds(each.path(seconds).asDouble())));
    }
    return rows;
  }

  private List<Map<String, Object>> environment() {
    List<Map<String, Object>> rows = new ArrayList<>();
    run.path("environment")
        .properties()
        .forEach(
            entry ->
                rows.add(
                    DocumentText.pair(
                        DocumentText.words(entry.getKey()), DocumentText.shown(entry.getValue()))));
    return rows;
  }

  private List<Map<String, Object>> options() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode each : run.path("options")) {
      JsonNode value = each.path("value");
      if (each.path("key").asText().equals("compare.contenders")) {
        continue; // they have a table of their own
      }
      rows.add(
          Map.of(
              "key", each.path("key").asText(),
              "value", DocumentText.shown(value),
              "origin", each.path("origin").asText(),
              "isDefault", each.path("origin").asText().equals("default")));
    }
    return rows;
  }

  private static String texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.isValueNode() ? each.asText() : each.toString()));
    return String.join(", ", texts);
  }

  // ---- plain text

  /** The table for a terminal: means, and deviations over seeds where there are several. */
  public static String text(JsonNode comparison) {
    return new ComparisonReport(Json.object(), comparison).table();
  }

  private String table() {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("contender"));
    shown().forEach(measure -> head.add(measure.path("label").asText()));
    head.addAll(List.of("fit", "score", "parameters", "model", "peak heap", "tried"));
    List<String> names = differenceNames();
    names.forEach(name -> head.add("Δ " + name));
    rows.add(head);
    List<String> reasons = new ArrayList<>();
    for (Map<String, Object> each : contenders()) {
      List<String> row = new ArrayList<>(List.of((String) each.get("name")));
      String reason = (String) each.get("reason");
      if (!reason.isEmpty()) {
        String what = (boolean) each.get("failed") ? " failed: " : " was left out: ";
        reasons.add("'" + each.get("name") + "'" + what + reason);
      }
      for (Object figure : (List<?>) each.get("figures")) {
        row.add((String) figure);
      }
      for (String key : List.of("fit", "score", "parameters", "bytes", "peak", "tried")) {
        row.add((String) each.get(key));
      }
      List<?> differences = (List<?>) each.get("differences");
      for (int i = 0; i < names.size(); i++) {
        Map<?, ?> one = i < differences.size() ? (Map<?, ?>) differences.get(i) : null;
        row.add(one == null ? NONE : one.get("mean") + " [" + one.get("interval") + "]");
      }
      rows.add(row);
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < row.size(); c++) {
        int width = 0;
        for (List<String> other : rows) {
          width = Math.max(width, other.get(c).length());
        }
        String pad = " ".repeat(width - row.get(c).length());
        line.append(c == 0 ? row.get(c) + pad : "  " + pad + row.get(c));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    text.append("Δ: against '")
        .append(comparison.path("baseline").asText())
        .append("' on the same test rows, with its ")
        .append(NumberText.percent(comparison.path("confidence").asDouble()))
        .append(" interval over rows and seeds.\n");
    reasons.forEach(reason -> text.append(reason).append('\n'));
    return text.toString().replace('\u202f', ' ');
  }
}
