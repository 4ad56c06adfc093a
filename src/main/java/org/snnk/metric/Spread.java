package org.snnk.metric;

import java.util.Collection;

/**
 * How a figure scatters over trainings that differ in their seed alone.
 *
 * @param count how many there are
 * @param mean their mean
 * @param sd their standard deviation, divided by count − 1; 0 for a single one
 * @param least the least
 * @param most the largest
 */
public record Spread(int count, double mean, double sd, double least, double most) {

  /**
   * Of some numbers.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Spread of(Collection<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("spread: expected at least one number, got none.");
    }
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      sum += value;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    int n = values.size();
    double mean = sum / n;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return new Spread(n, mean, n == 1 ? 0 : Math.sqrt(squares / (n - 1)), least, most);
  }
}
