package org.snnk.feature;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.snnk.SnnkException;
import org.snnk.activation.Activation;
import org.snnk.activation.Spectrum;
import org.snnk.linalg.Blas;
import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.BlockOperations.Function;
import org.snnk.random.CounterRandom;

/**
 * Universal random features: two towers with f(Wx + b) = E Φ(x)·Ψ(W, b) for any activation with a
 * {@link Spectrum} (Scalable Neural Network Kernels, Eq. 6–11), in real pairs.
 *
 * <p>With g ~ N(0, I_d), a ~ q, s = √(1 − 4A), D = s^(d/2), each of m/2 draws has two features:
 *
 * <ul>
 *   <li>{@link Factorization#PAPER} and {@link Factorization#BALANCED}: Φ = e^(a²‖x‖²/2β²)[cos τ,
 *       sin τ], τ = (a/β)s gᵀx; Ψ = (2/m)D²e^(2A‖g‖² + βs gᵀw − β²‖w‖²/2)/q(a)·[C cos ab + S sin
 *       ab, S cos ab − C sin ab], where C and S are the weights of cos and sin;
 *   <li>{@link Factorization#POSITIVE}: Φ = e^(−a²‖x‖²/2)[e^(a s gᵀx), e^(−a s gᵀx)], Ψ = (1/m)D²
 *       e^(2A‖g‖² + ‖w‖²/2)/q(a)·[k(s gᵀw + ab), k(−s gᵀw + ab)], k = C cos + S sin.
 * </ul>
 *
 * <p>Where weights stand before 1 − cos, the 1 is estimated with the same g (a control variate),
 * since otherwise weights a⁻² have infinite variance; these sums, the constant of the spectrum and
 * linear·b stand in Ψ against one constant feature. The linear part is exact: x itself is appended
 * to Φ. D²e^(2A‖g‖²), which the paper splits evenly, stands in Ψ alone, and e^(a²X₀/2β²) is moved
 * from Φ to Ψ, X₀ being the design's ‖x‖²: products are the same, and fewer overflow.
 *
 * <p>Unbiased for f with frequencies up to the band limit; {@link Activation#bias} is what they
 * lack. {@link #variance} is the variance in closed form; it grows like e^(2a‖x‖‖w‖), so a given
 * layer can be replaced only where ‖x‖‖w‖ is of order 1. Elsewhere learn the read-out ({@link
 * FeatureMap}).
 *
 * <p><b>Cost</b>: dm flops a row and tower for the projection, and some 50 m for the rest.
 * <b>Deterministic</b>: what is drawn is a function of the seed; sums differ in their last bits
 * from BLAS to BLAS. Immutable and thread-safe.
 */
public final class UniversalRandomFeatures implements SnnkKernel {
  private static final long serialVersionUID = 1L;

  private static final long DIRECTION_STREAM = 0x757266L;
  private static final long FREQUENCY_STREAM = 0x757267L;
  private static final int MAX_FEATURES = 1 << 24;
  private static final int CELLS = 512;

  /** Cells while A is searched for. */
  private static final int COARSE_CELLS = 48;

  /** Cells of scratch memory; with fewer, BLAS packs the directions too often. */
  private static final int STRETCH = 1 << 19;

  /** Dot products of inputs at a time, which a second-level cache holds, and rows that pay. */
  private static final int INPUT_STRETCH = 1 << 16;

  private static final int FEWEST_ROWS = 64;

  /** Draws worked on at a time. */
  private static final int TILE = 512;

  /** More features than anyone spends on a layer. */
  private static final double MOST_FEATURES = 1 << 20;

  private final Activation activation;
  private final Spectrum spectrum;
  private final int inputs;
  private final int draws;
  private final Projection projection;
  private final boolean frequencyPerBlock;
  private final long seed;
  private final double inputNorm;
  private final double parameterNorm;
  private final double designX;
  private final double designW;
  private final DrawMoment moment;
  private final double limit;
  private final FrequencyDensity density; // null where frequencies are single

  private transient volatile Drawn drawn;

  /**
   * What is drawn, for each draw.
   *
   * @param directions s·g, d×draws row-major
   * @param a frequency
   * @param beta η
   * @param even C over q(a) and the number of draws
   * @param odd S likewise
   * @param growth what ‖x‖² is multiplied with in the exponent of Φ
   * @param logMass log of D²e^(2A‖g‖²), and what is moved over from Φ
   */
  private record Drawn(
      double[] directions,
      double[] a,
      double[] beta,
      double[] even,
      double[] odd,
      double[] growth,
      double[] logMass) {}

  private UniversalRandomFeatures(Builder builder, double exponent, double limit) {
    activation = builder.activation;
    spectrum = builder.spectrum;
    inputs = builder.inputs;
    draws = builder.features / 2;
    projection = builder.projection;
    frequencyPerBlock = builder.frequencyPerBlock;
    seed = builder.seed;
    inputNorm = builder.inputNorm;
    parameterNorm = builder.parameterNorm;
    designX = builder.inputNorm * builder.inputNorm;
    designW = builder.parameterNorm * builder.parameterNorm;
    moment = builder.moment(exponent);
    this.limit = limit;
    density =
        spectrum.atoms().isEmpty()
            ? FrequencyDensity.proportional(a -> builder.logTypical(moment, a), limit, CELLS)
            : null;
    if (spectrum.atoms().isEmpty() && density == null) {
      throw new SnnkException(
          builder.subject(),
          "a function that is not a straight line",
          "no weight at any frequency",
          null,
          "Take the linear layer itself.");
    }
  }

