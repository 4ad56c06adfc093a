package org.snnk.metric;

import java.util.Arrays;

/** The weight in each of a range's bins. */
public final class Histogram {
  private final Bins bins;
  private final double[] weights;

  Histogram(Bins bins, double[] weights) {
    this.bins = bins;
    this.weights = weights;
  }

  /** The bins; the first and last also hold what lies outside the range. */
  public Bins bins() {
    return bins;
  }

  /** The weight in a bin. */
  public double weight(int bin) {
    return weights[bin];
  }

  /**
   * The same rows in at most {@code most} bins over the part that holds all but {@code tail} of the
   * weight on either side; the tails are in its edge bins.
   */
  public Histogram zoomed(double tail, int most) {
    double total = Arrays.stream(weights).sum();
    int from = 0;
    double below = weights[0];
    while (from < weights.length - 1 && below <= tail * total) {
      below += weights[++from];
    }
    int to = weights.length - 1;
    double above = weights[to];
    while (to > from && above <= tail * total) {
      above += weights[--to];
    }
    int each = (to - from) / most + 1;
    int count = (to - from) / each + 1;
    int last = Math.min(from + count * each, weights.length);
    from = Math.max(0, last - count * each); // whole groups, within the range
    count = Math.max(1, (last - from) / each);
    double[] grouped = new double[count];
    for (int i = 0; i < weights.length; i++) {
      grouped[Math.max(0, Math.min(count - 1, Math.floorDiv(i - from, each)))] += weights[i];
    }
    return new Histogram(new Bins(bins.edge(from), bins.edge(from + count * each), count), grouped);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Histogram histogram
        && bins.equals(histogram.bins)
        && Arrays.equals(weights, histogram.weights);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(weights);
  }
}
