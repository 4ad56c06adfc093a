package org.snnk.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongFunction;

/** Φ(x)·Ψ(w, b) of one kernel for each of many seeds, and its moments. */
final class KernelEstimates {
  /** A false alarm of a normal mean beyond this many standard errors is rarer than 1e-6. */
  static final double ERRORS = 5;

  private final double[] values;

  /** One estimate for each seed from 0 on. */
  KernelEstimates(int seeds, LongFunction<SnnkKernel> kernels, double[] x, double[] w, double b) {
    values = new double[seeds];
    for (int s = 0; s < seeds; s++) {
      values[s] = KernelError.estimate(kernels.apply(s), x, w, b);
    }
  }

  double mean() {
    double sum = 0;
    for (double v : values) {
      sum += v / values.length;
    }
    return sum;
  }

  double variance() {
    double mean = mean();
    double sum = 0;
    for (double v : values) {
      sum += (v - mean) * (v - mean) / (values.length - 1);
    }
    return sum;
  }

  /** The mean is what is expected, within five of its own standard errors. */
  void assertUnbiased(String what, double expected) {
    double error = Math.sqrt(variance() / values.length);
    assertThat(Math.abs(mean() - expected)).as(what).isLessThan(ERRORS * error + 1e-12);
  }

  /** The variance is what is expected, within five standard errors of a sample variance. */
  void assertVariance(String what, double expected) {
    double mean = mean();
    double fourth = 0;
    for (double v : values) {
      fourth += Math.pow(v - mean, 4) / values.length;
    }
    double variance = variance();
    double error = Math.sqrt((fourth - variance * variance) / values.length);
    assertThat(Math.abs(variance - expected)).as(what).isLessThan(ERRORS * error + 1e-12);
  }
}
