package org.snnk.feature;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.snnk.SnnkException;
import org.snnk.linalg.Orthogonal;
import org.snnk.random.CounterRandom;

/**
 * How the directions g of random features are drawn; every row of a projection is N(0, I_d),
 * whichever is chosen.
 *
 * <p><b>Deterministic</b>: a function of the seed, value by value.
 */
public enum Projection {
  /** Independent rows. */
  GAUSSIAN {
    @Override
    public double[] draw(int count, int d, CounterRandom random) {
      return gaussian(count, d, random, 0);
    }
  },

  /**
   * Blocks of d orthogonal rows (a Haar matrix) times independent chi_d norms: the same law for
   * each row, less variance for all together (Yu et al. 2016, "Orthogonal random features").
   */
  ORTHOGONAL {
    @Override
    public double[] draw(int count, int d, CounterRandom random) {
      double[] rows = new double[Math.multiplyExact(count, d)];
      double[] norms = gaussian(count, d, random.stream(NORM_STREAM), 0);
      for (int first = 0; first < count; first += d) {
        double[] q = Orthogonal.haar(d, gaussian(d, d, random, (long) first * d));
        for (int i = 0; i < Math.min(d, count - first); i++) {
          double norm = 0;
          for (int j = 0; j < d; j++) {
            double g = norms[(first + i) * d + j];
            norm += g * g;
          }
          norm = Math.sqrt(norm);
          for (int j = 0; j < d; j++) {
            rows[(first + i) * d + j] = norm * q[i * d + j];
          }
        }
      }
      return rows;
    }
  };

  private static final long NORM_STREAM = 0x6E6F726DL;

  /**
   * Draws the directions.
   *
   * <p><b>Shapes</b>: the result is count×d row-major. <b>Cost</b>: count·d Gaussians; orthogonal
   * blocks add (4/3)d² flops a row.
   */
  public abstract double[] draw(int count, int d, CounterRandom random);

  private static double[] gaussian(int count, int d, CounterRandom random, long from) {
    double[] g = new double[Math.multiplyExact(count, d)];
    for (int i = 0; i < g.length; i++) {
      g[i] = random.gaussian(from + i);
    }
    return g;
  }

  /** The name in configurations. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The projection of a name.
   *
   * @throws SnnkException for another name
   */
  public static Projection of(String key) {
    for (Projection projection : values()) {
      if (projection.key().equals(key)) {
        return projection;
      }
    }
    String known = Arrays.stream(values()).map(Projection::key).collect(Collectors.joining(" or "));
    throw new SnnkException("projection", known, "'" + key + "'", null, "Choose one of them.");
  }
}