  private UniversalRandomFeatures(UniversalRandomFeatures other, long seed) {
    activation = other.activation;
    spectrum = other.spectrum;
    inputs = other.inputs;
    draws = other.draws;
    projection = other.projection;
    frequencyPerBlock = other.frequencyPerBlock;
    this.seed = seed;
    inputNorm = other.inputNorm;
    parameterNorm = other.parameterNorm;
    designX = other.designX;
    designW = other.designW;
    moment = other.moment;
    limit = other.limit;
    density = other.density;
  }

  /** The same kernel drawn from another seed. */
  public UniversalRandomFeatures withSeed(long other) {
    return new UniversalRandomFeatures(this, other);
  }

  /**
   * Begins a kernel.
   *
   * @param activation f
   * @param inputs d
   * @param numRandomFeatures m, even: two for each draw; {@link #features} adds those that are
   *     exact
   */
  public static Builder of(Activation activation, int inputs, int numRandomFeatures) {
    return new Builder(activation, inputs, numRandomFeatures);
  }

  /**
   * The A that minimises (d/2) log κ + r·realExponent, where realExponent is the squared norm in
   * the tower with a real exponent, ‖w‖² in {@link Factorization#PAPER}: A* = [1 − 2φ − √((1 + 2φ)²
   * + 8φ)]/16, φ = realExponent/d. It is that of FAVOR++ (Likhosherstov et al. 2022) too.
   */
  public static double optimalA(int d, double realExponent) {
    double phi = realExponent / d;
    return (1 - 2 * phi - StrictMath.sqrt((1 + 2 * phi) * (1 + 2 * phi) + 8 * phi)) / 16;
  }

  /** The choices of a kernel; what is not set has a default. */
  public static final class Builder {
    private final Activation activation;
    private final Spectrum spectrum;
    private final int inputs;
    private final int features;
    private Factorization factorization = Factorization.BALANCED;
    private Projection projection = Projection.ORTHOGONAL;
    private boolean frequencyPerBlock;
    private long seed = 1;
    private double inputNorm = 1;
    private double parameterNorm = 1;
    private double limit = Double.POSITIVE_INFINITY;
    private double exponent;
    private boolean optimal;

    private Builder(Activation activation, int inputs, int features) {
      this.activation = activation;
      this.inputs = inputs;
      this.features = features;
      if (inputs < 1) {
        throw new SnnkException(
            subject(), "one input or more", inputs + "", null, "Give the width d of the layer.");
      }
      if (features < 2 || features % 2 != 0 || features > MAX_FEATURES) {
        throw new SnnkException(
            subject(),
            "an even number of random features from 2 to " + MAX_FEATURES,
            features + "",
            null,
            "Each draw has two.");
      }
      spectrum = activation.spectrum();
      if (spectrum.atoms().size() > features / 2) {
        throw new SnnkException(
            subject(),
            "two features or more for each of " + spectrum.atoms().size() + " frequencies",
            features + "",
            null,
            "Take more.");
      }
    }

    private String subject() {
      return "random features of '" + activation.key() + "'";
    }

    /** How ia is divided between the towers; balanced by default. */
    public Builder factorization(Factorization choice) {
      factorization = choice;
      return this;
    }

    /** How directions are drawn; orthogonal by default. */
    public Builder projection(Projection choice) {
      choice.requireNormal("universal random features");
      projection = choice;
      return this;
    }

    /** Whether all d directions of a block have one frequency; by default each has its own. */
    public Builder frequencyPerBlock(boolean choice) {
      frequencyPerBlock = choice;
      return this;
    }

    /** The seed; 1 by default. */
    public Builder seed(long choice) {
      seed = choice;
      return this;
    }

    /**
     * Typical norms, for which variance is made small; 1 by default. Estimates are unbiased for
     * any.
     *
     * @throws SnnkException unless both are positive and finite
     */
    public Builder norms(double ofInput, double ofParameters) {
      if (!(ofInput > 0 && ofParameters > 0)
          || Double.isInfinite(ofInput)
          || Double.isInfinite(ofParameters)) {
        throw new SnnkException(
            subject(),
            "finite norms > 0",
            ofInput + " and " + ofParameters,
            null,
            "Give typical ‖x‖ and ‖w‖ of the layer.");
      }
      inputNorm = ofInput;
      parameterNorm = ofParameters;
      return this;
    }

    /** The largest frequency a; ∞ (all of them) by default. */
    public Builder bandLimit(double choice) {
      if (!(choice > 0)) {
        throw new SnnkException(
            subject(),
            "a band limit > 0",
            choice + "",
            null,
            "Activation.bias tells what a limit leaves out.");
      }
      limit = choice;
      return this;
    }

    /**
     * The parameter A of Eq. 9; 0 by default.
     *
     * @throws SnnkException if it is positive or not finite
     */
    public Builder exponent(double choice) {
      if (!(choice <= 0) || Double.isInfinite(choice)) {
        throw new SnnkException(
            subject(),
            "a finite A ≤ 0",
            choice + "",
            null,
            "A > 0 makes variance larger; optimalExponent finds the best.");
      }
      exponent = choice;
      optimal = false;
      return this;
    }

