package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snnk.image.GrayImage;
import org.snnk.image.SampleImage;

class FitImageJobTest {
  private static final String[] SMALL = {
    "image.width=24",
    "image.numRandomFeatures=24",
    "sgd.learningRate=3e-3",
    "sgd.batchSize=64",
    "sgd.epochs=40",
    "sgd.shards=1"
  };

  @TempDir private Path folder;

  private SmallJobs jobs;

  @BeforeEach
  void makeJobs() {
    jobs = new SmallJobs(folder);
  }

  private String png(String name, GrayImage picture) throws IOException {
    return Files.write(folder.resolve(name), picture.toPng()).toString();
  }

  @Test
  void sineNetworksFitAPictureAndItsGradient() throws IOException {
    double[] shades = new double[24 * 18];
    for (int i = 0; i < shades.length; i++) {
      int row = i / 24;
      shades[i] = 0.5 + 0.4 * Math.sin(i % 24 / 3.0) * Math.cos(row / 4.0);
    }
    String path = png("waves.png", new GrayImage(24, 18, shades));
    Path out = jobs.make("fit", "fit-image", SmallJobs.with(SMALL, "image.path=" + path));
    JsonNode fit = SmallJobs.json(out.resolve("fit.json"));
    assertThat(fit.get("format").asText()).isEqualTo("snnk-image-fit");
    assertThat(fit.at("/image/pixels").asInt()).isEqualTo(24 * 18);
    JsonNode networks = fit.at("/fits/networks");
    assertThat(networks.findValuesAsText("key")).isEqualTo(List.of("snnk", "siren", "relu"));
    GrayImage truth = GrayImage.readPng(Files.newInputStream(Path.of(path)), "truth", 64);
    for (JsonNode network : networks) {
      String key = network.get("key").asText();
      double psnr = network.get("psnr").asDouble();
      assertThat(psnr).as(key).isGreaterThan(network.get("psnrBefore").asDouble() + 5);
      assertThat(network.get("curve")).hasSize(40);
      // The picture that was written is the one that was measured, but for 8 bits and clipping.
      byte[] png = SmallJobs.bytes(out.resolve("images/" + key + ".png"));
      GrayImage drawn = GrayImage.readPng(new ByteArrayInputStream(png), key, 64);
      assertThat(GrayImage.psnr(drawn.meanSquaredError(truth))).as(key).isGreaterThan(psnr - 1);
      assertThat(out.resolve("images/" + key + "-gradient.png")).isNotEmptyFile();
      int parameters = network.get("parameters").asInt();
      assertThat(parameters).as(key).isBetween(1200, 1360);
    }
    for (int sine = 0; sine < 2; sine++) {
      assertThat(networks.get(sine).get("psnr").asDouble()).isGreaterThan(22);
      // Between so few pixels waves of ω₀ = 30 are free: the slopes are not the picture's yet.
      assertThat(networks.get(sine).get("gradientError").asDouble()).isPositive().isFinite();
    }
    assertThat(networks.get(0).get("bundledParameters").asInt()).isEqualTo(3 * 24 + 25 * 24 + 25);

    String page = Files.readString(out.resolve("report.html"));
    assertThat(page).contains("sine SNNK", "ReLU MLP", "data:image/png;base64,", "waves.png");
    assertThat(page).containsPattern(">24 × 18 pixels · [-0-9]+ [:0-9]+ UTC · took .* · seed 42<");
    assertThat(page).containsPattern("<figcaption>[0-9.]+ dB, gradient off by [0-9.]+ %<");
    assertThat(page).doesNotContain("<script").doesNotContain("src=\"http").doesNotContain("NaN");
    assertThat(page).doesNotContain("Infinity");
    JsonNode run = SmallJobs.json(out.resolve("run.json"));
    assertThat(run.get("timings").findValuesAsText("phase")).contains("snnk: training");
    assertThat(run.get("command").asText()).startsWith("jobs/snnk fit-image");
    Files.delete(out.resolve("report.html"));
    assertThat(jobs.commandLine("report", out.toString()).exitCode()).isZero();
    assertThat(Files.readString(out.resolve("report.html"))).as("made again").isEqualTo(page);
  }

  @Test
  void badPicturesAndOptionsAreOneSentence() throws IOException {
    String none = folder.resolve("none.png").toString();
    assertThat(jobs.mistake("fit-image", "image.path=" + none))
        .contains("'image.path': expected a PNG file that can be read, got none at '");
    assertThat(jobs.mistake("fit-image", "image.path=" + folder))
        .contains("got a folder at '" + folder);
    Path text = jobs.file("text.png", List.of("no picture"));
    assertThat(jobs.mistake("fit-image", "image.path=" + text))
        .contains("expected a PNG file, got another kind");
    String large = png("large.png", SampleImage.of(40));
    assertThat(jobs.mistake("fit-image", "image.path=" + large, "image.largestSide=39"))
        .contains("expected sides from 2 to 39 pixels, got 40×40");
    String flat = png("flat.png", new GrayImage(8, 8, new double[64]));
    assertThat(jobs.mistake("fit-image", "image.path=" + flat))
        .contains("expected more than one shade, got one");
    assertThat(jobs.mistake("fit-image", "image.numRandomFeatures=7"))
        .contains("expected an even number, got 7")
        .contains("Each draw has two features.");
    assertThat(jobs.mistake("fit-image", "sgd.learningRate=1e-3,1e-2", "image.side=8"))
        .contains("expected one rate without a validation part, got 2");
  }
}
