package org.snnk.network;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.snnk.SnnkException;

/** A function of each unit of a dense layer, on floats, with its derivative. */
public enum Activation {
  /** f(z) = z. */
  LINEAR {
    @Override
    void apply(int count, float[] z) {}

    @Override
    void multiplyByDerivative(int count, float[] y, float[] dy) {}
  },

  /** f(z) = max(z, 0), with derivative 0 at 0. */
  RELU {
    @Override
    void apply(int count, float[] z) {
      for (int i = 0; i < count; i++) {
        z[i] = Math.max(z[i], 0);
      }
    }

    @Override
    void multiplyByDerivative(int count, float[] y, float[] dy) {
      // The step as a minimum, which the compiler vectorises and a comparison it does not.
      for (int i = 0; i < count; i++) {
        dy[i] *= Math.min(y[i] * Float.MAX_VALUE, 1);
      }
    }
  },

  /** f(z) = tanh z. */
  TANH {
    @Override
    void apply(int count, float[] z) {
      for (int i = 0; i < count; i++) {
        z[i] = (float) StrictMath.tanh(z[i]);
      }
    }

    @Override
    void multiplyByDerivative(int count, float[] y, float[] dy) {
      for (int i = 0; i < count; i++) {
        dy[i] *= 1 - y[i] * y[i];
      }
    }
  };

  /** z = f(z). */
  abstract void apply(int count, float[] z);

  /** dy = dy·f′(z), where y = f(z). */
  abstract void multiplyByDerivative(int count, float[] y, float[] dy);

  /**
   * The variance that a weight of a layer with d inputs is drawn with: 2/d for ReLU, which halves
   * the second moment (He et al. 2015, "Delving deep into rectifiers"), else 1/d.
   */
  double initialVariance(int d) {
    return (this == RELU ? 2.0 : 1.0) / d;
  }

  /** The name in configurations and files. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The activation of a name.
   *
   * @throws SnnkException for another name
   */
  public static Activation of(String key) {
    for (Activation activation : values()) {
      if (activation.key().equals(key)) {
        return activation;
      }
    }
    String known = Arrays.stream(values()).map(Activation::key).collect(Collectors.joining(", "));
    throw new SnnkException("activation", "one of " + known, "'" + key + "'", null, "Choose one.");
  }
}
