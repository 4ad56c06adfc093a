package org.snnk.feature;

import java.util.Arrays;
import org.snnk.linalg.Blas;
import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.BlockOperations.Function;
import org.snnk.linalg.Grid;
import org.snnk.random.CounterRandom;

/**
 * z = s·Gx + β + ‖x‖γ/√d for whole blocks of rows on the input grid, the same bits in any blocking
 * and on any BLAS.
 *
 * <p>A matrix is held on a grid on which every sum of products is exact ({@link
 * Grid#frequencyBits}); the terms β and γ are two columns more of it, with the inputs 1 and ‖x‖/√d.
 * Of {@link FastHadamard} the sums are exact by themselves.
 *
 * <p><b>Shapes</b>: x n×d, from a row on; z n×count with rows ldZ apart. <b>Scale</b>: x in units
 * of 2^−{@link Grid#INPUT_BITS}, z in units of {@link #unit}. Immutable and thread-safe.
 */
abstract class GridProjection {
  final int count;
  final int inputs;

  private GridProjection(int count, int inputs) {
    this.count = count;
    this.inputs = inputs;
  }

  /** What is added to s·Gx: β and γ have a number for each direction, or are null. */
  record Offsets(double[] beta, double[] gamma) {
    static final Offsets NONE = new Offsets(null, null);

    int columns() {
      return (beta == null ? 0 : 1) + (gamma == null ? 0 : 1);
    }
  }

  /**
   * Draws the directions.
   *
   * @param scale s
   */
  static GridProjection of(
      Projection projection,
      int count,
      int inputs,
      double scale,
      Offsets offsets,
      CounterRandom random) {
    return projection.kind() == Projection.Kind.HADAMARD
        ? new Fast(
            new FastHadamard(projection, count, inputs, random), count, inputs, scale, offsets)
        : new Dense(projection.draw(count, inputs, random), count, inputs, scale, offsets);
  }

  /** The unit of z. */
  abstract double unit();

  /** The fewest rows at a time that it is efficient for. */
  abstract int rowsAtATime();

  /**
   * Memory of one thread while it maps a block, for any number of projections. It is kept: to clear
   * new memory takes as long as a third of a polynomial's features.
   */
  static final class Scratch {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    /** Products so far, and the next factor. */
    double[] product = new double[0];

    double[] factor = new double[0];
    private double[] wide = new double[0];
    private double[] norms = new double[0];
    private double[][] columns = new double[0][];
    private double[][] v = new double[0][];

    /** That of the calling thread, for the time of a call. */
    static Scratch ofThread() {
      return OF_THREAD.get();
    }

    void reserveProducts(int length) {
      if (product.length < length) {
        product = new double[length];
        factor = new double[length];
      }
    }

    private static double[][] grown(double[][] had, int arrays, int length) {
      return had.length >= arrays && had[0].length >= length ? had : new double[arrays][length];
    }
  }

  /** Writes z of n rows, from a position on and ldZ apart. */
  abstract void project(
      Blas blas, int n, double[] x, int first, double[] z, int to, int ldZ, Scratch scratch);

  /** s·G as it is used, count×d row-major, for x in real units. */
  abstract double[] directions();

  /** {@link #project} in other operations, x and z in units of 1. */
  abstract <B> B express(BlockOperations<B> on, B x);

  /** ‖x‖/√d of each row, on the input grid, in units of 1. */
  final <B> B norm(BlockOperations<B> on, B x) {
    double unit = 1 << Grid.INPUT_BITS;
    B mean = on.divide(on.sumOfSquares(x), on.row(inputs));
    B units = on.multiply(on.apply(Function.SQRT, mean), unit);
    return on.multiply(on.apply(Function.ROUND, units), 1 / unit);
  }

  /** ‖x‖/√d of a row, on the input grid. Plain sums in one order: a function of the row. */
  static double norm(double[] x, int from, int d) {
    return Grid.round(Math.sqrt(squares(x, from, d) / d));
  }

  /** ‖x‖² of a row in units of the grid squared. */
  static double squares(double[] x, int from, int d) {
    double sum = 0;
    for (int j = from; j < from + d; j++) {
      sum += x[j] * x[j];
    }
    return sum;
  }

