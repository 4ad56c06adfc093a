package org.snnk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.Grid;
import org.snnk.statistics.Targets;

class FullyBundledModelTest {
  private static final int D = 3;

  private static Featurizer featurizer(int m) {
    return new Featurizer(
        new Standardizer(new double[] {1, 0, -1}, new double[] {0.5, 1, 2}),
        new CosineFeatures(D, m, 1.3, Projection.ORTHOGONAL, 3));
  }

  private static FullyBundledModel regression(int m) {
    Targets targets = Targets.reals(new double[] {100, -1}, new double[] {20, 1e-3});
    return FullyBundledModel.of(
        List.of("u", "v", "w"),
        List.of("power", "thrust"),
        List.of(),
        featurizer(m),
        targets,
        TestRows.gaussian(m * 2, 40),
        new double[] {0.5, -2});
  }

  private static FullyBundledModel classifier(int m, int k) {
    List<String> labels = new ArrayList<>();
    for (int c = 0; c < k; c++) {
      labels.add("class " + c);
    }
    return FullyBundledModel.of(
        List.of("u", "v", "w"),
        List.of("label"),
        labels,
        featurizer(m),
        Targets.classes(k),
        TestRows.gaussian(m * k, 41),
        new double[k]);
  }

  private static double[] scores(FullyBundledModel model, int n, double[] x) {
    double[] out = new double[n * model.outputs()];
    model.scores(n, x, out, new FullyBundledModel.Workspace());
    return out;
  }

  @Test
  void scoresAreTheReadOutOfTheFeaturesInTheUnitsOfTheTarget() {
    int n = 700; // more than one block
    double[] x = TestRows.gaussian(n * D, 9);
    for (int m : new int[] {2, 64, 300}) {
      FullyBundledModel model = regression(m);
      double[] w = TestRows.gaussian(m * 2, 40);
      double largest = Arrays.stream(w).map(Math::abs).max().orElseThrow();
      double[] phi = new double[n * m];
      model.featurizer().features(n, x, 0, phi, m, new Featurizer.Workspace());
      double[] scores = scores(model, n, x);
      // Each weight is off by at most half a unit of its low limb.
      double rounding = m * largest * Math.scalb(2.0, 1 - 2 * (Grid.weightBits(m) - 1)) + 1e-13 * m;
      for (int i = 0; i < n; i++) {
        for (int t = 0; t < 2; t++) {
          double sum = t == 0 ? 0.5 : -2;
          for (int j = 0; j < m; j++) {
            sum += phi[i * m + j] / Grid.FEATURE_ONE * w[j * 2 + t];
          }
          double expected = t == 0 ? 100 + 20 * sum : -1 + 1e-3 * sum;
          double scale = t == 0 ? 20 : 1e-3;
          assertThat(scores[i * 2 + t]).isCloseTo(expected, within(scale * rounding + 1e-13));
        }
      }
    }
  }

  @Test
  void aRowScoresTheSameAloneAndInAnyBlock() {
    int n = 1100;
    double[] x = TestRows.gaussian(n * D, 10);
    FullyBundledModel model = regression(64);
    double[] block = scores(model, n, x);
    FullyBundledModel.Workspace workspace = new FullyBundledModel.Workspace();
    double[] one = new double[2];
    for (int i = 0; i < n; i++) {
      model.scores(1, Arrays.copyOfRange(x, i * D, (i + 1) * D), one, workspace);
      assertThat(one).isEqualTo(Arrays.copyOfRange(block, i * 2, i * 2 + 2));
    }
  }

  @Test
  void oneWorkspaceServesModelsOfAnySize() {
    double[] x = TestRows.gaussian(600 * D, 11);
    FullyBundledModel.Workspace workspace = new FullyBundledModel.Workspace();
    for (FullyBundledModel model :
        List.of(regression(300), classifier(10, 9), regression(64), classifier(320, 2))) {
      double[] out = new double[600 * model.outputs()];
      model.scores(600, x, out, workspace);
      assertThat(out).isEqualTo(scores(model, 600, x));
    }
  }

  @Test
  void classesWithoutACalibrationAreTold() {
    double[] offset = new double[3];
    assertThat(classifier(8, 3).calibrated(new double[] {2, 1, 3}, offset).uncalibratedClasses())
        .containsExactly("class 1");
    assertThat(classifier(8, 2).calibrated(new double[] {1, 2}, offset).uncalibratedClasses())
        .as("the first of two has no curve of its own")
        .isEmpty();
    assertThat(regression(8).uncalibratedClasses()).isEmpty();
  }

