package org.snnk.report;

import static org.snnk.report.DocumentText.number;
import static org.snnk.report.DocumentText.plain;
import static org.snnk.report.DocumentText.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the page shows of slices: a table for each column, its first figure drawn as well. */
final class SlicePart {
  private static final List<String> BINARY = List.of("auc", "accuracy", "logLoss", "brier");
  private static final List<String> CLASSES =
      List.of("accuracy", "balancedAccuracy", "macroF1", "logLoss");
  private static final List<String> NUMBERS = List.of("rmse", "mae", "r2");
  private static final int DRAWN = 0;

  private final MeasuredFigures metrics;
  private final List<String> keys;

  SlicePart(MeasuredFigures metrics) {
    this.metrics = metrics;
    this.keys =
        !metrics.path("rmse").isMissingNode()
            ? NUMBERS
            : metrics.path("positiveClass").isMissingNode() ? CLASSES : BINARY;
  }

  private boolean isShare() {
    return keys != NUMBERS;
  }

  List<Map<String, Object>> tables() {
    List<Map<String, Object>> tables = new ArrayList<>();
    for (JsonNode slice : metrics.path("slices")) {
      tables.add(table(slice));
    }
    return tables;
  }

  private Map<String, Object> table(JsonNode slice) {
    double low = number(metrics.path(keys.get(DRAWN)));
    double high = low;
    for (JsonNode group : slice.path("groups")) {
      for (double value : ends(group)) {
        low = Math.min(Double.isNaN(low) ? value : low, Double.isNaN(value) ? low : value);
        high = Math.max(Double.isNaN(high) ? value : high, Double.isNaN(value) ? high : value);
      }
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode group : slice.path("groups")) {
      rows.add(row(group, low, high));
    }
    long others = slice.path("otherValues").asLong();
    String note =
        others > 0
            ? "The column has "
                + (others + slice.path("groups").size() - 1)
                + " values; the less frequent ones are put together."
            : slice.path("kind").asText().equals("bands")
                ? "Bands of about as many rows each; a lower edge belongs to its band."
                : "";
    return Map.of(
        "column", text(slice.path("column")),
        "headers", keys.stream().map(DocumentText::words).toList(),
        "all", place(number(metrics.path(keys.get(DRAWN))), low, high),
        "rows", rows,
        "note", note);
  }

  /** The drawn figure of a slice, and the ends of its interval. */
  private double[] ends(JsonNode group) {
    double value = number(group.path(keys.get(DRAWN)));
    JsonNode interval = group.path("intervals").path("figures").path(keys.get(DRAWN));
    double low = number(interval.path(0));
    double high = number(interval.path(1));
    return new double[] {Double.isNaN(low) ? value : low, value, Double.isNaN(high) ? value : high};
  }

  private Map<String, Object> row(JsonNode group, double low, double high) {
    List<String> figures = new ArrayList<>();
    for (String key : keys) {
      boolean share = isShare() || key.equals("r2");
      figures.add(share ? NumberText.share(number(group.path(key))) : plain(group.path(key)));
    }
    double[] ends = ends(group);
    String from = place(ends[0], low, high);
    String to = place(ends[2], low, high);
    boolean drawn = !Double.isNaN(ends[1]);
    return Map.of(
        "name", text(group.path("name")),
        "rows", plain(group.path("rows")),
        "figures", figures,
        "interval", MeasuredFigures.interval(group, keys.get(DRAWN), isShare()),
        "drawn", drawn,
        "from", from,
        "width",
            drawn ? NumberText.coordinate(Double.parseDouble(to) - Double.parseDouble(from)) : "0",
        "at", place(ends[1], low, high),
        "why", why(group));
  }

  /** Why the drawn figure, or the first one, is not defined; empty where it is. */
  private String why(JsonNode group) {
    for (String key : keys) {
      if (group.path("undefined").has(key)) {
        return text(group.path("undefined").path(key));
      }
    }
    return "";
  }

  /** Where a value lies between both ends, in per cent. */
  private static String place(double value, double low, double high) {
    return Double.isNaN(value)
        ? "0"
        : NumberText.coordinate(high > low ? 2 + 96 * (value - low) / (high - low) : 50);
  }
}
