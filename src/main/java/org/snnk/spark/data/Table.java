package org.snnk.spark.data;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A table with a stable index of its rows.
 *
 * @param rows the columns that were asked for, {@link #ROW_INDEX}, and for text {@link #ROW_ERROR}
 * @param roles what the columns are for
 * @param fromText whether each pass parses text again, so that rows are worth keeping
 */
public record Table(Dataset<Row> rows, Roles roles, boolean fromText) {
  /** The 0-based position of a row in its table, a function of the files alone. */
  public static final String ROW_INDEX = "row_index";

  /** What is wrong with a line of text, null for a good one. */
  public static final String ROW_ERROR = "row_error";

  /** Whether lines of text can carry an error. */
  public boolean hasErrors() {
    return java.util.Arrays.asList(rows.columns()).contains(ROW_ERROR);
  }
}
