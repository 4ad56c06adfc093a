package org.snnk.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.linalg.Grid;

/** Every map of every family, and what each is in plain arithmetic. */
class FeatureMapsTest {
  private static final double ONE = Grid.FEATURE_ONE;
  private static final Projection T = Projection.ORTHOGONAL.withDegreesOfFreedom(3);

  private static FeatureFamily family(String kind, int m, Projection projection) {
    return new FeatureFamily(kind, m, projection, List.of(), false, false);
  }

  @Nested
  class HadamardCosines extends FeatureMapContract {
    @Override
    FeatureMap create(int d, int m) {
      return new CosineFeatures(d, m, 0.7, Projection.HADAMARD, 9);
    }
  }

  @Nested
  class HeavyTailedCosinesWithInputs extends FeatureMapContract {
    @Override
    FeatureMap create(int d, int m) {
      return new FeatureFamily("cosine", m, T, List.of(), false, true).create(d, 3, 9);
    }
  }

  @Nested
  class Relu extends FeatureMapContract {
    @Override
    FeatureMap create(int d, int m) {
      return family("relu", m, Projection.ORTHOGONAL).create(d, 1.5, 9);
    }
  }

  @Nested
  class HadamardRelu extends FeatureMapContract {
    @Override
    FeatureMap create(int d, int m) {
      return family("relu", m, Projection.HADAMARD).create(d, 1.5, 9);
    }
  }

  @Nested
  class Steps extends FeatureMapContract {
    @Override
    FeatureMap create(int d, int m) {
      return family("arccos0", m, Projection.HALTON).create(d, 1.5, 9);
    }
  }

  @Nested
  class Squares extends FeatureMapContract {
    @Override
    FeatureMap create(int d, int m) {
      return family("arccos2", m, Projection.GAUSSIAN).create(d, 1.5, 9);
    }
  }

  @Nested
  class Polynomials extends FeatureMapContract {
    @Override
    FeatureMap create(int d, int m) {
      return new FeatureFamily(
              "polynomial", m, Projection.ORTHOGONAL, List.of(1.0, -2.0, 0.0, 0.5), true, false)
          .create(d, 2, 9);
    }

    @Override
    long weighted(FeatureMap map) {
      return 131L * map.features();
    }
  }

  @Nested
  class HadamardPolynomials extends FeatureMapContract {
    @Override
    FeatureMap create(int d, int m) {
      return new FeatureFamily("polynomial", m, Projection.HADAMARD, List.of(), true, true)
          .create(d, 2, 9);
    }

    @Override
    long weighted(FeatureMap map) {
      return 131L * map.features();
    }
  }

  @Nested
  class PowerSeries extends FeatureMapContract {
    @Override
    FeatureMap create(int d, int m) {
      return family("powerseries", m, Projection.ORTHOGONAL).create(d, 2, 9);
    }

    @Override
    long weighted(FeatureMap map) {
      return 131L * map.features();
    }
  }

  @Nested
  class Positive extends FeatureMapContract {
    @Override
    FeatureMap create(int d, int m) {
      return family("positive", m, Projection.ORTHOGONAL).create(d, 2, 9);
    }
  }

  /** φ(x)·φ(x′), scaled by what a map divides by, averaged over seeds. */
  private static double[] products(FeatureFamily family, int d, double[] pair, int seeds) {
    double[] products = new double[seeds];
    for (int s = 0; s < seeds; s++) {
      FeatureMap map = family.create(d, 2, s);
      int m = map.features();
      double[] out = new double[2 * m];
      assertThat(map.map(2, pair, out, m)).isZero();
      for (int j = 0; j < m; j++) {
        products[s] += out[j] * out[m + j] / (ONE * ONE * m);
      }
    }
    return products;
  }

