package org.snnk.spark.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;
import org.snnk.network.Examples;
import org.snnk.random.CounterRandom;
import org.snnk.statistics.RowParts;
import org.snnk.statistics.Targets;
import scala.Tuple2;

/**
 * The rows of a training, standardised and in single precision, cut into a fixed number of shards
 * by a hash of their index and kept in memory, one shard a partition.
 *
 * <p>Which rows a shard has, and in which order, is a function of (seed, generation, index) alone,
 * so a shard that is lost and made again is the same.
 */
final class Shards {
  private static final long STREAM = 0x73686172L;

  private final JavaRDD<Shard> rdd;
  private final Layout layout;

  /** One shard: rows to train on and rows to validate on. */
  record Shard(int number, Examples training, Examples validation) implements Serializable {}

  /**
   * How rows become examples.
   *
   * @param count of shards
   * @param weighted whether rows have weights
   * @param oneHot whether a class becomes k numbers, not its index
   */
  record Layout(
      int count,
      Standardizer standardizer,
      Targets targets,
      boolean weighted,
      boolean oneHot,
      RowParts parts,
      long seed)
      implements Serializable {

    int targetsPerRow() {
      return oneHot ? targets.count() : targets.perRow();
    }

    int shard(long index, long generation) {
      return new CounterRandom(seed, STREAM + generation).below(count, index);
    }

    private Examples examples(RowBlock block) {
      int n = block.rows();
      int d = block.inputs();
      int k = targetsPerRow();
      float[] x = new float[n * d];
      standardizer.standardize(n, block.x(), 0, new double[n * d], x);
      float[] y = new float[n * k];
      for (int i = 0; i < n; i++) {
        if (oneHot) {
          y[i * k + (int) block.y()[i]] = 1;
        } else if (targets.areClasses()) {
          y[i] = (float) block.y()[i];
        } else {
          for (int t = 0; t < k; t++) {
            double standard = (block.y()[i * k + t] - targets.mean(t)) / targets.scale(t);
            y[i * k + t] = (float) standard;
          }
        }
      }
      float[] weight = weighted ? new float[n] : null;
      for (int i = 0; weighted && i < n; i++) {
        weight[i] = (float) block.weight(i);
      }
      return new Examples(n, d, k, x, y, weight, block.index());
    }

    /** Cuts rows into shards; the rows of a part have the key shard + part·count. */
    private Iterator<Tuple2<Integer, Examples>> cut(Examples rows, int part, long generation) {
      int[] shard = new int[rows.rows()];
      int[] sizes = new int[count];
      for (int i = 0; i < shard.length; i++) {
        shard[i] = shard(rows.index(i), generation);
        sizes[shard[i]]++;
      }
      List<Tuple2<Integer, Examples>> pieces = new ArrayList<>();
      int[] positions = new int[rows.rows()];
      for (int s = 0; s < count; s++) {
        int found = 0;
        for (int i = 0; i < shard.length; i++) {
          if (shard[i] == s) {
            positions[found++] = i;
          }
        }
        if (found > 0) {
          pieces.add(new Tuple2<>(s + part * count, rows.take(positions, found)));
        }
      }
      return pieces.iterator();
    }

    private Shard shard(int number, Iterator<Tuple2<Integer, Examples>> pieces) {
      List<Examples> training = new ArrayList<>();
      List<Examples> validation = new ArrayList<>();
      while (pieces.hasNext()) {
        Tuple2<Integer, Examples> piece = pieces.next();
        (piece._1 < count ? training : validation).add(piece._2);
      }
      int d = standardizer.inputs();
      return new Shard(
          number,
          Examples.united(training, d, targetsPerRow(), weighted),
          Examples.united(validation, d, targetsPerRow(), weighted));
    }
  }

  private Shards(JavaPairRDD<Integer, Examples> pieces, Layout layout) {
    this.layout = layout;
    this.rdd =
        pieces
            .partitionBy(new HashPartitioner(layout.count))
            .mapPartitionsWithIndex(
                (number, iterator) -> List.of(layout.shard(number, iterator)).iterator(), true)
            .persist(StorageLevel.MEMORY_AND_DISK());
  }

  /** The shards of a table's rows; nothing is computed before an action. */
  static Shards of(JavaRDD<RowBlock> rows, Layout layout) {
    return new Shards(
        rows.flatMapToPair(
            block -> {
              List<Tuple2<Integer, Examples>> pieces = new ArrayList<>();
              for (int part = 0; part < layout.parts.count(); part++) {
                int wanted = part;
                RowBlock some = block.filter(index -> layout.parts.of(index) == wanted);
                layout.cut(layout.examples(some), part, 0).forEachRemaining(pieces::add);
              }
              return pieces.iterator();
            }),
        layout);
  }

  /** The same rows in other shards. */
  Shards reshuffled(long generation) {
    Layout of = layout;
    return new Shards(
        rdd.flatMapToPair(
            shard -> {
              List<Tuple2<Integer, Examples>> pieces = new ArrayList<>();
              of.cut(shard.training, 0, generation).forEachRemaining(pieces::add);
              of.cut(shard.validation, 1, generation).forEachRemaining(pieces::add);
              return pieces.iterator();
            }),
        layout);
  }

  JavaRDD<Shard> rdd() {
    return rdd;
  }

  void release() {
    rdd.unpersist(false);
  }
}
