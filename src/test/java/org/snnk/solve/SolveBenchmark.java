package org.snnk.solve;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
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
import org.snnk.linalg.BandForm;
import org.snnk.linalg.Cholesky;
import org.snnk.random.CounterRandom;
import org.snnk.statistics.NormalEquations;

/** The factorisations against EJML's, the path, and one fold of its cross-validation. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SolveBenchmark {
  private static final int TARGETS = 7;
  private static final int PENALTIES = 20;
  private static final int LEFT_OUT = 256;

  /** m. */
  @Param({"512", "1024", "2048"})
  int features;

  private NormalEquations rows;
  private RidgePath path;
  private LeaveOneOut leaveOneOut;
  private double[] block;
  private final List<Double> lambdas = new ArrayList<>();

  /** Makes the problem. */
  @Setup
  public void make() {
    rows = equations(features);
    for (int l = 0; l < PENALTIES; l++) {
      lambdas.add(Math.pow(10, -6 + 0.4 * l));
    }
    path = RidgePath.of(rows);
    leaveOneOut = new LeaveOneOut(path, lambdas);
    block = new double[LEFT_OUT * features];
  }

  /** (4/3)m³ flops. */
  @Benchmark
  public BandForm bandForm() {
    return BandForm.of(features, rows.gram());
  }

  /** The reference of the band form. */
  @Benchmark
  public boolean ejmlTridiagonal() {
    return DecompositionFactory_DDRM.tridiagonal(features).decompose(copy());
  }

  /** m³/3 flops. */
  @Benchmark
  public double[] cholesky() {
    return Cholesky.solve(features, rows.gram(), 1, TARGETS, rows.cross());
  }

  /** The reference of the Cholesky factorisation. */
  @Benchmark
  public boolean ejmlCholesky() {
    return LinearSolverFactory_DDRM.chol(features).setA(copy());
  }

  private DMatrixRMaj copy() {
    return DMatrixRMaj.wrap(features, features, rows.gram().clone());
  }

  /** 20 penalties on the rows they are fitted to. */
  @Benchmark
  public List<RidgePoint> pathOf20() {
    return path.points(lambdas);
  }

  /** 20 penalties on other rows. */
  @Benchmark
  public double[] pathOf20Validated() {
    return Readout.meanSquaredErrors(path.readouts(lambdas), rows);
  }

  /** One fold of a cross-validation of 20 penalties. */
  @Benchmark
  public KFold.Fold foldOf20() {
    return KFold.measure(rows, rows, lambdas);
  }

  /** The leave-one-out errors of 256 rows for 20 penalties. */
  @Benchmark
  public LeaveOneOut leaveOut256Rows() {
    leaveOneOut.add(LEFT_OUT, block, features, block, null);
    return leaveOneOut;
  }

  /** Positive definite: a Gaussian matrix, whose spectrum lies within ±2, moved up by 3. */
  private static NormalEquations equations(int m) {
    CounterRandom random = new CounterRandom(1, 0);
    double[] gram = new double[m * m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j <= i; j++) {
        gram[i * m + j] = random.gaussian((long) i * m + j) / Math.sqrt(m);
        gram[j * m + i] = gram[i * m + j];
      }
      gram[i * m + i] += 3;
    }
    double[] cross = new double[m * TARGETS];
    for (int i = 0; i < cross.length; i++) {
      cross[i] = random.stream(1).gaussian(i) / m;
    }
    double[] variance = new double[TARGETS * TARGETS];
    for (int t = 0; t < TARGETS; t++) {
      variance[t * TARGETS + t] = 1;
    }
    return new NormalEquations(
        1000, 1000, m, TARGETS, gram, cross, new double[m], new double[TARGETS], variance);
  }
}
