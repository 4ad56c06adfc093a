package org.snnk.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

class ProjectionTest {
  private final CounterRandom random = new CounterRandom(31, 6);

  /** ‖g‖² ~ χ²_d: mean d, variance 2d; and every entry is N(0, 1). */
  @ParameterizedTest
  @EnumSource(Projection.class)
  void everyRowIsAStandardNormalVector(Projection projection) {
    int d = 5;
    int count = 20_000;
    double[] rows = projection.draw(count, d, random);
    assertThat(rows).hasSize(count * d);
    double[] moments = new double[5];
    for (int i = 0; i < count; i++) {
      double square = 0;
      for (int j = 0; j < d; j++) {
        double g = rows[i * d + j];
        square += g * g;
        moments[2] += g / (count * d);
        moments[3] += g * g * g * g / (count * d);
      }
      moments[0] += square / count;
      moments[1] += (square - d) * (square - d) / count;
    }
    double error = 5 / Math.sqrt(count);
    assertThat(moments[0]).isCloseTo(d, within(error * Math.sqrt(2.0 * d)));
    // Var (χ²−d)² = E(χ²−d)⁴ − (2d)² = 12d(d+4) − 4d².
    assertThat(moments[1])
        .isCloseTo(2 * d, within(error * Math.sqrt(12.0 * d * (d + 4) - 4.0 * d * d)));
    assertThat(moments[2]).isCloseTo(0, within(error));
    assertThat(moments[3]).isCloseTo(3, within(error * Math.sqrt(96)));
  }

  @ParameterizedTest
  @EnumSource(Projection.class)
  void aLargerDrawBeginsWithTheSmallerOne(Projection projection) {
    int d = 7;
    double[] large = projection.draw(40, d, random);
    for (int count : new int[] {1, 6, 7, 8, 39}) {
      assertThat(projection.draw(count, d, random)).isEqualTo(Arrays.copyOf(large, count * d));
    }
  }

  @Test
  void orthogonalRowsOfABlockAreOrthogonalAndBlocksAreNot() {
    int d = 6;
    double[] rows = Projection.ORTHOGONAL.draw(9, d, random);
    double across = 0;
    for (int a = 0; a < 9; a++) {
      for (int b = 0; b < a; b++) {
        double dot = 0;
        for (int j = 0; j < d; j++) {
          dot += rows[a * d + j] * rows[b * d + j];
        }
        if (a / d == b / d) {
          assertThat(dot).isCloseTo(0, within(1e-12));
        } else {
          across = Math.max(across, Math.abs(dot));
        }
      }
    }
    assertThat(across).isGreaterThan(0.1);
  }

  @ParameterizedTest
  @EnumSource(Projection.class)
  void itsNameFindsIt(Projection projection) {
    assertThat(Projection.of(projection.key())).isSameAs(projection);
  }

  @Test
  void anotherNameIsRefused() {
    assertThatThrownBy(() -> Projection.of("hadamard"))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "projection: expected gaussian or orthogonal, got 'hadamard'. Choose one of them.");
  }
}
