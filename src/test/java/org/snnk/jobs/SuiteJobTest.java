package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.snnk.jobs.SmallJobs.json;
import static org.snnk.jobs.SmallJobs.lines;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several runs in turn with one index. */
class SuiteJobTest {
  @TempDir private Path folder;

  private SmallJobs jobs;

  @BeforeEach
  void makeFiles() {
    jobs = new SmallJobs(folder);
    Path rows = jobs.file("rows.csv", lines(200));
    member("left", rows, "data.label = kind");
    member("right", rows, "data.label = y, data.task = regression");
    member("absent", folder.resolve("none.csv"), "data.label = y");
  }

  private void member(String name, Path rows, String label) {
    Path unused =
        jobs.file(
            "conf/" + name + ".conf",
            List.of(
                "data.path = \"" + rows + "\"",
                label,
                "data.inputs = [a, b, c]",
                "data.test.every = 4",
                "features { numRandomFeatures = 16, lengthScale = 2 }",
                "train.regParam = 1e-3",
                "output.dir = not-used"));
  }

  private Path suite(String samples) {
    return jobs.file(
        "conf/suite.conf",
        List.of(
            "suite.samples = [" + samples + "]",
            "suite.files = [absent.conf]",
            "output.dir = \"" + folder.resolve("out") + "\""));
  }

  @Test
  void eachRunHasAFolderAndARow() throws IOException {
    Path conf = suite("left.conf, right.conf");
    SmallJobs.Outcome outcome =
        jobs.commandLine("run", conf.toString(), "--set", "features.numRandomFeatures=8");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode suite = json(folder.resolve("out/suite.json"));
    assertThat(suite.path("runs")).hasSize(2);
    assertThat(suite.at("/runs/0/accuracy").asDouble())
        .isEqualTo(json(folder.resolve("out/left/metrics.json")).path("accuracy").asDouble());
    assertThat(suite.at("/runs/1/testRows").asInt()).isEqualTo(50);
    assertThat(Files.readString(folder.resolve("out/index.html")))
        .contains("href=\"left/report.html\"", "href=\"right/report.html\"", "R²");
    assertThat(folder.resolve("out/right/report.html")).exists();
    // A setting of the command line reaches each run, whose record names its final place.
    JsonNode run = json(folder.resolve("out/right/run.json"));
    assertThat(run.at("/features/numRandomFeatures").asInt()).isEqualTo(8);
    assertThat(run.path("command").asText()).contains("/out/right").doesNotContain(".tmp");
    // Times are those of the run itself.
    double seconds = 0;
    for (JsonNode phase : run.path("timings")) {
      seconds += phase.path("seconds").asDouble();
    }
    assertThat(seconds).isLessThan(run.path("seconds").asDouble());
    // The index tells how to make it again, and is made again from its document.
    String index = Files.readString(folder.resolve("out/index.html"));
    assertThat(index).contains("jobs/snnk suite " + conf, "--set features.numRandomFeatures=8");
    Files.delete(folder.resolve("out/index.html"));
    assertThat(jobs.commandLine("report", folder.resolve("out").toString()).exitCode()).isZero();
    assertThat(Files.readString(folder.resolve("out/index.html"))).isEqualTo(index);
    assertThat(folder.resolve("out/report.html")).doesNotExist();
  }

  @Test
  void aRunThatFailsLeavesTheOthersAndSaysSo() throws IOException {
    SmallJobs.Outcome outcome = jobs.commandLine("run", suite("absent.conf, left.conf").toString());
    assertThat(outcome.exitCode()).isEqualTo(Main.MISTAKE);
    assertThat(outcome.err())
        .endsWith(
            "error: suite: expected a result of each of 2 configurations, got none of 'absent'."
                + " index.html says why, and links the reports of the others.\n");
    assertThat(folder.resolve("out/left/report.html")).exists();
    assertThat(folder.resolve("out/absent")).doesNotExist();
    assertThat(json(folder.resolve("out/suite.json")).at("/runs/0/failed").asText())
        .contains("none.csv");
    assertThat(Files.readString(folder.resolve("out/index.html"))).contains("Failed: ");
    try (var left = Files.list(folder.resolve("out"))) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("_SNNK", "index.html", "left", "suite.json");
    }
  }

  @Test
  void ifAllFailNothingIsWritten() {
    SmallJobs.Outcome outcome =
        jobs.commandLine("run", suite("left.conf").toString(), "--set", "suite.data=files");
    assertThat(outcome.exitCode()).isEqualTo(Main.MISTAKE);
    assertThat(outcome.err()).contains("error: suite: expected a run that succeeds, got none");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void aSuiteNeedsRuns() {
    assertThat(jobs.commandLine("run", suite("").toString()).sentence())
        .startsWith("error: option 'suite.samples': expected at least one configuration, got none");
  }
}
