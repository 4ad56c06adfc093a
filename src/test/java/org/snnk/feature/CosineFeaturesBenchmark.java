package org.snnk.feature;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.snnk.random.CounterRandom;

/** The activation kernel against {@link Math#cos}; nanoseconds a feature. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CosineFeaturesBenchmark {
  private static final int PHASES = 512;
  private static final double TURN = 0x1p-30;

  private final double[] phases = new double[PHASES];
  private final double[] radians = new double[PHASES];
  private final double[] out = new double[PHASES];

  /** Phases within ±3 turns. */
  @Setup
  public void draw() {
    CounterRandom random = new CounterRandom(1, 0);
    for (int j = 0; j < PHASES; j++) {
      double turns = 6 * random.uniform(j) - 3;
      phases[j] = Math.rint(turns / TURN);
      radians[j] = 2 * Math.PI * turns;
    }
  }

  /** The polynomial, rounded to the feature grid. */
  @Benchmark
  @OperationsPerInvocation(PHASES)
  public double[] cosineKernel() {
    CosineFeatures.cosines(phases, TURN, out, 0);
    return out;
  }

  /** The same of sines. */
  @Benchmark
  @OperationsPerInvocation(PHASES)
  public double[] sineKernel() {
    CosineFeatures.sines(phases, TURN, out, 0);
    return out;
  }

  /** The reference. */
  @Benchmark
  @OperationsPerInvocation(PHASES)
  public double[] mathCos() {
    for (int j = 0; j < PHASES; j++) {
      out[j] = Math.cos(radians[j]);
    }
    return out;
  }
}
