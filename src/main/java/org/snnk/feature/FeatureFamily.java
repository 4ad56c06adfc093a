package org.snnk.feature;

import java.util.ArrayList;
import java.util.List;
import org.snnk.NearestName;
import org.snnk.SnnkException;

/**
 * What is known of a feature map before the rows are: all but the number of inputs and the length
 * scale.
 *
 * @param kind one of {@link #kinds}
 * @param numRandomFeatures m, without a linear block
 * @param projection how directions are drawn; not used by power series, which take signs
 * @param coefficients of polynomials and power series
 * @param inputNorm whether polynomials see ‖x‖ too
 * @param linear whether the inputs stand behind the features
 */
public record FeatureFamily(
    String kind,
    int numRandomFeatures,
    Projection projection,
    List<Double> coefficients,
    boolean inputNorm,
    boolean linear) {

  /** Of polynomials where none are given: z + z² + z³. */
  public static final List<Double> POLYNOMIAL = List.of(0.0, 1.0, 1.0, 1.0);

  /** Of power series where none are given: those of eᶻ. */
  public static final List<Double> EXPONENTIAL =
      List.of(1.0, 1.0, 1 / 2.0, 1 / 6.0, 1 / 24.0, 1 / 120.0, 1 / 720.0);

  /**
   * Checks what can be checked without inputs.
   *
   * @throws SnnkException if an option is out of its range, or two do not go together
   */
  public FeatureFamily {
    coefficients = List.copyOf(coefficients);
    if (!kinds().contains(kind)) {
      throw new SnnkException(
          "features.map",
          "one of " + String.join(", ", kinds()),
          "'" + kind + "'",
          null,
          NearestName.question(kind, kinds(), "Choose one of them."));
    }
    boolean products =
        kind.equals(ProductFeatures.POLYNOMIAL) || kind.equals(ProductFeatures.POWER_SERIES);
    if (!products && !coefficients.isEmpty()) {
      throw unused("features.coefficients", coefficients + "", kind);
    }
    if (inputNorm && !kind.equals(ProductFeatures.POLYNOMIAL)) {
      throw unused("features.inputNorm", "true", kind);
    }
  }

  private static SnnkException unused(String option, String got, String kind) {
    return new SnnkException(
        option,
        "no value with the map '" + kind + "'",
        got,
        null,
        "Leave it out, or choose features.map=polynomial.");
  }

  /** Cosine features. */
  public static FeatureFamily cosine(int numRandomFeatures, Projection projection) {
    return new FeatureFamily(
        CosineFeatures.KIND, numRandomFeatures, projection, List.of(), false, false);
  }

  /** The names of all maps. */
  public static List<String> kinds() {
    List<String> kinds = new ArrayList<>(List.of(CosineFeatures.KIND));
    for (int order : new int[] {1, 0, 2}) {
      kinds.add(ArcCosineFeatures.kind(order));
    }
    kinds.addAll(
        List.of(ProductFeatures.POLYNOMIAL, ProductFeatures.POWER_SERIES, PositiveFeatures.KIND));
    return kinds;
  }

  /** The names of those whose features have a derivative, for importances and attributions. */
  public static List<String> differentiable() {
    return List.of(CosineFeatures.KIND, ArcCosineFeatures.kind(1), ArcCosineFeatures.kind(2));
  }

  /** The length of Φ(x) of d inputs. */
  public int features(int inputs) {
    return numRandomFeatures + (linear ? inputs : 0);
  }

  /**
   * The map of a number of inputs and a length scale.
   *
   * @throws SnnkException if a size is out of its range, or options do not go together
   */
  public FeatureMap create(int inputs, double lengthScale, long seed) {
    FeatureMap map = random(inputs, lengthScale, seed);
    return linear ? new LinearFeatures(map) : map;
  }

  private FeatureMap random(int inputs, double lengthScale, long seed) {
    int m = numRandomFeatures;
    for (int order = 0; order <= 2; order++) {
      if (kind.equals(ArcCosineFeatures.kind(order))) {
        return new ArcCosineFeatures(inputs, m, order, lengthScale, projection, seed);
      }
    }
    return switch (kind) {
      case ProductFeatures.POLYNOMIAL ->
          ProductFeatures.polynomial(
              inputs, m, given(POLYNOMIAL), inputNorm, lengthScale, projection, seed);
      case ProductFeatures.POWER_SERIES ->
          ProductFeatures.powerSeries(inputs, m, given(EXPONENTIAL), lengthScale, seed);
      case PositiveFeatures.KIND -> new PositiveFeatures(inputs, m, lengthScale, projection, seed);
      default -> new CosineFeatures(inputs, m, lengthScale, projection, seed);
    };
  }

  private List<Double> given(List<Double> fallback) {
    return coefficients.isEmpty() ? fallback : coefficients;
  }

  /** The same family with at most so many random features. */
  public FeatureFamily atMost(int features) {
    return new FeatureFamily(
        kind, Math.min(numRandomFeatures, features), projection, coefficients, inputNorm, linear);
  }

  /** One line for people. */
  public String describe() {
    return kind
        + (kind.equals(ProductFeatures.POWER_SERIES) ? "" : ", " + projection.key())
        + (coefficients.isEmpty() ? "" : ", coefficients " + coefficients)
        + (inputNorm ? ", input norm" : "")
        + (linear ? ", linear block" : "");
  }
}
