package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** {@code jobs/snnk run} on the HIGGS sample, narrower than its configuration, to be compared. */
final class SampleRun {
  private static final String[] ARGUMENTS = {
    "run", "conf/jobs/higgs-sample.conf", "--set", "features.numRandomFeatures=256", "output.dir="
  };

  private final Path output;

  private SampleRun(Path output, Submission submission) {
    this.output = output;
    Submission.Result result = submission.run();
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err()).contains("test rows 1200, auc ").doesNotContain(" WARN ");
  }

  /** In one JVM; a null Spark home is the one that Maven assembled. */
  static SampleRun local(Path output, Path sparkHome) {
    return new SampleRun(output, with(Submission.of(arguments(output)), sparkHome));
  }

  /** On the executors of a cluster. */
  static SampleRun on(StandaloneCluster cluster, Path output, Path sparkHome) {
    return new SampleRun(output, with(cluster.submit(arguments(output)), sparkHome));
  }

  private static String[] arguments(Path output) {
    String[] arguments = ARGUMENTS.clone();
    arguments[arguments.length - 1] += output;
    return arguments;
  }

  private static Submission with(Submission submission, Path sparkHome) {
    return sparkHome == null
        ? submission
        : submission.environment("SPARK_HOME", sparkHome.toString());
  }

  /** The same model and figures, to the byte. */
  void assertSameAs(SampleRun other) {
    for (String file :
        new String[] {
          "model/model.bin", "model/model.json", "statistics/gram.bin", "metrics.json"
        }) {
      assertThat(output.resolve(file)).hasSameBinaryContentAs(other.output.resolve(file));
    }
  }

  /** A page with the figures in it. */
  void assertReported() throws IOException {
    JsonNode metrics =
        new ObjectMapper().readTree(Files.readString(output.resolve("metrics.json")));
    assertThat(metrics.path("rows").asInt()).isEqualTo(1200);
    String page = Files.readString(output.resolve("report.html"));
    assertThat(page).contains("<svg").contains("</html>");
    for (String figure : new String[] {"auc", "accuracy"}) {
      assertThat(page)
          .contains(String.format(Locale.ROOT, "%.4f", metrics.path(figure).asDouble()));
    }
  }
}
