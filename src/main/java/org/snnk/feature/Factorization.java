package org.snnk.feature;

import java.util.List;
import org.snnk.Choice;
import org.snnk.SnnkException;

/**
 * How ia = 2πiξ is divided between the towers, ρη = ia (Scalable Neural Network Kernels, Eq. 8).
 * All are unbiased; they differ in variance.
 */
public enum Factorization implements Choice {
  /** ρ = ia, η = 1: the paper's. */
  PAPER,

  /**
   * ρ = ia/β, η = β, which divides the variance's exponent evenly: β² = a‖x‖/(‖w‖√r), r = 1/(1 −
   * 8A), but not so small at small a that a spectrum with a pole at 0 has infinite variance.
   */
  BALANCED,

  /** ρ = a, η = i: input features are positive, in pairs g and −g. */
  POSITIVE;

  /** All names. */
  public static List<String> keys() {
    return Choice.keys(values());
  }

  /**
   * The factorization of a name.
   *
   * @throws SnnkException for another name
   */
  public static Factorization of(String key) {
    return Choice.of("factorization", key, values());
  }
}
