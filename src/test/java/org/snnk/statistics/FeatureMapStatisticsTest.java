package org.snnk.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.Written;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.linalg.RowBlock;

/** The exact statistic keeps its laws with every map. */
class FeatureMapStatisticsTest {
  private static final int D = 5;
  private static final RowBlock ROWS = TestRows.reals(0, 900, D, 1, true);

  static List<String> kinds() {
    return FeatureFamily.kinds();
  }

  private static FeatureFamily family(String kind, Projection projection) {
    return new FeatureFamily(kind, 24, projection, List.of(), false, true);
  }

  private static GramStatistics empty(FeatureFamily family, Precision precision) {
    Moments moments = new Moments(D, 1, 0);
    moments.add(ROWS);
    // A short scale, so that every map but cosines has something to clip.
    return new GramStatistics(
        new Featurizer(moments.standardizer(), family.create(D, 0.5, 3)),
        moments.targets(),
        GramStatistics.weightExponent(moments.largestWeight()),
        precision);
  }

  private static GramStatistics of(FeatureFamily family, RowBlock... blocks) {
    GramStatistics statistics = empty(family, Precision.EXACT);
    for (RowBlock block : blocks) {
      statistics.add(block);
    }
    return statistics;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anySplitGivesTheWholeAndSubtractUndoesMerge(String kind) throws IOException {
    FeatureFamily family = family(kind, Projection.ORTHOGONAL);
    GramStatistics whole = of(family, ROWS);
    List<RowBlock> pieces = TestRows.cut(TestRows.shuffled(ROWS), 301);
    GramStatistics first = of(family, pieces.get(0));
    GramStatistics rest = of(family, pieces.get(1), pieces.get(2));
    String before = first.fingerprint();
    first.merge(rest);
    assertThat(first.fingerprint()).isEqualTo(whole.fingerprint());
    assertThat(first.clippedFeatures()).isEqualTo(whole.clippedFeatures());
    first.subtract(rest);
    assertThat(first.fingerprint()).isEqualTo(before);

    GramStatistics read = Written.again(whole::write, GramStatistics::read);
    assertThat(read.fingerprint()).isEqualTo(whole.fingerprint());
    assertThat(read.clippedFeatures()).isEqualTo(whole.clippedFeatures());
    assertThat(read.featurizer().map().describe()).isEqualTo(whole.featurizer().map().describe());
  }

  @Test
  void clippedFeaturesAreCounted() {
    GramStatistics relu = of(family("arccos2", Projection.GAUSSIAN), ROWS);
    Featurizer featurizer = relu.featurizer();
    Featurizer.Workspace workspace = new Featurizer.Workspace();
    int m = featurizer.map().features();
    featurizer.features(900, ROWS.x(), 0, new double[900 * m], m, workspace);
    assertThat(relu.clippedFeatures()).isEqualTo(workspace.clippedFeatures());
    CrossStatistics cross =
        new CrossStatistics(new GridRows(featurizer, relu.targets(), relu.weightExponent()));
    cross.add(ROWS, new CrossStatistics.Workspace());
    assertThat(cross.clippedFeatures()).isEqualTo(relu.clippedFeatures());
  }

  /** What a statistic of floats is off by stays below the smallest penalty with every map. */
  @ParameterizedTest
  @MethodSource("kinds")
  void singlePrecisionStaysBelowTheSmallestPenalty(String kind) {
    FeatureFamily family = family(kind, Projection.ORTHOGONAL);
    GramStatistics single = empty(family, Precision.SINGLE);
    single.add(ROWS);
    NormalEquations off = single.normalEquations();
    NormalEquations exact = of(family, ROWS).normalEquations();
    double squares = 0;
    for (int i = 0; i < exact.gram().length; i++) {
      double error = off.gram()[i] - exact.gram()[i];
      squares += error * error;
    }
    // The Frobenius norm is at least the spectral one.
    assertThat(Math.sqrt(squares))
        .isLessThan(Precision.SINGLE.smallestPenalty(single.featurizer().map().features()));
  }

  @Test
  void statisticsOfOtherMapsAreRefused() {
    FeatureFamily relu = family("relu", Projection.ORTHOGONAL);
    for (FeatureFamily other :
        List.of(
            family("arccos2", Projection.ORTHOGONAL),
            family("relu", Projection.HADAMARD),
            new FeatureFamily("relu", 29, Projection.ORTHOGONAL, List.of(), false, false))) {
      assertThatThrownBy(() -> of(relu).merge(of(other)))
          .isInstanceOf(SnnkException.class)
          .hasMessageStartingWith("statistics with different feature map: expected fingerprint ")
          .hasMessageEndingWith(
              "Only statistics of one specification can be merged or subtracted.");
    }
  }
}
