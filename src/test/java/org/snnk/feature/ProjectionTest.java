package org.snnk.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

class ProjectionTest {
  private final CounterRandom random = new CounterRandom(31, 6);

  static List<Projection> all() {
    return List.of(
        Projection.GAUSSIAN,
        Projection.ORTHOGONAL,
        Projection.RADEMACHER,
        Projection.HADAMARD,
        Projection.HALTON,
        Projection.LAPLACE,
        Projection.ORTHOGONAL.withDegreesOfFreedom(3),
        Projection.HADAMARD.withDegreesOfFreedom(0.5));
  }

  /** ‖g‖² ~ χ²_d: mean d, variance 2d; and every entry is N(0, 1). Hadamard: near it. */
  @ParameterizedTest
  @ValueSource(strings = {"gaussian", "orthogonal", "hadamard"})
  void everyRowIsAStandardNormalVector(String key) {
    Projection projection = Projection.of(key);
    int d = projection.equals(Projection.HADAMARD) ? 64 : 5;
    int count = 100_000 / d;
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
  @MethodSource("all")
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
  @MethodSource("all")
  void itsNameFindsIt(Projection projection) {
    assertThat(Projection.of(projection.key())).isEqualTo(projection);
  }

  @Test
  void anotherNameIsRefused() {
    assertThatThrownBy(() -> Projection.of("hadamrad"))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "projection: expected one of gaussian, orthogonal, rademacher, hadamard, halton, laplace,"
                + " got 'hadamrad'. Did you mean 'hadamard'?");
    for (String key : new String[] {"wavelet", "orthogonal t(", "orthogonal t(x)"}) {
      assertThatThrownBy(() -> Projection.of(key)).hasMessageContaining("got '" + key + "'");
    }
  }

  @Test
  void tailsThatDoNotFitAreRefused() {
    for (double nu : new double[] {0, -1, Double.NaN, 1e7}) {
      assertThatThrownBy(() -> Projection.GAUSSIAN.withDegreesOfFreedom(nu))
          .isInstanceOf(SnnkException.class)
          .hasMessage(
              "degrees of freedom: expected a number above 0 and at most 1000000.0, got "
                  + nu
                  + ". Few make heavy tails; leave them out for normal directions.");
    }
    for (Projection projection : List.of(Projection.RADEMACHER, Projection.LAPLACE)) {
      assertThatThrownBy(() -> projection.withDegreesOfFreedom(3))
          .hasMessage(
              "projection '"
                  + projection.key()
                  + "': expected no degrees of freedom, got 3.0. Only normal directions become heavier"
                  + " tailed: choose gaussian, orthogonal, hadamard or halton.");
    }
  }

  @Test
  void moreInputsThanAProjectionTakesAreRefused() {
    assertThatThrownBy(() -> Projection.HALTON.draw(2, 1025, random))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "projection 'halton': expected at most 1024 inputs, got 1025. Even points need few"
                + " dimensions: choose orthogonal or hadamard.");
    assertThatThrownBy(() -> Projection.HADAMARD.draw(1, 32_769, random))
        .hasMessage(
            "projection 'hadamard': expected at most 32768 inputs, got 32769. Choose fewer input"
                + " columns, or another projection.");
  }

  /** The sequence itself is the mirror of its digits; random digits keep every stratum. */
  @Test
  void haltonPointsFillEveryStratumOnce() {
    int d = 4;
    int[] primes = {2, 3, 5, 7};
    double[] points = HaltonPoints.draw(343, d, random);
    for (int j = 0; j < d; j++) {
      int stratum = primes[j] * primes[j] * primes[j];
      int[] seen = new int[stratum];
      for (int i = 0; i < stratum; i++) {
        assertThat(points[i * d + j]).isBetween(0.0, 1.0);
        seen[(int) (points[i * d + j] * stratum)]++;
      }
      assertThat(seen).containsOnly(1);
    }
  }

  @Test
  void aHaltonPointIsUniformOverTheSeeds() {
    int seeds = 4000;
    double[] sums = new double[2];
    for (int s = 0; s < seeds; s++) {
      double[] points = HaltonPoints.draw(3, 3, new CounterRandom(s, 1));
      sums[0] += points[8] / seeds; // the third point's digit of base 5
      sums[1] += points[8] * points[8] / seeds;
    }
    double error = 5 / Math.sqrt(seeds);
    assertThat(sums[0]).isCloseTo(0.5, within(error * Math.sqrt(1.0 / 12)));
    assertThat(sums[1]).isCloseTo(1.0 / 3, within(error * Math.sqrt(4.0 / 45)));
  }

  /** P(|g| ≤ 1) of an entry: t₁ and Cauchy ½, t₃ .6090, normal .6827. */
  @Test
  void tailsHaveTheirQuantiles() {
    int count = 40_000;
    double[] expected = {0.5, 0.5, 0.6090, 0.6827};
    Projection[] laws = {
      Projection.LAPLACE,
      Projection.ORTHOGONAL.withDegreesOfFreedom(1),
      Projection.GAUSSIAN.withDegreesOfFreedom(3),
      Projection.HALTON.withDegreesOfFreedom(1e5)
    };
    for (int l = 0; l < laws.length; l++) {
      double[] rows = laws[l].draw(count, 2, random);
      // Of each row one entry: the entries of a row share their tail.
      long inside = IntStream.range(0, count).filter(i -> Math.abs(rows[2 * i]) <= 1).count();
      double error = Math.sqrt(expected[l] * (1 - expected[l]) / count);
      assertThat((double) inside / count)
          .as(laws[l].key())
          .isCloseTo(expected[l], within(5 * error));
      assertThat(Arrays.stream(rows).map(Math::abs).max().orElseThrow())
          .isLessThanOrEqualTo(Projection.TAIL_LIMIT * (1 + 1e-12));
    }
  }

  /** H D₁ H D₂ H D₃ with H from its definition, (−1)^popcount(i &amp; j). */
  @Test
  void theFastTransformIsItsExplicitMatrix() {
    for (int d : new int[] {1, 2, 3, 8, 29, 130}) {
      int count = 2 * d + 1;
      FastHadamard fast = new FastHadamard(Projection.HADAMARD, count, d, random);
      int n = fast.size();
      assertThat(n).isBetween(d, Math.max(1, 2 * d - 1));
      double[] rows = fast.wholeNumbers();
      for (int i = 0; i < count; i++) {
        double[] v = new double[n];
        v[i % n] = 1;
        for (int s = 2; s >= 0; s--) { // a row times H D₁, then H D₂, then H D₃
          double[] product = new double[n];
          for (int k = 0; k < n; k++) {
            for (int j = 0; j < n; j++) {
              product[k] += v[j] * (Integer.bitCount(j & k) % 2 == 0 ? 1 : -1);
            }
            product[k] = product[k] * fast.sign(i / n, s, k) + 0.0; // no negative zero
          }
          v = product;
        }
        double[] row = Arrays.copyOfRange(rows, i * d, (i + 1) * d);
        assertThat(row).usingComparatorWithPrecision(0.0).containsExactly(Arrays.copyOf(v, d));
      }
    }
  }

  @Test
  void hadamardRowsOfABlockAreOrthogonal() {
    int n = 16;
    double[] rows = new FastHadamard(Projection.HADAMARD, n, n, random).wholeNumbers();
    for (int a = 0; a < n; a++) {
      for (int b = 0; b <= a; b++) {
        double dot = 0;
        for (int j = 0; j < n; j++) {
          dot += rows[a * n + j] * rows[b * n + j];
        }
        assertThat(dot).isEqualTo(a == b ? n * n * n : 0);
      }
    }
  }
}
