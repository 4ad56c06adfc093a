package org.snnk.spark.data;

import java.util.List;
import org.snnk.Choice;

/** What becomes of rows whose inputs are null, NaN or infinite. */
public enum InvalidRows implements Choice {
  /** They are an error. */
  ERROR,
  /** They are left out. */
  SKIP,
  /** They stay, with NaN for a score. */
  KEEP;

  /** All names. */
  public static List<String> keys() {
    return Choice.keys(values());
  }

  /** The value of a name among {@link #keys}. */
  public static InvalidRows of(String key) {
    return Choice.of("handleInvalid", key, values());
  }
}
