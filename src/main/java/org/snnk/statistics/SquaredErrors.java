package org.snnk.statistics;

import java.io.Serializable;
import java.util.Arrays;
import org.snnk.feature.Featurizer;
import org.snnk.linalg.Blas;
import org.snnk.linalg.ExactSum;
import org.snnk.linalg.Grid;
import org.snnk.linalg.RowBlock;

/**
 * The mean squared error of several read-outs on rows, summed over targets: Σ v·‖y − b − Wᵀφ‖²/N.
 *
 * <p><b>Deterministic</b>: a row's error is a function of the row ({@link GridColumns}), and errors
 * are summed exactly; merge is associative and commutative. <b>Cost</b>: the features and 6mkL
 * flops a row for L read-outs; a buffer of 32 MB. Not thread-safe.
 */
public final class SquaredErrors implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int STRETCH = 512;

  private final GridRows rows;
  private final ExactSum[] errors;
  private final ExactSum weight = new ExactSum();
  private long count;

  /**
   * Of no rows.
   *
   * @param readouts L
   */
  public SquaredErrors(GridRows rows, int readouts) {
    this.rows = rows;
    this.errors = new ExactSum[readouts];
    Arrays.setAll(errors, l -> new ExactSum());
  }

  /**
   * Adds every row of a block.
   *
   * @param readouts Lk columns, those of one read-out together; the intercepts belong to the ones
   */
  public void add(RowBlock block, GridColumns readouts) {
    int p = rows.width();
    int k = rows.targets().count();
    int stretch = Math.min(block.rows(), rows.stretch(p, STRETCH));
    double[] u = new double[stretch * p];
    double[] products = new double[stretch * readouts.products()];
    double[] encoded = new double[rows.targets().columns()];
    Featurizer.Workspace featurizer = new Featurizer.Workspace();
    for (int first = 0; first < block.rows(); first += stretch) {
      int n = Math.min(stretch, block.rows() - first);
      rows.features(block, first, n, u, p, featurizer);
      readouts.multiply(Blas.backend(), n, u, p, products);
      for (int i = 0; i < n; i++) {
        double one = u[i * p + p - 1] / Grid.FEATURE_ONE;
        weight.add(one * one);
        rows.targets(block, first + i, encoded, 0);
        double[] y = new double[k];
        for (int c = 0; c < encoded.length; c++) {
          y[rows.targets().target(c)] += encoded[c] * rows.targets().unit(c);
        }
        for (int l = 0; l < errors.length; l++) {
          double squares = 0;
          for (int t = 0; t < k; t++) {
            double e = y[t] - readouts.value(products, i, l * k + t);
            squares += e * e;
          }
          errors[l].add(squares);
        }
      }
    }
    count += block.rows();
  }

  /** Adds the errors on other rows. */
  public void merge(SquaredErrors other) {
    for (int l = 0; l < errors.length; l++) {
      errors[l].merge(other.errors[l]);
    }
    weight.merge(other.weight);
    count += other.count;
  }

  /** n. */
  public long rows() {
    return count;
  }

  /** The mean squared error of each read-out. */
  public double[] means() {
    double[] means = new double[errors.length];
    for (int l = 0; l < means.length; l++) {
      means[l] = errors[l].value() / weight.value();
    }
    return means;
  }
}
