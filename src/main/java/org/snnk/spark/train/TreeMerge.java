package org.snnk.spark.train;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.util.LongAccumulator;
import org.snnk.linalg.RowBlock;

/**
 * One partial result a partition, merged in a tree on executors; the driver receives a single one.
 *
 * <p>The partial results are commutative groups, so the shape of the tree leaves no trace.
 */
final class TreeMerge {
  private static final int DEPTH = 2;

  private TreeMerge() {}

  /**
   * A partial result, or none yet: small while it is empty, since Spark sends one with every task.
   */
  private static final class Partial<T> implements Serializable {
    private static final long serialVersionUID = 1L;

    private T value;

    Partial<T> merge(T other, Function2<T, T, T> merge) throws Exception {
      if (other != null) {
        value = value == null ? other : merge.call(value, other);
      }
      return this;
    }
  }

  /**
   * Folds the blocks of each partition and merges the results.
   *
   * @param fold from a partition's blocks to its partial result
   * @param merge may change and return its first argument
   * @return the merged result; null if there were no partitions
   */
  static <T> T of(
      JavaRDD<RowBlock> blocks, Function<Iterator<RowBlock>, T> fold, Function2<T, T, T> merge) {
    LongAccumulator rows = blocks.context().longAccumulator(Phases.ROWS);
    JavaRDD<T> partials =
        blocks.mapPartitions(iterator -> List.of(fold.call(counted(iterator, rows))).iterator());
    return partials.treeAggregate(
            new Partial<T>(),
            (partial, value) -> partial.merge(value, merge),
            (left, right) -> left.merge(right.value, merge),
            DEPTH,
            true)
        .value;
  }

  private static Iterator<RowBlock> counted(Iterator<RowBlock> blocks, LongAccumulator rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return blocks.hasNext();
      }

      @Override
      public RowBlock next() {
        RowBlock block = blocks.next();
        rows.add(block.rows());
        return block;
      }
    };
  }
}
