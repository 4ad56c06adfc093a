package org.snnk.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CounterRandomTest {

  /**
   * The known-answer vectors that the authors of Philox publish with Random123 (philox4x32, 10
   * rounds), first two words.
   */
  @Test
  void bitsAreThePublishedPhiloxVectors() {
    assertThat(new CounterRandom(0, 0).bits(0)).isEqualTo(0xe169c58d_6627e8d5L);
    assertThat(new CounterRandom(-1, -1).bits(-1)).isEqualTo(0x41c83b0e_408f276dL);
    assertThat(
            new CounterRandom(0x299f31d0_a4093822L, 0x03707344_13198a2eL)
                .bits(0x85a308d3_243f6a88L))
        .isEqualTo(0x94fdcceb_d16cfe09L);
  }

  @Test
  void uniformHasTheMomentsOfTheUnitInterval() {
    int n = 200_000;
    CounterRandom random = new CounterRandom(7, 1);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double u = random.uniform(i);
      assertThat(u).isBetween(0.0, Math.nextDown(1.0));
      sum += u;
      squares += u * u;
    }
    double fiveErrors = 5 / Math.sqrt(12.0 * n);
    assertThat(sum / n).isBetween(0.5 - fiveErrors, 0.5 + fiveErrors);
    assertThat(squares / n).isBetween(1.0 / 3 - fiveErrors, 1.0 / 3 + fiveErrors);
  }

  @Test
  void gaussianHasTheMomentsOfAStandardNormal() {
    int n = 200_000;
    CounterRandom random = new CounterRandom(7, 2);
    double[] moments = new double[4];
    for (int i = 0; i < n; i++) {
      double g = random.gaussian(i);
      for (int k = 0; k < 4; k++) {
        moments[k] += Math.pow(g, k + 1) / n;
      }
    }
    double error = 5 / Math.sqrt(n);
    assertThat(moments[0]).isBetween(-error, error);
    assertThat(moments[1]).isBetween(1 - error * Math.sqrt(2), 1 + error * Math.sqrt(2));
    assertThat(moments[2]).isBetween(-error * Math.sqrt(15), error * Math.sqrt(15));
    assertThat(moments[3]).isBetween(3 - error * Math.sqrt(96), 3 + error * Math.sqrt(96));
  }

  @Test
  void streamsOfOneSeedAreUncorrelated() {
    int n = 100_000;
    CounterRandom a = new CounterRandom(3, 10);
    CounterRandom b = a.stream(11);
    double product = 0;
    for (int i = 0; i < n; i++) {
      product += a.gaussian(i) * b.gaussian(i) / n;
    }
    assertThat(Math.abs(product)).isLessThan(5 / Math.sqrt(n));
  }

  @Test
  void belowIsUniformOverItsRange() {
    int bound = 7;
    int n = 70_000;
    int[] counts = new int[bound];
    CounterRandom random = new CounterRandom(5, 0);
    for (int i = 0; i < n; i++) {
      counts[random.below(bound, i)]++;
    }
    double sd = Math.sqrt(n * (1.0 / bound) * (1 - 1.0 / bound));
    for (int count : counts) {
      assertThat((double) count)
          .isBetween(n / (double) bound - 5 * sd, n / (double) bound + 5 * sd);
    }
    assertThatThrownBy(() -> random.below(0, 1))
        .hasMessage("bound: expected a positive number, got 0.");
  }

  /** Mean and variance are the shape, the third central moment is twice it. */
  @Test
  void gammaHasItsMoments() {
    int n = 40_000;
    for (double shape : new double[] {0.3, 1, 2.5, 40}) {
      CounterRandom random = new CounterRandom(7, 3);
      double mean = 0;
      double second = 0;
      for (int i = 0; i < n; i++) {
        double g = random.gamma(shape, i);
        assertThat(g).isGreaterThan(0);
        mean += g / n;
        second += (g - shape) * (g - shape) / n;
      }
      assertThat(mean).isCloseTo(shape, within(5 * Math.sqrt(shape / n)));
      // Var (g − a)² = 3a² + 6a − a².
      assertThat(second)
          .isCloseTo(shape, within(5 * Math.sqrt((2 * shape * shape + 6 * shape) / n)));
    }
    assertThatThrownBy(() -> new CounterRandom(1, 1).gamma(0, 1))
        .hasMessage("shape: expected a positive number, got 0.0.");
  }
}
