package org.snnk.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;
import org.snnk.random.CounterRandom;

/** Adding a block of rows to the exact statistic, features and all; time a row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class GramStatisticsBenchmark {
  private static final int ROWS = 4096;

  /** d. */
  @Param({"28", "54"})
  int inputs;

  /** m. */
  @Param({"1024", "2048"})
  int features;

  private GramStatistics statistics;
  private RowBlock block;
  private final GramStatistics.Workspace workspace = new GramStatistics.Workspace();

  /** Draws the rows. */
  @Setup
  public void draw() {
    double[] ones = new double[inputs];
    Arrays.fill(ones, 1);
    statistics =
        new GramStatistics(
            new Featurizer(
                new Standardizer(new double[inputs], ones),
                new CosineFeatures(inputs, features, Math.sqrt(inputs), Projection.ORTHOGONAL, 1)),
            Targets.classes(2),
            0);
    CounterRandom random = new CounterRandom(1, 0);
    double[] x = new double[ROWS * inputs];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.gaussian(i);
    }
    double[] y = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      y[i] = i % 2;
    }
    long[] index = LongStream.range(0, ROWS).toArray();
    block = new RowBlock(ROWS, inputs, 1, x, y, null, index, List.of());
  }

  /** Adds the block. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long add() {
    statistics.add(block, workspace);
    return statistics.rows();
  }
}
