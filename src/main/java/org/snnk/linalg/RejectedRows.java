package org.snnk.linalg;

import java.io.Serializable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snnk.SnnkException;

/** How many rows could not be used, and the first of them; merging leaves no trace of order. */
public final class RejectedRows implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What {@link #byColumn} names rows whose fault is not that of a column. */
  public static final String WHOLE_ROW = "(the whole row)";

  /** How the reasons of all readers name a column. */
  private static final Pattern COLUMN = Pattern.compile("\\bcolumn '(.*?)'[:,] ");

  private long count;
  private RowBlock.Rejected first;
  private final TreeMap<String, Long> byColumn = new TreeMap<>();

  /** Adds the rejected rows of a block. */
  public void add(RowBlock block) {
    count += block.rejected().size();
    for (RowBlock.Rejected rejected : block.rejected()) {
      consider(rejected);
      Matcher column = COLUMN.matcher(rejected.reason());
      byColumn.merge(column.find() ? column.group(1) : WHOLE_ROW, 1L, Long::sum);
    }
  }

  /** Adds those of other blocks. */
  public void merge(RejectedRows other) {
    count += other.count;
    other.byColumn.forEach((column, rows) -> byColumn.merge(column, rows, Long::sum));
    if (other.first != null) {
      consider(other.first);
    }
  }

  private void consider(RowBlock.Rejected candidate) {
    if (first == null || candidate.index() < first.index()) {
      first = candidate;
    }
  }

  /** How many. */
  public long count() {
    return count;
  }

  /** How many by the column of their first fault, and {@link #WHOLE_ROW} for other faults. */
  public SortedMap<String, Long> byColumn() {
    return Collections.unmodifiableSortedMap(byColumn);
  }

  /**
   * Passes if there are none.
   *
   * @param table what was read, for the error
   * @throws SnnkException with the place and the fault of the first one
   */
  public void requireNone(String table) {
    if (count > 0) {
      throw error(table, count, first.reason());
    }
  }

  /** The error about a table with rows that cannot be used. */
  public static SnnkException error(String table, long count, String firstReason) {
    return new UnusableRowsException(table, count, firstReason);
  }

  /** A table has rows that cannot be used, and they may not be left out. */
  public static final class UnusableRowsException extends SnnkException {
    private static final long serialVersionUID = 1L;

    private final long count;
    private final String firstReason;

    private UnusableRowsException(String table, long count, String firstReason) {
      this(
          table,
          count,
          firstReason,
          "Correct the file, or set data.invalid=drop to leave such rows out.");
    }

    private UnusableRowsException(String table, long count, String firstReason, String remedy) {
      super(
          table,
          "rows that can all be used",
          count + (count == 1 ? " that cannot: " : " that cannot, the first: ") + firstReason,
          null,
          remedy);
      this.count = count;
      this.firstReason = firstReason;
    }

    /** The same with another thing to do about it. */
    public UnusableRowsException advising(String remedy) {
      return new UnusableRowsException(subject(), count, firstReason, remedy);
    }
  }
}
