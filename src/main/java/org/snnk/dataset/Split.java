package org.snnk.dataset;

/**
 * The customary division of a set into training and test rows, so that figures compare.
 *
 * @param kind how the test rows are found
 * @param testRows how many they are
 * @param note the same in words, with what else is customary
 */
public record Split(Kind kind, long testRows, String note) {

  /** How test rows are found. */
  public enum Kind {
    /** The last rows of the only file. */
    LAST_ROWS,
    /** A file of their own, the last in the descriptor's list. */
    OWN_FILE,
    /** Rows whose 0-based index modulo 5 is 0. */
    EVERY_FIFTH_ROW
  }
}
