package org.snnk.spark.train;

import java.io.Serializable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function0;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.snnk.linalg.RejectedRows;
import org.snnk.linalg.RowBlock;
import org.snnk.metric.ClassificationSummary;
import org.snnk.metric.RegressionSummary;
import org.snnk.model.Model;
import org.snnk.statistics.ScoreCounts;

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
  private interface Add<S> extends Serializable {
    void add(S summary, RowBlock block, double[] scores, Model model);
  }

  /** How a classifier does on labelled rows. */
  public static Evaluated<ClassificationSummary> classification(
      JavaRDD<RowBlock> rows, Model model) {
    int classes = model.outputs();
    return pass(
        rows,
        model,
        () -> new ClassificationSummary(classes),
        (summary, block, scores, scorer) -> {
          scorer.probabilities(block.rows(), scores);
          for (int i = 0; i < block.rows(); i++) {
            summary.add((int) block.y()[i], scores, i * classes, block.weight(i));
          }
        },
        ClassificationSummary::merge);
  }

  /**
   * How a regression does on labelled rows.
   *
   * @param low where the plots of each target begin
   * @param high where they end
   */
  public static Evaluated<RegressionSummary> regression(
      JavaRDD<RowBlock> rows, Model model, double[] low, double[] high) {
    return pass(
        rows,
        model,
        () -> new RegressionSummary(low, high),
        (summary, block, scores, scorer) ->
            summary.addBlock(block.y(), 0, scores, 0, block.weight(), 0, block.rows()),
        RegressionSummary::merge);
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

  private static <S> Evaluated<S> pass(
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
