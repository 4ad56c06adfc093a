package org.snnk.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snnk.linalg.BlockOperations;
import org.snnk.statistics.Targets;

/**
 * Scores that a model has already given, as a model: its inputs are the outputs of that model, and
 * scoring hands them through. What measures a model measures a table of its scores by this.
 *
 * @param scored the model that gave them
 */
public record GivenScores(Model scored) implements Model {
  private static final long serialVersionUID = 1L;

  /** The columns of the scores: {@code probability[0]}, …, or the predictions. */
  @Override
  public List<String> inputNames() {
    List<String> names = new ArrayList<>();
    for (int t = 0; t < outputs(); t++) {
      names.add(
          isClassifier()
              ? "probability[" + t + "]"
              : outputs() == 1 ? "prediction" : "prediction_" + targetNames().get(t));
    }
    return names;
  }

  @Override
  public List<String> targetNames() {
    return scored.targetNames();
  }

  @Override
  public List<String> classLabels() {
    return scored.classLabels();
  }

  @Override
  public Targets targets() {
    return scored.targets();
  }

  @Override
  public Scorer scorer() {
    int k = outputs();
    return (n, x, out) -> System.arraycopy(x, 0, out, 0, n * k);
  }

  /** They are probabilities already. */
  @Override
  public void probabilities(int n, double[] scores) {}

  /** Every score depends on itself alone. */
  @Override
  public double[] gradients(int n, double[] x) {
    int k = outputs();
    double[] gradients = new double[k * n * k];
    for (int t = 0; t < k; t++) {
      for (int i = 0; i < n; i++) {
        gradients[(t * n + i) * k + t] = 1;
      }
    }
    return gradients;
  }

  @Override
  public <B> B expressScores(BlockOperations<B> on, B x) {
    return x;
  }

  @Override
  public <B> B expressProbabilities(BlockOperations<B> on, B scores) {
    return scores;
  }

  @Override
  public boolean isExact() {
    return true;
  }

  @Override
  public byte[] toBytes() {
    return scored.toBytes();
  }

  @Override
  public Map<String, Object> metadata() {
    return scored.metadata();
  }
}
