package org.snnk.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

class ClassificationSummaryTest {
  private final CounterRandom random = new CounterRandom(5, 0);

  /** Row i of simulated probabilities for k classes, in all degrees of certainty. */
  private double[] probabilities(int i, int k) {
    double sharpness = Math.min(300, StrictMath.exp(3 * random.stream(1).gaussian(i)));
    double[] p = new double[k];
    double sum = 0;
    for (int j = 0; j < k; j++) {
      p[j] = StrictMath.exp(-sharpness * random.stream(2 + j).uniform(i));
      sum += p[j];
    }
    for (int j = 0; j < k; j++) {
      p[j] /= sum;
    }
    return p;
  }

  private int label(int i, int k) {
    return random.stream(100).below(k, i);
  }

  private double weight(int i) {
    return i % 11 == 0 ? 0 : StrictMath.exp(random.stream(101).gaussian(i));
  }

  private void add(ClassificationSummary summary, int i) {
    int k = summary.classes();
    summary.add(i, label(i, k), probabilities(i, k), 0, weight(i));
  }

  @Test
  void intervalsDoNotDependOnTheSplit() {
    Bootstrap bootstrap = new Bootstrap(50, 3);
    for (int k : new int[] {2, 3}) {
      ClassificationSummary whole = new ClassificationSummary(k, bootstrap, Detail.SLICE);
      ClassificationSummary left = new ClassificationSummary(k, bootstrap, Detail.SLICE);
      ClassificationSummary right = new ClassificationSummary(k, bootstrap, Detail.SLICE);
      for (int i = 0; i < 500; i++) {
        add(whole, i);
        add(i * 7 % 13 < 5 ? left : right, i);
      }
      ClassificationSummary merged = right.merge(left);
      assertThat(merged).isEqualTo(whole);
      assertThat(merged.metrics().intervals())
          .isEqualTo(whole.metrics().intervals())
          .containsKeys("accuracy", "logLoss", "macroF1", "mcc");
    }
    assertThatThrownBy(
            () ->
                new ClassificationSummary(2, bootstrap, Detail.FULL)
                    .merge(new ClassificationSummary(2)))
        .hasMessage(
            "classification summaries to merge: expected the same bootstrap and detail, got others."
                + " Merge summaries of one evaluation only.");
  }

  @Test
  void topKCountsTheRankOfTheTrueClass() {
    ClassificationSummary summary = new ClassificationSummary(4);
    summary.add(0, new double[] {0.4, 0.3, 0.2, 0.1}, 0, 1);
    summary.add(2, new double[] {0.4, 0.3, 0.2, 0.1}, 0, 2);
    summary.add(3, new double[] {0.25, 0.25, 0.25, 0.25}, 0, 1); // lower classes go before
    summary.add(1, new double[] {0.25, 0.25, 0.25, 0.25}, 0, 4);
    ClassificationMetrics m = summary.metrics();
    assertThat(m.topK().stream().map(Figure::orNaN)).containsExactly(1.0 / 8, 5.0 / 8, 7.0 / 8);
    assertThat(m.topK().get(0)).isEqualTo(m.accuracy());
    assertThat(new ClassificationSummary(3).metrics().topK().get(0).reason())
        .isEqualTo("there are no rows with weight");
  }

  @Test
  void anySplitEqualsTheWhole() {
    for (int k = 2; k <= 4; k++) {
      ClassificationSummary whole = new ClassificationSummary(k);
      ClassificationSummary[] parts = new ClassificationSummary[5]; // the last one stays empty
      for (int part = 0; part < parts.length; part++) {
        parts[part] = new ClassificationSummary(k);
      }
      for (int i = 0; i < 500; i++) {
        add(whole, i);
      }
      for (int i = 499; i >= 0; i--) {
        add(parts[random.stream(102).below(4, i)], i);
      }
      ClassificationSummary left = new ClassificationSummary(k);
      for (ClassificationSummary part : parts) {
        left.merge(part);
      }
      ClassificationSummary right = parts[4].merge(parts[3].merge(parts[1]));
      right.merge(parts[0].merge(parts[2]));
      assertThat(left).isEqualTo(whole);
      assertThat(right).isEqualTo(whole);
      assertThat(left.metrics()).isEqualTo(whole.metrics()).isEqualTo(right.metrics());
    }
  }

