package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code jobs/snnk run} on the HIGGS sample, narrower than its configuration, to be compared. */
final class SampleRun {
  private static final String[] ARGUMENTS = {
    "run", "conf/jobs/higgs-sample.conf", "--set", "features.numRandomFeatures=256"
  };

  private final Path output;

  private SampleRun(Path output, Submission submission) {
    this.output = output;
    Submission.Result result = submission.run();
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err()).contains("test rows 1200, auc ").doesNotContain(" WARN ");
  }

  /** In one JVM; a null Spark home is the one that Maven assembled. */
  static SampleRun local(Path output, Path sparkHome, String... settings) {
    return new SampleRun(output, with(Submission.of(arguments(output, settings)), sparkHome));
  }

  /** On the executors of a cluster. */
  static SampleRun on(StandaloneCluster cluster, Path output, Path sparkHome, String... settings) {
    return new SampleRun(output, with(cluster.submit(arguments(output, settings)), sparkHome));
  }

  private static String[] arguments(Path output, String... settings) {
    List<String> arguments = new ArrayList<>(List.of(ARGUMENTS));
    arguments.add("output.dir=" + output);
    arguments.addAll(List.of(settings));
    return arguments.toArray(String[]::new);
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

  /** What the record says of the machines. */
  JsonNode environment(String key) throws IOException {
    String record = Files.readString(output.resolve("run.json"));
    return new ObjectMapper().readTree(record).path("environment").path(key);
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
