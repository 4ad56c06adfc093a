package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.snnk.jobs.SmallJobs.json;
import static org.snnk.jobs.SmallJobs.lines;
import static org.snnk.jobs.SmallJobs.modelBytes;
import static org.snnk.jobs.SmallJobs.toPredictY;
import static org.snnk.jobs.SmallJobs.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The option train.solver from the command line to run.json. */
class SolverJobTest {
  @TempDir private Path folder;

  private SmallJobs jobs;
  private Path file;

  @BeforeEach
  void makeFile() {
    jobs = new SmallJobs(folder);
    file = jobs.file("rows.csv", lines(600));
  }

  @Test
  void aRunByConjugateGradientsIsAsGoodAsADirectOneAndHasNoStatistic() {
    String[] both = {
      "data.test.every=5",
      "features.numRandomFeatures=64",
      "train.regParam=auto",
      "train.regParamGrid=1e-4,1e-2,1"
    };
    Path direct = jobs.make("direct", "run", toPredictY(file, both));
    Path cg =
        jobs.make(
            "cg",
            "run",
            toPredictY(file, with(both, "train.solver=cg", "train.preconditionerRank=20")));
    assertThat(direct.resolve("statistics/gram.bin")).exists();
    assertThat(cg.resolve("statistics")).doesNotExist();
    assertThat(cg.resolve("report.html")).exists();
    assertThat(json(direct.resolve("run.json")).at("/training/solver").asText())
        .isEqualTo("direct");
    JsonNode training = json(cg.resolve("run.json")).get("training");
    assertThat(training.get("solver").asText()).isEqualTo("cg");
    assertThat(training.has("statisticsSha256")).isFalse();
    assertThat(training.get("validation")).hasSize(3);
    JsonNode iterations = training.get("iterations");
    assertThat(iterations.get("residual").asDouble()).isBetween(0.0, 1e-6);
    assertThat(iterations.get("passes").asInt()).isGreaterThan(iterations.get("count").asInt());
    assertThat(iterations.get("path")).hasSize(3);
    double expected = json(direct.resolve("metrics.json")).get("rmse").asDouble();
    double rmse = json(cg.resolve("metrics.json")).get("rmse").asDouble();
    assertThat(Math.abs(rmse - expected)).isLessThan(1e-3 * expected);
  }

  @Test
  void whatDidNotConvergeIsAWarningOfTheRunAndStillOneModel() {
    String[] tooShort = {
      "features.numRandomFeatures=64",
      "train.solver=cg",
      "train.maxIterations=2",
      "train.preconditionerRank=0",
      "train.regParam=1e-7"
    };
    Path output = jobs.make("short", "train", toPredictY(file, tooShort));
    assertThat(json(output.resolve("run.json")).get("warnings").toString())
        .contains("conjugate gradients did not converge: the relative residual of the model is ");
    Path again = jobs.make("again", "train", toPredictY(file, with(tooShort, "data.partitions=5")));
    assertThat(modelBytes(again)).isEqualTo(modelBytes(output));
  }

  @Test
  void optionsThatCannotBeAreRefused() {
    assertThat(jobs.mistake("train", toPredictY(file, "train.solver=gmres")))
        .contains("option 'train.solver': expected")
        .contains("auto")
        .contains("direct")
        .contains("cg");
    assertThat(jobs.mistake("train", toPredictY(file, "train.tolerance=0")))
        .contains("option 'train.tolerance': expected a number > 0");
    assertThat(jobs.mistake("train", toPredictY(file, "train.maxIterations=0")))
        .contains("option 'train.maxIterations': expected an integer ≥ 1");
    assertThat(jobs.mistake("train", toPredictY(file, "train.solver=cg", "train.folds=4")))
        .contains("train.folds: expected 0 with the solver cg, which is taken for 16 features");
  }
}
