package org.snnk.model;

import java.util.Arrays;
import java.util.List;
import org.snnk.SnnkException;

/** What the intervals of predictions are made of. */
public enum IntervalMethod {
  /** Errors on rows that are left out of training: {@link ConformalResiduals}. */
  SPLIT("split"),

  /** Errors out of the fold, and the models without each fold: {@link CvPlusIntervals}. */
  CV_PLUS("cv+");

  private final String key;

  IntervalMethod(String key) {
    this.key = key;
  }

  /** The name in Params. */
  public String key() {
    return key;
  }

  /** All names. */
  public static List<String> keys() {
    return Arrays.stream(values()).map(IntervalMethod::key).toList();
  }

  /**
   * The method of a name.
   *
   * @throws SnnkException if there is none
   */
  public static IntervalMethod of(String key) {
    for (IntervalMethod method : values()) {
      if (method.key.equals(key)) {
        return method;
      }
    }
    throw new SnnkException(
        "intervalMethod",
        "one of " + String.join(", ", keys()),
        "'" + key + "'",
        null,
        "Choose one of them.");
  }
}
