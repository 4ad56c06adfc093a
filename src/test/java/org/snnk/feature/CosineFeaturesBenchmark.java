package org.snnk.feature;

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
import org.snnk.linalg.Grid;
import org.snnk.random.CounterRandom;

/** The activation kernel and the map of a block against {@link Math#cos}; time a feature. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CosineFeaturesBenchmark {
  private static final int PHASES = 512;
  private static final double TURN = 0x1p-30;
  private static final int ROWS = 256;
  private static final int FEATURES = 1024;
  private static final int MAPPED = ROWS * FEATURES;

  /** Phases within ±3 turns. */
  @State(Scope.Thread)
  public static class Phases {
    private final double[] grid = new double[PHASES];
    private final double[] radians = new double[PHASES];
    private final double[] out = new double[PHASES];

    /** Draws the phases. */
    @Setup
    public void draw() {
      CounterRandom random = new CounterRandom(1, 0);
      for (int j = 0; j < PHASES; j++) {
        double turns = 6 * random.uniform(j) - 3;
        grid[j] = Math.rint(turns / TURN);
        radians[j] = 2 * Math.PI * turns;
      }
    }
  }

  /** Standardised rows within ±3. */
  @State(Scope.Thread)
  public static class Block {
    /** d. */
    @Param({"1", "28", "54"})
    int inputs;

    private CosineFeatures map;
    private double[] x;
    private final double[] out = new double[MAPPED];

    /** Draws the rows. */
    @Setup
    public void draw() {
      map = new CosineFeatures(inputs, FEATURES, Math.sqrt(inputs), Projection.ORTHOGONAL, 1);
      CounterRandom random = new CounterRandom(1, 0);
      x = new double[ROWS * inputs];
      for (int i = 0; i < x.length; i++) {
        x[i] = Math.rint(Math.scalb(6 * random.uniform(i) - 3, Grid.INPUT_BITS));
      }
    }
  }

  /** The polynomial, rounded to the feature grid. */
  @Benchmark
  @OperationsPerInvocation(PHASES)
  public double[] cosineKernel(Phases phases) {
    // In place: the next call finds cosines, which are phases as good.
    CosineFeatures.cosines(phases.grid, 0, PHASES, TURN);
    return phases.grid;
  }

  /** The same of sines. */
  @Benchmark
  @OperationsPerInvocation(PHASES)
  public double[] sineKernel(Phases phases) {
    CosineFeatures.sines(phases.grid, 0, PHASES, TURN);
    return phases.grid;
  }

  /** The reference. */
  @Benchmark
  @OperationsPerInvocation(PHASES)
  public double[] mathCos(Phases phases) {
    for (int j = 0; j < PHASES; j++) {
      phases.out[j] = Math.cos(phases.radians[j]);
    }
    return phases.out;
  }

  /** Projection and activation of a block of rows. */
  @Benchmark
  @OperationsPerInvocation(MAPPED)
  public double[] map(Block block) {
    block.map.map(ROWS, block.x, block.out, FEATURES);
    return block.out;
  }
}
