package org.snnk.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.snnk.random.CounterRandom;

class ExactSumTest {
  private final CounterRandom random = new CounterRandom(11, 0);

  /** Doubles over the whole exponent range, subnormal ones and both signs included. */
  private double wild(long index) {
    while (true) {
      double x = Double.longBitsToDouble(random.bits(index));
      if (Double.isFinite(x) && Math.abs(x) < 0x1p1000) {
        return x;
      }
      index += 1L << 40;
    }
  }

  @Test
  void valueIsTheCorrectlyRoundedSum() {
    for (int trial = 0; trial < 200; trial++) {
      ExactSum sum = new ExactSum();
      BigDecimal exact = BigDecimal.ZERO;
      for (int i = 0; i < 50; i++) {
        double x = wild(trial * 1000L + i);
        sum.add(x);
        exact = exact.add(new BigDecimal(x));
      }
      assertThat(sum.value()).isEqualTo(exact.doubleValue());
    }
  }

  @Test
  void productsAreAddedWithoutRounding() {
    ExactSum sum = new ExactSum();
    BigDecimal exact = BigDecimal.ZERO;
    for (int i = 0; i < 1000; i++) {
      double x = random.gaussian(i) * 1e5;
      double y = random.gaussian(i + 5000L);
      sum.addProduct(x, y);
      exact = exact.add(new BigDecimal(x).multiply(new BigDecimal(y)));
    }
    assertThat(sum.value()).isEqualTo(exact.doubleValue());
  }

  @Test
  void orderAndSplitDoNotMatter() {
    ExactSum whole = new ExactSum();
    ExactSum left = new ExactSum();
    ExactSum right = new ExactSum();
    for (int i = 0; i < 1000; i++) {
      whole.add(wild(i));
    }
    for (int i = 999; i >= 0; i--) {
      (i % 3 == 0 ? left : right).add(wild(i));
    }
    left.merge(right);
    assertThat(left).isEqualTo(whole);
    left.subtract(right);
    right.merge(left);
    assertThat(right).isEqualTo(whole);
  }

  @Test
  void cancellationLeavesTheSmallTerm() {
    ExactSum sum = new ExactSum();
    sum.add(1e300);
    sum.add(1e-300);
    sum.add(-1e300);
    assertThat(sum.value()).isEqualTo(1e-300);
    sum.add(-1e-300);
    assertThat(sum.value()).isZero();
    assertThat(sum).isEqualTo(new ExactSum());
  }

  @Test
  void tiesRoundToEven() {
    ExactSum sum = new ExactSum();
    sum.add(0x1p53);
    sum.add(1);
    assertThat(sum.value()).isEqualTo(0x1p53);
    sum.add(2);
    assertThat(sum.value()).isEqualTo(0x1p53 + 4);
    sum.add(-0x1p-1074);
    assertThat(sum.value()).isEqualTo(0x1p53 + 2);
  }

  @Test
  void notFiniteIsRefused() {
    assertThatThrownBy(() -> new ExactSum().add(Double.NaN))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("exact sum: expected a finite number, got NaN.");
  }
}
