package org.snnk.feature;

import java.io.Serializable;
import java.util.List;
import org.snnk.Choice;
import org.snnk.NearestName;
import org.snnk.SnnkException;
import org.snnk.linalg.Orthogonal;
import org.snnk.random.CounterRandom;
import org.snnk.random.NormalQuantile;

/**
 * How the directions g of random features are drawn: the geometry of all directions together, and
 * the law of each.
 *
 * <p>With an infinite {@code degreesOfFreedom} a row follows its {@link Kind}. With ν degrees of
 * freedom a row of a normal kind is multivariate t, g·√(ν/χ²_ν): cosine features then have the
 * Matérn kernel of smoothness ν/2 as their mean, which for ν = 1 is exp(−‖x−x′‖/σ) (Rasmussen and
 * Williams 2006, Section 4.2.1). So the tail mixes length scales: few directions see fine detail.
 *
 * <p>A heavy-tailed row with an entry beyond ±{@link #TAIL_LIMIT} is shortened to that. Without a
 * band limit nothing could be held on a grid, and a frequency so high would only add noise.
 *
 * <p><b>Deterministic</b>: a function of the seed, value by value, so everyone draws their own.
 *
 * @param kind the geometry
 * @param degreesOfFreedom ν of the tail, infinite for none
 */
public record Projection(Kind kind, double degreesOfFreedom) implements Serializable {
  /** Entries of heavy-tailed directions are at most this. */
  public static final double TAIL_LIMIT = 4096;

  /** Independent N(0, I) rows. */
  public static final Projection GAUSSIAN = of(Kind.GAUSSIAN);

  /** Blocks of orthogonal rows. */
  public static final Projection ORTHOGONAL = of(Kind.ORTHOGONAL);

  /** Independent signs. */
  public static final Projection RADEMACHER = of(Kind.RADEMACHER);

  /** Blocks of fast Walsh–Hadamard transforms. */
  public static final Projection HADAMARD = of(Kind.HADAMARD);

  /** Quasi-Monte Carlo. */
  public static final Projection HALTON = of(Kind.HALTON);

  /** Independent Cauchy entries. */
  public static final Projection LAPLACE = of(Kind.LAPLACE);

  private static final long NORM_STREAM = 0x6E6F726DL;
  private static final long TAIL_STREAM = 0x7461696CL;
  private static final String TAIL_OPEN = " t(";
  private static final double MAX_DEGREES = 1e6;

  /** The geometry of the directions. */
  public enum Kind implements Choice {
    /** Independent rows, N(0, I_d). */
    GAUSSIAN(true),

    /**
     * Blocks of d orthogonal rows (a Haar matrix) times independent chi_d norms: each row is N(0,
     * I_d), and all together vary less (Yu et al. 2016, "Orthogonal random features").
     */
    ORTHOGONAL(true),

    /** Independent ±1, which have mean 0 and covariance I but are no normal vectors. */
    RADEMACHER(false),

    /**
     * Blocks of n = 2^⌈log₂ d⌉ rows of H D₁ H D₂ H D₃, orthogonal and with independent chi_n norms
     * (Le, Sarlós and Smola 2013; Yu et al. 2016): near N(0, I_d) for many inputs, and multiplied
     * in 3n log₂ n additions ({@link FastHadamard}). Of few inputs it makes few directions.
     */
    HADAMARD(true),

    /**
     * Rows Φ⁻¹(u), u a randomised Halton point ({@link HaltonPoints}): each is N(0, I_d), all
     * together fill the space evenly, which pays for few inputs.
     */
    HALTON(true),

    /**
     * Independent Cauchy entries: cosine features then have the Laplace kernel exp(−‖x−x′‖₁/σ) as
     * their mean (Rahimi and Recht 2007, Figure 1).
     */
    LAPLACE(false);

    private final boolean normal;

    Kind(boolean normal) {
      this.normal = normal;
    }
  }

  /**
   * Checks that kind and tail fit.
   *
   * @throws SnnkException if they do not
   */
  public Projection {
    boolean tailed = degreesOfFreedom != Double.POSITIVE_INFINITY;
    if (tailed && !(degreesOfFreedom > 0 && degreesOfFreedom <= MAX_DEGREES)) {
      throw new SnnkException(
          "degrees of freedom",
          "a number above 0 and at most " + MAX_DEGREES,
          degreesOfFreedom + "",
          null,
          "Few make heavy tails; leave them out for normal directions.");
    }
    if (tailed && !kind.normal) {
      throw new SnnkException(
          "projection '" + kind.key() + "'",
          "no degrees of freedom",
          degreesOfFreedom + "",
          null,
          "Only normal directions become heavier tailed: choose gaussian, orthogonal, hadamard or"
              + " halton.");
    }
  }

  private static Projection of(Kind kind) {
    return new Projection(kind, Double.POSITIVE_INFINITY);
  }

  /** The same geometry with ν degrees of freedom. */
  public Projection withDegreesOfFreedom(double nu) {
    return new Projection(kind, nu);
  }

