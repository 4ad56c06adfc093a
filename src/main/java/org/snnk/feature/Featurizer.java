package org.snnk.feature;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import org.snnk.SnnkException;
import org.snnk.linalg.Grid;

/**
 * From raw inputs to features: standardise, then map. Training and scoring share one instance, so
 * they share every bit.
 *
 * <p>Immutable and thread-safe; what a thread needs while it maps is a {@link Workspace}.
 */
public final class Featurizer implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Standardizer standardizer;
  private final FeatureMap map;

  /**
   * A standardiser and the map behind it.
   *
   * @throws SnnkException if they disagree on d
   */
  public Featurizer(Standardizer standardizer, FeatureMap map) {
    if (standardizer.inputs() != map.inputs()) {
      throw new SnnkException(
          "feature map",
          standardizer.inputs() + " inputs",
          map.inputs() + "",
          null,
          "Make it for the standardised columns.");
    }
    this.standardizer = standardizer;
    this.map = map;
  }

  /** The input transform. */
  public Standardizer standardizer() {
    return standardizer;
  }

  /** Φ. */
  public FeatureMap map() {
    return map;
  }

  /** Scratch memory for one thread, grown to the largest block it met. */
  public static final class Workspace {
    private double[] standardized = new double[0];
    private long clipped;
    private long clippedFeatures;

    /** How many cells were clipped so far. */
    public long clipped() {
      return clipped;
    }

    /** How many features were clipped so far. */
    public long clippedFeatures() {
      return clippedFeatures;
    }
  }

  /**
   * Maps a block of raw rows.
   *
   * <p><b>Shapes</b>: x raw, row-major, not modified, read from row {@code first} on; out n×m with
   * rows ldOut apart, overwritten, in units of the feature grid.
   */
  public void features(int n, double[] x, int first, double[] out, int ldOut, Workspace workspace) {
    int cells = n * map.inputs();
    if (workspace.standardized.length < cells) {
      workspace.standardized = new double[cells];
    }
    workspace.clipped += standardizer.standardize(n, x, first, workspace.standardized);
    workspace.clippedFeatures += map.map(n, workspace.standardized, out, ldOut);
  }

  /**
   * The features as numbers: √(2/m)·Φ(x), so that the product of two rows estimates the kernel.
   *
   * <p><b>Shapes</b>: x n×d raw, row-major, not modified; out n×m, overwritten.
   */
  public void unitFeatures(int n, double[] x, double[] out, Workspace workspace) {
    int m = map.features();
    features(n, x, 0, out, m, workspace);
    double unit = Math.sqrt(2.0 / m) / Grid.FEATURE_ONE;
    for (int i = 0; i < n * m; i++) {
      out[i] *= unit;
    }
  }

  /** Writes both parts. */
  public void write(DataOutput out) throws IOException {
    standardizer.write(out);
    map.write(out);
  }

  /** Reads what {@link #write} wrote. */
  public static Featurizer read(DataInput in) throws IOException {
    Standardizer standardizer = Standardizer.read(in);
    return new Featurizer(standardizer, FeatureMap.read(in));
  }
}
