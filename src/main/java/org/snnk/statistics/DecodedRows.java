package org.snnk.statistics;

import org.snnk.feature.Featurizer;
import org.snnk.linalg.Grid;
import org.snnk.linalg.RowBlock;

/**
 * Rows as a {@link GramStatistics} sees them: a row u = √v·[Φ, 1, Y] on the grid, read back as a
 * weight, features and targets, so that Σ vφφᵀ over these rows <i>is</i> the statistic's.
 *
 * <p>Without weights the features are those of the map. A weight is the square of the rounded root
 * that stands in the column of ones, and features and targets are divided by it, which moves them
 * by at most some 2⁻²⁰ of the largest root.
 *
 * <p><b>Shapes</b>: features n×m in [−1, 1], targets n×k in the statistic's scale, weights n.
 * <b>Cost</b>: O(m(d + k)) flops a row; n(m + k + 1) numbers, grown to the largest n. Not
 * thread-safe.
 */
public final class DecodedRows {
  private final GridRows grid;
  private final Featurizer.Workspace workspace = new Featurizer.Workspace();
  private final double[] encoded;
  private double[] features = new double[0];
  private double[] decoded = new double[0];
  private double[] weights = new double[0];

  /** The rows of a statistic that was made with the same three. */
  public DecodedRows(Featurizer featurizer, Targets targets, int weightExponent) {
    this.grid = new GridRows(featurizer, targets, weightExponent);
    this.encoded = new double[targets.columns()];
  }

  /** Takes in rows {@code first} to {@code first + n − 1} of a block that the statistic took. */
  public void fill(RowBlock block, int first, int n) {
    int m = grid.features();
    int stride = stride();
    int k = grid.targets().count();
    if (weights.length < n) {
      features = new double[n * stride];
      decoded = new double[n * k];
      weights = new double[n];
    }
    grid.features(block, first, n, features, stride, workspace);
    for (int i = 0; i < n; i++) {
      int row = i * stride;
      double one = features[row + m];
      for (int j = row; j < row + m; j++) {
        features[j] = one == 0 ? 0 : features[j] / one;
      }
      grid.targets(block, first + i, encoded, 0);
      double root = one / Grid.FEATURE_ONE;
      decode(root, i * k, k);
      weights[i] = root * root * grid.weightUnit();
    }
  }

  private void decode(double root, int to, int k) {
    for (int t = 0; t < k; t++) {
      decoded[to + t] = 0;
    }
    for (int c = 0; root > 0 && c < encoded.length; c++) {
      decoded[to + grid.targets().target(c)] += encoded[c] * grid.targets().unit(c) / root;
    }
  }

  /** n×m, rows {@link #stride} apart. */
  public double[] features() {
    return features;
  }

  /** m + 1. */
  public int stride() {
    return grid.width();
  }

  /** n×k. */
  public double[] targets() {
    return decoded;
  }

  /** n. */
  public double[] weights() {
    return weights;
  }
}
