package org.snnk.network;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

/**
 * Rows as a network meets them: standardised inputs, targets and weights in single precision, in
 * the order of their index. Immutable once it is made.
 *
 * <p><b>Shapes</b>: x n×d and y n×k row-major; weight n, or null where every row weighs 1; index n.
 */
public final class Examples implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int MAX_CELLS = Integer.MAX_VALUE - 8;

  private final int rows;
  private final int inputs;
  private final int targets;
  private final float[] x;
  private final float[] y;
  private final float[] weight;
  private final long[] index;

  /** Rows over the given arrays, which are not copied. */
  public Examples(
      int rows, int inputs, int targets, float[] x, float[] y, float[] weight, long[] index) {
    this.rows = rows;
    this.inputs = inputs;
    this.targets = targets;
    this.x = x;
    this.y = y;
    this.weight = weight;
    this.index = index;
  }

  /**
   * The rows of all pieces, sorted by index, so that no order of pieces leaves a trace.
   *
   * @throws SnnkException if they are too many for one array
   */
  public static Examples united(List<Examples> pieces, int inputs, int targets, boolean weighted) {
    long rows = pieces.stream().mapToLong(piece -> piece.rows).sum();
    long cells = rows * Math.max(inputs, targets);
    if (cells > MAX_CELLS) {
      throw new SnnkException(
          "rows of one shard",
          "at most " + mostRows(inputs, targets),
          rows + "",
          null,
          "Raise sgd.shards.");
    }
    int n = (int) rows;
    long[] sorted = new long[n];
    int done = 0;
    for (Examples piece : pieces) {
      System.arraycopy(piece.index, 0, sorted, done, piece.rows);
      done += piece.rows;
    }
    Arrays.sort(sorted);
    float[] x = new float[n * inputs];
    float[] y = new float[n * targets];
    float[] weight = weighted ? new float[n] : null;
    for (Examples piece : pieces) {
      for (int i = 0; i < piece.rows; i++) {
        int to = Arrays.binarySearch(sorted, piece.index[i]);
        System.arraycopy(piece.x, i * inputs, x, to * inputs, inputs);
        System.arraycopy(piece.y, i * targets, y, to * targets, targets);
        if (weighted) {
          weight[to] = piece.weight[i];
        }
      }
    }
    return new Examples(n, inputs, targets, x, y, weight, sorted);
  }

  /** The most rows that one array of each kind holds. */
  public static int mostRows(int inputs, int targets) {
    return MAX_CELLS / Math.max(inputs, targets);
  }

  /** Bytes of a row. */
  public static long rowBytes(int inputs, int targets, boolean weighted) {
    return Float.BYTES * ((long) inputs + targets + (weighted ? 1 : 0)) + Long.BYTES;
  }

  /** The rows at some positions. */
  public Examples take(int[] positions, int count) {
    Batch batch = new Batch(this, count);
    batch.gather(positions, 0, count);
    long[] taken = new long[count];
    for (int i = 0; i < count; i++) {
      taken[i] = index[positions[i]];
    }
    return new Examples(
        count, inputs, targets, batch.x, batch.y, weight == null ? null : batch.weight, taken);
  }

  /** n. */
  public int rows() {
    return rows;
  }

  /** d. */
  public int inputs() {
    return inputs;
  }

  /** The stable index of a row in its table. */
  public long index(int row) {
    return index[row];
  }

  /** A random order of the rows (Fisher and Yates's shuffle): a function of seed and stream. */
  int[] order(long seed, long stream) {
    CounterRandom random = new CounterRandom(seed, stream);
    int[] order = new int[rows];
    for (int i = 0; i < rows; i++) {
      int j = random.below(i + 1, i);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Rows brought beside one another. */
  static final class Batch {
    final float[] x;
    final float[] y;

    /** n, or null where every row weighs 1. */
    final float[] weight;

    private final Examples from;

    Batch(Examples from, int rows) {
      this.from = from;
      x = new float[rows * from.inputs];
      y = new float[rows * from.targets];
      weight = from.weight == null ? null : new float[rows];
    }

    /** Takes the rows at order[first], order[first + 1], …; all in sequence if order is null. */
    void gather(int[] order, int first, int count) {
      int d = from.inputs;
      int k = from.targets;
      for (int i = 0; i < count; i++) {
        int row = order == null ? first + i : order[first + i];
        System.arraycopy(from.x, row * d, x, i * d, d);
        System.arraycopy(from.y, row * k, y, i * k, k);
        if (weight != null) {
          weight[i] = from.weight[row];
        }
      }
    }

    /** The sum of the weights of the first rows. */
    double weight(int count) {
      if (weight == null) {
        return count;
      }
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += weight[i];
      }
      return sum;
    }
  }
}
