package org.snnk.feature;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import org.snnk.SnnkException;
import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.BlockOperations.Function;
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

  /** Cells at a time: four arrays of as many fit a core's first-level cache. */
  private static final int TILE = 1024;

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

  /** What column j holds where it is z standardised, not rounded; its mean if it is constant. */
  public double raw(int j, double z) {
    return factor[j] == 0 ? mean[j] : mean[j] + z / factor[j];
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
    int rows = Math.max(1, Math.min(n, TILE / d));
    double[] shift = new double[rows * d];
    double[] scale = new double[rows * d];
    for (int i = 0; i < rows * d; i++) {
      shift[i] = mean[i % d];
      scale[i] = factor[i % d] * (1 << Grid.INPUT_BITS);
    }
    double[] tile = new double[rows * d];
    long clipped = 0;
    for (int done = 0; done < n; done += rows) {
      int cells = Math.min(rows, n - done) * d;
      System.arraycopy(x, (first + done) * d, tile, 0, cells);
      standardize(tile, shift, scale, cells);
      clipped += clip(tile, scale, cells);
      System.arraycopy(tile, 0, out, done * d, cells);
    }
    return clipped;
  }

  /**
   * Standardises a block in units of 1, which floats hold exactly.
   *
   * @param units room for n×d numbers, overwritten
   * @param out n×d, overwritten
   */
  public void standardize(int n, double[] x, int first, double[] units, float[] out) {
    long unused = standardize(n, x, first, units);
    float one = 1 << Grid.INPUT_BITS;
    for (int i = 0; i < n * mean.length; i++) {
      out[i] = (float) units[i] / one;
    }
  }

  /** C2 vectorises the loop only while all its arrays have one index. */
  private static void standardize(double[] tile, double[] shift, double[] scale, int cells) {
    for (int i = 0; i < cells; i++) {
      tile[i] = Grid.round((tile[i] - shift[i]) * scale[i]);
    }
  }

  private static long clip(double[] tile, double[] scale, int cells) {
    long clipped = 0;
    for (int i = 0; i < cells; i++) {
      if (!(Math.abs(tile[i]) <= CLIP)) {
        // A constant column vanishes even where the difference overflowed and ∞·0 is no number;
        // elsewhere what is no number stays none.
        double bounded = Double.isNaN(tile[i]) ? Double.NaN : Math.copySign(CLIP, tile[i]);
        tile[i] = scale[i] == 0 ? 0 : bounded;
        clipped += scale[i] == 0 ? 0 : 1;
      }
    }
    return clipped;
  }

  /**
   * {@link #standardize} in other operations.
   *
   * @param x raw
   * @return x̃ in units of 1
   */
  public <B> B express(BlockOperations<B> on, B x) {
    double unit = 1 << Grid.INPUT_BITS;
    boolean[] varies = new boolean[factor.length];
    for (int j = 0; j < factor.length; j++) {
      varies[j] = factor[j] != 0;
    }
    B scaled = on.multiply(on.subtract(x, on.row(mean)), on.row(factor));
    B bounded = on.clip(on.keep(varies, on.multiply(scaled, unit)), CLIP);
    return on.multiply(on.apply(Function.ROUND, bounded), 1 / unit);
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
