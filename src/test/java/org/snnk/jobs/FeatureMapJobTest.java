package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.snnk.jobs.SmallJobs.json;
import static org.snnk.jobs.SmallJobs.toPredictY;
import static org.snnk.jobs.SmallJobs.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The maps as a user chooses them. */
class FeatureMapJobTest {
  @TempDir Path folder;

  private SmallJobs jobs;
  private Path rows;

  @BeforeEach
  void rows() {
    jobs = new SmallJobs(folder);
    rows = jobs.file("rows.csv", SmallJobs.lines(400));
  }

  private String[] settings(String... more) {
    return toPredictY(rows, with(more, "data.test.every=5", "features.numRandomFeatures=64"));
  }

  /** y = ab + 0.1c: what a linear model explains of it is next to nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"relu", "arccos0", "polynomial", "powerseries", "positive"})
  void everyMapLearnsAndTellsItself(String kind) {
    Path out = jobs.make(kind, "run", settings("features.map=" + kind, "features.linear=true"));
    JsonNode features = json(out.resolve("run.json")).path("features");
    assertThat(features.path("map").asText())
        .startsWith(kind + "(m=64, d=3, lengthScale=2.0, ")
        .endsWith("seed=42) + linear(d=3)");
    assertThat(features.path("numRandomFeatures").asInt()).isEqualTo(67);
    assertThat(features.path("clippedFeatures").isNumber()).isTrue();
    JsonNode metrics = json(out.resolve("metrics.json"));
    assertThat(metrics.path("targets").path(0).path("r2").asDouble()).isGreaterThan(0.5);
  }

  @Test
  void aSavedModelScoresAsItDid() {
    Path out =
        jobs.make("saved", "run", settings("features.map=polynomial", "features.inputNorm=true"));
    Path again =
        jobs.make("again", "evaluate", toPredictY(rows, "data.test.every=5", "model.path=" + out));
    assertThat(json(again.resolve("metrics.json"))).isEqualTo(json(out.resolve("metrics.json")));
  }

  @Test
  void conjugateGradientsComeToTheSameReluModel() {
    Path direct = jobs.make("direct", "run", settings("features.map=relu"));
    Path cg =
        jobs.make(
            "cg", "run", settings("features.map=relu", "train.solver=cg", "train.tolerance=1e-10"));
    JsonNode expected = json(direct.resolve("metrics.json")).path("targets").path(0);
    JsonNode got = json(cg.resolve("metrics.json")).path("targets").path(0);
    assertThat(got.path("rmse").asDouble() / expected.path("rmse").asDouble())
        .isBetween(0.9999, 1.0001);
  }

  @Test
  void theLengthScaleIsChosenForOtherMapsToo() {
    Path out =
        jobs.make("chosen", "train", settings("features.map=relu", "features.lengthScale=auto"));
    assertThat(json(out.resolve("run.json")).path("training").path("lengthScales").size())
        .isGreaterThan(1);
  }

  @Test
  void thePlanNamesTheMap() {
    assertThat(jobs.run("plan", settings("features.map=polynomial", "features.linear=true")).out())
        .contains("polynomial, orthogonal, linear block")
        .containsPattern("features m +67\n");
  }

  @Test
  void whatDoesNotGoTogetherIsOneSentence() {
    assertThat(jobs.mistake("train", settings("features.map=relo"))).contains("'relo'");
    assertThat(jobs.mistake("train", settings("features.map=relu", "features.degreesOfFreedom=3")))
        .contains(
            "arc-cosine features: expected a projection with normal tails, or rademacher, got"
                + " 'orthogonal t(3.0)'");
    assertThat(
            jobs.mistake(
                "train", settings("features.map=powerseries", "features.projection=gaussian")))
        .contains(
            "'features.projection': expected rademacher with the map 'powerseries', got 'gaussian'")
        .contains("Leave it out, or choose features.map=polynomial.");
    assertThat(jobs.mistake("train", settings("features.inputNorm=true")))
        .contains("features.inputNorm: expected no value with the map 'cosine', got true");
    assertThat(
            jobs.mistake("train", settings("features.map=polynomial", "features.coefficients=1,0")))
        .contains("polynomial features: expected finite coefficients");
    assertThat(jobs.mistake("train", settings("features.projection=hadamrd")))
        .contains("'hadamrd'");
  }
}
