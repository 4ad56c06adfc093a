package org.snnk.jobs;

import java.util.Set;

/**
 * One option of the configuration: key, type, default, constraint, meaning, and who reads it.
 *
 * <p>All of them stand in {@link Options}; {@link Settings#get} gives the value.
 *
 * @param key the path in the configuration file, such as {@code train.seed}
 * @param type how the configured text becomes a value
 * @param fallback the value where none is configured; null where the user must give one
 * @param constraint what a value must be besides its type
 * @param doc one sentence for the help
 * @param commands the commands that read it
 * @param <T> the Java type of the value
 */
public record Option<T>(
    String key,
    ValueType<T> type,
    T fallback,
    Constraint constraint,
    String doc,
    Set<String> commands) {

  /** Checks that the registry itself holds together. */
  public Option {
    if (fallback != null && !constraint.test().test(fallback)) {
      throw new IllegalArgumentException("the default of " + key + " breaks its constraint");
    }
    if (!doc.endsWith(".")) {
      throw new IllegalArgumentException("the doc of " + key + " is not a sentence");
    }
    commands = Set.copyOf(commands);
  }

  /** Whether a command that reads it cannot run without a configured value. */
  public boolean isRequired() {
    return fallback == null;
  }

  /** What a user has to write, such as "an integer ≥ 1". */
  public String expected() {
    return type.expected() + constraint.words();
  }

  /** The value as JSON shows it: a string, number, boolean or list of them. */
  Object plain(T value) {
    return type.plain().apply(value);
  }

  /** The default for the help, or null where there is none. */
  Object plainFallback() {
    return fallback == null ? null : plain(fallback);
  }
}
