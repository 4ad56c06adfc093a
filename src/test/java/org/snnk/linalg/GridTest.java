package org.snnk.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.snnk.random.CounterRandom;

class GridTest {
  private static final BigInteger EXACT = BigInteger.ONE.shiftLeft(53);

  private static BigInteger times2(long number, int bits) {
    return BigInteger.valueOf(number).shiftLeft(bits);
  }

  @Test
  void phasesNeverExceedWhatADoubleHoldsAndWasteNoBit() {
    assertThat(Grid.INPUT_LIMIT * (1 << Grid.INPUT_BITS)).isEqualTo(0x1p22);
    for (int d = 1; d <= 1 << 16; d++) {
      int bits = Grid.frequencyBits(d);
      assertThat(times2(d, 22 + bits)).isLessThanOrEqualTo(EXACT);
      assertThat(times2(d, 22 + bits + 1)).isGreaterThan(EXACT);
      assertThat(bits).isGreaterThanOrEqualTo(15);
    }
  }

  @Test
  void scoresNeverExceedWhatADoubleHolds() {
    for (int m = 2; m < 1 << 16; m++) {
      int bits = Grid.weightBits(m);
      assertThat(times2(m + 1L, Grid.FEATURE_BITS + bits)).isLessThanOrEqualTo(EXACT);
      assertThat(times2(m + 1L, Grid.FEATURE_BITS + bits + 1)).isGreaterThan(EXACT);
    }
  }

  @Test
  void aBlockOfProductsNeverExceedsWhatADoubleHolds() {
    assertThat(times2(Grid.MAX_BLOCK_ROWS, 2 * Grid.FEATURE_BITS)).isLessThanOrEqualTo(EXACT);
  }

  @Test
  void roundIsRint() {
    CounterRandom random = new CounterRandom(3, 9);
    for (int i = 0; i < 100_000; i++) {
      double v = Math.scalb(random.uniform(i) - 0.5, (int) (random.bits(i + (1L << 40)) & 31) + 20);
      assertThat(Grid.round(v)).isEqualTo(Math.rint(v) + 0.0);
    }
    for (double tie : new double[] {-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 1048575.5, 0x1p50 + 0.5}) {
      assertThat(Grid.round(tie)).isEqualTo(Math.rint(tie) + 0.0);
    }
    assertThat(Grid.round(0x1p51)).isEqualTo(0x1p51);
    assertThat(Grid.round(-0x1p51)).isEqualTo(-0x1p51);
  }
}
