package org.snnk.solve;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.snnk.linalg.BandForm;
import org.snnk.linalg.Cholesky;
import org.snnk.random.CounterRandom;
import org.snnk.statistics.NormalEquations;

/**
 * Times the factorisations against EJML's, and one fold of a cross-validated path; CPU seconds of
 * one thread, the best of several runs. Run its main method from the test class path.
 */
final class SolveBenchmark {
  private static final int TARGETS = 7;
  private static final int PENALTIES = 20;

  private SolveBenchmark() {}

  public static void main(String[] arguments) {
    PrintStream out = System.out;
    for (int m : new int[] {512, 1024, 2048}) {
      NormalEquations rows = equations(m);
      double cube = (double) m * m * m;
      int runs = m > 1024 ? 3 : 8;
      print(out, m, "band form", 4.0 / 3 * cube, runs, () -> BandForm.of(m, rows.gram()));
      print(
          out,
          m,
          "EJML tridiagonal",
          4.0 / 3 * cube,
          2,
          () ->
              DecompositionFactory_DDRM.tridiagonal(m)
                  .decompose(DMatrixRMaj.wrap(m, m, rows.gram().clone())));
      print(
          out,
          m,
          "Cholesky",
          cube / 3,
          runs,
          () -> Cholesky.solve(m, rows.gram(), 1, TARGETS, rows.cross()));
      print(
          out,
          m,
          "EJML Cholesky",
          cube / 3,
          runs,
          () -> LinearSolverFactory_DDRM.chol(m).setA(DMatrixRMaj.wrap(m, m, rows.gram().clone())));
      List<Double> lambdas = new ArrayList<>();
      for (int l = 0; l < PENALTIES; l++) {
        lambdas.add(Math.pow(10, -6 + 0.4 * l));
      }
      RidgePath path = RidgePath.of(rows);
      print(out, m, "20 points on a path", 0, runs, () -> path.points(lambdas));
      double product = 4.0 * m * m * TARGETS * PENALTIES;
      print(out, m, "20 validated", product, runs, () -> path.validate(lambdas, rows));
      print(out, m, "one fold of 20", 0, runs, () -> KFold.measure(rows, rows, lambdas));
      LeaveOneOut leaveOneOut = new LeaveOneOut(path, lambdas);
      double[] block = new double[256 * m];
      print(
          out,
          m,
          "256 rows left out",
          256 * (2.0 * m * m + 2.0 * m * PENALTIES * (BandForm.HALF_WIDTH + TARGETS)),
          runs,
          () -> leaveOneOut.add(256, block, m, block, null));
    }
  }

  private static void print(
      PrintStream out, int m, String what, double flops, int runs, Runnable work) {
    double best = Double.POSITIVE_INFINITY;
    for (int run = 0; run < runs; run++) {
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      work.run();
      long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      best = Math.min(best, (end - start) * 1e-9);
    }
    String rate = flops == 0 ? "" : String.format(" %6.1f GFLOP/s", flops / best * 1e-9);
    out.printf("m = %4d %-20s %8.4f s%s%n", m, what, best, rate);
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
