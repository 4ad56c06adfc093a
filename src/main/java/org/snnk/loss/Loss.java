package org.snnk.loss;

import org.snnk.Choice;
import org.snnk.SnnkException;

/**
 * The loss ℓ(s, y) of the scores s ∈ ℝᵏ of a row, and its gradient.
 *
 * <p>Scores and gradients are floats, as a network has them; every sum is a double.
 *
 * <p><b>Deterministic</b>: a function of the arrays; {@link StrictMath} and IEEE arithmetic only.
 */
public enum Loss implements Choice {
  /**
   * Softmax cross-entropy, ℓ = log Σ_c e^{s_c} − s_y, with the largest score taken out of the
   * exponentials, so that no score overflows. The target is the class index; ∂ℓ/∂s_c = p_c − 1{c =
   * y}.
   */
  SOFTMAX {
    @Override
    public int targetsPerRow(int k) {
      return 1;
    }

    @Override
    double row(int k, float[] scores, int from, float[] y, int target, double scale, float[] out) {
      float largest = scores[from];
      for (int c = 1; c < k; c++) {
        largest = Math.max(largest, scores[from + c]);
      }
      double sum = 0;
      for (int c = 0; c < k; c++) {
        sum += StrictMath.exp((double) scores[from + c] - largest);
      }
      int truth = (int) y[target];
      if (out != null) {
        for (int c = 0; c < k; c++) {
          double p = StrictMath.exp((double) scores[from + c] - largest) / sum;
          out[from + c] = (float) (scale * (c == truth ? p - 1 : p));
        }
      }
      return StrictMath.log(sum) + ((double) largest - scores[from + truth]);
    }
  },

  /**
   * Squared error summed over targets, ℓ = ‖s − y‖². With a one-hot target it is the least-squares
   * loss of the closed form.
   */
  SQUARED {
    @Override
    public int targetsPerRow(int k) {
      return k;
    }

    @Override
    double row(int k, float[] scores, int from, float[] y, int target, double scale, float[] out) {
      double sum = 0;
      for (int c = 0; c < k; c++) {
        double error = (double) scores[from + c] - y[target + c];
        sum += error * error;
        if (out != null) {
          out[from + c] = (float) (2 * scale * error);
        }
      }
      return sum;
    }
  };

  /** Numbers of a row's target for k scores: a class index, or k reals. */
  public abstract int targetsPerRow(int k);

  abstract double row(
      int k, float[] scores, int from, float[] y, int target, double scale, float[] gradient);

  /**
   * Σᵢ vᵢℓ(sᵢ, yᵢ), and scale·vᵢ·∂ℓ/∂sᵢ.
   *
   * <p><b>Shapes</b>: scores n×k, y n×{@link #targetsPerRow}, both row-major and not modified;
   * weight n, or null where all are 1; gradient n×k, overwritten, or null where it is not needed.
   */
  public double valueAndGradient(
      int n, int k, float[] scores, float[] y, float[] weight, double scale, float[] gradient) {
    int perRow = targetsPerRow(k);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double v = weight == null ? 1 : weight[i];
      sum += v * row(k, scores, i * k, y, i * perRow, v * scale, gradient);
    }
    return sum;
  }

  /**
   * Turns scores into probabilities p_c = e^{s_c}/Σe^{s}, in place.
   *
   * <p><b>Shapes</b>: scores n×k row-major.
   */
  public static void softmax(int n, int k, double[] scores) {
    for (int i = 0; i < n; i++) {
      int row = i * k;
      double largest = scores[row];
      for (int c = 1; c < k; c++) {
        largest = Math.max(largest, scores[row + c]);
      }
      double sum = 0;
      for (int c = 0; c < k; c++) {
        scores[row + c] = StrictMath.exp(scores[row + c] - largest);
        sum += scores[row + c];
      }
      for (int c = 0; c < k; c++) {
        scores[row + c] /= sum;
      }
    }
  }

  /**
   * Turns scores into log-probabilities, none below a bound, in place.
   *
   * <p><b>Shapes</b>: scores n×k row-major.
   */
  public static void logSoftmax(int n, int k, double least, double[] scores) {
    for (int i = 0; i < n; i++) {
      int row = i * k;
      double largest = scores[row];
      for (int c = 1; c < k; c++) {
        largest = Math.max(largest, scores[row + c]);
      }
      double sum = 0;
      for (int c = 0; c < k; c++) {
        sum += StrictMath.exp(scores[row + c] - largest);
      }
      double log = largest + StrictMath.log(sum);
      for (int c = 0; c < k; c++) {
        scores[row + c] = Math.max(least, scores[row + c] - log);
      }
    }
  }

  /**
   * The loss of a name.
   *
   * @throws SnnkException for another name
   */
  public static Loss of(String key) {
    return Choice.of("loss", key, values());
  }
}
