package org.snnk.feature;

import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

/**
 * The Halton sequence with random digits: point i has in coordinate j the digits of i in the j-th
 * prime, mirrored at the point, each digit sent through a random permutation of its own (Owen 2017,
 * "A randomized Halton algorithm in R", arXiv 1706.02808).
 *
 * <p>Each point alone is uniform on the unit cube, so means over the points are unbiased; together
 * they are spread evenly. No table is needed: primes are sieved, permutations drawn.
 *
 * <p><b>Cost</b>: for d coordinates some 5·Σ p_j draws, 20 million for d = 1024.
 */
final class HaltonPoints {
  static final int MAX_INPUTS = 1024;
  private static final long STREAM = 0x68616C746F6EL;
  private static final int MAX_DIGITS = 64;
  private static final int POSITION_BITS = 14;
  private static final double LAST_DIGIT = 0x1p-52;
  private static final int LARGEST_PRIME = 8161;

  private HaltonPoints() {}

  /** Points in (0, 1)ᵈ: count×d row-major. */
  static double[] draw(int count, int d, CounterRandom random) {
    if (d > MAX_INPUTS) {
      throw new SnnkException(
          "projection 'halton'",
          "at most " + MAX_INPUTS + " inputs",
          d + "",
          null,
          "Even points need few dimensions: choose orthogonal or hadamard.");
    }
    CounterRandom digits = random.stream(STREAM);
    double[] points = new double[Math.multiplyExact(count, d)];
    int prime = 1;
    for (int j = 0; j < d; j++) {
      prime = next(prime);
      double unit = 1;
      int place = 0;
      long below = 1; // prime^place, until all numbers have no such digit
      for (; unit > LAST_DIGIT; place++) {
        unit /= prime;
        int[] permutation = permutation(prime, (long) j * MAX_DIGITS + place, digits);
        for (int i = 0; i < count; i++) {
          int digit = below > i ? 0 : (int) (i / below % prime);
          points[i * d + j] += permutation[digit] * unit;
        }
        below = below > count ? below : below * prime;
      }
      for (int i = 0; i < count; i++) {
        points[i * d + j] = Math.min(points[i * d + j] + unit / 2, 1 - 0x1p-53);
      }
    }
    return points;
  }

  /** Fisher and Yates' shuffle of 0 … bound − 1. */
  private static int[] permutation(int bound, long number, CounterRandom random) {
    int[] p = new int[bound];
    for (int i = 0; i < bound; i++) {
      int other = random.below(i + 1, (number << POSITION_BITS) + i);
      p[i] = p[other];
      p[other] = i;
    }
    return p;
  }

  private static int next(int after) {
    for (int n = after + 1; n <= LARGEST_PRIME; n++) {
      boolean prime = true;
      for (int k = 2; k * k <= n && prime; k++) {
        prime = n % k != 0;
      }
      if (prime) {
        return n;
      }
    }
    throw new IllegalArgumentException("no prime above " + after);
  }
}
