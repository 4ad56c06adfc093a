package org.snnk.spark.ml;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.snnk.model.FullyBundledModel;
import org.snnk.spark.data.BatchFunction;

/** Attributions of a batch as vectors. */
final class Attributions {
  private final FullyBundledModel model;
  private final FullyBundledModel.Workspace workspace = new FullyBundledModel.Workspace();
  private final double[] nothing;
  private double[][] values = new double[0][];

  Attributions(FullyBundledModel model) {
    this.model = model;
    this.nothing = new double[model.inputs()];
    Arrays.fill(nothing, Double.NaN);
  }

  /** Of all outputs. */
  void runAll(int n, double[] x) {
    values = new double[model.outputs()][];
    for (int t = 0; t < values.length; t++) {
      int[] output = new int[n];
      Arrays.fill(output, t);
      values[t] = new double[n * model.inputs()];
      model.attributions(n, x, output, values[t], workspace);
    }
  }

  /** Of one output of each row. */
  void run(int n, double[] x, int[] output) {
    values = new double[1][n * model.inputs()];
    model.attributions(n, x, output, values[0], workspace);
  }

  InternalRow of(int row, int output) {
    int d = model.inputs();
    return row < 0
        ? BatchFunction.vector(nothing, 0, d)
        : BatchFunction.vector(values[output], row * d, d);
  }
}
