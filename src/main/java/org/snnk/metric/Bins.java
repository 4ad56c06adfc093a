package org.snnk.metric;

import java.io.Serializable;

/**
 * Equal-width bins of a range; what lies outside belongs to the first or last bin.
 *
 * @param low lower edge of the first bin
 * @param high upper edge of the last bin, above {@code low}
 * @param count number of bins
 */
public record Bins(double low, double high, int count) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Checks that the edges are finite and rising. */
  public Bins {
    if (!(low < high) || !Double.isFinite(high - low) || count < 1) {
      throw new IllegalArgumentException(
          "bins: expected finite rising edges and at least one bin, got "
              + low
              + " to "
              + high
              + " in "
              + count
              + ".");
    }
  }

  /** The bin of a number that is not NaN. */
  public int index(double x) {
    double position = (x - low) / (high - low) * count;
    return Math.max(0, Math.min(count - 1, (int) position)); // whole numbers: no branch
  }

  /** Lower edge of a bin, or the upper edge of the last one for {@code i = count}. */
  public double edge(int i) {
    return i == count ? high : low + (high - low) * i / count;
  }
}
