package org.snnk.statistics;

import org.snnk.random.CounterRandom;

/**
 * Random signs ±1 as test vectors of a sketch: as good as Gaussian numbers, and one bit long, so
 * that a {@linkplain GridColumns product} with them needs one limb.
 */
public final class RandomSigns {
  private static final long STREAM = 0x7369676E73L;

  private RandomSigns() {}

  /** Test vectors {@code first} to {@code first + count − 1}, each of m signs, f(seed, vector). */
  public static double[][] of(int first, int count, int m, long seed) {
    CounterRandom random = new CounterRandom(seed, STREAM);
    double[][] signs = new double[count][m];
    for (int c = 0; c < count; c++) {
      long start = (long) (first + c) << Integer.SIZE;
      for (int i = 0; i < m; i++) {
        signs[c][i] = random.bits(start + i) < 0 ? -1 : 1;
      }
    }
    return signs;
  }
}
