package org.snnk.network;

import java.io.Serializable;
import java.util.List;
import org.snnk.Choice;
import org.snnk.SnnkException;

/**
 * What the learning rate is multiplied with at a step: a linear rise over the first {@code
 * warmUp}·T of T steps, then the shape over the others.
 *
 * @param warmUp share of the steps, in [0, 1)
 */
public record Schedule(Shape shape, double warmUp) implements Serializable {
  /** The course after the warm-up, at share s of the steps left. */
  public enum Shape implements Choice {
    /** 1. */
    CONSTANT,
    /** 1 − s. */
    LINEAR,
    /** (1 + cos πs)/2 (Loshchilov and Hutter 2017, "SGDR", without restarts). */
    COSINE;

    /**
     * The shape of a name.
     *
     * @throws SnnkException for another name
     */
    public static Shape of(String key) {
      return Choice.of("schedule", key, values());
    }

    /** All names. */
    public static List<String> keys() {
      return Choice.keys(values());
    }
  }

  /** Checks the share. */
  public Schedule {
    if (!(warmUp >= 0 && warmUp < 1)) {
      throw new SnnkException(
          "warm-up", "a share of the steps from 0 to below 1", warmUp + "", null, "Lower it.");
    }
  }

  /**
   * The factor of a step.
   *
   * @param step 0 for the first
   * @param total T
   */
  public double factor(long step, long total) {
    double rising = warmUp * total;
    if (step < rising) {
      return (step + 1) / (rising + 1);
    }
    double s = (step - rising) / Math.max(1, total - rising);
    return switch (shape) {
      case CONSTANT -> 1;
      case LINEAR -> 1 - s;
      case COSINE -> (1 + StrictMath.cos(Math.PI * s)) / 2;
    };
  }

  /** One line for people. */
  public String describe() {
    return shape.key() + (warmUp > 0 ? " after a warm-up of " + warmUp : "");
  }
}