  /** Whether rows have other tails than normal ones: no moment of z = gᵀx need exist. */
  public boolean isHeavyTailed() {
    return degreesOfFreedom != Double.POSITIVE_INFINITY || kind == Kind.LAPLACE;
  }

  /** Whether each row is N(0, I), for {@link Kind#HADAMARD} nearly. */
  public boolean isNormal() {
    return kind.normal && !isHeavyTailed();
  }

  /** Fails where the expectation of a kernel needs normal rows and these are others. */
  void requireNormal(String subject) {
    if (!isNormal()) {
      throw new SnnkException(
          subject,
          "normal directions",
          "'" + key() + "'",
          null,
          "Choose gaussian, orthogonal, hadamard or halton.");
    }
  }

  /** The name of the kind, and the tail if there is one: {@code orthogonal t(3.0)}. */
  public String key() {
    boolean tailed = degreesOfFreedom != Double.POSITIVE_INFINITY;
    return kind.key() + (tailed ? TAIL_OPEN + degreesOfFreedom + ")" : "");
  }

  /** The names of all kinds. */
  public static List<String> keys() {
    return Choice.keys(Kind.values());
  }

  /**
   * The projection of a {@link #key}.
   *
   * @throws SnnkException for another name
   */
  public static Projection of(String key) {
    int tail = key.indexOf(TAIL_OPEN);
    String name = tail < 0 ? key : key.substring(0, tail);
    Kind kind = Choice.find(name, Kind.values()).orElseThrow(() -> unknown(key));
    return new Projection(
        kind, tail < 0 ? Double.POSITIVE_INFINITY : degrees(key, tail + TAIL_OPEN.length()));
  }

  private static double degrees(String key, int from) {
    try {
      return Double.parseDouble(key.substring(from, key.length() - 1));
    } catch (NumberFormatException | IndexOutOfBoundsException noNumber) {
      throw unknown(key);
    }
  }

  private static SnnkException unknown(String key) {
    return new SnnkException(
        "projection",
        "one of " + String.join(", ", keys()),
        "'" + key + "'",
        null,
        NearestName.question(key, keys(), "Choose one of them."));
  }

  /**
   * Draws the directions.
   *
   * <p><b>Shapes</b>: the result is count×d row-major. <b>Cost</b>: count·d Gaussians; orthogonal
   * blocks add (4/3)d² flops a row.
   *
   * @throws SnnkException if Halton points have no room for d
   */
  public double[] draw(int count, int d, CounterRandom random) {
    double[] rows =
        switch (kind) {
          case GAUSSIAN -> gaussian(count, d, random, 0);
          case ORTHOGONAL -> orthogonal(count, d, random);
          case RADEMACHER -> signs(count, d, random);
          case HADAMARD -> new FastHadamard(this, count, d, random).directions();
          case HALTON -> halton(count, d, random);
          case LAPLACE -> cauchy(count, d, random);
        };
    // Those of the Hadamard blocks have their tails already.
    if (isHeavyTailed() && kind != Kind.HADAMARD) {
      addTails(count, d, rows, random);
    }
    return rows;
  }

  /** √(ν/χ²_ν) of row i; 1 without degrees of freedom. */
  double tail(int i, CounterRandom random) {
    if (degreesOfFreedom == Double.POSITIVE_INFINITY) {
      return 1;
    }
    double half = degreesOfFreedom / 2;
    double gamma = random.stream(TAIL_STREAM).gamma(half, i);
    return Math.sqrt(half / Math.max(gamma, Double.MIN_NORMAL));
  }

  private void addTails(int count, int d, double[] rows, CounterRandom random) {
    for (int i = 0; i < count; i++) {
      double largest = 0;
      for (int j = i * d; j < (i + 1) * d; j++) {
        largest = Math.max(largest, Math.abs(rows[j]));
      }
      double factor = Math.min(tail(i, random), TAIL_LIMIT / largest);
      for (int j = i * d; j < (i + 1) * d; j++) {
        rows[j] *= factor;
      }
    }
  }

  private static double[] orthogonal(int count, int d, CounterRandom random) {
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

  private static double[] gaussian(int count, int d, CounterRandom random, long from) {
    double[] g = new double[Math.multiplyExact(count, d)];
    for (int i = 0; i < g.length; i++) {
      g[i] = random.gaussian(from + i);
    }
    return g;
  }

  private static double[] signs(int count, int d, CounterRandom random) {
    double[] signs = new double[Math.multiplyExact(count, d)];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = random.bits(i) < 0 ? -1 : 1;
    }
    return signs;
  }

  private static double[] cauchy(int count, int d, CounterRandom random) {
    double[] g = new double[Math.multiplyExact(count, d)];
    for (int i = 0; i < g.length; i++) {
      g[i] = StrictMath.tan(StrictMath.PI * (random.uniform(i) - 0.5));
    }
    return g;
  }

  private static double[] halton(int count, int d, CounterRandom random) {
    double[] points = HaltonPoints.draw(count, d, random);
    for (int i = 0; i < points.length; i++) {
      points[i] = NormalQuantile.of(points[i]);
    }
    return points;
  }
}
