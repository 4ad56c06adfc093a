package org.snnk.jobs.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.CollectionAccumulator;
import org.snnk.linalg.RowBlock;
import org.snnk.spark.train.GramPass;
import org.snnk.spark.train.TaskMemory;
import org.snnk.statistics.GramMemory;
import org.snnk.statistics.RowParts;

/**
 * What a task of the Gram pass holds: the heap that it has filled when its last row is in.
 *
 * <p>A pass of one task is given rows that look at the heap after a collection, first before the
 * task has made anything and again when they end, while the task's matrix and scratch memory still
 * live. The difference is what it holds; the rows themselves were there before. Nothing else may
 * run in that executor, and the JVM must not disable System.gc. BLAS's own buffers are not on the
 * heap.
 */
public final class MemoryMeasure {
  private static final int BLOCKS = 2;

  private MemoryMeasure() {}

  static List<Result> run(Site site) {
    Data data = site.setup().firstData();
    RowBlock block = site.block(data);
    List<Result> results = new ArrayList<>();
    for (int m : site.setup().numRandomFeatures()) {
      GramPass.Specification specification = site.specification(data, m);
      site.warmUp(data, specification);
      for (RowParts parts : List.of(RowParts.holdOut(0, 0), RowParts.holdOut(0, 0.1))) {
        List<Double> samples =
            site.phase(
                "memory of a task, m=" + m,
                () -> {
                  List<Double> held = new ArrayList<>();
                  for (int r = 0; r < site.setup().repetitions(); r++) {
                    held.add((double) heldByTask(site.context(), specification, parts, block));
                  }
                  return held;
                });
        results.add(
            new Result(
                Measure.MEMORY,
                "memory a task holds / planned, m=" + m + ", parts: " + parts.count(),
                Quantity.median(
                    "MB",
                    "growth of the heap between two collections, at the first and last row",
                    megabytes(samples)),
                Quantity.median(
                    "MB",
                    "what plan reckons for a pass: 4p² bytes a part, and the workspace",
                    megabytes(
                        List.of(
                            planned(
                                site.context(),
                                specification,
                                parts,
                                (long) BLOCKS * block.rows())))),
                Optional.of(Target.atMost(1.2)),
                Result.details("inputs", data.inputs(), "parts", parts.count())));
      }
    }
    return results;
  }

  /** Of one of the passes that the budget of a task asks for. */
  private static double planned(
      JavaSparkContext spark, GramPass.Specification specification, RowParts parts, long rows) {
    GramMemory memory = new GramMemory(specification.width(), parts.count(), rows);
    int passes = memory.passes(TaskMemory.of(spark.sc()));
    return (double) memory.statisticsBytes() / passes + memory.workspaceBytes();
  }

  private static List<Double> megabytes(List<Double> bytes) {
    return bytes.stream().map(b -> b / (1 << 20)).toList();
  }

  /**
   * The bytes that a task of a Gram pass holds besides its rows.
   *
   * @param block one block of rows, which the task meets several times
   */
  public static long heldByTask(
      JavaSparkContext spark,
      GramPass.Specification specification,
      RowParts parts,
      RowBlock block) {
    CollectionAccumulator<Long> growth = spark.sc().collectionAccumulator("bench.heap");
    Object unused =
        GramPass.run(
            spark.parallelize(List.of(block), 1).mapPartitions(only -> new Watched(only, growth)),
            List.of(specification),
            parts,
            (long) BLOCKS * block.rows());
    return growth.value().get(0);
  }

  /** The same block several times, and a look at the heap before the first and after the last. */
  private static final class Watched implements Iterator<RowBlock> {
    private final RowBlock block;
    private final CollectionAccumulator<Long> growth;
    private final long before;
    private int left = BLOCKS;

    Watched(Iterator<RowBlock> only, CollectionAccumulator<Long> growth) {
      this.block = only.next();
      this.growth = growth;
      this.before = heap();
    }

    @Override
    public boolean hasNext() {
      if (left == 0) {
        left = -1;
        growth.add(heap() - before);
      }
      return left > 0;
    }

    @Override
    public RowBlock next() {
      if (left <= 0) {
        throw new NoSuchElementException();
      }
      left--;
      return block;
    }

    private static long heap() {
      System.gc();
      System.gc();
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
  }
}
