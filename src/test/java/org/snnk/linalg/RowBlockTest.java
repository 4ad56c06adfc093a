package org.snnk.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;

class RowBlockTest {
  private static final List<RowBlock.Rejected> REJECTED =
      List.of(new RowBlock.Rejected(3, "row 3"), new RowBlock.Rejected(8, "row 8"));

  private static RowBlock block(double[] weight) {
    return new RowBlock(
        3,
        2,
        1,
        new double[] {1, 2, 3, 4, 5, 6, 99, 99}, // longer than three rows need
        new double[] {10, 20, 30},
        weight,
        new long[] {7, 4, 9},
        REJECTED);
  }

  @Test
  void filterKeepsWholeRowsInTheirOrder() {
    RowBlock kept = block(new double[] {0.5, 1, 2}).filter(index -> index != 4);
    assertThat(kept.rows()).isEqualTo(2);
    assertThat(kept.x()).containsExactly(1, 2, 5, 6);
    assertThat(kept.y()).containsExactly(10, 30);
    assertThat(kept.weight()).containsExactly(0.5, 2);
    assertThat(kept.index()).containsExactly(7, 9);
    assertThat(kept.rejected()).isEqualTo(REJECTED);
    assertThat(kept.inputs()).isEqualTo(2);
    assertThat(kept.targets()).isEqualTo(1);
  }

  @Test
  void filterAlsoAppliesToRejectedRows() {
    RowBlock kept = block(null).filter(index -> index != 3);
    assertThat(kept.rows()).isEqualTo(3);
    assertThat(kept.rejected()).containsExactly(REJECTED.get(1));
    assertThat(block(null).filter(index -> false).rejected()).isEmpty();
    assertThat(block(null).filter(index -> false).rows()).isZero();
  }

  @Test
  void aFilterAndItsOppositeShareTheRowsOut() {
    RowBlock even = block(null).filter(index -> index % 2 == 0);
    RowBlock odd = block(null).filter(index -> index % 2 != 0);
    assertThat(even.rows() + odd.rows()).isEqualTo(3);
    assertThat(even.rejected().size() + odd.rejected().size()).isEqualTo(2);
  }

  @Test
  void filterThatAllRowsPassCopiesNothing() {
    RowBlock block = block(null);
    assertThat(block.filter(index -> true)).isSameAs(block);
  }

  @Test
  void rowsWithoutWeightsWeighOne() {
    assertThat(block(null).weight(2)).isEqualTo(1);
    assertThat(block(new double[] {0.5, 1, 2}).weight(2)).isEqualTo(2);
  }

  @Test
  void arraysShorterThanTheRowsAreRefused() {
    double[] x = {1, 2, 3};
    long[] index = {0, 1};
    double[] y = {1, 2};
    assertThatThrownBy(() -> new RowBlock(2, 2, 1, x, y, null, index, List.of()))
        .isInstanceOf(SnnkException.class)
        .hasMessage("row block: expected 4 inputs, got 3. Allocate the array for the whole block.");
    assertThatThrownBy(() -> new RowBlock(2, 1, 2, x, y, null, index, List.of()))
        .hasMessageContaining("expected 4 targets, got 2");
    assertThatThrownBy(() -> new RowBlock(2, 1, 1, x, y, new double[1], index, List.of()))
        .hasMessageContaining("expected 2 weights, got 1");
    assertThatThrownBy(() -> new RowBlock(3, 1, 0, x, y, null, index, List.of()))
        .hasMessageContaining("expected 3 row indices, got 2");
  }
}
