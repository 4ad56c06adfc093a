package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The job jar through the spark-submit of the distribution that SPARK_HOME names. */
class SparkDistributionIT {
  private static final Path SPARK_HOME = Path.of(System.getenv().getOrDefault("SPARK_HOME", ""));

  @Test
  void theDistributionsOwnSubmitRunsTheJob() {
    Submission.Result result =
        Submission.of("info", "--set", "info.tasks=2")
            .environment("SPARK_HOME", SPARK_HOME.toString())
            .run();

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("master               local[*]").contains("2 tasks");
  }

  @Test
  void aMistakeKeepsItsExitCodeAndSentence() {
    Submission.Result result =
        Submission.of("info", "--set", "info.task=2")
            .environment("SPARK_HOME", SPARK_HOME.toString())
            .run();

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("error: option 'info.task'")
        .contains("Did you mean 'info.tasks'?")
        .hasLineCount(1);
  }

  @Test
  void aClusterOfTheDistributionRunsTheJob() throws IOException {
    try (StandaloneCluster cluster = StandaloneCluster.from(SPARK_HOME)) {
      Submission.Result result =
          cluster
              .submit("info", "--set", "info.tasks=16")
              .environment("SPARK_HOME", SPARK_HOME.toString())
              .run();

      assertThat(result.exitCode()).as(result.err()).isZero();
      assertThat(ClusterIT.executorPids(result.out())).hasSize(StandaloneCluster.WORKERS);
    }
  }
}
