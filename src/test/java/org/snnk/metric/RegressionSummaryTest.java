package org.snnk.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

class RegressionSummaryTest {
  private final CounterRandom random = new CounterRandom(6, 0);

  private static RegressionSummary twoTargets() {
    return new RegressionSummary(new double[] {-3, 0}, new double[] {3, 500});
  }

  private double[] truth(int i) {
    return new double[] {random.gaussian(i), 1000 * random.stream(1).uniform(i)};
  }

  private double[] predicted(int i) {
    double[] y = truth(i);
    return new double[] {0.8 * y[0] + random.stream(2).gaussian(i) / 3, y[1] + 7};
  }

  private double weight(int i) {
    return i % 7 == 0 ? 0 : StrictMath.exp(random.stream(3).gaussian(i));
  }

  private void add(RegressionSummary summary, int i) {
    summary.add(truth(i), 0, predicted(i), 0, weight(i));
  }

  @Test
  void anySplitEqualsTheWhole() {
    RegressionSummary whole = twoTargets();
    RegressionSummary[] parts = {twoTargets(), twoTargets(), twoTargets(), twoTargets()};
    for (int i = 0; i < 600; i++) {
      add(whole, i);
    }
    for (int i = 599; i >= 0; i--) {
      add(parts[random.stream(4).below(3, i)], i); // the fourth stays empty
    }
    RegressionSummary left = twoTargets();
    for (RegressionSummary part : parts) {
      left.merge(part);
    }
    RegressionSummary right = parts[3].merge(parts[2].merge(parts[1].merge(parts[0])));
    assertThat(left).isEqualTo(whole);
    assertThat(right).isEqualTo(whole);
    assertThat(left.metrics()).isEqualTo(whole.metrics()).isEqualTo(right.metrics());
    assertThat(whole).isNotEqualTo(twoTargets());
    assertThat(twoTargets().merge(whole)).isEqualTo(whole);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 50})
  void blockEqualsItsRows(int replicates) {
    int n = 600; // more than are added at once
    Bootstrap bootstrap = replicates == 0 ? Bootstrap.NONE : new Bootstrap(replicates, 1);
    Supplier<RegressionSummary> empty =
        () ->
            new RegressionSummary(
                new double[] {-3, 0}, new double[] {3, 500}, bootstrap, Detail.FULL);
    double[] y = new double[2 * n];
    double[] p = new double[2 * n];
    double[] w = new double[n];
    long[] index = new long[n];
    RegressionSummary rows = empty.get();
    RegressionSummary ones = empty.get();
    for (int i = 0; i < n; i++) {
      System.arraycopy(truth(i), 0, y, 2 * i, 2);
      System.arraycopy(predicted(i), 0, p, 2 * i, 2);
      w[i] = weight(i);
      index[i] = i;
      rows.add(i, truth(i), 0, predicted(i), 0, w[i]);
      ones.add(i, truth(i), 0, predicted(i), 0, 1);
    }
    RegressionSummary block = empty.get();
    block.addBlock(n, index, y, p, w);
    assertThat(block).isEqualTo(rows);
    RegressionSummary unweighted = empty.get();
    unweighted.addBlock(n, index, y, p, null);
    assertThat(unweighted).isEqualTo(ones).isNotEqualTo(rows);
    Arrays.fill(w, 1);
    RegressionSummary given = empty.get();
    given.addBlock(n, index, y, p, w);
    assertThat(given).isEqualTo(ones);
    assertThat(given.metrics()).isEqualTo(ones.metrics());
  }

  @Test
  void fourRowsByHand() {
    RegressionSummary summary = new RegressionSummary(new double[] {0}, new double[] {10});
    double[] y = {1, 2, 3, 6};
    double[] p = {2, 2, 1, 7};
    summary.addBlock(4, new long[4], y, p, null);
    RegressionMetrics m = summary.metrics();
    assertThat(m.rows()).isEqualTo(4);
    assertThat(m.rmse().orNaN()).isEqualTo(Math.sqrt(6.0 / 4));
    assertThat(m.mae().orNaN()).isEqualTo(1);
    assertThat(m.r2().orNaN()).isEqualTo(1 - 6.0 / 14);
    assertThat(m.targets().get(0).bias().orNaN()).isZero();
    assertThat(m.targets().get(0).mean().orNaN()).isEqualTo(3);
    assertThat(m.targets().get(0).sd().orNaN()).isEqualTo(Math.sqrt(14.0 / 4));
    assertThat(m.targets().get(0).density().weight(12, 4)).isEqualTo(1);
  }

  @Test
  void weightsMultiplyTheErrors() {
    RegressionSummary summary = new RegressionSummary(new double[] {0}, new double[] {1});
    summary.addBlock(
        2, new long[2], new double[] {0, 1}, new double[] {0.5, 1}, new double[] {3, 1});
    RegressionMetrics m = summary.metrics();
    assertThat(m.weight()).isEqualTo(4);
    assertThat(m.rmse().orNaN()).isEqualTo(Math.sqrt(0.75 / 4));
    assertThat(m.r2().orNaN()).isEqualTo(1 - 0.75 / (4 * 0.25 * 0.75));
  }

  @Test
  void r2SurvivesAMeanFarFromZero() {
    double shift = 1e9;
    RegressionSummary summary =
        new RegressionSummary(new double[] {shift - 3}, new double[] {shift + 3});
    double squares = 0;
    double spread = 0;
    int n = 1000;
    double mean = 0;
    for (int i = 0; i < n; i++) {
      mean += (shift + random.gaussian(i) - shift) / n;
    }
    for (int i = 0; i < n; i++) {
      double y = shift + random.gaussian(i);
      double p = y + 0.5;
      summary.add(new double[] {y}, 0, new double[] {p}, 0, 1);
      squares += (p - y) * (p - y);
      spread += (y - shift - mean) * (y - shift - mean);
    }
    assertThat(summary.metrics().r2().orNaN()).isCloseTo(1 - squares / spread, within(1e-12));
  }

  @Test
  void outOfRangeIsCountedAtTheEdge() {
    RegressionSummary summary = new RegressionSummary(new double[] {0}, new double[] {1});
    summary.addBlock(3, new long[3], new double[] {-5, 0.5, 9}, new double[] {9, 0.5, -7}, null);
    RegressionMetrics.Target target = summary.metrics().targets().get(0);
    int last = target.density().bins().count() - 1;
    assertThat(target.density().weight(0, last)).isEqualTo(1);
    assertThat(target.density().weight(last, 0)).isEqualTo(1);
    assertThat(target.error().weight(0)).isEqualTo(1);
    assertThat(target.error().weight(target.error().bins().count() - 1)).isEqualTo(1);
  }

  @Test
  void zoomedHistogramKeepsEveryRow() {
    RegressionSummary summary = new RegressionSummary(new double[] {-4}, new double[] {4});
    for (int i = 0; i < 1000; i++) {
      summary.add(new double[] {0}, 0, new double[] {0.2 * random.gaussian(i)}, 0, 1);
    }
    Histogram error = summary.metrics().targets().get(0).error();
    for (int most : new int[] {1, 7, 40, 5000}) {
      for (double tail : new double[] {0, 0.005, 0.49}) {
        Histogram zoomed = error.zoomed(tail, most);
        double sum = 0;
        for (int b = 0; b < zoomed.bins().count(); b++) {
          sum += zoomed.weight(b);
        }
        assertThat(sum).isEqualTo(1000);
        assertThat(zoomed.bins().count()).isBetween(1, Math.min(most, 1024));
        assertThat(zoomed.bins().low()).isGreaterThanOrEqualTo(error.bins().low());
        assertThat(zoomed.bins().high()).isLessThanOrEqualTo(error.bins().high());
      }
    }
    assertThat(error.zoomed(0.005, 40).bins().high()).isBetween(0.4, 0.8);
  }

  @Test
  void constantTargetHasNoR2() {
    RegressionSummary summary = new RegressionSummary(new double[] {0.1}, new double[] {0.1});
    for (int i = 0; i < 3; i++) {
      summary.add(new double[] {0.1}, 0, new double[] {0.3}, 0, 0.7);
    }
    RegressionMetrics m = summary.metrics();
    assertThat(m.r2()).isEqualTo(Figure.undefined("the target is constant"));
    assertThat(m.rmse().orNaN()).isCloseTo(0.2, within(1e-12));
    assertThat(m.targets().get(0).sd().orNaN()).isZero();
  }

  @Test
  void noRowsLeaveEveryFigureUndefined() {
    RegressionMetrics m = twoTargets().metrics();
    assertThat(m.rmse()).isEqualTo(Figure.undefined("there are no rows"));
    assertThat(m.mae().isDefined()).isFalse();
    assertThat(m.r2().reason()).isEqualTo("there are no rows");
    assertThat(m.targets().get(1).bias().isDefined()).isFalse();
  }

  @Test
  void badRowsAreRefusedAndChangeNothing() {
    RegressionSummary summary = twoTargets();
    assertThatThrownBy(
            () -> summary.add(new double[] {1, 2}, 0, new double[] {1, Double.NaN}, 0, 1))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "predicted value of target 1: expected a finite number up to 1e140 in size, got NaN"
                + " (row 0 of the summary). Check the row for missing or infinite values.");
    assertThatThrownBy(
            () ->
                summary.add(
                    new double[] {Double.POSITIVE_INFINITY, 2}, 0, new double[] {1, 1}, 0, 1))
        .hasMessageStartingWith("true value of target 0: expected a finite number");
    assertThat(summary).isEqualTo(twoTargets());
  }

  @Test
  void otherRangesCannotBeMerged() {
    RegressionSummary one = new RegressionSummary(new double[] {0}, new double[] {1});
    RegressionSummary other = new RegressionSummary(new double[] {0}, new double[] {2});
    assertThatThrownBy(() -> one.merge(other))
        .isInstanceOf(SnnkException.class)
        .hasMessageStartingWith(
            "regression summaries to merge: expected the same targets with the same ranges");
    assertThatThrownBy(() -> new RegressionSummary(new double[] {2}, new double[] {1}))
        .hasMessageStartingWith("range of target 0: expected finite numbers, the lower one first");
  }

  @Test
  void sparkCanSerialiseIt() throws IOException {
    RegressionSummary summary = twoTargets();
    add(summary, 1);
    try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      out.writeObject(summary);
    }
  }

  @Test
  void quantilesOfTheErrorAreWithinTheirBoundOfTheSortedOnes() {
    for (double scale : new double[] {1e-12, 0.1, 1e9}) {
      int n = 1001;
      RegressionSummary summary = new RegressionSummary(new double[] {-3}, new double[] {3});
      double[] errors = new double[n];
      for (int i = 0; i < n; i++) {
        double y = random.gaussian(i);
        double p = y + scale * (random.stream(1).gaussian(i) + 0.3);
        errors[i] = p - y;
        summary.add(new double[] {y}, 0, new double[] {p}, 0, 1);
      }
      RegressionMetrics.Target target = summary.metrics().targets().get(0);
      double[] sizes = Arrays.stream(errors).map(Math::abs).sorted().toArray();
      Arrays.sort(errors);
      for (RegressionMetrics.Quantile q : target.quantiles()) {
        double sorted = errors[(int) Math.ceil(q.share() * n) - 1];
        assertThat(Math.abs(q.error() - sorted)).isLessThanOrEqualTo(q.bound() * (1 + 1e-12));
        if (scale == 0.1) {
          assertThat(q.bound()).isLessThan(0.008 * Math.abs(sorted));
        }
      }
      for (RegressionMetrics.Quantile q : target.absoluteQuantiles()) {
        double sorted = sizes[(int) Math.ceil(q.share() * n) - 1];
        assertThat(Math.abs(q.error() - sorted)).isLessThanOrEqualTo(q.bound() * (1 + 1e-12));
      }
    }
  }

  @Test
  void residualsAreOfTheirBand() {
    RegressionSummary summary = new RegressionSummary(new double[] {0}, new double[] {20});
    for (int i = 0; i < 2000; i++) {
      double p = 20 * random.uniform(i);
      summary.add(new double[] {p - Math.floor(p)}, 0, new double[] {p}, 0, 1); // error ⌊p⌋
    }
    for (RegressionMetrics.Residuals band : summary.metrics().targets().get(0).residuals()) {
      assertThat(band.quantiles()).hasSize(5);
      for (double error : band.quantiles()) {
        assertThat(error).isCloseTo(band.from(), within(0.04 * band.from() + 1e-4));
      }
    }
    assertThat(summary.metrics().targets().get(0).residuals()).hasSize(20);
  }

  @Test
  void intervalsDoNotDependOnTheSplit() {
    double[] low = {-3, 0};
    double[] high = {3, 500};
    Bootstrap bootstrap = new Bootstrap(50, 3);
    RegressionSummary whole = new RegressionSummary(low, high, bootstrap, Detail.FULL);
    RegressionSummary left = new RegressionSummary(low, high, bootstrap, Detail.FULL);
    RegressionSummary right = new RegressionSummary(low, high, bootstrap, Detail.FULL);
    for (int i = 0; i < 300; i++) {
      whole.add(i, truth(i), 0, predicted(i), 0, weight(i));
      (i * 7 % 13 < 5 ? left : right).add(i, truth(i), 0, predicted(i), 0, weight(i));
    }
    assertThat(right.merge(left)).isEqualTo(whole);
    assertThat(right.metrics().intervals())
        .isEqualTo(whole.metrics().intervals())
        .containsOnlyKeys("rmse", "mae", "r2");
    assertThatThrownBy(() -> right.merge(twoTargets()))
        .hasMessageContaining("expected the same targets with the same ranges and bootstrap");
  }
}
