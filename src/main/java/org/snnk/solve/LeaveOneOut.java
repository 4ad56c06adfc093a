package org.snnk.solve;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.snnk.SnnkException;
import org.snnk.linalg.BandCholesky;
import org.snnk.linalg.ExactSum;
import org.snnk.linalg.RowProducts;

/**
 * The exact leave-one-out error of a ridge path by one further pass over the rows it was fitted to.
 *
 * <p>A row with feature vector φ, weight v and residual e has leverage h = v/N·(1 + tᵀ(B + λI)⁻¹t)
 * with t = Qᵀ(φ − φ̄), and a model fitted without it misses it by e/(1 − h) (Allen 1974; the first
 * term is the intercept's). The mean of v·(e/(1 − h))² is what {@link #meanSquaredError} gives.
 *
 * <p><b>Scale</b>: what is held fixed when a row goes is the penalty on the <i>sum</i> of squares,
 * Nλ: the model without the row is the one that {@link RidgeSolver} gives for λN/(N − v).
 *
 * <p><b>Cost</b>: 4m² + 2mL(b + k) flops a row for L penalties; 16·256·m bytes of buffers and 8mbL
 * of factors. <b>Deterministic</b>: a function of the statistic and the multiset of rows, since a
 * row's error does not depend on the block it comes in and errors are summed exactly. Merge is
 * associative and commutative. Not thread-safe.
 */
public final class LeaveOneOut implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int BLOCK = 256;

  private final RidgePath path;
  private final double[] lambdas;
  private final BandCholesky[] factors;

  /** Row lk + t holds the coefficients z of λ_l and target t in the band's basis. */
  private final double[][] coefficients;

  private final ExactSum[] errors;
  private final ExactSum weight = new ExactSum();
  private transient double[][] t;
  private transient double[][] scratch;

  /**
   * Nothing added yet.
   *
   * @param path fitted to the rows that will be added
   * @throws SnnkException if a λ is not positive and finite, or G + λI is not positive definite
   */
  public LeaveOneOut(RidgePath path, List<Double> lambdas) {
    this.path = path;
    this.lambdas = lambdas.stream().mapToDouble(RidgeSolver::requirePenalty).toArray();
    int k = path.targets();
    double[][] z = new double[path.features()][this.lambdas.length * k];
    factors = new BandCholesky[this.lambdas.length];
    errors = new ExactSum[this.lambdas.length];
    for (int l = 0; l < factors.length; l++) {
      factors[l] = path.form().factor(this.lambdas[l]);
      path.solve(factors[l], z, l);
      errors[l] = new ExactSum();
    }
    coefficients = new double[factors.length * k][path.features()];
    for (int c = 0; c < coefficients.length; c++) {
      for (int i = 0; i < z.length; i++) {
        coefficients[c][i] = z[i][c];
      }
    }
  }

  /**
   * Adds a block of the rows the path was fitted to.
   *
   * <p><b>Shapes</b>: features n×m with rows {@code stride} apart, as the statistic saw them;
   * targets n×k in the statistic's scale; weights n, or null where every row weighs 1. None is
   * modified.
   *
   * @throws SnnkException if a weight is negative or not finite, or a row determines its own fitted
   *     value, so that there is no model without it
   */
  public void add(int n, double[] features, int stride, double[] targets, double[] weights) {
    int m = path.features();
    if (t == null) {
      t = new double[m][BLOCK];
      scratch = new double[m][BLOCK];
    }
    for (int from = 0; from < n; from += BLOCK) {
      add(Math.min(BLOCK, n - from), features, from, stride, targets, weights);
    }
  }

  private void add(
      int n, double[] features, int first, int stride, double[] targets, double[] weights) {
    int m = path.features();
    int k = path.targets();
    for (int r = first; weights != null && r < first + n; r++) {
      requireWeight(weights[r]);
    }
    for (int i = 0; i < m; i++) {
      double mean = path.featureMean(i);
      for (int r = 0; r < n; r++) {
        t[i][r] = features[(first + r) * stride + i] - mean;
      }
    }
    path.form().toBand(t, n);
    double[][] fitted = RowProducts.multiply(coefficients, t, n);
    double[] leverage = new double[n];
    for (int l = 0; l < factors.length; l++) {
      for (int i = 0; i < m; i++) {
        System.arraycopy(t[i], 0, scratch[i], 0, n);
      }
      factors[l].forward(scratch, 0, n);
      Arrays.fill(leverage, 1);
      for (double[] row : scratch) {
        for (int r = 0; r < n; r++) {
          leverage[r] += row[r] * row[r];
        }
      }
      for (int r = 0; r < n; r++) {
        double v = weights == null ? 1 : weights[first + r];
        double rest = 1 - v / path.weight() * leverage[r];
        if (v > 0) {
          requireOthers(rest);
          double sum = 0;
          for (int c = 0; c < k; c++) {
            double e = targets[(first + r) * k + c] - path.targetMean(c) - fitted[l * k + c][r];
            sum += (e / rest) * (e / rest);
          }
          errors[l].add(v * sum);
        }
      }
    }
    for (int r = 0; r < n; r++) {
      weight.add(weights == null ? 1 : weights[first + r]);
    }
  }

  private static void requireWeight(double v) {
    if (!(v >= 0) || Double.isInfinite(v)) {
      throw new SnnkException(
          "row weight",
          "a finite number from 0 on",
          v + "",
          null,
          "Give the rows and weights that the statistic was made of.");
    }
  }

  private static void requireOthers(double rest) {
    if (!(rest > 0)) {
      throw new SnnkException(
          "leave-one-out",
          "rows with a leverage below 1",
          "one of " + (1 - rest),
          null,
          "Give more rows, or increase train.regParam.");
    }
  }

  /**
   * Adds what other rows gave.
   *
   * @throws SnnkException if the other has other penalties
   */
  public void merge(LeaveOneOut other) {
    if (!Arrays.equals(lambdas, other.lambdas)) {
      throw new SnnkException(
          "leave-one-out",
          "the same penalties on both sides",
          other.lambdas.length + " others",
          null,
          "Merge only parts of one pass.");
    }
    for (int l = 0; l < errors.length; l++) {
      errors[l].merge(other.errors[l]);
    }
    weight.merge(other.weight);
  }

  /** The leave-one-out mean squared error of each λ, summed over targets. */
  public double[] meanSquaredError() {
    double[] means = new double[errors.length];
    for (int l = 0; l < means.length; l++) {
      means[l] = errors[l].value() / weight.value();
    }
    return means;
  }
}
