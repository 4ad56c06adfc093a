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

/** Towers of polynomials and power series. */
class ProductKernelsTest {
  private static final int D = 5;
  private static final int SEEDS = 1500;
  private static final double[] X = scaled(0, 0.5);
  private static final double[] W = scaled(D, 0.4);
  private static final double B = 0.3;
  private static final double[] CUBIC = {0.5, 1, 0, -0.3};

  private static double[] scaled(int from, double by) {
    return Arrays.stream(TestRows.gaussian(2 * D, 33), from, from + D).map(v -> by * v).toArray();
  }

  private static PolynomialKernel polynomial(
      double[] a, boolean norm, Projection projection, int m, long seed) {
    return new PolynomialKernel(D, m, a, norm, projection, seed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gaussian", "rademacher", "orthogonal"})
  void polynomialTowersAreUnbiasedWithTheirVariance(String key) {
    Projection projection = Projection.of(key);
    for (boolean norm : new boolean[] {false, true}) {
      KernelEstimates estimates =
          new KernelEstimates(
              SEEDS, seed -> polynomial(CUBIC, norm, projection, 20, seed), X, W, B);
      PolynomialKernel kernel = polynomial(CUBIC, norm, projection, 20, 0);
      estimates.assertUnbiased(key, kernel.expectation(X, W, B));
      estimates.assertVariance(key, kernel.variance(X, W, B));
    }
  }

  @Test
  void whatThePolynomialMeansIsThatOfTheLayer() {
    double z = B;
    for (int j = 0; j < D; j++) {
      z += X[j] * W[j];
    }
    assertThat(polynomial(CUBIC, true, Projection.GAUSSIAN, 1, 0).expectation(X, W, B))
        .isCloseTo(0.5 + z - 0.3 * z * z * z, within(1e-14));
  }

  /** In odd degrees always; in degree 2 not at a right angle, which the formula tells. */
  @Test
  void orthogonalRowsVaryLessWhereTheorySaysSo() {
    for (double[] a : new double[][] {{0, 1}, {0, 0, 0, 1}}) {
      assertThat(polynomial(a, false, Projection.ORTHOGONAL, 12, 0).variance(X, W, B))
          .isLessThan(polynomial(a, false, Projection.GAUSSIAN, 12, 0).variance(X, W, B));
    }
    double[] square = {0, 0, 1};
    double[] e1 = {1, 0, 0, 0, 0};
    double[] e2 = {0, 1, 0, 0, 0};
    KernelEstimates orthogonal =
        new KernelEstimates(
            SEEDS, seed -> polynomial(square, false, Projection.ORTHOGONAL, 12, seed), e1, e2, 0);
    PolynomialKernel kernel = polynomial(square, false, Projection.ORTHOGONAL, 12, 0);
    orthogonal.assertVariance("square", kernel.variance(e1, e2, 0));
    assertThat(kernel.variance(e1, e2, 0))
        .isGreaterThan(polynomial(square, false, Projection.GAUSSIAN, 12, 0).variance(e1, e2, 0));
  }

  /** Signs know ‖x⁺‖: for x⁺ and w⁺ along one axis they do not vary. */
  @Test
  void signsAreExactAlongAnAxis() {
    double[] e1 = {2, 0, 0, 0, 0};
    PolynomialKernel kernel =
        polynomial(new double[] {0, 1, 1}, false, Projection.RADEMACHER, 3, 8);
    // x⁺ = [2, 0…, 1] and w⁺ = [0…, 0.5] share the last axis alone.
    double gaussian =
        polynomial(new double[] {0, 1, 1}, false, Projection.GAUSSIAN, 3, 8)
            .variance(e1, new double[D], 0.5);
    assertThat(kernel.variance(e1, new double[D], 0.5)).isLessThan(gaussian);
    assertThat(kernel.variance(new double[D], new double[D], 0.5)).isCloseTo(0, within(1e-15));
    assertThat(KernelError.estimate(kernel, new double[D], new double[D], 0.5))
        .isCloseTo(0.75, within(1e-14));
  }

  @Test
  void powerSeriesTowersAreUnbiasedWithTheirVariance() {
    double[] exponential = {1, 1, 1 / 2.0, 1 / 6.0, 1 / 24.0};
    KernelEstimates estimates =
        new KernelEstimates(
            SEEDS, seed -> new PowerSeriesKernel(D, 24, exponential, seed), X, W, B);
    PowerSeriesKernel kernel = new PowerSeriesKernel(D, 24, exponential, 0);
    estimates.assertUnbiased("exp", kernel.expectation(X, W, B));
    estimates.assertVariance("exp", kernel.variance(X, W, B));
  }

  /** The negative result: unbiased for the truncated series, which is tanh only for small z. */
  @Test
  void tanhOfAPowerSeriesHoldsForSmallArgumentsOnly() {
    PowerSeriesKernel kernel = PowerSeriesKernel.tanh(D, 24, 7, 0);
    KernelEstimates estimates =
        new KernelEstimates(SEEDS, seed -> PowerSeriesKernel.tanh(D, 24, 7, seed), X, W, B);
    estimates.assertUnbiased("tanh", kernel.expectation(X, W, B));
    double[] unit = {1, 0, 0, 0, 0};
    for (double z : new double[] {0.1, 0.5}) {
      double[] w = {z, 0, 0, 0, 0};
      assertThat(kernel.expectation(unit, w, 0)).isCloseTo(Math.tanh(z), within(1e-4));
    }
    double[] large = {3, 0, 0, 0, 0};
    assertThat(Math.abs(kernel.expectation(unit, large, 0))).isGreaterThan(50);
    double[] larger = Arrays.stream(X).map(v -> 4 * v).toArray();
    assertThat(kernel.variance(larger, W, B)).isGreaterThan(1000 * kernel.variance(X, W, B));
  }

  @Test
  void theCoefficientsOfTanhAreThoseOfItsDerivatives() {
    // Odd degrees up to 11 against tanh itself, where the next term is below 1e-9.
    double[] unit = {1, 0, 0, 0, 0};
    double[] w = {0.2, 0, 0, 0, 0};
    assertThat(PowerSeriesKernel.tanh(D, 1, 11, 0).expectation(unit, w, 0))
        .isCloseTo(Math.tanh(0.2), within(1e-11));
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> polynomial(CUBIC, false, Projection.LAPLACE, 4, 0))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "polynomial kernel: expected directions with the identity as covariance, got 'laplace'."
                + " Choose gaussian, rademacher or orthogonal.");
    assertThatThrownBy(() -> polynomial(CUBIC, false, Projection.HALTON, 4, 0).variance(X, W, B))
        .hasMessage(
            "polynomial kernel variance: expected gaussian, rademacher or orthogonal directions, got"
                + " 'halton'. Measure it over seeds.");
    assertThatThrownBy(() -> polynomial(new double[] {1}, false, Projection.GAUSSIAN, 4, 0))
        .hasMessageStartingWith("polynomial kernel: expected finite coefficients of degrees 0 to");
    assertThatThrownBy(() -> new PowerSeriesKernel(D, 4, new double[] {0, 0}, 0))
        .hasMessage(
            "power-series kernel: expected at most 32 finite coefficients, one of them not 0, got"
                + " [0.0, 0.0]. Give those of the truncated series.");
    assertThatThrownBy(() -> PowerSeriesKernel.tanh(D, 4, 4, 0))
        .hasMessage(
            "power-series kernel of tanh: expected an odd degree from 1 to 11, got 4. Even powers"
                + " have no part in tanh.");
    assertThatThrownBy(() -> polynomial(CUBIC, false, Projection.GAUSSIAN, 0, 0))
        .hasMessageContaining("expected numRandomFeatures from 1 to 65535, got 0.");
  }
}
