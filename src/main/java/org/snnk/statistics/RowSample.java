package org.snnk.statistics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.snnk.SnnkException;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;
import org.snnk.random.CounterRandom;

/**
 * A uniform sample of k rows that does not depend on their order or partition: those whose index
 * has the smallest hash (a bottom-k sample, Cohen and Kaplan 2007).
 *
 * <p><b>Deterministic</b>: a function of the seed and the set of rows. Merge is associative with
 * the empty sample as identity. <b>Cost</b>: one hash a row; k·d numbers.
 */
public final class RowSample implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long STREAM = 0x73616D70L;

  private final int capacity;
  private final CounterSeed seed;
  private final PriorityQueue<Entry> largestFirst = new PriorityQueue<>();

  /** Ordered from the largest hash down, so that the queue's head is the next to leave. */
  private record Entry(long hash, long index, double[] x)
      implements Comparable<Entry>, Serializable {
    @Override
    public int compareTo(Entry other) {
      int byHash = Long.compare(other.hash, hash);
      return byHash != 0 ? byHash : Long.compare(other.index, index);
    }
  }

  /** The seed travels, the generator is made where it is needed. */
  private record CounterSeed(long seed) implements Serializable {
    CounterRandom random() {
      return new CounterRandom(seed, STREAM);
    }
  }

  /** An empty sample of at most {@code capacity} rows. */
  public RowSample(int capacity, long seed) {
    this.capacity = capacity;
    this.seed = new CounterSeed(seed);
  }

  /** Offers every row of a block. */
  public void add(RowBlock block) {
    if (capacity == 0) {
      return;
    }
    CounterRandom random = seed.random();
    for (int i = 0; i < block.rows(); i++) {
      long hash = random.bits(block.index()[i]) >>> 1;
      if (largestFirst.size() < capacity || hash <= largestFirst.element().hash()) {
        int from = i * block.inputs();
        offer(
            new Entry(
                hash,
                block.index()[i],
                Arrays.copyOfRange(block.x(), from, from + block.inputs())));
      }
    }
  }

  private void offer(Entry entry) {
    largestFirst.add(entry);
    if (largestFirst.size() > capacity) {
      largestFirst.remove();
    }
  }

  /** Offers every row of another sample. */
  public void merge(RowSample other) {
    other.largestFirst.forEach(this::offer);
  }

  /** The sampled rows in the order of their index. */
  public List<double[]> rows() {
    List<Entry> entries = new ArrayList<>(largestFirst);
    entries.sort(Comparator.comparingLong(Entry::index));
    return entries.stream().map(Entry::x).toList();
  }

  /**
   * The median distance between two sampled rows after standardisation: the usual first guess of a
   * length scale.
   *
   * <p><b>Cost</b>: k²d/2.
   *
   * @throws SnnkException if fewer than two rows were sampled or more than half of the pairs
   *     coincide
   */
  public double medianDistance(Standardizer standardizer) {
    List<double[]> rows = rows();
    int n = rows.size();
    double[] squares = new double[n * Math.max(n - 1, 0) / 2];
    int count = 0;
    for (int a = 1; a < n; a++) {
      for (int b = 0; b < a; b++) {
        double square = 0;
        for (int j = 0; j < standardizer.inputs(); j++) {
          double difference = (rows.get(a)[j] - rows.get(b)[j]) * standardizer.factor(j);
          square += difference * difference;
        }
        squares[count++] = square;
      }
    }
    Arrays.sort(squares);
    double median = count == 0 ? 0 : Math.sqrt(squares[count / 2]);
    if (median == 0) {
      throw new SnnkException(
          "length scale",
          "rows that differ in their inputs",
          n < 2 ? n + " rows" : "mostly equal rows",
          null,
          "Set features.lengthScale, or check the input columns.");
    }
    return median;
  }
}
