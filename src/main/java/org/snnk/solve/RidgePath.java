package org.snnk.solve;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.snnk.SnnkException;
import org.snnk.linalg.BandCholesky;
import org.snnk.linalg.BandForm;
import org.snnk.statistics.NormalEquations;

/**
 * Ridge regression for any number of penalties from one factorisation: with G = QBQᵀ, B a narrow
 * band, W_λ = Q(B + λI)⁻¹QᵀC and b_λ = ȳ − W_λᵀφ̄, the intercept not penalised.
 *
 * <p>With c = QᵀC and z = (B + λI)⁻¹c of a target, RSS/N = s_yy − zᵀc − λzᵀz and df = 1 + m − λ·tr
 * (B + λI)⁻¹ (Golub, Heath and Wahba 1979; Eldén 1984 without eigenvalues), neither of which needs
 * W_λ.
 *
 * <p><b>Scale</b>: G and C are means over rows, so λ multiplies ‖W‖² beside the <i>mean</i> squared
 * error, as in {@link RidgeSolver}. <b>Cost</b>: (4/3)m³ + 2m²k flops and 8m² bytes once; for each
 * λ O(m(b² + bk)) to measure it on the training rows, and 2m²k more for weights.
 * <b>Deterministic</b>: a function of the statistic, in pure Java. Immutable.
 */
public final class RidgePath implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long rows;
  private final double weight;
  private final int m;
  private final int k;
  private final double[] featureMean;
  private final double[] targetMean;
  private final double[] targetVariance;
  private final BandForm form;

  /** c = QᵀC, m rows of k. */
  private final double[][] cross;

  private RidgePath(NormalEquations rows) {
    this.rows = rows.rows();
    this.weight = rows.weight();
    this.m = rows.features();
    this.k = rows.targets();
    this.featureMean = rows.featureMean().clone();
    this.targetMean = rows.targetMean().clone();
    this.targetVariance = new double[k];
    for (int t = 0; t < k; t++) {
      targetVariance[t] = rows.targetGram()[t * k + t];
    }
    this.form = BandForm.of(m, rows.gram());
    this.cross = new double[m][k];
    for (int i = 0; i < m; i++) {
      System.arraycopy(rows.cross(), i * k, cross[i], 0, k);
    }
    form.toBand(cross, k);
  }

  /**
   * Factors the normal equations of the training rows.
   *
   * @throws SnnkException if G is not finite
   */
  public static RidgePath of(NormalEquations rows) {
    return new RidgePath(rows);
  }

  /**
   * How each λ does on the training rows.
   *
   * @throws SnnkException if a λ is not positive and finite, or G + λI is not positive definite
   */
  public List<RidgePoint> points(List<Double> lambdas) {
    double[][] z = new double[m][lambdas.size() * k];
    return solve(lambdas, z);
  }

  /**
   * The read-out of each λ.
   *
   * @throws SnnkException if a λ is not positive and finite, or G + λI is not positive definite
   */
  public List<Readout> readouts(List<Double> lambdas) {
    requirePenalties(lambdas);
    double[][] w = new double[m][lambdas.size() * k];
    for (int l = 0; l < lambdas.size(); l++) {
      solve(form.factor(lambdas.get(l)), w, l);
    }
    form.fromBand(w, lambdas.size() * k);
    return readouts(lambdas, w);
  }

  /**
   * The read-out of one λ.
   *
   * @throws SnnkException if λ is not positive and finite, or G + λI is not positive definite
   */
  public Readout readout(double lambda) {
    return readouts(List.of(lambda)).get(0);
  }

  private static void requirePenalties(List<Double> lambdas) {
    lambdas.forEach(RidgeSolver::requirePenalty);
  }

  /** Fills z with (B + λI)⁻¹c, k columns for each λ. */
  private List<RidgePoint> solve(List<Double> lambdas, double[][] z) {
    requirePenalties(lambdas);
    List<RidgePoint> points = new ArrayList<>();
    for (int l = 0; l < lambdas.size(); l++) {
      BandCholesky factor = form.factor(lambdas.get(l));
      solve(factor, z, l);
      points.add(point(lambdas.get(l), factor, z, l));
    }
    return points;
  }

  /** Columns lk … lk + k − 1 of z ← (B + λI)⁻¹c. */
  void solve(BandCholesky factor, double[][] z, int l) {
    for (int i = 0; i < m; i++) {
      System.arraycopy(cross[i], 0, z[i], l * k, k);
    }
    factor.solve(z, l * k, (l + 1) * k);
  }

  private RidgePoint point(double lambda, BandCholesky factor, double[][] z, int l) {
    double df = 1 + Math.max(0, m - lambda * factor.traceOfInverse());
    double shrink = df < rows ? 1 - df / rows : 0;
    double[] error = new double[k];
    double[] gcv = new double[k];
    for (int t = 0; t < k; t++) {
      double explained = 0;
      double size = 0;
      for (int i = 0; i < m; i++) {
        double value = z[i][l * k + t];
        explained += value * cross[i][t];
        size += value * value;
      }
      error[t] = Math.max(0, targetVariance[t] - explained - lambda * size);
      gcv[t] = shrink > 0 ? error[t] / (shrink * shrink) : Double.POSITIVE_INFINITY;
    }
    return new RidgePoint(lambda, df, error, gcv);
  }

  private List<Readout> readouts(List<Double> lambdas, double[][] w) {
    List<Readout> readouts = new ArrayList<>();
    for (int l = 0; l < lambdas.size(); l++) {
      double[] weights = new double[m * k];
      double[] intercept = targetMean.clone();
      for (int i = 0; i < m; i++) {
        for (int t = 0; t < k; t++) {
          double value = w[i][l * k + t];
          weights[i * k + t] = value;
          intercept[t] -= value * featureMean[i];
        }
      }
      readouts.add(new Readout(m, k, lambdas.get(l), weights, intercept));
    }
    return readouts;
  }

  /** N = Σv. */
  public double weight() {
    return weight;
  }

  /** m. */
  public int features() {
    return m;
  }

  /** k. */
  public int targets() {
    return k;
  }

  /** G in band form. */
  BandForm form() {
    return form;
  }

  double featureMean(int i) {
    return featureMean[i];
  }

  double targetMean(int t) {
    return targetMean[t];
  }
}
