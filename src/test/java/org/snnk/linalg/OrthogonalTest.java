package org.snnk.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

class OrthogonalTest {
  private final CounterRandom random = new CounterRandom(21, 4);

  private double[] haar(int d, long from) {
    double[] g = new double[d * d];
    Arrays.setAll(g, i -> random.gaussian(from + i));
    return Orthogonal.haar(d, g);
  }

  @Test
  void columnsAreOrthonormal() {
    for (int d : new int[] {1, 2, 28, 101}) {
      double[] q = haar(d, 0);
      for (int a = 0; a < d; a++) {
        for (int b = 0; b < d; b++) {
          double dot = 0;
          for (int i = 0; i < d; i++) {
            dot += q[i * d + a] * q[i * d + b];
          }
          assertThat(dot).isCloseTo(a == b ? 1 : 0, within(1e-12));
        }
      }
    }
  }

  /**
   * Under the Haar measure every entry has mean 0 and variance 1/d, and E (tr Q)² = 1; a QR factor
   * whose signs were left as the algorithm chose them fails the first already.
   */
  @Test
  void entriesHaveTheMomentsOfTheHaarMeasure() {
    int d = 3;
    int draws = 20_000;
    double[] mean = new double[d * d];
    double[] square = new double[d * d];
    double trace = 0;
    for (int n = 0; n < draws; n++) {
      double[] q = haar(d, (long) n * d * d);
      for (int i = 0; i < d * d; i++) {
        mean[i] += q[i] / draws;
        square[i] += q[i] * q[i] / draws;
      }
      double t = q[0] + q[4] + q[8];
      trace += t * t / draws;
    }
    double error = 5 / Math.sqrt(draws);
    for (int i = 0; i < d * d; i++) {
      assertThat(mean[i]).isBetween(-error, error);
      assertThat(square[i]).isBetween(1.0 / d - error, 1.0 / d + error);
    }
    assertThat(trace).isBetween(1 - 2 * error, 1 + 2 * error);
  }

  /** Drawn directions are part of saved models, so how they are computed must not show. */
  @Test
  void hasTheBitsOfPlainHouseholderReflections() {
    for (int d : new int[] {1, 2, 3, 7, 28, 54, 130}) {
      double[] g = new double[d * d];
      Arrays.setAll(g, i -> random.gaussian(i));
      QRDecomposition<DMatrixRMaj> qr = DecompositionFactory_DDRM.qr(d, d);
      assertThat(qr.decompose(DMatrixRMaj.wrap(d, d, g.clone()))).isTrue();
      double[] expected = qr.getQ(null, false).data;
      DMatrixRMaj r = qr.getR(null, false);
      for (int i = 0; i < d * d; i++) {
        expected[i] *= Math.signum(r.get(i % d, i % d));
      }
      assertThat(Orthogonal.haar(d, g)).containsExactly(expected);
    }
  }

  @Test
  void refusesWhatHasNoFactor() {
    assertThatThrownBy(() -> Orthogonal.haar(2, new double[] {0, 1, 0, 1}))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("without a QR factor");
    assertThatThrownBy(() -> Orthogonal.haar(2, new double[] {1, Double.NaN, 0, 1}))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("without a QR factor");
  }
}
