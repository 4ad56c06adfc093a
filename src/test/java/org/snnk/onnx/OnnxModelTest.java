package org.snnk.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.snnk.onnx.ExportedModels.D;
import static org.snnk.onnx.ExportedModels.ROWS;
import static org.snnk.onnx.ExportedModels.largestDifference;
import static org.snnk.onnx.ExportedModels.largestRelativeDifference;
import static org.snnk.onnx.ExportedModels.probabilities;
import static org.snnk.onnx.ExportedModels.rows;
import static org.snnk.onnx.ExportedModels.scores;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.activation.Activation;
import org.snnk.feature.Standardizer;
import org.snnk.model.Model;
import org.snnk.model.NetworkModel;
import org.snnk.network.Dense;
import org.snnk.network.Network;
import org.snnk.statistics.Targets;

class OnnxModelTest {
  private static Map<String, double[]> run(Model model, ElementType type) {
    return run(model, type, ROWS, rows());
  }

  private static Map<String, double[]> run(Model model, ElementType type, int n, double[] x) {
    return new OnnxInterpreter(OnnxModel.of(model, type).bytes()).run(n, x);
  }

  private static double[] scoresOf(Model model, Map<String, double[]> outputs) {
    return outputs.get(model.isClassifier() ? "scores" : "prediction");
  }

  private static Map<String, Model> all() {
    Map<String, Model> all = new LinkedHashMap<>(ExportedModels.exact());
    all.putAll(ExportedModels.networks());
    return all;
  }

  @Test
  void aClosedFormModelScoresBitForBitAsItsGraph() {
    ExportedModels.exact()
        .forEach(
            (name, model) ->
                assertThat(
                        largestDifference(
                            scores(model), scoresOf(model, run(model, ElementType.DOUBLE))))
                    .as(name)
                    .isZero());
  }

  @Test
  void aNetworkScoresAsItsGraphButForTheOrderOfSums() {
    ExportedModels.networks()
        .forEach(
            (name, model) ->
                assertThat(
                        largestRelativeDifference(
                            model, scoresOf(model, run(model, ElementType.DOUBLE))))
                    .as(name)
                    .isLessThan(OnnxModel.FLOAT_TOLERANCE));
  }

  @Test
  void inSinglePrecisionScoresAreNear() {
    all()
        .forEach(
            (name, model) ->
                assertThat(
                        largestRelativeDifference(
                            model, scoresOf(model, run(model, ElementType.FLOAT))))
                    .as(name)
                    .isLessThan(OnnxModel.FLOAT_TOLERANCE));
  }

  @Test
  void probabilitiesAndLabelsAreTheModels() {
    int classifiers = 0;
    for (Model model : all().values()) {
      if (!model.isClassifier()) {
        continue;
      }
      classifiers++;
      Map<String, double[]> outputs = run(model, ElementType.DOUBLE);
      double tolerance =
          model.isExact() ? OnnxModel.PROBABILITY_TOLERANCE : OnnxModel.FLOAT_TOLERANCE;
      double[] expected = probabilities(model);
      double[] probabilities = outputs.get("probabilities");
      assertThat(largestDifference(expected, probabilities)).isLessThan(tolerance);
      int k = model.outputs();
      for (int i = 0; i < ROWS; i++) {
        double largest = Arrays.stream(probabilities, i * k, (i + 1) * k).max().orElseThrow();
        double chosen = probabilities[i * k + (int) outputs.get("label")[i]];
        assertThat(chosen).isEqualTo(largest);
      }
    }
    assertThat(classifiers).isGreaterThan(3);
  }

  /** A missing value is no number, and no graph may turn it into one, as a plain Clip would. */
  @Test
  void aMissingValueGivesNoNumber() {
    for (Map.Entry<String, Model> entry : all().entrySet()) {
      Model model = entry.getValue();
      double[] x = Arrays.copyOf(rows(), 2 * D);
      x[1] = Double.NaN;
      double[] got = scoresOf(model, run(model, ElementType.DOUBLE, 2, x));
      if (model.isExact()) {
        double[] expected = new double[2 * model.outputs()];
        model.scorer().scores(2, x, expected);
        assertThat(got).as(entry.getKey()).isEqualTo(expected);
      }
      for (int t = 0; t < model.outputs(); t++) {
        assertThat(got[t]).as(entry.getKey()).isNaN();
        assertThat(got[model.outputs() + t]).as(entry.getKey()).isFinite();
      }
    }
  }

