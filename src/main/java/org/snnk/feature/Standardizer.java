package org.snnk.feature;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import org.snnk.SnnkException;
import org.snnk.linalg.Grid;

/**
 * Standardised inputs x̃ = (x − mean)/scale on the input grid, clipped at ±{@link
 * Grid#INPUT_LIMIT}.
 *
 * <p>A column with factor 0 (a constant one) maps to 0; one with mean 0 and factor 1 (a binary one)
 * stays as it is. Immutable.
 */
public final class Standardizer implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double CLIP = Grid.INPUT_LIMIT * (1 << Grid.INPUT_BITS);

  private final double[] mean;
  private final double[] factor;

  /**
   * A standardiser.
   *
   * @param mean what is taken away from each column
   * @param factor what each column is multiplied with afterwards, 1/scale
   * @throws SnnkException if a value is not finite
   */
  public Standardizer(double[] mean, double[] factor) {
    if (mean.length != factor.length) {
      throw new SnnkException(
          "standardizer",
          mean.length + " factors",
          factor.length + "",
          null,
          "Give one mean and one factor a column.");
    }
    for (int j = 0; j < mean.length; j++) {
      if (!Double.isFinite(mean[j]) || !Double.isFinite(factor[j])) {
        throw new SnnkException(
            "standardizer of input " + j,
            "a finite mean and factor",
            mean[j] + " and " + factor[j],
            null,
            "Look for values near the largest double in this column.");
      }
    }
    this.mean = mean.clone();
    this.factor = factor.clone();
  }

  /** d. */
  public int inputs() {
    return mean.length;
  }

  /** What is taken away from column j. */
  public double mean(int j) {
    return mean[j];
  }

  /** What column j is multiplied with. */
  public double factor(int j) {
    return factor[j];
  }

  /**
   * Standardises a block.
   *
   * <p><b>Shapes</b>: x raw, row-major, not modified, read from row {@code first} on; out n×d,
   * overwritten, in units of 2^−{@link Grid#INPUT_BITS}. <b>Cost</b>: a few flops a cell.
   *
   * @return how many cells were clipped
   */
  public long standardize(int n, double[] x, int first, double[] out) {
    int d = mean.length;
    double unit = 1 << Grid.INPUT_BITS;
    long clipped = 0;
    for (int i = 0; i < n; i++) {
      int row = i * d;
      int from = (first + i) * d;
      for (int j = 0; j < d; j++) {
        // A constant column vanishes even where the difference overflows: ∞·0 would be no number.
        double v = factor[j] == 0 ? 0 : (x[from + j] - mean[j]) * factor[j] * unit;
        double bounded = Math.max(-CLIP, Math.min(CLIP, v));
        clipped += bounded == v ? 0 : 1;
        out[row + j] = Grid.round(bounded);
      }
    }
    return clipped;
  }

  /** Writes d, then mean and factor of each column. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(mean.length);
    for (int j = 0; j < mean.length; j++) {
      out.writeDouble(mean[j]);
      out.writeDouble(factor[j]);
    }
  }

  /** Reads what {@link #write} wrote. */
  public static Standardizer read(DataInput in) throws IOException {
    int d = in.readInt();
    double[] mean = new double[d];
    double[] factor = new double[d];
    for (int j = 0; j < d; j++) {
      mean[j] = in.readDouble();
      factor[j] = in.readDouble();
    }
    return new Standardizer(mean, factor);
  }
}
