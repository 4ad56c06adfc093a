package org.snnk.statistics;

import java.io.Serializable;
import org.snnk.SnnkException;
import org.snnk.feature.Featurizer;
import org.snnk.linalg.Grid;
import org.snnk.linalg.RowBlock;

/**
 * The rows u = √(v/v₀)·[Φ(x), 1, Y] of a least-squares problem on the feature grid, the same ones
 * that {@link GramStatistics} multiplies: whatever is made of them is about the same problem.
 *
 * <p>Every entry is an integer of at most 2²⁰ in units of 2⁻²⁰.
 *
 * @param featurizer what makes features of rows
 * @param targets what makes grid columns of targets
 * @param weightExponent log₂ v₀
 */
public record GridRows(Featurizer featurizer, Targets targets, int weightExponent)
    implements Serializable {
  private static final int BUFFER_DOUBLES = 4 << 20;
  private static final int LEAST_ROWS = 32;

  /** m. */
  public int features() {
    return featurizer.map().features();
  }

  /** p = m + 1: the features and the ones. */
  int width() {
    return features() + 1;
  }

  double weightUnit() {
    return Math.scalb(1.0, weightExponent);
  }

  /**
   * Rows of this width that are worked on at a time: 32 MB of them, at least 32 and at most so many
   * that their products are exact.
   */
  int stretch(int width, int most) {
    return Math.max(LEAST_ROWS, Math.min(most, BUFFER_DOUBLES / width));
  }

  /**
   * Passes if every row can be used.
   *
   * @throws SnnkException as {@link GramStatistics#add(RowBlock)} does
   */
  void requireUsable(RowBlock block) {
    GramStatistics.requireUsable(block, featurizer.map().inputs(), targets, weightUnit());
  }

  /**
   * Writes √(v/v₀)·[Φ, 1] of a stretch of a block.
   *
   * <p><b>Shapes</b>: out n×(m+1) with rows ld apart, overwritten.
   */
  void features(
      RowBlock block, int first, int n, double[] out, int ld, Featurizer.Workspace workspace) {
    int m = features();
    featurizer.features(n, block.x(), first, out, ld, workspace);
    for (int i = 0; i < n; i++) {
      int row = i * ld;
      double root = root(block, first + i);
      if (root != 1) {
        for (int j = row; j < row + m; j++) {
          out[j] = Grid.round(out[j] * root);
        }
      }
      out[row + m] = Grid.round(root * Grid.FEATURE_ONE);
    }
  }

  /**
   * Writes √(v/v₀)·Y of one row.
   *
   * @return how many targets were clipped
   */
  int targets(RowBlock block, int row, double[] out, int to) {
    return targets.encode(block.y(), row * block.targets(), root(block, row), out, to);
  }

  private double root(RowBlock block, int row) {
    return Math.sqrt(block.weight(row) * Math.scalb(1.0, -weightExponent));
  }
}
