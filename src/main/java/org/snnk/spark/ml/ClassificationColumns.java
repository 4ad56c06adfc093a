package org.snnk.spark.ml;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.snnk.model.FullyBundledModel;
import org.snnk.model.Model;
import org.snnk.spark.data.BatchFunction;

/**
 * The columns of {@link ClassificationParams#columns}.
 *
 * @param thresholds of the classes, null where the most probable one is meant
 * @param attributes whether there are attributions, of a fully-bundled model
 */
record ClassificationColumns(
    Model model,
    double[] thresholds,
    boolean raw,
    boolean probability,
    boolean predicts,
    boolean attributes)
    implements BatchFunction {
  @Override
  public Batch start() {
    return new Work(this);
  }

  /** The work of a task. */
  private static final class Work implements Batch {
    private final ClassificationColumns columns;
    private final Model model;
    private final Model.Scorer scorer;
    private final Attributions attributions;
    private final double[] nothing;
    private double[] scores = new double[0];
    private double[] probabilities = new double[0];
    private int[] prediction = new int[0];

    Work(ClassificationColumns columns) {
      this.columns = columns;
      this.model = columns.model;
      this.scorer = model.scorer();
      this.attributions =
          columns.attributes ? new Attributions((FullyBundledModel) columns.model) : null;
      this.nothing = new double[model.outputs()];
      Arrays.fill(nothing, Double.NaN);
    }

    @Override
    public void run(int n, double[] x) {
      int k = model.outputs();
      if (prediction.length < n) {
        scores = new double[n * k];
        probabilities = new double[n * k];
        prediction = new int[n];
      }
      scorer.scores(n, x, scores);
      System.arraycopy(scores, 0, probabilities, 0, n * k);
      model.probabilities(n, probabilities);
      for (int i = 0; i < n; i++) {
        prediction[i] =
            columns.thresholds == null
                ? FullyBundledModel.largest(probabilities, i * k, k)
                : FullyBundledModel.largest(probabilities, i * k, k, columns.thresholds);
      }
      if (attributions != null) {
        attributions.run(n, x, prediction);
      }
    }

    @Override
    public void fill(int i, InternalRow out) {
      int k = model.outputs();
      int at = 0;
      if (columns.raw) {
        out.update(at++, vector(i, scores, k));
      }
      if (columns.probability) {
        out.update(at++, vector(i, probabilities, k));
      }
      if (columns.predicts) {
        out.setDouble(at++, i < 0 ? Double.NaN : prediction[i]);
      }
      if (attributions != null) {
        out.update(at, attributions.of(i, 0));
      }
    }

    private InternalRow vector(int i, double[] values, int k) {
      return i < 0 ? BatchFunction.vector(nothing, 0, k) : BatchFunction.vector(values, i * k, k);
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
    return "classification columns, thresholds " + Arrays.toString(thresholds);
  }
}
