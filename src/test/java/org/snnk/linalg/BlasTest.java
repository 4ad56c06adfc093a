package org.snnk.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snnk.random.CounterRandom;

class BlasTest {
  private static final CounterRandom RANDOM = new CounterRandom(5, 1);

  private static List<Blas> backends() {
    return List.of(Blas.backend(), Blas.java());
  }

  /** Integers of up to 2²⁰ in size, as features are. */
  private static double[] integers(int count, long from) {
    double[] values = new double[count];
    Arrays.setAll(values, i -> RANDOM.below(1 << 21, from + i) - (1 << 20));
    return values;
  }

  private static double[] filledWith(double value, int count) {
    double[] values = new double[count];
    Arrays.fill(values, value);
    return values;
  }

  @Test
  void openBlasLoadsWhereItsLibraryIsOnTheClassPath() {
    assumeTrue(
        System.getProperty("os.name").startsWith("Linux")
            && System.getProperty("os.arch").equals("amd64"),
        "skipped: the library on this class path is for linux-x86_64");
    assertThat(Blas.backend().isNative()).isTrue();
    assertThat(Blas.backend().description()).contains("OpenBLAS").contains("threads: ");
    assertThat(Blas.java().isNative()).isFalse();
    assertThat(Blas.java().description()).startsWith("pure Java");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 0",
    "1, 5, 257, 3",
    "3, 1, 2, 1",
    "7, 54, 255, 0",
    "31, 28, 256, 7",
    "33, 29, 257, 2"
  })
  void productsOfIntegersAreExactOnEveryBackend(int n, int k, int m, int gap) {
    int ldA = k + gap;
    int ldOut = m + 2 * gap;
    double[] a = integers(n * ldA, 0);
    double[] b = integers(k * m, 1_000_000);
    double[] before = a.clone();
    for (Blas blas : backends()) {
      double[] out = filledWith(Double.NaN, n * ldOut);
      blas.multiply(n, k, m, a, ldA, b, out, ldOut);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < m; j++) {
          long sum = 0;
          for (int r = 0; r < k; r++) {
            sum += ((long) a[i * ldA + r]) * ((long) b[r * m + j]);
          }
          assertThat(out[i * ldOut + j]).isEqualTo((double) sum);
        }
        for (int j = m; j < ldOut; j++) {
          assertThat(out[i * ldOut + j]).as("beyond the width").isNaN();
        }
      }
    }
    assertThat(a).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 0", "1, 257, 3, 2", "37, 255, 8, 0", "512, 33, 5, 1"})
  void transposedProductsOfIntegersAreExactOnEveryBackend(int n, int p, int q, int gap) {
    int ldA = p + gap;
    double[] a = integers(n * ldA, 2_000_000);
    double[] b = integers(n * q, 3_000_000);
    for (Blas blas : backends()) {
      double[] out = filledWith(Double.NaN, p * q);
      blas.multiplyTransposed(n, p, q, a, ldA, b, out);
      for (int i = 0; i < p; i++) {
        for (int j = 0; j < q; j++) {
          long sum = 0;
          for (int r = 0; r < n; r++) {
            sum += ((long) a[r * ldA + i]) * ((long) b[r * q + j]);
          }
          assertThat(out[i * q + j]).isEqualTo((double) sum);
        }
      }
    }
  }

  @Test
  void nothingTimesAnythingWritesNothing() {
    for (Blas blas : backends()) {
      double[] out = {1};
      blas.multiply(0, 3, 1, new double[3], 3, new double[3], out, 1);
      blas.multiply(1, 3, 0, new double[3], 3, new double[0], out, 1);
      assertThat(out).containsExactly(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 0, 1, 0",
    "1, 40, 8, 40, 0",
    "37, 255, 0, 255, 0",
    "19, 256, 0, 256, 1",
    "20, 257, 0, 256, 0",
    "20, 257, 256, 257, 5",
    "17, 513, 100, 400, 3",
    "17, 513, 0, 513, 0"
  })
  void gramPanelsOfIntegersAreExactOnEveryBackend(int n, int p, int from, int to, int gap) {
    int ld = p + gap;
    double[] a = integers((n + 1) * ld, 5_000_000);
    for (Blas blas : backends()) {
      int width = p - from;
      double[] out = filledWith(Double.NaN, (to - from + 1) * width);
      blas.gramPanel(n, p, from, to, a, ld, out, false);
      for (int i = from; i < to; i++) {
        for (int j = i; j < p; j++) {
          long sum = 0;
          for (int r = 0; r < n; r++) {
            sum += ((long) a[r * ld + i]) * ((long) a[r * ld + j]);
          }
          assertThat(out[(i - from) * width + j - from]).isEqualTo((double) sum);
        }
      }
    }
  }

  @Test
  void aFullBlockOfTheLargestFeaturesIsStillExact() {
    int n = Grid.MAX_BLOCK_ROWS;
    double[] a = filledWith(Grid.FEATURE_ONE, (n + 1) * 3);
    a[0] = Grid.FEATURE_ONE - 1; // an odd product, so that a lost bit would show
    long expected = (n - 1) * (1L << 40) + ((1L << 20) - 1) * ((1L << 20) - 1);
    for (Blas blas : backends()) {
      double[] out = new double[12];
      blas.gramPanel(n, 3, 0, 3, a, 3, out, false);
      assertThat((long) out[0]).isEqualTo(expected);
    }
  }

  /** Small integers, whose sums a float holds exactly. */
  private static float[] smallIntegers(int count, long from) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = RANDOM.below(101, from + i) - 50;
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 0", "3, 5, 2, 4", "33, 17, 65, 3", "256, 31, 16, 0"})
  void singlePrecisionProductsOfSmallIntegersAreExactOnEveryBackend(int n, int k, int m, int at) {
    float[] a = smallIntegers(n * k, 0);
    float[] b = smallIntegers(at + k * m, 10_000);
    float[] c = smallIntegers(n * m, 20_000);
    for (Blas blas : backends()) {
      float[] product = c.clone();
      blas.multiply(n, k, m, a, b, at, product, true);
      float[] back = smallIntegers(n * k, 30_000);
      blas.multiplyByTransposed(n, m, k, c, b, at, back, false);
      float[] cross = new float[at + k * m];
      blas.addTransposedProduct(n, k, m, a, c, cross, at);
      blas.addTransposedProduct(n, k, m, a, c, cross, at);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < m; j++) {
          float sum = c[i * m + j];
          for (int r = 0; r < k; r++) {
            sum += a[i * k + r] * b[at + r * m + j];
          }
          assertThat(product[i * m + j]).isEqualTo(sum);
        }
        for (int r = 0; r < k; r++) {
          float sum = 0;
          for (int j = 0; j < m; j++) {
            sum += c[i * m + j] * b[at + r * m + j];
          }
          assertThat(back[i * k + r]).isEqualTo(sum);
        }
      }
      for (int r = 0; r < k; r++) {
        for (int j = 0; j < m; j++) {
          float sum = 0;
          for (int i = 0; i < n; i++) {
            sum += 2 * a[i * k + r] * c[i * m + j];
          }
          assertThat(cross[at + r * m + j]).isEqualTo(sum);
        }
      }
    }
  }
}
