package org.snnk.statistics;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import org.snnk.SnnkException;
import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.Grid;

/**
 * The targets Y of a least-squares problem on the grid of the exact statistics.
 *
 * <p>Classes become one-hot columns. A real target is standardised, ỹ = (y − mean)/scale, clipped
 * at ±64 and held in two limbs of the feature grid, ỹ = 2⁻¹⁴·high + 2⁻³⁴·low, since 20 bits would
 * be too few for it. Immutable.
 */
public final class Targets implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int LIMB_BITS = 20;
  private static final int LOW_BITS = 34;
  private static final int HIGH_BITS = LOW_BITS - LIMB_BITS;
  private static final double LIMIT = Math.scalb(1.0, LIMB_BITS - HIGH_BITS);

  private final boolean classes;
  private final double[] mean;
  private final double[] scale;

  private Targets(boolean classes, double[] mean, double[] scale) {
    this.classes = classes;
    this.mean = mean;
    this.scale = scale;
  }

  /**
   * One-hot targets.
   *
   * @throws SnnkException for fewer than 2 classes
   */
  public static Targets classes(int k) {
    if (k < 2) {
      throw new SnnkException(
          "classes", "at least 2", k + "", null, "A table of one class has nothing to learn.");
    }
    return new Targets(true, new double[k], ones(k));
  }

  /**
   * Real targets.
   *
   * @param mean the mean of each
   * @param scale the standard deviation of each; 1 where the target is constant
   */
  public static Targets reals(double[] mean, double[] scale) {
    for (int t = 0; t < mean.length; t++) {
      if (!Double.isFinite(mean[t]) || !(scale[t] > 0) || Double.isInfinite(scale[t])) {
        throw new SnnkException(
            "target " + t,
            "a finite mean and a positive scale",
            mean[t] + " and " + scale[t],
            null,
            "Look for values near the largest double in this column.");
      }
    }
    return new Targets(false, mean.clone(), scale.clone());
  }

  private static double[] ones(int k) {
    double[] ones = new double[k];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** k. */
  public int count() {
    return mean.length;
  }

  /** Whether the targets are classes. */
  public boolean areClasses() {
    return classes;
  }

  /** Numbers per row in a row block: one class index, or k reals. */
  public int perRow() {
    return classes ? 1 : mean.length;
  }

  /** The mean that target t was centred with. */
  public double mean(int t) {
    return mean[t];
  }

  /** The scale that target t was divided by. */
  public double scale(int t) {
    return scale[t];
  }

  /** Columns on the grid: k for classes, 2k for reals. */
  public int columns() {
    return classes ? mean.length : 2 * mean.length;
  }

  /** The worth of one unit of a grid column. */
  double unit(int column) {
    return classes
        ? 1 / Grid.FEATURE_ONE
        : Math.scalb(1.0, column % 2 == 0 ? -HIGH_BITS : -LOW_BITS);
  }

  /** The target that a grid column belongs to. */
  int target(int column) {
    return classes ? column : column / 2;
  }

  /**
   * Writes the grid columns of one row.
   *
   * @param y the block's targets
   * @param from where the row starts in y
   * @param rootWeight √v, 1 for an unweighted row
   * @return how many targets were clipped
   */
  int encode(double[] y, int from, double rootWeight, double[] out, int to) {
    int clipped = 0;
    if (classes) {
      Arrays.fill(out, to, to + mean.length, 0);
      out[to + (int) y[from]] = Grid.round(rootWeight * Grid.FEATURE_ONE);
      return 0;
    }
    for (int t = 0; t < mean.length; t++) {
      double standard = (y[from + t] - mean[t]) / scale[t];
      double bounded = Math.max(-LIMIT, Math.min(LIMIT, standard));
      clipped += bounded == standard ? 0 : 1;
      double units = Math.rint(Math.scalb(rootWeight * bounded, LOW_BITS));
      double high = Math.rint(Math.scalb(units, -LIMB_BITS));
      out[to + 2 * t] = high;
      out[to + 2 * t + 1] = units - Math.scalb(high, LIMB_BITS);
    }
    return clipped;
  }

  /** Scores of classes as they are, of reals in their own units, in other operations. */
  public <B> B express(BlockOperations<B> on, B scores) {
    return classes ? scores : on.add(on.multiply(scores, on.row(scale)), on.row(mean));
  }

  /** Writes the kind, then mean and scale of each. */
  public void write(DataOutput out) throws IOException {
    out.writeBoolean(classes);
    out.writeInt(mean.length);
    for (int t = 0; t < mean.length; t++) {
      out.writeDouble(mean[t]);
      out.writeDouble(scale[t]);
    }
  }

  /** Reads what {@link #write} wrote. */
  public static Targets read(DataInput in) throws IOException {
    boolean classes = in.readBoolean();
    int k = in.readInt();
    double[] mean = new double[k];
    double[] scale = new double[k];
    for (int t = 0; t < k; t++) {
      mean[t] = in.readDouble();
      scale[t] = in.readDouble();
    }
    return classes ? classes(k) : reals(mean, scale);
  }
}
