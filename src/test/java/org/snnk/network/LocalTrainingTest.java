package org.snnk.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.Written;
import org.snnk.activation.StandardActivation;
import org.snnk.feature.Projection;
import org.snnk.loss.Loss;

class LocalTrainingTest {
  private static final int D = 4;

  private static final Schedule CONSTANT = new Schedule(Schedule.Shape.CONSTANT, 0);

  /** Rows from..to−1, with a target of k reals or one of k classes. */
  private static Examples rows(int from, int to, int k, boolean classes, boolean weighted) {
    int n = to - from;
    var block =
        classes
            ? TestRows.classes(from, to, D, k, weighted)
            : TestRows.reals(from, to, D, k, weighted);
    float[] x = floats(block.x());
    float[] y = floats(block.y());
    return new Examples(
        n, D, classes ? 1 : k, x, y, weighted ? floats(block.weight()) : null, block.index());
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static Network linear(int k) {
    return new Network(List.of(new Dense(D, k, true, StandardActivation.LINEAR)));
  }

  private static Network deep() {
    return new Network(
        List.of(
            new Dense(D, 8, true, StandardActivation.RELU),
            new Dropout(8, 0.25),
            new Snnk(new ReluFeatures(8, 6, false, Projection.ORTHOGONAL, 1), 5, false),
            new Dense(5, 3, true, StandardActivation.LINEAR)));
  }

  private static LocalTraining training(
      Network network, Loss loss, Optimizer optimizer, double rate, int batch) {
    return new LocalTraining(
        network,
        new LocalTraining.Settings(
            loss, 0, optimizer, CONSTANT, rate, Double.POSITIVE_INFINITY, batch, 7));
  }

  private static LocalTraining.Stretch whole(int epoch, int batches, int epochs) {
    return new LocalTraining.Stretch(epoch, 0, batches, batches, epochs, 1);
  }

  private static byte[] bytes(TrainingState state) {
    return Written.bytes(state::write);
  }

  static List<Optimizer> optimizers() {
    return List.of(
        new Optimizer.Momentum(0),
        new Optimizer.Momentum(0.9),
        new Optimizer.Adam(0),
        new Optimizer.Adam(0.01));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void stretchesOfAnEpochAddUpToIt(Optimizer optimizer) throws IOException {
    LocalTraining training = training(deep(), Loss.SOFTMAX, optimizer, 0.01, 16);
    Examples rows = rows(0, 150, 3, true, false);
    TrainingState start = TrainingState.start(training.network().initial(1), optimizer);
    byte[] before = bytes(start);
    int batches = training.batches(150);
    assertThat(batches).isEqualTo(10);
    LocalTraining.Update once = training.run(start, rows, 2, whole(1, batches, 5));
    assertThat(bytes(start)).as("the start is not modified").isEqualTo(before);
    TrainingState state = start;
    long seen = 0;
    for (int[] part : new int[][] {{0, 3}, {3, 4}, {4, 10}}) {
      LocalTraining.Update update =
          training.run(
              state, rows, 2, new LocalTraining.Stretch(1, part[0], part[1], batches, 5, 1));
      // Saved and read in between, as a training that is resumed does.
      state =
          TrainingState.read(new DataInputStream(new ByteArrayInputStream(bytes(update.state()))));
      seen += update.rows();
    }
    assertThat(bytes(state)).isEqualTo(bytes(once.state()));
    assertThat(seen).isEqualTo(150).isEqualTo(once.rows());
    assertThat(state.steps()).isEqualTo(20);
    LocalTraining.Update again = training.run(start, rows, 2, whole(1, batches, 5));
    assertThat(bytes(again.state())).isEqualTo(bytes(once.state()));
    LocalTraining.Update other = training.run(start, rows, 3, whole(1, batches, 5));
    assertThat(bytes(other.state())).as("another shard").isNotEqualTo(bytes(once.state()));
  }

  @Test
  void fullBatchDescentComesToTheRidgeSolution() {
    int n = 200;
    double lambda = 0.05;
    Examples rows = rows(0, n, 1, false, false);
    Network network = linear(1);
    Optimizer optimizer = new Optimizer.Momentum(0.8);
    LocalTraining training =
        new LocalTraining(
            network,
            new LocalTraining.Settings(Loss.SQUARED, lambda, optimizer, CONSTANT, 0.05, 1e9, n, 7));
    TrainingState state = TrainingState.start(network.initial(1), optimizer);
    for (int epoch = 0; epoch < 300; epoch++) {
      state = training.run(state, rows, 0, whole(epoch, 1, 300)).state();
    }
    // (X⁺ᵀX⁺/n + λI⁰)w = X⁺ᵀy/n, where X⁺ has a column of ones without a penalty.
    var block = TestRows.reals(0, n, D, 1, false);
    double[] a = new double[(D + 1) * (D + 1)];
    double[] b = new double[D + 1];
    for (int i = 0; i < n; i++) {
      double[] x = Arrays.copyOf(Arrays.copyOfRange(block.x(), i * D, (i + 1) * D), D + 1);
      x[D] = 1;
      for (int p = 0; p <= D; p++) {
        b[p] += x[p] * block.y()[i] / n;
        for (int q = 0; q <= D; q++) {
          a[p * (D + 1) + q] += x[p] * x[q] / n;
        }
      }
    }
    for (int p = 0; p < D; p++) {
      a[p * (D + 1) + p] += lambda;
    }
    double[] w = solve(a, b);
    for (int p = 0; p <= D; p++) {
      assertThat((double) state.parameters()[p]).isCloseTo(w[p], within(1e-5));
    }
  }

  private static double[] solve(double[] a, double[] b) {
    int n = b.length;
    for (int p = 0; p < n; p++) {
      for (int q = p + 1; q < n; q++) {
        double factor = a[q * n + p] / a[p * n + p];
        for (int r = p; r < n; r++) {
          a[q * n + r] -= factor * a[p * n + r];
        }
        b[q] -= factor * b[p];
      }
    }
    for (int p = n - 1; p >= 0; p--) {
      for (int q = p + 1; q < n; q++) {
        b[p] -= a[p * n + q] * b[q];
      }
      b[p] /= a[p * n + p];
    }
    return b;
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void trainingLowersTheLoss(Optimizer optimizer) {
    LocalTraining training = training(deep(), Loss.SOFTMAX, optimizer, 0.02, 20);
    Examples rows = rows(0, 400, 3, true, true);
    TrainingState state = TrainingState.start(training.network().initial(1), optimizer);
    LocalTraining.Evaluation before = training.evaluate(state.parameters(), rows);
    for (int epoch = 0; epoch < 15; epoch++) {
      state = training.run(state, rows, 0, whole(epoch, 20, 15)).state();
    }
    LocalTraining.Evaluation after = training.evaluate(state.parameters(), rows);
    assertThat(after.weight()).isEqualTo(before.weight()).isGreaterThan(300);
    assertThat(after.loss()).isLessThan(0.9 * before.loss());
    assertThat(after.hits()).isGreaterThan(before.hits());
  }

  @Test
  void theMeanIsWeightedByRows() {
    Optimizer optimizer = new Optimizer.Momentum(0.5);
    TrainingState a = new TrainingState(new float[] {1, 2}, new float[][] {{4, 0}}, 5);
    TrainingState b = new TrainingState(new float[] {5, 6}, new float[][] {{0, 8}}, 5);
    List<LocalTraining.Update> updates =
        List.of(
            new LocalTraining.Update(a, 30, 0, 0, -1), new LocalTraining.Update(b, 10, 0, 0, -1));
    LocalTraining.Update merged = LocalTraining.merge(updates);
    TrainingState mean = merged.state();
    assertThat(merged.rows()).isEqualTo(40);
    assertThat(mean.parameters()).containsExactly(2, 3);
    assertThat(mean.memory()[0]).containsExactly(3, 2);
    assertThat(mean.steps()).isEqualTo(5);
    assertThat(mean.memory()).hasNumberOfRows(optimizer.memories());
  }

  @Test
  void divergenceIsReportedWithItsStepAndLeavesTheStart() {
    Optimizer optimizer = new Optimizer.Momentum(0);
    LocalTraining training = training(linear(1), Loss.SQUARED, optimizer, 1e6, 10);
    TrainingState start = TrainingState.start(training.network().initial(1), optimizer);
    LocalTraining.Update update =
        training.run(start, rows(0, 100, 1, false, false), 0, whole(0, 10, 1));
    assertThat(update.divergedAt()).isBetween(1L, 9L);
    assertThat(update.state()).isSameAs(start);
  }

  @Test
  void aLongGradientIsScaledDownToTheLimit() {
    Optimizer optimizer = new Optimizer.Momentum(0);
    Network network = linear(2);
    LocalTraining training =
        new LocalTraining(
            network,
            new LocalTraining.Settings(Loss.SQUARED, 0, optimizer, CONSTANT, 1, 0.25, 100, 7));
    TrainingState start = TrainingState.start(network.initial(1), optimizer);
    TrainingState end =
        training.run(start, rows(0, 100, 2, false, false), 0, whole(0, 1, 1)).state();
    double squares = 0;
    for (int i = 0; i < start.parameters().length; i++) {
      squares += Math.pow((double) end.parameters()[i] - start.parameters()[i], 2);
    }
    assertThat(Math.sqrt(squares)).isCloseTo(0.25, within(1e-5));
  }

  @Test
  void noOrderOfPiecesLeavesATrace() {
    Examples whole = rows(0, 90, 2, false, true);
    List<Examples> pieces = new ArrayList<>();
    for (int[] part : new int[][] {{50, 90}, {0, 20}, {20, 50}}) {
      pieces.add(rows(part[0], part[1], 2, false, true));
    }
    Examples united = Examples.united(pieces, D, 2, true);
    assertThat(united).usingRecursiveComparison().isEqualTo(whole);
    assertThat(united.take(new int[] {3, 88}, 2).index(1)).isEqualTo(88);
    int[] order = whole.order(1, 2);
    assertThat(order).isEqualTo(united.order(1, 2)).isNotEqualTo(whole.order(1, 3));
    Arrays.sort(order);
    for (int i = 0; i < 90; i++) {
      assertThat(order[i]).isEqualTo(i);
    }
  }

  // ---- optimisers and schedules ----

  @Test
  void adamsFirstStepHasTheLengthOfTheRateWhateverTheGradient() {
    float[] parameters = {1, 1, 1};
    Optimizer adam = new Optimizer.Adam(0);
    adam.step(1, 0.1, parameters, new float[] {1e-3f, -7, 1e4f}, new float[3], new float[2][3]);
    assertThat(parameters[0]).isCloseTo(0.9f, within(1e-5f));
    assertThat(parameters[1]).isCloseTo(1.1f, within(1e-5f));
    assertThat(parameters[2]).isCloseTo(0.9f, within(1e-5f));
  }

  @Test
  void decayShrinksWeightsOnly() {
    float[] parameters = {2, 2};
    new Optimizer.Adam(0.1)
        .step(1, 0.5, parameters, new float[2], new float[] {1, 0}, new float[2][2]);
    assertThat(parameters).containsExactly(1.9f, 2);
  }

  @Test
  void momentumAddsUpToTheGeometricSum() {
    float[] parameters = {0};
    float[][] memory = new float[1][1];
    Optimizer momentum = new Optimizer.Momentum(0.5);
    for (int step = 1; step <= 3; step++) {
      momentum.step(step, 1, parameters, new float[] {1}, new float[1], memory);
    }
    assertThat(parameters[0]).isEqualTo(-(1 + 1.5f + 1.75f));
  }

  @Test
  void schedulesRiseAndFallAsTheyShould() {
    for (Schedule.Shape shape : Schedule.Shape.values()) {
      Schedule warm = new Schedule(shape, 0.1);
      double last = 0;
      for (int step = 0; step < 10; step++) {
        assertThat(warm.factor(step, 100)).isGreaterThan(last).isLessThan(1);
        last = warm.factor(step, 100);
      }
      assertThat(warm.factor(10, 100)).isEqualTo(1);
    }
    Schedule cosine = new Schedule(Schedule.Shape.COSINE, 0);
    assertThat(cosine.factor(50, 100)).isCloseTo(0.5, within(1e-12));
    assertThat(cosine.factor(99, 100)).isBetween(0.0, 0.001);
    assertThat(new Schedule(Schedule.Shape.LINEAR, 0).factor(75, 100)).isEqualTo(0.25);
    assertThat(CONSTANT.factor(99, 100)).isEqualTo(1);
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new Optimizer.Momentum(1))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "sgd.momentum: expected a number from 0 to below 1, got 1.0. Choose another value.");
    assertThatThrownBy(() -> new Optimizer.Adam(-1))
        .hasMessage(
            "sgd.weightDecay: expected a number from 0 up, got -1.0. Choose another value.");
    assertThatThrownBy(() -> new Schedule(Schedule.Shape.COSINE, 1))
        .hasMessage("warm-up: expected a share of the steps from 0 to below 1, got 1.0. Lower it.");
  }
}
