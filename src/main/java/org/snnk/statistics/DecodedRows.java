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
  private final Featurizer featurizer;
  private final Targets targets;
  private final double weightUnit;
  private final Featurizer.Workspace workspace = new Featurizer.Workspace();
  private final double[] encoded;
  private double[] features = new double[0];
  private double[] decoded = new double[0];
  private double[] weights = new double[0];

  /** The rows of a statistic that was made with the same three. */
  public DecodedRows(Featurizer featurizer, Targets targets, int weightExponent) {
    this.featurizer = featurizer;
    this.targets = targets;
    this.weightUnit = Math.scalb(1.0, weightExponent);
    this.encoded = new double[targets.columns()];
  }

  /** Takes in rows {@code first} to {@code first + n − 1} of a block that the statistic took. */
  public void fill(RowBlock block, int first, int n) {
    int m = featurizer.map().features();
    int k = targets.count();
    if (weights.length < n) {
      features = new double[n * m];
      decoded = new double[n * k];
      weights = new double[n];
    }
    featurizer.features(n, block.x(), first, features, m, workspace);
    for (int i = 0; i < n; i++) {
      double root = Math.sqrt(block.weight(first + i) / weightUnit);
      double one = Grid.round(root * Grid.FEATURE_ONE);
      for (int j = i * m; j < (i + 1) * m; j++) {
        double u = root == 1 ? features[j] : Grid.round(features[j] * root);
        features[j] = one == 0 ? 0 : u / one;
      }
      targets.encode(block.y(), (first + i) * block.targets(), root, encoded, 0);
      decode(one / Grid.FEATURE_ONE, i * k, k);
      weights[i] = (one / Grid.FEATURE_ONE) * (one / Grid.FEATURE_ONE) * weightUnit;
    }
  }

  private void decode(double root, int to, int k) {
    for (int t = 0; t < k; t++) {
      decoded[to + t] = 0;
    }
    for (int c = 0; root > 0 && c < encoded.length; c++) {
      decoded[to + targets.target(c)] += encoded[c] * targets.unit(c) / root;
    }
  }

  /** n×m. */
  public double[] features() {
    return features;
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
