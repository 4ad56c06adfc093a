package org.snnk.jobs.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is measured of kernels. */
public enum Experiment {
  /** Relative error of one unit against the number of features (the paper's Figure 2, g and h). */
  PROJECTIONS,
  /** Variance of one unit against the predicted one. */
  VARIANCE,
  /** Error of a dense layer against the number of features. */
  LAYER;

  /** The name in configurations. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The experiment of a name, if there is one. */
  public static Optional<Experiment> of(String key) {
    return Arrays.stream(values()).filter(one -> one.key().equals(key)).findFirst();
  }

  /** All names. */
  public static List<String> keys() {
    return Arrays.stream(values()).map(Experiment::key).toList();
  }
}
