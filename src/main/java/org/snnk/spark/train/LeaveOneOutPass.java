package org.snnk.spark.train;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.snnk.linalg.RowBlock;
import org.snnk.solve.LeaveOneOut;
import org.snnk.solve.RidgePath;
import org.snnk.statistics.DecodedRows;
import org.snnk.statistics.ScoreCounts;

/**
 * Passes over the rows that a ridge path was fitted to, each row judged by the model without it.
 *
 * <p>The path, 8m² bytes, is broadcast. Features are computed again, {@value #STRETCH} rows at a
 * time, and never stored. Results are exact sums, so partitions, order and retries leave no trace.
 *
 * <p><b>Cost</b>: see {@link LeaveOneOut}; some 2m² flops a row in plain Java. A task holds
 * 32·256·m bytes, an executor the path besides.
 */
final class LeaveOneOutPass {
  private static final int STRETCH = 256;

  private LeaveOneOutPass() {}

  /** Takes in the rows of a stretch. */
  private interface Take {
    void take(LeaveOneOut leaveOneOut, DecodedRows seen, RowBlock block, int first, int n);
  }

  private static void each(
      Iterator<RowBlock> blocks, LeaveOneOut leaveOneOut, DecodedRows seen, Take take) {
    while (blocks.hasNext()) {
      RowBlock block = blocks.next();
      for (int first = 0; first < block.rows(); first += STRETCH) {
        int n = Math.min(STRETCH, block.rows() - first);
        seen.fill(block, first, n);
        take.take(leaveOneOut, seen, block, first, n);
      }
    }
  }

  private static DecodedRows rows(GramPass.Specification specification) {
    return new DecodedRows(
        specification.featurizer(), specification.targets(), specification.weightExponent());
  }

  /**
   * The exact leave-one-out mean squared error of each penalty.
   *
   * @param rows all those that the path was fitted to
   */
  static double[] errors(
      JavaRDD<RowBlock> rows,
      GramPass.Specification specification,
      RidgePath path,
      List<Double> lambdas) {
    Broadcast<RidgePath> sent = broadcast(rows, path);
    List<Double> penalties = List.copyOf(lambdas);
    LeaveOneOut.Errors errors =
        TreeMerge.of(
            rows,
            blocks -> {
              LeaveOneOut leaveOneOut = new LeaveOneOut(sent.value(), penalties);
              each(
                  blocks,
                  leaveOneOut,
                  rows(specification),
                  (left, seen, block, first, n) ->
                      left.add(n, seen.features(), seen.stride(), seen.targets(), seen.weights()));
              return leaveOneOut.errors();
            },
            (left, right) -> {
              left.merge(right);
              return left;
            });
    sent.unpersist();
    return errors.meanSquaredError();
  }

  /**
   * How often each score occurs with and without its class, each row scored by the model without
   * it.
   *
   * @param rows some of those that the path was fitted to
   */
  static ScoreCounts counts(
      JavaRDD<RowBlock> rows, GramPass.Specification specification, RidgePath path, double lambda) {
    Broadcast<RidgePath> sent = broadcast(rows, path);
    int k = specification.targets().count();
    double unit = Math.scalb(1.0, specification.weightExponent());
    ScoreCounts counts =
        TreeMerge.of(
            rows,
            blocks -> {
              ScoreCounts partial = new ScoreCounts(k, unit);
              double[] scores = new double[STRETCH * k];
              each(
                  blocks,
                  new LeaveOneOut(sent.value(), List.of(lambda)),
                  rows(specification),
                  (left, seen, block, first, n) -> {
                    left.predict(
                        n, seen.features(), seen.stride(), seen.targets(), seen.weights(), scores);
                    for (int i = 0; i < n; i++) {
                      int label = (int) block.y()[first + i];
                      partial.add(scores, i * k, label, block.weight(first + i));
                    }
                  });
              return partial;
            },
            (left, right) -> {
              left.merge(right);
              return left;
            });
    sent.unpersist();
    return counts;
  }

  private static Broadcast<RidgePath> broadcast(JavaRDD<RowBlock> rows, RidgePath path) {
    return JavaSparkContext.fromSparkContext(rows.context()).broadcast(path);
  }
}