    /** The A ≤ 0 of least predicted second moment at the typical norms. */
    public Builder optimalExponent() {
      optimal = true;
      return this;
    }

    private DrawMoment moment(double ofExponent) {
      return new DrawMoment(factorization, inputs, ofExponent, spectrum.differences());
    }

    private double beta(DrawMoment moment, double a) {
      return UniversalRandomFeatures.beta(
          spectrum, moment, a, inputNorm * inputNorm, parameterNorm * parameterNorm);
    }

    /** log √E Y² of a weighted draw at typical norms, over two biases, for orthogonal x and w. */
    private double logTypical(DrawMoment moment, double a) {
      double even = spectrum.even(a);
      double odd = spectrum.odd(a);
      return logTypical(moment, a, even, odd) / 2;
    }

    private double logTypical(DrawMoment moment, double a, double even, double odd) {
      double beta = beta(moment, a);
      double xx = inputNorm * inputNorm;
      double ww = parameterNorm * parameterNorm;
      double first = moment.logSecondMoment(a, even, odd, beta, new DrawMoment.Pair(xx, ww, 0, 0));
      double second = moment.logSecondMoment(a, even, odd, beta, new DrawMoment.Pair(xx, ww, 0, 1));
      double most = Math.max(first, second);
      return most == Double.NEGATIVE_INFINITY
          ? most
          : most + StrictMath.log(StrictMath.exp(first - most) + StrictMath.exp(second - most));
    }

    /** log of the least second moment that any q gives. */
    private double logSecondMoment(double ofExponent, double ofLimit) {
      DrawMoment moment = moment(ofExponent);
      if (spectrum.atoms().isEmpty()) {
        return 2 * FrequencyDensity.logIntegral(a -> logTypical(moment, a), ofLimit, COARSE_CELLS);
      }
      double sum = 0;
      for (Spectrum.Atom atom : spectrum.atoms()) {
        sum += logTypical(moment, atom.frequency(), atom.even(), atom.odd());
      }
      return sum;
    }

    /** The band limit, or where what lies beyond is negligible even in the variance. */
    private double resolvedLimit() {
      if (!spectrum.atoms().isEmpty()) {
        return Double.POSITIVE_INFINITY;
      }
      boolean balanced = factorization == Factorization.BALANCED;
      double end =
          balanced
              ? spectrum.end(inputNorm * parameterNorm, 0)
              : spectrum.end(0, inputNorm * inputNorm);
      double last = Math.min(limit, end);
      if (Double.isInfinite(last)) {
        throw new InfeasibleReplacementException(
            subject(),
            "a band limit, without which the variance is finite only for " + finiteFor(),
            "none, and ‖x‖ = " + inputNorm + ", ‖w‖ = " + parameterNorm,
            "Set one; Activation.bias tells what it leaves out.");
      }
      return last;
    }

    private String finiteFor() {
      Spectrum.Decay decay = spectrum.decay();
      if (factorization == Factorization.BALANCED) {
        return decay.exponential() > 0
            ? String.format(Locale.ROOT, "‖x‖‖w‖ < %.4g", decay.exponential())
            : "no input";
      }
      return decay.gaussian() > 0
          ? String.format(Locale.ROOT, "‖x‖ < %.4g", Math.sqrt(decay.gaussian()))
          : "no input (Gaussian spectra aside)";
    }

    /** Golden section over A = −t/(1 − t), 0 ≤ t ≤ 0.95. */
    private double best(double ofLimit) {
      double ratio = (Math.sqrt(5) - 1) / 2;
      double low = 0;
      double high = 0.95;
      double left = high - ratio * (high - low);
      double right = low + ratio * (high - low);
      double atLeft = logSecondMoment(-left / (1 - left), ofLimit);
      double atRight = logSecondMoment(-right / (1 - right), ofLimit);
      while (high - low > 1e-4) {
        if (atLeft <= atRight) {
          high = right;
          right = left;
          atRight = atLeft;
          left = high - ratio * (high - low);
          atLeft = logSecondMoment(-left / (1 - left), ofLimit);
        } else {
          low = left;
          left = right;
          atLeft = atRight;
          right = low + ratio * (high - low);
          atRight = logSecondMoment(-right / (1 - right), ofLimit);
        }
      }
      double t = (low + high) / 2;
      return -t / (1 - t);
    }

    /**
     * The kernel.
     *
     * @throws InfeasibleReplacementException if there is no band limit and the variance is infinite
     * @throws SnnkException if the function is a straight line
     */
    public UniversalRandomFeatures build() {
      double resolved = resolvedLimit();
      return new UniversalRandomFeatures(this, optimal ? best(resolved) : exponent, resolved);
    }
  }

