package org.snnk.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.SnnkException;

class ActivationTest {
  private static final double EVERYWHERE = Double.POSITIVE_INFINITY;

  static Stream<Activation> all() {
    return Stream.concat(
        Activation.names().stream().map(Activation::of), Stream.of(Activation.smoothedRelu(3)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void itsNameFindsIt(Activation activation) {
    assertThat(Activation.of(activation.key())).isEqualTo(activation);
  }

  @ParameterizedTest
  @MethodSource("all")
  void theDerivativeIsTheLimitOfDifferences(Activation f) {
    double h = 1e-5;
    for (double z = -6.05; z < 6.1; z += 0.1) {
      double difference = (f.value(z + h) - f.value(z - h)) / (2 * h);
      assertThat(f.derivative(z)).as("%s at %s", f.key(), z).isCloseTo(difference, within(2e-9));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void blocksOfFloatsAreTheFunctionRounded(Activation f) {
    int n = 41; // no whole number of vector lanes
    float[] z = new float[n];
    float[] dy = new float[n];
    for (int i = 0; i < n; i++) {
      z[i] = 0.3f * (i - 20) + 0.01f;
      dy[i] = 2;
    }
    float[] y = z.clone();
    f.apply(n - 1, y);
    f.multiplyByDerivative(n - 1, f.derivativeFromValue() ? y : z, dy);
    for (int i = 0; i < n - 1; i++) {
      float relative = 1e-6f * Math.max(1, Math.abs(y[i]));
      assertThat(y[i]).isCloseTo((float) f.value(z[i]), within(relative));
      assertThat(dy[i]).isCloseTo(2 * (float) f.derivative(z[i]), within(2e-6f));
    }
    assertThat(y[n - 1]).isEqualTo(z[n - 1]);
    assertThat(dy[n - 1]).isEqualTo(2);
  }

  /** One-sided limits, where values are computed by another formula. */
  @ParameterizedTest
  @MethodSource("all")
  void valuesAndSlopesAreFiniteFarOutAndNearZero(Activation f) {
    for (double z : new double[] {-800, -40, -1e-3, -1e-12, 0, 1e-12, 1e-5, 2e-4, 40, 800}) {
      assertThat(f.value(z)).as("%s at %s", f.key(), z).isFinite();
      assertThat(f.derivative(z)).as("%s' at %s", f.key(), z).isFinite();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sin",
        "cos",
        "gaussian",
        "sinc",
        "sech",
        "tanh",
        "sigmoid",
        "erf",
        "arctan",
        "gelu",
        "softplus",
        "silu",
        "smoothed-relu(0.3)",
        "smoothed-relu(4)"
      })
  void theIntegralOverFrequenciesIsTheFunction(String name) {
    Activation f = Activation.of(name);
    for (double z = -9; z <= 9; z += 0.37) {
      assertThat(f.spectrum().value(z, EVERYWHERE))
          .as("%s at %s", name, z)
          .isCloseTo(f.value(z), within(1e-10));
    }
    assertThat(f.spectrum().tail(EVERYWHERE)).isZero();
    assertThat(f.bias(EVERYWHERE, 5)).isLessThan(1e-10);
  }

  /** ∫₀^L sin(az)/a da = Si(Lz), whose largest value is Wilbraham's 1.8519370519824663. */
  @Test
  void signWithoutHighFrequenciesOvershootsByGibbs() {
    Spectrum sign = Activation.of("sign").spectrum();
    for (double limit : new double[] {3, 25}) {
      assertThat(sign.value(Math.PI / limit, limit))
          .isCloseTo(2 / Math.PI * 1.8519370519824663, within(1e-12));
      assertThat(sign.tail(limit)).isInfinite();
    }
    // The jump stays a jump: at 0 half of it is always missing.
    assertThat(Activation.of("sign").bias(50, 2)).isBetween(0.9, 1.0);
  }

  /**
   * The error of ReLU and |z| tends to 1/(π L) and 2/(π L) away from 0; its largest is 1.35 times
   * that.
   */
  @Test
  void reluLosesOneOverPiTimesTheLimit() {
    for (double limit : new double[] {5, 20, 80}) {
      double unit = 1 / (Math.PI * limit);
      Spectrum relu = Activation.of("relu").spectrum();
      assertThat(relu.value(0, limit)).isZero();
      double far = 60.5 * Math.PI / limit;
      assertThat(far - relu.value(far, limit)).isCloseTo(unit, within(0.02 * unit));
      assertThat(Activation.of("relu").bias(limit, 3)).isBetween(1.2 * unit, 1.4 * unit);
      assertThat(Activation.of("abs").bias(limit, 3)).isBetween(2.4 * unit, 2.8 * unit);
      assertThat(relu.tail(limit)).isCloseTo(2 * unit, within(1e-12));
    }
  }

  @Test
  void theLossOfLaplaceIsLargestAtItsKink() {
    Activation laplace = Activation.of("laplace");
    double lost = 1 - 2 / Math.PI * Math.atan(30);
    assertThat(laplace.spectrum().tail(30)).isCloseTo(lost, within(1e-12));
    assertThat(laplace.bias(30, 4)).isCloseTo(lost, within(1e-6));
  }

  @ParameterizedTest
  @MethodSource("all")
  void theTailBoundsTheBias(Activation f) {
    if (f instanceof Polynomial) {
      return;
    }
    for (double limit : new double[] {0.5, 2, 6}) {
      assertThat(f.bias(limit, 7))
          .as("%s up to %s", f.key(), limit)
          .isLessThanOrEqualTo(f.spectrum().tail(limit) + 1e-10);
    }
  }

  /** Abramowitz and Stegun, Table 7.1 and 7.3. */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0.5204998778130465",
    "1, 0.8427007929497149",
    "2, 0.9953222650189527",
    "2.6, 0.9997639655834707",
    "3, 0.9999779095030014"
  })
  void errorFunctionOfTables(double z, double erf) {
    assertThat(Activation.of("erf").value(z)).isCloseTo(erf, within(4e-16));
    assertThat(Activation.of("erf").value(-z)).isCloseTo(-erf, within(4e-16));
    assertThat(ErrorFunction.erfc(z)).isCloseTo(1 - erf, within(4e-16));
  }

  @Test
  void geluKeepsItsDigitsWhereItVanishes() {
    // −10·Φ(−10), Φ(−10) = 7.619853024160527…e-24.
    assertThat(Activation.of("gelu").value(-10)).isCloseTo(-7.619853024160528e-23, within(1e-36));
  }

  // ---- a user's function ----

  private static Activation function(RealFunction f) {
    return Activation.function("mine", f, z -> 0, 20);
  }

  @Test
  void theNumericalSpectrumOfAKnownFunctionIsTheKnownOne() {
    Spectrum known = Activation.of("sech").spectrum();
    Spectrum found = function(z -> 1 / Math.cosh(z)).spectrum();
    assertThat(found.differences()).isFalse();
    assertThat(found.constant()).isCloseTo(0, within(1e-8));
    for (double a = 0.01; a < 8; a += 0.173) {
      assertThat(found.even(a)).isCloseTo(known.even(a), within(1e-7));
      assertThat(found.odd(a)).isCloseTo(0, within(1e-7));
    }
  }

  static List<Activation> functions() {
    return List.of(
        Activation.function("shifted", z -> Math.exp(-(z - 1) * (z - 1)), z -> 0, 20),
        Activation.function("tanh by sums", Math::tanh, z -> 0, 20),
        Activation.function("hard tanh", z -> Math.max(-1, Math.min(1, z)), z -> 0, 20),
        Activation.function("leaky", z -> z > 0 ? z : 0.01 * z, z -> 0, 20),
        Activation.function("elu", z -> z > 0 ? z : Math.expm1(z), z -> 0, 25),
        Activation.function(
            "mish", z -> z * Math.tanh(Activation.of("softplus").value(z)), z -> 0, 30),
        Activation.function("line", z -> 2 - 3 * z, z -> 0, 20));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void aUsersFunctionIsItsNumericalSpectrumWithinTheStatedError(Activation f) {
    Spectrum spectrum = f.spectrum();
    assertThat(spectrum.error()).isBetween(0.0, 2e-3);
    double allowed = 3 * spectrum.error() + 1e-6;
    for (double z = -6; z <= 6; z += 0.41) {
      assertThat(spectrum.value(z, EVERYWHERE))
          .as("%s at %s", f.key(), z)
          .isCloseTo(f.value(z), within(allowed));
    }
  }

  @Test
  void smoothFunctionsHaveASmallStatedErrorAndKinksALargerOne() {
    assertThat(function(Math::tanh).spectrum().error()).isLessThan(1e-9);
    double kink = function(z -> Math.max(z, 0.2 * z)).spectrum().error();
    assertThat(kink).isBetween(1e-5, 2e-3);
  }

  @Test
  void functionsWithoutAFourierTransformAreRefused() {
    String remedy =
        "Widen the window if it dies away later; for a function that grows faster than |z| take"
            + " product features of a polynomial, for a periodic one its own sines and cosines.";
    for (RealFunction bad :
        List.<RealFunction>of(z -> z * z, Math::exp, Math::sin, z -> z / (1 + Math.abs(z)))) {
      assertThatThrownBy(() -> function(bad).spectrum())
          .isInstanceOf(SpectrumException.class)
          .hasMessageStartingWith(
              "spectrum of 'mine': expected a straight line beyond |z| = 18.0, got a bend of ")
          .hasMessageEndingWith(remedy);
    }
    assertThatThrownBy(() -> function(Math::sqrt).spectrum())
        .isInstanceOf(SpectrumException.class)
        .hasMessage("spectrum of 'mine': expected finite values, got NaN at z = -20.0. " + remedy);
  }

  // ---- mistakes ----

  @Test
  void polynomialsNameTheFeaturesThatFitThem() {
    assertThatThrownBy(() -> Activation.polynomial(1, 0, 2).spectrum())
        .isInstanceOf(SpectrumException.class)
        .hasMessage(
            "spectrum of 'polynomial(1.0,0.0,2.0)': expected a measure of frequencies, got"
                + " derivatives of a point mass at 0. Take product features, which are made for"
                + " polynomials.");
  }

  @Test
  void powerLawsNeedABandLimit() {
    assertThatThrownBy(() -> Activation.of("relu").spectrum().value(1, EVERYWHERE))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "band limit: expected a finite frequency > 0, since weights fall no faster than a^−2.0,"
                + " got Infinity. Set one; Activation.bias tells what it leaves out.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "tanhh|'tanhh'. Did you mean 'tanh'?",
        "smoothed-rel(1)|'smoothed-rel(1)'. Did you mean 'smoothed-relu(0.1)'?",
        "zzzzzzzzzzz|Choose among them, or define it by Activation.function.",
        "smoothed-relu(x)|expected numbers between the brackets, got 'x'. Write smoothed-relu(0.1)",
        "smoothed-relu(0)|expected a finite standard deviation > 0, got 0.0. For the unsmoothed one",
        "polynomial(1,NaN)|expected one or more finite coefficients, got [1.0, NaN]. Give c₀, c₁",
      })
  void unknownNamesAreOneSentence(String name, String message) {
    assertThatThrownBy(() -> Activation.of(name))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining(message);
  }

  @Test
  void badWindowsAndRadiiAreRefused() {
    assertThatThrownBy(() -> Activation.function("f", Math::tanh, z -> 0, 0))
        .hasMessage(
            "activation 'f': expected a finite window > 0, got 0.0. Give half the width of where"
                + " the function is not yet a straight line, such as 20.");
    assertThatThrownBy(() -> Activation.of("tanh").bias(3, -1))
        .hasMessage(
            "bias of 'tanh': expected a finite radius > 0, got -1.0. Give the largest |wᵀx + b| of"
                + " the layer.");
  }

  // ---- the transform ----

  @Test
  void theFastTransformIsTheSum() {
    int n = 32;
    double[] re = new double[n];
    double[] im = new double[n];
    for (int i = 0; i < n; i++) {
      re[i] = Math.sin(i * i);
      im[i] = Math.cos(3 * i);
    }
    double[] x = re.clone();
    double[] y = im.clone();
    FourierTransform.transform(re, im);
    for (int k = 0; k < n; k++) {
      double r = 0;
      double s = 0;
      for (int i = 0; i < n; i++) {
        double phase = -2 * Math.PI * k * i / n;
        r += x[i] * Math.cos(phase) - y[i] * Math.sin(phase);
        s += x[i] * Math.sin(phase) + y[i] * Math.cos(phase);
      }
      assertThat(re[k]).isCloseTo(r, within(1e-12));
      assertThat(im[k]).isCloseTo(s, within(1e-12));
    }
  }
}
