package org.snnk.solve;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.snnk.SnnkException;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.NormalEquations;

/**
 * Exact K-fold cross-validation of a ridge path from K fold statistics, with no pass over rows:
 * fold f is measured with the read-out of S − S_f, which is bit for bit the statistic of the other
 * rows.
 *
 * <p>{@link #measure} is the whole work of a fold and depends on nothing else, so that folds may
 * run anywhere in any order; {@link #combine} needs a few numbers of each.
 *
 * <p><b>Scale</b>: λ multiplies ‖W‖² beside the mean squared error of the rows a fold trains on.
 * <b>Cost</b>: a fold takes (4/3)m³ + 4m²kL flops for L penalties, m³/3 + 4m²k for one.
 * <b>Deterministic</b>: a function of the fold statistics and their order.
 */
public final class KFold {
  private KFold() {}

  /**
   * What a fold contributes.
   *
   * @param rows held out
   * @param weight N_f of the rows held out
   * @param lambdas the penalties
   * @param meanSquaredError of each penalty on the rows held out, summed over targets
   */
  public record Fold(long rows, double weight, double[] lambdas, double[] meanSquaredError)
      implements Serializable {}

  /**
   * How one penalty does.
   *
   * @param lambda the penalty
   * @param meanSquaredError Σ_f N_f·mse_f / Σ_f N_f, summed over targets
   * @param standardError of that mean from the spread between folds
   */
  public record Score(double lambda, double meanSquaredError, double standardError)
      implements Serializable {}

  /**
   * Measures every penalty on one fold.
   *
   * @param others the statistic of all rows but the fold's
   * @param fold the statistic of the fold's rows
   * @throws SnnkException if a λ is not positive and finite, G + λI is not positive definite, or
   *     the two statistics differ in features or targets
   */
  public static Fold measure(NormalEquations others, NormalEquations fold, List<Double> lambdas) {
    List<Readout> readouts = RidgeSolver.solve(others, lambdas);
    return new Fold(
        fold.rows(),
        fold.weight(),
        lambdas.stream().mapToDouble(Double::doubleValue).toArray(),
        Readout.meanSquaredErrors(readouts, fold));
  }

  /**
   * The scores of all penalties over all folds.
   *
   * @throws SnnkException if there are fewer than 2 folds, or folds of other penalties
   */
  public static List<Score> combine(List<Fold> folds) {
    requireFolds(folds.size());
    double[] lambdas = folds.get(0).lambdas;
    double weight = 0;
    for (Fold fold : folds) {
      if (!Arrays.equals(fold.lambdas, lambdas)) {
        throw new SnnkException(
            "folds",
            "the same penalties in each",
            fold.lambdas.length + " others",
            null,
            "Measure every fold on one list of penalties.");
      }
      weight += fold.weight;
    }
    List<Score> scores = new ArrayList<>();
    for (int l = 0; l < lambdas.length; l++) {
      double mean = 0;
      for (Fold fold : folds) {
        mean += fold.weight / weight * fold.meanSquaredError[l];
      }
      double spread = 0;
      for (Fold fold : folds) {
        double deviation = fold.meanSquaredError[l] - mean;
        spread += fold.weight / weight * deviation * deviation;
      }
      scores.add(new Score(lambdas[l], mean, Math.sqrt(spread / (folds.size() - 1))));
    }
    return scores;
  }

  /**
   * Cross-validates one fold after the other.
   *
   * @param all the statistic of all rows: each fold is taken from it and given back, so that it is
   *     unchanged afterwards; not to be used elsewhere meanwhile
   * @param folds the statistics of the folds, which together are {@code all}
   * @throws SnnkException if there are fewer than 2 folds or more than rows, a fold has no rows, no
   *     weight or another specification, the folds' rows are not those of {@code all}, or a λ is
   *     not positive and finite
   */
  public static List<Score> crossValidate(
      GramStatistics all, List<GramStatistics> folds, List<Double> lambdas) {
    requireParts(all, folds);
    lambdas.forEach(RidgeSolver::requirePenalty);
    List<Fold> measured = new ArrayList<>();
    for (GramStatistics fold : folds) {
      measured.add(without(all, fold, others -> measure(others, fold.normalEquations(), lambdas)));
    }
    return combine(measured);
  }

  /**
   * The read-outs of one λ of which each has not seen one fold: that of S − S_f for every f.
   *
   * <p><b>Cost</b>: a fold takes m³/3 flops.
   *
   * @param all the statistic of all rows, treated as in {@link #crossValidate}
   * @param folds the statistics of the folds, which together are {@code all}
   * @return K, in the order of the folds
   * @throws SnnkException as {@link #crossValidate}
   */
  public static List<Readout> readouts(
      GramStatistics all, List<GramStatistics> folds, double lambda) {
    requireParts(all, folds);
    List<Readout> readouts = new ArrayList<>();
    for (GramStatistics fold : folds) {
      readouts.add(without(all, fold, others -> RidgeSolver.solve(others, lambda)));
    }
    return readouts;
  }

  /** What is made of all rows but a fold's. */
  private static <T> T without(
      GramStatistics all, GramStatistics fold, Function<NormalEquations, T> make) {
    all.subtract(fold);
    try {
      return make.apply(all.normalEquations());
    } finally {
      all.merge(fold);
    }
  }

  private static void requireParts(GramStatistics all, List<GramStatistics> folds) {
    requireFolds(folds.size());
    if (folds.size() > all.rows()) {
      throw new SnnkException(
          "cross-validation",
          "at most as many folds as rows, " + all.rows(),
          folds.size() + "",
          null,
          "Choose fewer folds.");
    }
    long rows = 0;
    for (int f = 0; f < folds.size(); f++) {
      long held = folds.get(f).rows();
      if (held == 0) {
        throw new SnnkException(
            "fold " + (f + 1) + " of " + folds.size(),
            "rows to measure on",
            "none",
            null,
            "Choose fewer folds.");
      }
      rows += held;
    }
    if (rows != all.rows()) {
      throw new SnnkException(
          "folds",
          all.rows() + " rows together",
          rows + "",
          null,
          "Give the folds of this statistic, each row in one of them.");
    }
  }

  private static void requireFolds(int folds) {
    if (folds < 2) {
      throw new SnnkException(
          "cross-validation", "at least 2 folds", folds + "", null, "Choose more folds.");
    }
  }
}
