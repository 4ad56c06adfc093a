package org.snnk.jobs;

import org.snnk.SnnkException;

/** A mistake in the configuration: an option, what it takes, what it was given, and where. */
public final class SettingException extends SnnkException {
  private static final long serialVersionUID = 1L;

  private final String key;

  SettingException(String key, String expected, String got, String where, String remedy) {
    super("option '" + key + "'", expected, got, where, remedy);
    this.key = key;
  }

  /** The option's key, such as {@code features.numRandomFeatures}. */
  public String key() {
    return key;
  }
}
