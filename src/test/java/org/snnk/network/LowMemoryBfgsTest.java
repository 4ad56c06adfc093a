package org.snnk.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LowMemoryBfgsTest {
  /** Rosenbrock's function, with its minimum 0 at (1, 1). */
  private static double rosenbrock(double[] x, double[] gradient) {
    double a = 1 - x[0];
    double b = x[1] - x[0] * x[0];
    gradient[0] = -2 * a - 400 * x[0] * b;
    gradient[1] = 200 * b;
    return a * a + 100 * b * b;
  }

  @Test
  void rosenbrocksValleyIsFollowedToItsEnd() {
    LowMemoryBfgs search = new LowMemoryBfgs(new double[] {-1.2, 1}, LowMemoryBfgsTest::rosenbrock);
    int steps = 0;
    double last = search.value();
    while (search.value() > 1e-16 && search.step()) {
      assertThat(search.value()).isLessThan(last);
      last = search.value();
      steps++;
    }
    assertThat(search.point()[0]).isCloseTo(1, within(1e-7));
    assertThat(search.point()[1]).isCloseTo(1, within(1e-7));
    assertThat(steps).isLessThan(60);
  }

  @Test
  void aQuadraticOfManyScalesIsMinimised() {
    int n = 8; // fewer than the memory: then exact line searches would end in n steps
    LowMemoryBfgs search =
        new LowMemoryBfgs(
            new double[n],
            (x, gradient) -> {
              double sum = 0;
              for (int i = 0; i < n; i++) {
                double scale = Math.pow(4, i);
                gradient[i] = scale * (x[i] - i);
                sum += scale * (x[i] - i) * (x[i] - i) / 2;
              }
              return sum;
            });
    for (int step = 0; step < 100 && search.value() > 1e-14; step++) {
      assertThat(search.step()).isTrue();
    }
    for (int i = 0; i < n; i++) {
      assertThat(search.point()[i]).isCloseTo(i, within(1e-6));
    }
  }

  @Test
  void atAMinimumThereIsNoStep() {
    LowMemoryBfgs search = new LowMemoryBfgs(new double[] {1, 1}, LowMemoryBfgsTest::rosenbrock);
    assertThat(search.step()).isFalse();
    assertThat(search.point()).containsExactly(1, 1);
    LowMemoryBfgs nowhere = new LowMemoryBfgs(new double[1], (x, gradient) -> Double.NaN);
    assertThat(nowhere.step()).isFalse();
  }
}
