package org.snnk.solve;

/** A symmetric positive semidefinite matrix G that is known by what it does to columns. */
@FunctionalInterface
public interface GramOperator {
  /**
   * GV.
   *
   * <p><b>Shapes</b>: v c arrays of m, not modified; the result another c arrays of m.
   */
  double[][] times(double[][] v);
}
