package org.snnk.spark.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.snnk.SnnkException;

/**
 * Columns of vectors or arrays of numbers, such as embeddings, as a column for each entry: {@code
 * x} of length 3 becomes {@code x[0]}, {@code x[1]}, {@code x[2]}.
 *
 * <p>The length is that of the first row that has one. A row of another length has no entries at
 * all, so that it is rejected like one with missing values.
 *
 * @param rows with entries in place of vectors
 * @param parts the names of the entries of each vector column
 */
record VectorColumns(Dataset<Row> rows, Map<String, List<String>> parts) {

  static VectorColumns of(Dataset<Row> given) {
    Map<String, List<String>> parts = new LinkedHashMap<>();
    Dataset<Row> rows = given;
    for (StructField field : given.schema().fields()) {
      if (!isVector(field.dataType())) {
        continue;
      }
      String name = field.name();
      boolean vector = field.dataType().equals(SQLDataTypes.VectorType());
      Column column = column(name);
      Dataset<Row> arrays =
          vector
              ? rows.withColumn(
                  name, org.apache.spark.ml.functions.vector_to_array(column, "float64"))
              : rows;
      int length = length(arrays, name);
      Map<String, Column> entries = new LinkedHashMap<>();
      for (int i = 0; i < length; i++) {
        entries.put(
            name + "[" + i + "]",
            functions.when(functions.size(column).equalTo(length), column.getItem(i)));
      }
      for (String entry : entries.keySet()) {
        if (List.of(given.columns()).contains(entry)) {
          throw new SnnkException(
              "column '" + entry + "'",
              "no other of that name beside '" + name + "'",
              "one",
              null,
              "Rename it: entries of a vector are named so.");
        }
      }
      rows = arrays.withColumns(entries).drop(column);
      parts.put(name, new ArrayList<>(entries.keySet()));
    }
    return new VectorColumns(rows, parts);
  }

  /** A column by its exact name. */
  private static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  private static boolean isVector(DataType type) {
    return type.equals(SQLDataTypes.VectorType())
        || (type instanceof ArrayType array && array.elementType() instanceof NumericType);
  }

  /** The length in the first row that has one; 0 where none has. */
  private static int length(Dataset<Row> arrays, String name) {
    List<Row> first =
        arrays
            .select(functions.size(column(name)).as("length"))
            .where(functions.col("length").gt(0))
            .takeAsList(1);
    return first.isEmpty() ? 0 : first.get(0).getInt(0);
  }

  /** Names with those of entries in place of those of vectors. */
  List<String> expand(List<String> names) {
    return names.stream()
        .flatMap(name -> parts.getOrDefault(name, List.of(name)).stream())
        .toList();
  }
}
