package org.snnk.jobs;

import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.snnk.SnnkException;
import org.snnk.linalg.RejectedRows;
import org.snnk.spark.data.Table;

/**
 * Rows on their way to a file, counted as they pass: those with an error stay behind, and the first
 * of them is known once the file is written.
 */
final class CheckedRows {
  private final Dataset<Row> rows;
  private final Observation observation;

  private CheckedRows(Dataset<Row> rows, Observation observation) {
    this.rows = rows;
    this.observation = observation;
  }

  /**
   * Watches a table.
   *
   * @param error the column that says what is wrong with a row; it does not reach the file
   */
  static CheckedRows observe(Dataset<Row> table, String error) {
    Observation observation = new Observation("rows");
    Column wrong = functions.col(error);
    Column place = functions.when(wrong.isNotNull(), functions.col(Table.ROW_INDEX));
    Dataset<Row> observed =
        table.observe(
            observation,
            functions.count(functions.lit(1)).as("all"),
            functions.count(wrong).as("bad"),
            functions.min_by(wrong, place).as("first"));
    return new CheckedRows(observed.filter(wrong.isNull()).drop(error), observation);
  }

  /** The good rows. */
  Dataset<Row> rows() {
    return rows;
  }

  private Map<String, Object> counts() {
    try {
      return observation.getAsJava();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Spark finished counting", e);
    }
  }

  /** How many were good; only after they were written. */
  long good() {
    return ((Number) counts().get("all")).longValue() - bad();
  }

  /** How many were not. */
  long bad() {
    return ((Number) counts().get("bad")).longValue();
  }

  /** Fails on the first bad row unless such rows may be dropped, and fails if no row is left. */
  void require(String table, boolean dropInvalid) {
    if (bad() > 0 && !dropInvalid) {
      throw RejectedRows.error(table, bad(), (String) counts().get("first"));
    }
    if (good() == 0) {
      throw new SnnkException(
          table, "at least one usable row", "none", null, "Check data.path and data.invalid.");
    }
  }
}
