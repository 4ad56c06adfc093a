package org.snnk.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

class BandFormTest {
  /** Sizes around the band's width, the unrolled loops and the chunks of columns. */
  private static final int LARGEST = 300;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 31, 32, 33, 34, 63, 64, 65, 66, 97, 130, 256, 257, LARGEST})
  void orthogonalFactorTimesBandIsTheMatrix(int m) {
    double[] gram = gram(m, m + 3, 1);
    BandForm form = BandForm.of(m, gram);
    double[][] q = identity(m);
    form.fromBand(q, m);

    double[][] product = identity(m);
    form.fromBand(product, m);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        double orthogonal = 0;
        for (int l = 0; l < m; l++) {
          orthogonal += q[l][i] * q[l][j];
        }
        assertThat(orthogonal).isCloseTo(i == j ? 1 : 0, within(1e-13));
      }
    }
    // Q(BQᵀ): columns of x are columns of BQᵀ.
    double[][] x = new double[m][m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        for (int l = Math.max(0, i - BandForm.HALF_WIDTH);
            l <= Math.min(m - 1, i + BandForm.HALF_WIDTH);
            l++) {
          x[i][j] += form.entry(i, l) * q[j][l];
        }
      }
    }
    form.fromBand(x, m);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        assertThat(x[i][j]).isCloseTo(gram[i * m + j], within(1e-12));
      }
    }
  }

  @Test
  void toBandUndoesFromBand() {
    int m = 150;
    BandForm form = BandForm.of(m, gram(m, m, 2));
    double[][] x = identity(m);
    form.fromBand(x, m);
    form.toBand(x, m);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        assertThat(x[i][j]).isCloseTo(i == j ? 1 : 0, within(1e-13));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 33, 100, 200})
  void eigenvaluesOfTheBandAreThoseOfTheMatrix(int m) {
    double[] gram = gram(m, m + 1, 3);
    BandForm form = BandForm.of(m, gram);
    double[] band = new double[m * m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        band[i * m + j] = form.entry(i, j);
      }
    }
    assertThat(eigenvalues(m, band)).containsExactly(eigenvalues(m, gram), within(1e-11));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 32, 33, 100, 200})
  void solvesAsCholeskyAndTracesAsEigenvalues(int m) {
    double[] gram = gram(m, Math.max(1, m / 2), 4); // rank deficient
    BandForm form = BandForm.of(m, gram);
    double[] eigenvalues = eigenvalues(m, gram);
    CounterRandom random = new CounterRandom(5, 0);
    for (double lambda : new double[] {1e-6, 1e-3, 1, 1e3}) {
      BandCholesky factor = form.factor(lambda);
      double[] right = new double[m * 3];
      double[][] x = new double[m][3];
      for (int i = 0; i < 3 * m; i++) {
        right[i] = random.gaussian(i);
        x[i / 3][i % 3] = right[i];
      }
      form.toBand(x, 3);
      factor.solve(x, 0, 3);
      form.fromBand(x, 3);
      double[] expected = Cholesky.solve(m, gram, lambda, 3, right);
      for (int i = 0; i < 3 * m; i++) {
        assertThat(x[i / 3][i % 3] * lambda).isCloseTo(expected[i] * lambda, within(1e-11));
      }
      double trace = Arrays.stream(eigenvalues).map(e -> 1 / (e + lambda)).sum();
      assertThat(factor.traceOfInverse() / trace).isCloseTo(1, within(1e-8));
    }
  }

  @Test
  void forwardGivesTheQuadraticForm() {
    int m = 80;
    BandForm form = BandForm.of(m, gram(m, m, 6));
    BandCholesky factor = form.factor(0.1);
    double[][] x = identity(m);
    double[][] y = identity(m);
    factor.forward(x, 0, m);
    factor.solve(y, 0, m);
    for (int j = 0; j < m; j++) {
      double square = 0;
      for (int i = 0; i < m; i++) {
        square += x[i][j] * x[i][j];
      }
      assertThat(square).isCloseTo(y[j][j], within(1e-12));
    }
  }

  @Test
  void columnsDoNotInfluenceEachOther() {
    int m = 100;
    int columns = 600;
    BandForm form = BandForm.of(m, gram(m, m, 7));
    BandCholesky factor = form.factor(0.5);
    double[][] together = new double[m][columns];
    CounterRandom random = new CounterRandom(8, 0);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < columns; j++) {
        together[i][j] = random.gaussian((long) i * columns + j);
      }
    }
    double[][] alone = new double[m][1];
    for (int i = 0; i < m; i++) {
      alone[i][0] = together[i][411];
    }
    for (double[][] x : new double[][][] {together, alone}) {
      form.toBand(x, x[0].length);
      factor.solve(x, 0, x[0].length);
      form.fromBand(x, x[0].length);
    }
    for (int i = 0; i < m; i++) {
      assertThat(alone[i][0]).isEqualTo(together[i][411]);
    }
  }

  @Test
  void sameMatrixGivesSameBits() {
    int m = 290;
    double[] gram = gram(m, m, 9);
    BandForm first = BandForm.of(m, gram);
    for (int run = 0; run < 3; run++) { // Interpreted code and compiled code agree.
      BandForm again = BandForm.of(m, gram);
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < m; j++) {
          assertThat(again.entry(i, j)).isEqualTo(first.entry(i, j));
        }
      }
    }
  }

  @Test
  void scaleOfTheMatrixIsTheScaleOfTheBand() {
    int m = 70;
    double[] gram = gram(m, m, 10);
    BandForm form = BandForm.of(m, gram);
    for (int exponent : new int[] {-900, 900}) {
      double[] scaled = Arrays.stream(gram).map(v -> Math.scalb(v, exponent)).toArray();
      BandForm other = BandForm.of(m, scaled);
      for (int i = 0; i < m; i++) {
        assertThat(other.entry(i, i)).isEqualTo(Math.scalb(form.entry(i, i), exponent));
      }
    }
  }

  @Test
  void zeroAndDiagonalMatricesHaveTheirOwnBand() {
    int m = 100;
    assertThat(BandForm.of(m, new double[m * m]).factor(0.25).traceOfInverse()).isEqualTo(m / 0.25);
    double[] diagonal = new double[m * m];
    for (int i = 0; i < m; i++) {
      diagonal[i * m + i] = i;
    }
    BandForm form = BandForm.of(m, diagonal);
    for (int i = 0; i < m; i++) {
      assertThat(form.entry(i, i)).isEqualTo(i);
    }
  }

  @Test
  void matrixThatIsNotPositiveDefiniteNamesThePivot() {
    int m = 40;
    double[] gram = new double[m * m];
    for (int i = 0; i < m; i++) {
      gram[i * m + i] = i == 12 ? -2 : 4;
    }
    assertThatThrownBy(() -> BandForm.of(m, gram).factor(1))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "Gram matrix: expected a positive definite matrix, got pivot 13 of 40 of -1.0 with "
                + "regParam 1.0, largest diagonal 4.0 (band form). Increase train.regParam.");
  }

  @Test
  void entryThatIsNotFiniteIsNamed() {
    double[] gram = new double[9];
    gram[5] = Double.NaN;
    assertThatThrownBy(() -> BandForm.of(3, gram))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("expected finite entries, got NaN (row 1, column 2)");
  }

  @Test
  void rowProductsAreProducts() {
    int m = 259;
    double[] gram = gram(m, m, 11);
    double[][] w = new double[9][m];
    CounterRandom random = new CounterRandom(12, 0);
    for (int c = 0; c < 9; c++) {
      for (int i = 0; i < m; i++) {
        w[c][i] = random.gaussian((long) c * m + i);
      }
    }
    double[] forms = RowProducts.quadraticForms(m, gram, w);
    double[][] rows = new double[m][];
    for (int i = 0; i < m; i++) {
      rows[i] = Arrays.copyOfRange(gram, i * m, (i + 1) * m);
    }
    double[][] product = RowProducts.multiply(w, rows, m);
    for (int c = 0; c < 9; c++) {
      double expected = 0;
      for (int i = 0; i < m; i++) {
        double inner = 0;
        for (int j = 0; j < m; j++) {
          inner += gram[i * m + j] * w[c][j];
        }
        assertThat(product[c][i]).isCloseTo(inner, within(1e-11));
        expected += w[c][i] * inner;
      }
      assertThat(forms[c]).isCloseTo(expected, within(1e-9));
    }
  }

  private static double[] eigenvalues(int m, double[] a) {
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(m, false, true);
    assertThat(eigen.decompose(DMatrixRMaj.wrap(m, m, a.clone()))).isTrue();
    double[] values = new double[m];
    for (int i = 0; i < m; i++) {
      values[i] = eigen.getEigenvalue(i).getReal();
    }
    Arrays.sort(values);
    return values;
  }

  /** XᵀX/n of a Gaussian X (n×m), with columns of different scale. */
  private static double[] gram(int m, int n, long seed) {
    CounterRandom random = new CounterRandom(seed, 0);
    double[] x = new double[n * m];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.gaussian(i) / (1 + i % m % 7);
    }
    double[] gram = new double[m * m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int r = 0; r < n; r++) {
          sum += x[r * m + i] * x[r * m + j];
        }
        gram[i * m + j] = sum / n;
        gram[j * m + i] = sum / n;
      }
    }
    return gram;
  }

  private static double[][] identity(int m) {
    double[][] identity = new double[m][m];
    for (int i = 0; i < m; i++) {
      identity[i][i] = 1;
    }
    return identity;
  }
}
