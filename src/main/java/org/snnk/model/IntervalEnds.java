package org.snnk.model;

import java.io.Serializable;

/** Where the intervals of scored rows end. Thread-safe. */
@FunctionalInterface
public interface IntervalEnds extends Serializable {
  /**
   * The ends of the interval of each row's k targets.
   *
   * <p><b>Shapes</b>: scores as the model wrote them that the intervals belong to, n rows; out
   * n×2k, overwritten: of each target the lower end, then the upper one.
   */
  void ends(int n, double[] scores, double[] out);
}
