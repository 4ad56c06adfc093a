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
}
