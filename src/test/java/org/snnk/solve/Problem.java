package org.snnk.solve;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;
import org.snnk.random.CounterRandom;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.NormalEquations;
import org.snnk.statistics.Targets;

/** A small least-squares problem whose rows are at hand. */
record Problem(int n, int m, int k, double[] x, double[] y, double[] weights) {
  /** Gaussian features, targets that depend on them, and weights between ½ and 2. */
  static Problem gaussian(int n, int m, int k, long seed) {
    CounterRandom random = new CounterRandom(seed, 0);
    double[] x = new double[n * m];
    double[] y = new double[n * k];
    double[] weights = new double[n];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.gaussian(i) + 0.3;
    }
    for (int r = 0; r < n; r++) {
      weights[r] = 0.5 + 1.5 * random.stream(2).uniform(r);
      for (int t = 0; t < k; t++) {
        y[r * k + t] = 0.7 + x[r * m + t % m] + random.stream(1).gaussian((long) r * k + t);
      }
    }
    return new Problem(n, m, k, x, y, weights);
  }

  Problem filter(IntPredicate keep) {
    int[] rows = IntStream.range(0, n).filter(keep).toArray();
    double[] keptX = new double[rows.length * m];
    double[] keptY = new double[rows.length * k];
    double[] keptWeights = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(x, rows[i] * m, keptX, i * m, m);
      System.arraycopy(y, rows[i] * k, keptY, i * k, k);
      keptWeights[i] = weights[rows[i]];
    }
    return new Problem(rows.length, m, k, keptX, keptY, keptWeights);
  }

  double weight() {
    return IntStream.range(0, n).mapToDouble(r -> weights[r]).sum();
  }

  /** By the definition: subtract the means, then multiply. */
  NormalEquations normalEquations() {
    double total = weight();
    double[] featureMean = mean(x, m, total);
    double[] targetMean = mean(y, k, total);
    return new NormalEquations(
        n,
        total,
        m,
        k,
        moments(x, m, featureMean, x, m, featureMean, total),
        moments(x, m, featureMean, y, k, targetMean, total),
        featureMean,
        targetMean,
        moments(y, k, targetMean, y, k, targetMean, total));
  }

  private double[] mean(double[] a, int p, double total) {
    double[] mean = new double[p];
    for (int i = 0; i < n * p; i++) {
      mean[i % p] += weights[i / p] * a[i] / total;
    }
    return mean;
  }

  private double[] moments(
      double[] a, int p, double[] meanA, double[] b, int q, double[] meanB, double total) {
    double[] moments = new double[p * q];
    for (int r = 0; r < n; r++) {
      for (int i = 0; i < p; i++) {
        for (int j = 0; j < q; j++) {
          moments[i * q + j] +=
              weights[r] * (a[r * p + i] - meanA[i]) * (b[r * q + j] - meanB[j]) / total;
        }
      }
    }
    return moments;
  }

  /** v·‖y − Wᵀx − b‖² summed over rows. */
  double squaredError(Readout readout) {
    double sum = 0;
    for (int r = 0; r < n; r++) {
      for (int t = 0; t < k; t++) {
        double error = y[r * k + t] - readout.intercept()[t];
        for (int i = 0; i < m; i++) {
          error -= readout.weights()[i * k + t] * x[r * m + i];
        }
        sum += weights[r] * error * error;
      }
    }
    return sum;
  }

  /** The statistic of random features of these inputs. */
  GramStatistics statistic(int features) {
    double[] ones = new double[m];
    Arrays.fill(ones, 1);
    double[] scale = new double[k];
    Arrays.fill(scale, 2);
    Featurizer featurizer =
        new Featurizer(
            new Standardizer(new double[m], ones),
            new CosineFeatures(m, features, 3.0, Projection.ORTHOGONAL, 17));
    GramStatistics statistic =
        new GramStatistics(featurizer, Targets.reals(new double[k], scale), 1);
    statistic.add(
        new RowBlock(
            n, m, k, x, y, weights, IntStream.range(0, n).asLongStream().toArray(), List.of()));
    return statistic;
  }
}
