package org.snnk.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

/** Paired differences and spreads, by their laws. */
class PairedDifferenceTest {
  private static PairedDifference of(double... differences) {
    PairedDifference all = new PairedDifference();
    for (double difference : differences) {
      all.add(difference, 1);
    }
    return all;
  }

  @Test
  void withoutWeightsItIsTheStandardErrorOfAMean() {
    PairedDifference all = of(1, 2, 4, 5);
    assertThat(all.mean().orNaN()).isEqualTo(3);
    // s² = (4 + 1 + 1 + 4)/3, se = √(s²/4)
    assertThat(all.standardError().orNaN()).isCloseTo(Math.sqrt(10.0 / 12), within(1e-15));
  }

  @Test
  void aFactorOfAllWeightsChangesNothing() {
    PairedDifference one = new PairedDifference();
    PairedDifference three = new PairedDifference();
    for (int i = 0; i < 50; i++) {
      one.add(Math.sin(i), 1 + i % 3);
      three.add(Math.sin(i), 3 * (1 + i % 3));
    }
    assertThat(three.mean().orNaN()).isCloseTo(one.mean().orNaN(), within(1e-15));
    assertThat(three.standardError().orNaN()).isCloseTo(one.standardError().orNaN(), within(1e-15));
  }

  @Test
  void rowsOfWeightZeroDoNotCount() {
    PairedDifference all = of(1, 2, 4, 5);
    all.add(1e9, 0);
    assertThat(all.rows()).isEqualTo(4);
    assertThat(all.standardError()).isEqualTo(of(1, 2, 4, 5).standardError());
  }

  @Test
  void anySplitGivesTheSameBits() {
    PairedDifference whole = new PairedDifference();
    PairedDifference left = new PairedDifference();
    PairedDifference right = new PairedDifference();
    for (int i = 0; i < 1000; i++) {
      double difference = Math.tan(i * 0.37);
      double weight = 0.5 + i % 7;
      whole.add(difference, weight);
      (i % 3 == 0 ? left : right).add(difference, weight);
    }
    PairedDifference merged = new PairedDifference().merge(right).merge(left);
    assertThat(merged.rows()).isEqualTo(1000);
    assertThat(merged.mean()).isEqualTo(whole.mean());
    assertThat(merged.standardError()).isEqualTo(whole.standardError());
  }

  /** Of 2000 samples from a law of mean 0.3 the 99% interval holds it in 99% ± 6 deviations. */
  @Test
  void intervalsCoverAsOftenAsTheySay() {
    CounterRandom random = new CounterRandom(7, 1);
    int covered = 0;
    for (int s = 0; s < 2000; s++) {
      PairedDifference sample = new PairedDifference();
      for (int i = 0; i < 200; i++) {
        sample.add(0.3 + random.gaussian(s * 200L + i) * (1 + i % 4), 1);
      }
      double off = Math.abs(sample.mean().orNaN() - 0.3);
      covered += off <= 2.5758 * sample.standardError().orNaN() ? 1 : 0;
    }
    assertThat(covered / 2000.0).isBetween(0.99 - 0.0134, 1.0);
  }

  @Test
  void whatIsNotDefinedSaysWhy() {
    assertThat(of().mean().reason()).isEqualTo("there are no rows with weight");
    assertThat(of(1).standardError().reason())
        .isEqualTo("there are fewer than two rows with weight");
    assertThat(of(2, 2).standardError().orNaN()).isZero();
  }

  @Test
  void aDifferenceThatIsNoNumberIsRefused() {
    assertThatThrownBy(() -> of(1, Double.NaN))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "difference of losses: expected a finite number of at most 1e140 in size, got NaN (row"
                + " 1). Look for models that answer with huge or missing values.");
    assertThatThrownBy(() -> new PairedDifference().add(1, -1))
        .isInstanceOf(SnnkException.class)
        .hasMessageStartingWith("row weight: expected 0 or a number from 2^-30 to 2^30, got -1.0");
  }

  @Test
  void aSpreadIsThatOfItsNumbers() {
    assertThat(Spread.of(List.of(1.0, 2.0, 3.0))).isEqualTo(new Spread(3, 2, 1, 1, 3));
    assertThat(Spread.of(List.of(5.0)).sd()).isZero();
    assertThatThrownBy(() -> Spread.of(List.of()))
        .hasMessage("spread: expected at least one number, got none.");
  }
}
