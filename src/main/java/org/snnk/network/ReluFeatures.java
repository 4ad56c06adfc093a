package org.snnk.network;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import org.snnk.SnnkException;
import org.snnk.activation.StandardActivation;
import org.snnk.feature.Projection;
import org.snnk.linalg.Blas;
import org.snnk.linalg.BlockOperations;
import org.snnk.random.CounterRandom;

/**
 * The two towers of the ReLU-SNNK, Φ(x) = max(Gx⁺, 0)/√m and Ψ(w, b) = max(Gw⁺, 0)/√m, whose dot
 * product estimates half the arc-cosine kernel of x⁺ and w⁺ (Scalable Neural Network Kernels,
 * Theorem 3.2; Cho and Saul 2009). G is drawn once and never trained; with a bias x⁺ = [x; 1] and
 * w⁺ = [w; b], else x⁺ = x and w⁺ = w.
 *
 * <p>G is a function of the seed, drawn where it is used, so nothing large is sent. In floats, as
 * networks are. <b>Cost</b>: 2dm flops a row.
 */
public final class ReluFeatures implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long STREAM = 0x72656C75L;

  private final int inputs;
  private final int features;
  private final boolean bias;
  private final Projection projection;
  private final long seed;

  /** Gᵀ/√m, (d or d+1)×m row-major. */
  private transient volatile float[] matrix;

  /**
   * The towers.
   *
   * @param inputs d
   * @param features m
   * @param bias whether x and w are lengthened by 1 and b
   * @param seed of G
   */
  public ReluFeatures(int inputs, int features, boolean bias, Projection projection, long seed) {
    Layer.requirePositive("snnk", "input", inputs);
    Layer.requirePositive("snnk", "feature", features);
    this.inputs = inputs;
    this.features = features;
    this.bias = bias;
    this.projection = projection;
    this.seed = seed;
  }

  /** d. */
  public int inputs() {
    return inputs;
  }

  /** m. */
  public int features() {
    return features;
  }

  /** Whether x and w are lengthened by 1 and b. */
  public boolean bias() {
    return bias;
  }

  /** Multiplications and additions of a row. */
  long flops() {
    return 2L * inputs * features;
  }

  /** Bytes of G, and of the doubles that it is drawn in. */
  long drawnBytes() {
    return (Float.BYTES + Double.BYTES) * (inputs + 1L) * features;
  }

  /** Drawn once in each process; two threads that draw at once draw the same. */
  private float[] matrix() {
    float[] drawn = matrix;
    if (drawn == null) {
      int lengthened = inputs + (bias ? 1 : 0);
      double[] g = projection.draw(features, lengthened, new CounterRandom(seed, STREAM));
      double scale = 1 / Math.sqrt(features);
      drawn = new float[lengthened * features];
      for (int j = 0; j < features; j++) {
        for (int i = 0; i < lengthened; i++) {
          drawn[i * features + j] = (float) (g[j * lengthened + i] * scale);
        }
      }
      matrix = drawn;
    }
    return drawn;
  }

  /**
   * Φ of a block.
   *
   * <p><b>Shapes</b>: x n×d, not modified; out n×m, overwritten.
   */
  public void inputTower(int n, float[] x, float[] out) {
    float[] g = matrix();
    if (bias) {
      for (int i = 0; i < n; i++) {
        System.arraycopy(g, inputs * features, out, i * features, features);
      }
    }
    Blas.backend().multiply(n, inputs, features, x, g, 0, out, bias);
    StandardActivation.RELU.apply(n * features, out);
  }

  /** {@link #inputTower} in other operations. */
  <B> B expressInputTower(BlockOperations<B> on, B x) {
    float[] g = matrix();
    B z = on.product(x, features, Layer.doubles(g, 0, inputs * features));
    if (bias) {
      z = on.add(z, on.row(Layer.doubles(g, inputs * features, features)));
    }
    return StandardActivation.RELU.express(on, z);
  }

  /**
   * The gradient by x from that by Φ(x).
   *
   * <p><b>Shapes</b>: phi n×m as {@link #inputTower} left it; dPhi n×m, overwritten with that by
   * Gx⁺; dx n×d, overwritten or, with {@code add}, added to.
   */
  void backward(int n, float[] phi, float[] dPhi, float[] dx, boolean add) {
    StandardActivation.RELU.multiplyByDerivative(n * features, phi, dPhi);
    Blas.backend().multiplyByTransposed(n, features, inputs, dPhi, matrix(), 0, dx, add);
  }

  /**
   * Ψ of a layer of l units.
   *
   * <p><b>Shapes</b>: w d×l row-major, b of length l or null, neither modified; the result m×l
   * row-major, so that Φ(x) times it estimates the layer.
   *
   * @throws SnnkException if there is b and the towers have no bias, or the other way about
   */
  public float[] parameterTower(int l, float[] w, float[] b) {
    if ((b != null) != bias) {
      throw new SnnkException(
          "snnk parameters",
          bias ? "weights and intercepts" : "weights without intercepts",
          bias ? "no intercepts" : "intercepts too",
          null,
          "Make the features with a bias where the layer has one.");
    }
    float[] g = matrix();
    float[] psi = new float[features * l];
    if (bias) {
      for (int j = 0; j < features; j++) {
        for (int t = 0; t < l; t++) {
          psi[j * l + t] = g[inputs * features + j] * b[t];
        }
      }
    }
    Blas.backend().addTransposedProduct(inputs, features, l, g, w, psi, 0);
    StandardActivation.RELU.apply(psi.length, psi);
    return psi;
  }

  /** Ψ of a layer of l units with Gaussian weights of variance 2/d and no intercepts. */
  float[] initialTower(int l, CounterRandom random) {
    Dense drawn = new Dense(inputs, l, false, StandardActivation.RELU);
    float[] w = new float[drawn.parameters()];
    drawn.initialise(w, 0, random);
    return parameterTower(l, w, bias ? new float[l] : null);
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(inputs);
    out.writeInt(features);
    out.writeBoolean(bias);
    out.writeUTF(projection.key());
    out.writeLong(seed);
  }

  static ReluFeatures read(DataInput in) throws IOException {
    return new ReluFeatures(
        in.readInt(), in.readInt(), in.readBoolean(), Projection.of(in.readUTF()), in.readLong());
  }
}
