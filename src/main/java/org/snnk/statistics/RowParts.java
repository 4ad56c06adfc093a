package org.snnk.statistics;

import java.io.Serializable;
import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

/**
 * A table's rows in several parts, by a hash of their index, or as {@link RowIndex} carries them:
 * the same parts whatever the partitions.
 *
 * @param seed of the run
 * @param folds K parts of about equal size; 0 for one part, or two of which part 1 is held out
 * @param heldOut the fraction that is held out where there are no folds
 */
public record RowParts(long seed, int folds, double heldOut) implements Serializable {
  private static final long STREAM = 0x76616C69L;

  /** Checks the numbers. */
  public RowParts {
    if (folds < 0 || folds == 1) {
      throw new SnnkException(
          "folds",
          "0, or 2 and more",
          folds + "",
          null,
          "With one fold nothing is left to train on.");
    }
    if (!(heldOut >= 0 && heldOut < 1)) {
      throw new SnnkException(
          "held-out fraction",
          "a number from 0 up to, not including, 1",
          heldOut + "",
          null,
          "Lower it.");
    }
  }

  /** K folds. */
  public static RowParts folds(long seed, int folds) {
    return new RowParts(seed, folds, 0);
  }

  /** Part 0 to train on, part 1 held out. */
  public static RowParts holdOut(long seed, double fraction) {
    return new RowParts(seed, 0, fraction);
  }

  /** How many parts there are. */
  public int count() {
    return folds > 0 ? folds : heldOut > 0 ? 2 : 1;
  }

  /** The part of a row, from 0: the one that its index carries, if it does. */
  public int of(long index) {
    if (RowIndex.isMarked(index)) {
      return folds > 0 ? RowIndex.fold(index) : RowIndex.heldOut(index) ? 1 : 0;
    }
    double u = new CounterRandom(seed, STREAM).uniform(index);
    return folds == 0 ? (u < heldOut ? 1 : 0) : (int) (u * folds);
  }
}
