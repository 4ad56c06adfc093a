package org.snnk.feature;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import org.snnk.SnnkException;
import org.snnk.linalg.BlockOperations;

/**
 * A map Φ: ℝᵈ → [−1, 1]ᵐ that meets its parameters only in a dot product (Scalable Neural Network
 * Kernels, Eq. 2): the model is then ȳ = W̄Φ(x) + b.
 *
 * <p>A map is a small specification; what it draws at random is a function of its seed and drawn
 * where it is used, so nothing large is sent. Immutable and thread-safe.
 */
public interface FeatureMap extends Serializable {
  /** d. */
  int inputs();

  /** m. */
  int features();

  /** σ in units of the standardised inputs: what the map divides them by. */
  double lengthScale();

  /** Whether features have no bound of their own and are clipped at ±1, which is counted. */
  boolean clips();

  /** Multiplications and additions of a row's products, as if no fast transform were taken. */
  default long flops() {
    return 2L * inputs() * features();
  }

  /**
   * Maps a block.
   *
   * <p><b>Shapes</b>: x n×d row-major and contiguous, not modified; out n×m with rows ldOut apart,
   * overwritten. <b>Scale</b>: x in units of 2^−{@link org.snnk.linalg.Grid#INPUT_BITS}, out in
   * units of 2^−{@link org.snnk.linalg.Grid#FEATURE_BITS}; both hold integers.
   * <b>Deterministic</b>: a function of the map and the row, bit for bit, on any BLAS and in any
   * blocking.
   *
   * @return how many features were clipped
   */
  long map(int n, double[] x, double[] out, int ldOut);

  /**
   * {@link #map} in other operations, with the same bits in double precision.
   *
   * @param x standardised inputs on their grid, in units of 1
   * @return the features, in units of 1
   */
  <B> B express(BlockOperations<B> on, B x);

  /**
   * How linear read-outs of the features change with the inputs: Jᵀw_c, J = ∂Φ/∂x at each row.
   *
   * <p><b>Shapes</b>: features n×m contiguous, as {@link #map} made them; weights m×k row-major;
   * output n, the column c of each row; out n×d, overwritten. <b>Scale</b>: features as they stand
   * count as values in [−1, 1], x in units of 1. <b>Cost</b>: dm flops a row. The last bits depend
   * on the BLAS.
   *
   * @throws SnnkException if the map has no derivative here
   */
  default void gradients(
      int n, double[] features, double[] weights, int k, int[] output, double[] out) {
    throw new SnnkException(
        "feature map",
        "one with a derivative",
        describe(),
        null,
        "Train with a map among " + String.join(", ", FeatureFamily.differentiable()) + ".");
  }

  /** Writes the specification, its kind first. */
  void write(DataOutput out) throws IOException;

  /** One line for people: kind, sizes and scale. */
  String describe();

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws SnnkException if the kind is not known to this version
   */
  static FeatureMap read(DataInput in) throws IOException {
    String kind = in.readUTF();
    for (int order = 0; order <= 2; order++) {
      if (kind.equals(ArcCosineFeatures.kind(order))) {
        return ArcCosineFeatures.read(order, in);
      }
    }
    return switch (kind) {
      case CosineFeatures.KIND -> CosineFeatures.read(in);
      case ProductFeatures.POLYNOMIAL, ProductFeatures.POWER_SERIES ->
          ProductFeatures.read(kind, in);
      case PositiveFeatures.KIND -> PositiveFeatures.read(in);
      case LinearFeatures.KIND -> LinearFeatures.read(in);
      default ->
          throw new SnnkException(
              "feature map",
              "one of " + String.join(", ", FeatureFamily.kinds()),
              "'" + kind + "'",
              null,
              "Read it with the version that wrote it.");
    };
  }
}
