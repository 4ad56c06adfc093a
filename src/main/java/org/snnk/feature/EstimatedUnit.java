package org.snnk.feature;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.snnk.activation.Activation;

/**
 * A unit of a layer beside the towers that estimate it, for {@link KernelError} to measure. A
 * further kernel is one more implementation.
 *
 * <p>What is drawn is a function of the seed.
 */
public interface EstimatedUnit extends Serializable {
  /** The names of those that are no activations: arc-cosine kernels of order 0, 1 and 2. */
  List<String> ARC_COSINES = List.of("arccos0", "arccos1", "arccos2");

  /**
   * What is measured under a name.
   *
   * @param name one of {@link #ARC_COSINES}, or an activation, which is one unit by each
   *     factorization
   */
  static List<EstimatedUnit> of(
      String name, List<Factorization> factorizations, Projection projection, double bandLimit) {
    int order = ARC_COSINES.indexOf(name);
    if (order >= 0) {
      return List.of(new ArcCosine(order, projection));
    }
    List<EstimatedUnit> units = new ArrayList<>();
    for (Factorization factorization : factorizations) {
      units.add(new Urf(name, factorization, projection, bandLimit));
    }
    return units;
  }

  /** What it is, for tables and plots. */
  String name();

  /** The towers with m features for inputs and weights of typical norms. */
  SnnkKernel kernel(int d, int m, double inputNorm, double parameterNorm, long seed);

  /** What they stand for. */
  double exact(double[] x, double[] w, double b);

  /** What towers of this unit have for an expectation; differs from exact by a known bias. */
  double expected(SnnkKernel kernel, double[] x, double[] w, double b);

  /** The variance that theory predicts for independent directions. */
  double variance(SnnkKernel kernel, double[] x, double[] w, double b);

  /** Its bias, where that of all is b. */
  default double bias(double b) {
    return b;
  }

  /** wᵀx. */
  static double dot(double[] x, double[] w) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * w[k];
    }
    return sum;
  }

  /**
   * f(wᵀx + b) by universal random features.
   *
   * @param activation its name
   * @param bandLimit the largest frequency where they have a density
   */
  record Urf(
      String activation, Factorization factorization, Projection projection, double bandLimit)
      implements EstimatedUnit {
    private static final long serialVersionUID = 1L;

    @Override
    public String name() {
      return activation + ", " + factorization.key() + ", " + projection.key();
    }

    @Override
    public SnnkKernel kernel(int d, int m, double inputNorm, double parameterNorm, long seed) {
      return UniversalRandomFeatures.of(Activation.of(activation), d, m)
          .factorization(factorization)
          .projection(projection)
          .norms(inputNorm, parameterNorm)
          .bandLimit(bandLimit)
          .seed(seed)
          .build();
    }

    @Override
    public double exact(double[] x, double[] w, double b) {
      return Activation.of(activation).value(dot(x, w) + b);
    }

    @Override
    public double expected(SnnkKernel kernel, double[] x, double[] w, double b) {
      return ((UniversalRandomFeatures) kernel).expected(dot(x, w) + b);
    }

    @Override
    public double variance(SnnkKernel kernel, double[] x, double[] w, double b) {
      return ((UniversalRandomFeatures) kernel)
          .variance(Math.sqrt(dot(x, x)), Math.sqrt(dot(w, w)), dot(x, w), b);
    }
  }

  /**
   * ½Kₙ of the arc-cosine kernels by ReLU-SNNK towers, without a bias.
   *
   * @param order n
   */
  record ArcCosine(int order, Projection projection) implements EstimatedUnit {
    private static final long serialVersionUID = 1L;

    @Override
    public String name() {
      return ARC_COSINES.get(order) + ", " + projection.key();
    }

    @Override
    public SnnkKernel kernel(int d, int m, double inputNorm, double parameterNorm, long seed) {
      return new ArcCosineKernel(d, m, order, false, projection, seed);
    }

    @Override
    public double exact(double[] x, double[] w, double b) {
      return new ArcCosineKernel(x.length, 1, order, false, projection, 0).expectation(x, w, b);
    }

    @Override
    public double expected(SnnkKernel kernel, double[] x, double[] w, double b) {
      return ((ArcCosineKernel) kernel).expectation(x, w, b);
    }

    @Override
    public double variance(SnnkKernel kernel, double[] x, double[] w, double b) {
      return ((ArcCosineKernel) kernel).variance(x, w, b);
    }

    @Override
    public double bias(double b) {
      return 0;
    }
  }
}
