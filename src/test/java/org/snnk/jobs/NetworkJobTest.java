package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.snnk.jobs.SmallJobs.json;
import static org.snnk.jobs.SmallJobs.lines;
import static org.snnk.jobs.SmallJobs.modelBytes;
import static org.snnk.jobs.SmallJobs.toPredictY;
import static org.snnk.jobs.SmallJobs.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks from the command line to scores and report. */
class NetworkJobTest {
  private static final String SGD = "train.solver=sgd";

  @TempDir private Path folder;

  private SmallJobs jobs;
  private Path file;

  @BeforeEach
  void makeFile() {
    jobs = new SmallJobs(folder);
    file = jobs.file("rows.csv", lines(400));
  }

  private String[] kinds(String... more) {
    return with(
        more,
        "data.path=" + file,
        "data.label=kind",
        "data.inputs=a,b,c",
        "model.kind=network",
        "network.layers=dense 8,dropout 0.1,snnk 6 5,adapter 4",
        "sgd.batchSize=16",
        "sgd.epochs=4",
        "sgd.shards=2",
        "sgd.learningRate=0.02",
        "data.test.every=5");
  }

  @Test
  void aNetworkTrainsEvaluatesScoresAndReports() throws IOException {
    Path run = jobs.make("run", "run", kinds());
    JsonNode training = json(run.resolve("run.json")).get("training");
    assertThat(training.get("curve")).hasSize(4);
    assertThat(training.get("curve").get(3).get("training").asDouble())
        .isLessThan(training.get("curve").get(0).get("training").asDouble());
    assertThat(training.get("layers").get(2).asText()).isEqualTo("snnk(8→5, m=6)");
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("Learning curve")
        .contains("training, before each step");
    assertThat(json(run.resolve("model/model.json")).get("format").asText())
        .isEqualTo("snnk network model");
    Path evaluated =
        jobs.make(
            "evaluated", "evaluate", "data.path=" + file, "model.path=" + run, "data.test.every=5");
    assertThat(json(evaluated.resolve("metrics.json")))
        .isEqualTo(json(run.resolve("metrics.json")));
    assertThat(json(run.resolve("metrics.json")).get("accuracy").asDouble()).isGreaterThan(0.6);
    Path scored = jobs.make("scored", "score", "data.path=" + file, "model.path=" + run);
    assertThat(jobs.parquet(scored.resolve("scores")).count()).isEqualTo(400);
    assertThat(jobs.parquet(scored.resolve("scores")).schema().fieldNames())
        .contains("prediction", "probability");
  }

  @Test
  void regressionOfTwoTargetsIsTrainedToo() {
    Path run =
        jobs.make(
            "run",
            "run",
            "data.path=" + file,
            "data.inputs=a,b,c",
            "data.targets=y,z",
            "model.kind=network",
            "network.layers=dense 16 tanh",
            "sgd.batchSize=8",
            "sgd.learningRate=0.02",
            "data.test.every=5");
    assertThat(json(run.resolve("metrics.json")).get("r2").asDouble()).isGreaterThan(0.5);
  }

  @Test
  void aResumedTrainingGivesTheSameModel() throws IOException {
    Path checkpoints = folder.resolve("checkpoints");
    String kept = "sgd.checkpoint=" + checkpoints;
    Path whole = jobs.make("whole", "train", kinds(kept));
    assertThat(checkpoints.resolve("rate-0.02.checkpoint")).exists();
    assertThat(jobs.mistake("train", kinds(kept)))
        .startsWith(
            "error: option 'sgd.checkpoint': expected a folder without a checkpoint, got one with")
        .endsWith("Set sgd.resume=true to go on from it, or name another folder.");
    Path again = jobs.make("again", "train", kinds(kept, "sgd.resume=true"));
    assertThat(modelBytes(again)).isEqualTo(modelBytes(whole));
    assertThat(json(again.resolve("run.json")).at("/training/resumedAfterEpoch").asInt())
        .isEqualTo(4);
    assertThat(jobs.mistake("train", kinds(kept, "sgd.resume=true", "sgd.epochs=5")))
        .startsWith("error: checkpoint: expected that of a training with the settings of this one");
    assertThat(jobs.mistake("train", kinds("sgd.resume=true")))
        .startsWith("error: option 'sgd.resume': expected false without sgd.checkpoint, got true");
  }

  @ParameterizedTest
  @CsvSource({"squared, snnk fully-bundled model", "softmax, snnk network model"})
  void theFullyBundledModelIsTrainedByGradientDescent(String loss, String format) {
    Path run =
        jobs.make(
            "run",
            "run",
            "data.path=" + file,
            "data.label=kind",
            "data.inputs=a,b,c",
            "train.solver=sgd",
            "sgd.loss=" + loss,
            "sgd.batchSize=16",
            "sgd.learningRate=0.001,0.05",
            "data.test.every=5");
    assertThat(json(run.resolve("model/model.json")).get("format").asText()).isEqualTo(format);
    assertThat(json(run.resolve("metrics.json")).get("accuracy").asDouble()).isGreaterThan(0.6);
    assertThat(json(run.resolve("run.json")).at("/training/learningRates")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "network.layers=dense; option 'network.layers': expected 'dense WIDTH [ACTIVATION]', 'snnk FEATURES"
            + " WIDTH', 'adapter FEATURES', 'dropout RATE' or 'cosine FEATURES LENGTHSCALE', got"
            + " 'dense' (--set). Correct the layer.",
        "network.layers=dense 3 gelo; activation: expected one of linear, sin, cos,",
        "train.solver=cg; option 'train.solver': expected auto or sgd for a network, got cg (--set)."
            + " Leave it out.",
        "train.folds=3; option 'train.folds': expected 0 with gradient descent, got 3 (--set). Leave it"
            + " out, or train in closed form.",
        "sgd.loss=squared; option 'sgd.loss': expected softmax for classes, got squared (--set). Leave it"
            + " out; only a fully-bundled model learns classes by squared error.",
        "sgd.learningRate=1e38; training: expected a finite loss"
      })
  void mistakesAreOneSentence(String setting, String sentence) {
    assertThat(jobs.mistake("train", kinds(setting))).startsWith("error: " + sentence);
  }

  @Test
  void theLengthScaleIsThatOfTheClosedForm() {
    String[] settings = {
      "features.lengthScale=auto", "train.regParam=auto", "train.lengthScaleGrid=0.3,1,3"
    };
    Path closed = jobs.make("closed", "train", toPredictY(file, settings));
    Path descended = jobs.make("descended", "train", toPredictY(file, with(settings, SGD)));
    JsonNode expected = json(closed.resolve("run.json"));
    JsonNode actual = json(descended.resolve("run.json"));
    for (String place : List.of("/features/lengthScale", "/features/medianDistance")) {
      assertThat(actual.at(place).asDouble()).isPositive().isEqualTo(expected.at(place).asDouble());
    }
    assertThat(actual.at("/features/map")).isEqualTo(expected.at("/features/map"));
    assertThat(actual.at("/training/lengthScales"))
        .hasSize(36)
        .isEqualTo(expected.at("/training/lengthScales"));
    assertThat(actual.at("/training/curve")).hasSize(20);
  }

  @Test
  void aLengthScaleNeedsRowsToBeChosenOn() {
    assertThat(
            jobs.mistake(
                "train",
                toPredictY(file, SGD, "features.lengthScale=auto", "train.validationFraction=0")))
        .startsWith("error: train.validationFraction: expected a number between 0 and 1 where");
  }
}
