package org.snnk.statistics;

import java.io.Serializable;
import org.snnk.feature.Featurizer;
import org.snnk.linalg.Blas;
import org.snnk.linalg.ExactSum;
import org.snnk.linalg.Grid;
import org.snnk.linalg.IntegerSums;
import org.snnk.linalg.RowBlock;

/**
 * The centred Gram matrix times some columns, GV = Σ (v/N)·(φ−φ̄)(φ−φ̄)ᵀV, in one pass over the
 * rows and without the matrix: s = uᵀ[V; −φ̄ᵀV] for each row, then Σ u·s.
 *
 * <p><b>Exact</b>: s is a function of the row ({@link GridColumns}). It is rounded to 48 bits below
 * 2^σ ≥ √(m+1)·‖V‖, which bounds it, and split into two limbs of at most 2²⁴ and 2²³. Over a
 * stretch of at most 512 rows Σ|u·s| ≤ 2⁹·2²⁰·2²⁴ = 2⁵³ for a limb, so any BLAS gives the same
 * integers, which go on as {@link IntegerSums}. The result is a function of V and the multiset of
 * rows; merge is associative and commutative.
 *
 * <p><b>Error</b>: with p = m + 1, what is returned is (G + E)V where ‖E‖ is below about
 * p·2⁻⁴⁷√(1+‖φ̄‖²) by rounding s, and ‖G‖√p·2^(−3g) max|V|/‖V‖ by rounding V. Rounding errors
 * hardly ever add up so: on 1500 rows with m = 32 a twentieth is not exceeded (GramProductTest).
 * The first term grows by √(n·v₀/N), that is, with light rows.
 *
 * <p><b>Cost</b>: the features and 2mc(L+2) flops a row, L = 3 or 1 limbs of V; 32mc bytes (48mc
 * for very many rows), 8mLc bytes for V in each process, and a buffer of 32 MB. Not thread-safe.
 */
public final class GramProduct implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int STRETCH = 512;
  private static final int BITS = 48;
  private static final int LOW_BITS = 24;
  private static final double HIGH_UNIT = Math.scalb(1.0, LOW_BITS);

  private final GridRows rows;
  private final int count;
  private final IntegerSums sums;
  private final ExactSum weight = new ExactSum();

  /**
   * Of no rows.
   *
   * @param count c, the columns of V
   */
  public GramProduct(GridRows rows, int count) {
    this.rows = rows;
    this.count = count;
    this.sums = new IntegerSums(rows.width() * 2 * count);
  }

  /** Scratch memory of one thread. */
  public static final class Workspace {
    private final Blas blas;
    private final Featurizer.Workspace featurizer = new Featurizer.Workspace();
    private double[] u = new double[0];
    private double[] products = new double[0];
    private double[] limbs = new double[0];
    private double[] sums = new double[0];

    /** For the process's BLAS. */
    public Workspace() {
      this(Blas.backend());
    }

    /** For a BLAS of one's choice: the result is the same. */
    public Workspace(Blas blas) {
      this.blas = blas;
    }

    private void reserve(int stretch, int p, int products, int limbCount) {
      if (u.length < stretch * p) {
        u = new double[stretch * p];
      }
      if (this.products.length < stretch * products) {
        this.products = new double[stretch * products];
      }
      if (limbs.length < stretch * limbCount) {
        limbs = new double[stretch * limbCount];
      }
      if (sums.length < p * limbCount) {
        sums = new double[p * limbCount];
      }
    }
  }

  /**
   * Adds every row of a block, which {@link CrossStatistics} has found usable.
   *
   * @param v the same columns for all blocks
   */
  public void add(RowBlock block, GridColumns v, Workspace workspace) {
    int p = rows.width();
    int q = 2 * count;
    int stretch = Math.min(block.rows(), rows.stretch(p, STRETCH));
    workspace.reserve(stretch, p, v.products(), q);
    double[] perUnit = new double[count];
    for (int c = 0; c < count; c++) {
      perUnit[c] = Math.scalb(1.0, BITS - v.bound(c));
    }
    for (int first = 0; first < block.rows(); first += stretch) {
      int n = Math.min(stretch, block.rows() - first);
      rows.features(block, first, n, workspace.u, p, workspace.featurizer);
      v.multiply(workspace.blas, n, workspace.u, p, workspace.products);
      for (int i = 0; i < n; i++) {
        double one = workspace.u[i * p + p - 1];
        weight.add(one * one);
        for (int c = 0; c < count; c++) {
          double s = Grid.round(v.value(workspace.products, i, c) * perUnit[c]);
          double high = Grid.round(s / HIGH_UNIT);
          workspace.limbs[i * q + c] = high;
          workspace.limbs[i * q + count + c] = s - high * HIGH_UNIT;
        }
      }
      workspace.blas.multiplyTransposed(n, p, q, workspace.u, p, workspace.limbs, workspace.sums);
      sums.add(workspace.sums, n * Grid.FEATURE_ONE * HIGH_UNIT);
    }
  }

  /** Adds what other rows gave with the same columns. */
  public void merge(GramProduct other) {
    sums.merge(other.sums);
    weight.merge(other.weight);
  }

  /**
   * GV: c arrays of m numbers; zeros where no row has a weight.
   *
   * @param v the columns that were added
   * @param featureMean φ̄
   */
  public double[][] columns(GridColumns v, double[] featureMean) {
    int m = rows.features();
    double[][] out = new double[count][m];
    // Both weight and sums are in units of the grid squared.
    double total = weight.value();
    double perWeight = total > 0 ? Math.scalb(1 / total, Grid.FEATURE_BITS) : 0;
    for (int c = 0; c < count; c++) {
      int unit = v.bound(c) - BITS;
      double ones = sum(m, c);
      for (int i = 0; i < m; i++) {
        out[c][i] = Math.scalb((sum(i, c) - featureMean[i] * ones) * perWeight, unit);
      }
    }
    return out;
  }

  private double sum(int i, int c) {
    int at = i * 2 * count + c;
    return sums.value(at) * HIGH_UNIT + sums.value(at + count);
  }
}
