package org.snnk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.snnk.linalg.RowBlock;
import org.snnk.random.CounterRandom;

/** Random rows for tests, each a function of its index. */
public final class TestRows {
  private static final CounterRandom RANDOM = new CounterRandom(1234, 5);

  private TestRows() {}

  /** Gaussian numbers, f(stream, position). */
  public static double[] gaussian(int count, long stream) {
    CounterRandom random = RANDOM.stream(stream);
    double[] g = new double[count];
    Arrays.setAll(g, random::gaussian);
    return g;
  }

  /** Rows from..to−1 with d Gaussian inputs and k real targets that depend on them. */
  public static RowBlock reals(int from, int to, int d, int k, boolean weighted) {
    return block(from, to, d, k, 0, weighted);
  }

  /** Rows from..to−1 with d Gaussian inputs and a class index. */
  public static RowBlock classes(int from, int to, int d, int classes, boolean weighted) {
    return block(from, to, d, 1, classes, weighted);
  }

  private static RowBlock block(int from, int to, int d, int k, int classes, boolean weighted) {
    int n = to - from;
    double[] x = new double[n * d];
    double[] y = new double[n * k];
    double[] weight = weighted ? new double[n] : null;
    long[] index = new long[n];
    CounterRandom noise = RANDOM.stream(77);
    for (int i = 0; i < n; i++) {
      long row = (long) from + i;
      index[i] = row;
      for (int j = 0; j < d; j++) {
        x[i * d + j] = RANDOM.gaussian(row * d + j);
      }
      for (int t = 0; t < k; t++) {
        double s = Math.sin(x[i * d + t % d] + t) + 0.3 * noise.gaussian(row * k + t);
        y[i * k + t] =
            classes == 0 ? 5 + 2 * s : Math.floorMod((int) Math.floor(s * 2 + 2), classes);
      }
      if (weight != null) {
        weight[i] = 0.25 + noise.uniform(row + (1L << 40));
      }
    }
    return new RowBlock(n, d, k, x, y, weight, index, List.of());
  }

  /** The block cut into pieces of at most {@code size} rows. */
  public static List<RowBlock> cut(RowBlock block, int size) {
    List<RowBlock> pieces = new ArrayList<>();
    for (int first = 0; first < block.rows(); first += size) {
      int[] rows = new int[Math.min(size, block.rows() - first)];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = first + i;
      }
      pieces.add(take(block, rows));
    }
    return pieces;
  }

  /** The same rows in an order that has nothing to do with theirs. */
  public static RowBlock shuffled(RowBlock block) {
    Integer[] order = new Integer[block.rows()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        (a, b) -> Long.compare(RANDOM.bits(block.index()[a]), RANDOM.bits(block.index()[b])));
    return take(block, Arrays.stream(order).mapToInt(Integer::intValue).toArray());
  }

  private static RowBlock take(RowBlock block, int[] rows) {
    int n = rows.length;
    int d = block.inputs();
    int k = block.targets();
    double[] x = new double[n * d];
    double[] y = new double[n * k];
    double[] weight = block.weight() == null ? null : new double[n];
    long[] index = new long[n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(block.x(), rows[i] * d, x, i * d, d);
      System.arraycopy(block.y(), rows[i] * k, y, i * k, k);
      index[i] = block.index()[rows[i]];
      if (weight != null) {
        weight[i] = block.weight()[rows[i]];
      }
    }
    return new RowBlock(n, d, k, x, y, weight, index, List.of());
  }
}