  @Test
  void bytesReadBackAreTheSameModel() {
    double[] x = TestRows.gaussian(50 * D, 12);
    FullyBundledModel calibrated =
        classifier(64, 3).calibrated(new double[] {1, 2, 3}, new double[] {-1, 0, 1});
    for (FullyBundledModel model : List.of(regression(64), calibrated)) {
      FullyBundledModel read = FullyBundledModel.fromBytes(model.toBytes(), "a file");
      assertThat(read.toBytes()).isEqualTo(model.toBytes());
      assertThat(read.fingerprint()).isEqualTo(model.fingerprint()).hasSize(64);
      assertThat(read.inputNames()).isEqualTo(model.inputNames());
      assertThat(read.targetNames()).isEqualTo(model.targetNames());
      assertThat(read.classLabels()).isEqualTo(model.classLabels());
      assertThat(read.isClassifier()).isEqualTo(model.isClassifier());
      assertThat(read.metadata()).isEqualTo(model.metadata());
      double[] expected = scores(model, 50, x);
      double[] got = scores(read, 50, x);
      assertThat(got).isEqualTo(expected);
      if (model.isClassifier()) {
        model.probabilities(50, expected);
        read.probabilities(50, got);
        assertThat(got).isEqualTo(expected);
      }
    }
  }

  @Test
  void aByteAlteredAnywhereIsNoticed() {
    byte[] good = classifier(16, 3).toBytes();
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 0x10;
      assertThatThrownBy(() -> FullyBundledModel.fromBytes(bad, "m.bin"))
          .isInstanceOf(SnnkException.class)
          .hasMessageStartingWith("model file: expected ")
          .hasMessageContaining("(m.bin)");
    }
  }

  @Test
  void aFileCutShortAnywhereIsNoticed() {
    byte[] good = classifier(16, 3).toBytes();
    for (int length = 0; length < good.length; length++) {
      byte[] bad = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> FullyBundledModel.fromBytes(bad, "m.bin"))
          .isInstanceOf(SnnkException.class);
    }
  }

  @Test
  void aNewerVersionIsRefusedByItsNumber() {
    byte[] newer = regression(4).toBytes();
    newer[7] = 2;
    assertThatThrownBy(() -> FullyBundledModel.fromBytes(newer, "m.bin"))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "model file: expected version 1, got version 2 (m.bin). Read it with the program that"
                + " wrote it.");
    assertThatThrownBy(
            () -> FullyBundledModel.fromBytes("PK".getBytes(StandardCharsets.US_ASCII), "a.zip"))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "model file: expected the first bytes SNKM, got others (a.zip). Give the model folder of"
                + " a training run.");
  }

  @Test
  void probabilitiesAreBetweenZeroAndOneAndSumToOne() {
    double[] x = TestRows.gaussian(300 * D, 13);
    for (int k : new int[] {2, 3, 7}) {
      double[] slope = TestRows.gaussian(k, 14);
      double[] offset = TestRows.gaussian(k, 15);
      FullyBundledModel model = classifier(32, k).calibrated(slope, offset);
      double[] p = scores(model, 300, x);
      model.probabilities(300, p);
      for (int i = 0; i < 300; i++) {
        double sum = 0;
        for (int c = 0; c < k; c++) {
          assertThat(p[i * k + c]).isBetween(0.0, 1.0);
          sum += p[i * k + c];
        }
        assertThat(sum).isCloseTo(1, within(1e-14));
      }
    }
  }

  @Test
  void hopelessScoresStillGiveProbabilities() {
    double[] scores = {-1e6, -1e6, -1e6, 1e6, 1e6, -1e6};
    classifier(4, 3).probabilities(2, scores);
    assertThat(scores[0] + scores[1] + scores[2]).isCloseTo(1, within(1e-14));
    assertThat(scores[3]).isEqualTo(0.5);
  }

  @Test
  void largestIsTheFirstOfEqualOnes() {
    double[] numbers = {9, 1, 3, 3, 2};
    assertThat(FullyBundledModel.largest(numbers, 1, 4)).isEqualTo(1);
    assertThat(FullyBundledModel.largest(numbers, 0, 5)).isZero();
  }

  @Test
  void threadsThatShareAModelDoNotDisturbEachOther()
      throws InterruptedException, ExecutionException {
    double[] x = TestRows.gaussian(2000 * D, 16);
    double[] expected = scores(regression(64), 2000, x);
    FullyBundledModel fresh = FullyBundledModel.fromBytes(regression(64).toBytes(), "a file");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<double[]>> results = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        results.add(threads.submit(() -> scores(fresh, 2000, x)));
      }
      for (Future<double[]> result : results) {
        assertThat(result.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static String inAnotherProcess(String backend, String blasThreads)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dsnnk.blas=" + backend,
            "-cp",
            System.getProperty("java.class.path"),
            ExactBytes.class.getName());
    builder.environment().put("OPENBLAS_NUM_THREADS", blasThreads);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return out.strip();
  }

  @Test
  void statisticModelAndScoresAreTheSameBytesOnEveryBlasAndThreadCount()
      throws IOException, InterruptedException, NoSuchAlgorithmException {
    String here = ExactBytes.fingerprints();
    assertThat(inAnotherProcess("java", "1")).isEqualTo(here);
    assertThat(inAnotherProcess("auto", "2")).isEqualTo(here);
  }
}
