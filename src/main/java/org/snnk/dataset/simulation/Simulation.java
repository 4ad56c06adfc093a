package org.snnk.dataset.simulation;

import org.snnk.dataset.DatasetDescriptor;

/**
 * Rows of a made-up data set in the layout of a real one.
 *
 * <p>Every value is a pure function of (seed, index): any task makes any row, in any order, and
 * gets the same bits on every JVM ({@link StrictMath} and IEEE arithmetic only). Values are rounded
 * to the digits that the text shows, so a row and its text say the same.
 *
 * <p>Implementations are immutable and thread-safe.
 */
public interface Simulation {

  /** The schema that the rows follow. */
  DatasetDescriptor descriptor();

  /**
   * Computes one row.
   *
   * @param index which row, at least 0
   * @param out as long as the descriptor has columns, in their order; overwritten
   */
  void row(long index, double[] out);

  /**
   * Writes a row as one line of the set's files, without the line's end.
   *
   * @param row what {@link #row} computed; not modified
   * @param out appended to
   */
  default void appendRow(double[] row, StringBuilder out) {
    for (int i = 0; i < row.length; i++) {
      if (i > 0) {
        out.append(',');
      }
      appendCell(i, row[i], out);
    }
  }

  /**
   * Writes one cell of a row.
   *
   * @param column which one
   */
  void appendCell(int column, double value, StringBuilder out);
}
