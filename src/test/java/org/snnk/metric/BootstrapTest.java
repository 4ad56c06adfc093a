package org.snnk.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

class BootstrapTest {
  private static final CounterRandom RANDOM = new CounterRandom(11, 0);

  @Test
  void multiplicitiesArePoisson() {
    int n = 20_000;
    double[] times = new double[n];
    new Bootstrap(20, 5).multiplicities(3, times);
    double[] counts = new double[30];
    double sum = 0;
    for (double t : times) {
      counts[(int) t]++;
      sum += t;
    }
    assertThat(sum / n).isCloseTo(1, within(6 / Math.sqrt(n)));
    double p = Math.exp(-1);
    for (int k = 0; k < 6; k++) {
      assertThat(counts[k] / n).isCloseTo(p, within(6 * Math.sqrt(p / n)));
      p /= k + 1;
    }
  }

  /** Two classes whose scores are normal, one apart; half of the rows each. */
  private static ClassificationMetrics binary(int rows, int from, Bootstrap bootstrap) {
    ClassificationSummary summary = new ClassificationSummary(2, bootstrap, Detail.FULL);
    double[] p = new double[2];
    for (int i = from; i < from + rows; i++) {
      int label = RANDOM.uniform(i) < 0.5 ? 1 : 0;
      double z = RANDOM.stream(1).gaussian(i) + label - 0.5;
      p[1] = 1 / (1 + StrictMath.exp(-z));
      p[0] = 1 - p[1];
      summary.add(i, label, p, 0, 1);
    }
    return summary.metrics();
  }

  @Test
  void intervalsAreAsWideAsTheoryHasThem() {
    int n = 20_000;
    ClassificationMetrics m = binary(n, 0, new Bootstrap(400, 1));
    double accuracy = m.accuracy().orNaN();
    double deviation = Math.sqrt(accuracy * (1 - accuracy) / n);
    checkWidth(m.intervals().get("accuracy"), deviation);
    // Hanley and McNeil 1982, for half of the rows in each class.
    double auc = m.binary().orElseThrow().auc().orNaN();
    double q1 = auc / (2 - auc);
    double q2 = 2 * auc * auc / (1 + auc);
    double variance =
        (auc * (1 - auc) + (n / 2.0 - 1) * (q1 - auc * auc + q2 - auc * auc)) / (n / 2.0 * n / 2.0);
    checkWidth(m.intervals().get("auc"), Math.sqrt(variance));
  }

  /** 400 replicates of 512 groups: the width has a relative deviation of some 6 %. */
  private static void checkWidth(Interval interval, double deviation) {
    assertThat((interval.high() - interval.low()) / (2 * 1.96 * deviation)).isBetween(0.7, 1.3);
  }

  @Test
  void intervalsHoldTheTruthAboutAsOftenAsTheySay() {
    int sets = 200;
    double accuracy = 0.6914624612740131; // Φ(½), where the classes are one apart
    double auc = 0.7602499389065233; // Φ(1/√2)
    int holdsAccuracy = 0;
    int holdsAuc = 0;
    for (int set = 0; set < sets; set++) {
      ClassificationMetrics m = binary(300, 1000 + 300 * set, new Bootstrap(100, set));
      holdsAccuracy += holds(m.intervals().get("accuracy"), accuracy);
      holdsAuc += holds(m.intervals().get("auc"), auc);
    }
    assertThat(holdsAccuracy).isBetween(172, 199);
    assertThat(holdsAuc).isBetween(172, 199);
  }

  private static int holds(Interval interval, double truth) {
    return interval.low() <= truth && truth <= interval.high() ? 1 : 0;
  }

  @Test
  void regressionIntervalsAreAsWideAsTheoryHasThem() {
    int n = 10_000;
    RegressionSummary summary =
        new RegressionSummary(
            new double[] {-4}, new double[] {4}, new Bootstrap(400, 1), Detail.FULL);
    for (int i = 0; i < n; i++) {
      double y = RANDOM.gaussian(i);
      double e = 0.5 * RANDOM.stream(1).gaussian(i);
      summary.add(i, new double[] {y}, 0, new double[] {y + e}, 0, 1);
    }
    RegressionMetrics m = summary.metrics();
    checkWidth(m.intervals().get("bias"), 0.5 / Math.sqrt(n));
    checkWidth(m.intervals().get("rmse"), 0.5 / Math.sqrt(2.0 * n));
    // |e| has mean σ√(2/π) and so variance σ²(1 − 2/π).
    checkWidth(m.intervals().get("mae"), 0.5 * Math.sqrt((1 - 2 / Math.PI) / n));
    assertThat(m.intervals().get("r2").low()).isLessThan(m.r2().orNaN());
    assertThat(m.intervals().get("r2").high()).isGreaterThan(m.r2().orNaN());
  }

  @Test
  void whatHasNoIntervalSaysWhy() {
    Interval one = binary(1, 0, new Bootstrap(100, 1)).intervals().get("accuracy");
    assertThat(one.reason()).isEqualTo("too few rows: many replicates leave the figure undefined");
    Interval none = binary(0, 0, new Bootstrap(100, 1)).intervals().get("auc");
    assertThat(none.reason()).isEqualTo("there are no rows with weight");
    assertThat(binary(10, 0, Bootstrap.NONE).intervals()).isEmpty();
  }

  @Test
  void equalScoresHaveAnIntervalWithoutWidth() {
    ClassificationSummary summary = new ClassificationSummary(2, new Bootstrap(50, 1), Detail.FULL);
    for (int i = 0; i < 200; i++) {
      summary.add(i, i % 2, new double[] {0.5, 0.5}, 0, 1);
    }
    assertThat(summary.metrics().intervals().get("auc")).isEqualTo(new Interval(0.5, 0.5, ""));
  }

  @Test
  void tooFewReplicatesAreRefused() {
    assertThatThrownBy(() -> new Bootstrap(5, 0))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "bootstrap: expected 0 replicates, or at least 20, got 5."
                + " 1000 give an interval of 95 %.");
  }
}
