package org.snnk.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.metric.Bootstrap;
import org.snnk.metric.ClassificationSummary;
import org.snnk.metric.Detail;
import org.snnk.metric.RegressionSummary;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class HtmlReportTest {
  private static final List<String> COVER =
      List.of(
          "Spruce/Fir",
          "Lodgepole Pine",
          "Ponderosa Pine",
          "Cottonwood/Willow",
          "Aspen",
          "Douglas-fir",
          "Krummholz");
  private static final Pattern FETCHED =
      Pattern.compile("(?i)\\s(src|href|srcset|action)=|@import|url\\(");

  /** The pages that the other tests look at, by name. */
  static Map<String, String> pages() {
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put(
        "binary",
        HtmlReport.render(
            ReportExamples.run("HIGGS", "classification", List.of("background", "signal"), 28)
                .toJson(),
            ReportExamples.binaryMetrics(7060)));
    pages.put(
        "multi",
        HtmlReport.render(
            ReportExamples.run("Covertype", "classification", COVER, 54).toJson(),
            ReportExamples.multiMetrics(20_000, COVER)));
    pages.put(
        "regression",
        HtmlReport.render(
            ReportExamples.run("California housing", "regression", List.of(), 8).toJson(),
            ReportExamples.regressionMetrics(4128, List.of("medianHouseValue"))));
    pages.put(
        "comparison",
        ComparisonReport.render(
            ReportExamples.run("HIGGS", "classification", List.of("background", "signal"), 28)
                .toJson(),
            ReportExamples.comparison()));
    pages.put("suite", SuiteIndex.render(ReportExamples.suite()));
    pages.put("bare", HtmlReport.render(new RunRecord().toJson(), null));
    pages.put(
        "empty classes",
        HtmlReport.render(
            new RunRecord().toJson(),
            MetricsDocument.of(new ClassificationSummary(2).metrics(), List.of("0", "1"))));
    pages.put(
        "empty numbers",
        HtmlReport.render(
            new RunRecord().toJson(),
            MetricsDocument.of(
                new RegressionSummary(new double[] {1}, new double[] {1}).metrics(),
                List.of("y"))));
    return pages;
  }

  private static Document parse(String page)
      throws ParserConfigurationException, IOException, SAXException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setAttribute("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(page)));
  }

  @Test
  void everyPageIsWellFormedSelfContainedAndSmall() throws Exception {
    for (Map.Entry<String, String> page : pages().entrySet()) {
      Document document = parse(page.getValue());
      assertThat(document.getDocumentElement().getTagName()).isEqualTo("html");
      for (String tag : List.of("script", "img", "link", "iframe", "object", "form")) {
        assertThat(document.getElementsByTagName(tag).getLength()).as(tag).isZero();
      }
      // An index links the reports beside it and nothing else.
      String text = page.getValue().replaceAll("<a href=\"[a-z-]+/report\\.html\">", "<a>");
      assertThat(FETCHED.matcher(text).find()).as(page.getKey()).isFalse();
      assertThat(page.getValue().length()).isLessThan(400_000);
      assertThat(page.getValue()).doesNotContain("NaN").doesNotContain("Infinity");
    }
  }

  /** Kept beside the build for a look in a browser. */
  @Test
  void examplesAreLeftInTheBuildFolder() throws IOException {
    Path folder = Path.of("target", "report-examples");
    Files.createDirectories(folder);
    for (Map.Entry<String, String> page : pages().entrySet()) {
      Path file = folder.resolve(page.getKey().replace(' ', '-') + ".html");
      Files.writeString(file, page.getValue());
      assertThat(file).isNotEmptyFile();
    }
  }

  @Test
  void textFromTheDataIsEscaped() throws Exception {
    String nasty = "<script>alert('x')</script>\u0000\ud800\"&amp;${1+1}";
    ClassificationSummary summary = new ClassificationSummary(2);
    summary.add(1, new double[] {0.2, 0.8}, 0, 1);
    summary.add(0, new double[] {0.6, 0.4}, 0, 1);
    ObjectNode metrics = MetricsDocument.of(summary.metrics(), List.of(nasty, "<b>bold</b>"));
    RunRecord run =
        new RunRecord()
            .put("title", nasty)
            .put("data", "name", nasty)
            .put("features", nasty, nasty)
            .add("data", "inputs", Map.of("name", nasty, "mean", 1.0, "sd", 2.0))
            .option(nasty, nasty, nasty)
            .warning(nasty)
            .command(List.of("jobs/snnk", nasty));
    String page = HtmlReport.render(run.toJson(), metrics);
    parse(page);
    assertThat(page)
        .doesNotContain("<script")
        .doesNotContain("<b>")
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")
        .contains("&quot;&amp;amp;${1+1}");
  }

  @Test
  void dataAreToldInWordsWithWhatIsMissingAndClipped() {
    String page = pages().get("binary");
    assertThat(page)
        .contains("<th scope=\"row\">Training rows</th><td>28\u202f224</td>")
        .contains("<th scope=\"row\">Left out of training: a value missing or unusable</th><td>12<")
        .contains("<th scope=\"row\">Dropped from training by · lepton_pT</th><td>11<")
        .contains("<th scope=\"row\">Clipped input values</th><td>7<")
        .contains("<th scope=\"row\">Random features (m)</th><td>2048<")
        .doesNotContain("droppedFrom", "Num random", "trainingWeight", "Weight of the training");
  }

  @Test
  void timeBetweenThePhasesIsToldToo() {
    // 27.377 s in all, 27.155 s of them in phases.
    assertThat(pages().get("binary"))
        .contains("<th scope=\"row\">everything else</th><td>222\u202fms</td><td>0.8\u202f%</td>");
  }

  @Test
  void plotOfPredictionsShowsWhereRowsAre() {
    ObjectNode metrics = ReportExamples.regressionMetrics(400, List.of("y"));
    ObjectNode density = (ObjectNode) metrics.at("/targets/0/density");
    density.put("low", -1000).put("high", 1000);
    for (int i = 0; i < density.path("weights").size(); i++) {
      for (int j = 0; j < density.path("weights").size(); j++) {
        double weight = i / 2 == 10 && j / 2 == 10 ? 1 : 0; // 0 to 100 on both axes
        ((ArrayNode) density.path("weights").path(i)).set(j, weight);
      }
    }
    String page = HtmlReport.render(new RunRecord().toJson(), metrics);
    String plot = page.substring(page.indexOf("<h3>Predicted against true"));
    plot = plot.substring(0, plot.indexOf("</figure>"));
    assertThat(plot).contains(">100</text>").doesNotContain(">500</text>", "Cells at the edge");
  }

  @Test
  void comparisonTellsEffortAndRowsAndReadsWell() {
    String page = pages().get("comparison");
    assertThat(page)
        .contains("seeds 1, 2", "Settings tried", "the same rows for all of one seed")
        .contains("(lower is better)", "lengthScale 3.428", "regParam 0.0001", "regParam = 0.0001")
        .contains("boosted &lt;trees&gt;", "Driver heap in MB", "2026-01-17 09:30:00 UTC")
        .doesNotContain("1.0E-4", "3.42758", "driverHeapMB");
  }

  @Test
  void suiteTellsHowItWasMade() {
    assertThat(pages().get("suite"))
        .contains("href=\"higgs-sample/report.html\"", "Failed: data.path")
        .contains("jobs/snnk run conf/jobs/higgs-sample.conf", "2026-01-17 09:30:00 UTC");
  }

  @Test
  void figuresWithoutAValueAreToldOnceInTheWordsOfTheHead() {
    ClassificationSummary summary = new ClassificationSummary(2, new Bootstrap(50, 1), Detail.FULL);
    summary.add(0, 0, new double[] {0.7, 0.3}, 0, 1);
    ObjectNode metrics = MetricsDocument.of(summary.metrics(), List.of("no", "yes"));
    assertThat(HtmlReport.render(new RunRecord().toJson(), metrics))
        .contains("<li>AUC: no row is of the positive class.</li>", "<li>Interval of Log-loss: ")
        .doesNotContain("Interval of AUC", "Interval of auc", "interval of");
  }

  @Test
  void equalScoresLeaveAPointOfTheCurve() {
    ClassificationSummary summary = new ClassificationSummary(2);
    for (int i = 0; i < 10; i++) {
      summary.add(i % 2, new double[] {0.5, 0.5}, 0, 1);
    }
    String page =
        HtmlReport.render(
            new RunRecord().toJson(), MetricsDocument.of(summary.metrics(), List.of("0", "1")));
    String plot = page.substring(page.indexOf("<h3>Precision and recall"));
    assertThat(plot.substring(0, plot.indexOf("</figure>"))).contains("class=\"dots c0\"");
  }

  @Test
  void shortLogarithmicAxisHasTicks() {
    for (double[] ends : new double[][] {{12_000, 14_000}, {0.6, 0.8}, {2.5, 11}, {1e-4, 1.5e-4}}) {
      assertThat(Axis.logarithmic("x", ends[0], ends[1]).ticks()).hasSizeGreaterThanOrEqualTo(2);
    }
    assertThat(Axis.logarithmic("parameters", 20, 2e6).ticks())
        .extracting(tick -> tick.get("label"))
        .containsExactly("100", "1000", "10k", "100k", "1M");
    assertThat(Axis.logarithmic("λ", 1e-7, 1).ticks())
        .extracting(tick -> tick.get("label"))
        .contains("1e−7");
  }

  @Test
  void pageIsRebuiltFromTheTextOfBothDocuments() {
    RunRecord run = ReportExamples.run("HIGGS", "classification", List.of("a", "b"), 3);
    ObjectNode metrics = ReportExamples.binaryMetrics(500);
    String page = HtmlReport.render(run.toJson(), metrics);
    assertThat(HtmlReport.render(run.text(), Json.write(metrics))).isEqualTo(page);
  }

  @Test
  void undefinedFiguresSayWhy() {
    ClassificationSummary summary = new ClassificationSummary(2);
    summary.add(1, new double[] {0.2, 0.8}, 0, 1);
    String page =
        HtmlReport.render(
            new RunRecord().toJson(), MetricsDocument.of(summary.metrics(), List.of("no", "yes")));
    assertThat(page).contains("AUC: no row is of the negative class.").contains("undefined");
  }

  @Test
  void manyClassesTargetsAndInputsStaySmall() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      names.add("class number " + i);
    }
    String page =
        HtmlReport.render(
            ReportExamples.run("wide", "classification", names, 5000).toJson(),
            ReportExamples.multiMetrics(3000, names));
    parse(page);
    assertThat(page.length()).isLessThan(2_000_000);
    assertThat(page).contains("and 4700 more in run.json").contains("Most frequent mistakes");
    String targets =
        HtmlReport.render(
            new RunRecord().toJson(), ReportExamples.regressionMetrics(3000, names.subList(0, 20)));
    parse(targets);
    assertThat(targets.length()).isLessThan(2_000_000);
    assertThat(targets).contains("Each target");
  }

  @Test
  void brokenDocumentIsNamed() {
    assertThatThrownBy(() -> HtmlReport.render("{\n\"a\": 1,\n", "{}"))
        .isInstanceOf(SnnkException.class)
        .hasMessageStartingWith(
            "JSON document: expected one JSON object, got text that is none (run.json, line");
    assertThatThrownBy(() -> HtmlReport.render("{}", "[]"))
        .hasMessage(
            "JSON document: expected one JSON object, got nothing or another JSON value"
                + " (metrics.json). Take the file as the run wrote it.");
  }
}
