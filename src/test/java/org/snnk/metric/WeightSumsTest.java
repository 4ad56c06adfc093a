package org.snnk.metric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a cell counts beyond what its small number holds. */
class WeightSumsTest {
  private static final int CELL = 1;

  private static WeightSums ofOnes(int rows) {
    WeightSums sums = new WeightSums(2);
    for (int i = 0; i < rows; i++) {
      sums.add(1, new int[] {CELL}, null);
    }
    return sums;
  }

  @Test
  void countsBeyondFourBytesAreCarried() {
    WeightSums sums = ofOnes(3);
    for (int doubling = 0; doubling < 40; doubling++) {
      WeightSums twice = new WeightSums(2);
      twice.merge(sums);
      twice.merge(sums);
      sums = twice;
    }
    assertThat(sums.value(CELL)).isEqualTo(0x3p40);
    assertThat(sums.value(0)).isZero();
    assertThat(sums.isEmpty(0)).isTrue();
    assertThat(sums.total()).isEqualTo(0x3p40);
    for (int rows = 1; rows <= 4; rows++) {
      sums.merge(ofOnes(1));
      assertThat(sums.value(CELL)).isEqualTo(0x3p40 + rows);
    }
  }

  @Test
  void rowsOfWeightOneAreEqualHoweverTheyWereAdded() {
    WeightSums weighted = new WeightSums(2);
    weighted.add(3, new int[] {CELL, CELL, CELL}, new double[] {1, 0.5, 1.5});
    assertThat(weighted).isEqualTo(ofOnes(3));
    WeightSums merged = ofOnes(2);
    merged.merge(weighted);
    weighted.merge(ofOnes(2));
    assertThat(merged).isEqualTo(weighted).isEqualTo(ofOnes(5));
  }
}
