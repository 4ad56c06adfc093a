package org.snnk.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.snnk.random.CounterRandom;

class ScoreHistogramTest {
  private static final int ROWS = 4000;
  private final CounterRandom random = new CounterRandom(7, 0);

  /** One simulated row. */
  private record Row(boolean positive, double score, double weight) {}

  private Row[] rows(double shift, double scale, double separation, boolean weighted) {
    Row[] rows = new Row[ROWS];
    for (int i = 0; i < ROWS; i++) {
      boolean positive = random.uniform(i) < 0.3;
      double z = random.stream(1).gaussian(i) + (positive ? separation : 0);
      double score = 1 / (1 + StrictMath.exp(-(shift + scale * z)));
      double weight = weighted ? StrictMath.exp(random.stream(2).gaussian(i)) : 1;
      rows[i] = new Row(positive, score, weight);
    }
    return rows;
  }

  private static void add(ScoreHistogram histogram, int label, double score, double weight) {
    ScoredRows row = new ScoredRows(2);
    row.set(1, 0, new long[1], new double[] {weight});
    assertThat(row.read(1, new double[] {label}, 0, new double[] {1 - score, score}, 0)).isOne();
    histogram.add(row, 1);
  }

  private static ScoreHistogram histogram(Row[] rows) {
    ScoreHistogram histogram = new ScoreHistogram();
    for (Row row : rows) {
      add(histogram, row.positive ? 1 : 0, row.score, row.weight);
    }
    return histogram;
  }

  /** By sorting, ties counted one half. */
  private static double exactAuc(Row[] rows) {
    Row[] sorted = rows.clone();
    Arrays.sort(sorted, Comparator.comparingDouble(Row::score));
    double below = 0;
    double p = 0;
    double area = 0;
    int i = 0;
    while (i < sorted.length) {
      double tiedPositive = 0;
      double tiedNegative = 0;
      int j = i;
      for (; j < sorted.length && sorted[j].score == sorted[i].score; j++) {
        if (sorted[j].positive) {
          tiedPositive += sorted[j].weight;
        } else {
          tiedNegative += sorted[j].weight;
        }
      }
      area += tiedPositive * (below + tiedNegative / 2);
      below += tiedNegative;
      p += tiedPositive;
      i = j;
    }
    return area / p / below;
  }

  @Test
  void aucIsWithinItsBoundOfTheSortedValue() {
    double[][] shiftScaleSeparation = {
      {0, 1, 1}, {0, 1, 0}, {-12, 2, 1.5}, {25, 3, 1}, {0, 12, 2}, {0, 0.001, 1}, {-40, 10, 1}
    };
    for (double[] s : shiftScaleSeparation) {
      for (boolean weighted : new boolean[] {false, true}) {
        Row[] rows = rows(s[0], s[1], s[2], weighted);
        ScoreHistogram histogram = histogram(rows);
        double bound = histogram.aucErrorBound().orNaN();
        assertThat(Math.abs(histogram.auc().orNaN() - exactAuc(rows)))
            .as(Arrays.toString(s))
            .isLessThanOrEqualTo(bound + 1e-13);
      }
    }
  }

  @Test
  void boundIsSmallForBalancedAndForCrowdedScores() {
    assertThat(histogram(rows(0, 1, 1, false)).aucErrorBound().orNaN()).isLessThan(1e-4);
    assertThat(histogram(rows(-12, 2, 1.5, false)).aucErrorBound().orNaN()).isLessThan(1e-3);
    assertThat(histogram(rows(25, 3, 1, true)).aucErrorBound().orNaN()).isLessThan(1e-3);
  }

  @Test
  void equalScoresAreTiesAndExact() {
    ScoreHistogram histogram = new ScoreHistogram();
    for (int i = 0; i < 10; i++) {
      add(histogram, i % 3 == 0 ? 1 : 0, 0.37, 1 + i);
    }
    assertThat(histogram.auc().orNaN()).isEqualTo(0.5);
    assertThat(histogram.aucErrorBound().orNaN()).isZero();
    assertThat(histogram.roc()).containsExactly(new Point(0, 0), new Point(1, 1));
  }

  @Test
  void twoScoresInOneBinAreAnErrorOfOneHalfAtMost() {
    ScoreHistogram histogram = new ScoreHistogram();
    add(histogram, 1, Math.nextUp(0.37), 1);
    add(histogram, 0, 0.37, 1);
    assertThat(histogram.auc().orNaN()).isEqualTo(0.5);
    assertThat(histogram.aucErrorBound().orNaN()).isEqualTo(0.5);
    ScoreHistogram left = new ScoreHistogram();
    add(left, 0, 0.37, 1);
    ScoreHistogram right = new ScoreHistogram();
    add(right, 1, Math.nextUp(0.37), 1);
    left.merge(right);
    assertThat(left).isEqualTo(histogram);
    assertThat(left.aucErrorBound()).isEqualTo(histogram.aucErrorBound());
  }

  @Test
  void perfectAndReversedRanking() {
    ScoreHistogram right = new ScoreHistogram();
    ScoreHistogram wrong = new ScoreHistogram();
    for (int i = 1; i < 100; i++) {
      add(right, i > 60 ? 1 : 0, i / 100.0, 0.7);
      add(wrong, i < 60 ? 1 : 0, i / 100.0, 0.7);
    }
    assertThat(right.auc().orNaN()).isCloseTo(1, within(1e-15));
    assertThat(right.aucErrorBound().orNaN()).isZero();
    assertThat(right.kolmogorovSmirnov().orNaN()).isCloseTo(1, within(1e-12));
    assertThat(wrong.auc().orNaN()).isZero();
  }

