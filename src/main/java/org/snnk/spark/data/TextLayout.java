package org.snnk.spark.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * How the lines of a text file are laid out.
 *
 * @param columns all columns in file order
 * @param separator between values
 * @param headerLines lines before the first row of each file
 */
record TextLayout(List<Column> columns, char separator, int headerLines) implements Serializable {

  /** How the text of a column becomes a value. */
  enum Kind {
    /** 32-bit real. */
    FLOAT,
    /** 64-bit real. */
    DOUBLE,
    /** 32-bit integer. */
    INT,
    /** As it stands. */
    TEXT;

    DataType type() {
      return switch (this) {
        case FLOAT -> DataTypes.FloatType;
        case DOUBLE -> DataTypes.DoubleType;
        case INT -> DataTypes.IntegerType;
        case TEXT -> DataTypes.StringType;
      };
    }
  }

  /**
   * One column.
   *
   * @param wanted whether it is read; others are passed over, whatever stands there
   */
  record Column(String name, Kind kind, boolean wanted) implements Serializable {}

  /** The columns that are read, then the index and the error. */
  StructType schema() {
    List<StructField> fields = new ArrayList<>();
    for (Column column : columns) {
      if (column.wanted()) {
        fields.add(DataTypes.createStructField(column.name(), column.kind().type(), true));
      }
    }
    fields.add(DataTypes.createStructField(Table.ROW_INDEX, DataTypes.LongType, false));
    fields.add(DataTypes.createStructField(Table.ROW_ERROR, DataTypes.StringType, true));
    return DataTypes.createStructType(fields);
  }
}
