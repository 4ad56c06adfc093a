package org.snnk.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;

class MomentsTest {
  private static final int D = 4;

  private static RowBlock column(double[] x, double[] weight) {
    return new RowBlock(x.length, 1, 0, x, new double[0], weight, new long[x.length], List.of());
  }

  private static Moments of(RowBlock block) {
    Moments moments = new Moments(block.inputs(), block.targets(), 0);
    moments.add(block);
    return moments;
  }

  /** √(Σv(x−x̄)²/Σv) of the exact values of the doubles. */
  private static double exactDeviation(double[] x, double[] weight) {
    BigDecimal total = BigDecimal.ZERO;
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < x.length; i++) {
      BigDecimal v = new BigDecimal(weight == null ? 1 : weight[i]);
      total = total.add(v);
      sum = sum.add(v.multiply(new BigDecimal(x[i])));
    }
    MathContext digits = new MathContext(80);
    BigDecimal mean = sum.divide(total, digits);
    BigDecimal squares = BigDecimal.ZERO;
    for (int i = 0; i < x.length; i++) {
      BigDecimal v = new BigDecimal(weight == null ? 1 : weight[i]);
      squares = squares.add(v.multiply(new BigDecimal(x[i]).subtract(mean).pow(2)));
    }
    return Math.sqrt(squares.divide(total, digits).doubleValue());
  }

  private static double[] around(double centre, double deviation) {
    double[] x = TestRows.gaussian(300, 12);
    for (int i = 0; i < x.length; i++) {
      x[i] = centre + deviation * x[i];
    }
    return x;
  }

  @Test
  void aSmallDeviationAroundALargeMeanIsNotCancelled() {
    double[] x = around(1e9, 1e-3);
    Moments moments = of(column(x, null));
    assertThat(moments.deviation(0)).isCloseTo(exactDeviation(x, null), within(1e-17));
    assertThat(moments.mean(0)).isBetween(1e9 - 1e-3, 1e9 + 1e-3);
  }

  @Test
  void norIsItWithWeightsWhoseProductsRound() {
    double[] x = around(1e9, 1e-3);
    double[] weight = TestRows.reals(0, 300, 1, 1, true).weight();
    Moments moments = of(column(x, weight));
    assertThat(moments.deviation(0)).isCloseTo(exactDeviation(x, weight), within(1e-17));
  }

  @Test
  void whateverTheSplitAndTheOrderTheBitsAreTheSame() {
    RowBlock block = TestRows.reals(0, 999, D, 2, true);
    Moments whole = of(block);
    Moments merged = new Moments(D, 2, 0);
    for (RowBlock piece : TestRows.cut(TestRows.shuffled(block), 70)) {
      Moments part = of(piece);
      part.merge(merged);
      merged = part;
    }
    merged.merge(new Moments(D, 2, 0));
    assertThat(merged.rows()).isEqualTo(999);
    assertThat(merged.totalWeight()).isEqualTo(whole.totalWeight());
    assertThat(merged.largestWeight()).isEqualTo(whole.largestWeight());
    for (int j = 0; j < D; j++) {
      assertThat(merged.mean(j)).isEqualTo(whole.mean(j));
      assertThat(merged.deviation(j)).isEqualTo(whole.deviation(j));
      assertThat(merged.min(j)).isEqualTo(whole.min(j));
      assertThat(merged.max(j)).isEqualTo(whole.max(j));
    }
    for (int t = 0; t < 2; t++) {
      assertThat(merged.targets().mean(t)).isEqualTo(whole.targets().mean(t));
      assertThat(merged.targets().scale(t)).isEqualTo(whole.targets().scale(t));
      assertThat(merged.targetMin(t)).isEqualTo(whole.targetMin(t));
      assertThat(merged.targetMax(t)).isEqualTo(whole.targetMax(t));
    }
  }

  @Test
  void aWholeWeightIsAsManyRows() {
    Moments weighted = of(column(new double[] {1, 5, 2.5}, new double[] {2, 1, 3}));
    Moments repeated = of(column(new double[] {1, 1, 5, 2.5, 2.5, 2.5}, null));
    assertThat(weighted.mean(0)).isEqualTo(repeated.mean(0));
    assertThat(weighted.deviation(0)).isEqualTo(repeated.deviation(0));
    assertThat(weighted.totalWeight()).isEqualTo(6);
    assertThat(weighted.rows()).isEqualTo(3);
  }

  @Test
  void aRowOfWeightZeroLeavesNoTraceInScales() {
    double[] x = {3, 3, 1e300};
    Moments moments = of(column(x, new double[] {1, 1, 0}));
    assertThat(moments.constant(0)).isTrue();
    assertThat(moments.max(0)).isEqualTo(3);
    assertThat(moments.standardizer().factor(0)).isZero();
    assertThat(moments.rows()).isEqualTo(3);
  }

  @Test
  void constantAndBinaryColumnsAreRecognised() {
    double[] x = {7, 0, 1, 7, 1, 2, 7, 1, 4};
    Moments moments = of(new RowBlock(3, 3, 0, x, new double[0], null, new long[3], List.of()));
    Standardizer standardizer = moments.standardizer();
    assertThat(moments.constant(0)).isTrue();
    assertThat(standardizer.mean(0)).isEqualTo(7);
    assertThat(standardizer.factor(0)).isZero();
    assertThat(moments.binary(1)).isTrue();
    assertThat(standardizer.mean(1)).isZero();
    assertThat(standardizer.factor(1)).isEqualTo(1);
    assertThat(moments.binary(2)).isFalse();
    assertThat(standardizer.mean(2)).isCloseTo(7.0 / 3, within(1e-15));
    assertThat(standardizer.factor(2))
        .isCloseTo(1 / exactDeviation(new double[] {1, 2, 4}, null), within(1e-15));
  }

  @Test
  void aConstantTargetKeepsScaleOne() {
    Moments moments = new Moments(1, 1, 0);
    moments.add(
        new RowBlock(
            2, 1, 1, new double[] {1, 2}, new double[] {9, 9}, null, new long[2], List.of()));
    assertThat(moments.targets().mean(0)).isEqualTo(9);
    assertThat(moments.targets().scale(0)).isEqualTo(1);
  }

  @Test
  void rejectedRowsAreCountedAndTheFirstIsKept() {
    Moments left = new Moments(1, 0, 0);
    Moments right = new Moments(1, 0, 0);
    RowBlock.Rejected seventh = new RowBlock.Rejected(7, "seventh");
    RowBlock.Rejected third = new RowBlock.Rejected(3, "third");
    RowBlock.Rejected ninth = new RowBlock.Rejected(9, "ninth");
    double[] none = {};
    left.add(new RowBlock(0, 1, 0, none, none, null, new long[0], List.of(ninth, seventh)));
    right.add(new RowBlock(0, 1, 0, none, none, null, new long[0], List.of(third)));
    left.merge(right);
    left.merge(new Moments(1, 0, 0));
    assertThat(left.rejected().count()).isEqualTo(3);
    assertThatThrownBy(() -> left.rejected().requireNone("table"))
        .hasMessageContaining("3 that cannot, the first: third");
    assertThat(left.rows()).isZero();
  }

  @Test
  void rowsOfEachClassAreCounted() {
    Moments moments = new Moments(D, 0, 3);
    RowBlock block = TestRows.classes(0, 500, D, 3, false);
    moments.add(block);
    long[] expected = new long[3];
    for (double y : block.y()) {
      expected[(int) y]++;
    }
    for (int c = 0; c < 3; c++) {
      assertThat(moments.classRows(c)).isEqualTo(expected[c]).isPositive();
    }
    assertThat(moments.targets().areClasses()).isTrue();
    assertThat(moments.targets().count()).isEqualTo(3);
  }

  @Test
  void noRowsAndNoWeightAreRefused() {
    assertThatThrownBy(() -> new Moments(1, 0, 0).standardizer())
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "training table: expected at least one usable row, got none. Check data.path, the split,"
                + " and data.invalid.");
    Moments weightless = of(column(new double[] {1, 2}, new double[2]));
    assertThatThrownBy(weightless::targets)
        .isInstanceOf(SnnkException.class)
        .hasMessageStartingWith("weight column: expected a positive total, got 0.0.");
  }

  @Test
  void aNumberTooLargeForItsSquareIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> of(column(new double[] {1, -1e200}, null)))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "input 0: expected a number whose square times its weight is finite, got -1.0E200 of"
                + " weight 1.0 (row 0, counted from 0). Rescale the column or correct the value.");
  }
}
