package org.snnk.spark.train;

import java.io.Serializable;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function0;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.snnk.linalg.RejectedRows;
import org.snnk.linalg.RowBlock;
import org.snnk.metric.ClassificationSummary;
import org.snnk.metric.RegressionSummary;
import org.snnk.model.ConformalResiduals;
import org.snnk.model.FullyBundledModel;
import org.snnk.model.Model;
import org.snnk.statistics.RowParts;
import org.snnk.statistics.ScoreCounts;
import org.snnk.statistics.SquaredGradients;

/** Passes that score rows where they lie: the model is broadcast, summaries come back. */
public final class Scoring {
  private Scoring() {}

  /**
   * A summary, and the rows that could not be scored.
   *
   * @param <S> the kind of summary
   */
  public record Evaluated<S>(S summary, RejectedRows rejected) implements Serializable {}

  /** Adds a block and its scores to a summary. */
  interface Add<S> extends Serializable {
    void add(S summary, RowBlock block, double[] scores, Model model);
  }

  /** How a classifier does on labelled rows. */
  public static Evaluated<ClassificationSummary> classification(
      JavaRDD<RowBlock> rows, Model model) {
    return whole(Evaluation.classification(rows, model, Evaluation.Options.PLAIN));
  }

  /**
   * How a regression does on labelled rows.
   *
   * @param low where the plots of each target begin
   * @param high where they end
   */
  public static Evaluated<RegressionSummary> regression(
      JavaRDD<RowBlock> rows, Model model, double[] low, double[] high) {
    return whole(Evaluation.regression(rows, model, low, high, Evaluation.Options.PLAIN));
  }

  private static <S> Evaluated<S> whole(Evaluated<Evaluation<S>> evaluated) {
    return new Evaluated<>(evaluated.summary.all(), evaluated.rejected);
  }

  /**
   * The largest difference between the predictions of two models: of probabilities for classes,
   * else of predictions in units of the target's scale. Rows that cannot be used do not count.
   */
  public static double largestChange(JavaRDD<RowBlock> rows, Model model, Model other) {
    Broadcast<Model> sent = JavaSparkContext.fromSparkContext(rows.context()).broadcast(other);
    try {
      return pass(
              rows,
              model,
              () -> new double[1],
              (most, block, scores, scorer) ->
                  most[0] = Math.max(most[0], change(block, scores, scorer, sent.value())),
              (left, right) -> {
                left[0] = Math.max(left[0], right[0]);
                return left;
              })
          .summary()[0];
    } finally {
      sent.destroy();
    }
  }

  private static double change(RowBlock block, double[] scores, Model model, Model other) {
    double[] others = new double[block.rows() * model.outputs()];
    other.scorer().scores(block.rows(), block.x(), others);
    if (model.isClassifier()) {
      model.probabilities(block.rows(), scores);
      other.probabilities(block.rows(), others);
    }
    double most = 0;
    for (int i = 0; i < others.length; i++) {
      double difference = Math.abs(scores[i] - others[i]);
      most = Math.max(most, difference / model.targets().scale(i % model.outputs()));
    }
    return most;
  }

  /** How often each score occurs with and without its class. */
  static ScoreCounts counts(JavaRDD<RowBlock> rows, Model model, double weightUnit) {
    int classes = model.outputs();
    return pass(
            rows,
            model,
            () -> new ScoreCounts(classes, weightUnit),
            (counts, block, scores, scorer) -> {
              for (int i = 0; i < block.rows(); i++) {
                counts.add(scores, i * classes, (int) block.y()[i], block.weight(i));
              }
            },
            (left, right) -> {
              left.merge(right);
              return left;
            })
        .summary();
  }

  /**
   * The errors of a regression on rows that it was not trained on, of each target; rows of weight 0
   * do not count, all others count alike.
   */
  public static ConformalResiduals[] residuals(JavaRDD<RowBlock> rows, FullyBundledModel model) {
    return residuals(rows, model, index -> 0);
  }

  /**
   * The errors on the rows of each fold of the model that was trained without it; rows count as in
   * {@link #residuals(JavaRDD, FullyBundledModel)}.
   *
   * @param folds the {@linkplain FullyBundledModel#join joined} models, in the order of the folds
   * @param parts the folds that they were trained with
   * @return for each output of {@code folds} the errors on the rows of its fold
   */
  public static ConformalResiduals[] residuals(
      JavaRDD<RowBlock> rows, FullyBundledModel folds, RowParts parts) {
    return residuals(rows, folds, parts::of);
  }

  /** The part of a row, by its index. */
  @FunctionalInterface
  private interface Part extends Serializable {
    int of(long index);
  }

  private static ConformalResiduals[] residuals(
      JavaRDD<RowBlock> rows, FullyBundledModel model, Part part) {
    int outputs = model.outputs();
    return pass(
            rows,
            model,
            () ->
                Stream.generate(ConformalResiduals::new)
                    .limit(outputs)
                    .toArray(ConformalResiduals[]::new),
            (residuals, block, scores, scorer) -> {
              int k = block.targets();
              for (int i = 0; i < block.rows(); i++) {
                int first = part.of(block.index()[i]) * k;
                for (int t = 0; t < k && block.weight(i) > 0; t++) {
                  residuals[first + t].add(block.y()[i * k + t] - scores[i * outputs + first + t]);
                }
              }
            },
            (left, right) -> {
              for (int t = 0; t < outputs; t++) {
                left[t].merge(right[t]);
              }
              return left;
            })
        .summary();
  }

  /**
   * The mean over rows of the squared derivative by each standardised input, summed over outputs:
   * the diagonal of the average gradient outer product. Targets and weights are not looked at.
   *
   * @throws org.snnk.SnnkException if a row cannot be used, or there is none
   */
  public static double[] meanSquaredGradients(JavaRDD<RowBlock> rows, FullyBundledModel model) {
    int d = model.inputs();
    Evaluated<SquaredGradients> evaluated =
        pass(
            rows,
            model,
            () -> new SquaredGradients(d),
            (sums, block, scores, sent) ->
                sums.add(block.rows(), sent.gradients(block.rows(), block.x())),
            (left, right) -> {
              left.merge(right);
              return left;
            });
    evaluated.rejected.requireNone("table of feature importances");
    return evaluated.summary.means();
  }

  static <S> Evaluated<S> pass(
      JavaRDD<RowBlock> rows,
      Model model,
      Function0<S> empty,
      Add<S> add,
      Function2<S, S, S> merge) {
    Broadcast<Model> sent = JavaSparkContext.fromSparkContext(rows.context()).broadcast(model);
    Evaluated<S> merged =
        TreeMerge.of(
            rows,
            blocks -> {
              Model used = sent.value();
              Evaluated<S> partial = new Evaluated<>(empty.call(), new RejectedRows());
              Model.Scorer scorer = used.scorer();
              double[] scores = new double[0];
              while (blocks.hasNext()) {
                RowBlock block = blocks.next();
                int needed = block.rows() * used.outputs();
                scores = scores.length < needed ? new double[needed] : scores;
                scorer.scores(block.rows(), block.x(), scores);
                add.add(partial.summary, block, scores, used);
                partial.rejected.add(block);
              }
              return partial;
            },
            (left, right) -> {
              left.rejected.merge(right.rejected);
              return new Evaluated<>(merge.call(left.summary, right.summary), left.rejected);
            });
    return merged == null ? new Evaluated<>(emptyOf(empty), new RejectedRows()) : merged;
  }

  private static <S> S emptyOf(Function0<S> empty) {
    try {
      return empty.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
