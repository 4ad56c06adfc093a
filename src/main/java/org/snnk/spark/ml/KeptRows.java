package org.snnk.spark.ml;

import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.storage.StorageLevel;
import org.snnk.linalg.RejectedRows;
import org.snnk.linalg.RowBlock;
import org.snnk.spark.data.LearningRows;

/** The rows of a learner, which are passed over several times. */
final class KeptRows {
  private KeptRows() {}

  /**
   * Trains on rows, which are kept in memory and on disk meanwhile, unless their table is.
   *
   * @throws RejectedRows.UnusableRowsException with what the user of a learner can do
   */
  static <T> T train(Dataset<?> table, LearningRows columns, Function<JavaRDD<RowBlock>, T> train) {
    JavaRDD<RowBlock> rows = columns.of(table);
    boolean keep = table.storageLevel().equals(StorageLevel.NONE());
    if (keep) {
      rows.persist(StorageLevel.MEMORY_AND_DISK());
    }
    try {
      return train.apply(rows);
    } catch (RejectedRows.UnusableRowsException unusable) {
      throw unusable.advising(
          "Correct them; handleInvalid='skip' leaves out rows whose inputs cannot be used.");
    } finally {
      if (keep) {
        rows.unpersist(false);
      }
    }
  }
}
