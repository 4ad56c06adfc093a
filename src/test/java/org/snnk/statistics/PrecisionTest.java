package org.snnk.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.Written;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;

class PrecisionTest {
  private static final int D = 3;
  private static final Targets TWO = Targets.reals(new double[] {5, 4}, new double[] {2, 3});

  private static Featurizer featurizer(int m, double lengthScale) {
    return new Featurizer(
        new Standardizer(new double[D], new double[] {0.5, 0.5, 0.5}),
        new CosineFeatures(D, m, lengthScale, Projection.ORTHOGONAL, 7));
  }

  private static GramStatistics empty(int m, double lengthScale, Precision precision) {
    return new GramStatistics(featurizer(m, lengthScale), TWO, 1, precision);
  }

  private static GramStatistics single(int m, RowBlock block) {
    GramStatistics statistics = empty(m, 1.5, Precision.SINGLE);
    statistics.add(block);
    return statistics;
  }

  private static RowBlock rows(int from, int to) {
    return TestRows.reals(from, to, D, 2, true);
  }

  private static byte[] bytes(GramStatistics statistics) {
    return Written.bytes(statistics::write);
  }

  /** ‖A‖₂ of a symmetric matrix, by the power method. */
  private static double norm(double[] a, int m) {
    double[] v = new double[m];
    for (int i = 0; i < m; i++) {
      v[i] = 1 + i % 7;
    }
    double norm = 0;
    for (int step = 0; step < 60; step++) {
      double[] w = new double[m];
      double size = 0;
      double before = 0;
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < m; j++) {
          w[i] += a[i * m + j] * v[j];
        }
        size += w[i] * w[i];
        before += v[i] * v[i];
      }
      norm = Math.sqrt(size / before);
      for (int i = 0; i < m; i++) {
        v[i] = w[i] / Math.sqrt(size);
      }
    }
    return norm;
  }

  /** Few rows and many, narrow kernels and ones so wide that cosines are nearly constant. */
  @ParameterizedTest
  @CsvSource({
    "64,200,1.5",
    "64,1024,1.5",
    "512,1024,0.5",
    "512,1024,50",
    "512,5000,5",
    "64,1024,1000",
    "1024,1024,20"
  })
  void theErrorOfTheGramMatrixStaysBelowTheSmallestPenalty(int m, int n, double lengthScale) {
    RowBlock block = rows(0, n);
    GramStatistics exact = empty(m, lengthScale, Precision.EXACT);
    GramStatistics single = empty(m, lengthScale, Precision.SINGLE);
    exact.add(block);
    single.add(block);
    double[] difference = single.normalEquations().gram();
    double[] gram = exact.normalEquations().gram();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= gram[i];
    }
    assertThat(norm(difference, m)).isPositive().isLessThan(Precision.SINGLE.smallestPenalty(m));
  }

  @Test
  void meansAndCrossProductsAreCloseToTheExactOnes() {
    RowBlock block = rows(0, 3000);
    GramStatistics statistics = empty(64, 1.5, Precision.EXACT);
    statistics.add(block);
    NormalEquations exact = statistics.normalEquations();
    NormalEquations single = single(64, block).normalEquations();
    assertThat(single.rows()).isEqualTo(exact.rows());
    assertThat(single.weight()).isCloseTo(exact.weight(), within(1e-5 * exact.weight()));
    assertThat(single.featureMean()).containsExactly(exact.featureMean(), within(1e-5));
    assertThat(single.cross()).containsExactly(exact.cross(), within(1e-5));
    assertThat(single.targetMean()).containsExactly(exact.targetMean(), within(1e-5));
    assertThat(single.targetGram()).containsExactly(exact.targetGram(), within(1e-5));
  }

  private static org.assertj.core.data.Offset<Double> within(double difference) {
    return org.assertj.core.data.Offset.offset(difference);
  }

  @Test
  void mergingAndSubtractingSumsIsExactAllTheSame() {
    RowBlock first = rows(0, 1500);
    GramStatistics merged = single(16, first);
    GramStatistics second = single(16, rows(1500, 2000));
    merged.merge(second);
    GramStatistics turned = single(16, rows(1500, 2000));
    turned.merge(single(16, first));
    assertThat(merged.fingerprint()).isEqualTo(turned.fingerprint());
    merged.subtract(second);
    assertThat(merged.fingerprint()).isEqualTo(single(16, first).fingerprint());
  }

  @Test
  void partsThatAreJoinedAreCloseToTheWhole() {
    RowBlock block = rows(0, 1200);
    List<GramStatistics> parts = new java.util.ArrayList<>();
    for (int part = 0; part < 3; part++) {
      parts.add(GramStatistics.part(featurizer(64, 1.5), TWO, 1, Precision.SINGLE, part, 3));
      parts.get(part).add(block);
    }
    GramStatistics joined = GramStatistics.join(parts);
    assertThat(joined.precision()).isEqualTo(Precision.SINGLE);
    assertThat(joined.normalEquations().gram())
        .containsExactly(single(64, block).normalEquations().gram(), within(1e-5));
  }

  @Test
  void exactAndSingleStatisticsDoNotMix() {
    GramStatistics exact = empty(16, 1.5, Precision.EXACT);
    GramStatistics single = single(16, rows(0, 10));
    assertThatThrownBy(() -> exact.merge(single))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "statistics with different precision: expected 'exact', got 'single'. Only statistics of"
                + " one specification can be merged or subtracted.");
    assertThatThrownBy(() -> single.subtract(exact)).hasMessageContaining("different precision");
  }

  @Test
  void bytesTellThePrecision() throws IOException {
    byte[] single = bytes(single(16, rows(0, 10)));
    byte[] exact = bytes(empty(16, 1.5, Precision.EXACT));
    int length = 8; // after the magic and the version
    assertThat(single).hasSize(exact.length + 1);
    assertThat(single[length + 3]).isEqualTo((byte) (exact[length + 3] + 1));
    int last = length + 4 + ((single[length + 2] & 0xFF) << 8 | (single[length + 3] & 0xFF)) - 1;
    assertThat(single[last]).isEqualTo((byte) 1);
    GramStatistics read =
        GramStatistics.read(new DataInputStream(new ByteArrayInputStream(single)));
    assertThat(read.precision()).isEqualTo(Precision.SINGLE);
    assertThat(bytes(read)).isEqualTo(single);
    single[last] = 7;
    assertThatThrownBy(
            () -> GramStatistics.read(new DataInputStream(new ByteArrayInputStream(single))))
        .hasMessage(
            "statistics file: expected a known precision, got number 7. Read it with the program"
                + " that wrote it.");
  }

  @Test
  void penaltiesBelowTheErrorAreLeftOut() {
    List<Double> grid = List.of(1e-7, 1e-5, 1e-3, 1.0);
    assertThat(Precision.EXACT.penalties(OptionalDouble.empty(), grid, 1024)).isEqualTo(grid);
    assertThat(Precision.EXACT.leftOut(grid, 1024)).isEmpty();
    assertThat(Precision.SINGLE.smallestPenalty(1024)).isEqualTo(0x1p-15);
    assertThat(Precision.SINGLE.penalties(OptionalDouble.empty(), grid, 1024))
        .containsExactly(1e-3, 1.0);
    assertThat(Precision.SINGLE.leftOut(grid, 1024)).containsExactly(1e-7, 1e-5);
    assertThat(Precision.SINGLE.penalties(OptionalDouble.of(0.01), grid, 1024))
        .containsExactly(0.01);
    String end =
        "from 3.0517578125E-5 up, where 1024 features are summed in single precision, got %s. Raise"
            + " it, or train with features.precision=exact.";
    assertThatThrownBy(() -> Precision.SINGLE.penalties(OptionalDouble.of(1e-6), grid, 1024))
        .hasMessage("train.regParam: expected a penalty " + String.format(end, "1.0E-6"));
    assertThatThrownBy(
            () -> Precision.SINGLE.penalties(OptionalDouble.empty(), List.of(1e-6), 1024))
        .hasMessage("train.regParamGrid: expected penalties " + String.format(end, "[1.0E-6]"));
    assertThatThrownBy(() -> Precision.of("half")).hasMessageContaining("'half'");
  }
}
