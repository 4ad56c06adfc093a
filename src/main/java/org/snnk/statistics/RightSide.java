package org.snnk.statistics;

import org.snnk.SnnkException;
import org.snnk.linalg.Grid;

/**
 * The centred normal equations (G + λI)W = C, b = ȳ − Wᵀφ̄ without their matrix: all that a solver
 * needs that only multiplies with G.
 *
 * <p><b>Shapes</b>: cross m×k, featureMean m, targetMean k, targetGram k×k. <b>Scale</b> and
 * centring as in {@link NormalEquations}, with the same bits.
 *
 * @param rows n
 * @param weight N = Σv
 * @param features m
 * @param targets k
 */
public record RightSide(
    long rows,
    double weight,
    int features,
    int targets,
    double[] cross,
    double[] featureMean,
    double[] targetMean,
    double[] targetGram) {

  /** The exact sums Σuᵢuⱼ of the rows u = √v·[Φ, 1, Y]. */
  @FunctionalInterface
  interface Sums {
    /** For i ≤ j, j not a feature. */
    DoubleDouble entry(int i, int j);
  }

  /**
   * Reads them off the sums.
   *
   * @throws SnnkException if there are no rows, or none with a positive weight
   */
  static RightSide of(long rows, int m, Targets targets, double weightUnit, Sums sums) {
    int k = targets.count();
    DoubleDouble total = sums.entry(m, m);
    if (!(total.high() > 0)) {
      throw new SnnkException(
          "statistic",
          "rows with a positive total weight",
          rows + " rows of weight 0",
          null,
          "Check data.weight.");
    }
    int columns = targets.columns();
    // Means of the columns over N, features first, then the grid columns of the targets, in grid
    // units.
    DoubleDouble[] mean = new DoubleDouble[m + columns];
    double[] featureMean = new double[m];
    for (int j = 0; j < m; j++) {
      mean[j] = sums.entry(j, m).over(total);
      featureMean[j] = mean[j].value();
    }
    for (int c = 0; c < columns; c++) {
      mean[m + c] = sums.entry(m, m + 1 + c).over(total);
    }
    double[] cross = new double[m * k];
    double[] targetGram = new double[k * k];
    double[] targetMean = new double[k];
    for (int c = 0; c < columns; c++) {
      int t = targets.target(c);
      double unit = targets.unit(c) * Grid.FEATURE_ONE;
      targetMean[t] += mean[m + c].value() * unit;
      for (int i = 0; i < m; i++) {
        cross[i * k + t] +=
            sums.entry(i, m + 1 + c).over(total).minusProduct(mean[i], mean[m + c]).value() * unit;
      }
      for (int e = 0; e < columns; e++) {
        double both = unit * targets.unit(e) * Grid.FEATURE_ONE;
        targetGram[t * k + targets.target(e)] +=
            sums.entry(m + 1 + Math.min(c, e), m + 1 + Math.max(c, e))
                    .over(total)
                    .minusProduct(mean[m + c], mean[m + e])
                    .value()
                * both;
      }
    }
    double weight = total.value() * Math.scalb(weightUnit, -2 * Grid.FEATURE_BITS);
    return new RightSide(rows, weight, m, k, cross, featureMean, targetMean, targetGram);
  }
}