  /**
   * η of a balanced draw. In the limit a → 0 the second moment is e^(rβ²‖w‖²)/β² times a constant
   * for weights a⁻¹ of sin, /β⁴ for a⁻² of 1 − cos; this is least at β² = 1 or 2 over r‖w‖².
   */
  private static double beta(Spectrum spectrum, DrawMoment moment, double a, double xx, double ww) {
    if (moment.factorization() != Factorization.BALANCED) {
      return 1;
    }
    double balanced = a * StrictMath.sqrt(xx / ww);
    double least = 0;
    if (spectrum.atoms().isEmpty()) {
      least = spectrum.differences() ? 2 / ww : spectrum.odd(a) != 0 ? 1 / ww : 0;
    }
    return StrictMath.sqrt(Math.max(balanced, least) / StrictMath.sqrt(moment.shrink()));
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int features() {
    return 2 * draws + (hasConstant() ? 1 : 0) + (hasLinear() ? inputs : 0);
  }

  /** f. */
  public Activation activation() {
    return activation;
  }

  /** A. */
  public double exponent() {
    return moment.exponent();
  }

  /** The largest frequency, ∞ where they are single. */
  public double bandLimit() {
    return limit;
  }

  private boolean hasLinear() {
    return spectrum.linear() != 0;
  }

  private boolean hasConstant() {
    return spectrum.constant() != 0 || hasLinear() || spectrum.differences();
  }

  private boolean positive() {
    return moment.factorization() == Factorization.POSITIVE;
  }

  /** f with frequencies up to the band limit: what is estimated without bias. */
  public double expected(double z) {
    return spectrum.value(z, limit);
  }

  // ---- drawing ----

  /** Drawn once in each process; two threads that draw at once draw the same. */
  private Drawn drawn() {
    Drawn found = drawn;
    if (found == null) {
      found = draw();
      drawn = found;
    }
    return found;
  }

  private Drawn draw() {
    CounterRandom random = new CounterRandom(seed, FREQUENCY_STREAM);
    double[] g = projection.draw(draws, inputs, new CounterRandom(seed, DIRECTION_STREAM));
    double stretch = moment.stretch();
    double logD2 = inputs * StrictMath.log(stretch);
    double[] directions = new double[g.length];
    Drawn all =
        new Drawn(
            directions,
            new double[draws],
            new double[draws],
            new double[draws],
            new double[draws],
            new double[draws],
            new double[draws]);
    for (int j = 0; j < draws; j++) {
      double norm = 0;
      for (int k = 0; k < inputs; k++) {
        double v = g[j * inputs + k];
        norm += v * v;
        directions[k * draws + j] = stretch * v;
      }
      double share = weigh(j, random, all);
      all.even[j] *= share;
      all.odd[j] *= share;
      double a = all.a[j];
      all.beta[j] = beta(spectrum, moment, a, designX, designW);
      double beta2 = all.beta[j] * all.beta[j];
      all.growth[j] = positive() ? -a * a / 2 : a * a / (2 * beta2);
      all.logMass[j] = logD2 + 2 * exponent() * norm + all.growth[j] * designX;
    }
    return all;
  }

  /** Fills in frequency and weights of a draw; the result is one over its density and number. */
  private double weigh(int j, CounterRandom random, Drawn all) {
    if (density != null) {
      int index = frequencyPerBlock ? j / inputs : j;
      double a = density.draw(random, index);
      all.a[j] = a;
      all.even[j] = spectrum.even(a);
      all.odd[j] = spectrum.odd(a);
      return 1 / (density.at(a) * draws);
    }
    int atoms = spectrum.atoms().size();
    int which = j % atoms;
    Spectrum.Atom atom = spectrum.atoms().get(which);
    all.a[j] = atom.frequency();
    all.even[j] = atom.even();
    all.odd[j] = atom.odd();
    return 1.0 / drawsOf(which);
  }

  private int drawsOf(int atom) {
    int atoms = spectrum.atoms().size();
    return draws / atoms + (atom < draws % atoms ? 1 : 0);
  }

  // ---- towers ----

  private static double squaredNorm(double[] v, int from, int d) {
    double sum = 0;
    for (int k = 0; k < d; k++) {
      sum += v[from + k] * v[from + k];
    }
    return sum;
  }

  private String subject() {
    return "random features of '" + activation.key() + "'";
  }

  private SnnkException notFinite(String what, int index, double got) {
    return new SnnkException(
        subject(),
        "finite " + what,
        (Double.isNaN(got) ? "NaN" : "a value that is not, or whose square is not,")
            + " in row "
            + index,
        null,
        "Remove or replace such values.");
  }

  private InfeasibleReplacementException tooLarge(String what, int row, double exponent) {
    return new InfeasibleReplacementException(
        subject(),
        what + " whose features a double holds",
        "one with e^" + Math.round(exponent) + " in row " + row,
        "Scale the layer, set its typical norms or a lower band limit, or learn the read-out.");
  }

  /**
   * {@inheritDoc}
   *
   * <p><b>Scale</b>: e^(a²(‖x‖² − X₀)/2β²) times sine and cosine (or positive features), then 1
   * where there is a constant, then x where there is a linear part.
   *
   * @throws SnnkException if x is not finite, or its norm so far above the design's that a feature
   *     overflows
   */
  @Override
  public void inputTower(int n, double[] x, double[] out, int ldOut) {
    Drawn all = drawn();
    int stretch = Math.max(1, Math.min(n, Math.max(FEWEST_ROWS, INPUT_STRETCH / draws)));
    double[] dots = new double[stretch * draws];
    double[] phase = new double[TILE];
    double[] sine = new double[TILE];
    double[] size = new double[TILE];
    double[][] turns = tiles(turns(all));
    double[][] growth = tiles(all.growth);
    double most = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int j = 0; j < draws; j++) {
      most = Math.max(most, Math.abs(all.growth[j]));
      least = Math.min(least, Math.abs(all.growth[j]));
    }
    boolean sameSize = !positive() && most == least;
    for (int done = 0; done < n; done += stretch) {
      int rows = Math.min(stretch, n - done);
      Blas.backend()
          .multiply(rows, inputs, draws, x, done * inputs, inputs, all.directions, dots, 0, draws);
      for (int i = 0; i < rows; i++) {
        int row = done + i;
        double xx = squaredNorm(x, row * inputs, inputs);
        if (!Double.isFinite(xx)) {
          throw notFinite("inputs", row, xx);
        }
        double beyond = xx - designX;
        if (!positive() && most * beyond > VectorMath.MAX_EXPONENT) {
          throw tooLarge("inputs", row, most * beyond);
        }
        if (sameSize) {
          Arrays.fill(size, Math.exp(most * beyond));
        }
        int at = row * ldOut;
        for (int tile = 0; tile < turns.length; tile++) {
          int from = tile * TILE;
          int count = turns[tile].length;
          System.arraycopy(dots, i * draws + from, phase, 0, count);
          multiply(phase, turns[tile], count);
          if (positive()) {
            positiveFeatures(growth[tile], phase, beyond, size, sine, row);
          } else {
            VectorMath.sines(phase, sine, count);
            // In place: each phase is read before its cosine is written.
            VectorMath.cosines(phase, phase, count);
            if (!sameSize) {
              exponents(growth[tile], beyond, size);
              VectorMath.exp(size, count);
            }
            multiply(phase, size, count);
            multiply(sine, size, count);
          }
          System.arraycopy(phase, 0, out, at + from, count);
          System.arraycopy(sine, 0, out, at + draws + from, count);
        }
        at += 2 * draws;
        if (hasConstant()) {
          out[at++] = 1;
        }
        if (hasLinear()) {
          System.arraycopy(x, row * inputs, out, at, inputs);
        }
      }
    }
  }

