package org.snnk.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

class CholeskyTest {

  private static double[] gaussian(int count, long stream) {
    CounterRandom random = new CounterRandom(8, stream);
    double[] g = new double[count];
    Arrays.setAll(g, random::gaussian);
    return g;
  }

  /** BᵀB/m of a square Gaussian B: positive definite. */
  private static double[] positiveDefinite(int m) {
    double[] b = gaussian(m * m, m);
    double[] a = new double[m * m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        for (int r = 0; r < m; r++) {
          a[i * m + j] += b[r * m + i] * b[r * m + j] / m;
        }
      }
    }
    return a;
  }

  private static double[] diagonal(int m) {
    double[] a = new double[m * m];
    for (int i = 0; i < m; i++) {
      a[i * m + i] = 2;
    }
    return a;
  }

  @Test
  void theSolutionSatisfiesTheShiftedSystem() {
    for (int m : new int[] {1, 2, 17, 130}) {
      int k = 3;
      double lambda = 0.25;
      double[] a = positiveDefinite(m);
      double[] b = gaussian(m * k, 77);
      double[] keptA = a.clone();
      double[] keptB = b.clone();
      double[] x = Cholesky.solve(m, a, lambda, k, b);
      for (int i = 0; i < m; i++) {
        for (int t = 0; t < k; t++) {
          double product = lambda * x[i * k + t];
          for (int j = 0; j < m; j++) {
            product += a[i * m + j] * x[j * k + t];
          }
          assertThat(product).isCloseTo(b[i * k + t], within(1e-11));
        }
      }
      assertThat(a).isEqualTo(keptA);
      assertThat(b).isEqualTo(keptB);
    }
  }

  @Test
  void theErrorNamesTheFirstPivotThatFailsAndThePenalty() {
    double[] a = diagonal(4);
    a[2 * 4 + 2] = -1;
    assertThatThrownBy(() -> Cholesky.solve(4, a, 0.5, 1, new double[4]))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "Gram matrix: expected a positive definite matrix, got no positive pivot at 3 of 4 with"
                + " regParam 0.5, largest diagonal 2.0. Increase train.regParam.");
  }

  @Test
  void theErrorNamesThePivotOfALargeMatrixToo() {
    int m = 1100; // beyond the size at which EJML changes its algorithm
    double[] a = diagonal(m);
    a[1050 * m + 1050] = -1;
    assertThatThrownBy(() -> Cholesky.solve(m, a, 0.5, 1, new double[m]))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("no positive pivot at 1051 of 1100 with regParam 0.5");
  }

  @Test
  void numbersThatAreNotFiniteAreRefused() {
    double[] a = diagonal(3);
    a[4] = Double.NaN;
    assertThatThrownBy(() -> Cholesky.solve(3, a, 0.5, 1, new double[3]))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "Gram matrix: expected finite numbers, got NaN. Look for extreme values in the table.");
    double[] b = {0, Double.POSITIVE_INFINITY, 0};
    assertThatThrownBy(() -> Cholesky.solve(3, diagonal(3), 0.5, 1, b))
        .isInstanceOf(SnnkException.class)
        .hasMessageStartingWith("right-hand side: expected finite numbers, got Infinity");
  }
}
