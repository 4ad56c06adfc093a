package org.snnk.feature;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.snnk.random.CounterRandom;

/**
 * The density q that frequencies are drawn from: constant in each of some hundred cells of (0,
 * end], which are narrow near 0.
 *
 * <p>It follows the function whose square root of second moment it should equal, so the variance is
 * near its least; and since q is known exactly, what it weighs stays unbiased.
 */
final class FrequencyDensity implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Share drawn uniformly, for norms other than those it was made for. */
  private static final double UNIFORM = 0.05;

  /** Nodes of the three-point Gauss–Legendre rule on (0, 1), and their weights. */
  private static final double[] NODE = {0.1127016653792583, 0.5, 0.8872983346207417};

  private static final double[] WEIGHT = {5.0 / 18, 8.0 / 18, 5.0 / 18};

  private final double end;
  private final double[] cumulative;

  private FrequencyDensity(double end, double[] cumulative) {
    this.end = end;
    this.cumulative = cumulative;
  }

  private static double edge(double end, int i, int cells) {
    double t = (double) i / cells;
    return end * t * t;
  }

  /** log ∫₀^end e^logFunction(a) da; −∞ where the function is 0. */
  static double logIntegral(DoubleUnaryOperator logFunction, double end, int cells) {
    double[] log = logCells(logFunction, end, cells);
    double most = Arrays.stream(log).max().orElseThrow();
    if (most == Double.NEGATIVE_INFINITY) {
      return most;
    }
    double sum = 0;
    for (double cell : log) {
      sum += StrictMath.exp(cell - most);
    }
    return most + StrictMath.log(sum);
  }

  private static double[] logCells(DoubleUnaryOperator logFunction, double end, int cells) {
    double[] log = new double[cells];
    double[] at = new double[NODE.length];
    for (int i = 0; i < cells; i++) {
      double low = edge(end, i, cells);
      double width = edge(end, i + 1, cells) - low;
      double most = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < NODE.length; k++) {
        at[k] = logFunction.applyAsDouble(low + width * NODE[k]);
        most = Math.max(most, at[k]);
      }
      double sum = 0;
      for (int k = 0; k < NODE.length && most > Double.NEGATIVE_INFINITY; k++) {
        sum += WEIGHT[k] * StrictMath.exp(at[k] - most);
      }
      log[i] = most + StrictMath.log(sum * width);
    }
    return log;
  }

  /** q ∝ e^logFunction, or null where that is 0 everywhere. */
  static FrequencyDensity proportional(DoubleUnaryOperator logFunction, double end, int cells) {
    double[] log = logCells(logFunction, end, cells);
    double total = logIntegral(logFunction, end, cells);
    if (total == Double.NEGATIVE_INFINITY) {
      return null;
    }
    double[] cumulative = new double[cells + 1];
    for (int i = 0; i < cells; i++) {
      double uniform = (edge(end, i + 1, cells) - edge(end, i, cells)) / end;
      double share = (1 - UNIFORM) * StrictMath.exp(log[i] - total) + UNIFORM * uniform;
      cumulative[i + 1] = cumulative[i] + share;
    }
    return new FrequencyDensity(end, cumulative);
  }

  private int cells() {
    return cumulative.length - 1;
  }

  /** The index-th frequency. */
  double draw(CounterRandom random, long index) {
    double u = (random.uniform(index) + 0x1p-54) * cumulative[cells()];
    int found = Arrays.binarySearch(cumulative, u);
    int cell = Math.min(cells() - 1, found >= 0 ? found : -found - 2);
    double low = edge(end, cell, cells());
    double t = (u - cumulative[cell]) / (cumulative[cell + 1] - cumulative[cell]);
    return Math.max(Double.MIN_NORMAL, low + t * (edge(end, cell + 1, cells()) - low));
  }

  /** q(a). */
  double at(double a) {
    int cell = Math.min(cells() - 1, (int) (cells() * Math.sqrt(a / end)));
    // The root may round across an edge.
    while (cell > 0 && a < edge(end, cell, cells())) {
      cell--;
    }
    while (cell < cells() - 1 && a >= edge(end, cell + 1, cells())) {
      cell++;
    }
    return ofCell(cell);
  }

  private double ofCell(int cell) {
    double width = edge(end, cell + 1, cells()) - edge(end, cell, cells());
    return (cumulative[cell + 1] - cumulative[cell]) / (cumulative[cells()] * width);
  }

  /** ∫ function(a)/q(a) da. */
  double weighted(DoubleUnaryOperator function) {
    double sum = 0;
    for (int i = 0; i < cells(); i++) {
      double low = edge(end, i, cells());
      double width = edge(end, i + 1, cells()) - low;
      double cell = 0;
      for (int k = 0; k < NODE.length; k++) {
        cell += WEIGHT[k] * function.applyAsDouble(low + width * NODE[k]);
      }
      sum += cell * width / ofCell(i);
    }
    return sum;
  }
}
