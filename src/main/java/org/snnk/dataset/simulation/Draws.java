package org.snnk.dataset.simulation;

import org.snnk.random.CounterRandom;

/**
 * The random numbers of one row, in the order in which they are asked for.
 *
 * <p>Number k of a row is f(seed, stream, 1024·row + k), so a row may draw as many as it needs, up
 * to 1024, without touching its neighbours'.
 */
final class Draws {
  static final int NUMBERS_PER_ROW = 1024;

  private final CounterRandom random;
  private final long first;
  private int next;

  Draws(CounterRandom random, long row) {
    this.random = random;
    this.first = row * NUMBERS_PER_ROW;
  }

  private long index() {
    if (next == NUMBERS_PER_ROW) {
      throw new IllegalStateException("a row drew more than " + NUMBERS_PER_ROW + " numbers.");
    }
    return first + next++;
  }

  /** Uniform on [0, 1). */
  double uniform() {
    return random.uniform(index());
  }

  double uniform(double from, double to) {
    return from + (to - from) * uniform();
  }

  int below(int bound) {
    return random.below(bound, index());
  }

  double gaussian() {
    return random.gaussian(index());
  }

  double gaussian(double mean, double deviation) {
    return mean + deviation * gaussian();
  }

  double exponential(double mean) {
    return -mean * StrictMath.log(1 - uniform());
  }

  /** Standard Gumbel: the index of the largest (utility + Gumbel) is a softmax draw. */
  double gumbel() {
    return -StrictMath.log(-StrictMath.log(uniform(1e-12, 1)));
  }

  /** Cauchy (Breit–Wigner) of a full width at half maximum, cut off at ± a limit. */
  double breitWigner(double mass, double width, double limit) {
    double offset = 0.5 * width * StrictMath.tan(StrictMath.PI * (uniform() - 0.5));
    return mass + Math.max(-limit, Math.min(limit, offset));
  }
}
