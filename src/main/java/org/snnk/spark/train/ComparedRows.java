package org.snnk.spark.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.snnk.SnnkException;
import org.snnk.linalg.RejectedRows;
import org.snnk.linalg.RowBlock;
import org.snnk.metric.ClassificationSummary;
import org.snnk.metric.PairedDifference;
import org.snnk.metric.RegressionSummary;
import org.snnk.model.FullyBundledModel;

/**
 * One pass over test rows that gives the figures of a model and keeps its loss on each row, so that
 * two models can be compared row by row.
 *
 * <p>The losses stay on the executors, 16 bytes a row and model, in memory or on disk; what reaches
 * the driver is a summary. Trainings of one contender with several seeds are added up row by row.
 */
public final class ComparedRows {
  private ComparedRows() {}

  /** The two losses of a row: of classes −ln p and whether it is right; else error² and |error|. */
  private record BlockLosses(int rows, long fingerprint, double[] weight, double[] a, double[] b)
      implements Serializable {

    void requireSameRows(BlockLosses other) {
      if (other.rows != rows || other.fingerprint != fingerprint) {
        throw new SnnkException(
            "rows of a comparison",
            "the same rows in the same order for each model",
            "others",
            null,
            "Read them from files that do not change, or prepare them first.");
      }
    }

    BlockLosses plus(BlockLosses other) {
      requireSameRows(other);
      double[] sumA = new double[rows];
      double[] sumB = new double[rows];
      for (int i = 0; i < rows; i++) {
        sumA[i] = a[i] + other.a[i];
        sumB[i] = b[i] + other.b[i];
      }
      return new BlockLosses(rows, fingerprint, weight, sumA, sumB);
    }
  }

  /** What a partition gives: one element, so that everything is made in one pass. */
  private record Part<S>(S summary, RejectedRows rejected, List<BlockLosses> losses)
      implements Serializable {}

  /**
   * Losses of the test rows, added up over trainings.
   *
   * @param trainings how many were added up
   */
  public record Losses(JavaRDD<List<BlockLosses>> rdd, int trainings) {
    /** Those of both together; neither is needed any more and both are released. */
    public Losses plus(Losses other) {
      JavaRDD<List<BlockLosses>> sum =
          rdd.zipPartitions(other.rdd, (left, right) -> List.of(add(left, right)).iterator());
      Losses together = new Losses(kept(sum), trainings + other.trainings);
      release();
      other.release();
      return together;
    }

    private static List<BlockLosses> add(
        Iterator<List<BlockLosses>> left, Iterator<List<BlockLosses>> right) {
      List<BlockLosses> ours = left.next();
      List<BlockLosses> theirs = right.next();
      List<BlockLosses> sum = new ArrayList<>();
      for (int i = 0; i < ours.size(); i++) {
        sum.add(ours.get(i).plus(theirs.get(i)));
      }
      return sum;
    }

    /**
     * The mean difference of each loss, this one minus the other, of the mean over trainings.
     *
     * @return of classes that of −ln p and of being right; of numbers that of error² and |error|
     */
    public PairedDifference[] minus(Losses other) {
      double mine = 1.0 / trainings;
      double theirs = 1.0 / other.trainings;
      return rdd.zipPartitions(
              other.rdd,
              (left, right) ->
                  Collections.singletonList(subtract(left, right, mine, theirs)).iterator())
          .treeAggregate(empty(), ComparedRows::merge, ComparedRows::merge);
    }

    private static PairedDifference[] subtract(
        Iterator<List<BlockLosses>> left,
        Iterator<List<BlockLosses>> right,
        double mine,
        double theirs) {
      PairedDifference[] differences = empty();
      List<BlockLosses> ours = left.next();
      List<BlockLosses> others = right.next();
      for (int k = 0; k < ours.size(); k++) {
        BlockLosses x = ours.get(k);
        BlockLosses y = others.get(k);
        x.requireSameRows(y);
        for (int i = 0; i < x.rows; i++) {
          double w = x.weight == null ? 1 : x.weight[i];
          differences[0].add(x.a[i] * mine - y.a[i] * theirs, w);
          differences[1].add(x.b[i] * mine - y.b[i] * theirs, w);
        }
      }
      return differences;
    }

    /** Frees what is kept on the executors. */
    public void release() {
      rdd.unpersist(false);
    }
  }

  private static PairedDifference[] empty() {
    return new PairedDifference[] {new PairedDifference(), new PairedDifference()};
  }

  private static PairedDifference[] merge(PairedDifference[] left, PairedDifference[] right) {
    for (int i = 0; i < left.length; i++) {
      left[i].merge(right[i]);
    }
    return left;
  }

  /**
   * What a pass gives.
   *
   * @param <S> the kind of summary
   */
  public record Compared<S>(S summary, RejectedRows rejected, Losses losses) {}

