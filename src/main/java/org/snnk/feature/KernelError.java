package org.snnk.feature;

import java.util.Arrays;
import java.util.List;
import org.snnk.linalg.Blas;
import org.snnk.random.CounterRandom;

/**
 * How far towers are from the units and layers that they estimate (Scalable Neural Network Kernels,
 * Section 4.1), on inputs and weights that are drawn.
 *
 * <p><b>Deterministic</b>: a function of the arguments.
 */
public final class KernelError {
  private static final long INPUT_STREAM = 0x6B6578L;
  private static final long WEIGHT_STREAM = 0x6B6577L;

  /** Inputs of a layer. */
  public static final int LAYER_ROWS = 256;

  /** Units of a layer. */
  public static final int LAYER_UNITS = 64;

  /** Rows and units among which a layer's error is predicted: each pair takes 0.3 ms. */
  private static final int PREDICTED = 8;

  private KernelError() {}

  /**
   * The mean and the variance of some draws.
   *
   * @param variance of the numbers around their mean, unbiased
   */
  public record Sample(double mean, double variance) {
    /** Of two numbers or more. */
    public static Sample of(double[] values) {
      double sum = 0;
      for (double v : values) {
        sum += v;
      }
      double mean = sum / values.length;
      double squares = 0;
      for (double v : values) {
        squares += (v - mean) * (v - mean);
      }
      return new Sample(mean, squares / (values.length - 1));
    }

    /** √variance. */
    public double deviation() {
      return Math.sqrt(variance);
    }
  }

  /**
   * The relative error |Φ(x)·Ψ(w, b) − f|/|f| of each unit and width, for one x and w with entries
   * uniform on (0, 1)/√d and towers drawn for them.
   *
   * @param widths every m
   * @param number of the draw
   * @return widths of the first unit, then of the next
   */
  public static double[] relative(
      List<? extends EstimatedUnit> units,
      int d,
      List<Integer> widths,
      double bias,
      long seed,
      int number) {
    double norm = Math.sqrt(1.0 / 3); // of Unif(0, 1)/√d
    CounterRandom random = new CounterRandom(seed, INPUT_STREAM);
    double[] x = uniform(d, random, number);
    double[] w = uniform(d, random.stream(WEIGHT_STREAM), number);
    double[] error = new double[units.size() * widths.size()];
    int place = 0;
    for (EstimatedUnit unit : units) {
      double b = unit.bias(bias);
      double exact = unit.exact(x, w, b);
      for (int m : widths) {
        SnnkKernel kernel = unit.kernel(d, m, norm, norm, seed + number);
        error[place++] = Math.abs(estimate(kernel, x, w, b) - exact) / Math.abs(exact);
      }
    }
    return error;
  }

  /**
   * How many draws of towers spread around one unit.
   *
   * @param exact the unit
   * @param expected what the towers' mean should be
   * @param predicted the variance that theory has for independent directions
   * @param draws of the measured mean and variance
   */
  public record Spread(
      double exact, double expected, double predicted, int draws, Sample measured) {
    /** What towers of a limited band are off by on the mean. */
    public double bandLimitBias() {
      return expected - exact;
    }

    /** How many of its own standard errors the mean is off. */
    public double standardErrorsOff() {
      return (measured.mean - expected) / Math.sqrt(measured.variance / draws);
    }

    /** The measured variance over the predicted one. */
    public double ratio() {
      return measured.variance / predicted;
    }
  }

  /**
   * Draws towers again and again for one x and w.
   *
   * @param norm of x and w, whose directions are Gaussian
   */
  public static Spread spread(
      EstimatedUnit unit, int d, int m, double norm, double bias, int draws, long seed) {
    CounterRandom random = new CounterRandom(seed, INPUT_STREAM);
    double[] x = direction(d, random, 0, norm);
    double[] w = direction(d, random.stream(WEIGHT_STREAM), 0, norm);
    double b = unit.bias(bias);
    SnnkKernel design = unit.kernel(d, m, norm, norm, seed);
    double[] estimates = new double[draws];
    for (int i = 0; i < draws; i++) {
      SnnkKernel kernel =
          design instanceof UniversalRandomFeatures urf
              ? urf.withSeed(seed + i)
              : unit.kernel(d, m, norm, norm, seed + i);
      estimates[i] = estimate(kernel, x, w, b);
    }
    return new Spread(
        unit.exact(x, w, b),
        unit.expected(design, x, w, b),
        unit.variance(design, x, w, b),
        draws,
        Sample.of(estimates));
  }

