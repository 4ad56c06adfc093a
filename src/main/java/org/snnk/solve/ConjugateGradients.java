package org.snnk.solve;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Solves (G + λ_c I)x_c = b_c for many columns at once by preconditioned conjugate gradients
 * (Hestenes and Stiefel 1952). Each column has its own recurrence and penalty; all that have not
 * converged share one multiplication with G in an iteration.
 *
 * <p><b>Stopping</b>: a column ends when ‖b − (G + λI)x‖ ≤ tolerance·‖b‖. The residual of the
 * recurrence drifts from the true one, so it only ends a round at half the tolerance; then the true
 * residual is formed by one more multiplication, and a column that misses the tolerance begins
 * again from where it is. A column gives up when the iterations are used, or when a round has not
 * halved its true residual: then the operator's rounding is reached. What was attained is told.
 *
 * <p><b>Cost</b>: one multiplication with G and one application of the preconditioner an iteration;
 * one multiplication a round, and one for a start that is not 0; 40mc bytes. <b>Deterministic</b>:
 * a function of its arguments.
 */
final class ConjugateGradients {
  private static final double ROUND = 0.5;

  /**
   * What was found.
   *
   * @param x c arrays of m
   * @param residual ‖b − (G + λI)x‖/‖b‖, the true one, of each column
   * @param iterations of each column
   * @param products multiplications with G
   */
  record Result(double[][] x, double[] residual, int[] iterations, int products) {}

  private final GramOperator gram;
  private final NystromPreconditioner preconditioner;
  private final double[] lambda;
  private final double[][] b;
  private final double[] goal;
  private final double[][] x;
  private final double[][] r;
  private final int[] iterations;
  private int left;
  private int products;

  private ConjugateGradients(
      GramOperator gram,
      NystromPreconditioner preconditioner,
      double[] lambda,
      double[][] b,
      double[][] start,
      double tolerance,
      int maxIterations) {
    this.gram = gram;
    this.preconditioner = preconditioner;
    this.lambda = lambda;
    this.b = b;
    this.goal = Arrays.stream(b).mapToDouble(column -> tolerance * norm(column)).toArray();
    this.x = copy(start);
    this.r = copy(b);
    this.iterations = new int[b.length];
    this.left = maxIterations;
  }

  private static double[][] copy(double[][] columns) {
    return Arrays.stream(columns).map(double[]::clone).toArray(double[][]::new);
  }

  /**
   * Solves.
   *
   * <p><b>Shapes</b>: lambda c; b and start c arrays of m, not modified.
   *
   * @param start where to begin
   */
  static Result solve(
      GramOperator gram,
      NystromPreconditioner preconditioner,
      double[] lambda,
      double[][] b,
      double[][] start,
      double tolerance,
      int maxIterations) {
    ConjugateGradients run =
        new ConjugateGradients(gram, preconditioner, lambda, b, start, tolerance, maxIterations);
    run.solve();
    double[] residual = new double[b.length];
    for (int c = 0; c < b.length; c++) {
      double size = norm(b[c]);
      residual[c] = size > 0 ? norm(run.r[c]) / size : norm(run.r[c]);
    }
    return new Result(run.x, residual, run.iterations, run.products);
  }

  private void solve() {
    int c = b.length;
    int[] open = select(IntStream.range(0, c).toArray(), i -> norm(x[i]) > 0);
    formResiduals(open);
    open = select(IntStream.range(0, c).toArray(), i -> norm(r[i]) > goal[i]);
    while (open.length > 0 && left > 0) {
      double[] before = new double[c];
      for (int i : open) {
        before[i] = norm(r[i]);
      }
      round(open);
      formResiduals(open);
      open = select(open, i -> norm(r[i]) > goal[i] && norm(r[i]) <= ROUND * before[i]);
    }
  }

  private static int[] select(int[] columns, IntPredicate keep) {
    return Arrays.stream(columns).filter(keep).toArray();
  }

  private static double[][] pick(double[][] columns, int[] which) {
    return Arrays.stream(which).mapToObj(i -> columns[i]).toArray(double[][]::new);
  }

  private double[] lambdas(int[] which) {
    return Arrays.stream(which).mapToDouble(i -> lambda[i]).toArray();
  }

  /** (G + λI)V of some columns. */
  private double[][] multiply(int[] which, double[][] v) {
    products++;
    double[][] product = gram.times(v);
    for (int j = 0; j < which.length; j++) {
      add(product[j], lambda[which[j]], v[j]);
    }
    return product;
  }

  private void formResiduals(int[] which) {
    if (which.length == 0) {
      return;
    }
    double[][] product = multiply(which, pick(x, which));
    for (int j = 0; j < which.length; j++) {
      int i = which[j];
      System.arraycopy(b[i], 0, r[i], 0, b[i].length);
      add(r[i], -1, product[j]);
    }
  }

  /** Conjugate gradients from x and its true residual until the recurrence has converged. */
  private void round(int[] columns) {
    int c = b.length;
    double[][] p = new double[c][];
    double[] rz = new double[c];
    int[] open = columns;
    while (open.length > 0 && left > 0) {
      double[][] z = preconditioner.apply(pick(r, open), lambdas(open));
      for (int j = 0; j < open.length; j++) {
        int i = open[j];
        double size = dot(r[i], z[j]);
        if (p[i] != null) {
          add(z[j], size / rz[i], p[i]);
        }
        p[i] = z[j];
        rz[i] = size;
      }
      double[][] q = multiply(open, pick(p, open));
      left--;
      boolean[] ended = new boolean[c];
      for (int j = 0; j < open.length; j++) {
        int i = open[j];
        double curvature = dot(p[i], q[j]);
        if (!(curvature > 0 && rz[i] > 0)) {
          ended[i] = true; // only the operator's rounding can do that
          continue;
        }
        double step = rz[i] / curvature;
        add(x[i], step, p[i]);
        add(r[i], -step, q[j]);
        iterations[i]++;
        ended[i] = norm(r[i]) <= ROUND * goal[i];
      }
      open = select(open, i -> !ended[i]);
    }
  }

  /** out += a·v. */
  private static void add(double[] out, double a, double[] v) {
    for (int i = 0; i < out.length; i++) {
      out[i] += a * v[i];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(double[] v) {
    return Math.sqrt(dot(v, v));
  }
}
