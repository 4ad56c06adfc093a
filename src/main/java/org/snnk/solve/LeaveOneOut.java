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
 * term is the intercept's). The mean of v·(e/(1 − h))² is what {@link Errors#meanSquaredError}
 * gives.
 *
 * <p><b>Scale</b>: what is held fixed when a row goes is the penalty on the <i>sum</i> of squares,
 * Nλ: the model without the row is the one that {@link RidgeSolver} gives for λN/(N − v).
 *
 * <p><b>Cost</b>: 2m² + 2mL(b + k) flops a row for L penalties; 16·256·m bytes of buffers and 8mbL
 * of factors. <b>Deterministic</b>: a function of the statistic and the multiset of rows, since a
 * row's error does not depend on the block it comes in and errors are summed exactly. Not
 * thread-safe; {@link #errors} are what travels.
 */
public final class LeaveOneOut {
  private static final int BLOCK = 256;

  private final RidgePath path;
  private final double[] lambdas;
  private final BandCholesky[] factors;

  /** Row lk + t holds the coefficients z of λ_l and target t in the band's basis. */
  private final double[][] coefficients;

  private final Errors errors;
  private final double[][] t;
  private final double[][] scratch;
  private final double[] rest = new double[BLOCK];

  /**
   * Nothing added yet.
   *
   * @param path fitted to the rows that will be added
   * @throws SnnkException if a λ is not positive and finite, or G + λI is not positive definite
   */
  public LeaveOneOut(RidgePath path, List<Double> lambdas) {
    this.path = path;
    this.lambdas = lambdas.stream().mapToDouble(RidgeSolver::requirePenalty).toArray();
    int m = path.features();
    int k = path.targets();
    double[][] z = new double[m][this.lambdas.length * k];
    factors = new BandCholesky[this.lambdas.length];
    for (int l = 0; l < factors.length; l++) {
      factors[l] = path.form().factor(this.lambdas[l]);
      path.solve(factors[l], z, l);
    }
    coefficients = new double[factors.length * k][m];
    for (int c = 0; c < coefficients.length; c++) {
      for (int i = 0; i < m; i++) {
        coefficients[c][i] = z[i][c];
      }
    }
    errors = new Errors(this.lambdas);
    t = new double[m][BLOCK];
    scratch = new double[m][BLOCK];
  }

  /** The squared errors of some rows for each λ: small, and added up exactly. */
  public static final class Errors implements Serializable {
    private static final long serialVersionUID = 1L;

    private final double[] lambdas;
    private final ExactSum[] sums;
    private final ExactSum weight = new ExactSum();

    private Errors(double[] lambdas) {
      this.lambdas = lambdas;
      this.sums = new ExactSum[lambdas.length];
      Arrays.setAll(sums, l -> new ExactSum());
    }

    /**
     * Adds the errors of other rows. Associative and commutative.
     *
     * @throws SnnkException if the other has other penalties
     */
    public void merge(Errors other) {
      if (!Arrays.equals(lambdas, other.lambdas)) {
        throw new SnnkException(
            "leave-one-out",
            "the same penalties on both sides",
            other.lambdas.length + " others",
            null,
            "Merge only parts of one pass.");
      }
      for (int l = 0; l < sums.length; l++) {
        sums[l].merge(other.sums[l]);
      }
      weight.merge(other.weight);
    }

    /** The leave-one-out mean squared error of each λ, summed over targets. */
    public double[] meanSquaredError() {
      double[] means = new double[sums.length];
      for (int l = 0; l < means.length; l++) {
        means[l] = sums[l].value() / weight.value();
      }
      return means;
    }
  }

  /** What the rows added so far gave; goes on growing with further rows. */
  public Errors errors() {
    return errors;
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
    int k = path.targets();
    for (int from = 0; from < n; from += BLOCK) {
      int count = Math.min(BLOCK, n - from);
      double[][] fitted = fit(count, features, from, stride, weights);
      for (int l = 0; l < factors.length; l++) {
        spare(count, from, weights, l);
        for (int r = 0; r < count; r++) {
          double v = weight(weights, from + r);
          double sum = 0;
          for (int c = 0; c < k; c++) {
            double e = residual(targets, from + r, fitted, l, c, r) / rest[r];
            sum += e * e;
          }
          errors.sums[l].add(v * sum);
        }
      }
      for (int r = 0; r < count; r++) {
        errors.weight.add(weight(weights, from + r));
      }
    }
  }

  /**
   * What the model of the first λ without a row predicts for that row.
   *
   * <p><b>Shapes</b>: as for {@link #add}; out n×k, overwritten, in the statistic's scale.
   *
   * @throws SnnkException as {@link #add} does
   */
  public void predict(
      int n, double[] features, int stride, double[] targets, double[] weights, double[] out) {
    int k = path.targets();
    for (int from = 0; from < n; from += BLOCK) {
      int count = Math.min(BLOCK, n - from);
      double[][] fitted = fit(count, features, from, stride, weights);
      spare(count, from, weights, 0);
      for (int r = 0; r < count; r++) {
        int row = (from + r) * k;
        for (int c = 0; c < k; c++) {
          out[row + c] = targets[row + c] - residual(targets, from + r, fitted, 0, c, r) / rest[r];
        }
      }
    }
  }

  /** Brings rows into the band's basis, and gives what each λ and target adds to the mean. */
  private double[][] fit(int n, double[] features, int first, int stride, double[] weights) {
    for (int r = first; weights != null && r < first + n; r++) {
      requireWeight(weights[r]);
    }
    for (int i = 0; i < t.length; i++) {
      double mean = path.featureMean(i);
      for (int r = 0; r < n; r++) {
        t[i][r] = features[(first + r) * stride + i] - mean;
      }
    }
    path.form().toBand(t, n);
    return RowProducts.multiply(coefficients, t, n);
  }

  private double residual(double[] targets, int row, double[][] fitted, int l, int c, int r) {
    int k = path.targets();
    return targets[row * k + c] - path.targetMean(c) - fitted[l * k + c][r];
  }

  /** rest ← 1 − h of each row under λ_l. */
  private void spare(int n, int first, double[] weights, int l) {
    for (int i = 0; i < t.length; i++) {
      System.arraycopy(t[i], 0, scratch[i], 0, n);
    }
    factors[l].forward(scratch, 0, n);
    Arrays.fill(rest, 0, n, 1);
    for (double[] row : scratch) {
      for (int r = 0; r < n; r++) {
        rest[r] += row[r] * row[r];
      }
    }
    for (int r = 0; r < n; r++) {
      rest[r] = 1 - weight(weights, first + r) / path.weight() * rest[r];
      requireOthers(rest[r]);
    }
  }

  private static double weight(double[] weights, int row) {
    return weights == null ? 1 : weights[row];
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
}
