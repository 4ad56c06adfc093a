package org.snnk.feature;

import java.io.DataOutput;
import java.io.IOException;
import org.snnk.SnnkException;
import org.snnk.linalg.Blas;
import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.BlockOperations.Function;
import org.snnk.linalg.Grid;

/**
 * A map of random projections of x/σ, and what all of those share: sizes, the length scale σ, how
 * directions are drawn, bytes and words.
 *
 * <p><b>Bytes</b>: kind (text), d, m (ints), σ (double), projection (text), seed (long), then what
 * a kind adds.
 */
abstract class ProjectedFeatures implements FeatureMap {
  private static final long serialVersionUID = 1L;
  private static final double MIN_LENGTH_SCALE = Math.scalb(1.0, -Grid.INPUT_BITS);

  /** Two arrays of as many numbers fit a core's second-level cache. */
  private static final int CACHED = 1 << 15;

  private final int inputs;
  private final int features;
  private final double lengthScale;
  private final Projection projection;
  private final long seed;

  /**
   * A map.
   *
   * @param subject of errors
   * @param lengthScale σ, in units of the standardised inputs, not below that of their grid
   * @throws SnnkException if a number is out of its range
   */
  ProjectedFeatures(
      String subject,
      int inputs,
      int features,
      double lengthScale,
      Projection projection,
      long seed) {
    Sizes.require(subject, inputs, features);
    // Far below the unit of the input grid a phase keeps no bits below one turn, or is no number.
    if (!(lengthScale >= MIN_LENGTH_SCALE) || Double.isInfinite(lengthScale)) {
      throw new SnnkException(
          subject,
          "a finite length scale from " + MIN_LENGTH_SCALE + " up",
          lengthScale + "",
          null,
          "Set features.lengthScale, and look for values far beyond all others in the inputs.");
    }
    this.inputs = inputs;
    this.features = features;
    this.lengthScale = lengthScale;
    this.projection = projection;
    this.seed = seed;
  }

  /** Fails where directions have no moments. */
  static void requireMoments(String subject, Projection projection) {
    if (projection.isHeavyTailed()) {
      throw new SnnkException(
          subject,
          "a projection with normal tails, or rademacher",
          "'" + projection.key() + "'",
          null,
          "Heavy tails mix length scales of cosine features; here they only make some features"
              + " larger. Choose features.map=cosine, or another projection.");
    }
  }

  @Override
  public final int inputs() {
    return inputs;
  }

  @Override
  public final int features() {
    return features;
  }

  @Override
  public final double lengthScale() {
    return lengthScale;
  }

  /** How directions are drawn. */
  final Projection projection() {
    return projection;
  }

  final long seed() {
    return seed;
  }

  @Override
  public final long map(int n, double[] x, double[] out, int ldOut) {
    return map(Blas.backend(), n, x, out, ldOut);
  }

  /** The same on a BLAS of one's choice. */
  abstract long map(Blas blas, int n, double[] x, double[] out, int ldOut);

  /** Makes features of one row's projections, in place. */
  interface Activation {
    /**
     * Projections z[from], …, z[to − 1] of row number {@code row} of the block become features.
     *
     * @return how many were clipped
     */
    long apply(int row, double[] z, int from, int to);
  }

  /**
   * Projections and then features of all rows, in place and some rows at a time: they stay in the
   * cache from the product to the last polynomial.
   *
   * @return how many features were clipped
   */
  static long map(
      Blas blas,
      GridProjection projection,
      int n,
      double[] x,
      double[] out,
      int to,
      int ldOut,
      Activation activation) {
    GridProjection.Scratch scratch = GridProjection.Scratch.ofThread();
    int stretch = stretch(n, projection);
    long clipped = 0;
    for (int done = 0; done < n; done += stretch) {
      int end = Math.min(done + stretch, n);
      projection.project(blas, end - done, x, done, out, done * ldOut + to, ldOut, scratch);
      for (int row = done; row < end; row++) {
        int from = row * ldOut + to;
        clipped += activation.apply(row, out, from, from + projection.count);
      }
    }
    return clipped;
  }

  /** Numbers in units of 2⁻²⁰ rounded to whole ones, in units of 1. */
  static <B> B onGrid(BlockOperations<B> on, B units) {
    return inUnitsOfOne(on, on.apply(Function.ROUND, units));
  }

  /** Whole numbers in units of 2⁻²⁰, at most 2²⁰ of them each, in units of 1. */
  static <B> B clippedOnGrid(BlockOperations<B> on, B units) {
    B rounded = on.apply(Function.ROUND, units);
    return inUnitsOfOne(on, on.min(on.row(Grid.FEATURE_ONE), rounded));
  }

  private static <B> B inUnitsOfOne(BlockOperations<B> on, B units) {
    return on.multiply(units, 1 / Grid.FEATURE_ONE);
  }

  /** Rows whose projections stay in the cache until they are features. */
  static int stretch(int n, GridProjection projection) {
    int rows = Math.max(projection.rowsAtATime(), CACHED / projection.count);
    return Math.max(1, Math.min(n, rows));
  }

  /** The name in files and configurations. */
  abstract String kind();

  /** What the kind adds to its bytes. */
  void writeOptions(DataOutput out) throws IOException {}

  /** What the kind adds to its words, such as {@code ", degree=3"}. */
  String describeOptions() {
    return "";
  }

  @Override
  public final void write(DataOutput out) throws IOException {
    out.writeUTF(kind());
    out.writeInt(inputs);
    out.writeInt(features);
    out.writeDouble(lengthScale);
    out.writeUTF(projection.key());
    out.writeLong(seed);
    writeOptions(out);
  }

  @Override
  public final String describe() {
    return kind()
        + "(m="
        + features
        + ", d="
        + inputs
        + ", lengthScale="
        + lengthScale
        + describeOptions()
        + ", "
        + projection.key()
        + ", seed="
        + seed
        + ")";
  }
}
