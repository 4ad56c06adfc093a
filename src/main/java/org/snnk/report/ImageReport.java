package org.snnk.report;

import com.fasterxml.jackson.databind.JsonNode;
import freemarker.template.TemplateException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One self-contained page about networks fitted to a picture, made from {@code run.json}, {@code
 * fit.json} and the files of {@code images/}, which it holds.
 *
 * <p><b>Deterministic</b>: a function of the documents and pictures.
 */
public final class ImageReport {
  /** Points of a learning curve that are drawn, evenly on a logarithmic axis. */
  private static final int DRAWN_POINTS = 24;

  private ImageReport() {}

  /**
   * Makes the page.
   *
   * @param pictures PNG files by name: {@code truth} and each network's key, and the same with
   *     {@code -gradient}
   * @return the text of {@code report.html}
   */
  public static String render(JsonNode run, JsonNode fit, Map<String, byte[]> pictures) {
    JsonNode image = fit.path("image");
    List<Map<String, Object>> columns = new ArrayList<>();
    List<Map<String, Object>> rows = new ArrayList<>();
    List<CurvePlot.Curve> curves = new ArrayList<>();
    columns.add(column("truth", "Truth", "gradient by finite differences", pictures));
    for (JsonNode network : fit.path("fits").path("networks")) {
      String psnr = fixed(network, "psnr", 2) + " dB";
      String gradient =
          String.format(Locale.ROOT, "%.1f %%", 100 * network.path("gradientError").asDouble());
      String name = network.path("name").asText();
      String caption = psnr + ", gradient off by " + gradient;
      columns.add(column(network.path("key").asText(), name, caption, pictures));
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", name);
      row.put("psnr", psnr);
      row.put("before", fixed(network, "psnrBefore", 2) + " dB");
      row.put("gradient", gradient);
      row.put("parameters", NumberText.plain(network.path("parameters").asDouble()));
      row.put("bundled", NumberText.plain(network.path("bundledParameters").asDouble()));
      row.put("epochs", NumberText.plain(network.path("epochs").asDouble()));
      row.put("seconds", fixed(network, "seconds", 1));
      List<String> layers = new ArrayList<>();
      network.path("layers").forEach(layer -> layers.add(layer.asText()));
      row.put("layers", String.join(" → ", layers));
      rows.add(row);
      curves.add(new CurvePlot.Curve(name, points(network.path("curve"))));
    }
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("title", fit.path("title").asText());
    List<String> subtitle = new ArrayList<>();
    subtitle.add(image.path("width").asText() + " × " + image.path("height").asText() + " pixels");
    subtitle.addAll(DocumentText.occasion(run));
    page.put("subtitle", String.join(" · ", subtitle));
    page.put("command", run.path("command").asText());
    List<String> warnings = new ArrayList<>();
    run.path("warnings").forEach(warning -> warnings.add(warning.asText()));
    page.put("warnings", warnings);
    page.put("columns", columns);
    page.put("rows", rows);
    String plot =
        CurvePlot.render("Learning curves", "epoch", "mean squared error of an epoch", curves);
    page.put("curves", uri("image/svg+xml", plot.getBytes(StandardCharsets.UTF_8)));
    page.put("settings", settings(run));
    StringWriter out = new StringWriter();
    try {
      HtmlReport.template("images.ftlh").process(page, out);
    } catch (TemplateException | IOException e) {
      throw new IllegalStateException("the page's template does not fit its model", e);
    }
    return out.toString();
  }

  private static Map<String, Object> column(
      String key, String name, String caption, Map<String, byte[]> pictures) {
    return Map.of(
        "name",
        name,
        "caption",
        caption,
        "value",
        uri("image/png", pictures.get(key)),
        "gradient",
        uri("image/png", pictures.get(key + "-gradient")));
  }

  private static List<Map<String, Object>> settings(JsonNode run) {
    List<Map<String, Object>> settings = new ArrayList<>();
    for (JsonNode option : run.path("options")) {
      JsonNode value = option.path("value");
      settings.add(
          Map.of(
              "key", option.path("key").asText(),
              "value", value.isValueNode() ? value.asText() : value.toString(),
              "origin", option.path("origin").asText()));
    }
    return settings;
  }

  private static List<CurvePlot.Point> points(JsonNode curve) {
    List<CurvePlot.Point> points = new ArrayList<>();
    int last = 0;
    for (int p = 0; p < DRAWN_POINTS; p++) {
      double share = (double) p / (DRAWN_POINTS - 1);
      int epoch = (int) Math.rint(StrictMath.pow(curve.size(), share));
      if (epoch > last && epoch <= curve.size()) {
        points.add(new CurvePlot.Point(epoch, curve.get(epoch - 1).asDouble(), 0));
        last = epoch;
      }
    }
    return points;
  }

  private static String fixed(JsonNode network, String key, int digits) {
    JsonNode value = network.path(key);
    return value.isNumber()
        ? String.format(Locale.ROOT, "%." + digits + "f", value.asDouble())
        : "–";
  }

  private static String uri(String type, byte[] bytes) {
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
  }
}
