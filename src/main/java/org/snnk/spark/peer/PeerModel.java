package org.snnk.spark.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.ml.tree.DecisionTreeModel;
import org.apache.spark.ml.tree.TreeEnsembleModel;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.ml.util.MLWritable;
import org.snnk.feature.Standardizer;
import org.snnk.spark.train.Answers;

/** A fitted model of MLlib with the standardisation that stands before it. */
public final class PeerModel implements Answers {
  private static final long serialVersionUID = 1L;

  private final PredictionModel<Vector, ?> model;
  private final Standardizer standardizer;

  PeerModel(PredictionModel<Vector, ?> model, Standardizer standardizer) {
    this.model = model;
    this.standardizer = standardizer;
    // A summary holds the session, which cannot be sent to executors.
    if (model instanceof HasTrainingSummary<?> told) {
      HasTrainingSummary<?> unused = told.setSummary(scala.Option.empty());
    }
  }

  @Override
  public int outputs() {
    return model instanceof ProbabilisticClassificationModel<?, ?> classifier
        ? classifier.numClasses()
        : 1;
  }

  /**
   * By MLlib's own function of one row, which is what its {@code transform} calls too. Spark gives
   * each task a copy of this object, which a multilayer perceptron's scratch memory needs.
   */
  @Override
  public Answerer answerer() {
    int d = standardizer.inputs();
    int k = outputs();
    @SuppressWarnings("unchecked") // all of MLlib's learners take vectors
    ProbabilisticClassificationModel<Vector, ?> classifier =
        model instanceof ProbabilisticClassificationModel<?, ?>
            ? (ProbabilisticClassificationModel<Vector, ?>) model
            : null;
    return (n, x, out) -> {
      double[] inputs = PeerRows.standardized(standardizer, n, x);
      for (int i = 0; i < n; i++) {
        Vector row = Vectors.dense(Arrays.copyOfRange(inputs, i * d, (i + 1) * d));
        if (classifier == null) {
          out[i] = model.predict(row);
        } else {
          System.arraycopy(classifier.predictProbability(row).toArray(), 0, out, i * k, k);
        }
      }
    };
  }

  /**
   * What training fitted: coefficients; of trees a column and a threshold for each inner node and
   * the numbers of each leaf.
   */
  public long parameters() {
    if (model instanceof LogisticRegressionModel logistic) {
      return (long) logistic.coefficientMatrix().numRows() * logistic.coefficientMatrix().numCols()
          + logistic.interceptVector().size();
    }
    if (model instanceof LinearRegressionModel linear) {
      return linear.coefficients().size() + 1L;
    }
    if (model instanceof MultilayerPerceptronClassificationModel perceptron) {
      return perceptron.weights().size();
    }
    long leafNumbers = model instanceof RandomForestClassificationModel ? outputs() : 1;
    long sum = 0;
    for (DecisionTreeModel tree : ((TreeEnsembleModel<?>) model).trees()) {
      long leaves = (tree.numNodes() + 1L) / 2;
      sum += 2 * (leaves - 1) + leaves * leafNumbers;
    }
    return sum;
  }

  /**
   * The bytes of the files that MLlib saves it in.
   *
   * @param folder for a moment, on a file system that the executors see
   */
  public long savedBytes(String folder, Configuration hadoop) {
    Path path = new Path(folder);
    try {
      FileSystem files = path.getFileSystem(hadoop);
      ((MLWritable) model).write().overwrite().save(folder);
      long bytes = files.getContentSummary(path).getLength();
      files.delete(path, true);
      return bytes;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
