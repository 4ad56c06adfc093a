package org.snnk.jobs.bench;

import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.Blas;
import org.snnk.linalg.Grid;
import org.snnk.linalg.RowBlock;
import org.snnk.spark.train.GramPass;

/**
 * What the exact statistic is compared with: the same cosines and sines in ordinary double
 * precision, nothing rounded to a grid, added up by dsyrk in one matrix of doubles.
 *
 * <p>It is written to be as fast as it can be in the same way: a block at a time, the projection by
 * dgemm, a polynomial of as many terms as the library's (Taylor's, off by 6·10⁻⁸), one dsyrk.
 * Classes only.
 */
final class PlainGram {
  private static final int BUFFER_BYTES = 16 << 20;
  private static final int CACHED_FEATURES = 1 << 16;

  // sin(2πs) = s·P(s²): Taylor's first six terms.
  private static final double TAU = 2 * Math.PI;
  private static final double P0 = TAU;
  private static final double P1 = -P0 * TAU * TAU / (2 * 3);
  private static final double P2 = -P1 * TAU * TAU / (4 * 5);
  private static final double P3 = -P2 * TAU * TAU / (6 * 7);
  private static final double P4 = -P3 * TAU * TAU / (8 * 9);
  private static final double P5 = -P4 * TAU * TAU / (10 * 11);

  private final Standardizer standardizer;
  private final double[] omega;
  private final int d;
  private final int half;
  private final int p;
  private final int capacity;
  private final double[] x;
  private final double[] u;
  private final int stretch;
  private final double[] gram;

  PlainGram(GramPass.Specification specification) {
    CosineFeatures map = (CosineFeatures) specification.featurizer().map();
    this.standardizer = specification.featurizer().standardizer();
    this.d = map.inputs();
    this.half = map.features() / 2;
    this.p = map.features() + 1 + specification.targets().count();
    this.capacity = Math.max(1024, Math.min(Dsyrk.ROWS, BUFFER_BYTES / (8 * p)));
    this.x = new double[capacity * d];
    this.u = new double[capacity * p];
    this.stretch = Math.max(1, CACHED_FEATURES / (2 * half));
    this.gram = new double[p * p];
    this.omega = new double[d * half];
    double[] radians = map.omega();
    for (int j = 0; j < half; j++) {
      for (int k = 0; k < d; k++) {
        omega[k * half + j] = radians[j * d + k] / TAU;
      }
    }
  }

  /** Σ u uᵀ over rows u = [Φ(x), 1, Y] so far: p×p by rows, the upper triangle. */
  double[] gram() {
    return gram;
  }

  /** m + 1 + k. */
  int width() {
    return p;
  }

  void add(RowBlock block) {
    for (int done = 0; done < block.rows(); done += capacity) {
      int n = Math.min(block.rows() - done, capacity);
      fill(block, done, n);
      Dsyrk.add(n, p, u, 1, gram);
    }
  }

  private void fill(RowBlock block, int first, int n) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        double raw = block.x()[(first + i) * d + j];
        x[i * d + j] = (raw - standardizer.mean(j)) * standardizer.factor(j);
      }
    }
    for (int done = 0; done < n; done += stretch) {
      int rows = Math.min(stretch, n - done);
      Blas.backend().multiply(rows, d, half, x, done * d, d, omega, u, done * p, p);
      for (int row = done * p; row < (done + rows) * p; row += p) {
        System.arraycopy(u, row, u, row + half, half);
        cosines(u, row, row + half);
        sines(u, row + half, row + 2 * half);
      }
    }
    for (int i = 0; i < n; i++) {
      int row = i * p;
      java.util.Arrays.fill(u, row + 2 * half, row + p, 0);
      u[row + 2 * half] = 1;
      u[row + 2 * half + 1 + (int) block.y()[first + i]] = 1;
    }
  }

  private static void cosines(double[] a, int from, int to) {
    for (int j = from; j < to; j++) {
      double t = a[j];
      double s = 0.25 - Math.abs(t - Grid.round(t));
      double v = s * s;
      a[j] = s * (P0 + v * (P1 + v * (P2 + v * (P3 + v * (P4 + v * P5)))));
    }
  }

  private static void sines(double[] a, int from, int to) {
    for (int j = from; j < to; j++) {
      double t = a[j] - 0.25;
      double s = 0.25 - Math.abs(t - Grid.round(t));
      double v = s * s;
      a[j] = s * (P0 + v * (P1 + v * (P2 + v * (P3 + v * (P4 + v * P5)))));
    }
  }
}
