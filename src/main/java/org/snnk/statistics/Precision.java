package org.snnk.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.snnk.Choice;
import org.snnk.SnnkException;

/**
 * How the products of a Gram matrix are summed.
 *
 * <p>{@link #SINGLE} multiplies in floats and is <b>not exact</b>: the sums of a statistic then
 * depend, in their last bits, on blocks, partitions and BLAS. Features are the same, since a float
 * holds an integer of 20 bits; only sums are rounded, those of at most 1024 rows at a time, and go
 * on as integers. The first moments (weight, means) stay exact.
 *
 * <p><b>Error.</b> Let ε = 2⁻²⁴, n = 1024 and E = G_single − G, both divided by the total weight. A
 * sum of n products in any order is off by at most about nε·Σ|φᵢφⱼ|, and φ has the squared norm
 * m/2, so ‖E‖₂ ≤ nε·m/2 = m·2⁻¹⁵ for certain. That is never nearly attained. Where roundings are
 * independent with mean 0 (Higham and Mary 2019), and partial sums grow like sμ, s = 1…n, the error
 * of an entry has deviation at most ε·√(Σ(sμ)²/3)/n ≈ ε√n·μ/3; with μ = E|φᵢφⱼ| about ½ at most,
 * 2^−20.6·½. A symmetric matrix of independent entries of deviation σ has norm 2σ√m, hence ‖E‖₂ ≤
 * √m·2^−20.6 for a single block, less for many. {@link #smallestPenalty} is that, rounded up to
 * √m·2⁻²⁰. It is an estimate and no proof: a test measures ‖E‖₂ against it.
 *
 * <p>A penalty λ ≥ ‖E‖₂ keeps G + λI positive definite, and moves the solution by a relative ‖E‖₂/λ
 * at most, to first order. Below it the solution is made of rounding errors, so such penalties are
 * left out.
 */
public enum Precision implements Choice {
  /** Integer sums in doubles: the same bytes whatever the order, blocks and BLAS. */
  EXACT("exact", 0),

  /** Sums of up to 1024 rows in floats. */
  SINGLE("single", 1);

  /** Rows whose products are summed in floats at a time. */
  static final int SINGLE_ROWS = 1024;

  private static final double ERROR = 0x1p-20;

  private final String key;
  private final int code;

  Precision(String key, int code) {
    this.key = key;
    this.code = code;
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
   * The precision of a name.
   *
   * @throws SnnkException if there is none
   */
  public static Precision of(String key) {
    return Choice.of("features.precision", key, values());
  }

  /** The byte in files. */
  int code() {
    return code;
  }

  static Precision ofCode(int code) {
    for (Precision precision : values()) {
      if (precision.code == code) {
        return precision;
      }
    }
    throw new SnnkException(
        "statistics file",
        "a known precision",
        "number " + code,
        null,
        "Read it with the program that wrote it.");
  }

  /** Whether sums are functions of the rows, bit for bit. */
  public boolean isExact() {
    return this == EXACT;
  }

  /**
   * The smallest penalty that means anything with m features: √m·2⁻²⁰, or 0 where sums are exact.
   */
  public double smallestPenalty(int m) {
    return isExact() ? 0 : Math.sqrt(m) * ERROR;
  }

  /**
   * The penalties to try.
   *
   * @param chosen one that was asked for
   * @param grid those to choose among otherwise, of which the ones too small are left out
   * @throws SnnkException if the chosen one is below {@link #smallestPenalty}, or all others are
   */
  public List<Double> penalties(OptionalDouble chosen, List<Double> grid, int m) {
    double least = smallestPenalty(m);
    String expected =
        " from " + least + " up, where " + m + " features are summed in " + key + " precision";
    String remedy = "Raise it, or train with features.precision=exact.";
    if (chosen.isPresent()) {
      double lambda = chosen.getAsDouble();
      if (lambda < least) {
        throw new SnnkException(
            "train.regParam", "a penalty" + expected, lambda + "", null, remedy);
      }
      return List.of(lambda);
    }
    List<Double> usable = new ArrayList<>(grid);
    usable.removeIf(lambda -> lambda < least);
    if (usable.isEmpty()) {
      throw new SnnkException(
          "train.regParamGrid", "penalties" + expected, grid + "", null, remedy);
    }
    return List.copyOf(usable);
  }

  /** The penalties of a grid that {@link #penalties} leaves out. */
  public List<Double> leftOut(List<Double> grid, int m) {
    double least = smallestPenalty(m);
    return grid.stream().filter(lambda -> lambda < least).toList();
  }
}
