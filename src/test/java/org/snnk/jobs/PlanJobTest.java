package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanJobTest {
  private static final String[] HIGGS = {
    "data.dataset=higgs", "data.path=data-samples/higgs-sample.csv.gz", "data.test.every=5"
  };

  @TempDir Path folder;
  private SmallJobs jobs;

  @BeforeEach
  void open() {
    jobs = new SmallJobs(folder);
  }

  private String plan(String... more) {
    String[] settings = new String[HIGGS.length + more.length];
    System.arraycopy(HIGGS, 0, settings, 0, HIGGS.length);
    System.arraycopy(more, 0, settings, HIGGS.length, more.length);
    SmallJobs.Outcome outcome = jobs.run("plan", settings);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome.out();
  }

  @Test
  void theSampleFits() {
    assertThat(plan())
        .containsPattern("training rows +4,800\n")
        .containsPattern("inputs d +28\n")
        .containsPattern("solver +direct, by auto")
        .containsPattern("statistics +2, one for each part of the rows, 1027x1027\n")
        .containsPattern("passes +1 for the Gram matrix, 1 for length scales, 1 for moments\n")
        .containsPattern("memory +should do\n");
  }

  @Test
  void tooManyFeaturesForTheDriverAreWarnedOf() {
    assertThat(plan("train.solver=direct", "features.numRandomFeatures=40000"))
        .containsPattern("solver +direct, as train.solver says\n")
        .containsPattern("warning +the driver holds ");
  }

  @Test
  void manyFeaturesGoToConjugateGradients() {
    assertThat(plan("features.numRandomFeatures=20000")).containsPattern("solver +cg, by auto");
  }

  @Test
  void aNetworkIsPlannedInItsOwnTerms() {
    assertThat(
            plan(
                "model.kind=network",
                "network.layers=dense 32,snnk 16 8",
                "sgd.shards=2",
                "sgd.epochs=3",
                "sgd.batchSize=100",
                "sgd.stepsPerRound=5",
                "train.validationFraction=0.1"))
        .containsPattern("training rows +4,800\n")
        .containsPattern("validating +480 of them\n")
        .containsPattern("layers +dense\\(28→32, relu\\): 928 parameters\n")
        .containsPattern("\n +snnk\\(32→8, m=16\\): 128 parameters\n")
        .containsPattern("parameters +1,074, all trained\n")
        .containsPattern("shards +2 of 2,160 rows to train on, ")
        .containsPattern("epochs +at most 3\n")
        .containsPattern("rounds +5 an epoch of 22 steps, 15 in all\n")
        .containsPattern("probe +[0-9.e+]+ GFLOP/s in such steps on ")
        .containsPattern("time +[0-9.e+-]+ s an epoch, ")
        .containsPattern("memory +should do\n");
  }

  @Test
  void theChoiceOfALengthScaleIsPartOfThePlan() {
    String sgd = "train.solver=sgd";
    assertThat(plan(sgd, "features.numRandomFeatures=64", "sgd.learningRate=1e-3,1e-2"))
        .containsPattern("length scale +the best of 5 by 64 features of 4,800 rows in closed form")
        .containsPattern("epochs +at most 20 for each of 2 learning rates\n");
    assertThat(
            plan(
                sgd,
                "features.numRandomFeatures=64",
                "features.lengthScale=3",
                "sgd.optimizer=lbfgs"))
        .doesNotContain("length scale ")
        .containsPattern("optimizer +L-BFGS on all rows")
        .containsPattern("time +at least ");
  }

  @Test
  void aNetworkThatDoesNotFitIsWarnedOfAndNotTried() {
    assertThat(plan("model.kind=network", "network.layers=dense 12000000"))
        .containsPattern("time +not measured: a step needs more memory than there is\n")
        .containsPattern("warning +a task holds [0-9]+ bytes in a step, and may hold ")
        .containsPattern("warning +the driver holds ")
        .doesNotContain("should do");
  }
}
