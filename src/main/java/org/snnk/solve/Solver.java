package org.snnk.solve;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How the read-out is solved. */
public enum Solver {
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

  /** The name in configurations. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All names in configurations. */
  public static List<String> keys() {
    return Arrays.stream(values()).map(Solver::key).toList();
  }

  /** The solver of a name among {@link #keys}. */
  public static Solver of(String key) {
    return valueOf(key.toUpperCase(Locale.ROOT));
  }
}
