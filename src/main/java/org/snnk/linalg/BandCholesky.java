package org.snnk.linalg;

import java.io.Serializable;
import org.snnk.SnnkException;

/**
 * The Cholesky factor of a shifted band matrix, B + λI = LLᵀ, and what is read from it.
 *
 * <p><b>Deterministic</b>: a function of B's bits and λ, in plain Java. Immutable.
 */
public final class BandCholesky implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int m;
  private final int b;

  /** Row i holds −L(i, i−b … i−1), then 1/L(i, i). */
  private final double[] factor;

  private BandCholesky(int m, int b, double[] factor) {
    this.m = m;
    this.b = b;
    this.factor = factor;
  }

  /**
   * Factors B + λI.
   *
   * @param band row i holds B(i, i−b … i); not modified
   */
  static BandCholesky of(int m, int b, double[] band, double lambda) {
    int row = b + 1;
    double[] factor = band.clone();
    for (int i = 0; i < m; i++) {
      int at = i * row + b - i; // where (i, 0) would stand
      int lowest = Math.max(0, i - b);
      for (int j = lowest; j < i; j++) {
        int other = j * row + b - j;
        double sum = factor[at + j];
        for (int k = lowest; k < j; k++) {
          sum -= factor[at + k] * factor[other + k];
        }
        factor[at + j] = sum * factor[other + j];
      }
      double pivot = factor[at + i] + lambda;
      for (int k = lowest; k < i; k++) {
        pivot -= factor[at + k] * factor[at + k];
      }
      if (!(pivot > 0)) {
        throw notPositiveDefinite(m, row, band, lambda, i, pivot);
      }
      factor[at + i] = 1 / Math.sqrt(pivot);
    }
    for (int i = 0; i < m; i++) {
      for (int k = i * row; k < i * row + b; k++) {
        factor[k] = -factor[k];
      }
    }
    return new BandCholesky(m, b, factor);
  }

  private static SnnkException notPositiveDefinite(
      int m, int row, double[] band, double lambda, int i, double pivot) {
    double scale = 0;
    for (int k = row - 1; k < m * row; k += row) {
      scale = Math.max(scale, Math.abs(band[k]));
    }
    return new SnnkException(
        "Gram matrix",
        "a positive definite matrix",
        "pivot "
            + (i + 1)
            + " of "
            + m
            + " of "
            + pivot
            + " with regParam "
            + lambda
            + ", largest diagonal "
            + scale,
        "band form",
        "Increase train.regParam.");
  }

  /**
   * x ← L⁻¹x.
   *
   * <p><b>Shapes</b>: x m rows, columns [from, to) overwritten. <b>Cost</b>: 2mb flops a column.
   */
  public void forward(double[][] x, int from, int to) {
    for (int i = 0; i < m; i++) {
      int lowest = Math.max(0, i - b);
      int at = i * (b + 1) + b;
      Rows.add(x[i], factor, at - (i - lowest), x, lowest, i - lowest, from, to);
      scale(x[i], factor[at], from, to);
    }
  }

  /**
   * x ← (B + λI)⁻¹x.
   *
   * <p><b>Shapes</b>: x m rows, columns [from, to) overwritten. <b>Cost</b>: 4mb flops a column.
   */
  public void solve(double[][] x, int from, int to) {
    forward(x, from, to);
    double[] below = new double[b];
    for (int i = m - 1; i >= 0; i--) {
      int count = Math.min(b, m - 1 - i);
      for (int d = 0; d < count; d++) {
        below[d] = factor[(i + 1 + d) * (b + 1) + b - 1 - d];
      }
      Rows.add(x[i], below, 0, x, i + 1, count, from, to);
      scale(x[i], factor[i * (b + 1) + b], from, to);
    }
  }

  private static void scale(double[] x, double by, int from, int to) {
    for (int j = from; j < to; j++) {
      x[j] *= by;
    }
  }

  /**
   * tr (B + λI)⁻¹ without the inverse: its entries within the band follow from one another, from
   * the last row up (Takahashi, Fagan and Chen 1973; Erisman and Tinney 1975).
   *
   * <p><b>Cost</b>: 2mb² flops.
   */
  public double traceOfInverse() {
    // Entries between the b rows behind row i, each at its row number modulo b.
    double[][] window = new double[b][b];
    double[] below = new double[b];
    double[] entries = new double[b];
    double trace = 0;
    for (int i = m - 1; i >= 0; i--) {
      double inverse = factor[i * (b + 1) + b];
      for (int d = 1; d <= b; d++) {
        int k = i + d;
        below[k % b] = k < m ? factor[k * (b + 1) + b - d] * inverse : 0;
      }
      for (int r = 0; r < b; r++) {
        entries[r] = Rows.dot(window[r], below, 0, b);
      }
      double diagonal = inverse * inverse + Rows.dot(entries, below, 0, b);
      // Row i takes the place of row i + b.
      int at = i % b;
      for (int r = 0; r < b; r++) {
        window[r][at] = entries[r];
        window[at][r] = entries[r];
      }
      window[at][at] = diagonal;
      trace += diagonal;
    }
    return trace;
  }
}
