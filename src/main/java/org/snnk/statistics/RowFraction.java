package org.snnk.statistics;

import java.io.Serializable;
import org.snnk.random.CounterRandom;

/**
 * A fraction of a table's rows, chosen by a hash of their index: the same rows whatever the
 * partitions, and for one stream a larger fraction contains a smaller one.
 *
 * @param seed of the run
 * @param stream which of the independent choices
 * @param fraction from 0 to 1
 */
public record RowFraction(long seed, long stream, double fraction) implements Serializable {
  /** The rows on which length scales are compared. */
  public static final long SELECTION = 0x73656C65L;

  /** The rows that intervals are calibrated on. */
  public static final long CALIBRATION = 0x63616C69L;

  /** Whether a row belongs. */
  public boolean contains(long index) {
    return new CounterRandom(seed, stream).uniform(index) < fraction;
  }
}
