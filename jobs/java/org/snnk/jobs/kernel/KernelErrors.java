package org.snnk.jobs.kernel;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.snnk.feature.EstimatedUnit;
import org.snnk.feature.Factorization;
import org.snnk.feature.KernelError;
import org.snnk.feature.Projection;

/**
 * Measures kernels in tasks: what a task returns is a function of the seed and of what it was
 * asked, and the driver adds in order, so figures do not depend on tasks.
 */
public final class KernelErrors {
  private KernelErrors() {}

  /**
   * What is measured, and at what size.
   *
   * @param kernels of the experiment projections: activations and {@link EstimatedUnit#ARC_COSINES}
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

  private static Map<String, Object> row(Object... keysAndValues) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      row.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return row;
  }

  private static List<EstimatedUnit> units(
      List<String> names,
      List<Factorization> factorizations,
      List<Projection> projections,
      double bandLimit) {
    List<EstimatedUnit> units = new ArrayList<>();
    for (String name : names) {
      for (Projection projection : projections) {
        units.addAll(EstimatedUnit.of(name, factorizations, projection, bandLimit));
      }
    }
    return units;
  }

  /** The answers to some questions in their order, each a task. */
  private static <T> List<Map<String, Object>> each(
      JavaSparkContext spark, List<T> questions, Function<T, Map<String, Object>> answer) {
    return new ArrayList<>(spark.parallelize(questions, questions.size()).map(answer).collect());
  }

  // ---- projections ----

  private static List<Map<String, Object>> projections(JavaSparkContext spark, Setup setup) {
    List<EstimatedUnit> units =
        units(
            setup.kernels(),
            setup.factorizations(),
            setup.projections().subList(0, 1),
            setup.bandLimit());
    int d = setup.projectionInputs();
    ArrayList<Integer> widths = new ArrayList<>(setup.numRandomFeatures());
    int instantiations = setup.instantiations();
    List<Integer> numbers = IntStream.range(0, instantiations).boxed().toList();
    List<double[]> errors =
        spark
            .parallelize(numbers, Math.min(instantiations, 4 * spark.defaultParallelism()))
            .map(
                number ->
                    KernelError.relative(units, d, widths, setup.bias(), setup.seed(), number))
            .collect();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int place = 0; place < units.size() * widths.size(); place++) {
      int at = place;
      KernelError.Sample sample =
          KernelError.Sample.of(errors.stream().mapToDouble(error -> error[at]).toArray());
      rows.add(
          row(
              "kernel", units.get(place / widths.size()).name(),
              "d", d,
              "m", widths.get(place % widths.size()),
              "relativeError", sample.mean(),
              "standardDeviation", sample.deviation()));
    }
    return rows;
  }

  // ---- variance ----

  /** A unit at a size: its design is made once and drawn many times. */
  private record Place(EstimatedUnit unit, int d, double norm, int m) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  private static List<Map<String, Object>> variance(JavaSparkContext spark, Setup setup) {
    int m = setup.numRandomFeatures().get(0);
    List<Place> places = new ArrayList<>();
    for (EstimatedUnit unit :
        units(
            setup.activations(), setup.factorizations(), setup.projections(), setup.bandLimit())) {
      for (int d : setup.inputs()) {
        for (double norm : setup.norms()) {
          places.add(new Place(unit, d, norm, m));
        }
      }
    }
    return each(spark, places, place -> varianceOf(setup, place));
  }

  private static Map<String, Object> varianceOf(Setup setup, Place place) {
    KernelError.Spread spread =
        KernelError.spread(
            place.unit,
            place.d,
            place.m,
            place.norm,
            setup.bias(),
            setup.instantiations(),
            setup.seed());
    return row(
        "kernel", place.unit.name(),
        "d", place.d,
        "norm", place.norm,
        "m", place.m,
        "exact", spread.exact(),
        "bandLimitBias", spread.bandLimitBias(),
        "standardErrorsOff", spread.standardErrorsOff(),
        "predictedVariance", spread.predicted(),
        "measuredVariance", spread.measured().variance(),
        "ratio", spread.ratio());
  }

  // ---- layer ----

  private static List<Map<String, Object>> layer(JavaSparkContext spark, Setup setup) {
    List<Place> places = new ArrayList<>();
    for (EstimatedUnit unit :
        units(
            setup.activations(),
            setup.factorizations().subList(0, 1),
            setup.projections().subList(0, 1),
            setup.bandLimit())) {
      for (int m : setup.numRandomFeatures()) {
        places.add(new Place(unit, setup.lastInputs(), setup.lastNorm(), m));
      }
    }
    return each(spark, places, place -> layerOf(setup, place));
  }

  private static Map<String, Object> layerOf(Setup setup, Place place) {
    KernelError.Layer layer =
        KernelError.layer(place.unit, place.d, place.m, place.norm, setup.bias(), setup.seed());
    return row(
        "kernel", place.unit.name(),
        "d", place.d,
        "norm", place.norm,
        "units", KernelError.LAYER_UNITS,
        "rows", KernelError.LAYER_ROWS,
        "m", place.m,
        "rmse", layer.rmse(),
        "predictedRmse", layer.predictedRmse(),
        "relativeError", layer.relative());
  }
}
