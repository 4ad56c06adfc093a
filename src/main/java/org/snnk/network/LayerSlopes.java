package org.snnk.network;

import java.util.Arrays;
import org.snnk.activation.Activation;
import org.snnk.loss.Loss;

/**
 * Derivatives of a network's answers by what the units of a layer are before their activation, so
 * scaled that the sum of their outer products is the information of the answers about the layer.
 *
 * <p>With h = f(z) and s(h) the scores of the layers behind, row c of k is ∂s_c/∂z for regression,
 * and for classes √p_c·∂ln p_c/∂z with p = softmax(s): Σ_c of their outer products is Fisher's
 * information of the class about z, half of which, between z and ẑ, is the divergence of both
 * answers to second order.
 *
 * <p><b>Cost</b>: a forward and k backward passes of the layers behind. Not thread-safe.
 */
public final class LayerSlopes {
  private final TrainedNetwork behind;
  private final Activation activation;
  private final boolean classes;

  /**
   * Of a dense layer with others behind it.
   *
   * @param classes whether scores are made probabilities by softmax
   * @throws org.snnk.SnnkException if layer l is no dense layer
   */
  public static LayerSlopes of(TrainedNetwork network, int l, boolean classes) {
    Activation activation = Bundling.dense(network.network(), l).activation();
    int end = network.network().layers().size();
    return new LayerSlopes(network.slice(l + 1, end), activation, classes);
  }

  private LayerSlopes(TrainedNetwork behind, Activation activation, boolean classes) {
    this.behind = behind;
    this.activation = activation;
    this.classes = classes;
  }

  /** Answers k: rows for each row. */
  public int answers() {
    return behind.network().outputs();
  }

  /**
   * The derivatives of a block.
   *
   * @param z n×u
   * @return nk×u, the k of a row one after the other
   */
  public double[] of(int n, double[] z) {
    int u = behind.network().inputs();
    int k = answers();
    float[] before = new float[n * u];
    for (int i = 0; i < before.length; i++) {
      before[i] = (float) z[i];
    }
    float[] h = before.clone();
    activation.apply(h.length, h);
    float[] slope = new float[h.length];
    Arrays.fill(slope, 1);
    activation.multiplyByDerivative(
        slope.length, activation.derivativeFromValue() ? h : before, slope);
    float[] scores = behind.network().pass(n).forward(n, h, behind.parameters());
    float[] jacobians = behind.network().jacobians(n, h, behind.parameters());
    double[] out = new double[n * k * u];
    double[] p = new double[n * k];
    for (int i = 0; i < p.length; i++) {
      p[i] = classes ? scores[i] : 1;
    }
    if (classes) {
      Loss.softmax(n, k, p);
    }
    double[] mean = new double[u];
    for (int i = 0; i < n; i++) {
      Arrays.fill(mean, 0);
      if (classes) {
        for (int c = 0; c < k; c++) {
          for (int j = 0; j < u; j++) {
            mean[j] += p[i * k + c] * jacobians[(i * k + c) * u + j];
          }
        }
      }
      for (int c = 0; c < k; c++) {
        double root = Math.sqrt(p[i * k + c]);
        int row = (i * k + c) * u;
        for (int j = 0; j < u; j++) {
          out[row + j] = root * (jacobians[row + j] - mean[j]) * slope[i * u + j];
        }
      }
    }
    return out;
  }
}
