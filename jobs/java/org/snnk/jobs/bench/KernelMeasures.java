package org.snnk.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snnk.feature.CosineFeatures;
import org.snnk.linalg.RowBlock;
import org.snnk.random.CounterRandom;
import org.snnk.spark.train.GramPass;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.Precision;

/** Kernels on blocks in memory, in all tasks at once. */
final class KernelMeasures {
  private static final int ROWS = 256;
  private static final double UNIT = 1 << 16;
  private static final double TURN = 0x1p-30;

  private KernelMeasures() {}

  // ---- the activation ----

  static List<Result> activation(Site site) {
    List<Result> results = new ArrayList<>();
    int m = site.setup().leastFeatures();
    for (Data data : site.setup().data()) {
      CosineFeatures map = (CosineFeatures) site.specification(data, m).featurizer().map();
      List<List<Double>> rates =
          site.phase(
              "activation, d=" + data.inputs(),
              () ->
                  Loops.rates(
                      site.context(),
                      site.cores(),
                      site.setup().seconds() / 6,
                      site.setup().repetitions(),
                      List.of(kernel(m), map(map), cosine(m))));
      results.addAll(activation(site, data, m, rates));
    }
    return results;
  }

  private static List<Result> activation(Site site, Data data, int m, List<List<Double>> rates) {
    String size = "d=" + data.inputs() + ", m=" + m;
    Quantity cosine =
        Quantity.median("features/s", "Math.cos of phases, in all tasks at once", rates.get(2));
    Map<String, Object> details =
        Result.details("phasesInTheCache", m, "tasksAtOnce", site.cores());
    return List.of(
        new Result(
            Measure.ACTIVATION,
            "activation / Math.cos, " + size,
            Quantity.median(
                "features/s",
                "CosineFeatures.cosines and sines of phases, in all tasks at once",
                rates.get(0)),
            cosine,
            Optional.of(Target.atLeast(8)),
            details),
        new Result(
            Measure.ACTIVATION,
            "feature map / Math.cos, " + size,
            Quantity.median(
                "features/s", "CosineFeatures.map: projection and activation", rates.get(1)),
            cosine,
            Optional.empty(),
            Result.details("rowsOfABlock", ROWS, "tasksAtOnce", site.cores())));
  }

  /** Standardised inputs within ±3, as integers of their grid. */
  private static double[] inputs(int d) {
    CounterRandom random = new CounterRandom(1, 0);
    double[] x = new double[ROWS * d];
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.rint((6 * random.uniform(i) - 3) * UNIT);
    }
    return x;
  }

  private static Loops.Loop map(CosineFeatures map) {
    return () -> {
      double[] x = inputs(map.inputs());
      double[] out = new double[ROWS * map.features()];
      return () -> {
        map.map(ROWS, x, out, map.features());
        return out.length;
      };
    };
  }

  /** Cosines and sines in place: the next call finds cosines, which are phases as good. */
  private static Loops.Loop kernel(int m) {
    return () -> {
      double[] phases = phases(m, 1 / TURN);
      return () -> {
        CosineFeatures.cosines(phases, 0, m / 2, TURN);
        CosineFeatures.sines(phases, m / 2, m, TURN);
        return m;
      };
    };
  }

  private static Loops.Loop cosine(int m) {
    return () -> {
      double[] phases = phases(m, 2 * Math.PI);
      double[] out = new double[m];
      return () -> {
        for (int i = 0; i < m; i++) {
          out[i] = Math.cos(phases[i]);
        }
        return m;
      };
    };
  }

  /** Phases within ±3 turns. */
  private static double[] phases(int count, double turn) {
    CounterRandom random = new CounterRandom(1, 0);
    double[] phases = new double[count];
    for (int i = 0; i < count; i++) {
      phases[i] = (6 * random.uniform(i) - 3) * turn;
    }
    return phases;
  }

  // ---- exactness ----

  static List<Result> exact(Site site) {
    List<Result> results = new ArrayList<>();
    for (int m : site.setup().numRandomFeatures()) {
      for (Data data : site.setup().data()) {
        results.addAll(exact(site, data, m));
      }
    }
    return results;
  }

  private static List<Result> exact(Site site, Data data, int m) {
    String size = "d=" + data.inputs() + ", m=" + m;
    GramPass.Specification specification = site.specification(data, m);
    RowBlock block = site.block(data);
    List<List<Double>> rates =
        site.phase(
            "exact and plain, " + size,
            () ->
                Loops.rates(
                    site.context(),
                    site.cores(),
                    site.setup().seconds() / 3,
                    site.setup().repetitions(),
                    List.of(
                        statistic(specification, block, Precision.EXACT),
                        plain(specification, block),
                        statistic(specification, block, Precision.SINGLE))));
    Map<String, Object> details =
        Result.details("rowsOfABlock", block.rows(), "tasksAtOnce", site.cores());
    Quantity exact =
        perRow("GramStatistics.add on a block in memory, in all tasks at once", rates.get(0));
    Result beside =
        new Result(
            Measure.EXACT,
            "exact / double precision, " + size,
            exact,
            perRow("the same features unrounded, dsyrk into doubles, likewise", rates.get(1)),
            Optional.of(Target.atMost(1.15)),
            details);
    Result single =
        new Result(
            Measure.EXACT,
            "single / exact, " + size,
            perRow("the same with features.precision=single", rates.get(2)),
            exact,
            Optional.empty(),
            details);
    return List.of(beside, single);
  }

  private static Quantity perRow(String what, List<Double> rowsPerSecond) {
    return Quantity.median("µs/row", what, rowsPerSecond.stream().map(rate -> 1e6 / rate).toList());
  }

  private static Loops.Loop statistic(
      GramPass.Specification specification, RowBlock block, Precision precision) {
    return () -> {
      GramStatistics statistics =
          new GramStatistics(
              specification.featurizer(),
              specification.targets(),
              specification.weightExponent(),
              precision);
      GramStatistics.Workspace workspace = new GramStatistics.Workspace();
      return () -> {
        statistics.add(block, workspace);
        return block.rows();
      };
    };
  }

  private static Loops.Loop plain(GramPass.Specification specification, RowBlock block) {
    return () -> {
      PlainGram gram = new PlainGram(specification);
      return () -> {
        gram.add(block);
        return block.rows();
      };
    };
  }
}
