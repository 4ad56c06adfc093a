package org.snnk.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.random.CounterRandom;

class ErrorMomentsTest {
  private static final int ROWS = 1000;
  private final CounterRandom random = new CounterRandom(5, 0);

  private double[] numbers(int stream, double scale) {
    double[] numbers = new double[ROWS];
    Arrays.setAll(numbers, i -> scale * random.stream(stream).gaussian(i));
    return numbers;
  }

  /** Some numbers are beyond the range: standard deviations are half of its width. */
  @ParameterizedTest
  @ValueSource(doubles = {6, 8, 1e-5, 1e130, 1e-130})
  void areTheSumsOfWhatWasCut(double width) {
    double[] y = numbers(0, width / 2);
    double[] e = numbers(1, width / 2);
    int[] group = new int[ROWS];
    ErrorMoments moments = new ErrorMoments(1, width);
    moments.add(ROWS, group, y, e, null);
    BigDecimal[] expected = new BigDecimal[5];
    Arrays.fill(expected, BigDecimal.ZERO);
    double sizes = 0;
    for (int i = 0; i < ROWS; i++) {
      BigDecimal truth = new BigDecimal(y[i]);
      BigDecimal error = new BigDecimal(e[i]);
      BigDecimal[] each = {truth, truth.multiply(truth), error, error.abs(), error.multiply(error)};
      Arrays.setAll(expected, s -> expected[s].add(each[s]));
      sizes += Math.abs(y[i]);
    }
    double[] totals = moments.totals();
    for (int s = 0; s < totals.length; s++) {
      double scale = s == 1 || s == 4 ? sizes * width : sizes;
      assertThat(totals[s]).isCloseTo(expected[s].doubleValue(), within(1e-15 * scale));
    }
    // Given as weights of one the rows go the other way, to the same bits.
    ErrorMoments given = new ErrorMoments(1, width);
    double[] ones = new double[ROWS];
    Arrays.fill(ones, 1);
    given.add(ROWS, group, y, e, ones);
    assertThat(given).isEqualTo(moments);
    assertThat(given.totals()).isEqualTo(totals);
  }

  @Test
  void groupsAddUpInAnyOrder() {
    double[] y = numbers(0, 2);
    double[] e = numbers(1, 2);
    double[] reversed = new double[ROWS];
    double[] reversedErrors = new double[ROWS];
    int[] group = new int[ROWS];
    int[] reversedGroup = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      group[i] = i % 4;
      reversed[ROWS - 1 - i] = y[i];
      reversedErrors[ROWS - 1 - i] = e[i];
      reversedGroup[ROWS - 1 - i] = group[i];
    }
    ErrorMoments whole = new ErrorMoments(4, 3);
    whole.add(ROWS, group, y, e, null);
    ErrorMoments left = new ErrorMoments(4, 3);
    left.add(300, reversedGroup, reversed, reversedErrors, null);
    ErrorMoments right = new ErrorMoments(4, 3);
    right.add(
        ROWS - 300,
        Arrays.copyOfRange(reversedGroup, 300, ROWS),
        Arrays.copyOfRange(reversed, 300, ROWS),
        Arrays.copyOfRange(reversedErrors, 300, ROWS),
        null);
    assertThat(left).isNotEqualTo(whole);
    left.merge(right);
    assertThat(left).isEqualTo(whole);
    assertThat(left.byGroup()).isDeepEqualTo(whole.byGroup());
    assertThat(left.byGroup()[0]).isNotEqualTo(left.byGroup()[1]);
  }

  @Test
  void fullSumsAreMovedOnWithoutLoss() {
    ErrorMoments sums = new ErrorMoments(1, 1);
    sums.add(1, new int[1], new double[] {-1}, new double[] {1}, null);
    int doublings = 40; // 2⁴⁰ rows at the end of the range, whose squares are beyond 128 bits
    for (int i = 0; i < doublings; i++) {
      ErrorMoments same = new ErrorMoments(1, 1);
      same.merge(sums);
      sums.merge(same);
    }
    double rows = Math.scalb(1.0, doublings);
    assertThat(sums.totals()).containsExactly(-rows, rows, rows, rows, rows);
  }

  @Test
  void rowsWithoutWeightChangeNothing() {
    ErrorMoments sums = new ErrorMoments(1, 1);
    sums.add(2, new int[2], new double[] {1, 0.5}, new double[] {1, 0.25}, new double[] {0, 3});
    assertThat(sums.totals()).containsExactly(1.5, 0.75, 0.75, 0.75, 3.0 / 16);
  }
}
