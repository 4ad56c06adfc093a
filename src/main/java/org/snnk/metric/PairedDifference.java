package org.snnk.metric;

import java.io.Serializable;
import org.snnk.SnnkException;
import org.snnk.linalg.ExactSum;

/**
 * The mean difference of two models' losses on the same rows, with its standard error.
 *
 * <p>m = Σ w·δ / Σ w for the difference δ of a row, and se² = n/(n−1) · Σ w²(δ − m)² / (Σ w)², the
 * usual variance of a ratio estimator (Cochran 1977, "Sampling techniques", Eq. 6.9), which without
 * weights is s²/n. Since the rows are the same, what makes a row hard for both models leaves no
 * trace in it. It says how sure the difference is over rows of this kind; how much training itself
 * scatters is the matter of {@link Spread}.
 *
 * <p><b>Deterministic</b>: a function of the multiset of rows. Mergeable, with the empty one as
 * identity. <b>Cost</b>: a few flops a row, no allocation.
 */
public final class PairedDifference implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ExactSum weight = new ExactSum();
  private final ExactSum weightSquared = new ExactSum();
  private final ExactSum sum = new ExactSum();
  private final ExactSum cross = new ExactSum();
  private final ExactSum squares = new ExactSum();
  private long rows;

  /**
   * Adds a row.
   *
   * @param difference loss of the one model minus loss of the other
   * @param rowWeight row weight, 0 or from 2⁻³⁰ to 2³⁰; a row of weight 0 does not count
   * @throws SnnkException if the difference is not finite or beyond 1e140 in size, or the weight is
   *     out of range
   */
  public void add(double difference, double rowWeight) {
    WeightSums.check(rowWeight, rows);
    if (!(Math.abs(difference) <= 1e140)) {
      throw new SnnkException(
          "difference of losses",
          "a finite number of at most 1e140 in size",
          difference + "",
          "row " + rows,
          "Look for models that answer with huge or missing values.");
    }
    if (rowWeight == 0) {
      return;
    }
    double weighted = rowWeight * difference;
    weight.add(rowWeight);
    weightSquared.addProduct(rowWeight, rowWeight);
    sum.addProduct(rowWeight, difference);
    cross.addProduct(rowWeight, weighted);
    squares.addProduct(weighted, weighted);
    rows++;
  }

  /**
   * Adds the rows of another one.
   *
   * @return this
   */
  public PairedDifference merge(PairedDifference other) {
    weight.merge(other.weight);
    weightSquared.merge(other.weightSquared);
    sum.merge(other.sum);
    cross.merge(other.cross);
    squares.merge(other.squares);
    rows += other.rows;
    return this;
  }

  /** Rows with weight. */
  public long rows() {
    return rows;
  }

  /** The mean difference; undefined without rows. */
  public Figure mean() {
    return Figure.ratio(sum.value(), weight.value(), "there are no rows with weight");
  }

  /** The standard error of the mean; undefined with fewer than two rows. */
  public Figure standardError() {
    if (rows < 2) {
      return Figure.undefined("there are fewer than two rows with weight");
    }
    double m = mean().orNaN();
    double variance = squares.value() - 2 * m * cross.value() + m * m * weightSquared.value();
    double size = weight.value();
    return Figure.of(Math.sqrt(Math.max(0, variance) * rows / (rows - 1)) / size);
  }
}
