package org.snnk.metric;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a {@link RegressionSummary} keeps of one target: sums by group of rows, and the errors in
 * bins.
 *
 * <p>The size of an error is binned to 1/64 of itself, between 2⁻³⁰ and 2²⁰ widths of the plotted
 * range, so a quantile is off by less than 0.8 %; {@link RegressionMetrics.Quantile#bound} says by
 * how much.
 */
final class TargetErrors implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int ERROR_BINS = 1024;
  private static final int DENSITY_BINS = 40;
  private static final int BANDS = 20;
  private static final SignedOctaves SIZES = new SignedOctaves(-30, 20, 6);
  private static final SignedOctaves BAND_SIZES = new SignedOctaves(-20, 8, 4);
  private static final double[] SHARES = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
  private static final double[] ABSOLUTE_SHARES = {0.5, 0.9, 0.95, 0.99};
  private static final double[] BAND_SHARES = {0.05, 0.25, 0.5, 0.75, 0.95};

  private final double centre;
  private final double width;
  private final Bins range;
  private final Bins errors;
  private final Bins bands;

  private final ErrorMoments moments;
  private final WeightSums errorWeights;
  private final WeightSums densityWeights;
  private final WeightSums sizes = new WeightSums(SIZES.count());
  private final WeightSums bandSizes;
  private double least = Double.POSITIVE_INFINITY;
  private double largest = Double.NEGATIVE_INFINITY;
  private double leastError = Double.POSITIVE_INFINITY;
  private double largestError = Double.NEGATIVE_INFINITY;

  /** A slice is not plotted: one bin each will do. */
  TargetErrors(double low, double high, int groups, Detail detail) {
    boolean plotted = detail == Detail.FULL;
    centre = low + (high - low) / 2;
    double half = high > low ? 0 : Math.max(1, Math.abs(low)) / 2; // a constant still needs width
    range = new Bins(low - half, high + half, plotted ? DENSITY_BINS : 1);
    width = range.high() - range.low();
    errors = new Bins(-width, width, plotted ? ERROR_BINS : 1);
    bands = new Bins(range.low(), range.high(), plotted ? BANDS : 1);
    errorWeights = new WeightSums(errors.count());
    densityWeights = new WeightSums(range.count() * range.count());
    bandSizes = new WeightSums(bands.count() * BAND_SIZES.count());
    moments = new ErrorMoments(groups, width);
  }

  Bins range() {
    return range;
  }

  /** Some rows of the target and what sums need of them. */
  static final class Rows extends SummedRows {
    final double[] truth = new double[MOST];
    final double[] predicted = new double[MOST];
    private final double[] fromCentre = new double[MOST];
    private final double[] error = new double[MOST];
  }

  /** Adds the first of some rows. */
  void add(Rows rows, int n) {
    double[] e = rows.error;
    double[] y = rows.truth;
    double[] w = rows.weight;
    int[] cell = rows.cell;
    for (int i = 0; i < n; i++) {
      e[i] = rows.predicted[i] - y[i];
      rows.fromCentre[i] = y[i] - centre;
    }
    moments.add(n, rows.group, rows.fromCentre, e, w);
    for (int i = 0; i < n; i++) {
      cell[i] = errors.index(e[i]);
    }
    errorWeights.add(n, cell, w);
    for (int i = 0; i < n; i++) {
      cell[i] = range.index(y[i]) * range.count() + range.index(rows.predicted[i]);
    }
    densityWeights.add(n, cell, w);
    for (int i = 0; i < n; i++) {
      cell[i] = SIZES.index(e[i] / width);
    }
    sizes.add(n, cell, w);
    for (int i = 0; i < n; i++) {
      int size = BAND_SIZES.index(e[i] / width);
      cell[i] = bands.index(rows.predicted[i]) * BAND_SIZES.count() + size;
    }
    bandSizes.add(n, cell, w);
    for (int i = 0; i < n; i++) {
      if (w == null || w[i] != 0) {
        least = y[i] < least ? y[i] : least;
        largest = y[i] > largest ? y[i] : largest;
        leastError = e[i] < leastError ? e[i] : leastError;
        largestError = e[i] > largestError ? e[i] : largestError;
      }
    }
  }

  void merge(TargetErrors other) {
    moments.merge(other.moments);
    errorWeights.merge(other.errorWeights);
    densityWeights.merge(other.densityWeights);
    sizes.merge(other.sizes);
    bandSizes.merge(other.bandSizes);
    least = Math.min(least, other.least);
    largest = Math.max(largest, other.largest);
    leastError = Math.min(leastError, other.leastError);
    largestError = Math.max(largestError, other.largestError);
  }

  /** The {@link ErrorMoments} of each group. */
  double[][] byGroup() {
    return moments.byGroup();
  }

  RegressionMetrics.Target metrics(double weight, String none) {
    Histogram histogram = new Histogram(errors, values(errorWeights));
    Density density = new Density(range, values(densityWeights));
    if (weight == 0) {
      Figure no = Figure.undefined(none);
      return new RegressionMetrics.Target(
          no, no, no, no, no, no, histogram, density, List.of(), List.of(), List.of());
    }
    double[] sums = moments.totals();
    double squaredError = sums[ErrorMoments.E_SQUARED];
    double mean = sums[ErrorMoments.Y] / weight;
    double spread =
        least == largest
            ? 0
            : Math.max(0, sums[ErrorMoments.Y_SQUARED] - sums[ErrorMoments.Y] * mean);
    double unexplained = squaredError / spread; // infinite where the spread is a rounding
    return new RegressionMetrics.Target(
        Figure.of(Math.sqrt(squaredError / weight)),
        Figure.of(sums[ErrorMoments.E_SIZE] / weight),
        spread > 0 && Double.isFinite(unexplained)
            ? Figure.of(1 - unexplained)
            : Figure.undefined("the target is constant"),
        Figure.of(sums[ErrorMoments.E] / weight),
        Figure.of(centre + mean),
        Figure.of(Math.sqrt(spread / weight)),
        histogram,
        density,
        quantiles(values(sizes), SHARES, leastError, largestError),
        quantiles(absolute(), ABSOLUTE_SHARES, 0, Math.max(-leastError, largestError)),
        residuals());
  }

  /** The weights of both signs together, on the positive side. */
  private double[] absolute() {
    double[] weights = values(sizes);
    int n = weights.length;
    for (int b = 0; b < n / 2; b++) {
      weights[n - 1 - b] += weights[b];
      weights[b] = 0;
    }
    return weights;
  }

  private List<RegressionMetrics.Quantile> quantiles(
      double[] weights, double[] shares, double lowest, double highest) {
    List<RegressionMetrics.Quantile> quantiles = new ArrayList<>();
    for (double share : shares) {
      int bin = bin(weights, share);
      double middle = SIZES.middle(bin) * width;
      double bound = SIZES.radius(bin) * width;
      double error = Math.max(lowest, Math.min(highest, middle));
      if (bin == 0 || bin == weights.length - 1) {
        error = bin == 0 ? lowest : highest;
        bound = Math.max(0, Math.abs(error) - Math.abs(middle) + bound);
      }
      quantiles.add(new RegressionMetrics.Quantile(share, error, bound));
    }
    return quantiles;
  }

  /** The bin in which the given share of the weight is reached. */
  private static int bin(double[] weights, double share) {
    double wanted = share * Arrays.stream(weights).sum();
    double below = 0;
    int last = 0;
    for (int b = 0; b < weights.length; b++) {
      if (weights[b] > 0) {
        below += weights[b];
        last = b;
        if (below >= wanted) {
          return b;
        }
      }
    }
    return last;
  }

  private List<RegressionMetrics.Residuals> residuals() {
    List<RegressionMetrics.Residuals> residuals = new ArrayList<>();
    for (int band = 0; band < bands.count(); band++) {
      double[] weights = new double[BAND_SIZES.count()];
      double weight = 0;
      for (int b = 0; b < weights.length; b++) {
        weights[b] = bandSizes.value(band * weights.length + b);
        weight += weights[b];
      }
      if (weight > 0) {
        List<Double> quantiles = new ArrayList<>();
        for (double share : BAND_SHARES) {
          double error = BAND_SIZES.middle(bin(weights, share)) * width;
          quantiles.add(Math.max(leastError, Math.min(largestError, error)));
        }
        residuals.add(
            new RegressionMetrics.Residuals(
                bands.edge(band), bands.edge(band + 1), weight, quantiles));
      }
    }
    return residuals;
  }

  private static double[] values(WeightSums sums) {
    double[] values = new double[sums.cells()];
    Arrays.setAll(values, sums::value);
    return values;
  }

  boolean same(TargetErrors other) {
    return range.equals(other.range)
        && moments.equals(other.moments)
        && errorWeights.equals(other.errorWeights)
        && densityWeights.equals(other.densityWeights)
        && sizes.equals(other.sizes)
        && bandSizes.equals(other.bandSizes)
        && least == other.least
        && largest == other.largest
        && leastError == other.leastError
        && largestError == other.largestError;
  }
}
