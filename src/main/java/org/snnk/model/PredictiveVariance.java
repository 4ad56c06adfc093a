package org.snnk.model;

import java.io.DataInput;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.snnk.SnnkException;
import org.snnk.feature.Featurizer;
import org.snnk.linalg.Blas;
import org.snnk.linalg.Cholesky;
import org.snnk.linalg.Grid;
import org.snnk.statistics.NormalEquations;
import org.snnk.statistics.Targets;

/**
 * How uncertain a prediction is under the Bayesian reading of ridge regression: Gaussian noise of
 * variance σ², W ~ N(0, σ²/(Nλ)·I), a flat prior of the intercept (Rasmussen and Williams 2006, Eq.
 * 2.9). With δ = φ(x) − φ̄ and G, λ on the mean over N rows,
 *
 * <p>Var y(x) = σ²(1 + 1/N + δᵀ(G + λI)⁻¹δ/N), σ² = RSS/(N − df), df = 1 + m − λ·tr (G + λI)⁻¹.
 *
 * <p>The 1 is the noise of the row itself; the rest, the uncertainty of the weights, grows away
 * from the training rows until it reaches that of the prior. N is the number of rows.
 *
 * <p><b>Cost</b>: to make, 2m³ flops in plain Java; 8m² bytes; 2m² flops a row on BLAS. In ordinary
 * double precision: the last bits depend on the BLAS. Immutable and thread-safe.
 */
public final class PredictiveVariance implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String KIND = "SNKV";
  private static final int VERSION = 1;
  private static final int BLOCK_ROWS = 512;

  private final int m;
  private final double rows;
  private final double[] noise;
  private final double[] featureMean;

  /** (G + λI)⁻¹. */
  private final double[] inverse;

  private PredictiveVariance(
      int m, double rows, double[] noise, double[] featureMean, double[] inverse) {
    this.m = m;
    this.rows = rows;
    this.noise = noise;
    this.featureMean = featureMean;
    this.inverse = inverse;
  }

  /**
   * The variance of predictions by a read-out.
   *
   * @param rows the normal equations that the weights were solved from with λ
   * @param weights m×k row-major, in the scale of the normal equations
   * @throws SnnkException if there are no more rows than degrees of freedom
   */
  public static PredictiveVariance of(
      NormalEquations rows, double lambda, double[] weights, Targets targets) {
    int m = rows.features();
    int k = rows.targets();
    double[] identity = new double[m * m];
    for (int i = 0; i < m; i++) {
      identity[i * m + i] = 1;
    }
    double[] inverse = Cholesky.solve(m, rows.gram(), lambda, m, identity);
    double trace = 0;
    for (int i = 0; i < m; i++) {
      trace += inverse[i * m + i];
      for (int j = 0; j < i; j++) {
        inverse[i * m + j] = inverse[j * m + i]; // as it is saved
      }
    }
    double df = 1 + Math.max(0, m - lambda * trace);
    if (rows.rows() <= df) {
      throw new SnnkException(
          "standard deviation of predictions",
          "more training rows than the " + df + " degrees of freedom of the fit",
          rows.rows() + "",
          null,
          "Train on more rows, or raise regParam.");
    }
    double[] noise = new double[k];
    for (int t = 0; t < k; t++) {
      // (G + λI)w = c, so the mean squared error is s_yy − wᵀc − λwᵀw.
      double error = rows.targetGram()[t * k + t];
      for (int i = 0; i < m; i++) {
        double w = weights[i * k + t];
        error -= w * (rows.cross()[i * k + t] + lambda * w);
      }
      double unit = targets.scale(t);
      noise[t] = unit * unit * Math.max(0, error) * rows.rows() / (rows.rows() - df);
    }
    return new PredictiveVariance(m, rows.rows(), noise, rows.featureMean().clone(), inverse);
  }

  /** Scratch memory of one thread. */
  public static final class Workspace {
    private final Featurizer.Workspace featurizer = new Featurizer.Workspace();
    private double[] features = new double[0];
    private double[] products = new double[0];
  }

  /**
   * The standard deviation of each row's targets.
   *
   * <p><b>Shapes</b>: x n×d raw; out n×k, overwritten. <b>Scale</b>: the targets' own units.
   *
   * @param featurizer that of the model
   */
  public void deviations(
      int n, double[] x, Featurizer featurizer, double[] out, Workspace workspace) {
    int k = noise.length;
    int block = Math.min(n, BLOCK_ROWS);
    if (workspace.features.length < block * m) {
      workspace.features = new double[block * m];
      workspace.products = new double[block * m];
    }
    double[] delta = workspace.features;
    double[] product = workspace.products;
    for (int first = 0; first < n; first += BLOCK_ROWS) {
      int taken = Math.min(BLOCK_ROWS, n - first);
      featurizer.features(taken, x, first, delta, m, workspace.featurizer);
      for (int i = 0; i < taken; i++) {
        for (int j = 0; j < m; j++) {
          delta[i * m + j] = delta[i * m + j] / Grid.FEATURE_ONE - featureMean[j];
        }
      }
      Blas.backend().multiply(taken, m, m, delta, m, inverse, product, m);
      for (int i = 0; i < taken; i++) {
        double square = 0;
        for (int j = i * m; j < (i + 1) * m; j++) {
          square += delta[j] * product[j];
        }
        double relative = 1 + (1 + Math.max(0, square)) / rows;
        for (int t = 0; t < k; t++) {
          out[(first + i) * k + t] = Math.sqrt(noise[t] * relative);
        }
      }
    }
  }

  /** Versioned bytes: m, N, k, the noise, φ̄, and the upper triangle of the inverse by rows. */
  public byte[] toBytes() {
    return SealedBytes.seal(
        KIND,
        VERSION,
        out -> {
          out.writeInt(m);
          out.writeDouble(rows);
          out.writeInt(noise.length);
          for (double variance : noise) {
            out.writeDouble(variance);
          }
          for (double mean : featureMean) {
            out.writeDouble(mean);
          }
          for (int i = 0; i < m; i++) {
            for (int j = i; j < m; j++) {
              out.writeDouble(inverse[i * m + j]);
            }
          }
        });
  }

  /**
   * Reads what {@link #toBytes} gave.
   *
   * @throws SnnkException if the bytes are damaged or of another version
   */
  public static PredictiveVariance fromBytes(byte[] bytes, String where) {
    try {
      DataInput in = SealedBytes.open(bytes, KIND, VERSION, "variance file", where);
      int m = in.readInt();
      double rows = in.readDouble();
      double[] noise = new double[in.readInt()];
      for (int t = 0; t < noise.length; t++) {
        noise[t] = in.readDouble();
      }
      double[] mean = new double[m];
      for (int i = 0; i < m; i++) {
        mean[i] = in.readDouble();
      }
      double[] inverse = new double[m * m];
      for (int i = 0; i < m; i++) {
        for (int j = i; j < m; j++) {
          inverse[i * m + j] = in.readDouble();
          inverse[j * m + i] = inverse[i * m + j];
        }
      }
      return new PredictiveVariance(m, rows, noise, mean, inverse);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
