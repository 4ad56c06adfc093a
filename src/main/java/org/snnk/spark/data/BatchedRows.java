package org.snnk.spark.data;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.Platform;
import org.snnk.SnnkException;

/**
 * The rows of a task with their new columns: a batch is read into one buffer of bytes, its inputs
 * into one array, and given out row by row.
 */
final class BatchedRows implements Iterator<InternalRow> {
  private static final int BATCH_ROWS = 512;

  /** A batch of wide rows ends here. */
  private static final int BATCH_BYTES = 8 << 20;

  private final Iterator<InternalRow> rows;
  private final Inputs inputs;
  private final InvalidRows invalid;
  private final BatchFunction.Batch function;
  private final UnsafeProjection read;
  private final boolean narrower;
  private final UnsafeProjection keep;
  private final UnsafeProjection join;

  private byte[] bytes = new byte[1 << 16];
  private final int[] end = new int[BATCH_ROWS];
  private final int[] position = new int[BATCH_ROWS];
  private final double[] x;
  private final UnsafeRow current;
  private final GenericInternalRow values;
  private final JoinedRow joined;
  private int ready;
  private int given;

  /**
   * The rows of a task.
   *
   * @param read gives the inputs of a row
   * @param narrower whether some columns are left out
   * @param keep makes a binary row of the columns that are kept
   * @param join makes one binary row of those and the new values
   * @param kept how many are kept
   * @param added how many values are new
   */
  BatchedRows(
      Iterator<InternalRow> rows,
      Inputs inputs,
      InvalidRows invalid,
      BatchFunction.Batch function,
      UnsafeProjection read,
      boolean narrower,
      UnsafeProjection keep,
      UnsafeProjection join,
      int kept,
      int added) {
    this.rows = rows;
    this.inputs = inputs;
    this.invalid = invalid;
    this.function = function;
    this.read = read;
    this.narrower = narrower;
    this.keep = keep;
    this.join = join;
    this.x = new double[BATCH_ROWS * inputs.count()];
    this.current = new UnsafeRow(kept);
    this.values = new GenericInternalRow(added);
    this.joined = new JoinedRow(current, values);
  }

  @Override
  public boolean hasNext() {
    while (given == ready && rows.hasNext()) {
      take();
    }
    return given < ready;
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int from = given == 0 ? 0 : end[given - 1];
    current.pointTo(bytes, Platform.BYTE_ARRAY_OFFSET + from, end[given] - from);
    function.fill(position[given], values);
    given++;
    return join.apply(joined);
  }

  /** Takes in a batch; it has no rows where all were skipped. */
  private void take() {
    ready = 0;
    given = 0;
    int used = 0;
    int good = 0;
    int d = inputs.count();
    for (int seen = 0; seen < BATCH_ROWS && used < BATCH_BYTES && rows.hasNext(); seen++) {
      InternalRow row = rows.next();
      Inputs.Fault fault = inputs.read(read.apply(row), 0, x, good * d);
      if (fault != null && invalid == InvalidRows.ERROR) {
        throw refused(fault);
      }
      if (fault != null && invalid == InvalidRows.SKIP) {
        continue;
      }
      UnsafeRow whole = !narrower && row instanceof UnsafeRow unsafe ? unsafe : keep.apply(row);
      int size = whole.getSizeInBytes();
      if (used + size > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(used + size, 2 * bytes.length));
      }
      Platform.copyMemory(
          whole.getBaseObject(),
          whole.getBaseOffset(),
          bytes,
          Platform.BYTE_ARRAY_OFFSET + (long) used,
          size);
      used += size;
      end[ready] = used;
      position[ready++] = fault == null ? good++ : -1;
    }
    function.run(good, x);
  }

  private static SnnkException refused(Inputs.Fault fault) {
    return new SnnkException(
        fault.subject(),
        fault.expected(),
        fault.got(),
        null,
        "Set handleInvalid to 'skip' to leave such rows out, or to 'keep' to score them NaN.");
  }
}
