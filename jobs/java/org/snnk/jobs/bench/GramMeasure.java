package org.snnk.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.snnk.linalg.RowBlock;
import org.snnk.spark.train.GramPass;

/**
 * The whole Gram pass — Parquet, row blocks, features, products, merge — against dsyrk on blocks in
 * memory, both counted as m²n flops.
 */
final class GramMeasure {
  private static final int LEAST = 1024;
  private static final int LARGE = 2048;

  private GramMeasure() {}

  static List<Result> run(Site site) {
    List<Result> results = new ArrayList<>();
    for (int m : site.setup().numRandomFeatures()) {
      for (Data data : site.setup().data()) {
        results.add(run(site, data, m));
      }
    }
    return results;
  }

  private static Result run(Site site, Data data, int m) {
    String size = "d=" + data.inputs() + ", m=" + m;
    GramPass.Specification specification = site.specification(data, m);
    long rows = site.phase("ceiling, m=" + m, () -> site.rowsFor(m));
    JavaRDD<RowBlock> blocks = site.parquet(data, rows);
    site.warmUp(data, specification);
    // The ceiling before and after, so that both saw the same machine.
    List<Double> ceilings = new ArrayList<>();
    ceilings.addAll(site.phase("ceiling, m=" + m, () -> site.ceiling(m, site.cores())));
    List<Double> seconds =
        site.phase(
            "Gram pass, " + size, () -> site.seconds(() -> Site.pass(blocks, specification)));
    ceilings.addAll(site.phase("ceiling, m=" + m, () -> site.ceiling(m, site.cores())));
    double flops = (double) m * m * rows;
    return new Result(
        Measure.GRAM,
        "Gram pass from Parquet / dsyrk, " + size,
        Quantity.median(
            "GFLOP/s",
            "m²n flops of a Gram pass from Parquet to the merged statistic, by its wall time",
            Site.perSecond(flops * 1e-9, seconds)),
        Quantity.median(
            "GFLOP/s",
            "dsyrk on " + Dsyrk.ROWS + " rows in memory, in all tasks at once, before and after",
            ceilings),
        target(m),
        Result.details(
            "rows",
            rows,
            "partitions",
            blocks.getNumPartitions(),
            "tasksAtOnce",
            site.cores(),
            "seconds",
            seconds,
            "rowsPerSecond",
            rows / Quantity.median(seconds)));
  }

  private static Optional<Target> target(int m) {
    return m >= LARGE
        ? Optional.of(Target.atLeast(0.8))
        : m >= LEAST ? Optional.of(Target.atLeast(0.7)) : Optional.empty();
  }
}
