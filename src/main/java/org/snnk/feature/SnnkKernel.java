package org.snnk.feature;

import java.io.Serializable;

/**
 * Two towers whose dot product is a layer: f(Wx + b) ≈ Φ(x)·Ψ(W, b) (Scalable Neural Network
 * Kernels, Eq. 2). The input tower Φ sees only x, the parameter tower Ψ only W and b.
 *
 * <p>In real numbers, not on the grid of the exact statistics: an approximation of a given layer is
 * not summed. A {@link FeatureMap} is an input tower whose read-out is learned instead.
 *
 * <p>What is drawn at random is a function of the seed. Immutable and thread-safe.
 */
public interface SnnkKernel extends Serializable {
  /** d. */
  int inputs();

  /** The length of Φ(x) and of Ψ(w, b). */
  int features();

  /**
   * Φ of a block of inputs.
   *
   * <p><b>Shapes</b>: x n×d row-major and contiguous, not modified; out n×features with rows ldOut
   * apart, overwritten.
   */
  void inputTower(int n, double[] x, double[] out, int ldOut);

  /**
   * Ψ of a layer of l units.
   *
   * <p><b>Shapes</b>: w l×d row-major, b of length l, neither modified; out l×features with rows
   * ldOut apart, overwritten.
   */
  void parameterTower(int l, double[] w, double[] b, double[] out, int ldOut);

  /** One line for people: kind, sizes and scale. */
  String describe();
}
