package org.snnk.activation;

import java.util.function.DoubleUnaryOperator;

/** Gauss–Legendre quadrature in panels of 16 nodes. */
final class Quadrature {
  private static final int NODES = 16;
  private static final double[] NODE = new double[NODES];
  private static final double[] WEIGHT = new double[NODES];

  static {
    for (int i = 0; i < NODES; i++) {
      // Newton's iteration from the usual first guess (Davis and Rabinowitz 1984, 2.7.3).
      double x = StrictMath.cos(Math.PI * (i + 0.75) / (NODES + 0.5));
      double slope = 1;
      for (int step = 0; step < 20; step++) {
        double p0 = 1;
        double p1 = x;
        for (int k = 2; k <= NODES; k++) {
          double p2 = ((2 * k - 1) * x * p1 - (k - 1) * p0) / k;
          p0 = p1;
          p1 = p2;
        }
        slope = NODES * (x * p1 - p0) / (x * x - 1);
        x -= p1 / slope;
      }
      NODE[i] = x;
      WEIGHT[i] = 2 / ((1 - x * x) * slope * slope);
    }
  }

  private Quadrature() {}

  /** ∫ f from low to high in equal panels. */
  static double integrate(DoubleUnaryOperator f, double low, double high, int panels) {
    double width = (high - low) / panels;
    double sum = 0;
    for (int p = 0; p < panels; p++) {
      double middle = low + (p + 0.5) * width;
      double panel = 0;
      for (int i = 0; i < NODES; i++) {
        panel += WEIGHT[i] * f.applyAsDouble(middle + 0.5 * width * NODE[i]);
      }
      sum += panel;
    }
    return 0.5 * width * sum;
  }
}
