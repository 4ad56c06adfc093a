package org.snnk.statistics;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import org.snnk.SnnkException;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.ExactSum;
import org.snnk.linalg.RejectedRows;
import org.snnk.linalg.RowBlock;

/**
 * Weighted first and second moments of every input and target, their ranges, and the rows of each
 * class, without rounding. Rows of weight 0 are counted, but nothing else of them is seen.
 *
 * <p>Σv, Σvx and Σvx² are kept as {@link ExactSum}s, so the mean and the scale that are read from
 * them depend only on the set of rows. <b>Cost</b>: some 10 ns a cell; 1 kB a column.
 */
public final class Moments implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Column[] inputs;
  private final Column[] targets;
  private final long[] classRows;
  private final ExactSum weight = new ExactSum();
  private long rows;
  private final RejectedRows rejected = new RejectedRows();
  private double largestWeight;

  /** The sums of one column. */
  private static final class Column implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ExactSum sum = new ExactSum();
    private final ExactSum squares = new ExactSum();
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private boolean binary = true;

    void add(double x, double v) {
      if (v == 0) {
        return;
      }
      double weighted = v * x;
      double rest = v == 1 ? 0 : Math.fma(v, x, -weighted);
      sum.add(weighted);
      squares.addProduct(weighted, x);
      if (rest != 0) {
        sum.add(rest);
        squares.addProduct(rest, x);
      }
      min = Math.min(min, x);
      max = Math.max(max, x);
      binary &= x == 0 || x == 1;
    }

    void merge(Column other) {
      sum.merge(other.sum);
      squares.merge(other.squares);
      min = Math.min(min, other.min);
      max = Math.max(max, other.max);
      binary &= other.binary;
    }

    double mean(double total) {
      return sum.value() / total;
    }

    /**
     * √(ΣvΣvx² − (Σvx)²)/Σv, the difference taken without rounding, so that a large mean does not
     * cancel it.
     */
    double deviation(ExactSum weight) {
      BigDecimal total = weight.exact();
      BigDecimal difference =
          total.multiply(squares.exact()).subtract(sum.exact().pow(2)).max(BigDecimal.ZERO);
      return Math.sqrt(difference.divide(total.pow(2), MathContext.DECIMAL64).doubleValue());
    }
  }

  /**
   * Empty moments.
   *
   * @param inputs d
   * @param targets reals in a row's target; for classes 0
   * @param classes k, or 0 for reals
   */
  public Moments(int inputs, int targets, int classes) {
    this.inputs = columns(inputs);
    this.targets = columns(targets);
    this.classRows = new long[classes];
  }

  private static Column[] columns(int count) {
    Column[] columns = new Column[count];
    Arrays.setAll(columns, j -> new Column());
    return columns;
  }

  /** Adds every row of a block, and counts its rejected ones. */
  public void add(RowBlock block) {
    int d = inputs.length;
    for (int i = 0; i < block.rows(); i++) {
      double v = block.weight(i);
      weight.add(v);
      largestWeight = Math.max(largestWeight, v);
      for (int j = 0; j < d; j++) {
        inputs[j].add(finiteSquare("input", j, block.x()[i * d + j], v, block, i), v);
      }
      if (classRows.length > 0) {
        classRows[(int) block.y()[i]]++;
      }
      for (int t = 0; t < targets.length; t++) {
        double y = block.y()[i * targets.length + t];
        targets[t].add(finiteSquare("target", t, y, v, block, i), v);
      }
    }
    rows += block.rows();
    rejected.add(block);
  }

  private static double finiteSquare(
      String role, int j, double x, double v, RowBlock block, int row) {
    if (!Double.isFinite(v * x * x)) {
      throw new SnnkException(
          role + " " + j,
          "a number whose square times its weight is finite",
          x + " of weight " + v,
          "row " + block.index()[row] + ", counted from 0",
          "Rescale the column or correct the value.");
    }
    return x;
  }

  /** Adds other moments of the same columns. */
  public void merge(Moments other) {
    for (int j = 0; j < inputs.length; j++) {
      inputs[j].merge(other.inputs[j]);
    }
    for (int t = 0; t < targets.length; t++) {
      targets[t].merge(other.targets[t]);
    }
    for (int c = 0; c < classRows.length; c++) {
      classRows[c] += other.classRows[c];
    }
    weight.merge(other.weight);
    largestWeight = Math.max(largestWeight, other.largestWeight);
    rows += other.rows;
    rejected.merge(other.rejected);
  }

  /** n. */
  public long rows() {
    return rows;
  }

  /** Rows that could not be used. */
  public RejectedRows rejected() {
    return rejected;
  }

  /** Σv. */
  public double totalWeight() {
    return weight.value();
  }

  /** max v; 0 without rows. */
  public double largestWeight() {
    return largestWeight;
  }

  /** Rows of a class. */
  public long classRows(int c) {
    return classRows[c];
  }

  /** The mean of input j. */
  public double mean(int j) {
    return inputs[j].mean(totalWeight());
  }

  /** The standard deviation of input j (of the population: divided by Σv). */
  public double deviation(int j) {
    return inputs[j].deviation(weight);
  }

  /** The smallest value of input j in a row that weighs something. */
  public double min(int j) {
    return inputs[j].min;
  }

  /** The largest value of input j in a row that weighs something. */
  public double max(int j) {
    return inputs[j].max;
  }

  /** Whether input j holds only 0 and 1. */
  public boolean binary(int j) {
    return inputs[j].binary;
  }

  /** Whether input j holds a single value. */
  public boolean constant(int j) {
    return inputs[j].min == inputs[j].max;
  }

  /** The smallest value of target t. */
  public double targetMin(int t) {
    return targets[t].min;
  }

  /** The largest value of target t. */
  public double targetMax(int t) {
    return targets[t].max;
  }

  /** Constant inputs to 0, binary ones as they are, all others to mean 0 and deviation 1. */
  public Standardizer standardizer() {
    requireRows();
    double[] mean = new double[inputs.length];
    double[] factor = new double[inputs.length];
    for (int j = 0; j < inputs.length; j++) {
      if (constant(j)) {
        mean[j] = inputs[j].min;
      } else if (inputs[j].binary) {
        factor[j] = 1;
      } else {
        mean[j] = mean(j);
        factor[j] = 1 / deviation(j);
      }
    }
    return new Standardizer(mean, factor);
  }

  /** The targets on their grid: one-hot classes, or standardised reals. */
  public Targets targets() {
    requireRows();
    if (classRows.length > 0) {
      return Targets.classes(classRows.length);
    }
    double[] mean = new double[targets.length];
    double[] scale = new double[targets.length];
    double total = totalWeight();
    for (int t = 0; t < targets.length; t++) {
      boolean constant = targets[t].min == targets[t].max;
      mean[t] = constant ? targets[t].min : targets[t].mean(total);
      scale[t] = constant ? 1 : targets[t].deviation(weight);
    }
    return Targets.reals(mean, scale);
  }

  private void requireRows() {
    if (rows == 0) {
      throw new SnnkException(
          "training table",
          "at least one usable row",
          "none",
          null,
          "Check data.path, the split, and data.invalid.");
    }
    if (!(totalWeight() > 0)) {
      throw new SnnkException(
          "weight column",
          "a positive total",
          totalWeight() + "",
          null,
          "Check data.weight: only positive weights count.");
    }
  }
}
