package org.snnk.metric;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.snnk.linalg.ExactSum;

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
  private static final int SUMS = 5;
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

  /** By group: Σw·y, Σw·y², Σw·e, Σw·|e|, Σw·e², where y is counted from the centre. */
  private final ExactSum[][] sums;

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
    sums = new ExactSum[groups][SUMS];
    for (ExactSum[] group : sums) {
      Arrays.setAll(group, i -> new ExactSum());
    }
  }

  Bins range() {
    return range;
  }

  void add(int group, double y, double predicted, double w) {
    if (w == 0) {
      return;
    }
    double e = predicted - y;
    double fromCentre = y - centre;
    ExactSum[] sum = sums[group];
    addProduct(sum[0], w, fromCentre);
    sum[1].addProduct(w * fromCentre, fromCentre);
    addProduct(sum[2], w, e);
    addProduct(sum[3], w, Math.abs(e));
    sum[4].addProduct(w * e, e);
    errorWeights.add(errors.index(e), w);
    densityWeights.add(range.index(y) * range.count() + range.index(predicted), w);
    double size = e / width;
    sizes.add(SIZES.index(size), w);
    bandSizes.add(bands.index(predicted) * BAND_SIZES.count() + BAND_SIZES.index(size), w);
    least = Math.min(least, y);
    largest = Math.max(largest, y);
    leastError = Math.min(leastError, e);
    largestError = Math.max(largestError, e);
  }

  private static void addProduct(ExactSum sum, double w, double value) {
    if (w == 1) {
      sum.add(value);
    } else {
      sum.addProduct(w, value);
    }
  }

  void merge(TargetErrors other) {
    for (int g = 0; g < sums.length; g++) {
      for (int s = 0; s < SUMS; s++) {
        sums[g][s].merge(other.sums[g][s]);
      }
    }
    errorWeights.merge(other.errorWeights);
    densityWeights.merge(other.densityWeights);
    sizes.merge(other.sizes);
    bandSizes.merge(other.bandSizes);
    least = Math.min(least, other.least);
    largest = Math.max(largest, other.largest);
    leastError = Math.min(leastError, other.leastError);
    largestError = Math.max(largestError, other.largestError);
  }

  /** The five sums of each group. */
  double[][] byGroup() {
    double[][] values = new double[sums.length][SUMS];
    for (int g = 0; g < sums.length; g++) {
      for (int s = 0; s < SUMS; s++) {
        values[g][s] = sums[g][s].value();
      }
    }
    return values;
  }

  private double total(int of) {
    ExactSum total = new ExactSum();
    for (ExactSum[] group : sums) {
      total.merge(group[of]);
    }
    return total.value();
  }

  RegressionMetrics.Target metrics(double weight, String none) {
    Histogram histogram = new Histogram(errors, values(errorWeights));
    Density density = new Density(range, values(densityWeights));
    if (weight == 0) {
      Figure no = Figure.undefined(none);
      return new RegressionMetrics.Target(
          no, no, no, no, no, no, histogram, density, List.of(), List.of(), List.of());
    }
    double squaredError = total(4);
    double mean = total(0) / weight;
    double spread = least == largest ? 0 : Math.max(0, total(1) - total(0) * mean);
    double unexplained = squaredError / spread; // infinite where the spread is a rounding
    return new RegressionMetrics.Target(
        Figure.of(Math.sqrt(squaredError / weight)),
        Figure.of(total(3) / weight),
        spread > 0 && Double.isFinite(unexplained)
            ? Figure.of(1 - unexplained)
            : Figure.undefined("the target is constant"),
        Figure.of(total(2) / weight),
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
        && Arrays.deepEquals(sums, other.sums)
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
