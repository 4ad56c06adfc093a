package org.snnk.statistics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;
import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

/**
 * What has to be known of a column before rows are cut by it: how often each value occurs, or a
 * sample of its numbers.
 *
 * <p>Text, and numbers of at most 12 different values, make a slice for each value, the 20 most
 * frequent ones where there are more. Other numbers make five bands with as many rows each, cut at
 * the quantiles of a uniform sample of 4,096 rows. Text that is a number in every row is one.
 *
 * <p><b>Deterministic</b>: a function of the rows. Merge is associative with the empty survey as
 * identity. <b>Cost</b>: a hash a row; some 1 MB.
 */
public final class SliceSurvey implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int MOST_VALUES = 10_000;
  private static final int FEW_NUMBERS = 12;
  private static final int MOST_SLICES = 20;
  private static final int BANDS = 5;
  private static final int SAMPLE = 4096;
  private static final int LONGEST = 80;

  private final boolean text;
  private final TreeMap<String, Long> counts = new TreeMap<>();
  private boolean tooMany;
  private boolean numeric = true;
  private final TreeSet<Double> few = new TreeSet<>();
  private boolean manyNumbers;
  private final PriorityQueue<Entry> sample = new PriorityQueue<>();
  private boolean missing;

  /** Ordered from the largest hash down, so that the queue's head is the next to leave. */
  private record Entry(long hash, long index, double value)
      implements Comparable<Entry>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public int compareTo(Entry other) {
      int byHash = Long.compareUnsigned(other.hash, hash);
      return byHash != 0 ? byHash : Long.compare(other.index, index);
    }
  }

  /**
   * An empty survey.
   *
   * @param text whether the values are text
   */
  public SliceSurvey(boolean text) {
    this.text = text;
  }

  /** What of a value tells it apart; the rest of a long text would fill the report. */
  static String cut(String value) {
    return value.length() <= LONGEST ? value : value.substring(0, LONGEST);
  }

  /** Adds a row's text, null where it is missing. */
  public void add(long index, String value) {
    if (value == null || value.isBlank()) {
      missing = true;
      return;
    }
    if (!tooMany) {
      counts.merge(cut(value), 1L, Long::sum);
      checkSize();
    }
    if (numeric) {
      numeric = addNumber(index, value);
    }
  }

  private boolean addNumber(long index, String value) {
    try {
      double number = Double.parseDouble(value);
      if (Double.isNaN(number)) {
        return false;
      }
      addNumber(index, number);
      return true;
    } catch (NumberFormatException notANumber) {
      return false;
    }
  }

  /** Adds a row's number, NaN where it is missing. */
  public void add(long index, double value) {
    if (Double.isNaN(value)) {
      missing = true;
    } else {
      addNumber(index, value);
    }
  }

  private void addNumber(long index, double value) {
    if (!manyNumbers) {
      few.add(value + 0.0);
      manyNumbers = few.size() > FEW_NUMBERS;
    }
    offer(new Entry(CounterRandom.scrambled(index), index, value + 0.0));
  }

  private void offer(Entry entry) {
    if (sample.size() < SAMPLE) {
      sample.add(entry);
    } else if (entry.compareTo(sample.element()) > 0) {
      sample.remove();
      sample.add(entry);
    }
  }

  private void checkSize() {
    if (counts.size() > MOST_VALUES) {
      tooMany = true;
      counts.clear();
    }
  }

  /**
   * Adds other rows.
   *
   * @return this
   */
  public SliceSurvey merge(SliceSurvey other) {
    tooMany |= other.tooMany;
    if (tooMany) {
      counts.clear();
    } else {
      other.counts.forEach((value, count) -> counts.merge(value, count, Long::sum));
      checkSize();
    }
    numeric &= other.numeric;
    few.addAll(other.few);
    manyNumbers |= other.manyNumbers || few.size() > FEW_NUMBERS;
    other.sample.forEach(this::offer);
    missing |= other.missing;
    return this;
  }

  /**
   * The slices.
   *
   * @param column the column's name
   * @throws SnnkException if it is text of more than 10,000 different values
   */
  public SliceColumn slices(String column) {
    boolean numbers = !text || (numeric && !sample.isEmpty());
    if (numbers && !manyNumbers) {
      double[] values = few.stream().mapToDouble(Double::doubleValue).toArray();
      return SliceColumn.ofNumbers(column, values, missing);
    }
    if (numbers) {
      return bands(column);
    }
    if (tooMany) {
      throw new SnnkException(
          "evaluate.slices",
          "a number, or text of at most " + MOST_VALUES + " different values",
          "text of more in column '" + column + "'",
          null,
          "Name a column with fewer, or make one that groups them.");
    }
    List<Map.Entry<String, Long>> byCount = new ArrayList<>(counts.entrySet());
    byCount.sort(
        Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
            .thenComparing(Map.Entry.comparingByKey()));
    int shown = byCount.size() <= MOST_SLICES + 1 ? byCount.size() : MOST_SLICES;
    List<String> values = byCount.subList(0, shown).stream().map(Map.Entry::getKey).toList();
    return SliceColumn.ofValues(column, values, byCount.size() - shown, missing);
  }

  private SliceColumn bands(String column) {
    double[] values = sample.stream().mapToDouble(Entry::value).sorted().toArray();
    double[] edges = new double[BANDS - 1];
    for (int band = 1; band < BANDS; band++) {
      edges[band - 1] = values[band * values.length / BANDS];
    }
    double least = values[0];
    double[] distinct = Arrays.stream(edges).filter(edge -> edge > least).distinct().toArray();
    return SliceColumn.ofBands(
        column,
        distinct.length == 0 ? new double[] {values[values.length - 1]} : distinct,
        missing);
  }
}
