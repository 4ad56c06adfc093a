package org.snnk.spark.train;

import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.snnk.linalg.RowBlock;
import org.snnk.metric.ClassificationSummary;
import org.snnk.metric.RegressionSummary;
import org.snnk.model.FullyBundledModel;
import org.snnk.statistics.ScoreCounts;

/** Passes that score rows where they lie: the model is broadcast, summaries come back. */
public final class Scoring {
  private Scoring() {}

  /** Scores the blocks of a partition one after the other. */
  private static final class Scorer {
    private final FullyBundledModel model;
    private final FullyBundledModel.Workspace workspace = new FullyBundledModel.Workspace();
    private double[] scores = new double[0];

    Scorer(FullyBundledModel model) {
      this.model = model;
    }

    double[] score(RowBlock block) {
      int needed = block.rows() * model.outputs();
      if (scores.length < needed) {
        scores = new double[needed];
      }
      model.scores(block.rows(), block.x(), scores, workspace);
      return scores;
    }
  }

  /**
   * How a classifier does on labelled rows.
   *
   * @return null if there are no partitions
   */
  public static ClassificationSummary classification(
      JavaRDD<RowBlock> rows, FullyBundledModel model) {
    Broadcast<FullyBundledModel> sent = broadcast(rows, model);
    return TreeMerge.of(
        rows, blocks -> classify(blocks, sent.value()), ClassificationSummary::merge);
  }

  private static ClassificationSummary classify(
      Iterator<RowBlock> blocks, FullyBundledModel model) {
    ClassificationSummary summary = new ClassificationSummary(model.outputs());
    Scorer scorer = new Scorer(model);
    while (blocks.hasNext()) {
      RowBlock block = blocks.next();
      double[] scores = scorer.score(block);
      model.probabilities(block.rows(), scores);
      for (int i = 0; i < block.rows(); i++) {
        summary.add((int) block.y()[i], scores, i * model.outputs(), block.weight(i));
      }
    }
    return summary;
  }

  /**
   * How a regression does on labelled rows.
   *
   * @param low where the plots of each target begin
   * @param high where they end
   * @return null if there are no partitions
   */
  public static RegressionSummary regression(
      JavaRDD<RowBlock> rows, FullyBundledModel model, double[] low, double[] high) {
    Broadcast<FullyBundledModel> sent = broadcast(rows, model);
    return TreeMerge.of(
        rows,
        blocks -> {
          RegressionSummary summary = new RegressionSummary(low, high);
          Scorer scorer = new Scorer(sent.value());
          while (blocks.hasNext()) {
            RowBlock block = blocks.next();
            summary.addBlock(block.y(), 0, scorer.score(block), 0, block.weight(), 0, block.rows());
          }
          return summary;
        },
        RegressionSummary::merge);
  }

  /** How often each score occurs with and without its class. */
  static ScoreCounts counts(JavaRDD<RowBlock> rows, FullyBundledModel model, double weightUnit) {
    Broadcast<FullyBundledModel> sent = broadcast(rows, model);
    ScoreCounts counts =
        TreeMerge.of(
            rows,
            blocks -> {
              ScoreCounts partial = new ScoreCounts(sent.value().outputs(), weightUnit);
              Scorer scorer = new Scorer(sent.value());
              while (blocks.hasNext()) {
                RowBlock block = blocks.next();
                double[] scores = scorer.score(block);
                for (int i = 0; i < block.rows(); i++) {
                  partial.add(
                      scores, i * sent.value().outputs(), (int) block.y()[i], block.weight(i));
                }
              }
              return partial;
            },
            (left, right) -> {
              left.merge(right);
              return left;
            });
    return counts == null ? new ScoreCounts(model.outputs(), weightUnit) : counts;
  }

  private static Broadcast<FullyBundledModel> broadcast(
      JavaRDD<RowBlock> rows, FullyBundledModel model) {
    return JavaSparkContext.fromSparkContext(rows.context()).broadcast(model);
  }
}
