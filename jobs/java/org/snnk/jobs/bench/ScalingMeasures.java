package org.snnk.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.snnk.linalg.RowBlock;
import org.snnk.spark.train.GramPass;

/** The same pass with more cores, and with more rows. */
final class ScalingMeasures {
  private ScalingMeasures() {}

  // ---- cores ----

  /** Two tasks against one; nothing where only one runs at a time. */
  static List<Result> cores(Site site) {
    if (site.cores() < 2) {
      return List.of();
    }
    int m = site.setup().leastFeatures();
    Data data = site.setup().firstData();
    GramPass.Specification specification = site.specification(data, m);
    long rows = site.rowsFor(m);
    JavaRDD<RowBlock> blocks = site.parquet(data, rows);
    site.warmUp(data, specification);
    List<Integer> counts = site.cores() > 2 ? List.of(1, 2, site.cores()) : List.of(1, 2);
    List<List<Double>> passes = new ArrayList<>();
    List<List<Double>> ceilings = new ArrayList<>();
    counts.forEach(
        count -> {
          passes.add(new ArrayList<>());
          ceilings.add(new ArrayList<>());
        });
    // In turns, so that all saw the same machine.
    for (int r = 0; r < site.setup().repetitions(); r++) {
      for (int c = 0; c < counts.size(); c++) {
        int tasks = counts.get(c);
        JavaRDD<RowBlock> given = blocks.coalesce(tasks);
        passes
            .get(c)
            .add(
                site.phase(
                    "Gram pass, tasks at once: " + tasks,
                    () -> {
                      long began = System.nanoTime();
                      Object unused = Site.pass(given, specification);
                      return rows / ((System.nanoTime() - began) * 1e-9);
                    }));
      }
    }
    for (int c = 0; c < counts.size(); c++) {
      int tasks = counts.get(c);
      ceilings
          .get(c)
          .addAll(site.phase("ceiling, tasks at once: " + tasks, () -> site.ceiling(m, tasks)));
    }
    List<Result> results = new ArrayList<>();
    for (int c = 1; c < counts.size(); c++) {
      int tasks = counts.get(c);
      results.add(
          new Result(
              Measure.CORES,
              tasks + " tasks at once / one, Gram pass, m=" + m,
              Quantity.median("rows/s", "Gram pass in " + tasks + " tasks", passes.get(c)),
              Quantity.median("rows/s", "the same rows in one task", passes.get(0)),
              tasks == 2 ? Optional.of(Target.atLeast(1.85)) : Optional.empty(),
              Result.details("rows", rows, "partitions", blocks.getNumPartitions())));
      results.add(
          new Result(
              Measure.CORES,
              tasks + " tasks at once / one, dsyrk, m=" + m,
              Quantity.median("GFLOP/s", "dsyrk in " + tasks + " tasks", ceilings.get(c)),
              Quantity.median("GFLOP/s", "dsyrk in one task", ceilings.get(0)),
              Optional.empty(),
              Result.details("rowsOfABlock", Dsyrk.ROWS)));
    }
    return results;
  }

  // ---- rows ----

  /** Speed on each number of rows, against that on the second smallest. */
  static List<Result> rows(Site site) {
    int m = site.setup().leastFeatures();
    Data data = site.setup().firstData();
    GramPass.Specification specification = site.specification(data, m);
    List<Long> counts = site.setup().rows();
    site.warmUp(data, specification);
    List<Quantity> speeds = new ArrayList<>();
    for (long rows : counts) {
      JavaRDD<RowBlock> blocks = site.parquet(data, rows);
      List<Double> seconds =
          site.phase(
              "Gram pass, " + rows + " rows",
              () -> site.seconds(() -> Site.pass(blocks, specification)));
      speeds.add(
          Quantity.median(
              "rows/s", "Gram pass from Parquet", Site.perSecond((double) rows, seconds)));
    }
    int base = Math.min(1, counts.size() - 2);
    List<Result> results = new ArrayList<>();
    for (int c = 0; c < counts.size(); c++) {
      results.add(
          new Result(
              Measure.ROWS,
              counts.get(c) + " rows / " + counts.get(base) + ", m=" + m,
              speeds.get(c),
              speeds.get(base),
              Optional.empty(),
              Result.details(
                  "rows",
                  counts.get(c),
                  "referenceRows",
                  counts.get(base),
                  "inputs",
                  data.inputs(),
                  "tasksAtOnce",
                  site.cores())));
    }
    return results;
  }
}
