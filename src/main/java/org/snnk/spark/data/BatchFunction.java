package org.snnk.spark.data;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;

/** What makes the values of new columns from the inputs of many rows at once. */
public interface BatchFunction extends Serializable {
  /** The work of one task; used by one thread. */
  Batch start();

  /** A dense vector as Spark holds it. */
  static InternalRow vector(double[] values, int from, int count) {
    return new GenericInternalRow(
        new Object[] {
          (byte) 1,
          null,
          null,
          UnsafeArrayData.fromPrimitiveArray(Arrays.copyOfRange(values, from, from + count))
        });
  }

  /** A batch at work. */
  interface Batch {
    /**
     * Takes in rows.
     *
     * @param n how many
     * @param x n×d row-major, not modified
     */
    void run(int n, double[] x);

    /**
     * Writes the new columns of a row of the last batch.
     *
     * @param i the row, or −1 for a row that has no usable inputs
     * @param out a value for each new column
     */
    void fill(int i, InternalRow out);
  }
}
