package org.snnk.spark.train;

import java.io.Serializable;
import org.apache.spark.api.java.JavaRDD;
import org.snnk.linalg.RowBlock;
import org.snnk.statistics.Moments;
import org.snnk.statistics.RowSample;

/**
 * What a first pass sees of the rows: moments of every column, and a sample.
 *
 * @param sample of at most 1000 rows
 */
public record Survey(Moments moments, RowSample sample) implements Serializable {
  private static final int SAMPLED_ROWS = 1000;

  /**
   * Passes over the rows.
   *
   * @param empty moments of no rows
   * @param seed of the sample
   */
  public static Survey of(JavaRDD<RowBlock> rows, Moments empty, long seed) {
    Survey merged =
        TreeMerge.of(
            rows,
            blocks -> {
              // Each task works on a copy of its own: Spark deserialises the closure for it.
              Survey survey = new Survey(empty, new RowSample(SAMPLED_ROWS, seed));
              while (blocks.hasNext()) {
                RowBlock block = blocks.next();
                survey.moments.add(block);
                survey.sample.add(block);
              }
              return survey;
            },
            (left, right) -> {
              left.moments.merge(right.moments);
              left.sample.merge(right.sample);
              return left;
            });
    return merged == null ? new Survey(empty, new RowSample(SAMPLED_ROWS, seed)) : merged;
  }
}
