package org.snnk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.activation.StandardActivation;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;
import org.snnk.network.Dense;
import org.snnk.network.EpochLoss;
import org.snnk.network.Network;
import org.snnk.network.ReluFeatures;
import org.snnk.network.Snnk;
import org.snnk.network.TrainedNetwork;
import org.snnk.statistics.Moments;
import org.snnk.statistics.Targets;

class NetworkModelTest {
  private static final int D = 3;

  private static Network network(int outputs) {
    return new Network(
        List.of(
            new Dense(D, 6, true, StandardActivation.TANH),
            new Snnk(new ReluFeatures(6, 8, false, Projection.ORTHOGONAL, 2), 5, false),
            new Dense(5, outputs, true, StandardActivation.LINEAR)));
  }

  private static NetworkModel model(boolean classes) {
    RowBlock rows =
        classes ? TestRows.classes(0, 200, D, 2, false) : TestRows.reals(0, 200, D, 2, false);
    Moments moments = new Moments(D, classes ? 0 : 2, classes ? 2 : 0);
    moments.add(rows);
    Network network = network(2);
    return new NetworkModel(
        List.of("a", "b", "c"),
        classes ? List.of("kind") : List.of("y", "z"),
        classes ? List.of("left", "right") : List.of(),
        moments.standardizer(),
        moments.targets(),
        network,
        network.initial(4),
        List.of(new EpochLoss(1, 0.5, Double.NaN, Double.NaN), new EpochLoss(2, 0.4, 0.6, 0.7)),
        2);
  }

  @Test
  void aModelIsReadAsItWasWritten() {
    for (boolean classes : new boolean[] {true, false}) {
      NetworkModel model = model(classes);
      byte[] bytes = model.toBytes();
      NetworkModel read = (NetworkModel) Model.fromBytes(bytes, "model.bin");
      assertThat(read.toBytes()).isEqualTo(bytes);
      assertThat(read.curve()).isEqualTo(model.curve());
      assertThat(read.epoch()).isEqualTo(2);
      assertThat(read.isClassifier()).isEqualTo(classes);
      assertThat(read.metadata())
          .containsEntry("format", "snnk network model")
          .containsEntry("sha256", model.fingerprint())
          .containsEntry("parameters", 18 + 6 + 40 + 12);
      double[] x = TestRows.gaussian(7 * D, 1);
      double[] expected = new double[14];
      double[] scores = new double[14];
      model.scorer().scores(7, x, expected);
      read.scorer().scores(7, x, scores);
      assertThat(scores).isEqualTo(expected);
    }
  }

  /** A file of the first layout, and the scores that its program gave. */
  @Test
  void anOldFileScoresAsItDid() throws IOException {
    NetworkModel model = (NetworkModel) Model.fromBytes(resource("model.bin"), "model.bin");
    assertThat(model.network().describe())
        .isEqualTo(
            "dense(3→6, tanh) → dropout(0.1) → dense(6→6, relu) → adapter(6, m=4) → snnk(6→5, m=8)"
                + " → dense(5→2, linear)");
    assertThat(model.curve()).hasSize(2);
    double[] scores = new double[10];
    model.scorer().scores(5, TestRows.gaussian(5 * D, 1), scores);
    String[] expected =
        new String(resource("scores.txt"), StandardCharsets.US_ASCII).strip().split("\\s+", -1);
    for (int i = 0; i < scores.length; i++) {
      assertThat(scores[i]).isCloseTo(Double.parseDouble(expected[i]), within(1e-6));
    }
  }

  private static byte[] resource(String name) throws IOException {
    String path = "/models/version-1/network/" + name;
    try (InputStream in = NetworkModelTest.class.getResourceAsStream(path)) {
      return in.readAllBytes();
    }
  }

  @Test
  void targetsAreScoredInTheirOwnUnits() {
    Network network = network(2);
    Targets targets = Targets.reals(new double[] {100, -5}, new double[] {10, 0.5});
    Standardizer identity = new Standardizer(new double[D], new double[] {1, 1, 1});
    NetworkModel model =
        new NetworkModel(
            List.of("a", "b", "c"),
            List.of("y", "z"),
            List.of(),
            identity,
            targets,
            network,
            network.initial(4),
            List.of(),
            0);
    double[] x = {0.5, -1, 2};
    double[] scores = new double[2];
    model.scorer().scores(1, x, scores);
    float[] plain = network.pass(1).forward(1, new float[] {0.5f, -1, 2}, network.initial(4));
    assertThat(scores[0]).isCloseTo(100 + 10 * plain[0], within(1e-5));
    assertThat(scores[1]).isCloseTo(-5 + 0.5 * plain[1], within(1e-5));
  }

  @Test
  void manyRowsScoreAsOne() {
    NetworkModel model = model(true);
    int n = 1100; // more than two blocks
    double[] x = TestRows.gaussian(n * D, 6);
    double[] all = new double[n * 2];
    Model.Scorer scorer = model.scorer();
    scorer.scores(n, x, all);
    double[] one = new double[2];
    for (int i = 0; i < n; i += 99) {
      scorer.scores(1, java.util.Arrays.copyOfRange(x, i * D, (i + 1) * D), one);
      assertThat(one[0]).isCloseTo(all[2 * i], within(1e-5));
      assertThat(one[1]).isCloseTo(all[2 * i + 1], within(1e-5));
    }
    model.probabilities(n, all);
    assertThat(all[0] + all[1]).isCloseTo(1, within(1e-12));
  }

  @Test
  void damagedBytesAndOtherNetworksAreRefused() {
    byte[] bytes = model(true).toBytes();
    bytes[60] ^= 1;
    assertThatThrownBy(() -> Model.fromBytes(bytes, "model.bin"))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "model file: expected bytes that match their SHA-256, got damaged ones (model.bin)."
                + " Take another copy, or train again.");
    NetworkModel model = model(true);
    Network other = network(3);
    assertThatThrownBy(() -> model.with(new TrainedNetwork(other, other.initial(1))))
        .hasMessage(
            "network of a model: expected 2 outputs, got 3. Make it for the table's columns.");
  }
}
