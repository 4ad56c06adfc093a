package org.snnk.jobs.kernel;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.snnk.feature.Factorization;
import org.snnk.feature.Projection;
import org.snnk.feature.SnnkKernel;
import org.snnk.feature.UniversalRandomFeatures;
import org.snnk.linalg.Blas;
import org.snnk.random.CounterRandom;

/**
 * Measures kernels, each instantiation a function of the seed and its number, so that figures do
 * not depend on tasks. A task returns a few numbers for each instantiation; the driver adds them in
 * order.
 */
public final class KernelErrors {
  private static final long INPUT_STREAM = 0x6B6578L;
  private static final long WEIGHT_STREAM = 0x6B6577L;
  private static final int LAYER_ROWS = 256;
  private static final int LAYER_UNITS = 64;

  /** Rows and units among which a layer's error is predicted: each pair takes 0.3 ms. */
  private static final int PREDICTED = 8;

  private KernelErrors() {}

  /**
   * What is measured, and at what size.
   *
   * @param kernels of the experiment projections: activations and {@link #arcCosineNames}
   * @param activations of the other experiments, likewise
   * @param factorizations of all; layer takes the first
   * @param projections of the experiment variance; the others take the first
   * @param numRandomFeatures every m; variance takes the first
   * @param projectionInputs d of the experiment projections
   * @param inputs every d of variance; layer takes the last
   * @param norms every ‖x‖ = ‖w‖ of variance; layer takes the last
   * @param bias b
   * @param bandLimit of densities of frequencies
   * @param instantiations how often each kernel is drawn
   * @param seed of everything
   */
  public record Setup(
      List<String> kernels,
      List<String> activations,
      List<Factorization> factorizations,
      List<Projection> projections,
      List<Integer> numRandomFeatures,
      int projectionInputs,
      List<Integer> inputs,
      List<Double> norms,
      double bias,
      double bandLimit,
      int instantiations,
      long seed)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Copies the lists into ones that can be sent. */
    public Setup {
      kernels = new ArrayList<>(kernels);
      activations = new ArrayList<>(activations);
      factorizations = new ArrayList<>(factorizations);
      projections = new ArrayList<>(projections);
      numRandomFeatures = new ArrayList<>(numRandomFeatures);
      inputs = new ArrayList<>(inputs);
      norms = new ArrayList<>(norms);
    }

    int lastInputs() {
      return inputs.get(inputs.size() - 1);
    }

