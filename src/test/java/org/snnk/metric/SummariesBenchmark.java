package org.snnk.metric;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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
import org.snnk.random.CounterRandom;

/** Adding scored rows to what is measured about them; time a row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SummariesBenchmark {
  private static final int ROWS = 1 << 18;
  private static final int BLOCK = 4096;

  /** k; 1 for a regression. */
  @Param({"1", "2", "7"})
  int outputs;

  /** Replicates of the bootstrap. */
  @Param({"0", "1000"})
  int replicates;

  /** Whether rows have weights other than one. */
  @Param({"false", "true"})
  boolean weighted;

  private final double[][] scores = new double[ROWS / BLOCK][];
  private final double[][] truth = new double[ROWS / BLOCK][];
  private final double[][] weights = new double[ROWS / BLOCK][];
  private final long[][] index = new long[ROWS / BLOCK][];
  private ClassificationSummary classes;
  private RegressionSummary numbers;

  /** Draws the rows. */
  @Setup
  public void draw() {
    CounterRandom random = new CounterRandom(1, 0);
    for (int b = 0; b < scores.length; b++) {
      int first = b * BLOCK;
      scores[b] = new double[BLOCK * outputs];
      truth[b] = new double[BLOCK];
      index[b] = new long[BLOCK];
      Arrays.setAll(index[b], i -> first + i);
      weights[b] = weighted ? new double[BLOCK] : null;
      for (int i = 0; i < BLOCK; i++) {
        draw(b, i, random);
      }
    }
    Bootstrap bootstrap = new Bootstrap(replicates, 1);
    if (outputs == 1) {
      numbers = new RegressionSummary(new double[] {-3}, new double[] {3}, bootstrap, Detail.FULL);
    } else {
      classes = new ClassificationSummary(outputs, bootstrap, Detail.FULL);
    }
  }

  private void draw(int b, int i, CounterRandom random) {
    long row = index[b][i];
    double sum = 0;
    int at = i * outputs;
    for (int j = 0; j < outputs; j++) {
      double z = random.stream(2 + j).gaussian(row);
      scores[b][at + j] = outputs == 1 ? z : StrictMath.exp(1.5 * z);
      sum += scores[b][at + j];
    }
    double u = random.uniform(row);
    int label = 0;
    for (int j = 0; j < outputs && outputs > 1; j++) {
      scores[b][at + j] /= sum;
      u -= scores[b][at + j];
      label += u > 0 && j < outputs - 1 ? 1 : 0;
    }
    truth[b][i] = outputs == 1 ? scores[b][at] + random.stream(1).gaussian(row) : label;
    if (weighted) {
      weights[b][i] = 0.5 + random.stream(1).uniform(row);
    }
  }

  /** All blocks. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public Object add() {
    for (int b = 0; b < scores.length; b++) {
      if (outputs == 1) {
        numbers.addBlock(BLOCK, index[b], truth[b], scores[b], weights[b]);
      } else {
        classes.addBlock(BLOCK, index[b], truth[b], scores[b], weights[b]);
      }
    }
    return outputs == 1 ? numbers : classes;
  }
}
