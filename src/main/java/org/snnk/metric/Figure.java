package org.snnk.metric;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A number, or the reason why there is none.
 *
 * @param value the number; empty where it is not defined
 * @param reason why it is not defined, a clause without a full stop; empty where it is
 */
public record Figure(OptionalDouble value, String reason) {

  /** Checks that exactly one of both is there. */
  public Figure {
    Objects.requireNonNull(value);
    Objects.requireNonNull(reason);
    if (value.isPresent() != reason.isEmpty()) {
      throw new IllegalArgumentException("figure: expected a value or a reason, got both or none.");
    }
  }

  /**
   * A number.
   *
   * @throws IllegalArgumentException if it is NaN or infinite
   */
  public static Figure of(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("figure: expected a finite number, got " + value + ".");
    }
    return new Figure(OptionalDouble.of(value), "");
  }

  /** No number, and why. */
  public static Figure undefined(String reason) {
    return new Figure(OptionalDouble.empty(), reason);
  }

  /** The quotient, undefined with this reason where the denominator is zero. */
  static Figure ratio(double numerator, double denominator, String whyZero) {
    return denominator == 0 ? undefined(whyZero) : of(numerator / denominator);
  }

  /** Whether there is a number. */
  public boolean isDefined() {
    return value.isPresent();
  }

  /** The number, NaN where there is none. */
  public double orNaN() {
    return value.orElse(Double.NaN);
  }
}
