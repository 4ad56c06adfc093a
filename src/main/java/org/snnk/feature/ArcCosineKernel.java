package org.snnk.feature;

import org.snnk.SnnkException;
import org.snnk.linalg.Blas;
import org.snnk.random.CounterRandom;

/**
 * Towers whose product estimates the arc-cosine kernel of order n = 0, 1 or 2: Φ(x) = m^−½
 * ReLU(Gx⁺)ⁿ and Ψ(w, b) = m^−½ ReLU(Gw⁺)ⁿ, with the step function for n = 0 (Scalable Neural
 * Network Kernels, Theorem 3.2; order 1 is the paper's ReLU-SNNK). Theorem 3.2 prints ReLU(zⁿ); the
 * kernel belongs to ReLU(z)ⁿ, which is the same for n = 1.
 *
 * <p>With θ the angle between x⁺ and w⁺ and rows g ~ N(0, I) of G
 *
 * <pre>   E Φ(x)·Ψ(w, b) = ½Kₙ(x⁺, w⁺) = ‖x⁺‖ⁿ‖w⁺‖ⁿ Jₙ(θ)/2π</pre>
 *
 * (Cho and Saul 2009, Eq. 1–6). It is a kernel of its own and not ReLU(wᵀx + b).
 *
 * <p><b>Shapes</b>: x⁺ = [x; 1] and w⁺ = [w; b] with a bias, else x and w. <b>Scale</b>: x as the
 * layer sees it. <b>Cost</b>: 2dm flops a row. <b>Deterministic</b>: G is a function of the seed;
 * the towers are plain sums of doubles, whose last bits depend on the BLAS.
 *
 * <p><b>Variance</b> of the m-mean with independent rows: see {@link #variance}. Relative to the
 * kernel's square it does not depend on norms, which is what lets this variant work.
 */
public final class ArcCosineKernel implements SnnkKernel {
  private static final long serialVersionUID = 1L;
  private static final long DIRECTION_STREAM = 0x617263636F73L;
  private static final int MAX_ORDER = 2;

  private final int inputs;
  private final int features;
  private final int order;
  private final boolean bias;
  private final Projection projection;
  private final long seed;

  private transient volatile double[] directions;

  /**
   * Towers.
   *
   * @param inputs d
   * @param features m
   * @param order n: 0, 1 or 2
   * @param bias whether 1 and b are appended to x and w; without it every b must be 0
   * @throws SnnkException if a number is out of its range
   */
  public ArcCosineKernel(
      int inputs, int features, int order, boolean bias, Projection projection, long seed) {
    Sizes.require("arc-cosine kernel", inputs, features);
    requireOrder(order);
    projection.requireNormal("arc-cosine kernel");
    this.inputs = inputs;
    this.features = features;
    this.order = order;
    this.bias = bias;
    this.projection = projection;
    this.seed = seed;
  }

  static void requireOrder(int order) {
    if (order < 0 || order > MAX_ORDER) {
      throw new SnnkException(
          "arc-cosine kernel",
          "an order from 0 to " + MAX_ORDER,
          order + "",
          null,
          "0 is the step function, 1 the ReLU, 2 its square.");
    }
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int features() {
    return features;
  }

  private int width() {
    return bias ? inputs + 1 : inputs;
  }

  @Override
  public void inputTower(int n, double[] x, double[] out, int ldOut) {
    tower(n, bias ? Towers.appendOne(n, inputs, x) : x, out, ldOut);
  }

  /**
   * Ψ of a layer of l units.
   *
   * @throws SnnkException if some b is not 0 and there is no bias
   */
  @Override
  public void parameterTower(int l, double[] w, double[] b, double[] out, int ldOut) {
    if (!bias) {
      Towers.requireNoBias("arc-cosine kernel", l, b);
    }
    tower(l, bias ? Towers.append(l, inputs, w, b) : w, out, ldOut);
  }

  private void tower(int n, double[] v, double[] out, int ldOut) {
    Blas.backend().multiply(n, width(), features, v, width(), directions(), out, ldOut);
    double scale = 1 / Math.sqrt(features);
    for (int i = 0; i < n; i++) {
      for (int j = i * ldOut; j < i * ldOut + features; j++) {
        double positive = Math.max(out[j], 0);
        out[j] =
            switch (order) {
              case 0 -> out[j] > 0 ? scale : 0;
              case 1 -> scale * positive;
              default -> scale * positive * positive;
            };
      }
    }
  }

  /** Gᵀ, width×m row-major; two threads that draw at once draw the same. */
  private double[] directions() {
    double[] g = directions;
    if (g == null) {
      g =
          Towers.transposed(
              features,
              width(),
              projection.draw(features, width(), new CounterRandom(seed, DIRECTION_STREAM)));
      directions = g;
    }
    return g;
  }

  /**
   * ½Kₙ, what the product of the towers is on average.
   *
   * @param x d numbers
   * @param w d numbers
   * @param b 0 without a bias
   */
  public double expectation(double[] x, double[] w, double b) {
    Pair pair = pair(x, w, b);
    return pair.power(order) * angular(order, pair.cosine) / (2 * Math.PI);
  }

  /**
   * The variance of the product of the towers with independent rows, XⁿWⁿ[J₂ₙ/2π − (Jₙ/2π)²]/m with
   * X = ‖x⁺‖², W = ‖w⁺‖²; for n = 0, J₀ stands for J₂ₙ too. Orthogonal rows have less.
   */
  public double variance(double[] x, double[] w, double b) {
    Pair pair = pair(x, w, b);
    double mean = angular(order, pair.cosine) / (2 * Math.PI);
    double second = angular(2 * order, pair.cosine) / (2 * Math.PI);
    double norms = pair.power(order);
    return norms * norms * (second - mean * mean) / features;
  }

  /** Norms and the cosine of the angle between x⁺ and w⁺; 1 where one of them is 0. */
  private record Pair(double norms, double cosine) {
    double power(int order) {
      return order == 0 ? 1 : order == 1 ? norms : norms * norms;
    }
  }

  private Pair pair(double[] x, double[] w, double b) {
    double xx = bias ? 1 : 0;
    double ww = bias ? b * b : 0;
    double xw = bias ? b : 0;
    for (int i = 0; i < inputs; i++) {
      xx += x[i] * x[i];
      ww += w[i] * w[i];
      xw += x[i] * w[i];
    }
    double norms = Math.sqrt(xx * ww);
    double cosine = norms == 0 ? 1 : Math.max(-1, Math.min(1, xw / norms));
    return new Pair(norms, cosine);
  }

  /**
   * Jₙ(θ) for n = 0, 1, 2 or 4 (Cho and Saul 2009, Eq. 4–6 and, for n = 4, their Eq. 3): the factor
   * of π − θ is the moment E uⁿvⁿ of two standard normals with correlation cos θ.
   */
  static double angular(int n, double c) {
    double s = Math.sqrt(1 - c * c);
    double rest = Math.PI - StrictMath.acos(c);
    double cc = c * c;
    return switch (n) {
      case 0 -> rest;
      case 1 -> s + rest * c;
      case 2 -> 3 * s * c + rest * (1 + 2 * cc);
      case 4 -> s * c * (55 + 50 * cc) + rest * (9 + 72 * cc + 24 * cc * cc);
      default -> throw new IllegalArgumentException("angular part of order " + n);
    };
  }

  @Override
  public String describe() {
    return "arccos"
        + order
        + "(m="
        + features
        + ", d="
        + inputs
        + (bias ? " and a bias" : "")
        + ", "
        + projection.key()
        + ", seed="
        + seed
        + ")";
  }
}
