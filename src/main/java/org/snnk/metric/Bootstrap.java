package org.snnk.metric;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

/**
 * How intervals are made: a Poisson bootstrap over groups of rows (Chamandy et al. 2012,
 * "Estimating uncertainty for massive data streams").
 *
 * <p>A row belongs to one of G groups by a hash of its index; a summary keeps its sums by group. In
 * replicate r every group counts N times, N Poisson distributed with mean 1, drawn at (seed, r,
 * group). Rows that are independent make groups that are, so the variance is that of resampling
 * rows but for a relative error of √(2/G): with 1000 replicates and G = 512 some 4 % of an
 * interval's width are noise. With fewer rows than groups it is the bootstrap of rows. The pass
 * costs one hash a row, whatever the number of replicates.
 *
 * <p>An interval holds the middle 95 % of the replicates ({@link #LEVEL}).
 *
 * <p><b>Deterministic</b>: a function of seed, replicates and the indices of the rows.
 *
 * @param replicates number of replicates R; 0 for no intervals
 * @param seed the user's seed
 */
public record Bootstrap(int replicates, long seed) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Share of the replicates that an interval holds. */
  public static final double LEVEL = 0.95;

  /** No intervals. */
  public static final Bootstrap NONE = new Bootstrap(0, 0);

  private static final int LEAST_REPLICATES = 20;
  private static final double DEFINED = 0.95;
  private static final long STREAM = 0x626f6f74L << 32;

  /**
   * Checks the number.
   *
   * @throws SnnkException if it is neither 0 nor at least 20
   */
  public Bootstrap {
    if (replicates != 0 && replicates < LEAST_REPLICATES) {
      throw new SnnkException(
          "bootstrap",
          "0 replicates, or at least " + LEAST_REPLICATES,
          Integer.toString(replicates),
          null,
          "1000 give an interval of 95 %.");
    }
  }

  /** Whether there are intervals. */
  public boolean isOn() {
    return replicates > 0;
  }

  /** The group of a row among {@code groups}, a power of two. */
  int group(long index, int groups) {
    return (int) (CounterRandom.scrambled(index + seed) & (groups - 1));
  }

  /** How often each group counts in a replicate: Poisson(1) by inversion. */
  void multiplicities(int replicate, double[] out) {
    CounterRandom random = new CounterRandom(seed, STREAM + replicate);
    for (int g = 0; g < out.length; g++) {
      double u = random.uniform(g);
      double term = 0.36787944117144233; // e⁻¹
      double below = term;
      int n = 0;
      while (u >= below && n < 20) {
        term /= ++n;
        below += term;
      }
      out[g] = n;
    }
  }

  /**
   * Every replicate's weighted sum over the groups.
   *
   * @param byGroup G rows of c numbers
   * @return R rows of c numbers
   */
  double[][] resampled(double[][] byGroup) {
    int cells = byGroup[0].length;
    double[] times = new double[byGroup.length];
    double[][] sums = new double[replicates][cells];
    for (int r = 0; r < replicates; r++) {
      multiplicities(r, times);
      double[] sum = sums[r];
      for (int g = 0; g < times.length; g++) {
        if (times[g] != 0) {
          double n = times[g];
          double[] group = byGroup[g];
          for (int c = 0; c < cells; c++) {
            sum[c] += n * group[c];
          }
        }
      }
    }
    return sums;
  }

  /**
   * The interval of a figure.
   *
   * @param figure the figure of all rows
   * @param approximation what {@code of} gives for all rows; the interval is moved by the
   *     difference, which is not zero where {@code of} sees coarser sums than the figure does
   * @param replicated the sums of each replicate
   * @param of the figure from such sums, NaN where it is not defined
   */
  Interval interval(
      Figure figure, double approximation, double[][] replicated, ToDoubleFunction<double[]> of) {
    if (!figure.isDefined()) {
      return Interval.undefined(figure.reason());
    }
    double[] values = Arrays.stream(replicated).mapToDouble(of).filter(Double::isFinite).toArray();
    if (values.length < DEFINED * replicates || !Double.isFinite(approximation)) {
      return Interval.undefined("too few rows: many replicates leave the figure undefined");
    }
    Arrays.sort(values);
    double shift = figure.orNaN() - approximation;
    return Interval.of(
        shift + quantile(values, (1 - LEVEL) / 2), shift + quantile(values, (1 + LEVEL) / 2));
  }

  /** Linear between the order statistics (definition 7 of Hyndman and Fan 1996). */
  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
