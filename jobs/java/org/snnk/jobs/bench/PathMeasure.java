package org.snnk.jobs.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.snnk.linalg.RowBlock;
import org.snnk.solve.KFold;
import org.snnk.solve.Readout;
import org.snnk.solve.RidgeSolver;
import org.snnk.spark.train.GramPass;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.Moments;
import org.snnk.statistics.RowParts;

/**
 * A fit whose penalty is chosen among many by K-fold cross-validation against a fit with a set one:
 * moments, Gram pass and solve in both, on rows in memory.
 */
final class PathMeasure {
  private static final int FOLDS = 5;
  private static final int PENALTIES = 20;
  private static final double LAMBDA = 1e-3;
  private static final int TARGET_FEATURES = 1024;

  private final Site site;
  private final int m;
  private final int d = Data.COVERTYPE.inputs();
  private final int classes = Site.classes(Data.COVERTYPE.dataset());

  private PathMeasure(Site site) {
    this.site = site;
    this.m = site.setup().leastFeatures();
  }

  static List<Result> run(Site site) {
    return new PathMeasure(site).run();
  }

  private List<Result> run() {
    JavaRDD<RowBlock> rows = site.covertype().persist(StorageLevel.MEMORY_AND_DISK());
    try {
      long count =
          site.phase(
              "read Covertype", () -> rows.map(block -> (long) block.rows()).reduce(Long::sum));
      site.warmUp(Data.COVERTYPE, site.specification(Data.COVERTYPE, m));
      List<List<Double>> seconds =
          site.inTurns(
              List.of("one fit", "cross-validated fit"),
              List.of(() -> fit(rows), () -> crossValidate(rows)));
      return List.of(
          new Result(
              Measure.PATH,
              PENALTIES + " penalties by " + FOLDS + " folds / one fit, m=" + m,
              Quantity.median(
                  "s",
                  "moments, Gram pass by folds, cross-validation of a path, solve",
                  seconds.get(1)),
              Quantity.median("s", "moments, Gram pass, solve with a set penalty", seconds.get(0)),
              m == TARGET_FEATURES ? Optional.of(Target.atMost(2)) : Optional.empty(),
              Result.details(
                  "data", site.covertypeName(), "rows", count, "tasksAtOnce", site.cores())));
    } finally {
      rows.unpersist(true);
    }
  }

  private GramPass.Specification survey(JavaRDD<RowBlock> rows) {
    Moments moments = site.moments(rows, d, classes);
    return site.specification(moments, d, m);
  }

  private Readout fit(JavaRDD<RowBlock> rows) {
    GramStatistics all = Site.pass(rows, survey(rows));
    return RidgeSolver.solve(all.normalEquations(), LAMBDA);
  }

  private Readout crossValidate(JavaRDD<RowBlock> rows) {
    GramPass.Specification specification = survey(rows);
    RowParts parts = RowParts.folds(site.setup().seed(), FOLDS);
    List<GramStatistics> folds =
        GramPass.run(rows, List.of(specification), parts, Long.MAX_VALUE).get(0);
    GramStatistics all =
        new GramStatistics(
            specification.featurizer(), specification.targets(), specification.weightExponent());
    folds.forEach(all::merge);
    List<Double> lambdas = new ArrayList<>();
    for (int l = 0; l < PENALTIES; l++) {
      lambdas.add(Math.pow(10, -7 + 7.0 * l / (PENALTIES - 1)));
    }
    double best =
        KFold.crossValidate(all, folds, lambdas).stream()
            .min(Comparator.comparingDouble(KFold.Score::meanSquaredError))
            .orElseThrow()
            .lambda();
    return RidgeSolver.solve(all.normalEquations(), best);
  }
}
