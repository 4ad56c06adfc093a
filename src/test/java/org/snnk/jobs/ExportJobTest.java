package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snnk.model.Model;
import org.snnk.onnx.ElementType;
import org.snnk.onnx.OnnxModel;

/** From a model folder to model.onnx and card.json; no Spark is started. */
class ExportJobTest {
  @TempDir private Path folder;

  private static Path saved(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(ExportJobTest.class.getResource("/models/version-1/" + name), name)
              .toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private int exitCode;

  /** Runs the job, and returns what it said. */
  private String export(Path model, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("export", "--set", "model.path=" + model, "--set", "output.dir=" + out()));
    for (String setting : more) {
      words.addAll(List.of("--set", setting));
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
    exitCode = Main.run(print, print, words.toArray(String[]::new));
    return said.toString(StandardCharsets.UTF_8);
  }

  private Path out() {
    return folder.resolve("out");
  }

  @Test
  void aModelBecomesAFileAndACard() throws IOException {
    for (String name : List.of("classifier", "regressor", "network")) {
      String said = export(saved(name), "output.overwrite=true");
      assertThat(exitCode).as(said).isZero();
      assertThat(said).contains("snnk export: wrote " + out());
      Path file = saved(name).resolve(name.equals("network") ? "model.bin" : "model/model.bin");
      Model model = Model.fromBytes(Files.readAllBytes(file), name);
      assertThat(Files.readAllBytes(out().resolve("model.onnx")))
          .isEqualTo(OnnxModel.of(model, ElementType.DOUBLE).bytes());
      JsonNode card = SmallJobs.json(out().resolve("card.json"));
      assertThat(card.at("/source/sha256").asText()).isEqualTo(model.fingerprint());
      assertThat(card.at("/input/columns")).hasSize(model.inputs());
      assertThat(card.at("/tolerance/scores").asDouble()).isEqualTo(model.isExact() ? 0 : 1e-3);
      assertThat(card.get("classes")).hasSize(model.classLabels().size());
    }
  }

  @Test
  void singlePrecisionIsAskedFor() throws IOException {
    String said = export(saved("classifier"), "export.precision=float");
    assertThat(exitCode).as(said).isZero();
    JsonNode card = SmallJobs.json(out().resolve("card.json"));
    assertThat(card.get("precision").asText()).isEqualTo("float");
    assertThat(card.at("/tolerance/guaranteed").asBoolean()).isFalse();
  }

  @Test
  void mistakesAreToldInOneSentence() throws IOException {
    assertThat(mistake(folder))
        .contains("model.path: expected a folder with model.bin, got none at '" + folder + "'.");
    byte[] whole = Files.readAllBytes(saved("network").resolve("model.bin"));
    Path model = Files.createDirectories(folder.resolve("damaged"));
    for (int length : new int[] {0, 3, 40, whole.length - 1}) {
      Files.write(model.resolve("model.bin"), Arrays.copyOf(whole, length));
      assertThat(mistake(model)).contains("error: model file: expected ").contains("damaged");
    }
    byte[] unknown = whole.clone();
    unknown[3] = 'X';
    Files.write(model.resolve("model.bin"), unknown);
    assertThat(mistake(model)).contains("model file: expected the first bytes SNKM, got others (");
    byte[] newer = whole.clone();
    newer[7] = 99;
    Files.write(model.resolve("model.bin"), newer);
    assertThat(mistake(model)).contains("got version 99").contains("Read it with the program");
    assertThat(mistake(saved("network"), "export.precision=half"))
        .contains("'export.precision': expected one of double, float, got 'half'");
    assertThat(out()).doesNotExist();
    Files.createDirectories(out());
    assertThat(mistake(saved("network")))
        .contains("expected a folder that is not there yet, got one that is");
  }

  private String mistake(Path model, String... more) {
    String said = export(model, more);
    assertThat(exitCode).as(said).isEqualTo(Main.MISTAKE);
    assertThat(said.lines().filter(line -> line.startsWith("error: "))).as(said).hasSize(1);
    return said;
  }
}