  /**
   * {@link #inputTower} in other operations, which say nothing where a feature overflows: it is
   * infinite then.
   */
  public <B> B expressInputTower(BlockOperations<B> on, B x) {
    Drawn all = drawn();
    B beyond = on.add(on.sumOfSquares(x), -designX);
    B size = on.multiply(beyond, on.row(all.growth));
    B projected = on.multiply(on.product(x, draws, all.directions), on.row(turns(all)));
    List<B> parts = new ArrayList<>();
    if (positive()) {
      parts.add(on.apply(Function.EXP, on.add(size, projected)));
      parts.add(on.apply(Function.EXP, on.subtract(size, projected)));
    } else {
      B growth = on.apply(Function.EXP, size);
      B waves = VectorMath.cosinesAndSines(on, projected);
      parts.add(on.multiply(waves, on.concat(List.of(growth, growth))));
    }
    if (hasConstant()) {
      parts.add(on.add(on.multiply(beyond, 0), 1));
    }
    if (hasLinear()) {
      parts.add(x);
    }
    return on.concat(parts);
  }

  private static void multiply(double[] v, double[] factors, int count) {
    for (int j = 0; j < count; j++) {
      v[j] *= factors[j];
    }
  }

  private static void exponents(double[] growth, double beyond, double[] out) {
    for (int j = 0; j < growth.length; j++) {
      out[j] = growth[j] * beyond;
    }
  }

  /** Stretches of {@link #TILE}: arrays of one index, in the first-level cache all together. */
  private static double[][] tiles(double[] v) {
    double[][] tiles = new double[(v.length + TILE - 1) / TILE][];
    for (int t = 0; t < tiles.length; t++) {
      tiles[t] = Arrays.copyOfRange(v, t * TILE, Math.min(v.length, (t + 1) * TILE));
    }
    return tiles;
  }

  /** What s gᵀx is multiplied with: to turns where waves are made of it. */
  private double[] turns(Drawn all) {
    double[] turns = new double[draws];
    for (int j = 0; j < draws; j++) {
      turns[j] = positive() ? all.a[j] : all.a[j] / (2 * Math.PI * all.beta[j]);
    }
    return turns;
  }

  private void positiveFeatures(
      double[] growth, double[] dot, double beyond, double[] size, double[] mirrored, int row) {
    int count = growth.length;
    double most = 0;
    for (int j = 0; j < count; j++) {
      size[j] = growth[j] * beyond;
      mirrored[j] = size[j] - dot[j];
      dot[j] = size[j] + dot[j];
    }
    for (int j = 0; j < count; j++) {
      most = Math.max(most, Math.max(dot[j], mirrored[j]));
    }
    if (most > VectorMath.MAX_EXPONENT) {
      throw tooLarge("inputs", row, most);
    }
    VectorMath.exp(dot, count);
    VectorMath.exp(mirrored, count);
  }

