package org.snnk.model;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.snnk.SnnkException;
import org.snnk.linalg.BlockOperations;
import org.snnk.statistics.Targets;

/**
 * What scores rows and is saved: a {@link FullyBundledModel} or a {@link NetworkModel}.
 *
 * <p>Immutable and thread-safe; each thread takes a {@link Scorer}.
 */
public interface Model extends Serializable {
  /** The names of the d inputs, in the order of x. */
  List<String> inputNames();

  /** The label column, or the k target columns. */
  List<String> targetNames();

  /** The labels of the classes in the order of their index; empty for regression. */
  List<String> classLabels();

  /** The scale of the targets. */
  Targets targets();

  /** A scorer for one thread. */
  Scorer scorer();

  /**
   * Turns the scores of classes into probabilities, in place.
   *
   * <p><b>Shapes</b>: scores n×k as {@link Scorer#scores} wrote them.
   */
  void probabilities(int n, double[] scores);

  /**
   * The derivative of every output by every standardised input, where it has one.
   *
   * <p><b>Shapes</b>: x n×d raw; the result k blocks of n×d, in the targets' own units by one.
   *
   * @throws org.snnk.SnnkException if the feature map has no derivative
   */
  double[] gradients(int n, double[] x);

  /**
   * What {@link Scorer#scores} computes, in other operations.
   *
   * @param x d columns, raw
   * @throws SnnkException if the model has a part that other programs do not know
   */
  <B> B expressScores(BlockOperations<B> on, B x);

  /** What {@link #probabilities} computes, in other operations. */
  <B> B expressProbabilities(BlockOperations<B> on, B scores);

  /** Whether a row has the same score, bit for bit, wherever it is scored. */
  boolean isExact();

  /** The model's bytes, its SHA-256 last. */
  byte[] toBytes();

  /** What a person wants to know of the file, for the JSON beside it. */
  Map<String, Object> metadata();

  /** Scores blocks of rows with memory of its own. */
  interface Scorer {
    /**
     * Predictions in the target's own units, or the scores of the classes.
     *
     * <p><b>Shapes</b>: x n×d raw, row-major, not modified; out n×k, overwritten.
     */
    void scores(int n, double[] x, double[] out);
  }

  /** Whether it scores classes. */
  default boolean isClassifier() {
    return !classLabels().isEmpty();
  }

  /** d. */
  default int inputs() {
    return inputNames().size();
  }

  /** k: numbers per row of a scorer. */
  default int outputs() {
    return targets().count();
  }

  /** The SHA-256 of the model's bytes, in hexadecimal. */
  default String fingerprint() {
    return SealedBytes.fingerprint(toBytes());
  }

  /**
   * Reads what {@link #toBytes} of any model gave.
   *
   * @param where the file, for errors
   * @throws SnnkException if the bytes are damaged, no model, or one of a newer version
   */
  static Model fromBytes(byte[] bytes, String where) {
    return SealedBytes.isOf(NetworkModel.KIND, bytes)
        ? NetworkModel.fromBytes(bytes, where)
        : FullyBundledModel.fromBytes(bytes, where);
  }
}
