package org.snnk.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;

class RowPartsTest {
  private static final int N = 100_000;

  private static int[] sizes(RowParts parts) {
    int[] sizes = new int[parts.count()];
    for (int i = 0; i < N; i++) {
      sizes[parts.of(i)]++;
    }
    return sizes;
  }

  @Test
  void foldsAreOfAboutEqualSize() {
    for (int size : sizes(RowParts.folds(3, 7))) {
      assertThat((double) size).isCloseTo(N / 7.0, within(5 * Math.sqrt(N / 7.0 * 6 / 7)));
    }
  }

  @Test
  void theHeldOutPartHasItsFraction() {
    int[] sizes = sizes(RowParts.holdOut(3, 0.2));
    assertThat(sizes).hasSize(2);
    assertThat((double) sizes[1]).isCloseTo(0.2 * N, within(5 * Math.sqrt(0.16 * N)));
  }

  @Test
  void theFirstFoldIsWhatAHoldOutOfItsSizeHoldsOut() {
    RowParts folds = RowParts.folds(3, 5);
    RowParts holdOut = RowParts.holdOut(3, 1.0 / 5);
    for (int i = 0; i < 1000; i++) {
      assertThat(folds.of(i) == 0).isEqualTo(holdOut.of(i) == 1);
    }
  }

  @Test
  void nothingHeldOutIsOnePart() {
    assertThat(sizes(RowParts.holdOut(3, 0))).containsExactly(N);
  }

  @Test
  void oneFoldAndAWholeHoldOutAreRefused() {
    assertThatThrownBy(() -> RowParts.folds(3, 1))
        .isInstanceOf(SnnkException.class)
        .hasMessageStartingWith("folds: expected 0, or 2 and more, got 1.");
    assertThatThrownBy(() -> RowParts.holdOut(3, 1))
        .isInstanceOf(SnnkException.class)
        .hasMessageStartingWith("held-out fraction: expected a number from 0 up to");
  }
}
