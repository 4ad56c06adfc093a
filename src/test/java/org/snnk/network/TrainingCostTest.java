package org.snnk.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snnk.SnnkException;
import org.snnk.activation.StandardActivation;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Projection;
import org.snnk.feature.UniversalRandomFeatures;
import org.snnk.loss.Loss;
import org.snnk.random.CounterRandom;

/** What layers say of their flops and bytes, beside what the JVM counts. */
class TrainingCostTest {
  private static final int ROWS = 2000;

  private static ReluFeatures relu(int d, int m) {
    return new ReluFeatures(d, m, true, Projection.ORTHOGONAL, 1);
  }

  private static Dense output(int d) {
    return new Dense(d, 3, true, StandardActivation.LINEAR);
  }

  static List<Network> networks() {
    return List.of(
        new Network(
            List.of(
                new Dense(20, 30, true, StandardActivation.RELU),
                new Dropout(30, 0.2),
                new Dense(30, 24, true, StandardActivation.SILU),
                output(24))),
        new Network(
            List.of(
                new Dense(20, 30, false, StandardActivation.TANH),
                new Snnk(relu(30, 40), 16, false),
                new SnnkAdapter(relu(16, 32)),
                output(16))),
        new Network(
            List.of(
                new Dense(20, 30, true, StandardActivation.SIN),
                new UniversalFeatures(
                    UniversalRandomFeatures.of(StandardActivation.SIN, 30, 40)
                        .norms(1, 1)
                        .seed(1)
                        .build()),
                output(40))),
        new Network(
            List.of(
                new MappedFeatures(new CosineFeatures(20, 64, 4, Projection.ORTHOGONAL, 1)),
                output(64))));
  }

  private static Examples rows(int d) {
    CounterRandom random = new CounterRandom(3, 0);
    float[] x = new float[ROWS * d];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.gaussian(i);
    }
    float[] y = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      y[i] = i % 3;
    }
    return new Examples(ROWS, d, 1, x, y, null, IntStream.range(0, ROWS).asLongStream().toArray());
  }

  private static long allocated(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static void pass(Network network, int n, float[] theta, float[] gradient, Examples rows) {
    Network.Pass pass = network.pass(n);
    Examples.Batch batch = new Examples.Batch(rows, n);
    batch.gather(null, 0, n);
    float[] unused = pass.forward(n, batch.x, theta, 1, 1L);
    pass.backward(new float[n * network.outputs()], theta, gradient, null);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aPassAllocatesWhatItsLayersSay(Network network) {
    float[] theta = network.initial(1);
    float[] gradient = new float[theta.length];
    Examples rows = rows(network.inputs());
    for (int i = 0; i < 3; i++) { // what is drawn once, and what the JVM loads
      pass(network, 64, theta, gradient, rows);
    }
    long more =
        allocated(() -> pass(network, ROWS, theta, gradient, rows))
            - allocated(() -> pass(network, ROWS / 2, theta, gradient, rows));
    long batch = Float.BYTES * (network.inputs() + 1L + network.outputs());
    assertThat((double) more / (ROWS - ROWS / 2))
        .isCloseTo((double) (network.passBytes() + batch), Percentage.withPercentage(4));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aTaskHoldsAboutWhatItAllocates(Network network) {
    LocalTraining training =
        new LocalTraining(
            network,
            new LocalTraining.Settings(
                Loss.SOFTMAX,
                0,
                new Optimizer.Adam(0),
                new Schedule(Schedule.Shape.CONSTANT, 0),
                1e-3,
                Double.POSITIVE_INFINITY,
                ROWS,
                1));
    Examples rows = rows(network.inputs());
    TrainingState start = TrainingState.start(network.initial(1), new Optimizer.Adam(0));
    LocalTraining.Stretch stretch = new LocalTraining.Stretch(0, 0, 1, 1, 1, 1);
    LocalTraining.Update first = training.run(start, rows, 0, stretch);
    assertThat(first.rows()).isEqualTo(ROWS);
    long allocated = allocated(() -> training.run(start, rows, 0, stretch));
    // Three more states come to it and go from it, and G is there already.
    long state = TrainingState.bytes(network.parameters(), new Optimizer.Adam(0));
    assertThat(training.taskBytes(ROWS, 1, false) - network.drawnBytes() - 3 * state)
        .isCloseTo(allocated, Percentage.withPercentage(10));
  }

  @Test
  void goingBackThroughADenseLayerTakesTwiceWhatGoingForwardDoes() {
    Network network =
        new Network(List.of(new Dense(4, 8, true, StandardActivation.RELU), output(8)));
    // The first layer has no need of the gradient by its inputs.
    assertThat(network.trainingFlops()).isEqualTo(2 * 2 * 4 * 8 + 3 * 2 * 8 * 3);
  }

  @Test
  void nothingGoesBackThroughWhatIsFixed() {
    CosineFeatures map = new CosineFeatures(4, 16, 2, Projection.ORTHOGONAL, 1);
    Network fixed = new Network(List.of(new MappedFeatures(map), output(16)));
    assertThat(fixed.trainingFlops()).isEqualTo(map.flops() + 2 * 2 * 16 * 3);
    Network snnk =
        new Network(
            List.of(
                new Dense(4, 8, true, StandardActivation.RELU),
                new Snnk(relu(8, 16), 5, false),
                output(5)));
    // G is not trained, and A, the gradient by Φ and that by x are.
    long forward = 2 * (4 * 8 + 8 * 16 + 16 * 5 + 5 * 3);
    long back = 2 * (4 * 8 + 2 * 16 * 5 + 8 * 16 + 2 * 5 * 3);
    assertThat(snnk.trainingFlops()).isCloseTo(forward + back, within(0L));
  }

  @Test
  void aNetworkBeyondWhatArraysIndexIsRefused() {
    Dense wide = new Dense(40_000, 40_000, false, StandardActivation.RELU);
    assertThatThrownBy(() -> new Network(List.of(wide, wide)))
        .isInstanceOf(SnnkException.class)
        .hasMessageStartingWith(
            "network layer dense(40000→40000, relu): expected at most 2147483647 parameters of all"
                + " layers up to it, got more.");
  }
}
