package org.snnk.feature;

import org.snnk.SnnkException;

/** The sizes that maps and kernels can have. */
final class Sizes {
  static final int MAX_FEATURES = 1 << 16;
  static final int MAX_INPUTS = 1 << 16;

  private Sizes() {}

  /** Fails where d or m is out of range. */
  static void require(String subject, int inputs, int features) {
    requireInputs(subject, inputs);
    if (features < 1 || features >= MAX_FEATURES) {
      throw new SnnkException(
          subject,
          "numRandomFeatures from 1 to " + (MAX_FEATURES - 1),
          features + "",
          null,
          "Choose another width.");
    }
  }

  static void requireInputs(String subject, int inputs) {
    if (inputs < 1 || inputs > MAX_INPUTS) {
      throw new SnnkException(
          subject,
          "1 to " + MAX_INPUTS + " inputs",
          inputs + "",
          null,
          "Choose the input columns.");
    }
  }
}
