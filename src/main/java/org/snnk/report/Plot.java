package org.snnk.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A drawing as plain numbers and path strings: what the template's {@code plot} macro puts into
 * inline SVG. Text stays text until the template escapes it.
 */
final class Plot {
  private static final double LEFT = 70;
  private static final double RIGHT = 464;
  private static final double TOP = 12;
  private static final double BOTTOM = 300;
  private static final int SERIES = 6;
  private static final int LEVELS = 8;

  private final String title;
  private final String description;
  private final Axis x;
  private final Axis y;
  private final List<Map<String, Object>> shapes = new ArrayList<>();
  private final List<Map<String, Object>> legend = new ArrayList<>();
  private final List<Map<String, Object>> marks = new ArrayList<>();
  private String note = "";

  /**
   * An empty plot.
   *
   * @param title heading
   * @param description one sentence for those who do not see it
   */
  Plot(String title, String description, Axis x, Axis y) {
    this.title = title;
    this.description = description;
    this.x = x;
    this.y = y;
  }

  private double left(double value) {
    return LEFT + x.at(value) * (RIGHT - LEFT);
  }

  private double down(double value) {
    return BOTTOM - y.at(value) * (BOTTOM - TOP);
  }

  private String at(double px, double py) {
    return NumberText.coordinate(left(px)) + " " + NumberText.coordinate(down(py));
  }

  /** A broken line through points, each [x, y]. */
  Plot line(int series, List<double[]> points, boolean dots) {
    if (points.isEmpty()) {
      return this;
    }
    StringBuilder path = new StringBuilder();
    for (double[] point : points) {
      path.append(path.length() == 0 ? "M" : "L").append(at(point[0], point[1]));
    }
    shapes.add(shape("line c" + series % SERIES, path.toString()));
    if (dots || points.size() == 1) { // a line of one point would not be seen
      dots(series, points);
    }
    return this;
  }

  /** The area between two lines; points are [x, lower y, upper y]. */
  Plot band(int series, List<double[]> points) {
    StringBuilder path = new StringBuilder();
    for (double[] point : points) {
      path.append(path.length() == 0 ? "M" : "L").append(at(point[0], point[1]));
    }
    for (int i = points.size() - 1; i >= 0; i--) {
      path.append("L").append(at(points.get(i)[0], points.get(i)[2]));
    }
    shapes.add(shape("band f" + series % SERIES, path.append("z").toString()));
    return this;
  }

  /** Dots at points. */
  Plot dots(int series, List<double[]> points) {
    StringBuilder path = new StringBuilder();
    for (double[] point : points) {
      // A line without length and with a round cap is a dot.
      path.append("M").append(at(point[0], point[1])).append("h0");
    }
    shapes.add(shape("dots c" + series % SERIES, path.toString()));
    return this;
  }

  /** A ring around a point. */
  Plot ring(double px, double py) {
    double r = 7;
    shapes.add(
        shape(
            "ring",
            "M"
                + NumberText.coordinate(left(px) - r)
                + " "
                + NumberText.coordinate(down(py))
                + "a7 7 0 1 0 14 0a7 7 0 1 0 -14 0"));
    return this;
  }

  /** A short text beside a point. */
  Plot mark(double px, double py, String text) {
    marks.add(
        Map.of(
            "at", NumberText.coordinate(left(px) + 7),
            "down", NumberText.coordinate(down(py) - 6),
            "text", text));
    return this;
  }

  /** A thin dashed line for comparison. */
  Plot reference(double x1, double y1, double x2, double y2) {
    shapes.add(shape("reference", "M" + at(x1, y1) + "L" + at(x2, y2)));
    return this;
  }

  /** Bars of equal width from the axis up. */
  Plot bars(double low, double high, double[] heights) {
    StringBuilder path = new StringBuilder();
    for (int b = 0; b < heights.length; b++) {
      if (heights[b] > 0) {
        rectangle(
            path,
            low + (high - low) * b / heights.length,
            0,
            low + (high - low) * (b + 1) / heights.length,
            heights[b]);
      }
    }
    shapes.add(shape("bars", path.toString()));
    return this;
  }

  /** Square cells [x][y] of one range, shaded by the logarithm of their weight. */
  Plot cells(double low, double high, double[][] weights) {
    double most = 0;
    double least = Double.POSITIVE_INFINITY;
    for (double[] row : weights) {
      for (double w : row) {
        most = Math.max(most, w);
        least = w > 0 ? Math.min(least, w) : least;
      }
    }
    StringBuilder[] levels = new StringBuilder[LEVELS];
    int n = weights.length;
    double width = (high - low) / n;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (weights[i][j] > 0) {
          double shade =
              most > least ? Math.log(weights[i][j] / least) / Math.log(most / least) : 1;
          int level = (int) Math.min(LEVELS - 1, shade * LEVELS);
          levels[level] = levels[level] == null ? new StringBuilder() : levels[level];
          rectangle(
              levels[level],
              low + i * width,
              low + j * width,
              low + (i + 1) * width,
              low + (j + 1) * width);
        }
      }
    }
    for (int level = 0; level < LEVELS; level++) {
      if (levels[level] != null) {
        shapes.add(shape("cell l" + level, levels[level].toString()));
      }
    }
    return this;
  }

  private void rectangle(StringBuilder path, double x1, double y1, double x2, double y2) {
    path.append("M")
        .append(at(x1, y1))
        .append("V")
        .append(NumberText.coordinate(down(y2)))
        .append("H")
        .append(NumberText.coordinate(left(x2)))
        .append("V")
        .append(NumberText.coordinate(down(y1)))
        .append("z");
  }

  /** Names a series. */
  Plot legend(int series, String name) {
    legend.add(Map.of("series", "c" + series % SERIES, "name", name));
    return this;
  }

  /** A sentence below, after those before. */
  Plot note(String text) {
    note = note.isEmpty() ? text : note + " " + text;
    return this;
  }

  private static Map<String, Object> shape(String classes, String path) {
    return Map.of("classes", classes, "path", path);
  }

  /** What the template reads. */
  Map<String, Object> model() {
    List<Map<String, Object>> xTicks = new ArrayList<>();
    for (Map<String, Object> tick : x.ticks()) {
      double at = LEFT + (double) tick.get("at") * (RIGHT - LEFT);
      xTicks.add(Map.of("at", NumberText.coordinate(at), "label", tick.get("label")));
    }
    List<Map<String, Object>> yTicks = new ArrayList<>();
    for (Map<String, Object> tick : y.ticks()) {
      double at = BOTTOM - (double) tick.get("at") * (BOTTOM - TOP);
      yTicks.add(Map.of("at", NumberText.coordinate(at), "label", tick.get("label")));
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("title", title);
    model.put("description", description);
    model.put("xLabel", x.label());
    model.put("yLabel", y.label());
    model.put("xTicks", xTicks);
    model.put("yTicks", yTicks);
    model.put("shapes", shapes);
    model.put("legend", legend);
    model.put("marks", marks);
    model.put("note", note);
    model.put("left", NumberText.coordinate(LEFT));
    model.put("right", NumberText.coordinate(RIGHT));
    model.put("top", NumberText.coordinate(TOP));
    model.put("bottom", NumberText.coordinate(BOTTOM));
    return model;
  }
}
