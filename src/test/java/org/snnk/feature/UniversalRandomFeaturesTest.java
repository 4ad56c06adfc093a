package org.snnk.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.activation.Activation;
import org.snnk.activation.SpectrumException;

class UniversalRandomFeaturesTest {
  private static final int D = 4;

  /** Standard errors, or standard errors of variances, that an estimate may be off. */
  private static final double DEVIATIONS = 6;

  /** Times ‖x‖ that is 1.5: far beyond, e^(a gᵀx) has tails that no thousand draws show. */
  private static final double BAND_LIMIT = 3;

  private static final double[] X = scaled(TestRows.gaussian(D, 11), 0.5);
  private static final double[] W = scaled(TestRows.gaussian(D, 12), 0.8);
  private static final double B = 0.4;

  private static double[] scaled(double[] v, double norm) {
    double length = Math.sqrt(dot(v, v));
    return Arrays.stream(v).map(value -> value * norm / length).toArray();
  }

  private static double dot(double[] x, double[] w) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * w[k];
    }
    return sum;
  }

  private static UniversalRandomFeatures.Builder kernel(String activation, int m) {
    return UniversalRandomFeatures.of(Activation.of(activation), D, m).norms(0.5, 0.8);
  }

  /** Mean and variance of an estimate over seeds, each with its standard error. */
  private record Sample(double mean, double meanError, double variance, double varianceError) {
    static Sample of(UniversalRandomFeatures kernel, int seeds, double[] x, double[] w, double b) {
      double[] estimates = new double[seeds];
      for (int s = 0; s < seeds; s++) {
        estimates[s] = kernel.withSeed(s).estimate(x, w, b);
      }
      double mean = Arrays.stream(estimates).average().orElseThrow();
      double second = 0;
      double fourth = 0;
      for (double e : estimates) {
        double square = (e - mean) * (e - mean);
        second += square / seeds;
        fourth += square * square / seeds;
      }
      return new Sample(
          mean,
          Math.sqrt(second / seeds),
          second * seeds / (seeds - 1),
          Math.sqrt((fourth - second * second) / seeds));
    }
  }

  static List<UniversalRandomFeatures> kernels() {
    List<Activation> activations = new ArrayList<>();
    for (String name : Activation.names()) {
      if (!name.startsWith("polynomial") && !name.equals("linear")) {
        activations.add(Activation.of(name));
      }
    }
    activations.add(
        Activation.function("leaky relu", z -> z > 0 ? z : 0.1 * z, z -> z > 0 ? 1 : 0.1, 20));
    List<UniversalRandomFeatures> kernels = new ArrayList<>();
    for (Activation activation : activations) {
      for (Factorization factorization : Factorization.values()) {
        for (double exponent : new double[] {0, -0.03}) {
          kernels.add(
              UniversalRandomFeatures.of(activation, D, 32)
                  .norms(0.5, 0.8)
                  .factorization(factorization)
                  .projection(Projection.GAUSSIAN)
                  .exponent(exponent)
                  .bandLimit(BAND_LIMIT)
                  .build());
        }
      }
    }
    return kernels;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void estimatesAreUnbiasedAndHaveThePredictedVariance(UniversalRandomFeatures kernel) {
    double z = dot(X, W) + B;
    double predicted = kernel.variance(0.5, 0.8, dot(X, W), B);
    Sample sample = Sample.of(kernel, 1000, X, W, B);
    assertThat(sample.mean)
        .as(kernel.describe())
        .isCloseTo(kernel.expected(z), within(DEVIATIONS * sample.meanError + 1e-12));
    assertThat(predicted)
        .as(kernel.describe())
        .isCloseTo(sample.variance, within(DEVIATIONS * sample.varianceError));
    // The band limit is what remains between the expectation and the activation.
    assertThat(Math.abs(kernel.expected(z) - kernel.activation().value(z)))
        .isLessThanOrEqualTo(kernel.activation().spectrum().tail(BAND_LIMIT) + 1e-3);
  }

  @Test
  void oneFrequencyABlockIsUnbiasedAndHasThePredictedVariance() {
    for (String name : List.of("tanh", "gelu", "gaussian")) {
      UniversalRandomFeatures kernel =
          kernel(name, 36)
              .projection(Projection.GAUSSIAN)
              .frequencyPerBlock(true)
              .bandLimit(5)
              .build();
      Sample sample = Sample.of(kernel, 3000, X, W, B);
      assertThat(sample.mean)
          .isCloseTo(kernel.expected(dot(X, W) + B), within(DEVIATIONS * sample.meanError));
      assertThat(kernel.variance(0.5, 0.8, dot(X, W), B))
          .isCloseTo(sample.variance, within(DEVIATIONS * sample.varianceError));
    }
  }

  @ParameterizedTest
  @EnumSource(Factorization.class)
  void theTowersProductIsTheEstimateRowByRow(Factorization factorization) {
    int n = 37;
    int l = 5;
    double[] x = Arrays.stream(TestRows.gaussian(n * D, 3)).map(v -> v / 4).toArray();
    double[] w = Arrays.stream(TestRows.gaussian(l * D, 4)).map(v -> v / 4).toArray();
    double[] b = TestRows.gaussian(l, 5);
    for (String name : List.of("sin", "cos", "tanh", "sigmoid", "relu", "gelu")) {
      UniversalRandomFeatures kernel =
          kernel(name, 22).factorization(factorization).exponent(-0.1).bandLimit(4).build();
      int m = kernel.features();
      int ld = m + 3;
      double[] phi = new double[n * ld];
      double[] psi = new double[l * ld];
      Arrays.fill(phi, 7);
      Arrays.fill(psi, 7);
      kernel.inputTower(n, x, phi, ld);
      kernel.parameterTower(l, w, b, psi, ld);
      double[] one = new double[m];
      for (int i = 0; i < n; i++) {
        double[] xi = Arrays.copyOfRange(x, i * D, (i + 1) * D);
        double[] row = Arrays.copyOfRange(phi, i * ld, i * ld + m);
        kernel.inputTower(1, xi, one, m);
        for (int j = 0; j < m; j++) {
          assertThat(one[j]).isCloseTo(row[j], within(1e-12 * (1 + Math.abs(row[j]))));
        }
        assertThat(phi[i * ld + m]).isEqualTo(7);
        for (int u = 0; u < l; u++) {
          double[] wu = Arrays.copyOfRange(w, u * D, (u + 1) * D);
          double product = dot(row, Arrays.copyOfRange(psi, u * ld, u * ld + m));
          assertThat(product)
              .as("%s, %s", name, factorization)
              .isCloseTo(kernel.estimate(xi, wu, b[u]), within(1e-9));
        }
      }
    }
  }

  @Test
  void positiveInputFeaturesArePositive() {
    UniversalRandomFeatures kernel =
        kernel("gaussian", 64).factorization(Factorization.POSITIVE).build();
    double[] phi = new double[50 * kernel.features()];
    kernel.inputTower(50, TestRows.gaussian(50 * D, 3), phi, kernel.features());
    assertThat(Arrays.stream(phi).min().orElseThrow()).isPositive();
  }

  @Test
  void theErrorFallsWithTheRootOfTheFeatures() {
    for (String name : List.of("sin", "tanh", "relu")) {
      double[] logRmse = new double[3];
      for (int k = 0; k < 3; k++) {
        UniversalRandomFeatures kernel =
            kernel(name, 16 << (2 * k)).projection(Projection.GAUSSIAN).bandLimit(8).build();
        logRmse[k] = Math.log(Sample.of(kernel, 1500, X, W, B).variance) / 2;
      }
      double slope = (logRmse[2] - logRmse[0]) / Math.log(16);
      assertThat(slope).as(name).isCloseTo(-0.5, within(0.06));
    }
  }

  /** Yu et al. 2016, for norms that are small; with one frequency the draws differ in g alone. */
  @ParameterizedTest
  @EnumSource(Factorization.class)
  void orthogonalDirectionsHaveLessVarianceThanIndependentOnes(Factorization factorization) {
    int d = 12;
    double[] x = scaled(TestRows.gaussian(d, 21), 0.6);
    double[] w = scaled(TestRows.gaussian(d, 22), 0.6);
    UniversalRandomFeatures.Builder builder =
        UniversalRandomFeatures.of(Activation.of("cos"), d, 2 * d)
            .norms(0.6, 0.6)
            .factorization(factorization);
    double orthogonal = Sample.of(builder.build(), 3000, x, w, 0.1).variance;
    UniversalRandomFeatures independent = builder.projection(Projection.GAUSSIAN).build();
    assertThat(orthogonal).isLessThan(0.9 * independent.variance(0.6, 0.6, dot(x, w), 0.1));
  }

  // ---- predictions ----

  /**
   * log₁₀ of the draws for rmse 0.1 of cos at ‖x‖² = d, ‖w‖ = 1, x ⊥ w: ½e^(W + X), ½e^(2√(XW)) and
   * with the best A; the figures of the documentation.
   */
  @ParameterizedTest
  @CsvSource({"4, 3.9, 3.4, 2.9", "10, 6.5, 4.5, 3.9", "28, 14.3, 6.3, 5.6", "54, 25.6, 8.1, 7.4"})
  void drawsForStandardisedInputs(int d, double paper, double balanced, double best) {
    UniversalRandomFeatures.Builder builder =
        UniversalRandomFeatures.of(Activation.of("cos"), d, 2).norms(Math.sqrt(d), 1);
    double norm = Math.sqrt(d);
    double[] found = {
      builder.factorization(Factorization.PAPER).build().variance(norm, 1, 0, 0),
      builder.factorization(Factorization.BALANCED).build().variance(norm, 1, 0, 0),
      builder.optimalExponent().build().variance(norm, 1, 0, 0)
    };
    assertThat(Math.log10(found[0] / 0.01)).isCloseTo(paper, within(0.06));
    assertThat(Math.log10(found[1] / 0.01)).isCloseTo(balanced, within(0.06));
    // The table neglects the cosine part of the moment here.
    assertThat(Math.log10(found[2] / 0.01)).isCloseTo(best, within(0.11));
  }

  @Test
  void thePredictedNumberOfFeaturesGivesTheWantedError() {
    for (String name : List.of("sin", "sigmoid", "softplus")) {
      double wanted = 0.05;
      int m = kernel(name, 2).build().featuresFor(wanted, 0.5, 0.8, dot(X, W), B);
      assertThat(m).isGreaterThan(8);
      UniversalRandomFeatures kernel = kernel(name, m).projection(Projection.GAUSSIAN).build();
      Sample sample = Sample.of(kernel, 1500, X, W, B);
      assertThat(sample.variance)
          .as(name)
          .isCloseTo(wanted * wanted, within(DEVIATIONS * sample.varianceError));
      assertThat(kernel.layerRmse(1, X, 1, W, new double[] {B})).isCloseTo(wanted, within(2e-3));
    }
  }

  @Test
  void theBestAIsThatOfTheFormula() {
    for (double realExponent : new double[] {0.1, 1, 9}) {
      int d = 6;
      double best = UniversalRandomFeatures.optimalA(d, realExponent);
      for (double other : new double[] {best * 0.9, best * 1.1}) {
        assertThat(cost(d, realExponent, best)).isLessThan(cost(d, realExponent, other));
      }
      // The cosine part of the moment moves the optimum a little.
      double searched =
          UniversalRandomFeatures.of(Activation.of("cos"), d, 2)
              .factorization(Factorization.PAPER)
              .norms(1, Math.sqrt(realExponent))
              .optimalExponent()
              .build()
              .exponent();
      assertThat(searched).isCloseTo(best, within(0.03 + 0.1 * Math.abs(best)));
    }
  }

  private static double cost(int d, double realExponent, double a) {
    return d / 2.0 * (2 * Math.log(1 - 4 * a) - Math.log(1 - 8 * a)) + realExponent / (1 - 8 * a);
  }

  @Test
  void balanceAndTheBestALowerTheVariance() {
    for (String name : List.of("tanh", "gelu", "relu")) {
      UniversalRandomFeatures.Builder builder =
          UniversalRandomFeatures.of(Activation.of(name), 8, 64).norms(2, 1).bandLimit(2);
      double paper = builder.factorization(Factorization.PAPER).build().variance(2, 1, 0.3, 0.2);
      double balanced =
          builder.factorization(Factorization.BALANCED).build().variance(2, 1, 0.3, 0.2);
      double best = builder.optimalExponent().build().variance(2, 1, 0.3, 0.2);
      assertThat(balanced).as(name).isLessThan(0.7 * paper);
      assertThat(best).as(name).isLessThan(balanced);
    }
  }

  // ---- what cannot be ----

  @Test
  void directionsThatAreNotNormalAreRefused() {
    assertThatThrownBy(() -> kernel("sin", 2).projection(Projection.LAPLACE))
        .hasMessage(
            "universal random features: expected normal directions, got 'laplace'. Choose gaussian,"
                + " orthogonal, hadamard or halton.");
  }

  @Test
  void infiniteVarianceIsRefusedUnlessTheBandIsLimited() {
    assertThatThrownBy(() -> kernel("tanh", 2).norms(2, 1).build())
        .isInstanceOf(InfeasibleReplacementException.class)
        .hasMessage(
            "random features of 'tanh': expected a band limit, without which the variance is finite"
                + " only for ‖x‖‖w‖ < 1.571, got none, and ‖x‖ = 2.0, ‖w‖ = 1.0. Set one;"
                + " Activation.bias tells what it leaves out.");
    assertThatThrownBy(
            () -> kernel("tanh", 2).factorization(Factorization.PAPER).norms(0.1, 1).build())
        .isInstanceOf(InfeasibleReplacementException.class)
        .hasMessageContaining("finite only for no input (Gaussian spectra aside), got none");
    assertThatThrownBy(
            () -> kernel("erf", 2).factorization(Factorization.PAPER).norms(0.8, 1).build())
        .isInstanceOf(InfeasibleReplacementException.class)
        .hasMessageContaining("finite only for ‖x‖ < 0.7071, got none");
    assertThatThrownBy(() -> kernel("relu", 2).build())
        .isInstanceOf(InfeasibleReplacementException.class)
        .hasMessageContaining("finite only for no input, got none");
    assertThat(kernel("tanh", 2).norms(1.5, 1).build().variance(1.5, 1, 0, 0)).isFinite();
    assertThat(kernel("relu", 2).norms(2, 1).bandLimit(4).build().bandLimit()).isEqualTo(4);
  }

  @Test
  void hopelessReplacementsAreTold() {
    UniversalRandomFeatures kernel =
        UniversalRandomFeatures.of(Activation.of("cos"), 54, 2).norms(Math.sqrt(54), 1).build();
    String hopeless =
        "random features of 'cos': expected ‖x‖‖w‖ of order 1, got 7.35, where an rmse of 0.1 needs"
            + " 10^8.4 features. Learn the read-out of random features instead, scale the layer, or"
            + " take ReLU-SNNK, whose relative variance does not depend on norms.";
    assertThat(kernel.warning()).contains(hopeless);
    assertThatThrownBy(() -> kernel.featuresFor(0.1, Math.sqrt(54), 1, 0, 0))
        .isInstanceOf(InfeasibleReplacementException.class)
        .hasMessage(hopeless);
    assertThat(kernel("cos", 2).build().warning()).isEmpty();
    assertThatThrownBy(() -> kernel("relu", 2).bandLimit(1).build().featuresFor(0.01, 1, 1, 1, 0))
        .isInstanceOf(InfeasibleReplacementException.class)
        .hasMessageContaining("expected a bias below the wanted rmse of 0.01, got ")
        .hasMessageEndingWith("with band limit 1.00. Raise the band limit.");
    assertThatThrownBy(() -> kernel("cos", 2).build().featuresFor(0, 1, 1, 0, 0))
        .hasMessage(
            "random features of 'cos': expected an rmse > 0, got 0.0. No number of features has"
                + " none.");
  }

  @Test
  void badChoicesAreRefused() {
    Activation tanh = Activation.of("tanh");
    assertThatThrownBy(() -> UniversalRandomFeatures.of(tanh, 0, 2))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "random features of 'tanh': expected one input or more, got 0. Give the width d of the"
                + " layer.");
    for (int m : new int[] {0, 3}) {
      assertThatThrownBy(() -> UniversalRandomFeatures.of(tanh, 1, m))
          .isInstanceOf(SnnkException.class)
          .hasMessage(
              "random features of 'tanh': expected an even number of random features from 2 to"
                  + " 16777216, got "
                  + m
                  + ". Each draw has two.");
    }
    assertThatThrownBy(() -> kernel("tanh", 2).exponent(0.01))
        .hasMessage(
            "random features of 'tanh': expected a finite A ≤ 0, got 0.01. A > 0 makes variance"
                + " larger; optimalExponent finds the best.");
    assertThatThrownBy(() -> kernel("tanh", 2).bandLimit(0))
        .hasMessage(
            "random features of 'tanh': expected a band limit > 0, got 0.0. Activation.bias tells"
                + " what a limit leaves out.");
    assertThatThrownBy(() -> kernel("tanh", 2).norms(0, 1))
        .hasMessage(
            "random features of 'tanh': expected finite norms > 0, got 0.0 and 1.0. Give typical"
                + " ‖x‖ and ‖w‖ of the layer.");
    assertThatThrownBy(() -> kernel("polynomial(0,0,1)", 2)).isInstanceOf(SpectrumException.class);
    Activation line = Activation.function("line", z -> 2 * z + 1, z -> 2, 20);
    assertThatThrownBy(() -> UniversalRandomFeatures.of(line, 2, 2).build())
        .hasMessage(
            "random features of 'line': expected a function that is not a straight line, got no"
                + " weight at any frequency. Take the linear layer itself.");
    assertThatThrownBy(() -> Factorization.of("papers"))
        .hasMessage(
            "factorization: expected one of paper, balanced, positive, got 'papers'. Did you mean"
                + " 'paper'?");
  }

  @Test
  void numbersThatAreNotFiniteAreRefused() {
    UniversalRandomFeatures kernel = kernel("tanh", 4).build();
    double[] out = new double[2 * kernel.features()];
    double[] bad = new double[2 * D];
    bad[D + 1] = Double.NaN;
    double[] b = new double[2];
    assertThatThrownBy(() -> kernel.inputTower(2, bad, out, kernel.features()))
        .hasMessage(
            "random features of 'tanh': expected finite inputs, got NaN in row 1. Remove or replace"
                + " such values.");
    assertThatThrownBy(() -> kernel.parameterTower(2, bad, b, out, kernel.features()))
        .hasMessageContaining("expected finite weights and biases, got NaN in row 1.");
    b[0] = Double.POSITIVE_INFINITY;
    assertThatThrownBy(() -> kernel.parameterTower(2, new double[2 * D], b, out, kernel.features()))
        .hasMessageContaining("expected finite weights and biases, got a value that is not,");
    assertThatThrownBy(() -> kernel.estimate(new double[D], W, Double.NaN))
        .hasMessageContaining("expected finite inputs, weights and bias, got NaN");
  }

  /** e^(X/2) = e^1250 alone overflows; its product with the other tower need not. */
  @Test
  void aPointIsEstimatedWhereTheTowersOverflow() {
    double[] x = scaled(TestRows.gaussian(D, 31), 50);
    double[] w = scaled(TestRows.gaussian(D, 32), 0.8);
    UniversalRandomFeatures paper = kernel("cos", 32).factorization(Factorization.PAPER).build();
    double[] out = new double[paper.features()];
    assertThatThrownBy(() -> paper.inputTower(1, x, out, out.length))
        .isInstanceOf(InfeasibleReplacementException.class)
        .hasMessageStartingWith(
            "random features of 'cos': expected inputs whose features a double holds, got one with"
                + " e^1250 in row 0.");
    assertThatThrownBy(() -> paper.estimate(x, w, 0))
        .isInstanceOf(InfeasibleReplacementException.class)
        .hasMessageContaining("expected estimates whose features a double holds");
    // The norms of the design swap: Ψ of small weights holds what Φ does not.
    double[] large = scaled(x, 1000);
    double[] small = scaled(w, 0.01);
    UniversalRandomFeatures balanced = kernel("cos", 32).norms(0.5, 0.8).build();
    assertThatThrownBy(() -> balanced.inputTower(1, large, out, out.length))
        .isInstanceOf(InfeasibleReplacementException.class);
    UniversalRandomFeatures designed = kernel("cos", 4096).norms(1000, 0.001).build();
    double[] tiny = scaled(w, 0.001);
    assertThat(designed.estimate(large, tiny, 0))
        .isCloseTo(Math.cos(dot(large, tiny)), within(0.3));
    assertThat(small[0]).isNotZero();
  }

  @Test
  void aSentKernelIsTheSame() throws IOException, ClassNotFoundException {
    UniversalRandomFeatures kernel = kernel("gelu", 16).build();
    double estimate = kernel.estimate(X, W, B);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(kernel);
    }
    assertThat(bytes.size()).isLessThan(40_000);
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      SnnkKernel sent = (SnnkKernel) in.readObject();
      assertThat(sent.describe()).isEqualTo(kernel.describe());
      assertThat(((UniversalRandomFeatures) sent).estimate(X, W, B)).isEqualTo(estimate);
    }
  }

  @Test
  void describeNamesEveryChoice() {
    assertThat(kernel("tanh", 8).exponent(-0.5).bandLimit(3).frequencyPerBlock(true).build())
        .extracting(UniversalRandomFeatures::describe)
        .isEqualTo(
            "universal random features(tanh, m=8, d=4, balanced, A=-0.5000, a≤3.000, ‖x‖≈0.5000,"
                + " ‖w‖≈0.8000, orthogonal with one frequency a block, seed=1)");
    assertThat(kernel("sin", 8).build().describe()).doesNotContain("a≤");
  }

  // ---- polynomials ----

  @Test
  void polynomialsAreSineCosineAndExponential() {
    int n = 4001;
    double[] at = new double[n];
    double[] cos = new double[n];
    double[] sin = new double[n];
    for (int i = 0; i < n; i++) {
      at[i] = (i - n / 2) * 0.00317;
    }
    VectorMath.cosines(at, cos, n);
    VectorMath.sines(at, sin, n);
    for (int i = 0; i < n; i++) {
      double angle = 2 * Math.PI * at[i];
      assertThat(cos[i]).isCloseTo(Math.cos(angle), within(1e-14));
      assertThat(sin[i]).isCloseTo(Math.sin(angle), within(1e-14));
    }
    double[] exponents = {-1e9, -750, -700, -100, -1.5, -1e-9, 0, 1e-9, 0.3, 2, 100, 699, 700};
    double[] powers = exponents.clone();
    VectorMath.exp(powers, powers.length);
    for (int i = 0; i < powers.length; i++) {
      double exact = Math.exp(exponents[i]);
      assertThat(powers[i]).isCloseTo(exact, within(3e-13 * exact + 1e-304));
    }
  }
}
