package org.snnk.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.snnk.TestRows;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;

class DecodedRowsTest {
  private static final int D = 3;
  private static final int M = 10;
  private static final Featurizer FEATURIZER =
      new Featurizer(
          new Standardizer(new double[D], new double[] {1, 1, 1}),
          new CosineFeatures(D, M, 1.5, Projection.ORTHOGONAL, 7));

  /** The sums over the rows, 100 at a time, are those of the statistic but for their rounding. */
  private static void assertSeenAsByTheStatistic(RowBlock block, Targets targets, int exponent) {
    GramStatistics statistic = new GramStatistics(FEATURIZER, targets, exponent);
    statistic.add(block);
    NormalEquations expected = statistic.normalEquations();
    int k = targets.count();
    DecodedRows rows = new DecodedRows(FEATURIZER, targets, exponent);
    double weight = 0;
    double[][] second = new double[M + k][M + k];
    double[] first = new double[M + k];
    for (int from = 0; from < block.rows(); from += 100) {
      int n = Math.min(100, block.rows() - from);
      rows.fill(block, from, n);
      for (int i = 0; i < n; i++) {
        double v = rows.weights()[i];
        double[] u = new double[M + k];
        System.arraycopy(rows.features(), i * rows.stride(), u, 0, M);
        System.arraycopy(rows.targets(), i * k, u, M, k);
        weight += v;
        for (int a = 0; a < u.length; a++) {
          first[a] += v * u[a];
          for (int b = 0; b < u.length; b++) {
            second[a][b] += v * u[a] * u[b];
          }
        }
      }
    }
    assertThat(weight).isCloseTo(expected.weight(), within(1e-9));
    for (int a = 0; a < M + k; a++) {
      double mean = a < M ? expected.featureMean()[a] : expected.targetMean()[a - M];
      assertThat(first[a] / weight).isCloseTo(mean, within(1e-12));
      for (int b = 0; b < M + k; b++) {
        double centred = second[a][b] / weight - first[a] * first[b] / weight / weight;
        double moment =
            a < M && b < M
                ? expected.gram()[a * M + b]
                : a >= M && b >= M
                    ? expected.targetGram()[(a - M) * k + b - M]
                    : expected.cross()[Math.min(a, b) * k + Math.max(a, b) - M];
        assertThat(centred).isCloseTo(moment, within(1e-12));
      }
    }
  }

  @Test
  void rowsThatWeighOne() {
    Targets targets = Targets.reals(new double[] {5, 4}, new double[] {2, 3});
    assertSeenAsByTheStatistic(TestRows.reals(0, 777, D, 2, false), targets, 0);
    assertSeenAsByTheStatistic(TestRows.classes(0, 777, D, 4, false), Targets.classes(4), 0);
  }

  @Test
  void rowsWithWeights() {
    Targets targets = Targets.reals(new double[] {5, 4}, new double[] {2, 3});
    assertSeenAsByTheStatistic(TestRows.reals(0, 777, D, 2, true), targets, 1);
    assertSeenAsByTheStatistic(TestRows.classes(0, 777, D, 4, true), Targets.classes(4), 3);
  }

  @Test
  void aWeightTooSmallForTheGridIsNone() {
    RowBlock block =
        new RowBlock(
            1,
            D,
            1,
            new double[] {1, 2, 3},
            new double[] {1},
            new double[] {1e-20},
            new long[1],
            List.of());
    DecodedRows rows = new DecodedRows(FEATURIZER, Targets.classes(2), 0);
    rows.fill(block, 0, 1);
    assertThat(rows.weights()[0]).isZero();
    assertThat(rows.features()).containsOnly(0);
    assertThat(rows.targets()).containsOnly(0);
  }
}
