package org.snnk.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.Written;
import org.snnk.linalg.Grid;

class CosineFeaturesTest extends FeatureMapContract {

  @Override
  FeatureMap create(int d, int m) {
    return new CosineFeatures(d, m, 0.7, Projection.ORTHOGONAL, 99);
  }

  @Test
  void featuresAreTheCosinesAndSinesOfTheirFrequencies() {
    int n = 200;
    for (int d : new int[] {1, 7, 54}) {
      for (double lengthScale : new double[] {0.05, 1.5, 40}) {
        CosineFeatures map = new CosineFeatures(d, 64, lengthScale, Projection.ORTHOGONAL, 4);
        double[] omega = map.omega();
        double[] x = gridRows(n, d);
        double[] out = new double[n * 64];
        map.map(n, x, out, 64);
        for (int i = 3; i < n; i++) { // the first rows stand at the limits: see below
          for (int j = 0; j < 32; j++) {
            double z = 0;
            for (int c = 0; c < d; c++) {
              z += Math.scalb(x[i * d + c], -Grid.INPUT_BITS) * omega[j * d + c];
            }
            assertThat(out[i * 64 + j] / Grid.FEATURE_ONE).isCloseTo(Math.cos(z), within(0x1p-20));
            assertThat(out[i * 64 + 32 + j] / Grid.FEATURE_ONE)
                .isCloseTo(Math.sin(z), within(0x1p-20));
          }
        }
      }
    }
  }

  /** cos² + sin² = 1 wherever the phase is, so also at the largest phases of the shortest scale. */
  @Test
  void cosineAndSineStayOnTheCircleAtTheLargestPhases() {
    for (double lengthScale : new double[] {0x1p-16, 1e-3, 1, 1e30}) {
      CosineFeatures map = new CosineFeatures(3, 256, lengthScale, Projection.GAUSSIAN, 4);
      double[] out = new double[100 * 256];
      map.map(100, gridRows(100, 3), out, 256);
      for (int i = 0; i < 100; i++) {
        for (int j = 0; j < 128; j++) {
          double cos = out[i * 256 + j] / Grid.FEATURE_ONE;
          double sin = out[i * 256 + 128 + j] / Grid.FEATURE_ONE;
          assertThat(cos * cos + sin * sin).isCloseTo(1, within(0x1p-19));
        }
      }
    }
  }

  @Test
  void frequenciesOnTheirGridAreThoseOfTheProjection() {
    int d = 6;
    double[] g = Projection.ORTHOGONAL.draw(20, d, new org.snnk.random.CounterRandom(4, 0x636F73L));
    double[] omega = new CosineFeatures(d, 40, 2.5, Projection.ORTHOGONAL, 4).omega();
    for (int i = 0; i < g.length; i++) {
      assertThat(omega[i]).isCloseTo(g[i] / 2.5, within(1e-6));
    }
  }

  /** The estimate (2/m)φ(x)ᵀφ(x′) of one map for each seed. */
  private static double[] estimates(
      int m, int seeds, double[] pair, int d, double lengthScale, Projection projection) {
    double[] estimates = new double[seeds];
    double[] out = new double[2 * m];
    for (int s = 0; s < seeds; s++) {
      new CosineFeatures(d, m, lengthScale, projection, s).map(2, pair, out, m);
      double dot = 0;
      for (int j = 0; j < m; j++) {
        dot += out[j] * out[m + j];
      }
      estimates[s] = dot / (Grid.FEATURE_ONE * Grid.FEATURE_ONE * (m / 2.0));
    }
    return estimates;
  }

