package org.snnk.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.snnk.random.CounterRandom;

class ScoreCountsTest {
  private final CounterRandom random = new CounterRandom(2, 2);

  private void add(ScoreCounts counts, int from, int to) {
    for (int i = from; i < to; i++) {
      double s = random.gaussian(i);
      counts.add(new double[] {9, s, 1 - s}, 1, random.below(2, i), random.uniform(i) * 4);
    }
  }

  private static double[] all(ScoreCounts counts) {
    double[] weights = new double[counts.classes() * 2 * counts.bins()];
    int at = 0;
    for (int c = 0; c < counts.classes(); c++) {
      for (int bin = 0; bin < counts.bins(); bin++) {
        weights[at++] = counts.weight(c, true, bin);
        weights[at++] = counts.weight(c, false, bin);
      }
    }
    return weights;
  }

  @Test
  void mergedPartsAreTheWhole() {
    ScoreCounts whole = new ScoreCounts(2, 4);
    add(whole, 0, 1000);
    ScoreCounts left = new ScoreCounts(2, 4);
    ScoreCounts right = new ScoreCounts(2, 4);
    add(left, 700, 1000);
    add(right, 0, 700);
    left.merge(right);
    left.merge(new ScoreCounts(2, 4));
    assertThat(all(left)).isEqualTo(all(whole));
  }

  @Test
  void aRowCountsOnceForEachClassInTheBinOfItsScore() {
    ScoreCounts counts = new ScoreCounts(2, 1);
    counts.add(new double[] {0.25, 0.75}, 0, 1, 0.5);
    int at = 0;
    for (int c = 0; c < 2; c++) {
      for (int bin = 0; bin < counts.bins(); bin++) {
        assertThat(counts.weight(c, c == 0, bin)).isZero();
        if (counts.weight(c, c == 1, bin) > 0) {
          assertThat(counts.weight(c, c == 1, bin)).isEqualTo(0.5);
          assertThat(Math.abs(counts.score(bin) - (c == 0 ? 0.25 : 0.75)))
              .isLessThanOrEqualTo(1.0 / 1024);
          at++;
        }
      }
    }
    assertThat(at).isEqualTo(2);
  }

  @Test
  void scoresBeyondTheBinsCountInTheOutermost() {
    ScoreCounts counts = new ScoreCounts(2, 1);
    counts.add(new double[] {-1e300, 1e300}, 0, 1, 1);
    assertThat(counts.weight(0, false, 0)).isEqualTo(1);
    assertThat(counts.weight(1, true, counts.bins() - 1)).isEqualTo(1);
  }
}
