package org.snnk.dataset;

/** How a column's values are stored once the text is read. */
public enum ColumnType {
  /** 32-bit real. */
  FLOAT,
  /** 64-bit real. */
  DOUBLE,
  /** 32-bit integer. */
  INT
}
