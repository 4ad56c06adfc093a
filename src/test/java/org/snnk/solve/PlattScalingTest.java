package org.snnk.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.snnk.random.CounterRandom;
import org.snnk.statistics.ScoreCounts;

class PlattScalingTest {

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  @Test
  void theSigmoidThatMadeTheLabelsIsFound() {
    CounterRandom random = new CounterRandom(6, 1);
    double slope = 5;
    double offset = -2;
    ScoreCounts counts = new ScoreCounts(2, 1);
    int n = 200_000;
    for (int i = 0; i < n; i++) {
      double s = 0.5 + 0.4 * random.gaussian(i);
      int label = random.uniform(i + (1L << 40)) < sigmoid(slope * s + offset) ? 1 : 0;
      counts.add(new double[] {1 - s, s}, 0, label, 1);
    }
    PlattScaling scaling = PlattScaling.fit(counts);
    // Standard errors of both are near 0.02 at this n.
    assertThat(scaling.slope()[1]).isCloseTo(slope, within(0.12));
    assertThat(scaling.offset()[1]).isCloseTo(offset, within(0.08));
    // 1 − s with the labels exchanged is the same problem: P = 1 − σ(5(1 − s′) − 2) = σ(5s′ − 3).
    assertThat(scaling.slope()[0]).isCloseTo(slope, within(0.12));
    assertThat(scaling.offset()[0]).isCloseTo(-slope - offset, within(0.08));
  }

  @Test
  void separableScoresGiveFiniteProbabilitiesOnTheRightSides() {
    ScoreCounts counts = new ScoreCounts(2, 1);
    for (int i = 0; i < 1000; i++) {
      double s = i < 500 ? 0 : 1;
      counts.add(new double[] {1 - s, s}, 0, (int) s, 1);
    }
    PlattScaling scaling = PlattScaling.fit(counts);
    double high = sigmoid(scaling.slope()[1] + scaling.offset()[1]);
    double low = sigmoid(scaling.offset()[1]);
    // Platt's smoothed targets: (N₊ + 1)/(N₊ + 2) and 1/(N₋ + 2).
    assertThat(high).isCloseTo(501.0 / 502, within(1e-4));
    assertThat(low).isCloseTo(1.0 / 502, within(1e-4));
  }

  @Test
  void aClassWithOneSideOnlyKeepsItsSmoothedRate() {
    ScoreCounts counts = new ScoreCounts(2, 1);
    for (int i = 0; i < 9; i++) {
      counts.add(new double[] {0.9, 0.1}, 0, 0, 1);
    }
    PlattScaling scaling = PlattScaling.fit(counts);
    assertThat(scaling.slope()).containsExactly(1, 1);
    assertThat(scaling.offset()[0]).isCloseTo(Math.log(10), within(1e-12));
    assertThat(scaling.offset()[1]).isCloseTo(-Math.log(10), within(1e-12));
  }

  @Test
  void equalScoresGiveTheRateOfTheClass() {
    ScoreCounts counts = new ScoreCounts(2, 1);
    for (int i = 0; i < 1000; i++) {
      counts.add(new double[] {0.5, 0.5}, 0, i % 4 == 0 ? 1 : 0, 1);
    }
    PlattScaling scaling = PlattScaling.fit(counts);
    assertThat(sigmoid(0.5 * scaling.slope()[1] + scaling.offset()[1]))
        .isCloseTo(0.25, within(0.01));
  }

  /** Twenty rows of scores that mean little: by chance some samples rank the wrong way round. */
  @Test
  void fewNoisyRowsDoNotTurnTheScoresOver() {
    CounterRandom random = new CounterRandom(8, 1);
    int reversed = 0;
    for (int sample = 0; sample < 50; sample++) {
      ScoreCounts counts = new ScoreCounts(2, 1);
      double difference = 0;
      double positives = 0;
      for (int i = 20 * sample; i < 20 * sample + 20; i++) {
        int label = i % 2;
        double s = 0.5 + 0.1 * random.gaussian(i) + 0.02 * label;
        counts.add(new double[] {1 - s, s}, 0, label, 1);
        difference += label == 1 ? s : -s;
        positives += label;
      }
      reversed += difference < -0.1 ? 1 : 0;
      PlattScaling scaling = PlattScaling.fit(counts);
      assertThat(scaling.slope()[0]).isNotNegative();
      assertThat(scaling.slope()[1]).isNotNegative();
      // Near the middle of the scores the class keeps its share.
      assertThat(sigmoid(0.5 * scaling.slope()[1] + scaling.offset()[1]))
          .isCloseTo(positives / 20, within(0.2));
    }
    assertThat(reversed).as("samples that rank the wrong way round").isGreaterThan(3);
  }

  @Test
  void noScoresAtAllStayFinite() {
    PlattScaling scaling = PlattScaling.fit(new ScoreCounts(3, 1));
    assertThat(scaling.slope()).containsOnly(1);
    assertThat(scaling.offset()).containsOnly(0);
  }
}
