package org.snnk.linalg;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import org.snnk.SnnkException;

/**
 * A block of rows as a model meets them: inputs, targets, weights, and the stable index of each row
 * in its table.
 *
 * <p><b>Shapes</b>: x n×d and y n×k row-major; weight n, or null where every row weighs 1; index n.
 * The arrays may be longer than n rows need. Nothing is copied: the block owns what it is given.
 */
public final class RowBlock implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int rows;
  private final int inputs;
  private final int targets;
  private final double[] x;
  private final double[] y;
  private final double[] weight;
  private final long[] index;
  private final List<Rejected> rejected;
  private final int sliceColumns;
  private final int[] slices;

  /**
   * A row that could not be used.
   *
   * @param index its index in the table
   * @param reason where it stands and what is wrong with it
   */
  public record Rejected(long index, String reason) implements Serializable {}

  /**
   * A block over the given arrays.
   *
   * @throws SnnkException if an array is shorter than its shape
   */
  public RowBlock(
      int rows,
      int inputs,
      int targets,
      double[] x,
      double[] y,
      double[] weight,
      long[] index,
      List<Rejected> rejected) {
    this(rows, inputs, targets, x, y, weight, index, rejected, 0, new int[0]);
  }

  private RowBlock(
      int rows,
      int inputs,
      int targets,
      double[] x,
      double[] y,
      double[] weight,
      long[] index,
      List<Rejected> rejected,
      int sliceColumns,
      int[] slices) {
    require("slices", slices.length, (long) rows * sliceColumns);
    require("inputs", x.length, (long) rows * inputs);
    require("targets", y.length, (long) rows * targets);
    require("weights", weight == null ? rows : weight.length, rows);
    require("row indices", index.length, rows);
    this.rows = rows;
    this.inputs = inputs;
    this.targets = targets;
    this.x = x;
    this.y = y;
    this.weight = weight;
    this.index = index;
    this.rejected = List.copyOf(rejected);
    this.sliceColumns = sliceColumns;
    this.slices = slices;
  }

  /**
   * The same rows with the slices that they belong to.
   *
   * @param columns number of columns s that rows are cut by
   * @param codes n×s codes, row-major; -1 for none
   * @throws SnnkException if there are fewer
   */
  public RowBlock withSlices(int columns, int[] codes) {
    return new RowBlock(rows, inputs, targets, x, y, weight, index, rejected, columns, codes);
  }

  private static void require(String what, int length, long needed) {
    if (length < needed) {
      throw new SnnkException(
          "row block",
          needed + " " + what,
          length + "",
          null,
          "Allocate the array for the whole block.");
    }
  }

  /** Bytes of a row. */
  public static long rowBytes(int inputs, int targets, boolean weighted) {
    return Double.BYTES * ((long) inputs + targets + (weighted ? 1 : 0)) + Long.BYTES;
  }

  /** n. */
  public int rows() {
    return rows;
  }

  /** d. */
  public int inputs() {
    return inputs;
  }

  /** k, the numbers per row in {@link #y}: 1 for a class index. */
  public int targets() {
    return targets;
  }

  /** n×d inputs, row-major. */
  public double[] x() {
    return x;
  }

  /** n×k targets, row-major; for classes the 0-based class index. */
  public double[] y() {
    return y;
  }

  /** n weights, or null where all are 1. */
  public double[] weight() {
    return weight;
  }

  /** n indices of the rows in their table. */
  public long[] index() {
    return index;
  }

  /**
   * n×s codes of the slices that each row belongs to, row-major; -1 for none. Empty where rows are
   * not cut.
   */
  public int[] slices() {
    return slices;
  }

  /** The rows of this stretch of the table that could not be used and are not among the n. */
  public List<Rejected> rejected() {
    return rejected;
  }

  /** The weight of a row. */
  public double weight(int row) {
    return weight == null ? 1 : weight[row];
  }

  /** The rows, rejected ones too, whose index passes; this block itself if all do. */
  public RowBlock filter(LongPredicate keep) {
    int[] kept = new int[rows];
    int count = 0;
    for (int i = 0; i < rows; i++) {
      if (keep.test(index[i])) {
        kept[count++] = i;
      }
    }
    List<Rejected> rejects = rejected.stream().filter(r -> keep.test(r.index())).toList();
    return count == rows && rejects.size() == rejected.size()
        ? this
        : take(Arrays.copyOf(kept, count), rejects);
  }

  private RowBlock take(int[] positions, List<Rejected> rejects) {
    int n = positions.length;
    double[] takenX = new double[n * inputs];
    double[] takenY = new double[n * targets];
    double[] takenWeight = weight == null ? null : new double[n];
    long[] takenIndex = new long[n];
    int[] takenSlices = new int[n * sliceColumns];
    for (int i = 0; i < n; i++) {
      int from = positions[i];
      System.arraycopy(x, from * inputs, takenX, i * inputs, inputs);
      System.arraycopy(y, from * targets, takenY, i * targets, targets);
      takenIndex[i] = index[from];
      System.arraycopy(slices, from * sliceColumns, takenSlices, i * sliceColumns, sliceColumns);
      if (takenWeight != null) {
        takenWeight[i] = weight[from];
      }
    }
    return new RowBlock(
        n,
        inputs,
        targets,
        takenX,
        takenY,
        takenWeight,
        takenIndex,
        rejects,
        sliceColumns,
        takenSlices);
  }
}
