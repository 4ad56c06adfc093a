package org.snnk.report;

import freemarker.template.TemplateException;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snnk.SnnkException;

/**
 * Means with their standard deviations as an SVG file of its own, both axes logarithmic.
 *
 * <p><b>Deterministic</b>: a function of the numbers.
 */
public final class CurvePlot {
  private CurvePlot() {}

  /**
   * A point of a curve.
   *
   * @param x place on the axis, &gt; 0
   * @param mean height
   * @param deviation half the length of the bar through it
   */
  public record Point(double x, double mean, double deviation) {}

  /** Points under a name. */
  public record Curve(String name, List<Point> points) {
    /** Copies the points. */
    public Curve {
      points = List.copyOf(points);
    }
  }

  /**
   * Draws.
   *
   * @throws SnnkException if there is no point with finite, positive coordinates
   */
  public static String render(String title, String xLabel, String yLabel, List<Curve> curves) {
    double left = Double.POSITIVE_INFINITY;
    double right = 0;
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (Curve curve : curves) {
      for (Point point : drawn(curve)) {
        left = Math.min(left, point.x);
        right = Math.max(right, point.x);
        low = Math.min(low, point.mean);
        high = Math.max(high, point.mean + point.deviation);
      }
    }
    if (right == 0) {
      throw new SnnkException(
          "plot '" + title + "'",
          "a point with finite coordinates > 0",
          "none",
          null,
          "Look at the table; errors may have overflowed.");
    }
    Plot plot =
        new Plot(
            title,
            yLabel + " against " + xLabel + ", with standard deviations",
            Axis.logarithmic(xLabel, left, right),
            Axis.logarithmic(yLabel, low / 2, high * 1.1));
    for (int c = 0; c < curves.size(); c++) {
      List<double[]> line = new ArrayList<>();
      for (Point point : drawn(curves.get(c))) {
        line.add(new double[] {point.x, point.mean});
        double bottom = Math.max(low / 2, point.mean - point.deviation);
        plot.reference(point.x, bottom, point.x, point.mean + point.deviation);
      }
      plot.line(c, line, true).legend(c, curves.get(c).name());
    }
    StringWriter out = new StringWriter();
    try {
      Map<String, Object> page = Map.of("p", plot.model(), "height", 360 + 18 * curves.size());
      HtmlReport.template("curves.ftlh").process(page, out);
    } catch (TemplateException | IOException e) {
      throw new IllegalStateException("the plot's template does not fit its model", e);
    }
    return out.toString();
  }

  private static List<Point> drawn(Curve curve) {
    return curve.points.stream()
        .filter(
            point ->
                point.x > 0
                    && point.mean > 0
                    && Double.isFinite(point.x + point.mean + point.deviation))
        .toList();
  }
}
