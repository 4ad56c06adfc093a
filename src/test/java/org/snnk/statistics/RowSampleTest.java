package org.snnk.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;

class RowSampleTest {

  private static RowSample of(RowBlock block, int capacity) {
    RowSample sample = new RowSample(capacity, 5);
    sample.add(block);
    return sample;
  }

  private static Standardizer plain(int d) {
    double[] factor = new double[d];
    java.util.Arrays.fill(factor, 1);
    return new Standardizer(new double[d], factor);
  }

  @Test
  void whateverTheSplitAndTheOrderTheSampleIsTheSame() {
    RowBlock block = TestRows.reals(0, 2000, 3, 1, false);
    List<double[]> expected = of(block, 100).rows();
    assertThat(expected).hasSize(100);
    RowSample merged = new RowSample(100, 5);
    for (RowBlock piece : TestRows.cut(TestRows.shuffled(block), 130)) {
      RowSample part = of(piece, 100);
      part.merge(merged);
      merged = part;
    }
    merged.merge(new RowSample(100, 5));
    assertThat(merged.rows()).containsExactlyElementsOf(expected);
    assertThat(merged.medianDistance(plain(3))).isEqualTo(of(block, 100).medianDistance(plain(3)));
  }

  @Test
  void fewerRowsThanItHoldsAreAllKept() {
    RowBlock block = TestRows.reals(10, 30, 2, 1, false);
    List<double[]> rows = of(TestRows.shuffled(block), 100).rows();
    assertThat(rows).hasSize(20);
    for (int i = 0; i < 20; i++) {
      assertThat(rows.get(i)).containsExactly(block.x()[2 * i], block.x()[2 * i + 1]);
    }
  }

  @Test
  void everyRowHasTheSameChance() {
    RowBlock block = TestRows.reals(0, 2000, 1, 1, false);
    int firstHalf = 0;
    for (int seed = 0; seed < 40; seed++) {
      RowSample sample = new RowSample(50, seed);
      sample.add(block);
      for (double[] row : sample.rows()) {
        for (int i = 0; i < 1000; i++) {
          firstHalf += block.x()[i] == row[0] ? 1 : 0;
        }
      }
    }
    assertThat((double) firstHalf).isCloseTo(1000, within(5 * Math.sqrt(500)));
  }

  @Test
  void theMedianDistanceIsThatOfThePairsAfterStandardisation() {
    RowBlock block =
        new RowBlock(
            3, 1, 0, new double[] {0, 1, 4}, new double[0], null, new long[] {0, 1, 2}, List.of());
    Standardizer half = new Standardizer(new double[] {100}, new double[] {0.5});
    assertThat(of(block, 10).medianDistance(half)).isEqualTo(1.5);
  }

  @Test
  void rowsWithoutADistanceAreRefused() {
    RowBlock one = TestRows.reals(0, 1, 1, 1, false);
    assertThatThrownBy(() -> of(one, 10).medianDistance(plain(1)))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "length scale: expected rows that differ in their inputs, got 1 rows. Set"
                + " features.lengthScale, or check the input columns.");
    RowBlock equal =
        new RowBlock(5, 1, 0, new double[5], new double[0], null, new long[5], List.of());
    assertThatThrownBy(() -> of(equal, 10).medianDistance(plain(1)))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("got mostly equal rows");
  }
}