    double lastNorm() {
      return norms.get(norms.size() - 1);
    }
  }

  /** Runs one experiment; the result is a row of the table for each thing measured. */
  public static List<Map<String, Object>> run(
      JavaSparkContext spark, Setup setup, Experiment experiment) {
    return switch (experiment) {
      case PROJECTIONS -> projections(spark, setup);
      case VARIANCE -> variance(spark, setup);
      case LAYER -> layer(spark, setup);
    };
  }

  /** The kernels that are no activations: arc-cosine kernels of order 0, 1 and 2. */
  public static List<String> arcCosineNames() {
    return Subject.ArcCosine.NAMES;
  }

  /** What a kernel of some name is measured as: by every factorization, where it has one. */
  private static List<Subject> subjects(
      String kernel, List<Factorization> factorizations, Projection projection, double bandLimit) {
    int order = Subject.ArcCosine.NAMES.indexOf(kernel);
    if (order >= 0) {
      return List.of(new Subject.ArcCosine(order, projection));
    }
    List<Subject> subjects = new ArrayList<>();
    for (Factorization factorization : factorizations) {
      subjects.add(new Subject.Urf(kernel, factorization, projection, bandLimit));
    }
    return subjects;
  }

  private static Map<String, Object> row(Object... keysAndValues) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      row.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return row;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    return sum / values.length;
  }

  private static double variance(double[] values) {
    double mean = mean(values);
    double sum = 0;
    for (double v : values) {
      sum += (v - mean) * (v - mean);
    }
    return sum / (values.length - 1);
  }

  /** Φ(x)·Ψ(w, b). */
  private static double estimate(SnnkKernel kernel, double[] x, double[] w, double b) {
    int m = kernel.features();
    double[] phi = new double[m];
    double[] psi = new double[m];
    kernel.inputTower(1, x, phi, m);
    kernel.parameterTower(1, w, new double[] {b}, psi, m);
    return Subject.dot(phi, psi);
  }

  /** Entries uniform on (0, 1) over √d, as in the paper's Section 4.1. */
  private static double[] uniform(int d, CounterRandom random, long instantiation) {
    double[] v = new double[d];
    for (int k = 0; k < d; k++) {
      v[k] = random.uniform(instantiation * d + k) / Math.sqrt(d);
    }
    return v;
  }

  /** A Gaussian direction of a given norm. */
  private static double[] direction(int d, CounterRandom random, long index, double norm) {
    double[] v = new double[d];
    for (int k = 0; k < d; k++) {
      v[k] = random.gaussian(index * d + k);
    }
    double scale = norm / Math.sqrt(Subject.dot(v, v));
    for (int k = 0; k < d; k++) {
      v[k] *= scale;
    }
    return v;
  }

  /**
   * One number for each place and instantiation, from as many tasks as there are instantiations.
   */
  private static double[][] instantiate(
      JavaSparkContext spark, int places, int instantiations, Instantiation instantiation) {
    List<Integer> numbers = IntStream.range(0, instantiations).boxed().toList();
    int tasks = Math.min(instantiations, 4 * spark.defaultParallelism());
    List<double[]> found = spark.parallelize(numbers, tasks).map(instantiation::measure).collect();
    double[][] byPlace = new double[places][instantiations];
    for (int i = 0; i < instantiations; i++) {
      for (int p = 0; p < places; p++) {
        byPlace[p][i] = found.get(i)[p];
      }
    }
    return byPlace;
  }

  /** What a task does with the number of an instantiation. */
  @FunctionalInterface
  private interface Instantiation extends Serializable {
    double[] measure(int number);
  }

  // ---- projections ----

  private static List<Map<String, Object>> projections(JavaSparkContext spark, Setup setup) {
    ArrayList<Subject> subjects = new ArrayList<>();
    for (String kernel : setup.kernels()) {
      subjects.addAll(
          subjects(kernel, setup.factorizations(), setup.projections().get(0), setup.bandLimit()));
    }
    int d = setup.projectionInputs();
    double norm = Math.sqrt(1.0 / 3); // of Unif(0, 1)/√d
    ArrayList<Integer> widths = new ArrayList<>(setup.numRandomFeatures());
    double[][] errors =
        instantiate(
            spark,
            subjects.size() * widths.size(),
            setup.instantiations(),
            number -> {
              CounterRandom random = new CounterRandom(setup.seed(), INPUT_STREAM);
              double[] x = uniform(d, random, number);
              double[] w = uniform(d, random.stream(WEIGHT_STREAM), number);
              double[] error = new double[subjects.size() * widths.size()];
              int place = 0;
              for (Subject subject : subjects) {
                double b = subject.bias(setup.bias());
                double exact = subject.exact(x, w, b);
                for (int m : widths) {
                  SnnkKernel kernel = subject.kernel(d, m, norm, norm, setup.seed() + number);
                  double estimate = estimate(kernel, x, w, b);
                  error[place++] = Math.abs(estimate - exact) / Math.abs(exact);
                }
              }
              return error;
            });
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int s = 0; s < subjects.size(); s++) {
      for (int k = 0; k < widths.size(); k++) {
        double[] error = errors[s * widths.size() + k];
        rows.add(
            row(
                "kernel", subjects.get(s).name(),
                "d", d,
                "m", widths.get(k),
                "relativeError", mean(error),
                "standardDeviation", Math.sqrt(variance(error))));
      }
    }
    return rows;
  }

  // ---- variance ----

  private static List<Map<String, Object>> variance(JavaSparkContext spark, Setup setup) {
    ArrayList<Subject> subjects = new ArrayList<>();
    for (String activation : setup.activations()) {
      for (Projection projection : setup.projections()) {
        subjects.addAll(
            subjects(activation, setup.factorizations(), projection, setup.bandLimit()));
      }
    }
    int m = setup.numRandomFeatures().get(0);
    List<Integer> numbers =
        IntStream.range(0, subjects.size() * setup.inputs().size() * setup.norms().size())
            .boxed()
            .toList();
    // One task for each subject and size: its design is made once and drawn many times.
    return new ArrayList<>(
        spark
            .parallelize(numbers, numbers.size())
            .map(
                number -> {
                  int sizes = setup.inputs().size() * setup.norms().size();
                  Subject subject = subjects.get(number / sizes);
                  int d = setup.inputs().get(number % sizes / setup.norms().size());
                  double norm = setup.norms().get(number % setup.norms().size());
                  return varianceOf(setup, subject, d, norm, m);
                })
            .collect());
  }

  private static Map<String, Object> varianceOf(
      Setup setup, Subject subject, int d, double norm, int m) {
    CounterRandom random = new CounterRandom(setup.seed(), INPUT_STREAM);
    double[] x = direction(d, random, 0, norm);
    double[] w = direction(d, random.stream(WEIGHT_STREAM), 0, norm);
    double b = subject.bias(setup.bias());
    SnnkKernel design = subject.kernel(d, m, norm, norm, setup.seed());
    double[] estimates = new double[setup.instantiations()];
    for (int i = 0; i < estimates.length; i++) {
      SnnkKernel kernel =
          design instanceof UniversalRandomFeatures urf
              ? urf.withSeed(setup.seed() + i)
              : subject.kernel(d, m, norm, norm, setup.seed() + i);
      estimates[i] = estimate(kernel, x, w, b);
    }
    double measured = variance(estimates);
    double predicted = subject.variance(design, x, w, b);
    double exact = subject.exact(x, w, b);
    double expected = subject.expected(design, x, w, b);
    return row(
        "kernel", subject.name(),
        "d", d,
        "norm", norm,
        "m", m,
        "exact", exact,
        "bandLimitBias", expected - exact,
        "standardErrorsOff", (mean(estimates) - expected) / Math.sqrt(measured / estimates.length),
        "predictedVariance", predicted,
        "measuredVariance", measured,
        "ratio", measured / predicted);
  }

  // ---- layer ----

  private static List<Map<String, Object>> layer(JavaSparkContext spark, Setup setup) {
    int d = setup.lastInputs();
    double norm = setup.lastNorm();
    ArrayList<Integer> widths = new ArrayList<>(setup.numRandomFeatures());
    ArrayList<Subject> subjects = new ArrayList<>();
    for (String activation : setup.activations()) {
      subjects.addAll(
          subjects(
              activation,
              setup.factorizations().subList(0, 1),
              setup.projections().get(0),
              setup.bandLimit()));
    }
    List<Integer> numbers = IntStream.range(0, subjects.size() * widths.size()).boxed().toList();
    return new ArrayList<>(
        spark
            .parallelize(numbers, numbers.size())
            .map(
                number ->
                    layerOf(
                        setup,
                        subjects.get(number / widths.size()),
                        d,
                        norm,
                        widths.get(number % widths.size())))
            .collect());
  }

  private static Map<String, Object> layerOf(
      Setup setup, Subject subject, int d, double norm, int m) {
    CounterRandom random = new CounterRandom(setup.seed(), INPUT_STREAM);
    double[] x = new double[LAYER_ROWS * d];
    double[] w = new double[LAYER_UNITS * d];
    double[] b = new double[LAYER_UNITS];
    for (int i = 0; i < LAYER_ROWS; i++) {
      System.arraycopy(direction(d, random, i + 1, norm), 0, x, i * d, d);
    }
    for (int u = 0; u < LAYER_UNITS; u++) {
      System.arraycopy(direction(d, random.stream(WEIGHT_STREAM), u + 1, norm), 0, w, u * d, d);
      b[u] = subject.bias(setup.bias());
    }
    SnnkKernel kernel = subject.kernel(d, m, norm, norm, setup.seed());
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
    double square = 0;
    double whole = 0;
    double predicted = 0;
    int pairs = 0;
    for (int i = 0; i < LAYER_ROWS; i++) {
      double[] xi = Arrays.copyOfRange(x, i * d, (i + 1) * d);
      for (int u = 0; u < LAYER_UNITS; u++) {
        double[] wu = Arrays.copyOfRange(w, u * d, (u + 1) * d);
        double exact = subject.exact(xi, wu, b[u]);
        double off = outputs[i * LAYER_UNITS + u] - exact;
        square += off * off;
        whole += exact * exact;
        if (i < PREDICTED && u < PREDICTED) {
          double bias = subject.expected(kernel, xi, wu, b[u]) - exact;
          predicted += subject.variance(kernel, xi, wu, b[u]) + bias * bias;
          pairs++;
        }
      }
    }
    int outputsInAll = LAYER_ROWS * LAYER_UNITS;
    return row(
        "kernel", subject.name(),
        "d", d,
        "norm", norm,
        "units", LAYER_UNITS,
        "rows", LAYER_ROWS,
        "m", m,
        "rmse", Math.sqrt(square / outputsInAll),
        "predictedRmse", Math.sqrt(predicted / pairs),
        "relativeError", Math.sqrt(square / whole));
  }
}
