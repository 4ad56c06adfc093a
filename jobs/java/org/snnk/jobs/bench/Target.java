package org.snnk.jobs.bench;

/**
 * What a ratio should be.
 *
 * @param least whether the bound is the least good value rather than the largest
 */
public record Target(boolean least, double bound) {
  static Target atLeast(double bound) {
    return new Target(true, bound);
  }

  static Target atMost(double bound) {
    return new Target(false, bound);
  }

  /** Whether a ratio is good enough. */
  public boolean metBy(double ratio) {
    return least ? ratio >= bound : ratio <= bound;
  }

  @Override
  public String toString() {
    return (least ? "≥ " : "≤ ") + bound;
  }
}
