package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snnk.jobs.bench.Measure;

class BenchJobTest {
  private static final String[] TINY = {
    "bench.numRandomFeatures=128",
    "bench.inputs=54",
    "bench.seconds=0.02",
    "bench.rows=1000,2000,3000",
    "bench.peerRows=800",
    "bench.covertypeRows=1000",
    "bench.repetitions=1"
  };

  @TempDir private Path folder;

  private SmallJobs jobs;

  @BeforeEach
  void makeJobs() {
    jobs = new SmallJobs(folder);
  }

  @Test
  void everyMeasureIsAPositiveFigureDividedByAnother() {
    SmallJobs.Outcome outcome =
        jobs.run("bench", SmallJobs.with(TINY, "output.dir=" + folder.resolve("bench")));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();

    JsonNode document = SmallJobs.json(folder.resolve("bench/bench.json"));
    assertThat(document.get("format").asText()).isEqualTo("snnk-bench");
    for (String key : List.of("jdk", "os", "cores", "spark", "master", "blas", "tasksAtOnce")) {
      assertThat(document.at("/environment/" + key).isMissingNode()).as(key).isFalse();
    }
    TreeMap<String, Integer> seen = new TreeMap<>();
    for (JsonNode result : document.get("results")) {
      String name = result.get("name").asText();
      seen.merge(result.get("measure").asText(), 1, Integer::sum);
      JsonNode wanted = result.at("/details/referenceAccuracy");
      boolean reached =
          wanted.isMissingNode() || result.at("/details/accuracy").asDouble() >= wanted.asDouble();
      double ours = reached ? figure(name, result.get("ours")) : 0;
      assertThat(result.at("/ours/value").asDouble()).as(name).isEqualTo(ours);
      double reference = figure(name, result.get("reference"));
      assertThat(result.at("/ours/unit")).as(name).isEqualTo(result.at("/reference/unit"));
      assertThat(result.get("ratio").asDouble())
          .as(name)
          .isCloseTo(ours / reference, within(1e-12 * ours / reference));
      checkVerdict(name, result);
      assertThat(outcome.out()).contains(name);
    }
    assertThat(seen.keySet()).containsExactlyInAnyOrderElementsOf(Measure.keys());
    assertThat(seen)
        .containsEntry("gram", 1)
        .containsEntry("activation", 2)
        .containsEntry("exact", 2)
        .containsEntry("path", 1)
        .containsEntry("cores", 2)
        .containsEntry("rows", 3)
        .containsEntry("memory", 2)
        .containsEntry("stages", 3)
        .containsEntry("evaluation", 2)
        .containsEntry("network", 2);
    assertThat(folder.resolve("bench/rows")).doesNotExist();
  }

  /** The figure, which must be a positive number, and the sample where there is one. */
  private static double figure(String name, JsonNode quantity) {
    double value = quantity.get("value").asDouble();
    assertThat(value).as(name).isPositive().isFinite();
    assertThat(quantity.get("what").asText()).as(name).isNotBlank();
    List<Double> samples = new ArrayList<>();
    quantity.get("samples").forEach(sample -> samples.add(sample.asDouble()));
    assertThat(samples).as(name).allSatisfy(sample -> assertThat(sample).isPositive());
    if (samples.size() == 1) {
      assertThat(value).as(name).isEqualTo(samples.get(0));
    }
    return value;
  }

  private static void checkVerdict(String name, JsonNode result) {
    String target = result.get("target").isNull() ? "" : result.get("target").asText();
    if (target.isEmpty()) {
      assertThat(result.get("met").isNull()).as(name).isTrue();
      return;
    }
    double bound = Double.parseDouble(target.substring(2));
    double ratio = result.get("ratio").asDouble();
    boolean good = target.startsWith("≥") ? ratio >= bound : ratio <= bound;
    assertThat(result.get("met").asBoolean()).as(name).isEqualTo(good);
  }

  @Test
  void aPartCanBeRerunAlone() {
    Path out = jobs.make("part", "bench", SmallJobs.with(TINY, "bench.measures=[memory, exact]"));
    JsonNode results = SmallJobs.json(out.resolve("bench.json")).get("results");
    assertThat(results.findValuesAsText("measure")).contains("exact", "memory").hasSize(4);
    assertThat(out.toFile().list()).containsExactlyInAnyOrder("bench.json", "_SNNK");
  }

  @Test
  void covertypesOwnRowsTakeThePlaceOfSimulatedOnes() {
    Path rows =
        jobs.make(
            "generated",
            "generate",
            "generate.dataset=covertype",
            "generate.rows=700",
            "generate.format=csv");
    Path out =
        jobs.make(
            "path",
            "bench",
            SmallJobs.with(
                TINY,
                "bench.measures=path",
                "bench.covertype=" + rows.resolve("covertype-sample.csv")));
    JsonNode result = SmallJobs.json(out.resolve("bench.json")).at("/results/0");
    assertThat(result.at("/details/rows").asLong()).isEqualTo(700);
    assertThat(result.at("/details/data").asText()).isEqualTo("Covertype");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bench.measures=gramm|expected measures of gram, peers,|Did you mean 'gram'?",
        "bench.numRandomFeatures=64,33|expected even numbers, got 33|A cosine and a sine",
        "bench.numRandomFeatures=0|expected a list of integers, at least one ≥ 2|",
        "bench.inputs=28,29|of [28, 54], got 29|Choose among them.",
        "bench.rows=5000,5000|expected two or more different row counts, got [5000]|",
        "bench.numRandomFeatures=8192|a smallest m up to 4096|leave out peers",
        "bench.repetitions=0|expected an integer ≥ 1|",
        "bench.seconds=0|expected a number > 0|"
      })
  void badOptionsAreOneSentence(String setting, String expected, String remedy) {
    assertThat(jobs.mistake("bench", setting))
        .contains(expected)
        .contains(remedy == null ? "" : remedy)
        .contains("--set");
  }
}
