package org.snnk.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.snnk.TestRows;
import org.snnk.activation.Activation;
import org.snnk.activation.StandardActivation;
import org.snnk.feature.Factorization;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.FeatureMap;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.feature.UniversalRandomFeatures;
import org.snnk.model.FullyBundledModel;
import org.snnk.model.Model;
import org.snnk.model.NetworkModel;
import org.snnk.network.Dense;
import org.snnk.network.Dropout;
import org.snnk.network.MappedFeatures;
import org.snnk.network.Network;
import org.snnk.network.ReluFeatures;
import org.snnk.network.Scaling;
import org.snnk.network.Snnk;
import org.snnk.network.SnnkAdapter;
import org.snnk.network.UniversalFeatures;
import org.snnk.statistics.Targets;

/** Small models of every kind, and rows for them. */
final class ExportedModels {
  static final int D = 6;
  static final int ROWS = 203;

  /** A column with one value in the training. */
  static final int CONSTANT = 2;

  private ExportedModels() {}

  /** Raw rows: inputs of other sizes, a constant one, a row of means and one far out. */
  static double[] rows() {
    double[] x = TestRows.gaussian(ROWS * D, 17);
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < D; j++) {
        double spread = i == 1 ? 1e6 : i == 0 ? 0 : 1 + i % 3;
        x[i * D + j] = mean(j) + spread * x[i * D + j] / factor(j);
      }
      x[i * D + CONSTANT] = 3;
    }
    return x;
  }

  private static double mean(int j) {
    return 10.0 * j - 7;
  }

  private static double factor(int j) {
    return 1 / (0.3 + j);
  }

  private static Standardizer standardizer() {
    double[] mean = new double[D];
    double[] factor = new double[D];
    for (int j = 0; j < D; j++) {
      mean[j] = mean(j);
      factor[j] = j == CONSTANT ? 0 : factor(j);
    }
    return new Standardizer(mean, factor);
  }

  private static List<String> names(String stem, int count) {
    return IntStream.range(0, count).mapToObj(i -> stem + i).toList();
  }

  /** Closed-form models, whose scores are exact. */
  static Map<String, Model> exact() {
    Map<String, Model> models = new LinkedHashMap<>();
    for (String kind : FeatureFamily.kinds()) {
      for (Projection projection :
          List.of(Projection.ORTHOGONAL, Projection.HADAMARD, Projection.RADEMACHER)) {
        boolean norm = kind.equals("polynomial") && projection.equals(Projection.HADAMARD);
        FeatureMap map =
            new FeatureFamily(kind, 34, projection, List.of(), norm, false).create(D, 1.7, 5);
        models.put(kind + ", " + projection.key(), reals(map, 2));
      }
    }
    FeatureMap orthogonalNorm =
        new FeatureFamily(
                "polynomial", 40, Projection.ORTHOGONAL, List.of(0.5, -1.0, 0.0, 2.0), true, true)
            .create(D, 2.5, 6);
    models.put("polynomial with the norm and a linear block", reals(orthogonalNorm, 1));
    FeatureMap heavy =
        new FeatureFamily(
                "cosine", 64, Projection.HALTON.withDegreesOfFreedom(3), List.of(), false, true)
            .create(D, 3, 7);
    models.put("cosine of heavy tails with a linear block, 2 classes", classes(heavy, 2));
    models.put(
        "cosine, 5 classes",
        classes(FeatureFamily.cosine(50, Projection.GAUSSIAN).create(D, 2, 8), 5));
    return models;
  }

  /** A regression whose target has this scale. */
  static Model withScale(double scale) {
    FeatureMap map = FeatureFamily.cosine(8, Projection.GAUSSIAN).create(D, 2, 3);
    return reals(map, new double[1], new double[] {scale});
  }

  private static Model reals(FeatureMap map, int k) {
    double[] mean = Arrays.copyOf(new double[] {250, -0.5}, k);
    return reals(map, mean, Arrays.copyOf(new double[] {30, 0.125}, k));
  }

  private static Model reals(FeatureMap map, double[] mean, double[] scale) {
    int k = mean.length;
    return FullyBundledModel.of(
        names("x", D),
        names("y", k),
        List.of(),
        new Featurizer(standardizer(), map),
        Targets.reals(mean, scale),
        TestRows.gaussian(map.features() * k, 23),
        TestRows.gaussian(k, 24));
  }

  private static Model classes(FeatureMap map, int k) {
    double[] slope = new double[k];
    double[] offset = new double[k];
    for (int c = 0; c < k; c++) {
      slope[c] = 2 + c;
      offset[c] = 0.3 - c;
    }
    return FullyBundledModel.of(
            names("x", D),
            List.of("kind"),
            names("class \"é\" ", k),
            new Featurizer(standardizer(), map),
            Targets.classes(k),
            TestRows.gaussian(map.features() * k, 25),
            TestRows.gaussian(k, 26))
        .calibrated(slope, offset);
  }

  /** Networks: all kinds of layers, and each activation in one of its own. */
  static Map<String, Model> networks() {
    Map<String, Model> models = new LinkedHashMap<>();
    for (int k = 1; k <= 3; k++) {
      ReluFeatures biased = new ReluFeatures(9, 16, true, Projection.ORTHOGONAL, 3);
      Network deep =
          new Network(
              List.of(
                  new Dense(D, 9, true, StandardActivation.TANH),
                  new Dropout(9, 0.25),
                  new SnnkAdapter(biased),
                  new Snnk(new ReluFeatures(9, 12, false, Projection.GAUSSIAN, 4), 7, k == 1),
                  new Dense(7, k, k < 3, StandardActivation.LINEAR)));
      models.put("deep network, k=" + k, network(deep, k));
    }
    models.put("bundled network", network(bundled(), 2, false));
    FeatureMap map = FeatureFamily.cosine(64, Projection.HADAMARD).create(D, 2, 9);
    models.put(
        "network on features",
        network(
            new Network(
                List.of(
                    new MappedFeatures(map), new Dense(64, 2, true, StandardActivation.LINEAR))),
            2));
    for (Factorization factorization : Factorization.values()) {
      for (Activation activation :
          List.of(StandardActivation.GELU, StandardActivation.SIGMOID, StandardActivation.SIN)) {
        models.put(
            "universal features, " + factorization.key() + ", " + activation.key(),
            network(universal(activation, factorization), 1));
      }
    }
    for (String activation : Activation.names()) {
      models.put(
          "network of " + activation,
          network(
              new Network(
                  List.of(
                      new Dense(D, 8, true, Activation.of(activation)),
                      new Dense(8, 1, true, StandardActivation.LINEAR))),
              1));
    }
    return models;
  }

  /**
   * Layers that bundling makes: inputs as they are, an SNNK layer with an activation, a student.
   */
  private static Network bundled() {
    Standardizer ofHidden = new Standardizer(new double[] {0.1, 0, -0.2}, new double[] {2, 1, 3});
    FeatureMap map = FeatureFamily.cosine(20, Projection.ORTHOGONAL).create(3, 1.5, 9);
    return new Network(
        List.of(
            new Dense(D, 7, true, StandardActivation.SIGMOID),
            new Snnk(
                new ReluFeatures(7, 12, true, Projection.ORTHOGONAL, 5),
                3,
                true,
                StandardActivation.TANH),
            new Scaling(ofHidden),
            new MappedFeatures(map),
            new Dense(20, 2, true, StandardActivation.LINEAR)));
  }

  private static Network universal(Activation activation, Factorization factorization) {
    UniversalRandomFeatures kernel =
        UniversalRandomFeatures.of(activation, 5, 24)
            .factorization(factorization)
            .norms(1, 0.7)
            .bandLimit(3)
            .seed(4)
            .build();
    return new Network(
        List.of(
            new Dense(D, 5, true, StandardActivation.TANH),
            new UniversalFeatures(kernel),
            new Dense(kernel.features(), 1, true, StandardActivation.LINEAR)));
  }

  private static Model network(Network network, int k) {
    return network(network, k, true);
  }

  private static Model network(Network network, int k, boolean standardized) {
    float[] parameters = network.initial(11);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += 0.01f * (i % 7 - 3); // gates and intercepts too
    }
    boolean classes = k > 1;
    return new NetworkModel(
        names("x", D),
        List.of("y"),
        classes ? names("c", k) : List.of(),
        standardized ? standardizer() : null,
        classes ? Targets.classes(k) : Targets.reals(new double[] {5}, new double[] {3}),
        network,
        parameters,
        List.of(),
        0);
  }

  /** The model's own scores. */
  static double[] scores(Model model) {
    double[] scores = new double[ROWS * model.outputs()];
    model.scorer().scores(ROWS, rows(), scores);
    return scores;
  }

  /** The model's own probabilities. */
  static double[] probabilities(Model model) {
    double[] probabilities = scores(model);
    model.probabilities(ROWS, probabilities);
    return probabilities;
  }

  /** The largest difference of n×k numbers. */
  static double largestDifference(double[] expected, double[] got) {
    assertThat(got).hasSameSizeAs(expected);
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      assertThat(got[i]).isFinite();
      largest = Math.max(largest, Math.abs(expected[i] - got[i]));
    }
    return largest;
  }

  /** The largest difference of scores by their size, or by the target's scale if that is larger. */
  static double largestRelativeDifference(Model model, double[] got) {
    double[] expected = scores(model);
    assertThat(got).hasSameSizeAs(expected);
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      assertThat(got[i]).isFinite();
      double size = Math.max(Math.abs(expected[i]), model.targets().scale(i % model.outputs()));
      largest = Math.max(largest, Math.abs(expected[i] - got[i]) / size);
    }
    return largest;
  }
}
