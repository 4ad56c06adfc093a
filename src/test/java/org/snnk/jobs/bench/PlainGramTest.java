package org.snnk.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;
import org.snnk.random.CounterRandom;
import org.snnk.spark.train.GramPass;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.NormalEquations;
import org.snnk.statistics.Targets;

class PlainGramTest {
  private static final int ROWS = 600;
  private static final int INPUTS = 3;
  private static final int FEATURES = 32;

  /** What the exact statistic is compared with does the same work: the same means and products. */
  @Test
  void itIsTheExactStatisticButForRounding() {
    GramPass.Specification specification =
        new GramPass.Specification(
            new Featurizer(
                new Standardizer(new double[] {0.5, 0, -1}, new double[] {2, 1, 0.5}),
                new CosineFeatures(INPUTS, FEATURES, 1.5, Projection.ORTHOGONAL, 3)),
            Targets.classes(2),
            0);
    RowBlock block = block();
    PlainGram plain = new PlainGram(specification);
    GramStatistics exact =
        new GramStatistics(specification.featurizer(), specification.targets(), 0);
    for (int repetition = 0; repetition < 2; repetition++) {
      plain.add(block);
      exact.add(block);
    }
    NormalEquations equations = exact.normalEquations();
    double n = equations.weight();
    int p = plain.width();
    double[] mean = new double[p];
    for (int i = 0; i < FEATURES; i++) {
      mean[i] = plain.gram()[i * p + FEATURES] / n;
      assertThat(mean[i]).isCloseTo(equations.featureMean()[i], within(2e-6));
    }
    for (int i = 0; i < FEATURES; i++) {
      for (int j = i; j < FEATURES; j++) {
        assertThat(plain.gram()[i * p + j] / n - mean[i] * mean[j])
            .isCloseTo(equations.gram()[i * FEATURES + j], within(2e-5));
      }
    }
    assertThat(plain.gram()[FEATURES * p + FEATURES]).isEqualTo(n);
  }

  private static RowBlock block() {
    CounterRandom random = new CounterRandom(5, 0);
    double[] x = new double[ROWS * INPUTS];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.gaussian(i);
    }
    double[] y = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      y[i] = i % 2;
    }
    long[] index = LongStream.range(0, ROWS).toArray();
    return new RowBlock(ROWS, INPUTS, 1, x, y, null, index, List.of());
  }
}
