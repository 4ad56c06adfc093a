package org.snnk.feature;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.snnk.NearestName;
import org.snnk.SnnkException;

/**
 * How ia = 2πiξ is divided between the towers, ρη = ia (Scalable Neural Network Kernels, Eq. 8).
 * All are unbiased; they differ in variance.
 */
public enum Factorization {
  /** ρ = ia, η = 1: the paper's. */
  PAPER,

  /**
   * ρ = ia/β, η = β, which divides the variance's exponent evenly: β² = a‖x‖/(‖w‖√r), r = 1/(1 −
   * 8A), but not so small at small a that a spectrum with a pole at 0 has infinite variance.
   */
  BALANCED,

  /** ρ = a, η = i: input features are positive, in pairs g and −g. */
  POSITIVE;

  /** The name in configurations. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All names. */
  public static List<String> keys() {
    return Arrays.stream(values()).map(Factorization::key).toList();
  }

  /**
   * The factorization of a name.
   *
   * @throws SnnkException for another name
   */
  public static Factorization of(String key) {
    for (Factorization factorization : values()) {
      if (factorization.key().equals(key)) {
        return factorization;
      }
    }
    throw new SnnkException(
        "factorization",
        "one of " + String.join(", ", keys()),
        "'" + key + "'",
        null,
        NearestName.question(key, keys(), "Choose one of them."));
  }
}
