package org.snnk.report;

import static org.snnk.report.DocumentText.number;
import static org.snnk.report.DocumentText.plain;
import static org.snnk.report.DocumentText.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snnk.metric.Bins;

/** What the page shows of predicted numbers. */
final class RegressionPart {
  private static final int PLOTTED_TARGETS = 4;
  private static final double LEAST_BAND = 0.001; // what holds less is noise

  private final MeasuredFigures metrics;

  RegressionPart(MeasuredFigures metrics) {
    this.metrics = metrics;
  }

  String lead() {
    double r2 = number(metrics.path("r2"));
    if (Double.isNaN(r2)) {
      return "";
    }
    if (r2 < 0) {
      return "The model is no better than always answering the mean of the evaluated rows.";
    }
    return "The model explains "
        + NumberText.percent(r2)
        + " of the variance over "
        + NumberText.plain(metrics.path("rows").asDouble())
        + " evaluated rows"
        + (metrics.weighted() ? " (by weight)." : ".");
  }

  List<Map<String, Object>> headline() {
    List<Map<String, Object>> headline = new ArrayList<>();
    if (metrics.path("rmse").isMissingNode()) {
      return headline;
    }
    JsonNode targets = metrics.path("targets");
    boolean one = targets.size() == 1;
    String sd = "sd of the target: " + plain(targets.path(0).path("sd"));
    headline.add(
        metrics.headline("R²", "r2", true, one ? "share of variance" : "mean over targets"));
    headline.add(metrics.headline("RMSE", "rmse", false, one ? sd : "over all targets"));
    headline.add(metrics.headline("MAE", "mae", false, "mean absolute error"));
    if (one) {
      headline.add(
          Map.of(
              "label",
              "Bias",
              "value",
              plain(targets.path(0).path("bias")),
              "interval",
              metrics.interval("bias", false),
              "note",
              "mean of predicted − true"));
    }
    headline.add(metrics.rows());
    return headline;
  }

  /** What shares of the errors stay below, for one target. */
  List<Map<String, Object>> quantiles() {
    List<Map<String, Object>> rows = new ArrayList<>();
    JsonNode targets = metrics.path("targets");
    for (String key : List.of("errorQuantiles", "absoluteErrorQuantiles")) {
      for (JsonNode each : targets.size() == 1 ? targets.path(0).path(key) : targets.path("")) {
        rows.add(
            Map.of(
                "what", key.startsWith("a") ? "size of the error" : "error",
                "share", NumberText.percent(number(each.path("share"))),
                "error", plain(each.path("error")),
                "bound", plain(each.path("bound"))));
      }
    }
    return rows;
  }

  List<Map<String, Object>> targets() {
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

  List<Map<String, Object>> plots() {
    List<Map<String, Object>> plots = new ArrayList<>();
    for (JsonNode target : metrics.path("targets")) {
      if (plots.size() == 3 * PLOTTED_TARGETS) {
        break;
      }
      String name = text(target.path("name"));
      density(plots, name, target.path("density"));
      errors(plots, name, target.path("errorHistogram"));
      residuals(plots, name, target.path("residuals"));
    }
    return plots;
  }

  private void density(List<Map<String, Object>> plots, String name, JsonNode density) {
    double low = number(density.path("low"));
    double high = number(density.path("high"));
    JsonNode rows = density.path("weights");
    if (!(low < high) || rows.isEmpty() || metrics.weight() == 0) {
      return;
    }
    int from = rows.size();
    int to = 0;
    for (int i = 0; i < rows.size(); i++) {
      for (int j = 0; j < rows.size(); j++) {
        if (rows.path(i).path(j).asDouble() > 0) {
          from = Math.min(from, Math.min(i, j));
          to = Math.max(to, Math.max(i, j) + 1);
        }
      }
    }
    if (to == 0) {
      return;
    }
    // What holds nothing on both axes is cut off, but for a margin of one cell.
    boolean beyond = from == 0 || to == rows.size();
    from = Math.max(0, from - 1);
    to = Math.min(rows.size(), to + 1);
    Bins whole = new Bins(low, high, rows.size());
    low = whole.edge(from);
    high = whole.edge(to);
    int n = to - from;
    double[][] weights = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        weights[i][j] = rows.path(from + i).path(from + j).asDouble();
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
                    + (metrics.weighted() ? "weight" : "rows")
                    + " (logarithmic)."
                    + (beyond
                        ? " Cells at the edge also hold what lies more than four deviations from"
                            + " the training mean."
                        : ""))
            .model());
  }

  private void errors(List<Map<String, Object>> plots, String name, JsonNode histogram) {
    double low = number(histogram.path("low"));
    double high = number(histogram.path("high"));
    JsonNode bars = histogram.path("weights");
    if (!(low < high) || bars.isEmpty() || metrics.weight() == 0) {
      return;
    }
    double[] shares = new double[bars.size()];
    double most = 0;
    for (int b = 0; b < shares.length; b++) {
      shares[b] = 100 * bars.path(b).asDouble() / metrics.weight();
      most = Math.max(most, shares[b]);
    }
    Bins bins = new Bins(low, high, shares.length);
    Plot plot =
        new Plot(
            "Errors: " + name,
            "Share of rows by predicted minus true value",
            Axis.of("Predicted − true " + name, low, high),
            Axis.of(metrics.weighted() ? "Weight in %" : "Rows in %", 0, most * 1.05));
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

  /** The spread of the error in bands of the prediction. */
  private void residuals(List<Map<String, Object>> plots, String name, JsonNode bands) {
    List<double[]> middle = new ArrayList<>();
    List<double[]> half = new ArrayList<>();
    List<double[]> most = new ArrayList<>();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (JsonNode band : bands) {
      JsonNode quantiles = band.path("quantiles");
      double x = (number(band.path("from")) + number(band.path("to"))) / 2;
      if (number(band.path("weight")) < LEAST_BAND * metrics.weight()) {
        continue;
      }
      most.add(new double[] {x, number(quantiles.path(0)), number(quantiles.path(4))});
      half.add(new double[] {x, number(quantiles.path(1)), number(quantiles.path(3))});
      middle.add(new double[] {x, number(quantiles.path(2))});
      low = Math.min(low, number(quantiles.path(0)));
      high = Math.max(high, number(quantiles.path(4)));
    }
    if (middle.size() < 2 || !(low <= high)) {
      return;
    }
    double from = middle.get(0)[0];
    double to = middle.get(middle.size() - 1)[0];
    double room = (high - low) * 0.06;
    plots.add(
        new Plot(
                "Errors by prediction: " + name,
                "Quantiles of predicted minus true value in bands of the predicted value",
                Axis.of("Predicted " + name, from, to),
                Axis.of("Predicted − true " + name, low - room, high + room))
            .band(0, most)
            .band(0, half)
            .reference(from, 0, to, 0)
            .line(0, middle, true)
            .note(
                "The line is the median; the bands hold half and nine tenths of the errors. Bands"
                    + " with less than 0.1 % of the rows are left out.")
            .model());
  }
}
