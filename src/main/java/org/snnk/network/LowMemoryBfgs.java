package org.snnk.network;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/**
 * Minimisation by L-BFGS (Nocedal and Wright 2006, Algorithm 7.4 and 7.5), one step at a time, with
 * a weak Wolfe line search by bisection (Lewis and Overton 2013, Algorithm 2.6), which also serves
 * functions with kinks such as networks of ReLUs.
 *
 * <p><b>Cost</b>: 4mn flops a step for n variables and a memory of m steps, and one or more
 * evaluations; 16mn bytes. <b>Deterministic</b>: a function of what the objective returns.
 */
public final class LowMemoryBfgs {
  private static final int MEMORY = 10;
  private static final int EVALUATIONS = 30;
  private static final double DECREASE = 1e-4;
  private static final double CURVATURE = 0.9;

  /** Vectors that a step holds at a time beside the pairs. */
  private static final int VECTORS = 8;

  private final Objective objective;
  private final Deque<Pair> pairs = new ArrayDeque<>();
  private double[] point;
  private double[] gradient;
  private double value;

  /** A function with its gradient. */
  public interface Objective {
    /**
     * The value at a point.
     *
     * @param gradient overwritten
     */
    double valueAndGradient(double[] point, double[] gradient);
  }

  /** A move s, the change y of the gradient along it, and 1/sᵀy. */
  private record Pair(double[] s, double[] y, double rho) {}

  /** A search from a point, whose value and gradient are computed at once. */
  public LowMemoryBfgs(double[] start, Objective objective) {
    this.objective = objective;
    this.point = start.clone();
    this.gradient = new double[start.length];
    this.value = objective.valueAndGradient(point, gradient);
  }

  /** Bytes that a search in so many dimensions holds, beside what the objective does. */
  public static long bytes(int dimensions) {
    return (2L * MEMORY + VECTORS) * Double.BYTES * dimensions;
  }

  /** Where the search stands. */
  public double[] point() {
    return point.clone();
  }

  /** The value there. */
  public double value() {
    return value;
  }

  /**
   * Moves to a point of lower value.
   *
   * @return whether there was one: false at a minimum, and where rounding hides what is lower
   */
  public boolean step() {
    double[] direction = direction();
    double slope = dot(direction, gradient);
    if (slope >= 0 && !pairs.isEmpty()) {
      pairs.clear();
      direction = direction();
      slope = dot(direction, gradient);
    }
    if (!Double.isFinite(value) || !(slope < 0)) {
      return false;
    }
    double length = pairs.isEmpty() ? 1 / Math.sqrt(dot(gradient, gradient)) : 1;
    double low = 0;
    double high = Double.POSITIVE_INFINITY;
    double[] next = new double[point.length];
    double[] nextGradient = new double[point.length];
    for (int evaluation = 0; evaluation < EVALUATIONS; evaluation++) {
      for (int i = 0; i < next.length; i++) {
        next[i] = point[i] + length * direction[i];
      }
      double nextValue = objective.valueAndGradient(next, nextGradient);
      if (!(nextValue <= value + DECREASE * length * slope)) {
        high = length;
      } else if (dot(nextGradient, direction) < CURVATURE * slope) {
        low = length;
      } else {
        accept(next, nextGradient, nextValue);
        return true;
      }
      length = high == Double.POSITIVE_INFINITY ? 2 * low : (low + high) / 2;
    }
    return false;
  }

  private void accept(double[] next, double[] nextGradient, double nextValue) {
    double[] s = new double[next.length];
    double[] y = new double[next.length];
    for (int i = 0; i < s.length; i++) {
      s[i] = next[i] - point[i];
      y[i] = nextGradient[i] - gradient[i];
    }
    double curvature = dot(s, y);
    if (curvature > 0) {
      pairs.addLast(new Pair(s, y, 1 / curvature));
      if (pairs.size() > MEMORY) {
        pairs.removeFirst();
      }
    }
    point = next.clone();
    gradient = nextGradient.clone();
    value = nextValue;
  }

  /** −H·gradient by the two-loop recursion. */
  private double[] direction() {
    double[] q = gradient.clone();
    double[] alpha = new double[pairs.size()];
    int at = pairs.size();
    for (Iterator<Pair> newest = pairs.descendingIterator(); newest.hasNext(); ) {
      Pair pair = newest.next();
      alpha[--at] = pair.rho * dot(pair.s, q);
      add(q, -alpha[at], pair.y);
    }
    double scale = 1;
    if (!pairs.isEmpty()) {
      Pair last = pairs.getLast();
      scale = 1 / (last.rho * dot(last.y, last.y));
    }
    final double factor = scale;
    Arrays.setAll(q, i -> q[i] * factor);
    for (Pair pair : pairs) {
      double beta = pair.rho * dot(pair.y, q);
      add(q, alpha[at++] - beta, pair.s);
    }
    Arrays.setAll(q, i -> -q[i]);
    return q;
  }

  private static void add(double[] to, double factor, double[] vector) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * vector[i];
    }
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }
}
