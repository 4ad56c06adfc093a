package org.snnk.metric;

import java.util.Objects;

/**
 * An interval around a figure, or the reason why there is none.
 *
 * @param low lower end; NaN where there is none
 * @param high upper end; NaN where there is none
 * @param reason why there is none, a clause without a full stop; empty where there is one
 */
public record Interval(double low, double high, String reason) {

  /** Checks that exactly one of both is there. */
  public Interval {
    Objects.requireNonNull(reason);
    if (low <= high != reason.isEmpty()) {
      throw new IllegalArgumentException(
          "interval: expected rising ends or a reason, got " + low + " to " + high + ".");
    }
  }

  static Interval of(double low, double high) {
    return new Interval(low, high, "");
  }

  static Interval undefined(String reason) {
    return new Interval(Double.NaN, Double.NaN, reason);
  }

  /** The part within a range that the figure cannot leave. */
  Interval within(double least, double most) {
    return isDefined() ? of(Math.max(least, low), Math.min(most, high)) : this;
  }

  /** Whether there is one. */
  public boolean isDefined() {
    return reason.isEmpty();
  }
}