  /** A matrix on the frequency grid. */
  private static final class Dense extends GridProjection {
    private final int width;
    private final Offsets offsets;

    /** width×count row-major, whole numbers. */
    private final double[] omega;

    private final double unit;

    Dense(double[] g, int count, int inputs, double scale, Offsets offsets) {
      super(count, inputs);
      this.width = inputs + offsets.columns();
      this.offsets = offsets;
      double largest = 0;
      for (double v : g) {
        largest = Math.max(largest, Math.abs(v * scale));
      }
      for (double[] column : columns()) {
        for (double v : column) {
          largest = Math.max(largest, Math.abs(v));
        }
      }
      // The finest unit in which the largest frequency still has Grid.frequencyBits bits.
      int bits = Grid.frequencyBits(width) - 1 - Math.getExponent(largest);
      omega = new double[width * count];
      for (int j = 0; j < count; j++) {
        for (int k = 0; k < inputs; k++) {
          omega[k * count + j] = Math.rint(Math.scalb(g[j * inputs + k] * scale, bits));
        }
      }
      int row = inputs;
      for (double[] column : columns()) {
        for (int j = 0; j < count; j++) {
          omega[row * count + j] = Math.rint(Math.scalb(column[j], bits));
        }
        row++;
      }
      unit = Math.scalb(1.0, -bits - Grid.INPUT_BITS);
    }

    private double[][] columns() {
      return Arrays.stream(new double[][] {offsets.beta, offsets.gamma})
          .filter(column -> column != null)
          .toArray(double[][]::new);
    }

    @Override
    double unit() {
      return unit;
    }

    @Override
    int rowsAtATime() {
      return 1;
    }

    @Override
    void project(
        Blas blas, int n, double[] x, int first, double[] z, int to, int ldZ, Scratch scratch) {
      if (width == inputs) {
        blas.multiply(n, inputs, count, x, first * inputs, inputs, omega, z, to, ldZ);
        return;
      }
      if (scratch.wide.length < n * width) {
        scratch.wide = new double[n * width];
      }
      double[] wide = scratch.wide;
      for (int i = 0; i < n; i++) {
        int from = (first + i) * inputs;
        int at = i * width;
        System.arraycopy(x, from, wide, at, inputs);
        at += inputs;
        if (offsets.beta != null) {
          wide[at++] = 1 << Grid.INPUT_BITS;
        }
        if (offsets.gamma != null) {
          wide[at] = norm(x, from, inputs);
        }
      }
      blas.multiply(n, width, count, wide, 0, width, omega, z, to, ldZ);
    }

    @Override
    <B> B express(BlockOperations<B> on, B x) {
      double perUnit = Math.scalb(unit, Grid.INPUT_BITS);
      double[] real = omega.clone();
      for (int i = 0; i < real.length; i++) {
        real[i] *= perUnit;
      }
      int row = inputs * count;
      B z = on.product(x, count, Arrays.copyOf(real, row));
      if (offsets.beta != null) {
        z = on.add(z, on.row(Arrays.copyOfRange(real, row, row + count)));
        row += count;
      }
      if (offsets.gamma != null) {
        B gamma = on.row(Arrays.copyOfRange(real, row, row + count));
        z = on.add(z, on.multiply(norm(on, x), gamma));
      }
      return z;
    }

    @Override
    double[] directions() {
      double perUnit = Math.scalb(unit, Grid.INPUT_BITS);
      double[] directions = new double[count * inputs];
      for (int j = 0; j < count; j++) {
        for (int k = 0; k < inputs; k++) {
          directions[j * inputs + k] = omega[k * count + j] * perUnit;
        }
      }
      return directions;
    }
  }

  /** Transforms in place of a matrix. */
  private static final class Fast extends GridProjection {
    private static final int LINE = 8;

    private final FastHadamard transform;
    private final Offsets offsets;

    /** s·cᵢ for x on the grid. */
    private final double[] factor;

    Fast(FastHadamard transform, int count, int inputs, double scale, Offsets offsets) {
      super(count, inputs);
      this.transform = transform;
      this.offsets = offsets;
      this.factor = new double[count];
      for (int i = 0; i < count; i++) {
        factor[i] = Math.scalb(transform.norms()[i] * scale, -Grid.INPUT_BITS);
      }
    }