  @Test
  void emptyIsTheIdentityOfMerge() {
    ClassificationSummary some = new ClassificationSummary(2);
    ClassificationSummary same = new ClassificationSummary(2);
    for (int i = 0; i < 50; i++) {
      add(some, i);
      add(same, i);
    }
    same.merge(new ClassificationSummary(2));
    assertThat(same).isEqualTo(some);
    assertThat(new ClassificationSummary(2).merge(some)).isEqualTo(some);
    assertThat(some).isNotEqualTo(new ClassificationSummary(2));
  }

  @ParameterizedTest
  @CsvSource({"2, 0", "2, 50", "3, 0", "3, 50"})
  void blockEqualsItsRows(int k, int replicates) {
    int n = 600; // more than are added at once
    Bootstrap bootstrap = replicates == 0 ? Bootstrap.NONE : new Bootstrap(replicates, 1);
    long[] index = new long[n];
    double[] labels = new double[n];
    double[] p = new double[n * k];
    double[] weights = new double[n];
    ClassificationSummary rows = new ClassificationSummary(k, bootstrap, Detail.FULL);
    ClassificationSummary ones = new ClassificationSummary(k, bootstrap, Detail.FULL);
    for (int i = 0; i < n; i++) {
      index[i] = i;
      labels[i] = label(i, k);
      weights[i] = weight(i);
      System.arraycopy(probabilities(i, k), 0, p, i * k, k);
      add(rows, i);
      ones.add(i, label(i, k), probabilities(i, k), 0, 1);
    }
    ClassificationSummary block = new ClassificationSummary(k, bootstrap, Detail.FULL);
    block.addBlock(n, index, labels, p, weights);
    assertThat(block).isEqualTo(rows);
    assertThat(block.metrics().weighted()).isTrue();
    ClassificationSummary unweighted = new ClassificationSummary(k, bootstrap, Detail.FULL);
    unweighted.addBlock(n, index, labels, p, null);
    assertThat(unweighted).isEqualTo(ones).isNotEqualTo(rows);
    assertThat(unweighted.metrics().weighted()).isFalse();
    Arrays.fill(weights, 1);
    ClassificationSummary given = new ClassificationSummary(k, bootstrap, Detail.FULL);
    given.addBlock(n, index, labels, p, weights);
    assertThat(given).isEqualTo(ones);
    assertThat(given.metrics()).isEqualTo(ones.metrics());
    assertThat(given.merge(unweighted)).isEqualTo(ones.merge(ones));
  }

  @Test
  void threeClassesByHand() {
    ClassificationSummary summary = new ClassificationSummary(3);
    int[][] truthPredictedTimes = {
      {0, 0, 4}, {0, 1, 1}, {1, 1, 3}, {1, 2, 2}, {2, 2, 5}, {2, 0, 1}
    };
    for (int[] cell : truthPredictedTimes) {
      double[] p = {0.1, 0.1, 0.1};
      p[cell[1]] = 0.8;
      for (int i = 0; i < cell[2]; i++) {
        summary.add(cell[0], p, 0, 1);
      }
    }
    ClassificationMetrics m = summary.metrics();
    assertThat(m.rows()).isEqualTo(16);
    assertThat(m.accuracy().orNaN()).isEqualTo(12.0 / 16);
    assertThat(m.logLoss().orNaN())
        .isCloseTo(-(12 * Math.log(0.8) + 4 * Math.log(0.1)) / 16, within(1e-15));
    double hit = 0.2 * 0.2 + 2 * 0.1 * 0.1;
    double miss = 0.8 * 0.8 + 0.9 * 0.9 + 0.1 * 0.1;
    assertThat(m.brier().orNaN()).isCloseTo((12 * hit + 4 * miss) / 16, within(1e-15));
    assertThat(m.confusion().precision(0).orNaN()).isEqualTo(4.0 / 5);
    assertThat(m.confusion().recall(1).orNaN()).isEqualTo(3.0 / 5);
    assertThat(m.confusion().f1(2).orNaN()).isEqualTo(2 * 5.0 / (7 + 6));
    assertThat(m.balancedAccuracy().orNaN())
        .isCloseTo((4.0 / 5 + 3.0 / 5 + 5.0 / 6) / 3, within(1e-15));
    assertThat(m.macroF1().orNaN()).isCloseTo((8.0 / 10 + 6.0 / 9 + 10.0 / 13) / 3, within(1e-15));
    // c·s − Σtp = 12·16 − (5·5 + 5·4 + 6·7); s² − Σp² = 256 − 90; s² − Σt² = 256 − 86
    assertThat(m.mcc().orNaN())
        .isCloseTo((192 - 87) / Math.sqrt((256.0 - 90) * (256 - 86)), within(1e-15));
    assertThat(m.calibrationError().orNaN()).isCloseTo(0.8 - 0.75, within(1e-15));
    assertThat(m.confusion().count(2, 0)).isEqualTo(1);
    assertThat(m.binary()).isEmpty();
  }

