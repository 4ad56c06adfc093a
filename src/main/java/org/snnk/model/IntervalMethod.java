package org.snnk.model;

import java.util.List;
import org.snnk.Choice;
import org.snnk.SnnkException;

/** What the intervals of predictions are made of. */
public enum IntervalMethod implements Choice {
  /** Errors on rows that are left out of training: {@link ConformalResiduals}. */
  SPLIT("split"),

  /** Errors out of the fold, and the models without each fold: {@link CvPlusIntervals}. */
  CV_PLUS("cv+");

  private final String key;

  IntervalMethod(String key) {
    this.key = key;
  }

  @Override
  public String key() {
    return key;
  }

  /** All names. */
  public static List<String> keys() {
    return Choice.keys(values());
  }

  /**
   * The method of a name.
   *
   * @throws SnnkException if there is none
   */
  public static IntervalMethod of(String key) {
    return Choice.of("intervalMethod", key, values());
  }
}
