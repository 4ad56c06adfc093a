package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelErrorJobTest {
  private static final String[] SMALL = {
    "kernelError.kernels=sin,arccos1",
    "kernelError.activations=tanh,relu,arccos1",
    "kernelError.projections=gaussian,orthogonal",
    "kernelError.factorizations=balanced",
    "kernelError.numRandomFeatures=16,256",
    "kernelError.projectionInputs=50",
    "kernelError.inputs=6",
    "kernelError.norms=0.5",
    "kernelError.instantiations=200"
  };

  @TempDir private Path folder;

  private SmallJobs jobs;

  @BeforeEach
  void makeJobs() {
    jobs = new SmallJobs(folder);
  }

  private static List<Double> column(JsonNode rows, String key) {
    List<Double> values = new ArrayList<>();
    rows.forEach(row -> values.add(row.get(key).asDouble()));
    return values;
  }

  @Test
  void errorsFallAndVariancesAreAsPredicted() throws IOException {
    SmallJobs.Outcome outcome =
        jobs.run("kernel-error", SmallJobs.with(SMALL, "output.dir=" + folder.resolve("all")));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode document = SmallJobs.json(folder.resolve("all/kernel-error.json"));
    assertThat(document.get("format").asText()).isEqualTo("snnk-kernel-error");

    JsonNode projections = document.at("/results/projections");
    assertThat(projections).hasSize(4);
    List<Double> errors = column(projections, "relativeError");
    // A sixteenth of the variance, within the spread of 200 means.
    assertThat(errors.get(1) / errors.get(0)).isCloseTo(0.25, within(0.1));
    assertThat(errors.get(3) / errors.get(2)).isCloseTo(0.25, within(0.1));
    assertThat(outcome.out()).contains("sin, balanced, gaussian");

    JsonNode variance = document.at("/results/variance");
    assertThat(variance).hasSize(6); // three kernels, two projections
    for (JsonNode row : variance) {
      String name = row.get("kernel").asText();
      assertThat(row.get("standardErrorsOff").asDouble()).as(name).isBetween(-6.0, 6.0);
      assertThat(row.get("ratio").asDouble()).as(name).isBetween(0.3, 1.8);
    }

    JsonNode layer = document.at("/results/layer");
    assertThat(layer).hasSize(6);
    for (int row = 0; row < 6; row += 2) {
      assertThat(layer.get(row + 1).get("rmse").asDouble())
          .isLessThan(layer.get(row).get("rmse").asDouble());
    }
    for (JsonNode row : layer) {
      double ratio = row.get("rmse").asDouble() / row.get("predictedRmse").asDouble();
      assertThat(ratio).as(row.toString()).isBetween(0.2, 3.0);
    }
    for (String plot : List.of("projections.svg", "layer.svg")) {
      assertThat(Files.readString(folder.resolve("all/" + plot)))
          .startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\"")
          .contains("relative error")
          .doesNotContain("NaN")
          .endsWith("</svg>\n");
    }
  }

  @Test
  void theSameSeedGivesTheSameFigures() {
    String[] part = {
      "kernelError.experiments=projections",
      "kernelError.instantiations=7",
      "kernelError.numRandomFeatures=16"
    };
    JsonNode one = results("one", SmallJobs.with(part, SMALL));
    JsonNode again = results("again", SmallJobs.with(part, SMALL));
    assertThat(again).isEqualTo(one);
    JsonNode other =
        results(
            "other",
            SmallJobs.with(new String[] {"kernelError.seed=9"}, SmallJobs.with(part, SMALL)));
    assertThat(other).isNotEqualTo(one);
  }

  private JsonNode results(String name, String... settings) {
    Path out = jobs.make(name, "kernel-error", settings);
    return SmallJobs.json(out.resolve("kernel-error.json")).get("results");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "kernelError.experiments=layers|'layers'|Did you mean 'layer'?",
        "kernelError.activations=tanhh|arccos0, arccos1, arccos2, got 'tanhh'|Did you mean 'tanh'?",
        "kernelError.kernels=\"polynomial(1)\"|activations with a spectrum|Take product features",
        "kernelError.numRandomFeatures=7|expected even numbers, got 7|Each draw has two features.",
        "kernelError.factorizations=papr|'papr'|Did you mean 'paper'?",
        "kernelError.projections=laplace|projections of normal rows, got 'laplace'|Choose gaussian",
        "kernelError.bandLimit=0|expected a number > 0|",
        "kernelError.instantiations=1|expected an integer ≥ 2|"
      })
  void badOptionsAreOneSentence(String setting, String expected, String remedy) {
    assertThat(jobs.mistake("kernel-error", setting))
        .contains(expected)
        .contains(remedy == null ? "" : remedy);
  }
}
