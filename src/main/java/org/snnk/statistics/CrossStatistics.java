package org.snnk.statistics;

import java.io.Serializable;
import org.snnk.SnnkException;
import org.snnk.feature.Featurizer;
import org.snnk.linalg.Blas;
import org.snnk.linalg.Grid;
import org.snnk.linalg.IntegerSums;
import org.snnk.linalg.RowBlock;

/**
 * The columns Σu·[1, Y] of the {@linkplain GramStatistics Gram statistic}, without its features ×
 * features: means and right-hand sides.
 *
 * <p><b>Exact</b>: entries of u are at most 2²⁰, a stretch has at most 4096 rows, so its products
 * stay below 2⁵² and go on as {@link IntegerSums}. Merge is associative and commutative.
 *
 * <p><b>Cost</b>: the features and 2(m+k)k flops a row; O(mk) bytes and a buffer of 32 MB. Not
 * thread-safe.
 */
public final class CrossStatistics implements Serializable {
  private static final long serialVersionUID = 1L;

  private final GridRows rows;
  private final IntegerSums sums;
  private long count;
  private long clippedInputs;
  private long clippedTargets;
  private long clippedFeatures;

  /** Of no rows. */
  public CrossStatistics(GridRows rows) {
    this.rows = rows;
    this.sums = new IntegerSums(width() * columns());
  }

  /** Scratch memory of one thread. */
  public static final class Workspace {
    private final Featurizer.Workspace featurizer = new Featurizer.Workspace();
    private double[] u = new double[0];
    private double[] right = new double[0];
    private double[] products = new double[0];
  }

  private int columns() {
    return 1 + rows.targets().columns();
  }

  private int width() {
    return rows.features() + columns();
  }

  /**
   * Adds every row of a block.
   *
   * @throws SnnkException as {@link GramStatistics#add(RowBlock)} does; nothing was added then
   */
  public void add(RowBlock block, Workspace workspace) {
    rows.requireUsable(block);
    int p = width();
    int q = columns();
    int stretch = Math.min(block.rows(), rows.stretch(p, Grid.MAX_BLOCK_ROWS));
    if (workspace.u.length < stretch * p) {
      workspace.u = new double[stretch * p];
      workspace.right = new double[stretch * q];
    }
    if (workspace.products.length < p * q) {
      workspace.products = new double[p * q];
    }
    long before = workspace.featurizer.clipped();
    long featuresBefore = workspace.featurizer.clippedFeatures();
    for (int first = 0; first < block.rows(); first += stretch) {
      int n = Math.min(stretch, block.rows() - first);
      rows.features(block, first, n, workspace.u, p, workspace.featurizer);
      for (int i = 0; i < n; i++) {
        int end = (i + 1) * p;
        clippedTargets += rows.targets(block, first + i, workspace.u, end - q + 1);
        System.arraycopy(workspace.u, end - q, workspace.right, i * q, q);
      }
      Blas.backend()
          .multiplyTransposed(n, p, q, workspace.u, p, workspace.right, workspace.products);
      sums.add(workspace.products, n * Grid.FEATURE_ONE * Grid.FEATURE_ONE);
    }
    clippedInputs += workspace.featurizer.clipped() - before;
    clippedFeatures += workspace.featurizer.clippedFeatures() - featuresBefore;
    count += block.rows();
  }

  /** Adds the statistic of other rows of the same specification. */
  public void merge(CrossStatistics other) {
    sums.merge(other.sums);
    count += other.count;
    clippedInputs += other.clippedInputs;
    clippedTargets += other.clippedTargets;
    clippedFeatures += other.clippedFeatures;
  }

  /** n. */
  public long rows() {
    return count;
  }

  /** Input cells that were clipped to the grid's range. */
  public long clippedInputs() {
    return clippedInputs;
  }

  /** Features that were clipped to ±1. */
  public long clippedFeatures() {
    return clippedFeatures;
  }

  /** Targets that were clipped to the grid's range. */
  public long clippedTargets() {
    return clippedTargets;
  }

  /**
   * Means and centred right-hand sides.
   *
   * @throws SnnkException if there are no rows, or none with a positive weight
   */
  public RightSide rightSide() {
    int m = rows.features();
    int q = columns();
    return RightSide.of(
        count,
        m,
        rows.targets(),
        rows.weightUnit(),
        (i, j) -> {
          int at = i * q + j - m;
          return DoubleDouble.sum(sums.highPart(at), sums.lowPart(at));
        });
  }
}
