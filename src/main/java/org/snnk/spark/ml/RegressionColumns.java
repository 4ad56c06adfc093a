package org.snnk.spark.ml;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.snnk.model.FullyBundledModel;
import org.snnk.model.IntervalEnds;
import org.snnk.model.Model;
import org.snnk.model.PredictiveVariance;
import org.snnk.spark.data.BatchFunction;

/**
 * The columns of {@link RegressionParams#columns}.
 *
 * @param model whose predictions are made
 * @param scoring what scores rows: the model, or one whose first outputs are the model's
 * @param variance of a fully-bundled model; null where no deviations are asked for
 * @param ends of intervals, from the scores of {@code scoring}; null where none are asked for
 * @param attributes whether there are attributions, of a fully-bundled model
 */
record RegressionColumns(
    Model model,
    Model scoring,
    boolean predicts,
    PredictiveVariance variance,
    IntervalEnds ends,
    boolean attributes)
    implements BatchFunction {
  @Override
  public Batch start() {
    return new Work(this);
  }

  /** The work of a task. */
  private static final class Work implements Batch {
    private final RegressionColumns columns;
    private final Attributions attributions;
    private final Model.Scorer scorer;
    private final PredictiveVariance.Workspace varianceWorkspace =
        new PredictiveVariance.Workspace();
    private double[] scores = new double[0];
    private double[] deviations = new double[0];
    private double[] ends = new double[0];

    Work(RegressionColumns columns) {
      this.columns = columns;
      this.scorer = columns.scoring.scorer();
      this.attributions =
          columns.attributes ? new Attributions((FullyBundledModel) columns.model) : null;
    }

    @Override
    public void run(int n, double[] x) {
      int k = columns.model.outputs();
      if (scores.length < n * columns.scoring.outputs()) {
        scores = new double[n * columns.scoring.outputs()];
        deviations = new double[columns.variance == null ? 0 : n * k];
        ends = new double[columns.ends == null ? 0 : n * 2 * k];
      }
      if (columns.predicts || columns.ends != null) {
        scorer.scores(n, x, scores);
      }
      if (columns.ends != null) {
        columns.ends.ends(n, scores, ends);
      }
      if (columns.variance != null) {
        columns.variance.deviations(
            n, x, ((FullyBundledModel) columns.model).featurizer(), deviations, varianceWorkspace);
      }
      if (attributions != null) {
        attributions.runAll(n, x);
      }
    }

    @Override
    public void fill(int i, InternalRow out) {
      int k = columns.model.outputs();
      int at = 0;
      for (int t = 0; t < k; t++) {
        if (columns.predicts) {
          out.setDouble(at++, i < 0 ? Double.NaN : scores[i * columns.scoring.outputs() + t]);
        }
        if (columns.variance != null) {
          out.setDouble(at++, i < 0 ? Double.NaN : deviations[i * k + t]);
        }
        if (columns.ends != null) {
          int end = 2 * (i * k + t);
          double lower = i < 0 ? Double.NaN : ends[end];
          double upper = i < 0 ? Double.NaN : ends[end + 1];
          out.update(at++, new GenericInternalRow(new Object[] {lower, upper}));
        }
        if (attributions != null) {
          out.update(at++, attributions.of(i, t));
        }
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return "regression columns";
  }
}
