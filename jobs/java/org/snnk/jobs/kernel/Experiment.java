package org.snnk.jobs.kernel;

import java.util.List;
import org.snnk.Choice;

/** What is measured of kernels. */
public enum Experiment implements Choice {
  /** Relative error of one unit against the number of features (the paper's Figure 2, g and h). */
  PROJECTIONS,
  /** Variance of one unit against the predicted one. */
  VARIANCE,
  /** Error of a dense layer against the number of features. */
  LAYER;

  /** All names. */
  public static List<String> keys() {
    return Choice.keys(values());
  }
}
