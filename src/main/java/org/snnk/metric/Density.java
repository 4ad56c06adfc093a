package org.snnk.metric;

import java.util.Arrays;

/** The weight in each cell of true value × predicted value, over the same bins. */
public final class Density {
  private final Bins bins;
  private final double[] weights;

  Density(Bins bins, double[] weights) {
    this.bins = bins;
    this.weights = weights;
  }

  /** The bins of either axis. */
  public Bins bins() {
    return bins;
  }

  /** The weight of the rows with the true value in one bin and the predicted one in another. */
  public double weight(int truth, int predicted) {
    return weights[truth * bins.count() + predicted];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Density density
        && bins.equals(density.bins)
        && Arrays.equals(weights, density.weights);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(weights);
  }
}
