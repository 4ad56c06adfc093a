package org.snnk.feature;

import java.util.List;
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
import org.snnk.linalg.Blas;
import org.snnk.linalg.Grid;
import org.snnk.random.CounterRandom;

/** Every map, and the fast projection beside the dense one; time a feature. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FeatureMapsBenchmark {
  private static final int ROWS = 256;
  private static final int FEATURES = 1024;
  private static final int MAPPED = ROWS * FEATURES;

  private static double[] rows(int inputs) {
    CounterRandom random = new CounterRandom(1, 0);
    double[] x = new double[ROWS * inputs];
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.rint(Math.scalb(6 * random.uniform(i) - 3, Grid.INPUT_BITS));
    }
    return x;
  }

  /** A map of 28 inputs. */
  @State(Scope.Thread)
  public static class Maps {
    /** features.map. */
    @Param({"cosine", "relu", "arccos0", "arccos2", "polynomial", "powerseries", "positive"})
    String kind;

    private FeatureMap map;
    private final double[] x = rows(28);
    private final double[] out = new double[MAPPED];

    /** Draws the directions. */
    @Setup
    public void draw() {
      map =
          new FeatureFamily(kind, FEATURES, Projection.ORTHOGONAL, List.of(), false, false)
              .create(28, Math.sqrt(28), 1);
    }
  }

  /** A projection alone. */
  @State(Scope.Thread)
  public static class Projections {
    /** features.projection. */
    @Param({"gaussian", "hadamard"})
    String kind;

    /** d. */
    @Param({"28", "64", "256", "512", "1024"})
    int inputs;

    /** How many projections share the features, as the degrees of a polynomial do. */
    @Param({"1"})
    int parts;

    private GridProjection projection;
    private final GridProjection.Scratch scratch = new GridProjection.Scratch();
    private double[] x;
    private final double[] z = new double[MAPPED];

    /** Draws the directions. */
    @Setup
    public void draw() {
      x = rows(inputs);
      projection =
          GridProjection.of(
              Projection.of(kind),
              FEATURES / parts,
              inputs,
              1,
              GridProjection.Offsets.NONE,
              new CounterRandom(1, 1));
    }
  }

  /** Projection and activation of a block of rows. */
  @Benchmark
  @OperationsPerInvocation(MAPPED)
  public double[] map(Maps maps) {
    maps.map.map(ROWS, maps.x, maps.out, FEATURES);
    return maps.out;
  }

  /** The projection of a block of rows. */
  @Benchmark
  @OperationsPerInvocation(MAPPED)
  public double[] project(Projections p) {
    for (int first = 0; first < ROWS; first += FastHadamard.TILE) {
      for (int part = 0; part < p.parts; part++) {
        p.projection.project(
            Blas.backend(),
            FastHadamard.TILE,
            p.x,
            first,
            p.z,
            first * FEATURES + part * (FEATURES / p.parts),
            FEATURES,
            p.scratch);
      }
    }
    return p.z;
  }

  /** A row of projections in the first-level cache. */
  @State(Scope.Thread)
  public static class Row {
    private final double[] z = new double[FEATURES];
    private final double[] product = new double[FEATURES];

    /** Draws projections of size one. */
    @Setup
    public void draw() {
      CounterRandom random = new CounterRandom(1, 0);
      for (int j = 0; j < FEATURES; j++) {
        z[j] = random.gaussian(j);
      }
    }
  }

  /** What order 1 makes of a row without looking for clipped features. */
  @Benchmark
  @OperationsPerInvocation(FEATURES)
  public double[] ramps(Row row) {
    ArcCosineFeatures.ramps(row.z, 0, FEATURES, 1);
    return row.z;
  }

  /** What order 2 makes of a row. */
  @Benchmark
  @OperationsPerInvocation(FEATURES)
  public double[] squares(Row row) {
    ArcCosineFeatures.squares(row.z, 0, FEATURES, 1);
    return row.z;
  }

  /** What order 0 makes of a row. */
  @Benchmark
  @OperationsPerInvocation(FEATURES)
  public double[] steps(Row row) {
    ArcCosineFeatures.steps(row.z, 0, FEATURES);
    return row.z;
  }

  /** Exponentials of a row. */
  @Benchmark
  @OperationsPerInvocation(FEATURES)
  public double[] exponentials(Row row) {
    PositiveFeatures.exponentials(row.z, 0, FEATURES, 0x1p-22, 0);
    return row.z;
  }

  /** What a polynomial of degree 2 makes of a row of each factor. */
  @Benchmark
  @OperationsPerInvocation(FEATURES)
  public double[] products(Row row) {
    ProductFeatures.multiply(row.product, row.z, 0, FEATURES);
    ProductFeatures.finish(row.product, 0, FEATURES, 1, 1);
    return row.product;
  }
}
