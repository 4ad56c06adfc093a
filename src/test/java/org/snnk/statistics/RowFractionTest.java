package org.snnk.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RowFractionTest {
  private static final int N = 100_000;

  private static int size(RowFraction... all) {
    int count = 0;
    for (int i = 0; i < N; i++) {
      boolean in = true;
      for (RowFraction fraction : all) {
        in &= fraction.contains(i);
      }
      count += in ? 1 : 0;
    }
    return count;
  }

  private static RowFraction of(double fraction) {
    return new RowFraction(3, 1, fraction);
  }

  @Test
  void itHoldsItsShareOfTheRows() {
    assertThat(size(of(0))).isZero();
    assertThat(size(of(1))).isEqualTo(N);
    assertThat((double) size(of(0.2))).isCloseTo(0.2 * N, within(5 * Math.sqrt(0.16 * N)));
  }

  @Test
  void aLargerFractionContainsASmallerOne() {
    assertThat(size(of(0.1), of(0.3))).isEqualTo(size(of(0.1)));
  }

  @Test
  void choicesOfTwoStreamsAreIndependent() {
    RowFraction other = new RowFraction(3, RowFraction.SELECTION, 0.5);
    assertThat((double) size(of(0.5), other))
        .isCloseTo(0.25 * N, within(5 * Math.sqrt(0.1875 * N)));
  }
}
