package org.snnk.jobs.bench;

import java.util.List;
import org.snnk.Choice;

/** The groups of figures, in the order in which they are measured. */
public enum Measure implements Choice {
  /** The Gram pass from Parquet against dsyrk. */
  GRAM,
  /** The Gram pass and the fit against Spark MLlib's. */
  PEERS,
  /** Features against {@link Math#cos}. */
  ACTIVATION,
  /** The exact statistic against an ordinary one in double precision. */
  EXACT,
  /** Cross-validating a path of penalties against one fit. */
  PATH,
  /** Two tasks at once against one. */
  CORES,
  /** Many rows against fewer. */
  ROWS,
  /** What a task holds against what the documentation says. */
  MEMORY,
  /** Scoring, loading and fitting by a Spark ML stage. */
  STAGES,
  /** The figures of scored rows against reading them. */
  EVALUATION,
  /** An epoch of a network, and the time to the accuracy of Spark MLlib's perceptron. */
  NETWORK;

  /** All names. */
  public static List<String> keys() {
    return Choice.keys(values());
  }
}
