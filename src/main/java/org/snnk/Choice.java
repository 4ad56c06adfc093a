package org.snnk;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One of a few things that users choose by name: a constant of an enum. */
public interface Choice {
  /** The constant's own name. */
  String name();

  /** The name in configurations, Params and files. */
  default String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The names of all. */
  static List<String> keys(Choice[] all) {
    return Arrays.stream(all).map(Choice::key).toList();
  }

  /** The one of a name, if there is one. */
  static <C extends Choice> Optional<C> find(String key, C[] all) {
    return Arrays.stream(all).filter(one -> one.key().equals(key)).findFirst();
  }

  /**
   * The one of a name.
   *
   * @param subject what is chosen, for the error
   * @throws SnnkException if there is none; it names the nearest
   */
  static <C extends Choice> C of(String subject, String key, C[] all) {
    List<String> keys = keys(all);
    return find(key, all)
        .orElseThrow(
            () ->
                new SnnkException(
                    subject,
                    "one of " + String.join(", ", keys),
                    "'" + key + "'",
                    null,
                    NearestName.question(key, keys, "Choose one of them.")));
  }
}
