package org.snnk.spark.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.snnk.SnnkException;

/**
 * Where the d inputs of a row stand: in one column of vectors, or in d columns of doubles.
 *
 * <p>Zeros that a sparse vector leaves out are zeros, not missing values.
 *
 * @param names of the d inputs
 * @param vector the vector column, or null
 */
public record Inputs(List<String> names, String vector) implements Serializable {
  private static final int DENSE = 1;
  private static final int VECTOR_FIELDS = new VectorUDT().sqlType().length();

  /** Copies the names. */
  public Inputs {
    names = List.copyOf(names);
  }

  /** d. */
  public int count() {
    return names.size();
  }

  /** The columns to read, in order. */
  public List<String> columns() {
    return vector == null ? names : List.of(vector);
  }

  /** Why the inputs of a row cannot be used: the parts of an error's sentence. */
  record Fault(String subject, String expected, String got) {
    @Override
    public String toString() {
      return subject + ": expected " + expected + ", got " + got;
    }
  }

  /**
   * Reads the inputs of a row.
   *
   * @param at the position of the first column to read
   * @param to where the row begins in x
   * @return what is wrong, or null
   * @throws SnnkException if a vector has another size, which no handling of invalid rows allows
   */
  Fault read(InternalRow row, int at, double[] x, int to) {
    int d = names.size();
    if (vector == null) {
      for (int j = 0; j < d; j++) {
        x[to + j] = row.isNullAt(at + j) ? Double.NaN : row.getDouble(at + j);
      }
    } else {
      if (row.isNullAt(at)) {
        return new Fault("features column '" + vector + "'", "a vector", "nothing");
      }
      readVector(row.getStruct(at, VECTOR_FIELDS), x, to);
    }
    for (int j = 0; j < d; j++) {
      if (!Double.isFinite(x[to + j])) {
        return fault(vector == null && row.isNullAt(at + j), j, x[to + j]);
      }
    }
    return null;
  }

  private Fault fault(boolean missing, int j, double value) {
    String place =
        vector == null
            ? "features column '" + names.get(j) + "'"
            : "features column '" + vector + "', input '" + names.get(j) + "'";
    return new Fault(place, "a finite number", missing ? "nothing" : value + "");
  }

  /** A vector as Spark holds it: kind, size, indices and values. */
  private void readVector(InternalRow struct, double[] x, int to) {
    int d = names.size();
    ArrayData values = struct.getArray(3);
    int count = values.numElements();
    if (struct.getByte(0) == DENSE) {
      requireSize(count);
      for (int j = 0; j < d; j++) {
        x[to + j] = values.getDouble(j);
      }
    } else {
      requireSize(struct.getInt(1));
      ArrayData indices = struct.getArray(2);
      Arrays.fill(x, to, to + d, 0);
      for (int e = 0; e < count; e++) {
        x[to + indices.getInt(e)] = values.getDouble(e);
      }
    }
  }

  private void requireSize(int size) {
    if (size != names.size()) {
      throw wrongSize(size);
    }
  }

  /** The error about a vector of another size. */
  public SnnkException wrongSize(int size) {
    return new SnnkException(
        "features column '" + vector + "'",
        "a vector of size " + names.size(),
        size + "",
        null,
        "Check the training schema.");
  }
}
