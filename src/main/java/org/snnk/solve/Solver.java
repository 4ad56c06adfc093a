package org.snnk.solve;

import java.util.List;
import org.snnk.Choice;

/** How the read-out is solved. */
public enum Solver implements Choice {
  /** {@link #DIRECT} while its matrices are small, else {@link #CG}. */
  AUTO,
  /** From the Gram matrix of m×m, which is summed in one pass and factored. */
  DIRECT,
  /** By conjugate gradients, without an m×m matrix and with a pass for each iteration. */
  CG;

  /**
   * Up to this m {@link #AUTO} is direct: a task then holds 270 MB for each part of the rows, and
   * the driver some five matrices of 537 MB.
   */
  public static final int MOST_DIRECT_FEATURES = 8192;

  /** The solver that is meant for m features: never {@link #AUTO}. */
  public Solver forFeatures(int m) {
    if (this != AUTO) {
      return this;
    }
    return m <= MOST_DIRECT_FEATURES ? DIRECT : CG;
  }

  /** All names in configurations. */
  public static List<String> keys() {
    return Choice.keys(values());
  }

  /** The solver of a name among {@link #keys}. */
  public static Solver of(String key) {
    return Choice.of("solver", key, values());
  }
}