  /**
   * How far one draw of towers is from a layer of {@link #LAYER_UNITS} units on {@link #LAYER_ROWS}
   * inputs.
   *
   * @param rmse of all outputs
   * @param predictedRmse by bias and variance of some of them
   * @param relative the rmse over the root of the outputs' mean square
   */
  public record Layer(double rmse, double predictedRmse, double relative) {}

  /**
   * Draws a layer and its towers.
   *
   * @param norm of inputs and weights, whose directions are Gaussian
   */
  public static Layer layer(EstimatedUnit unit, int d, int m, double norm, double bias, long seed) {
    CounterRandom random = new CounterRandom(seed, INPUT_STREAM);
    double[] x = new double[LAYER_ROWS * d];
    double[] w = new double[LAYER_UNITS * d];
    double[] b = new double[LAYER_UNITS];
    for (int i = 0; i < LAYER_ROWS; i++) {
      System.arraycopy(direction(d, random, i + 1, norm), 0, x, i * d, d);
    }
    for (int u = 0; u < LAYER_UNITS; u++) {
      System.arraycopy(direction(d, random.stream(WEIGHT_STREAM), u + 1, norm), 0, w, u * d, d);
      b[u] = unit.bias(bias);
    }
    SnnkKernel kernel = unit.kernel(d, m, norm, norm, seed);
    double[] outputs = outputs(kernel, x, w, b);
    double square = 0;
    double whole = 0;
    double predicted = 0;
    int pairs = 0;
    for (int i = 0; i < LAYER_ROWS; i++) {
      double[] xi = Arrays.copyOfRange(x, i * d, (i + 1) * d);
      for (int u = 0; u < LAYER_UNITS; u++) {
        double[] wu = Arrays.copyOfRange(w, u * d, (u + 1) * d);
        double exact = unit.exact(xi, wu, b[u]);
        double off = outputs[i * LAYER_UNITS + u] - exact;
        square += off * off;
        whole += exact * exact;
        if (i < PREDICTED && u < PREDICTED) {
          double expectedOff = unit.expected(kernel, xi, wu, b[u]) - exact;
          predicted += unit.variance(kernel, xi, wu, b[u]) + expectedOff * expectedOff;
          pairs++;
        }
      }
    }
    return new Layer(
        Math.sqrt(square / outputs.length),
        Math.sqrt(predicted / pairs),
        Math.sqrt(square / whole));
  }

  /** Φ(X)Ψ(W, b)ᵀ. */
  private static double[] outputs(SnnkKernel kernel, double[] x, double[] w, double[] b) {
    int width = kernel.features();
    double[] phi = new double[LAYER_ROWS * width];
    double[] psi = new double[LAYER_UNITS * width];
    kernel.inputTower(LAYER_ROWS, x, phi, width);
    kernel.parameterTower(LAYER_UNITS, w, b, psi, width);
    double[] transposed = new double[psi.length];
    for (int u = 0; u < LAYER_UNITS; u++) {
      for (int j = 0; j < width; j++) {
        transposed[j * LAYER_UNITS + u] = psi[u * width + j];
      }
    }
    double[] outputs = new double[LAYER_ROWS * LAYER_UNITS];
    Blas.backend()
        .multiply(LAYER_ROWS, width, LAYER_UNITS, phi, width, transposed, outputs, LAYER_UNITS);
    return outputs;
  }

  /** Φ(x)·Ψ(w, b). */
  static double estimate(SnnkKernel kernel, double[] x, double[] w, double b) {
    int m = kernel.features();
    double[] phi = new double[m];
    double[] psi = new double[m];
    kernel.inputTower(1, x, phi, m);
    kernel.parameterTower(1, w, new double[] {b}, psi, m);
    return EstimatedUnit.dot(phi, psi);
  }

  /** Entries uniform on (0, 1) over √d, as in the paper's Section 4.1. */
  private static double[] uniform(int d, CounterRandom random, long number) {
    double[] v = new double[d];
    for (int k = 0; k < d; k++) {
      v[k] = random.uniform(number * d + k) / Math.sqrt(d);
    }
    return v;
  }

  /** A Gaussian direction of a given norm. */
  private static double[] direction(int d, CounterRandom random, long index, double norm) {
    double[] v = new double[d];
    for (int k = 0; k < d; k++) {
      v[k] = random.gaussian(index * d + k);
    }
    double scale = norm / Math.sqrt(EstimatedUnit.dot(v, v));
    for (int k = 0; k < d; k++) {
      v[k] *= scale;
    }
    return v;
  }
}