    @Override
    double unit() {
      return 1;
    }

    @Override
    int rowsAtATime() {
      return FastHadamard.TILE;
    }

    @Override
    void project(
        Blas blas, int n, double[] x, int first, double[] z, int to, int ldZ, Scratch scratch) {
      int size = transform.size();
      int tile = Math.min(n, FastHadamard.TILE);
      scratch.columns = Scratch.grown(scratch.columns, inputs, tile);
      scratch.v = Scratch.grown(scratch.v, size, tile);
      if (scratch.norms.length < tile) {
        scratch.norms = new double[tile];
      }
      double[][] columns = scratch.columns;
      double[][] v = scratch.v;
      double[] norms = scratch.norms;
      for (int done = 0; done < n; done += tile) {
        int rows = Math.min(tile, n - done);
        for (int r = 0; r < rows; r++) {
          int from = (first + done + r) * inputs;
          for (int j = 0; j < inputs; j++) {
            columns[j][r] = x[from + j];
          }
          norms[r] =
              offsets.gamma == null ? 0 : Math.scalb(norm(x, from, inputs), -Grid.INPUT_BITS);
        }
        for (int block = 0; block * size < count; block++) {
          for (int j = 0; j < size; j++) {
            if (j < inputs) {
              System.arraycopy(columns[j], 0, v[j], 0, rows);
            } else {
              Arrays.fill(v[j], 0, rows, 0);
            }
          }
          transform.transform(block, v, rows);
          int used = Math.min(size, count - block * size);
          for (int i = 0; i < used; i++) {
            finish(block * size + i, v[i], norms, rows);
          }
          transpose(v, used, rows, z, to + done * ldZ + block * size, ldZ);
        }
      }
    }

    private void finish(int i, double[] y, double[] norms, int rows) {
      double f = factor[i];
      double beta = offsets.beta == null ? 0 : offsets.beta[i];
      double gamma = offsets.gamma == null ? 0 : offsets.gamma[i];
      for (int r = 0; r < rows; r++) {
        y[r] = y[r] * f + beta + norms[r] * gamma;
      }
    }

    /** A line of the cache at a time: z[row][i] = v[i][row]. */
    private static void transpose(double[][] v, int used, int rows, double[] z, int to, int ldZ) {
      int i = 0;
      for (; i + LINE <= used; i += LINE) {
        double[] a = v[i];
        double[] b = v[i + 1];
        double[] c = v[i + 2];
        double[] d = v[i + 3];
        double[] e = v[i + 4];
        double[] f = v[i + 5];
        double[] g = v[i + 6];
        double[] h = v[i + 7];
        for (int r = 0; r < rows; r++) {
          int at = to + r * ldZ + i;
          z[at] = a[r];
          z[at + 1] = b[r];
          z[at + 2] = c[r];
          z[at + 3] = d[r];
          z[at + 4] = e[r];
          z[at + 5] = f[r];
          z[at + 6] = g[r];
          z[at + 7] = h[r];
        }
      }
      for (; i < used; i++) {
        for (int r = 0; r < rows; r++) {
          z[to + r * ldZ + i] = v[i][r];
        }
      }
    }

    /** Of the explicit matrix, whose sums are exact too. */
    @Override
    <B> B express(BlockOperations<B> on, B x) {
      double[] perOne = factor.clone();
      for (int i = 0; i < count; i++) {
        perOne[i] = Math.scalb(factor[i], Grid.INPUT_BITS);
      }
      double[] matrix = Towers.transposed(count, inputs, transform.wholeNumbers());
      B z = on.multiply(on.product(x, count, matrix), on.row(perOne));
      if (offsets.beta != null) {
        z = on.add(z, on.row(offsets.beta));
      }
      return offsets.gamma == null ? z : on.add(z, on.multiply(norm(on, x), on.row(offsets.gamma)));
    }

    @Override
    double[] directions() {
      double[] rows = transform.wholeNumbers();
      for (int i = 0; i < count; i++) {
        for (int j = i * inputs; j < (i + 1) * inputs; j++) {
          rows[j] *= Math.scalb(factor[i], Grid.INPUT_BITS);
        }
      }
      return rows;
    }
  }
}
