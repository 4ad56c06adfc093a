package org.snnk.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.Grid;
import org.snnk.linalg.RowBlock;

class NormalEquationsTest {
  private static final int D = 3;
  private static final int M = 8;
  private static final Targets TWO = Targets.reals(new double[] {5, 4}, new double[] {2, 3});

  private static Featurizer featurizer(double lengthScale) {
    return new Featurizer(
        new Standardizer(new double[D], new double[] {1, 1, 1}),
        new CosineFeatures(D, M, lengthScale, Projection.ORTHOGONAL, 7));
  }

  private static NormalEquations of(Featurizer featurizer, Targets targets, RowBlock block) {
    GramStatistics statistics = new GramStatistics(featurizer, targets, 0);
    statistics.add(block);
    return statistics.normalEquations();
  }

  /** The columns [Φ, Y] of the rows in real units, without their weights. */
  private static double[][] columns(Featurizer featurizer, RowBlock block, boolean classes, int k) {
    int n = block.rows();
    double[] phi = new double[n * M];
    featurizer.features(n, block.x(), 0, phi, M, new Featurizer.Workspace());
    double[][] columns = new double[M + k][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < M; j++) {
        columns[j][i] = phi[i * M + j] / Grid.FEATURE_ONE;
      }
      for (int t = 0; t < k; t++) {
        columns[M + t][i] =
            classes
                ? (block.y()[i] == t ? 1 : 0)
                : (block.y()[i * k + t] - TWO.mean(t)) / TWO.scale(t);
      }
    }
    return columns;
  }

  @Test
  void someOfTheTargetsAreThoseOfAStatisticOfThemAlone() {
    RowBlock rows = TestRows.reals(0, 500, D, 2, false);
    double[] second = new double[500];
    for (int i = 0; i < 500; i++) {
      second[i] = rows.y()[i * 2 + 1];
    }
    RowBlock alone = new RowBlock(500, D, 1, rows.x(), second, null, rows.index(), List.of());
    Targets target = Targets.reals(new double[] {4}, new double[] {3});
    NormalEquations expected = of(featurizer(1.5), target, alone);
    NormalEquations all = of(featurizer(1.5), TWO, rows);
    assertThat(all.select(1)).usingRecursiveComparison().isEqualTo(expected);
    assertThat(all.select(1, 0).select(1, 0)).usingRecursiveComparison().isEqualTo(all);
  }

  private static double mean(double[] v) {
    double sum = 0;
    for (double x : v) {
      sum += x / v.length;
    }
    return sum;
  }

  private static double covariance(double[] a, double[] b) {
    double ma = mean(a);
    double mb = mean(b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - ma) * (b[i] - mb) / a.length;
    }
    return sum;
  }

  private static void assertEquals(
      NormalEquations equations, double[][] columns, int k, double tolerance) {
    for (int i = 0; i < M; i++) {
      assertThat(equations.featureMean()[i]).isCloseTo(mean(columns[i]), within(tolerance));
      for (int j = 0; j < M; j++) {
        assertThat(equations.gram()[i * M + j])
            .isCloseTo(covariance(columns[i], columns[j]), within(tolerance));
      }
      for (int t = 0; t < k; t++) {
        assertThat(equations.cross()[i * k + t])
            .isCloseTo(covariance(columns[i], columns[M + t]), within(tolerance));
      }
    }
    for (int t = 0; t < k; t++) {
      assertThat(equations.targetMean()[t]).isCloseTo(mean(columns[M + t]), within(tolerance));
      for (int s = 0; s < k; s++) {
        assertThat(equations.targetGram()[t * k + s])
            .isCloseTo(covariance(columns[M + t], columns[M + s]), within(tolerance));
      }
    }
  }

  @Test
  void theyAreTheCentredMomentsOfTheRows() {
    Featurizer featurizer = featurizer(1.5);
    RowBlock reals = TestRows.reals(0, 3000, D, 2, false);
    NormalEquations equations = of(featurizer, TWO, reals);
    assertEquals(equations, columns(featurizer, reals, false, 2), 2, 1e-10);
    assertThat(equations.rows()).isEqualTo(3000);
    assertThat(equations.weight()).isEqualTo(3000);
    RowBlock classes = TestRows.classes(0, 3000, D, 3, false);
    assertEquals(
        of(featurizer, Targets.classes(3), classes),
        columns(featurizer, classes, true, 3),
        3,
        1e-12);
  }

  /** With a long length scale every cosine is nearly 1: only the centred part is left. */
  @Test
  void aCommonOffsetOfAllFeaturesDoesNotCancelTheRest() {
    RowBlock block = TestRows.reals(0, 3000, D, 2, false);
    Featurizer featurizer = featurizer(300);
    double[][] columns = columns(featurizer, block, false, 2);
    NormalEquations equations = of(featurizer, TWO, block);
    for (int i = 0; i < M; i++) {
      for (int j = 0; j < M; j++) {
        double size =
            Math.sqrt(covariance(columns[i], columns[i]) * covariance(columns[j], columns[j]));
        assertThat(equations.gram()[i * M + j])
            .isCloseTo(covariance(columns[i], columns[j]), within(1e-12 * size + 1e-26));
      }
    }
    assertThat(equations.featureMean()[0]).isGreaterThan(0.999);
    assertThat(equations.gram()[0]).isLessThan(1e-8);
  }

  @Test
  void aConstantWeightChangesNothingButTheTotal() {
    RowBlock block = TestRows.reals(0, 500, D, 2, false);
    double[] halves = new double[500];
    java.util.Arrays.fill(halves, 0.5);
    RowBlock weighted =
        new RowBlock(500, D, 2, block.x(), block.y(), halves, block.index(), List.of());
    NormalEquations plain = of(featurizer(1.5), TWO, block);
    NormalEquations half = of(featurizer(1.5), TWO, weighted);
    assertThat(half.weight()).isCloseTo(250, within(1e-3)); // √½ is rounded to 20 bits
    for (int i = 0; i < M * M; i++) {
      assertThat(half.gram()[i]).isCloseTo(plain.gram()[i], within(1e-6));
    }
    for (int i = 0; i < M * 2; i++) {
      assertThat(half.cross()[i]).isCloseTo(plain.cross()[i], within(1e-6));
    }
  }

  @Test
  void rowsWithoutWeightAreRefused() {
    assertThatThrownBy(() -> new GramStatistics(featurizer(1), TWO, 0).normalEquations())
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "statistic: expected rows with a positive total weight, got 0 rows of weight 0. Check"
                + " data.weight.");
  }
}
