package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.snnk.jobs.SmallJobs.bytes;
import static org.snnk.jobs.SmallJobs.json;
import static org.snnk.jobs.SmallJobs.lines;
import static org.snnk.jobs.SmallJobs.toPredictY;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snnk.spark.LocalSpark;

/** What {@code run}, {@code evaluate} and {@code report} tell about a model. */
class EvaluationJobsTest {
  @TempDir private Path folder;
  private SmallJobs jobs;

  @BeforeEach
  void makeJobs() {
    jobs = new SmallJobs(folder);
  }

  private static Set<ValidationMessage> mistakes(String schema, Path document) throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(SchemaLocation.of("classpath:org/snnk/report/" + schema + ".schema.json"))
        .validate(Files.readString(document), InputFormat.JSON);
  }

  private static void checkDocuments(Path output) throws IOException {
    assertThat(mistakes("run", output.resolve("run.json"))).isEmpty();
    assertThat(mistakes("metrics", output.resolve("metrics.json"))).isEmpty();
  }

  /** The lines of {@link SmallJobs#lines} with a text column in which most values are rare. */
  private static List<String> linesWithSite(int rows) {
    List<String> lines = new ArrayList<>(lines(rows));
    lines.set(0, lines.get(0) + ",site");
    for (int i = 1; i <= rows; i++) {
      String site = i % 2 == 0 ? "<north>" : "s" + i % 40;
      lines.set(i, lines.get(i) + "," + site);
    }
    return lines;
  }

  private String[] kinds(Path file, String... more) {
    return SmallJobs.with(
        more,
        "data.path=" + file,
        "data.label=kind",
        "data.keys=y,z",
        "data.test.every=3",
        "evaluate.bootstrap=50");
  }

  @Test
  void documentsFitTheirSchemasAndAreEnoughForTheReport() throws IOException {
    Path file = jobs.file("table.csv", linesWithSite(600));
    Path run = jobs.make("run", "run", kinds(file, "evaluate.slices=site,a,c"));
    checkDocuments(run);
    byte[] page = bytes(run.resolve("report.html"));
    Files.writeString(run.resolve("report.html"), "spoilt");
    SmallJobs.Outcome outcome = jobs.commandLine("report", run.toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(bytes(run.resolve("report.html"))).isEqualTo(page);
    assertThat(run.resolve(".report.html.tmp")).doesNotExist();
    Path conf = jobs.file("run.conf", List.of("output.dir = \"" + run + "\""));
    Files.delete(run.resolve("report.html"));
    assertThat(jobs.commandLine("report", conf.toString()).exitCode()).isZero();
    assertThat(bytes(run.resolve("report.html"))).isEqualTo(page);
    checkSlices(json(run.resolve("metrics.json")));
    JsonNode importance = json(run.resolve("run.json")).path("importance").path("inputs");
    assertThat(importance.findValuesAsText("name")).containsExactlyInAnyOrder("a", "b", "c");
    double shares = 0;
    for (JsonNode each : importance) {
      shares += each.path("share").asDouble();
    }
    assertThat(shares).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-12));
  }

  private static void checkSlices(JsonNode metrics) {
    JsonNode site = metrics.path("slices").path(0);
    assertThat(site.path("column").asText()).isEqualTo("site");
    assertThat(site.path("groups").findValuesAsText("name"))
        .startsWith("<north>")
        .hasSize(21); // and each of the 20 odd sites
    for (JsonNode slice : metrics.path("slices")) {
      long rows = 0;
      double right = 0;
      for (JsonNode group : slice.path("groups")) {
        rows += group.path("rows").asLong();
        right += group.path("rows").asLong() * group.path("accuracy").asDouble();
      }
      assertThat(rows).isEqualTo(metrics.path("rows").asLong());
      assertThat(right / rows)
          .isCloseTo(
              metrics.path("accuracy").asDouble(), org.assertj.core.api.Assertions.within(1e-12));
    }
    assertThat(metrics.path("slices").path(1).path("kind").asText()).isEqualTo("bands");
    assertThat(metrics.path("slices").path(1).path("groups")).hasSize(5);
    assertThat(metrics.path("slices").path(2).path("kind").asText()).isEqualTo("values");
    assertThat(metrics.path("slices").path(2).path("groups")).hasSize(11);
  }

  @Test
  void regressionAndItsScoresAreMeasuredAlike() throws IOException {
    Path file = jobs.file("table.csv", lines(300));
    String[] settings = {"data.test.every=3", "evaluate.slices=kind", "evaluate.bootstrap=50"};
    Path run = jobs.make("run", "run", toPredictY(file, settings));
    checkDocuments(run);
    String model = "model.path=" + run.resolve("model");
    Path scores =
        jobs.make("scored", "score", "data.path=" + file, "data.keys=y,kind,row_index", model);
    Path measured =
        jobs.make(
            "measured",
            "evaluate",
            SmallJobs.with(
                settings,
                model,
                "evaluate.scored=true",
                "data.dataset=parquet",
                "data.path=" + scores.resolve("scores")));
    assertThat(bytes(measured.resolve("metrics.json")))
        .isEqualTo(bytes(run.resolve("metrics.json")));
    checkDocuments(measured);
  }

  @Test
  void scoresOfClassesAreMeasuredAsTheModelIs() throws IOException {
    Path file = jobs.file("table.csv", lines(300));
    Path run = jobs.make("run", "run", kinds(file));
    String model = "model.path=" + run.resolve("model");
    Path scores =
        jobs.make("scored", "score", "data.path=" + file, "data.keys=kind,row_index", model);
    Path measured =
        jobs.make(
            "measured",
            "evaluate",
            model,
            "evaluate.scored=true",
            "evaluate.bootstrap=50",
            "data.test.every=3",
            "data.path=" + scores.resolve("scores"));
    assertThat(bytes(measured.resolve("metrics.json")))
        .isEqualTo(bytes(run.resolve("metrics.json")));
    assertThat(jobs.mistake("evaluate", model, "evaluate.scored=true", "data.path=" + file))
        .startsWith(
            "error: scored table: expected Parquet with the scores probability[0], probability[1], got text");
  }

  @Test
  void scoresThatAreNoNumbersAreRefusedOrLeftOut() throws IOException {
    Path file = jobs.file("table.csv", lines(60));
    Path run = jobs.make("run", "run", kinds(file));
    String model = "model.path=" + run.resolve("model");
    Path scores =
        jobs.make("scored", "score", "data.path=" + file, "data.keys=kind,row_index", model);
    Path spoilt = folder.resolve("spoilt");
    LocalSpark.session()
        .read()
        .parquet(scores.resolve("scores").toString())
        .selectExpr(
            "kind",
            "row_index",
            "if(row_index % 20 = 7, array(double('NaN'), 0.5D), probability) as probability")
        .write()
        .parquet(spoilt.toString());
    String[] settings = {
      model, "evaluate.scored=true", "evaluate.bootstrap=50", "data.path=" + spoilt
    };
    assertThat(jobs.mistake("evaluate", settings))
        .contains(
            "got 3 that cannot, the first: row 7 (counted from 0): input column 'probability[0]': expected a finite number, got NaN");
    Path measured =
        jobs.make("measured", "evaluate", SmallJobs.with(settings, "data.invalid=drop"));
    checkDocuments(measured);
    assertThat(json(measured.resolve("metrics.json")).path("rows").asInt()).isEqualTo(57);
    assertThat(json(measured.resolve("run.json")).at("/data/rows/droppedFromTest").asInt())
        .isEqualTo(3);
  }

  @Test
  void mistakesAreToldBeforeAnyWork() {
    Path file = jobs.file("table.csv", lines(30));
    assertThat(jobs.mistake("run", kinds(file, "evaluate.slices=kin")))
        .contains("evaluate.slices: expected a column of the table, got 'kin'")
        .contains("Did you mean 'kind'?");
    assertThat(jobs.mistake("run", kinds(file, "evaluate.slices=a,a")))
        .contains(
            "option 'evaluate.slices': expected at most 10 columns, each once, got 2 columns");
    assertThat(jobs.mistake("run", kinds(file, "evaluate.bootstrap=7")))
        .contains(
            "option 'evaluate.bootstrap': expected an integer, 0 or from 20 to 10000, got '7'");
    assertThat(jobs.commandLine("report", folder.toString()).sentence())
        .contains("expected the folder of a run, with run.json, got none");
  }

  @Test
  void oneTestRowOfOneClassLeavesFiguresUndefined() throws IOException {
    Path file = jobs.file("table.csv", lines(60));
    Path run = jobs.make("run", "run", kinds(file, "data.test.every=0", "data.test.lastRows=1"));
    checkDocuments(run);
    JsonNode metrics = json(run.resolve("metrics.json"));
    assertThat(metrics.path("auc").isNull()).isTrue();
    assertThat(metrics.path("undefined").path("auc").asText()).startsWith("no row is of the ");
    assertThat(metrics.path("undefined").path("interval of accuracy").asText())
        .isEqualTo("too few rows: many replicates leave the figure undefined");
    assertThat(
            new String(bytes(run.resolve("report.html")), java.nio.charset.StandardCharsets.UTF_8))
        .contains("Not defined on these rows")
        .doesNotContain("NaN");
  }
}
