package org.snnk.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.snnk.TestRows;

class RowIndexTest {
  @Test
  void anIndexOfContentIsAFunctionOfTheNumbersAlone() {
    double[] x = TestRows.gaussian(6, 1);
    double[] y = {0.0, -0.0};
    long index = RowIndex.ofContent(x, 0, 3, y, 0, 1, 1);
    assertThat(RowIndex.ofContent(x.clone(), 0, 3, y, 1, 1, 1)).isEqualTo(index);
    assertThat(RowIndex.ofContent(x, 3, 3, y, 0, 1, 1)).isNotEqualTo(index);
    assertThat(RowIndex.ofContent(x, 0, 3, y, 0, 1, 2)).isNotEqualTo(index);
    assertThat(RowIndex.ofContent(x, 0, 3, new double[] {1}, 0, 1, 1)).isNotEqualTo(index);
    double[] swapped = {x[1], x[0], x[2]};
    assertThat(RowIndex.ofContent(swapped, 0, 3, y, 0, 1, 1)).isNotEqualTo(index);
  }

  /** Whole numbers, whose bits are mostly zeros; six deviations are allowed. */
  @Test
  void differentRowsHaveDifferentIndicesThatFallEvenlyIntoParts() {
    Set<Long> indices = new HashSet<>();
    RowParts parts = RowParts.holdOut(1, 0.3);
    int heldOut = 0;
    for (int a = 0; a < 100; a++) {
      for (int b = 0; b < 100; b++) {
        long index = RowIndex.ofContent(new double[] {a, b}, 0, 2, new double[0], 0, 0, 1);
        assertThat(index).isNotNegative();
        indices.add(index);
        heldOut += parts.of(index);
      }
    }
    assertThat(indices).hasSize(10_000);
    assertThat(heldOut / 1e4).isCloseTo(0.3, within(6 * Math.sqrt(0.21 / 1e4)));
  }

  @Test
  void aMarkedIndexFallsIntoThePartItCarries() {
    for (int fold : new int[] {0, 1, 4, RowIndex.MAX_FOLDS - 1}) {
      for (boolean heldOut : new boolean[] {false, true}) {
        long index = RowIndex.marked(123_456_789_012_345L, fold, heldOut);
        assertThat(RowParts.folds(1, RowIndex.MAX_FOLDS).of(index)).isEqualTo(fold);
        assertThat(RowParts.holdOut(1, 0.5).of(index)).isEqualTo(heldOut ? 1 : 0);
      }
    }
  }
}
