package org.snnk.activation;

import java.util.Arrays;
import org.snnk.SnnkException;
import org.snnk.linalg.BlockOperations;

/** Σᵢ cᵢ zⁱ. */
final class Polynomial implements Activation {
  static final String FAMILY = "polynomial";

  private static final long serialVersionUID = 1L;

  private final double[] coefficients;

  Polynomial(double... coefficients) {
    if (coefficients.length == 0 || !Arrays.stream(coefficients).allMatch(Double::isFinite)) {
      throw new SnnkException(
          "activation '" + FAMILY + "'",
          "one or more finite coefficients",
          Arrays.toString(coefficients),
          null,
          "Give c₀, c₁, … of Σ cᵢ zⁱ.");
    }
    this.coefficients = coefficients.clone();
  }

  @Override
  public String key() {
    String text = Arrays.toString(coefficients);
    return FAMILY + "(" + text.substring(1, text.length() - 1).replace(" ", "") + ")";
  }

  @Override
  public double value(double z) {
    double sum = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      sum = sum * z + coefficients[i];
    }
    return sum;
  }

  @Override
  public double derivative(double z) {
    double sum = 0;
    for (int i = coefficients.length - 1; i >= 1; i--) {
      sum = sum * z + i * coefficients[i];
    }
    return sum;
  }

  @Override
  public <B> B express(BlockOperations<B> on, B z) {
    int terms = Math.max(2, coefficients.length); // a constant alone would be no block
    return on.polynomial(z, Arrays.copyOf(coefficients, terms));
  }

  @Override
  public Spectrum spectrum() {
    throw new SpectrumException(
        key(),
        "a measure of frequencies",
        "derivatives of a point mass at 0",
        null,
        "Take product features, which are made for polynomials.");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Polynomial polynomial
        && Arrays.equals(coefficients, polynomial.coefficients);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(coefficients);
  }
}