  private static double[] pair(int d) {
    double[] g = TestRows.gaussian(2 * d, 8);
    double[] x = new double[2 * d];
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.rint(0.5 * g[i] * (1 << Grid.INPUT_BITS));
    }
    return x;
  }

  private static double kernel(double[] pair, int d, double lengthScale) {
    double square = 0;
    for (int j = 0; j < d; j++) {
      double difference = Math.scalb(pair[j] - pair[d + j], -Grid.INPUT_BITS);
      square += difference * difference;
    }
    return Math.exp(-square / (2 * lengthScale * lengthScale));
  }

  private static double variance(double[] values, double around) {
    double sum = 0;
    for (double v : values) {
      sum += (v - around) * (v - around);
    }
    return sum / values.length;
  }

  /** Rahimi and Recht 2007, Claim 1; the error falls as m^−1/2. */
  @Test
  void theKernelEstimateIsUnbiasedAndItsErrorFallsWithTheRootOfM() {
    int d = 8;
    double[] pair = pair(d);
    double exact = kernel(pair, d, 2);
    int seeds = 600;
    for (Projection projection : List.of(Projection.GAUSSIAN, Projection.ORTHOGONAL)) {
      double[] errors = new double[2];
      int[] sizes = {16, 256};
      for (int s = 0; s < 2; s++) {
        double[] estimates = estimates(sizes[s], seeds, pair, d, 2, projection);
        double mean = 0;
        for (double v : estimates) {
          mean += v / seeds;
        }
        errors[s] = Math.sqrt(variance(estimates, exact));
        assertThat(mean).isCloseTo(exact, within(4 * errors[s] / Math.sqrt(seeds)));
      }
      double slope = Math.log(errors[1] / errors[0]) / Math.log(16);
      assertThat(slope).as(projection.key()).isBetween(-0.6, -0.4);
    }
  }

  /** Yu et al. 2016, Theorem 2. */
  @Test
  void orthogonalDirectionsHaveLessVariance() {
    int d = 8;
    double[] pair = pair(d);
    double exact = kernel(pair, d, 2);
    double independent = variance(estimates(16, 1000, pair, d, 2, Projection.GAUSSIAN), exact);
    double orthogonal = variance(estimates(16, 1000, pair, d, 2, Projection.ORTHOGONAL), exact);
    assertThat(orthogonal).isLessThan(0.8 * independent);
  }

  /** Even points: the error of the mean falls faster than by chance. */
  @Test
  void quasiMonteCarloHasLessVarianceForFewInputs() {
    int d = 3;
    double[] pair = pair(d);
    double exact = kernel(pair, d, 1);
    double independent = variance(estimates(256, 400, pair, d, 1, Projection.GAUSSIAN), exact);
    double even = variance(estimates(256, 400, pair, d, 1, Projection.HALTON), exact);
    assertThat(even).isLessThan(0.2 * independent);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v / values.length;
    }
    return sum;
  }

  /**
   * Matérn kernels: exp(−r) for ν = 1, (1 + √3 r)exp(−√3 r) for ν = 3, exp(−‖·‖₁) for Cauchy
   * entries, Π cos for signs.
   */
  @Test
  void otherLawsHaveTheirKernels() {
    int d = 3;
    double[] pair = pair(d);
    double scale = 2;
    double square = 0;
    double sum = 0;
    double product = 1;
    for (int j = 0; j < d; j++) {
      double difference = Math.scalb(pair[j] - pair[d + j], -Grid.INPUT_BITS) / scale;
      square += difference * difference;
      sum += Math.abs(difference);
      product *= Math.cos(difference);
    }
    double r = Math.sqrt(square);
    double three = Math.sqrt(3) * r;
    record Law(Projection projection, double kernel) {}
    List<Law> laws =
        List.of(
            new Law(Projection.ORTHOGONAL.withDegreesOfFreedom(1), Math.exp(-r)),
            new Law(Projection.GAUSSIAN.withDegreesOfFreedom(3), (1 + three) * Math.exp(-three)),
            new Law(Projection.HALTON.withDegreesOfFreedom(3), (1 + three) * Math.exp(-three)),
            new Law(Projection.HALTON, Math.exp(-square / 2)),
            new Law(Projection.LAPLACE, Math.exp(-sum)),
            new Law(Projection.RADEMACHER, product));
    int seeds = 1500;
    for (Law law : laws) {
      double[] estimates = estimates(64, seeds, pair, d, scale, law.projection);
      double error = Math.sqrt(variance(estimates, mean(estimates)) / seeds);
      // Cutting tails at the limit moves the kernel by less than what lies beyond, 2/(π·4096).
      assertThat(mean(estimates))
          .as(law.projection.key())
          .isCloseTo(law.kernel, within(5 * error + 2 / (Math.PI * Projection.TAIL_LIMIT)));
    }
  }

  /** Near N(0, I): MATHEMATICS says a tiny bias, and most of the gain of orthogonal rows. */
  @Test
  void hadamardDirectionsComeCloseToOrthogonalOnes() {
    int d = 28;
    double[] pair = pair(d);
    double exact = kernel(pair, d, 4);
    double[] estimates = estimates(64, 1500, pair, d, 4, Projection.HADAMARD);
    double independent = variance(estimates(64, 1500, pair, d, 4, Projection.GAUSSIAN), exact);
    assertThat(mean(estimates)).isCloseTo(exact, within(0.02));
    assertThat(variance(estimates, exact)).isLessThan(0.8 * independent);
  }

  @Test
  void hadamardFeaturesAreThoseOfTheirDirections() {
    int d = 29;
    CosineFeatures map = new CosineFeatures(d, 64, 3, Projection.HADAMARD, 4);
    double[] omega = map.omega();
    double[] x = gridRows(100, d);
    double[] out = new double[100 * 64];
    map.map(100, x, out, 64);
    for (int i = 3; i < 100; i++) {
      for (int j = 0; j < 32; j++) {
        double z = 0;
        for (int c = 0; c < d; c++) {
          z += Math.scalb(x[i * d + c], -Grid.INPUT_BITS) * omega[j * d + c];
        }
        assertThat(out[i * 64 + j] / Grid.FEATURE_ONE).isCloseTo(Math.cos(z), within(0x1p-20));
      }
    }
  }

  @Test
  void sizesAndScalesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new CosineFeatures(0, 2, 1, Projection.GAUSSIAN, 0))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "cosine features: expected 1 to 65536 inputs, got 0. Choose the input columns.");
    assertThatThrownBy(() -> new CosineFeatures(1 << 17, 2, 1, Projection.GAUSSIAN, 0))
        .hasMessageContaining("got 131072");
    for (int m : new int[] {-2, 0, 7, 1 << 16}) {
      assertThatThrownBy(() -> new CosineFeatures(3, m, 1, Projection.GAUSSIAN, 0))
          .isInstanceOf(SnnkException.class)
          .hasMessageContaining("an even numRandomFeatures from 2 to 65534, got " + m + ".");
    }
    for (double scale : new double[] {0, -1, 1e-5, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new CosineFeatures(3, 4, scale, Projection.GAUSSIAN, 0))
          .isInstanceOf(SnnkException.class)
          .hasMessageStartingWith("cosine features: expected a finite length scale from ")
          .hasMessageContaining(" up, got " + scale + ". Set features.lengthScale");
    }
  }

  @Test
  void aKindOfALaterVersionIsRefusedByName() {
    assertThatThrownBy(() -> Written.again(out -> out.writeUTF("wavelet"), FeatureMap::read))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "feature map: expected one of cosine, relu, arccos0, arccos2, polynomial, powerseries,"
                + " positive, got 'wavelet'. Read it with the version that wrote it.");
  }
}
