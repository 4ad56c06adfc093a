package org.snnk.activation;

import org.snnk.SnnkException;
import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.BlockOperations.Function;

/** zΦ(z/σ) + σφ(z/σ). */
record SmoothedRelu(double sigma) implements Activation {
  static final String FAMILY = "smoothed-relu";

  SmoothedRelu {
    if (!(sigma > 0) || Double.isInfinite(sigma)) {
      throw new SnnkException(
          "activation '" + FAMILY + "'",
          "a finite standard deviation > 0",
          sigma + "",
          null,
          "For the unsmoothed one take relu.");
    }
  }

  @Override
  public String key() {
    return FAMILY + "(" + sigma + ")";
  }

  @Override
  public double value(double z) {
    double u = z / sigma;
    return z * ErrorFunction.normalCdf(u) + sigma * ErrorFunction.normalDensity(u);
  }

  @Override
  public double derivative(double z) {
    return ErrorFunction.normalCdf(z / sigma);
  }

  @Override
  public <B> B express(BlockOperations<B> on, B z) {
    B u = on.multiply(z, 1 / sigma);
    B density = on.apply(Function.EXP, on.multiply(on.multiply(u, u), -0.5));
    return on.add(
        on.multiply(z, ErrorFunction.normalCdf(on, u)),
        on.multiply(density, sigma * ErrorFunction.normalDensity(0)));
  }

  @Override
  public Spectrum spectrum() {
    double variance = sigma * sigma;
    return Spectrum.differences(
            a -> StrictMath.exp(-variance * a * a / 2) / (Math.PI * a * a),
            new Spectrum.Decay(variance, 0, 2))
        .plus(sigma * ErrorFunction.normalDensity(0), 0.5);
  }
}
