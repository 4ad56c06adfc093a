package org.snnk.feature;

import org.snnk.linalg.Grid;

/** Features without a bound, held within that of the feature grid. */
final class Clip {
  private static final double ONE = Grid.FEATURE_ONE;

  private Clip() {}

  /**
   * Clips whole numbers v[from], …, v[to − 1] at ±2²⁰, in place.
   *
   * @return how many lay beyond
   */
  static long toOne(double[] v, int from, int to) {
    long clipped = 0;
    for (int j = from; j < to; j++) {
      if (Math.abs(v[j]) > ONE) {
        v[j] = Math.copySign(ONE, v[j]);
        clipped++;
      }
    }
    return clipped;
  }
}
