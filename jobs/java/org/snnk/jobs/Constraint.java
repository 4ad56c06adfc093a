package org.snnk.jobs;

import java.util.Collection;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;

/**
 * What a value of the right type must be besides.
 *
 * <p>The numeric ones hold for a number, for each of a list of numbers, and for the number of "auto
 * or a number".
 *
 * @param words follows the type in a sentence: "an integer" + " ≥ 1"; empty for none
 */
record Constraint(String words, Predicate<Object> test) {
  static final Constraint NONE = new Constraint("", value -> true);
  static final Constraint NOT_EMPTY =
      new Constraint(
          ", at least one", value -> value instanceof Collection<?> list && !list.isEmpty());

  static Constraint atLeast(long least) {
    return numeric(" ≥ " + least, value -> value >= least);
  }

  static Constraint above(double bound) {
    return numeric(" > " + shortest(bound), value -> value > bound);
  }

  /** From least to below the bound. */
  static Constraint within(double least, double bound) {
    return numeric(
        " in [" + shortest(least) + ", " + shortest(bound) + ")",
        value -> value >= least && value < bound);
  }

  Constraint and(Constraint other) {
    return new Constraint(words + other.words, value -> test.test(value) && other.test.test(value));
  }

  private static Constraint numeric(String words, DoublePredicate holds) {
    return new Constraint(words, value -> holdsForAll(value, holds));
  }

  private static boolean holdsForAll(Object value, DoublePredicate holds) {
    if (value instanceof Collection<?> list) {
      return list.stream().allMatch(element -> holdsForAll(element, holds));
    }
    if (value instanceof OptionalDouble number) {
      return number.isEmpty() || holds.test(number.getAsDouble());
    }
    if (value instanceof OptionalLong number) {
      return number.isEmpty() || holds.test((double) number.getAsLong());
    }
    return value instanceof Number number && holds.test(number.doubleValue());
  }

  private static String shortest(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