  @Test
  void binaryMatthewsIsTheUsualOne() {
    ClassificationSummary summary = new ClassificationSummary(2);
    int tp = 90;
    int fn = 10;
    int fp = 20;
    int tn = 40;
    int[] labels = {1, 1, 0, 0};
    double[] scores = {0.9, 0.2, 0.7, 0.1};
    int[] times = {tp, fn, fp, tn};
    for (int c = 0; c < 4; c++) {
      for (int i = 0; i < times[c]; i++) {
        summary.add(labels[c], new double[] {1 - scores[c], scores[c]}, 0, 1);
      }
    }
    double product = (double) (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
    assertThat(summary.metrics().mcc().orNaN())
        .isCloseTo((tp * tn - fp * fn) / Math.sqrt(product), within(1e-14));
    assertThat(summary.metrics().brier().orNaN())
        .isCloseTo((90 * 0.01 + 10 * 0.64 + 20 * 0.49 + 40 * 0.01) / 160, within(1e-15));
  }

  @Test
  void weightOfTwoIsTheRowTwice() {
    ClassificationSummary weighted = new ClassificationSummary(2);
    ClassificationSummary repeated = new ClassificationSummary(2);
    for (int i = 0; i < 200; i++) {
      double[] p = probabilities(i, 2);
      weighted.add(label(i, 2), p, 0, 1 + i % 2);
      for (int copy = 0; copy < 1 + i % 2; copy++) {
        repeated.add(label(i, 2), p, 0, 1);
      }
    }
    ClassificationMetrics w = weighted.metrics();
    ClassificationMetrics r = repeated.metrics();
    assertThat(w.weighted()).isTrue();
    assertThat(w.rows()).isEqualTo(200);
    assertThat(w.weight()).isEqualTo(300).isEqualTo(r.weight());
    assertThat(w.accuracy()).isEqualTo(r.accuracy());
    assertThat(w.mcc()).isEqualTo(r.mcc());
    assertThat(w.binary()).isEqualTo(r.binary());
    assertThat(w.reliability()).isEqualTo(r.reliability());
    assertThat(w.logLoss().orNaN()).isCloseTo(r.logLoss().orNaN(), within(1e-15));
  }

  @Test
  void certainMistakeCostsTheClippedLogarithm() {
    ClassificationSummary summary = new ClassificationSummary(2);
    summary.add(1, new double[] {1, 0}, 0, 1);
    assertThat(summary.metrics().logLoss().orNaN())
        .isCloseTo(-StrictMath.log(1e-15), within(1e-14));
  }

  @Test
  void equalProbabilitiesPredictTheLowerClass() {
    ClassificationSummary summary = new ClassificationSummary(2);
    summary.add(0, new double[] {0.5, 0.5}, 0, 1);
    assertThat(summary.metrics().confusion().count(0, 0)).isEqualTo(1);
  }

  @Test
  void noRowsLeaveEveryFigureUndefined() {
    ClassificationMetrics m = new ClassificationSummary(2).metrics();
    assertThat(m.accuracy()).isEqualTo(Figure.undefined("there are no rows"));
    assertThat(m.logLoss().reason()).isEqualTo("there are no rows");
    assertThat(m.mcc().reason()).isEqualTo("there are no rows with weight");
    assertThat(m.calibrationError().isDefined()).isFalse();
    assertThat(m.binary().orElseThrow().auc().reason()).isEqualTo("there are no rows with weight");
    assertThat(m.binary().orElseThrow().ks().isDefined()).isFalse();
    assertThat(m.binary().orElseThrow().roc()).isEmpty();
    assertThat(m.binary().orElseThrow().precisionRecall()).isEmpty();
    assertThat(m.reliability()).isEmpty();
  }

  @Test
  void zeroWeightCountsTheRowAndNothingElse() {
    ClassificationSummary summary = new ClassificationSummary(2);
    summary.add(1, new double[] {0.5, 0.5}, 0, 0);
    ClassificationMetrics m = summary.metrics();
    assertThat(m.rows()).isEqualTo(1);
    assertThat(m.accuracy().reason()).isEqualTo("there are no rows with weight");
    assertThat(m.brier().isDefined()).isFalse();
  }

  @Test
  void oneClassOnlyHasNoAucAndNoMcc() {
    ClassificationSummary summary = new ClassificationSummary(2);
    summary.add(1, new double[] {0.3, 0.7}, 0, 1);
    summary.add(1, new double[] {0.6, 0.4}, 0, 1);
    ClassificationMetrics m = summary.metrics();
    assertThat(m.accuracy().orNaN()).isEqualTo(0.5);
    assertThat(m.mcc().reason()).isEqualTo("all rows are of one class");
    assertThat(m.binary().orElseThrow().auc().reason())
        .isEqualTo("no row is of the negative class");
    assertThat(m.confusion().recall(0).reason()).isEqualTo("no row with weight is of this class");
    assertThat(m.balancedAccuracy().orNaN()).isEqualTo(0.5);
  }

  @Test
  void classThatNeverComesUpIsLeftOutOfTheMeans() {
    ClassificationSummary summary = new ClassificationSummary(3);
    summary.add(0, new double[] {0.8, 0.2, 0}, 0, 1);
    summary.add(1, new double[] {0.2, 0.8, 0}, 0, 1);
    ClassificationMetrics m = summary.metrics();
    assertThat(m.macroF1().orNaN()).isEqualTo(1);
    assertThat(m.mcc().orNaN()).isEqualTo(1);
    assertThat(m.confusion().f1(2).reason())
        .isEqualTo("no row with weight is of this class or predicted as it");
  }

  @Test
  void badRowsAreRefusedAndChangeNothing() {
    ClassificationSummary summary = new ClassificationSummary(2);
    summary.add(0, new double[] {0.5, 0.5}, 0, 1);
    assertThatThrownBy(() -> summary.add(0, new double[] {0.5, Double.NaN}, 0, 1))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "probability of class 1: expected a number in [0, 1], got NaN (row 1 of the summary)."
                + " Check the inputs of the row for missing or infinite values.");
    assertThatThrownBy(() -> summary.add(2, new double[] {0.5, 0.5}, 0, 1))
        .hasMessage(
            "label: expected a class index from 0 to 1, got 2 (row 1 of the summary)."
                + " Evaluate with the classes that the model was trained on.");
    assertThatThrownBy(() -> summary.add(0, new double[] {0.5, 0.7}, 0, 1))
        .hasMessage(
            "class probabilities: expected a sum of 1, got 1.2 (row 1 of the summary)."
                + " Turn raw scores into probabilities first.");
    assertThatThrownBy(() -> summary.add(0, new double[] {0.5, 0.5}, 0, -1))
        .hasMessage(
            "row weight: expected 0 or a number from 2^-30 to 2^30, got -1.0"
                + " (row 1 of the summary)."
                + " Correct the weight column, or rescale all weights by one factor.");
    ClassificationSummary same = new ClassificationSummary(2);
    same.add(0, new double[] {0.5, 0.5}, 0, 1);
    assertThat(summary).isEqualTo(same);
  }

  @Test
  void otherNumberOfClassesCannotBeMerged() {
    assertThatThrownBy(() -> new ClassificationSummary(2).merge(new ClassificationSummary(3)))
        .isInstanceOf(SnnkException.class)
        .hasMessageStartingWith(
            "classification summaries to merge: expected the same number of classes, 2, got 3.");
    assertThatThrownBy(() -> new ClassificationSummary(1))
        .hasMessageStartingWith("classification summary: expected at least 2 classes, got 1.");
  }

  @Test
  void sparkCanSerialiseIt() throws IOException {
    ClassificationSummary summary = new ClassificationSummary(2);
    add(summary, 1);
    try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      out.writeObject(summary);
    }
  }
}
