package org.snnk.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class IntegerSumsTest {
  private static final double MOST = 0x1p53;

  /** An odd number near 2⁵³, of either sign: not lost, and soon too much for one long. */
  private static double number(int i, int sign) {
    return sign * (MOST - 1 - 2.0 * (i % 1000));
  }

  private static BigInteger exact(IntegerSums sums, int i) {
    return new BigDecimal(sums.highPart(i))
        .add(new BigDecimal(sums.lowPart(i)))
        .toBigIntegerExact();
  }

  private static IntegerSums of(int from, int to) {
    IntegerSums sums = new IntegerSums(2);
    for (int i = from; i < to; i++) {
      sums.add(new double[] {number(i, 1), number(i, -1)}, MOST);
    }
    return sums;
  }

  @Test
  void sumsBeyondALongAreExactHoweverTheyWereMerged() {
    int count = 5000;
    BigInteger expected = BigInteger.ZERO;
    for (int i = 0; i < count; i++) {
      expected = expected.add(new BigDecimal(number(i, 1)).toBigIntegerExact());
    }
    assertThat(expected.bitLength()).isGreaterThan(64);
    IntegerSums merged = of(4000, count); // each part carries at other times
    merged.merge(of(300, 4000));
    merged.merge(of(0, 300));
    for (IntegerSums sums : new IntegerSums[] {of(0, count), merged}) {
      assertThat(exact(sums, 0)).isEqualTo(expected);
      assertThat(exact(sums, 1)).isEqualTo(expected.negate());
      assertThat(sums.highPart(1)).isEqualTo(of(0, count).highPart(1));
      assertThat(sums.lowPart(1)).isBetween(0.0, 0x1p40 - 1);
      assertThat(sums.value(0)).isEqualTo(expected.doubleValue());
    }
  }

  @Test
  void aSmallNegativeSumKeepsItsValue() {
    IntegerSums sums = new IntegerSums(1);
    sums.add(new double[] {-5}, 5);
    assertThat(sums.value(0)).isEqualTo(-5);
  }
}
