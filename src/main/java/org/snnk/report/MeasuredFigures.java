package org.snnk.report;

import static org.snnk.report.DocumentText.number;
import static org.snnk.report.DocumentText.plain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** The figures of a metrics document, as the page shows them. */
final class MeasuredFigures {
  private static final String NONE = "–";

  private final JsonNode metrics;

  MeasuredFigures(JsonNode metrics) {
    this.metrics = metrics;
  }

  JsonNode path(String key) {
    return metrics.path(key);
  }

  /** The weight of the evaluated rows. */
  double weight() {
    return metrics.path("weight").asDouble(metrics.path("rows").asDouble());
  }

  boolean weighted() {
    return metrics.path("weighted").asBoolean();
  }

  /** A figure between 0 and 1. */
  String share(String key) {
    return NumberText.share(number(metrics.path(key)));
  }

  /** Any figure. */
  String value(String key) {
    return plain(metrics.path(key));
  }

  /** A figure of the head, with its interval where it has one. */
  Map<String, Object> headline(String label, String key, boolean share, String note) {
    String value = share ? share(key) : value(key);
    return Map.of(
        "label",
        label,
        "value",
        value,
        "interval",
        interval(metrics, key, share),
        "note",
        value.equals(NONE) ? "undefined" : note);
  }

  /** The number of rows, for the head. */
  Map<String, Object> rows() {
    return Map.of(
        "label",
        "Rows",
        "value",
        value("rows"),
        "interval",
        "",
        "note",
        weighted() ? "weight " + NumberText.plain(weight()) : "evaluated");
  }

  /** The interval of a figure; empty where there is none. */
  String interval(String key, boolean share) {
    return interval(metrics, key, share);
  }

  /** The interval of a figure in a document or a slice; empty where there is none. */
  static String interval(JsonNode document, String key, boolean share) {
    JsonNode ends = document.path("intervals").path("figures").path(key);
    if (!ends.path(0).isNumber()) {
      return "";
    }
    double low = ends.path(0).asDouble();
    double high = ends.path(1).asDouble();
    return share
        ? NumberText.share(low) + " to " + NumberText.share(high)
        : plain(ends.path(0)) + " to " + plain(ends.path(1));
  }

  /** How the intervals were made; empty where there are none. */
  String intervalNote() {
    JsonNode intervals = metrics.path("intervals");
    return intervals.isMissingNode()
        ? ""
        : "Intervals hold the middle "
            + NumberText.percent(number(intervals.path("level")))
            + " of a Poisson bootstrap of the evaluated rows; they say nothing of another training.";
  }
}