  /** Adds a block and its answers to a summary, and fills in the two losses of each row. */
  private interface Add<S> extends Serializable {
    void add(S summary, RowBlock block, double[] answers, double[] a, double[] b);
  }

  private interface Empty<S> extends Serializable {
    S make();
  }

  private interface Merge<S> extends Serializable {
    S merge(S left, S right);
  }

  /** How a classifier does. */
  public static Compared<ClassificationSummary> classification(
      JavaRDD<RowBlock> rows, Answers answers) {
    int classes = answers.outputs();
    return pass(
        rows,
        answers,
        () -> new ClassificationSummary(classes),
        (summary, block, p, logLoss, right) -> {
          summary.addBlock(block.rows(), block.index(), block.y(), p, block.weight());
          for (int i = 0; i < block.rows(); i++) {
            int label = (int) block.y()[i];
            logLoss[i] = ClassificationSummary.logLoss(p[i * classes + label]);
            right[i] = FullyBundledModel.largest(p, i * classes, classes) == label ? 1 : 0;
          }
        },
        ClassificationSummary::merge);
  }

  /**
   * How a regression does; its losses are means over the targets.
   *
   * @param low where the plots of each target begin
   * @param high where they end
   */
  public static Compared<RegressionSummary> regression(
      JavaRDD<RowBlock> rows, Answers answers, double[] low, double[] high) {
    int k = answers.outputs();
    return pass(
        rows,
        answers,
        () -> new RegressionSummary(low, high),
        (summary, block, predicted, squared, absolute) -> {
          summary.addBlock(block.rows(), block.index(), block.y(), predicted, block.weight());
          for (int i = 0; i < block.rows(); i++) {
            double squares = 0;
            double sizes = 0;
            for (int t = 0; t < k; t++) {
              double error = predicted[i * k + t] - block.y()[i * k + t];
              squares += error * error;
              sizes += Math.abs(error);
            }
            squared[i] = squares / k;
            absolute[i] = sizes / k;
          }
        },
        RegressionSummary::merge);
  }

  private static <S extends Serializable> Compared<S> pass(
      JavaRDD<RowBlock> rows, Answers answers, Empty<S> empty, Add<S> add, Merge<S> merge) {
    JavaRDD<Part<S>> parts =
        rows.mapPartitions(
                blocks -> {
                  S summary = empty.make();
                  RejectedRows rejected = new RejectedRows();
                  List<BlockLosses> losses = new ArrayList<>();
                  Answers.Answerer answerer = answers.answerer();
                  double[] answered = new double[0];
                  while (blocks.hasNext()) {
                    RowBlock block = blocks.next();
                    int n = block.rows();
                    int needed = n * answers.outputs();
                    answered = answered.length < needed ? new double[needed] : answered;
                    answerer.answer(n, block.x(), answered);
                    double[] a = new double[n];
                    double[] b = new double[n];
                    add.add(summary, block, answered, a, b);
                    rejected.add(block);
                    losses.add(new BlockLosses(n, fingerprint(block), block.weight(), a, b));
                  }
                  return List.of(new Part<>(summary, rejected, losses)).iterator();
                },
                true)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      // What is merged into begins without a summary: it is sent with every task. The parts that
      // are kept must not change, since a task may run again.
      Part<S> whole =
          parts
              .map(part -> new Part<>(part.summary, part.rejected, List.<BlockLosses>of()))
              .treeAggregate(
                  new Part<S>(null, new RejectedRows(), List.of()),
                  (left, right) -> united(left, right, empty, merge),
                  (left, right) -> united(left, right, empty, merge));
      JavaRDD<List<BlockLosses>> losses = parts.map(Part::losses);
      return new Compared<>(whole.summary, whole.rejected, new Losses(kept(losses), 1));
    } finally {
      parts.unpersist(false);
    }
  }

  private static <S> Part<S> united(Part<S> left, Part<S> right, Empty<S> empty, Merge<S> merge) {
    S summary = left.summary == null ? empty.make() : left.summary;
    left.rejected.merge(right.rejected);
    return new Part<>(
        right.summary == null ? summary : merge.merge(summary, right.summary),
        left.rejected,
        List.of());
  }

  private static JavaRDD<List<BlockLosses>> kept(JavaRDD<List<BlockLosses>> losses) {
    JavaRDD<List<BlockLosses>> persisted = losses.persist(StorageLevel.MEMORY_AND_DISK());
    long unused = persisted.count();
    return persisted;
  }

  /** Which rows a block holds, in their order. */
  private static long fingerprint(RowBlock block) {
    long hash = block.rows();
    for (int i = 0; i < block.rows(); i++) {
      hash = hash * 0x9E3779B97F4A7C15L + block.index()[i];
    }
    return hash;
  }
}
