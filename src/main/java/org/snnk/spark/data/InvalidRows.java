package org.snnk.spark.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What becomes of rows whose inputs are null, NaN or infinite. */
public enum InvalidRows {
  /** They are an error. */
  ERROR,
  /** They are left out. */
  SKIP,
  /** They stay, with NaN for a score. */
  KEEP;

  /** The name in stages. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All names. */
  public static List<String> keys() {
    return Arrays.stream(values()).map(InvalidRows::key).toList();
  }

  /** The value of a name among {@link #keys}. */
  public static InvalidRows of(String key) {
    return valueOf(key.toUpperCase(Locale.ROOT));
  }
}
