package org.snnk.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NormalQuantileTest {

  /** The check values of the algorithm's paper, one for each of its three ranges. */
  @Test
  void checkValuesOfThePaper() {
    assertThat(NormalQuantile.of(0.25)).isCloseTo(-0.6744897501960817, within(1e-15));
    assertThat(NormalQuantile.of(0.001)).isCloseTo(-3.090232306167814, within(1e-14));
    assertThat(NormalQuantile.of(1e-20)).isCloseTo(-9.26234008979841, within(1e-14));
  }

  /** Its derivative is the reciprocal of the density, over all ranges and their borders. */
  @Test
  void theSlopeIsTheReciprocalOfTheDensity() {
    for (int i = 1; i < 2000; i++) {
      double u = i / 2000.0;
      double h = 1e-6 * Math.min(u, 1 - u);
      double slope = (NormalQuantile.of(u + h) - NormalQuantile.of(u - h)) / (2 * h);
      double z = NormalQuantile.of(u);
      assertThat(slope * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI)).isCloseTo(1, within(1e-6));
      assertThat(NormalQuantile.of(1 - u)).isCloseTo(-z, within(1e-9));
    }
  }

  @Test
  void numbersThatAreNoProbabilityAreRefused() {
    for (double u : new double[] {0, 1, -1, Double.NaN}) {
      assertThatThrownBy(() -> NormalQuantile.of(u))
          .hasMessage("u: expected a number between 0 and 1, got " + u + ".");
    }
  }
}
