package org.snnk.statistics;

import java.io.Serializable;
import java.util.stream.Stream;
import org.snnk.SnnkException;
import org.snnk.linalg.ExactSum;

/**
 * Σ over rows of the squared derivative by each input. Sums are exact, so merging leaves no trace
 * of the order; the derivatives themselves carry the rounding of their BLAS.
 */
public final class SquaredGradients implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ExactSum[] sums;
  private long rows;

  /** Of no rows with d inputs. */
  public SquaredGradients(int d) {
    this.sums = Stream.generate(ExactSum::new).limit(d).toArray(ExactSum[]::new);
  }

  /**
   * Adds n rows.
   *
   * @param gradients of one or several outputs, each n×d
   */
  public void add(int n, double[] gradients) {
    for (int i = 0; i < gradients.length; i++) {
      sums[i % sums.length].addProduct(gradients[i], gradients[i]);
    }
    rows += n;
  }

  /** Adds other rows. */
  public void merge(SquaredGradients other) {
    for (int j = 0; j < sums.length; j++) {
      sums[j].merge(other.sums[j]);
    }
    rows += other.rows;
  }

  /**
   * The mean over rows, summed over outputs.
   *
   * @throws SnnkException without rows
   */
  public double[] means() {
    if (rows == 0) {
      throw new SnnkException(
          "feature importances", "at least one row", "none", null, "Give a table with rows.");
    }
    double[] means = new double[sums.length];
    for (int j = 0; j < means.length; j++) {
      means[j] = sums[j].value() / rows;
    }
    return means;
  }
}
