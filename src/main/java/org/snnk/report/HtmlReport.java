package org.snnk.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import freemarker.cache.ClassTemplateLoader;
import freemarker.core.HTMLOutputFormat;
import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;

/**
 * One self-contained page about a run, made from {@code run.json} and {@code metrics.json} alone.
 *
 * <p>No script, no network, no font: it can be read without JavaScript, printed, and kept. Every
 * text is escaped by the template's output format. A part whose keys are missing is left out.
 *
 * <p><b>Deterministic</b>: a function of the two documents. <b>Cost</b>: time and size do not
 * depend on the number of rows; classes, inputs and targets beyond what a page can show are left to
 * the documents, so that it stays below 2 MB.
 */
public final class HtmlReport {
  private static final Configuration TEMPLATES = templates();

  private HtmlReport() {}

  private static Configuration templates() {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_33);
    configuration.setTemplateLoader(new ClassTemplateLoader(HtmlReport.class, ""));
    configuration.setDefaultEncoding("UTF-8");
    configuration.setOutputFormat(HTMLOutputFormat.INSTANCE);
    configuration.setAutoEscapingPolicy(Configuration.ENABLE_IF_SUPPORTED_AUTO_ESCAPING_POLICY);
    configuration.setLocale(Locale.ROOT);
    configuration.setLocalizedLookup(false);
    configuration.setNumberFormat("c");
    configuration.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
    configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    configuration.setLogTemplateExceptions(false);
    return configuration;
  }

  static Template template(String name) {
    try {
      return TEMPLATES.getTemplate(name);
    } catch (IOException e) {
      throw new IllegalStateException("the template " + name + " is missing or broken", e);
    }
  }

  /**
   * Makes the page.
   *
   * @param run the document {@code run.json}
   * @param metrics the document {@code metrics.json}, or null where nothing was evaluated
   * @return the text of {@code report.html}
   */
  public static String render(JsonNode run, JsonNode metrics) {
    JsonNode measured = metrics == null ? Json.object() : metrics;
    return fill("report.ftlh", new ReportPage(run, measured).model());
  }

  /** The text of a page. */
  static String fill(String template, Map<String, Object> page) {
    StringWriter out = new StringWriter();
    try {
      template(template).process(page, out);
    } catch (TemplateException | IOException e) {
      throw new IllegalStateException("the template " + template + " does not fit its model", e);
    }
    return out.toString();
  }

  /**
   * Makes the page again from the two documents' text.
   *
   * @param run text of {@code run.json}
   * @param metrics text of {@code metrics.json}, or null where nothing was evaluated
   * @throws org.snnk.SnnkException if one of them is not a JSON object
   */
  public static String render(String run, String metrics) {
    ObjectNode measured = metrics == null ? null : Json.read(metrics, "metrics.json");
    return render(Json.read(run, "run.json"), measured);
  }
}