  /**
   * The gradient by x of a function of Φ(x), from that by Φ(x), so that networks train through.
   *
   * <p><b>Shapes</b>: x n×d and phi n×features as {@link #inputTower} saw and left them, dPhi
   * n×features, all contiguous and not modified; dx n×d, overwritten. <b>Cost</b>: dm flops a row
   * and some 10 m; 4mn bytes.
   */
  public void inputGradient(int n, double[] x, double[] phi, double[] dPhi, double[] dx) {
    Drawn all = drawn();
    double[] byDirection = new double[draws * inputs];
    double[] rate = new double[draws];
    for (int j = 0; j < draws; j++) {
      rate[j] = positive() ? all.a[j] : all.a[j] / all.beta[j];
      for (int k = 0; k < inputs; k++) {
        byDirection[j * inputs + k] = all.directions[k * draws + j];
      }
    }
    double[] turned = new double[n * draws];
    double[] stretched = new double[n];
    for (int i = 0; i < n; i++) {
      int at = i * features();
      double sum = 0;
      for (int j = 0; j < draws; j++) {
        double first = phi[at + j];
        double second = phi[at + draws + j];
        double dFirst = dPhi[at + j];
        double dSecond = dPhi[at + draws + j];
        turned[i * draws + j] =
            rate[j]
                * (positive()
                    ? first * dFirst - second * dSecond
                    : first * dSecond - second * dFirst);
        sum += all.growth[j] * (first * dFirst + second * dSecond);
      }
      stretched[i] = 2 * sum;
    }
    Blas.backend().multiply(n, draws, inputs, turned, draws, byDirection, dx, inputs);
    int linear = 2 * draws + 1;
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < inputs; k++) {
        double appended = hasLinear() ? dPhi[i * features() + linear + k] : 0;
        dx[i * inputs + k] += stretched[i] * x[i * inputs + k] + appended;
      }
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws SnnkException if w or b is not finite, or a norm so large that a feature overflows
   */
  @Override
  public void parameterTower(int l, double[] w, double[] b, double[] out, int ldOut) {
    Drawn all = drawn();
    int stretch = Math.max(1, Math.min(l, STRETCH / draws));
    double[] dots = new double[stretch * draws];
    for (int done = 0; done < l; done += stretch) {
      int rows = Math.min(stretch, l - done);
      Blas.backend()
          .multiply(rows, inputs, draws, w, done * inputs, inputs, all.directions, dots, 0, draws);
      for (int i = 0; i < rows; i++) {
        int row = done + i;
        double ww = squaredNorm(w, row * inputs, inputs);
        if (!Double.isFinite(ww) || !Double.isFinite(b[row])) {
          throw notFinite("weights and biases", row, ww + b[row]);
        }
        unit(all, row, ww, b[row], dots, i * draws, out, row * ldOut);
        if (hasLinear()) {
          int at = row * ldOut + 2 * draws + 1;
          for (int k = 0; k < inputs; k++) {
            out[at + k] = spectrum.linear() * w[row * inputs + k];
          }
        }
      }
    }
  }

  /** One row of Ψ, but its linear part. */
  private void unit(
      Drawn all, int row, double ww, double b, double[] dots, int from, double[] out, int at) {
    double constant = spectrum.constant() + spectrum.linear() * b;
    double most = 0;
    for (int j = 0; j < draws; j++) {
      double log = logUnit(all, j, dots[from + j], ww);
      most = Math.max(most, log);
      double size = Math.exp(log);
      double turn = all.a[j] * b;
      double even = spectrum.differences() ? -all.even[j] : all.even[j];
      double odd = all.odd[j];
      if (positive()) {
        double up = dots[from + j] + turn;
        double down = turn - dots[from + j];
        out[at + j] = size / 2 * (even * Math.cos(up) + odd * Math.sin(up));
        out[at + draws + j] = size / 2 * (even * Math.cos(down) + odd * Math.sin(down));
      } else {
        double cos = Math.cos(turn);
        double sin = Math.sin(turn);
        out[at + j] = size * (even * cos + odd * sin);
        out[at + draws + j] = size * (odd * cos - even * sin);
      }
      if (spectrum.differences()) {
        double mass = Math.exp(log - all.growth[j] * designX);
        constant += all.even[j] * mass * (positive() ? Math.cos(dots[from + j]) : 1);
      }
    }
    if (most > VectorMath.MAX_EXPONENT) {
      throw tooLarge("weights", row, most);
    }
    if (hasConstant()) {
      out[at + 2 * draws] = constant;
    }
  }

  private double logUnit(Drawn all, int j, double dot, double ww) {
    double beta = all.beta[j];
    return all.logMass[j] + (positive() ? ww / 2 : beta * dot - beta * beta * ww / 2);
  }

