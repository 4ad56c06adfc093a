package org.snnk.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;

class ArcCosineKernelTest {
  private static final int D = 6;
  private static final double[] X = Arrays.copyOf(TestRows.gaussian(2 * D, 21), D);
  private static final double[] W = Arrays.copyOfRange(TestRows.gaussian(2 * D, 21), D, 2 * D);
  private static final double B = -0.4;

  private static KernelEstimates estimates(int order, int m, int seeds, Projection projection) {
    return new KernelEstimates(
        seeds, seed -> new ArcCosineKernel(D, m, order, true, projection, seed), X, W, B);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void theProductOfTheTowersIsHalfTheKernelOnAverage(int order) {
    double exact =
        new ArcCosineKernel(D, 1, order, true, Projection.GAUSSIAN, 0).expectation(X, W, B);
    for (Projection projection : new Projection[] {Projection.GAUSSIAN, Projection.ORTHOGONAL}) {
      estimates(order, 14, 2000, projection).assertUnbiased(projection.key(), exact);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void theVarianceIsThatOfTheFormulaAndFallsLikeOneOverM(int order) {
    for (int m : new int[] {20, 80}) {
      double formula =
          new ArcCosineKernel(D, m, order, true, Projection.GAUSSIAN, 0).variance(X, W, B);
      estimates(order, m, 2000, Projection.GAUSSIAN).assertVariance("m=" + m, formula);
    }
  }

  /**
   * Blocks of orthogonal rows: at m = d + 1, one block, the gain is largest. Not for order 2: even
   * powers of orthogonal projections are not always negatively correlated.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void orthogonalDirectionsHaveLessVariance(int order) {
    double independent = estimates(order, D + 1, 2000, Projection.GAUSSIAN).variance();
    double orthogonal = estimates(order, D + 1, 2000, Projection.ORTHOGONAL).variance();
    assertThat(orthogonal).isLessThan(0.95 * independent);
  }

  /**
   * Cho and Saul 2009: Kₙ(x, x) = ‖x‖²ⁿ(2n − 1)!!; at a right angle J₀ = π/2, J₁ = J₂ − π/2 + 1.
   */
  @Test
  void knownValuesOfTheKernel() {
    double[] e1 = {2, 0};
    double[] e2 = {0, 3};
    double[] kernels = {1, 4, 48};
    double[] right = {0.5, 6 / Math.PI, 18};
    for (int order = 0; order <= 2; order++) {
      ArcCosineKernel kernel = new ArcCosineKernel(2, 1, order, false, Projection.GAUSSIAN, 0);
      assertThat(2 * kernel.expectation(e1, e1, 0)).isCloseTo(kernels[order], within(1e-12));
      assertThat(2 * kernel.expectation(e1, e2, 0)).isCloseTo(right[order], within(1e-12));
    }
  }

  /** MATHEMATICS: the relative variance of order 1 at 0, 30, 60, 90 and 120 degrees. */
  @Test
  void theRelativeVarianceOfTheReluIsFreeOfNorms() {
    double[] known = {5.0, 5.4, 6.6, 8.9, 13.6};
    for (double norm : new double[] {1e-3, 1, 1e3}) {
      for (int k = 0; k < known.length; k++) {
        double angle = Math.toRadians(30 * k);
        double[] x = {norm, 0};
        double[] w = {7 * Math.cos(angle), 7 * Math.sin(angle)};
        ArcCosineKernel kernel = new ArcCosineKernel(2, 1, 1, false, Projection.GAUSSIAN, 0);
        double mean = kernel.expectation(x, w, 0);
        assertThat(kernel.variance(x, w, 0) / (mean * mean)).isCloseTo(known[k], within(0.06));
      }
    }
  }

  @Test
  void aBlockGivesWhatItsRowsGiveAndLeavesTheRestAlone() {
    ArcCosineKernel kernel = new ArcCosineKernel(3, 10, 1, true, Projection.ORTHOGONAL, 5);
    double[] w = TestRows.gaussian(12, 3);
    double[] b = TestRows.gaussian(4, 4);
    double[] block = new double[4 * 12];
    Arrays.fill(block, 9);
    kernel.parameterTower(4, w, b, block, 12);
    for (int i = 0; i < 4; i++) {
      double[] row = new double[10];
      kernel.parameterTower(
          1, Arrays.copyOfRange(w, 3 * i, 3 * i + 3), new double[] {b[i]}, row, 10);
      assertThat(Arrays.copyOfRange(block, 12 * i, 12 * i + 10))
          .usingComparatorWithPrecision(1e-13)
          .containsExactly(row);
      assertThat(Arrays.copyOfRange(block, 12 * i + 10, 12 * i + 12)).containsOnly(9);
    }
    double[] x = new double[10];
    kernel.inputTower(1, Arrays.copyOf(w, 3), x, 10);
    double[] same = new double[10];
    kernel.parameterTower(1, Arrays.copyOf(w, 3), new double[] {1}, same, 10);
    assertThat(x).isEqualTo(same);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> new ArcCosineKernel(3, 4, 1, true, Projection.RADEMACHER, 0))
        .hasMessage(
            "arc-cosine kernel: expected normal directions, got 'rademacher'. Choose gaussian,"
                + " orthogonal, hadamard or halton.");
    assertThatThrownBy(() -> new ArcCosineKernel(3, 4, 3, true, Projection.GAUSSIAN, 0))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "arc-cosine kernel: expected an order from 0 to 2, got 3. 0 is the step function, 1 the"
                + " ReLU, 2 its square.");
    assertThatThrownBy(() -> new ArcCosineKernel(3, 0, 1, true, Projection.GAUSSIAN, 0))
        .hasMessage(
            "arc-cosine kernel: expected numRandomFeatures from 1 to 65535, got 0. Choose another"
                + " width.");
    assertThatThrownBy(() -> new ArcCosineKernel(0, 4, 1, true, Projection.GAUSSIAN, 0))
        .hasMessage(
            "arc-cosine kernel: expected 1 to 65536 inputs, got 0. Choose the input columns.");
    ArcCosineKernel kernel = new ArcCosineKernel(1, 4, 1, false, Projection.GAUSSIAN, 0);
    assertThatThrownBy(
            () -> kernel.parameterTower(1, new double[] {1}, new double[] {2}, new double[4], 4))
        .hasMessage(
            "arc-cosine kernel: expected biases of 0, got 2.0 of unit 0. Make the kernel with a bias.");
  }
}
