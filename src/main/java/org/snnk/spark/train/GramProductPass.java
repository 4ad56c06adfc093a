package org.snnk.spark.train;

import java.util.Arrays;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.snnk.linalg.RowBlock;
import org.snnk.solve.GramOperator;
import org.snnk.statistics.GramProduct;
import org.snnk.statistics.GridColumns;
import org.snnk.statistics.GridRows;

/**
 * The centred Gram matrix of rows as an operator: a pass over the rows for each multiplication, in
 * which every task computes the features of its rows anew.
 *
 * <p>More columns than four million numbers hold go in panels, each a pass of its own. <b>Cost</b>
 * of a task: 32 bytes for each of these numbers, at most 130 MB, and a buffer of 32 MB.
 */
final class GramProductPass implements GramOperator {
  static final int PANEL_NUMBERS = 4 << 20;

  private final JavaRDD<RowBlock> rows;
  private final Broadcast<GridRows> grid;
  private final double[] featureMean;
  private int passes;

  /**
   * The operator of some rows.
   *
   * @param grid sent, so that a process draws its random frequencies once for all passes
   * @param featureMean φ̄, which is taken off
   */
  GramProductPass(JavaRDD<RowBlock> rows, Broadcast<GridRows> grid, double[] featureMean) {
    this.rows = rows;
    this.grid = grid;
    this.featureMean = featureMean;
  }

  /** Passes so far. */
  int passes() {
    return passes;
  }

  @Override
  public double[][] times(double[][] v) {
    int panel = Math.max(1, PANEL_NUMBERS / featureMean.length);
    double[][] product = new double[v.length][];
    for (int from = 0; from < v.length; from += panel) {
      int to = Math.min(v.length, from + panel);
      double[][] part = pass(Arrays.copyOfRange(v, from, to));
      System.arraycopy(part, 0, product, from, part.length);
    }
    return product;
  }

  private double[][] pass(double[][] v) {
    passes++;
    double[] last = new double[v.length];
    for (int c = 0; c < v.length; c++) {
      for (int i = 0; i < featureMean.length; i++) {
        last[c] -= featureMean[i] * v[c][i];
      }
    }
    GridColumns columns = new GridColumns(v, last);
    Broadcast<GridRows> of = grid;
    int count = v.length;
    Broadcast<GridColumns> sent =
        JavaSparkContext.fromSparkContext(rows.context()).broadcast(columns);
    try {
      GramProduct product =
          TreeMerge.of(
              rows,
              blocks -> {
                GramProduct partial = new GramProduct(of.value(), count);
                GramProduct.Workspace workspace = new GramProduct.Workspace();
                while (blocks.hasNext()) {
                  partial.add(blocks.next(), sent.value(), workspace);
                }
                return partial;
              },
              (left, right) -> {
                left.merge(right);
                return left;
              });
      return (product == null ? new GramProduct(of.value(), count) : product)
          .columns(columns, featureMean);
    } finally {
      sent.destroy();
    }
  }
}
