package org.snnk.statistics;

import org.snnk.SnnkException;
import org.snnk.linalg.Grid;

/**
 * The centred normal equations of least squares on features: (G + λI)W = C, b = ȳ − Wᵀφ̄.
 *
 * <p><b>Shapes</b>: gram m×m, cross m×k, featureMean m, targetMean k, targetGram k×k. <b>Scale</b>:
 * all second moments are divided by the total weight N, so λ is the penalty on the mean squared
 * error; targets stand as {@link Targets} made them (one-hot, or standardised).
 *
 * <p>Centring takes Σvφφᵀ − Nφ̄φ̄ᵀ in double-double arithmetic from the exact sums, so nothing
 * cancels before the one final rounding; the result is a function of the statistic, bit for bit.
 *
 * @param rows n
 * @param weight N = Σv
 * @param features m
 * @param targets k
 */
public record NormalEquations(
    long rows,
    double weight,
    int features,
    int targets,
    double[] gram,
    double[] cross,
    double[] featureMean,
    double[] targetMean,
    double[] targetGram) {

  /** Reads them off a statistic whose sums are canonical. */
  static NormalEquations of(GramStatistics s) {
    int m = s.featurizer().map().features();
    Targets targets = s.targets();
    int k = targets.count();
    DoubleDouble total = entry(s, m, m);
    if (!(total.high > 0)) {
      throw new SnnkException(
          "statistic",
          "rows with a positive total weight",
          s.rows() + " rows of weight 0",
          null,
          "Check data.weight.");
    }
    int columns = targets.columns();
    // Means of the columns over N, features first, then the grid columns of the targets, in grid
    // units.
    DoubleDouble[] mean = new DoubleDouble[m + columns];
    for (int j = 0; j < m; j++) {
      mean[j] = entry(s, j, m).over(total);
    }
    for (int c = 0; c < columns; c++) {
      mean[m + c] = entry(s, m, m + 1 + c).over(total);
    }
    double[] gram = new double[m * m];
    for (int i = 0; i < m; i++) {
      for (int j = i; j < m; j++) {
        gram[i * m + j] = entry(s, i, j).over(total).minusProduct(mean[i], mean[j]).value();
        gram[j * m + i] = gram[i * m + j];
      }
    }
    double[] cross = new double[m * k];
    double[] targetGram = new double[k * k];
    double[] targetMean = new double[k];
    for (int c = 0; c < columns; c++) {
      int t = targets.target(c);
      double unit = targets.unit(c) * Grid.FEATURE_ONE;
      targetMean[t] += mean[m + c].value() * unit;
      for (int i = 0; i < m; i++) {
        cross[i * k + t] +=
            entry(s, i, m + 1 + c).over(total).minusProduct(mean[i], mean[m + c]).value() * unit;
      }
      for (int e = 0; e < columns; e++) {
        double both = unit * targets.unit(e) * Grid.FEATURE_ONE;
        targetGram[t * k + targets.target(e)] +=
            entry(s, m + 1 + Math.min(c, e), m + 1 + Math.max(c, e))
                    .over(total)
                    .minusProduct(mean[m + c], mean[m + e])
                    .value()
                * both;
      }
    }
    double weight = total.value() * Math.scalb(s.weightUnit(), -2 * Grid.FEATURE_BITS);
    return new NormalEquations(
        s.rows(), weight, m, k, gram, cross, featureMeans(mean, m), targetMean, targetGram);
  }

  /**
   * The same rows with some of the targets, in the order given: what is left of a target does not
   * depend on the others.
   *
   * @param kept positions, from 0
   */
  public NormalEquations select(int... kept) {
    int count = kept.length;
    double[] keptCross = new double[features * count];
    double[] keptMean = new double[count];
    double[] keptGram = new double[count * count];
    for (int t = 0; t < count; t++) {
      for (int i = 0; i < features; i++) {
        keptCross[i * count + t] = cross[i * targets + kept[t]];
      }
      keptMean[t] = targetMean[kept[t]];
      for (int u = 0; u < count; u++) {
        keptGram[t * count + u] = targetGram[kept[t] * targets + kept[u]];
      }
    }
    return new NormalEquations(
        rows, weight, features, count, gram, keptCross, featureMean, keptMean, keptGram);
  }

  private static double[] featureMeans(DoubleDouble[] mean, int m) {
    double[] values = new double[m];
    for (int j = 0; j < m; j++) {
      values[j] = mean[j].value();
    }
    return values;
  }

  private static DoubleDouble entry(GramStatistics s, int i, int j) {
    return DoubleDouble.sum(s.highPart(i, j), s.lowPart(i, j));
  }

  /** An unevaluated sum of two doubles with |low| ≤ ulp(high)/2 (Dekker 1971): some 106 bits. */
  private record DoubleDouble(double high, double low) {
    static DoubleDouble sum(double a, double b) {
      double s = a + b;
      double t = s - a;
      return new DoubleDouble(s, (a - (s - t)) + (b - t));
    }

    DoubleDouble minusProduct(DoubleDouble a, DoubleDouble b) {
      double product = a.high * b.high;
      double error = Math.fma(a.high, b.high, -product) + (a.high * b.low + a.low * b.high);
      DoubleDouble difference = sum(high, -product);
      return sum(difference.high, difference.low + (low - error));
    }

    DoubleDouble over(DoubleDouble d) {
      double first = high / d.high;
      double product = first * d.high;
      double rest = ((high - product) - Math.fma(first, d.high, -product)) + (low - first * d.low);
      return sum(first, rest / d.high);
    }

    double value() {
      return high + low;
    }
  }
}