  @Test
  void aConstantColumnIsNotLookedAt() {
    Model model = ExportedModels.exact().get("cosine, orthogonal");
    double[] x = Arrays.copyOf(rows(), D);
    double[] before = scoresOf(model, run(model, ElementType.DOUBLE, 1, x));
    x[ExportedModels.CONSTANT] = Double.NaN;
    assertThat(scoresOf(model, run(model, ElementType.DOUBLE, 1, x))).isEqualTo(before);
  }

  @Test
  void namesAreUniqueAndTheFormatIsTold() {
    Model model = ExportedModels.exact().get("cosine, 5 classes");
    byte[] bytes = OnnxModel.of(model, ElementType.DOUBLE).bytes();
    assertThat(OnnxModel.of(model, ElementType.DOUBLE).bytes()).isEqualTo(bytes);
    DynamicMessage file = OnnxFormat.read(bytes);
    assertThat(text(file))
        .contains("ir_version: 7")
        .contains("producer_name: \"snnk-spark\"")
        .contains("opset_import { domain: \"\" version: 13 }")
        .contains("dim { dim_param: \"rows\" } dim { dim_value: 6 }")
        .contains("key: \"sha256\" value: \"" + model.fingerprint() + "\"")
        .contains("key: \"inputs\" value: \"[\\\"x0\\\",\\\"x1\\\"");
    Message graph = new OnnxInterpreter(bytes).graph();
    Set<String> names = new HashSet<>();
    for (String list : List.of("node", "initializer")) {
      for (Object each :
          (List<?>) graph.getField(graph.getDescriptorForType().findFieldByName(list))) {
        Message message = (Message) each;
        Object name = message.getField(message.getDescriptorForType().findFieldByName("name"));
        assertThat(names.add((String) name)).as("%s", name).isTrue();
      }
    }
    assertThat(names).hasSizeGreaterThan(40);
  }

  private static String text(DynamicMessage file) {
    return file.toString().replaceAll("\\s+", " ");
  }

  @Test
  void theCardTellsInputsOutputsAndTolerance() {
    Model classes = ExportedModels.exact().get("cosine, 5 classes");
    Map<String, Object> card = OnnxModel.of(classes, ElementType.DOUBLE).card();
    assertThat(card)
        .containsEntry("format", "ONNX")
        .containsEntry("opset", 13)
        .containsEntry("precision", "double")
        .containsEntry("classes", classes.classLabels());
    assertThat(card.get("input").toString())
        .isEqualTo("{name=inputs, type=double, shape=[rows, 6], columns=[x0, x1, x2, x3, x4, x5]}");
    assertThat(card.get("outputs").toString())
        .startsWith("[{name=label, type=int64, shape=[rows]}, {name=probabilities, type=double,");
    assertThat(card.get("tolerance").toString())
        .isEqualTo(
            "{scores=0.0, probabilities=1.0E-14, of=the score's size, or the target's scale if"
                + " that is larger, guaranteed=true}");
    assertThat(card.get("source").toString()).contains("sha256=" + classes.fingerprint());
    assertThat(OnnxModel.of(classes, ElementType.FLOAT).card().get("tolerance").toString())
        .contains("guaranteed=false");
  }

  @Test
  void aFunctionOfTheUsersOwnIsRefused() {
    Activation own = Activation.function("bump", z -> z / (1 + z * z), z -> 0, 20);
    Network network = new Network(List.of(new Dense(1, 1, false, own)));
    Model model =
        new NetworkModel(
            List.of("x"),
            List.of("y"),
            List.of(),
            new Standardizer(new double[1], new double[] {1}),
            Targets.reals(new double[1], new double[] {1}),
            network,
            new float[] {1},
            List.of(),
            0);
    assertThatThrownBy(() -> OnnxModel.of(model, ElementType.DOUBLE))
        .isInstanceOf(SnnkException.class)
        .hasMessageStartingWith(
            "formula of the activation 'bump': expected one that other programs know, got a function"
                + " in Java. Choose one of linear, sin,");
  }

  @Test
  void numbersThatFloatsDoNotHoldAreRefused() {
    Model model = ExportedModels.withScale(1e300);
    assertThat(OnnxModel.of(model, ElementType.DOUBLE).bytes()).isNotEmpty();
    assertThatThrownBy(() -> OnnxModel.of(model, ElementType.FLOAT))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "ONNX file in single precision: expected numbers up to 3.4028235E38, got larger"
                + " ones. Set export.precision=double.");
  }
}
