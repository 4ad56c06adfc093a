package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job jar on a master and two worker processes from the project's own dependencies. */
class ClusterIT extends OnCluster {
  @Test
  void bothWorkersRunTasksInProcessesOfTheirOwn() {
    Submission.Result result = cluster.submit("info", "--set", "info.tasks=16").run();

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("master               " + cluster.url());
    assertThat(executorPids(result.out())).hasSize(StandaloneCluster.WORKERS);
    assertThat(result.out()).contains("OPENBLAS_NUM_THREADS 1");
  }

  @Test
  void aRunOnTheClusterEqualsTheLocalOneToTheByte(@TempDir Path folder) throws IOException {
    SampleRun local = SampleRun.local(folder.resolve("local"), null);
    SampleRun clustered = SampleRun.on(cluster, folder.resolve("cluster"), null);

    clustered.assertSameAs(local);
    clustered.assertReported();
    assertThat(cluster.workersOfTheLastApplication()).isEqualTo(StandaloneCluster.WORKERS);
  }

  /** Eight parts on two executors without the driver's BLAS. */
  @Test
  void anotherBlasOnTheExecutorsLeavesNoTrace(@TempDir Path folder) throws IOException {
    SampleRun local = SampleRun.local(folder.resolve("local"), null, "train.leaveOneOut=true");
    SampleRun clustered =
        SampleRun.on(
            cluster,
            folder.resolve("cluster"),
            null,
            "spark.executor.extraJavaOptions=-Dsnnk.blas=java",
            "data.partitions=8",
            "train.leaveOneOut=true");

    clustered.assertSameAs(local);
    assertThat(clustered.environment("executorBlas").toString()).startsWith("[\"pure Java");
    assertThat(local.environment("executorBlas").isMissingNode()).isTrue();
  }

  private static Set<String> executorPids(String out) {
    Set<String> pids = new HashSet<>();
    Matcher executor = Pattern.compile("executor +\\d+ pid (\\d+), ").matcher(out);
    while (executor.find()) {
      pids.add(executor.group(1));
    }
    return pids;
  }
}
