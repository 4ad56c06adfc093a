package org.snnk.jobs;

import com.typesafe.config.ConfigObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * How the text or list of a configuration becomes a value.
 *
 * @param expected what a user has to write, as in "expected an integer"
 * @param isList whether several values may stand in brackets or, after --set, between commas
 * @param parser from the words as written; null where they are not of this type
 * @param plain what JSON shows of a value: a string, number, boolean or list of them
 * @param <T> the Java type
 */
record ValueType<T>(
    String expected, boolean isList, Function<List<String>, T> parser, Function<T, Object> plain) {

  static final ValueType<String> TEXT =
      single("a text", word -> word.isEmpty() ? null : word, value -> value);
  static final ValueType<Optional<String>> OPTIONAL_TEXT =
      single(
          "a text or nothing",
          word -> word.isEmpty() ? Optional.empty() : Optional.of(word),
          value -> value.orElse(""));
  static final ValueType<Integer> INTEGER =
      single("an integer", ValueType::integerOrNull, value -> value);
  static final ValueType<Long> LONG = single("an integer", ValueType::longOrNull, value -> value);
  static final ValueType<Double> NUMBER =
      single("a number", ValueType::numberOrNull, value -> value);
  static final ValueType<Boolean> FLAG =
      single("true or false", ValueType::flagOrNull, value -> value);
  static final ValueType<OptionalDouble> AUTO_OR_NUMBER =
      single("auto or a number", ValueType::autoOrNumber, ValueType::autoOrPlainNumber);
  static final ValueType<OptionalLong> AUTO_OR_INTEGER =
      single("auto or an integer", ValueType::autoOrLong, ValueType::autoOrPlainLong);
  static final ValueType<List<String>> TEXTS =
      list("a list of texts", word -> word.isEmpty() ? null : word);
  static final ValueType<List<Double>> NUMBERS = list("a list of numbers", ValueType::numberOrNull);
  static final ValueType<List<Integer>> INTEGERS =
      list("a list of integers", ValueType::integerOrNull);
  static final ValueType<List<Long>> LONGS = list("a list of integers", ValueType::longOrNull);

  /** A list of sections as they stand in the file; what is in them is checked by who reads them. */
  static final ValueType<List<ConfigObject>> SECTIONS =
      new ValueType<>(
          "a list of sections { … }",
          false,
          words -> null,
          sections -> sections.stream().map(ConfigObject::unwrapped).toList());

  static ValueType<String> oneOf(List<String> names) {
    return single(
        "one of " + String.join(", ", names),
        word -> names.contains(word) ? word : null,
        value -> value);
  }

  private static <T> ValueType<T> single(
      String expected, Function<String, T> parser, Function<T, Object> plain) {
    return new ValueType<>(
        expected,
        false,
        words -> words.size() == 1 ? parser.apply(words.get(0).strip()) : null,
        plain);
  }

  private static <T> ValueType<List<T>> list(String expected, Function<String, T> parser) {
    return new ValueType<>(expected, true, words -> all(words, parser), values -> values);
  }

  private static <T> List<T> all(List<String> words, Function<String, T> parser) {
    List<T> values = new ArrayList<>();
    for (String word : words) {
      T value = parser.apply(word.strip());
      if (value == null) {
        return null;
      }
      values.add(value);
    }
    return List.copyOf(values);
  }

  private static Double numberOrNull(String word) {
    try {
      double value = Double.parseDouble(word);
      return Double.isFinite(value) ? value : null;
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }

  private static Long longOrNull(String word) {
    try {
      return Long.valueOf(word);
    } catch (NumberFormatException perhapsInScientificNotation) {
      Double value = numberOrNull(word);
      boolean exact = value != null && value == Math.rint(value) && Math.abs(value) < 0x1p53;
      return exact ? Long.valueOf(value.longValue()) : null;
    }
  }

  private static Integer integerOrNull(String word) {
    Long value = longOrNull(word);
    return value != null && value == value.intValue() ? Integer.valueOf(value.intValue()) : null;
  }

  // Three answers: true, false, and "neither", which is an error.
  private static Boolean flagOrNull(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> Boolean.TRUE;
      case "false", "no", "off" -> Boolean.FALSE;
      default -> null;
    };
  }

  private static OptionalDouble autoOrNumber(String word) {
    if (word.equalsIgnoreCase("auto")) {
      return OptionalDouble.empty();
    }
    Double value = numberOrNull(word);
    return value == null ? null : OptionalDouble.of(value);
  }

  private static OptionalLong autoOrLong(String word) {
    if (word.equalsIgnoreCase("auto")) {
      return OptionalLong.empty();
    }
    Long value = longOrNull(word);
    return value == null ? null : OptionalLong.of(value);
  }

  private static Object autoOrPlainLong(OptionalLong value) {
    return value.isPresent() ? (Object) value.getAsLong() : "auto";
  }

  private static Object autoOrPlainNumber(OptionalDouble value) {
    return value.isPresent() ? (Object) value.getAsDouble() : "auto";
  }
}