  @Test
  void binIsMonotoneAndCoversBothEnds() {
    assertThat(ScoreHistogram.bin(0)).isZero();
    assertThat(ScoreHistogram.bin(Double.MIN_VALUE)).isZero();
    assertThat(ScoreHistogram.bin(1)).isEqualTo(65535);
    assertThat(ScoreHistogram.bin(0.5)).isEqualTo(32768);
    double[] scores = new double[4000];
    for (int i = 0; i < scores.length; i++) {
      double u = random.uniform(i);
      double near = StrictMath.scalb(u, -random.stream(1).below(60, i));
      scores[i] = i % 3 == 0 ? u : i % 3 == 1 ? near : 1 - near;
    }
    Arrays.sort(scores);
    for (int i = 1; i < scores.length; i++) {
      assertThat(ScoreHistogram.bin(scores[i]))
          .isGreaterThanOrEqualTo(ScoreHistogram.bin(scores[i - 1]));
    }
    assertThat(ScoreHistogram.bin(Math.nextDown(0.5)))
        .isLessThanOrEqualTo(ScoreHistogram.bin(0.5))
        .isLessThanOrEqualTo(ScoreHistogram.bin(Math.nextUp(0.5)));
    // both ends are told apart: one in a thousand from two, one in a billion from two
    assertThat(ScoreHistogram.bin(2e-9)).isGreaterThan(ScoreHistogram.bin(1e-9) + 200);
    assertThat(ScoreHistogram.bin(1 - 1e-9)).isGreaterThan(ScoreHistogram.bin(1 - 2e-9) + 200);
  }

  @Test
  void curvesAreThinAndKeepTheirArea() {
    Row[] rows = rows(0, 1, 1, true);
    ScoreHistogram histogram = histogram(rows);
    List<Point> roc = histogram.roc();
    assertThat(roc).hasSizeBetween(100, 200);
    assertThat(roc.get(0)).isEqualTo(new Point(0, 0));
    assertThat(roc.get(roc.size() - 1)).isEqualTo(new Point(1, 1));
    double area = 0;
    for (int i = 1; i < roc.size(); i++) {
      assertThat(roc.get(i).x()).isGreaterThanOrEqualTo(roc.get(i - 1).x());
      assertThat(roc.get(i).y()).isGreaterThanOrEqualTo(roc.get(i - 1).y());
      area += (roc.get(i).x() - roc.get(i - 1).x()) * (roc.get(i).y() + roc.get(i - 1).y()) / 2;
    }
    assertThat(area).isCloseTo(histogram.auc().orNaN(), within(2e-3));
    List<Point> pr = histogram.precisionRecall();
    assertThat(pr).hasSizeBetween(100, 200);
    assertThat(pr.get(pr.size() - 1).x()).isEqualTo(1);
  }

  /** By sorting, rows of one score sharing their precision. */
  private static double exactAveragePrecision(Row[] rows) {
    Row[] sorted = rows.clone();
    Arrays.sort(sorted, Comparator.comparingDouble(Row::score).reversed());
    double right = 0;
    double all = 0;
    double sum = 0;
    for (int i = 0; i < sorted.length; ) {
      double gained = 0;
      int j = i;
      for (; j < sorted.length && sorted[j].score == sorted[i].score; j++) {
        gained += sorted[j].positive ? sorted[j].weight : 0;
        all += sorted[j].weight;
      }
      right += gained;
      sum += gained == 0 ? 0 : gained * right / all;
      i = j;
    }
    return sum / right;
  }

  @Test
  void averagePrecisionIsWithinItsBoundOfTheSortedValue() {
    for (double[] s : new double[][] {{0, 1, 1}, {0, 0.001, 1}, {-40, 10, 1}, {25, 3, 1}}) {
      for (int bits : new int[] {16, 10}) {
        Row[] rows = rows(s[0], s[1], s[2], bits == 10);
        ScoreHistogram histogram = new ScoreHistogram(bits);
        Arrays.stream(rows).forEach(r -> add(histogram, r.positive ? 1 : 0, r.score, r.weight));
        double bound = histogram.averagePrecisionErrorBound().orNaN();
        assertThat(Math.abs(histogram.averagePrecision().orNaN() - exactAveragePrecision(rows)))
            .as(Arrays.toString(s))
            .isLessThanOrEqualTo(bound + 1e-13);
        assertThat(Math.abs(histogram.auc().orNaN() - exactAuc(rows)))
            .isLessThanOrEqualTo(histogram.aucErrorBound().orNaN() + 1e-13);
      }
    }
    assertThat(histogram(rows(0, 1, 1, false)).averagePrecisionErrorBound().orNaN())
        .isLessThan(0.01);
  }

  @Test
  void averagePrecisionByHand() {
    ScoreHistogram histogram = new ScoreHistogram();
    boolean[] byFallingScore = {true, false, true, true, false};
    for (int i = 0; i < 5; i++) {
      add(histogram, byFallingScore[i] ? 1 : 0, 0.9 - 0.1 * i, 1);
    }
    assertThat(histogram.averagePrecision().orNaN())
        .isCloseTo((1.0 + 2.0 / 3 + 3.0 / 4) / 3, within(1e-15));
    assertThat(histogram.averagePrecisionErrorBound().orNaN()).isZero();
    assertThat(histogram.gain())
        .startsWith(new Point(0, 0), new Point(0.2, 1.0 / 3), new Point(0.4, 1.0 / 3))
        .endsWith(new Point(0.8, 1), new Point(1, 1));
  }
}
