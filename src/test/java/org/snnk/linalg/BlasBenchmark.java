package org.snnk.linalg;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The Gram matrix of a block, panel by panel, against one dsyrk; m²n flops in both. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class BlasBenchmark {
  private static final int ROWS = 2048;
  private static final int PANEL = 256;

  /** m. */
  @Param({"1024", "2048"})
  int features;

  private final Blas backend = Blas.backend();
  private BLAS netlib;
  private double[] a;
  private double[] panel;
  private double[] gram;

  /** Fills the block. */
  @Setup
  public void fill() {
    netlib = backend.isNative() ? NativeBLAS.getInstance() : JavaBLAS.getInstance();
    a = new double[(ROWS + 1) * features];
    for (int i = 0; i < a.length; i++) {
      a[i] = i * 31 % 101;
    }
    panel = new double[(PANEL + 1) * features];
    gram = new double[features * features];
  }

  /** As the exact statistic does it. */
  @Benchmark
  public double[] gramPanels() {
    for (int from = 0; from < features; from += PANEL) {
      backend.gramPanel(ROWS, features, from, from + PANEL, a, features, panel, false);
    }
    return panel;
  }

  /** The reference. */
  @Benchmark
  public double[] dsyrk() {
    netlib.dsyrk("L", "N", features, ROWS, 1, a, features, 0, gram, features);
    return gram;
  }
}