  /**
   * Φ(x)·Ψ(w, b) for one input and one unit, with both exponents added before either is raised:
   * where the towers would overflow but their products do not, it still answers.
   *
   * <p><b>Shapes</b>: x and w of length d. <b>Cost</b>: some 4dm flops.
   *
   * @throws SnnkException if a number is not finite, or the estimate itself overflows
   */
  public double estimate(double[] x, double[] w, double b) {
    double xx = squaredNorm(x, 0, inputs);
    double ww = squaredNorm(w, 0, inputs);
    if (!Double.isFinite(xx + ww + b)) {
      throw notFinite("inputs, weights and bias", 0, xx + ww + b);
    }
    Drawn all = drawn();
    double[] pair = new double[2 * inputs];
    System.arraycopy(x, 0, pair, 0, inputs);
    System.arraycopy(w, 0, pair, inputs, inputs);
    double[] dots = new double[2 * draws];
    Blas.backend().multiply(2, inputs, draws, pair, 0, inputs, all.directions, dots, 0, draws);
    double[] log = new double[3 * draws];
    double[] factor = new double[3 * draws];
    double most = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < draws; j++) {
      double base = logUnit(all, j, dots[draws + j], ww);
      double control = base - all.growth[j] * designX;
      base += all.growth[j] * (xx - designX);
      double even = spectrum.differences() ? -all.even[j] : all.even[j];
      double turn = all.a[j] * b;
      double dotX = all.a[j] / all.beta[j] * dots[j];
      double dotW = dots[draws + j];
      if (positive()) {
        log[3 * j] = base + dotX;
        factor[3 * j] = (even * Math.cos(turn + dotW) + all.odd[j] * Math.sin(turn + dotW)) / 2;
        log[3 * j + 1] = base - dotX;
        factor[3 * j + 1] = (even * Math.cos(turn - dotW) + all.odd[j] * Math.sin(turn - dotW)) / 2;
      } else {
        log[3 * j] = base;
        factor[3 * j] = even * Math.cos(turn + dotX) + all.odd[j] * Math.sin(turn + dotX);
        log[3 * j + 1] = base;
      }
      log[3 * j + 2] = control;
      factor[3 * j + 2] =
          spectrum.differences() ? all.even[j] * (positive() ? Math.cos(dotW) : 1) : 0;
      for (int k = 0; k < 3; k++) {
        most = factor[3 * j + k] == 0 ? most : Math.max(most, log[3 * j + k]);
      }
    }
    double sum = 0;
    for (int i = 0; i < log.length; i++) {
      sum += factor[i] == 0 ? 0 : factor[i] * Math.exp(log[i] - most);
    }
    double value = most == Double.NEGATIVE_INFINITY ? 0 : Math.exp(most + Math.log(Math.abs(sum)));
    if (Double.isInfinite(value)) {
      throw tooLarge("estimates", 0, most);
    }
    double linear = 0;
    for (int k = 0; k < inputs; k++) {
      linear += x[k] * w[k];
    }
    return Math.copySign(value, sum) + spectrum.constant() + spectrum.linear() * (linear + b);
  }

  // ---- variance ----

  private double moment(double a, double even, double odd, DrawMoment.Pair pair) {
    double beta = beta(spectrum, moment, a, designX, designW);
    return StrictMath.exp(moment.logSecondMoment(a, even, odd, beta, pair));
  }

  private double mean(double a, double even, double odd, double z) {
    double half = StrictMath.sin(a * z / 2);
    double k = spectrum.differences() ? 2 * half * half : StrictMath.cos(a * z);
    return even * k + odd * StrictMath.sin(a * z);
  }

  /** The sum of squared block lengths over the squared number of draws. */
  private double blockShare() {
    int part = draws % inputs;
    double ofWhole = (double) (draws - part) * inputs;
    return (ofWhole + (double) part * part) / ((double) draws * draws);
  }

  /**
   * The variance of Φ(x)·Ψ(w, b) for independent directions, in closed form up to the integral over
   * frequencies. {@link Projection#ORTHOGONAL} directions have less where norms are small.
   *
   * @param inputNorm ‖x‖
   * @param parameterNorm ‖w‖
   * @param dot wᵀx
   * @param b the unit's bias
   * @return ∞ where a double does not hold it
   */
  public double variance(double inputNorm, double parameterNorm, double dot, double b) {
    DrawMoment.Pair pair =
        new DrawMoment.Pair(inputNorm * inputNorm, parameterNorm * parameterNorm, dot, b);
    double z = dot + b;
    if (density == null) {
      double sum = 0;
      for (int k = 0; k < spectrum.atoms().size(); k++) {
        Spectrum.Atom atom = spectrum.atoms().get(k);
        double mean = mean(atom.frequency(), atom.even(), atom.odd(), z);
        double second = moment(atom.frequency(), atom.even(), atom.odd(), pair);
        sum += (second - mean * mean) / drawsOf(k);
      }
      return sum;
    }
    double second = density.weighted(a -> moment(a, spectrum.even(a), spectrum.odd(a), pair));
    double ofMean =
        density.weighted(
            a -> {
              double mean = mean(a, spectrum.even(a), spectrum.odd(a), z);
              return mean * mean;
            });
    double random = expected(z) - spectrum.constant() - spectrum.linear() * z;
    double share = frequencyPerBlock ? blockShare() : 1.0 / draws;
    return (second - ofMean) / draws + (ofMean - random * random) * share;
  }

  /**
   * The root of the mean squared error of a layer's outputs that {@link #variance} predicts, bias
   * aside: the mean over all inputs and units.
   *
   * <p><b>Shapes</b>: x n×d, w l×d, b of length l. <b>Cost</b>: some 0.3 ms for each input and
   * unit.
   */
  public double layerRmse(int n, double[] x, int l, double[] w, double[] b) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      for (int u = 0; u < l; u++) {
        double dot = 0;
        for (int k = 0; k < inputs; k++) {
          dot += x[i * inputs + k] * w[u * inputs + k];
        }
        sum +=
            variance(
                Math.sqrt(squaredNorm(x, i * inputs, inputs)),
                Math.sqrt(squaredNorm(w, u * inputs, inputs)),
                dot,
                b[u]);
      }
    }
    return Math.sqrt(sum / ((double) n * l));
  }

  /**
   * The number m of random features for which {@link #variance} predicts a root mean squared error,
   * all other choices being the same.
   *
   * @param rmse what is wanted
   * @param inputNorm ‖x‖
   * @param parameterNorm ‖w‖
   * @param dot wᵀx
   * @param b the unit's bias
   * @throws InfeasibleReplacementException if it is above 2²⁰, or the band limit's bias at wᵀx + b
   *     is larger than what is wanted
   */
  public int featuresFor(
      double rmse, double inputNorm, double parameterNorm, double dot, double b) {
    if (!(rmse > 0)) {
      throw new SnnkException(
          subject(), "an rmse > 0", rmse + "", null, "No number of features has none.");
    }
    double bias = Math.abs(activation.value(dot + b) - expected(dot + b));
    if (bias > rmse) {
      throw new InfeasibleReplacementException(
          subject(),
          "a bias below the wanted rmse of " + rmse,
          String.format(Locale.ROOT, "%.3g at z = %.3g with band limit %.3g", bias, dot + b, limit),
          "Raise the band limit.");
    }
    double needed = needed(rmse * rmse - bias * bias, inputNorm, parameterNorm, dot, b);
    if (!(needed <= MOST_FEATURES)) {
      throw hopeless(needed, rmse, inputNorm, parameterNorm);
    }
    return 2 * (int) Math.ceil(needed / 2);
  }

  private double needed(
      double variance, double inputNorm, double parameterNorm, double dot, double b) {
    return 2 * variance(inputNorm, parameterNorm, dot, b) * draws / variance;
  }

  private InfeasibleReplacementException hopeless(
      double needed, double rmse, double inputNorm, double parameterNorm) {
    return new InfeasibleReplacementException(
        subject(),
        "‖x‖‖w‖ of order 1",
        String.format(
            Locale.ROOT,
            "%.3g, where an rmse of %s needs 10^%.1f features",
            inputNorm * parameterNorm,
            rmse,
            Math.log10(needed)),
        "Learn the read-out of random features instead, scale the layer, or take ReLU-SNNK, whose"
            + " relative variance does not depend on norms.");
  }

  /**
   * A sentence where replacing a layer of the design's norms is hopeless: an rmse of 0.1 for
   * orthogonal x and w takes more than 2²⁰ features; empty elsewhere.
   */
  public Optional<String> warning() {
    try {
      requireAffordable();
      return Optional.empty();
    } catch (InfeasibleReplacementException hopeless) {
      return Optional.of(hopeless.getMessage());
    }
  }

  /**
   * Passes where {@link #warning} has nothing to say.
   *
   * @throws InfeasibleReplacementException where it has
   */
  public void requireAffordable() {
    double needed = needed(0.01, inputNorm, parameterNorm, 0, 0);
    if (!(needed <= MOST_FEATURES)) {
      throw hopeless(needed, 0.1, inputNorm, parameterNorm);
    }
  }

  /** Multiplications and additions of a row's products. */
  public long flops() {
    return 2L * inputs * draws;
  }

  /**
   * Writes the specification.
   *
   * @throws SnnkException if the activation has no name that {@link Activation#of} knows
   */
  public void write(DataOutput out) throws IOException {
    out.writeUTF(Activation.of(activation.key()).key());
    out.writeInt(inputs);
    out.writeInt(2 * draws);
    out.writeUTF(moment.factorization().key());
    out.writeUTF(projection.key());
    out.writeBoolean(frequencyPerBlock);
    out.writeLong(seed);
    out.writeDouble(inputNorm);
    out.writeDouble(parameterNorm);
    out.writeDouble(limit);
    out.writeDouble(exponent());
  }

  /** Reads what {@link #write} wrote. */
  public static UniversalRandomFeatures read(DataInput in) throws IOException {
    return of(Activation.of(in.readUTF()), in.readInt(), in.readInt())
        .factorization(Factorization.of(in.readUTF()))
        .projection(Projection.of(in.readUTF()))
        .frequencyPerBlock(in.readBoolean())
        .seed(in.readLong())
        .norms(in.readDouble(), in.readDouble())
        .bandLimit(in.readDouble())
        .exponent(in.readDouble())
        .build();
  }

  @Override
  public String describe() {
    return String.format(
        Locale.ROOT,
        "universal random features(%s, m=%d, d=%d, %s, A=%.4g%s, ‖x‖≈%.4g, ‖w‖≈%.4g, %s%s, seed=%d)",
        activation.key(),
        2 * draws,
        inputs,
        moment.factorization().key(),
        exponent(),
        limit < Double.POSITIVE_INFINITY ? String.format(Locale.ROOT, ", a≤%.4g", limit) : "",
        Math.sqrt(designX),
        Math.sqrt(designW),
        projection.key(),
        frequencyPerBlock ? " with one frequency a block" : "",
        seed);
  }
}
