package org.snnk.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.TestRows;

class NystromTest {
  private static final int M = 40;

  private static double[][] gaussian(int rows, int columns, long stream) {
    double[] g = TestRows.gaussian(rows * columns, stream);
    double[][] a = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(g, i * columns, a[i], 0, columns);
    }
    return a;
  }

  /** Orthonormal rows. */
  private static double[][] basis() {
    double[] q = Orthogonal.haar(M, TestRows.gaussian(M * M, 1));
    double[][] rows = new double[M][M];
    for (int i = 0; i < M; i++) {
      System.arraycopy(q, i * M, rows[i], 0, M);
    }
    return rows;
  }

  /** Qᵀ diag(values) Q. */
  private static double[][] matrix(double[][] q, double[] values) {
    double[][] a = new double[M][M];
    for (int l = 0; l < values.length; l++) {
      for (int i = 0; i < M; i++) {
        for (int j = 0; j < M; j++) {
          a[i][j] += values[l] * q[l][i] * q[l][j];
        }
      }
    }
    return a;
  }

  @Test
  void aMatrixOfLowRankIsFoundAgain() {
    double[] values = {1000, 10, 3, 0.5, 1e-3};
    double[][] a = matrix(basis(), values);
    double[][] test = gaussian(12, M, 2);
    Nystrom found = Nystrom.of(test, RowProducts.scalarProducts(test, a, M));
    assertThat(found.values()).hasSize(values.length);
    for (int i = 0; i < values.length; i++) {
      assertThat(found.values()[i]).isCloseTo(values[i], within(1e-9 * values[0]));
    }
    double[][] products = RowProducts.scalarProducts(found.vectors(), found.vectors(), M);
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values.length; j++) {
        assertThat(products[i][j]).isCloseTo(i == j ? 1 : 0, within(1e-7));
      }
    }
  }

  /** 0 ≤ Â ≤ A (Frangella, Tropp and Udell 2023, Lemma 2.1). */
  @Test
  void theApproximationIsNeverAboveTheMatrix() {
    double[] values = new double[M];
    for (int i = 0; i < M; i++) {
      values[i] = Math.pow(0.7, i);
    }
    double[][] a = matrix(basis(), values);
    double[][] test = gaussian(10, M, 3);
    Nystrom found = Nystrom.of(test, RowProducts.scalarProducts(test, a, M));
    for (int l = 0; l < found.values().length; l++) {
      assertThat(found.values()[l]).isPositive();
      for (int i = 0; i < M; i++) {
        for (int j = 0; j < M; j++) {
          a[i][j] -= found.values()[l] * found.vectors()[l][i] * found.vectors()[l][j];
        }
      }
    }
    SymmetricEigen rest = SymmetricEigen.of(a);
    assertThat(rest.values()[M - 1]).isGreaterThan(-1e-9);
    assertThat(rest.values()[0]).isLessThan(0.2);
  }

  @Test
  void nothingToApproximateGivesRankZero() {
    double[][] test = gaussian(3, M, 4);
    assertThat(Nystrom.of(test, new double[3][M]).values()).isEmpty();
  }

  @Test
  void aMatrixThatIsNotFiniteIsRefused() {
    assertThatThrownBy(() -> SymmetricEigen.of(new double[][] {{1, 2}, {2, Double.NaN}}))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("expected a finite matrix");
  }
}
