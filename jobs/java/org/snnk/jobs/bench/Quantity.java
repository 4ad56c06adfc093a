package org.snnk.jobs.bench;

import java.util.List;

/**
 * A figure and where it comes from.
 *
 * @param value the median of the samples, or what follows from several medians
 * @param unit such as {@code GFLOP/s}
 * @param what was measured, in words
 * @param samples every measurement, in order
 */
public record Quantity(double value, String unit, String what, List<Double> samples) {
  /** Copies the samples. */
  public Quantity {
    samples = List.copyOf(samples);
  }

  static Quantity median(String unit, String what, List<Double> samples) {
    return new Quantity(median(samples), unit, what, samples);
  }

  /** The middle of the samples, or the mean of the two in the middle. */
  public static double median(List<Double> samples) {
    double[] sorted = samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