  private static void assertMean(String what, double[] values, double expected) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double square = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double error = Math.sqrt(square / values.length / (values.length - 1));
    assertThat(mean).as(what).isCloseTo(expected, within(5 * error + 1e-9));
  }

  private static final int D = 4;

  private static double[] pair() {
    double[] x = TestRows.gaussian(2 * D, 14);
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.rint(0.6 * x[i] * (1 << Grid.INPUT_BITS));
    }
    return x;
  }

  private static double dot(double[] pair, int a, int b) {
    double dot = 0;
    for (int j = 0; j < D; j++) {
      dot += Math.scalb(pair[a * D + j] * pair[b * D + j], -2 * Grid.INPUT_BITS);
    }
    return dot;
  }

  /** With σ = 2 and d = 4: u = [x/2; 1], s² = 2. */
  @Test
  void arcCosineFeaturesHaveTheArcCosineKernelOfTheInputsWithABias() {
    double[] pair = pair();
    double[] x = new double[D];
    double[] w = new double[D];
    for (int j = 0; j < D; j++) {
      x[j] = Math.scalb(pair[j], -Grid.INPUT_BITS) / 2;
      w[j] = Math.scalb(pair[D + j], -Grid.INPUT_BITS) / 2;
    }
    String[] kinds = {"arccos0", "relu", "arccos2"};
    for (int order = 0; order <= 2; order++) {
      double kernel =
          new ArcCosineKernel(D, 1, order, true, Projection.GAUSSIAN, 0).expectation(x, w, 1);
      double scale = Math.pow(2 * ArcCosineFeatures.BOUND * ArcCosineFeatures.BOUND, order);
      for (Projection projection :
          List.of(Projection.GAUSSIAN, Projection.ORTHOGONAL, Projection.HALTON)) {
        double[] products = products(family(kinds[order], 20, projection), D, pair, 600);
        assertMean(kinds[order] + " " + projection.key(), products, kernel / scale);
      }
    }
  }

  /** One degree at a time: (u·u′)ⁱ/(s²ⁱ(36/i)ⁱ). */
  @Test
  void productFeaturesHaveThePolynomialKernel() {
    double[] pair = pair();
    double norms = Math.sqrt(dot(pair, 0, 0) * dot(pair, 1, 1)) / 4;
    for (int degree = 1; degree <= 3; degree++) {
      Double[] a = new Double[degree + 1];
      Arrays.fill(a, 0.0);
      a[degree] = -3.0;
      for (Projection projection :
          List.of(Projection.GAUSSIAN, Projection.RADEMACHER, Projection.ORTHOGONAL)) {
        for (boolean norm : new boolean[] {false, true}) {
          double u = dot(pair, 0, 1) / 4 + 1 + (norm ? norms : 0);
          double bound = (norm ? 3 : 2) * 36.0 / degree;
          FeatureFamily family =
              new FeatureFamily("polynomial", 12, projection, List.of(a), norm, false);
          assertMean(
              projection.key() + " " + degree,
              products(family, D, pair, 500),
              Math.pow(u / bound, degree));
        }
      }
    }
  }

  /** Degrees i drawn with 2⁻ⁱ and weighted by aᵢ2ⁱ: in the mean Σ aᵢzⁱ, but for the bounds. */
  @Test
  void powerSeriesDrawDegreesAndWeighThemBack() {
    double[] pair = pair();
    double z = dot(pair, 0, 1) / 4;
    List<Double> a = List.of(1.0, 1.0, 0.5);
    double expected = 0;
    double total = 0.75;
    for (int i = 1; i <= 2; i++) {
      // The largest of aᵢ2ⁱ is 2; s² = 1.
      double weight = a.get(i) * Math.scalb(1.0, i) / 2;
      expected += Math.scalb(1.0, -i) / total * weight * Math.pow(z * i / 36, i);
    }
    FeatureFamily family =
        new FeatureFamily("powerseries", 64, Projection.RADEMACHER, a, false, false);
    assertMean("power series", products(family, D, pair, 500), expected);
  }

  /** Two length scales of ‖x‖ apart, 4r − r² with r = 1 is 3. */
  @Test
  void positiveFeaturesHaveTheGaussianKernel() {
    double[] pair = pair();
    double square = dot(pair, 0, 0) + dot(pair, 1, 1) - 2 * dot(pair, 0, 1);
    double[] products = products(family("positive", 30, Projection.GAUSSIAN), D, pair, 500);
    assertMean("positive", products, Math.exp(-square / 8 - 2 * 3));
  }

  @Test
  void exponentialsAreThoseOfTheLibrary() {
    for (double z = -15.9; z < 15.9; z += 0.0137) {
      double[] e = {z};
      PositiveFeatures.exponentials(e, 0, 1, 1, 0);
      assertThat(e[0]).isCloseTo(ONE * Math.exp(z), within(0.5001 + 1e-11 * ONE * Math.exp(z)));
    }
  }

  @Test
  void inputsStandBehindTheFeaturesDividedByEight() {
    FeatureMap map = new LinearFeatures(new CosineFeatures(2, 4, 1, Projection.GAUSSIAN, 0));
    double one = 1 << Grid.INPUT_BITS;
    double[] out = new double[2 * 6];
    assertThat(map.map(2, new double[] {one, -2 * one, 8 * one, -9 * one}, out, 6)).isEqualTo(1);
    assertThat(Arrays.copyOfRange(out, 4, 6)).containsExactly(ONE / 8, -ONE / 4);
    assertThat(Arrays.copyOfRange(out, 10, 12)).containsExactly(ONE, -ONE);
  }

  @Test
  void aReluBeyondItsBoundIsClippedAndCounted() {
    FeatureMap map = family("relu", 40, Projection.GAUSSIAN).create(1, 1, 3);
    double[] out = new double[40];
    double[] x = {Grid.INPUT_LIMIT * (1 << Grid.INPUT_BITS)};
    long clipped = map.map(1, x, out, 40);
    assertThat(clipped).isBetween(10L, 30L);
    assertThat(Arrays.stream(out).filter(v -> v == ONE).count()).isEqualTo(clipped);
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    assertThatThrownBy(() -> family("relo", 4, Projection.GAUSSIAN))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "features.map: expected one of cosine, relu, arccos0, arccos2, polynomial, powerseries,"
                + " positive, got 'relo'. Did you mean 'relu'?");
    for (String kind : List.of("relu", "polynomial", "positive")) {
      assertThatThrownBy(() -> family(kind, 4, T).create(2, 1, 0))
          .isInstanceOf(SnnkException.class)
          .hasMessageContaining(
              "features: expected a projection with normal tails, or rademacher, got 'orthogonal"
                  + " t(3.0)'. Heavy tails mix length scales");
    }
    assertThatThrownBy(
            () -> new FeatureFamily("relu", 4, Projection.GAUSSIAN, List.of(1.0), false, false))
        .hasMessage(
            "features.coefficients: expected no value with the map 'relu', got [1.0]. Leave it out,"
                + " or choose features.map=polynomial.");
    assertThatThrownBy(
            () -> new FeatureFamily("cosine", 4, Projection.GAUSSIAN, List.of(), true, false))
        .hasMessageStartingWith("features.inputNorm: expected no value with the map 'cosine'");
    for (List<Double> a :
        List.of(
            List.of(1.0),
            List.of(1.0, 0.0),
            List.of(0.0, Double.NaN),
            List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0))) {
      assertThatThrownBy(
              () -> ProductFeatures.polynomial(2, 4, a, false, 1, Projection.GAUSSIAN, 0))
          .isInstanceOf(SnnkException.class)
          .hasMessage(
              "polynomial features: expected finite coefficients of degrees 0 to at most 8, one of"
                  + " them beyond degree 0 not 0, got "
                  + a
                  + ". Set features.coefficients, such as 0,1,1 for z + z^2.");
    }
    assertThatThrownBy(() -> family("relu", 0, Projection.GAUSSIAN).create(2, 1, 0))
        .hasMessage(
            "arc-cosine features: expected numRandomFeatures from 1 to 65535, got 0. Choose another"
                + " width.");
    assertThatThrownBy(() -> family("positive", 4, Projection.GAUSSIAN).create(2, Double.NaN, 0))
        .hasMessageStartingWith("positive features: expected a finite length scale from ");
  }
}
