package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job jar through the spark-submit of the distribution that SPARK_HOME names. */
class SparkDistributionIT {
  private static final Path SPARK_HOME = Path.of(System.getenv().getOrDefault("SPARK_HOME", ""));

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
  void itsClusterAndItsLocalSparkTrainTheSameModel(@TempDir Path folder) throws IOException {
    SampleRun local = SampleRun.local(folder.resolve("local"), SPARK_HOME);
    local.assertReported();
    try (StandaloneCluster cluster = StandaloneCluster.from(SPARK_HOME)) {
      SampleRun clustered = SampleRun.on(cluster, folder.resolve("cluster"), SPARK_HOME);

      clustered.assertSameAs(local);
      assertThat(cluster.workersOfTheLastApplication()).isEqualTo(StandaloneCluster.WORKERS);
    }
  }
}
