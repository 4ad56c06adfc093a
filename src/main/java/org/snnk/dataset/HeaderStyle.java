package org.snnk.dataset;

/** How a text file begins. */
public enum HeaderStyle {
  /** With the first row: columns are known by their position. */
  NONE,
  /** With one line of column names that starts with {@code #}, as numpy writes it. */
  COMMENT,
  /** With one line of column names. */
  NAMES
}
