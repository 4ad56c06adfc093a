package org.snnk.solve;

import org.snnk.linalg.RowProducts;
import org.snnk.statistics.NormalEquations;
import org.snnk.statistics.ScoreCounts;

/**
 * Probabilities from scores: P(class c) = 1/(1 + e^−(αs + β)) for each class against the rest
 * (Platt 1999, with his smoothed targets), fitted by Newton's method on binned scores.
 *
 * <p><b>Deterministic</b>: a function of the counts ({@link StrictMath}).
 *
 * @param slope α of each class
 * @param offset β of each class
 */
public record PlattScaling(double[] slope, double[] offset) {
  private static final int MAX_ITERATIONS = 100;
  private static final double TOLERANCE = 1e-10;
  private static final double RIDGE = 1e-9;

  /**
   * Fits every class. A class without rows on one side keeps slope 1 and offset 0 shifted to its
   * smoothed rate; one whose rows rank the wrong way round, so that the slope would be negative,
   * keeps slope 1 with the best offset.
   */
  public static PlattScaling fit(ScoreCounts counts) {
    double[] slope = new double[counts.classes()];
    double[] offset = new double[counts.classes()];
    for (int c = 0; c < counts.classes(); c++) {
      double[] line = fit(counts, c);
      slope[c] = line[0];
      offset[c] = line[1];
    }
    return new PlattScaling(slope, offset);
  }

  /**
   * Probabilities without a pass over rows: the logistic function that is exact where the scores of
   * a class and of the rest are normal with one variance (linear discriminant analysis of the
   * score), its moments read off the statistic.
   *
   * <p>With π the share of the class, v = wᵀC the covariance of score and indicator: μ₁ − μ₀ =
   * v/(π(1−π)), σ² = wᵀGw − v²/(π(1−π)), α = (μ₁ − μ₀)/σ², β = log(π/(1−π)) − α(μ₁ + μ₀)/2. Less
   * accurate than {@link #fit} on held-out scores, and optimistic where m is not small against n.
   */
  public static PlattScaling gaussian(NormalEquations rows, Readout readout) {
    int m = rows.features();
    int k = rows.targets();
    double[] slope = new double[k];
    double[] offset = new double[k];
    double[][] w = new double[k][m];
    for (int i = 0; i < m; i++) {
      for (int c = 0; c < k; c++) {
        w[c][i] = readout.weights()[i * k + c];
      }
    }
    double[] variances = RowProducts.quadraticForms(m, rows.gram(), w);
    for (int c = 0; c < k; c++) {
      double share = rows.targetMean()[c];
      double spread = share * (1 - share);
      double covariance = 0;
      double mean = readout.intercept()[c];
      for (int i = 0; i < m; i++) {
        covariance += w[c][i] * rows.cross()[i * k + c];
        mean += w[c][i] * rows.featureMean()[i];
      }
      double within = spread > 0 ? variances[c] - covariance * covariance / spread : 0;
      if (!(within > 0)) {
        slope[c] = 1;
        continue;
      }
      double difference = covariance / spread;
      // μ₁ = mean + (1−π)·difference, μ₀ = mean − π·difference.
      double middle = mean + (1 - 2 * share) * difference / 2;
      slope[c] = difference / within;
      offset[c] = StrictMath.log(share / (1 - share)) - slope[c] * middle;
    }
    return new PlattScaling(slope, offset);
  }

  private static double[] fit(ScoreCounts counts, int c) {
    double positives = 0;
    double negatives = 0;
    for (int bin = 0; bin < counts.bins(); bin++) {
      positives += counts.weight(c, true, bin);
      negatives += counts.weight(c, false, bin);
    }
    double high = (positives + 1) / (positives + 2);
    double low = 1 / (negatives + 2);
    double rate = StrictMath.log((positives + 1) / (negatives + 1));
    if (positives == 0 || negatives == 0) {
      return new double[] {1, rate};
    }
    double[] line = optimum(counts, c, new double[] {0, rate}, true, high, low);
    // Few rows may happen to rank the wrong way round. The scores were fitted to rank the right
    // way,
    // so no sample of them turns them over.
    return line[0] < 0 ? optimum(counts, c, new double[] {1, rate}, false, high, low) : line;
  }

  /** Newton's method from a line, over the offset alone or the slope too. */
  private static double[] optimum(
      ScoreCounts counts, int c, double[] start, boolean slopeToo, double high, double low) {
    double[] line = start;
    double loss = loss(counts, c, line, high, low);
    for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
      double[] step = newtonStep(counts, c, line, slopeToo, high, low);
      double length = 1;
      double[] next;
      double nextLoss;
      do { // The loss is convex: halving the step finds a decrease unless the optimum is reached.
        next = new double[] {line[0] - length * step[0], line[1] - length * step[1]};
        nextLoss = loss(counts, c, next, high, low);
        length /= 2;
      } while (!(nextLoss <= loss) && length > TOLERANCE);
      if (!(loss - nextLoss > TOLERANCE * Math.abs(loss))) {
        return nextLoss <= loss ? next : line;
      }
      line = next;
      loss = nextLoss;
    }
    return line;
  }

  private static double loss(ScoreCounts counts, int c, double[] line, double high, double low) {
    double loss = 0;
    for (int bin = 0; bin < counts.bins(); bin++) {
      double positive = counts.weight(c, true, bin);
      double negative = counts.weight(c, false, bin);
      if (positive + negative > 0) {
        double z = line[0] * counts.score(bin) + line[1];
        double target = positive * high + negative * low;
        // −t·log σ(z) − (1−t)·log(1−σ(z)) = log(1+e^−|z|) + max(z, 0) − tz, which overflows
        // nowhere.
        loss +=
            (positive + negative)
                    * (StrictMath.log1p(StrictMath.exp(-Math.abs(z))) + Math.max(z, 0))
                - target * z;
      }
    }
    return loss;
  }

  private static double[] newtonStep(
      ScoreCounts counts, int c, double[] line, boolean slopeToo, double high, double low) {
    double gradientSlope = 0;
    double gradientOffset = 0;
    double h11 = RIDGE;
    double h12 = 0;
    double h22 = RIDGE;
    for (int bin = 0; bin < counts.bins(); bin++) {
      double positive = counts.weight(c, true, bin);
      double negative = counts.weight(c, false, bin);
      double weight = positive + negative;
      if (weight > 0) {
        double s = counts.score(bin);
        double p = sigmoid(line[0] * s + line[1]);
        double residual = weight * p - (positive * high + negative * low);
        double curvature = weight * p * (1 - p);
        gradientSlope += residual * s;
        gradientOffset += residual;
        h11 += curvature * s * s;
        h12 += curvature * s;
        h22 += curvature;
      }
    }
    if (!slopeToo) {
      return new double[] {0, gradientOffset / h22};
    }
    double determinant = h11 * h22 - h12 * h12;
    return new double[] {
      (h22 * gradientSlope - h12 * gradientOffset) / determinant,
      (h11 * gradientOffset - h12 * gradientSlope) / determinant
    };
  }

  private static double sigmoid(double z) {
    return 1 / (1 + StrictMath.exp(-z));
  }
}
