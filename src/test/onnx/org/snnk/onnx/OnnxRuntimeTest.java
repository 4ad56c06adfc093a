package org.snnk.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.snnk.onnx.ExportedModels.D;
import static org.snnk.onnx.ExportedModels.ROWS;
import static org.snnk.onnx.ExportedModels.largestDifference;
import static org.snnk.onnx.ExportedModels.largestRelativeDifference;
import static org.snnk.onnx.ExportedModels.probabilities;
import static org.snnk.onnx.ExportedModels.rows;
import static org.snnk.onnx.ExportedModels.scores;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snnk.model.Model;

/** Exported models in ONNX Runtime, with all optimisations that it makes by itself. */
class OnnxRuntimeTest {
  private static Map<String, double[]> run(Model model, ElementType type, int n, double[] x) {
    try (OrtSession session =
            OrtEnvironment.getEnvironment()
                .createSession(OnnxModel.of(model, type).bytes(), new OrtSession.SessionOptions());
        OnnxTensor input = tensor(type, n, x);
        OrtSession.Result result = session.run(Map.of("inputs", input))) {
      Map<String, double[]> outputs = new HashMap<>();
      result.forEach(each -> outputs.put(each.getKey(), numbers((OnnxTensor) each.getValue())));
      return outputs;
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }

  private static OnnxTensor tensor(ElementType type, int n, double[] x) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {n, x.length / n};
    if (type == ElementType.DOUBLE) {
      return OnnxTensor.createTensor(environment, DoubleBuffer.wrap(x), shape);
    }
    FloatBuffer floats = FloatBuffer.allocate(x.length);
    for (double v : x) {
      floats.put((float) v);
    }
    return OnnxTensor.createTensor(environment, floats.flip(), shape);
  }

  private static double[] numbers(OnnxTensor tensor) {
    double[] numbers = new double[Math.toIntExact(tensor.getInfo().getNumElements())];
    switch (tensor.getInfo().type) {
      case DOUBLE -> tensor.getDoubleBuffer().get(numbers);
      case FLOAT -> {
        FloatBuffer floats = tensor.getFloatBuffer();
        Arrays.setAll(numbers, floats::get);
      }
      default -> Arrays.setAll(numbers, i -> tensor.getLongBuffer().get(i));
    }
    return numbers;
  }

  private static double[] scoresOf(Model model, Map<String, double[]> outputs) {
    return outputs.get(model.isClassifier() ? "scores" : "prediction");
  }

  @Test
  void closedFormModelsScoreBitForBit() {
    ExportedModels.exact()
        .forEach(
            (name, model) -> {
              Map<String, double[]> outputs = run(model, ElementType.DOUBLE, ROWS, rows());
              assertThat(largestDifference(scores(model), scoresOf(model, outputs)))
                  .as(name)
                  .isZero();
              if (model.isClassifier()) {
                assertThat(largestDifference(probabilities(model), outputs.get("probabilities")))
                    .as(name)
                    .isLessThan(OnnxModel.PROBABILITY_TOLERANCE);
              }
            });
  }

  @Test
  void oneRowScoresAsItDoesAmongOthers() {
    Model model = ExportedModels.exact().get("positive, orthogonal");
    double[] all = scoresOf(model, run(model, ElementType.DOUBLE, ROWS, rows()));
    for (int i = 0; i < ROWS; i += 50) {
      double[] row = Arrays.copyOfRange(rows(), i * D, (i + 1) * D);
      assertThat(scoresOf(model, run(model, ElementType.DOUBLE, 1, row)))
          .isEqualTo(Arrays.copyOfRange(all, i * 2, i * 2 + 2));
    }
  }

  @Test
  void networksScoreButForTheOrderOfSums() {
    ExportedModels.networks()
        .forEach(
            (name, model) -> {
              Map<String, double[]> outputs = run(model, ElementType.DOUBLE, ROWS, rows());
              assertThat(largestRelativeDifference(model, scoresOf(model, outputs)))
                  .as(name)
                  .isLessThan(OnnxModel.FLOAT_TOLERANCE);
              if (model.isClassifier()) {
                assertThat(largestDifference(probabilities(model), outputs.get("probabilities")))
                    .as(name)
                    .isLessThan(OnnxModel.FLOAT_TOLERANCE);
              }
            });
  }

  @Test
  void floatsAreNear() {
    Map<String, Model> all = new LinkedHashMap<>(ExportedModels.exact());
    all.putAll(ExportedModels.networks());
    all.forEach(
        (name, model) ->
            assertThat(
                    largestRelativeDifference(
                        model, scoresOf(model, run(model, ElementType.FLOAT, ROWS, rows()))))
                .as(name)
                .isLessThan(OnnxModel.FLOAT_TOLERANCE));
  }

  @Test
  void aMissingValueGivesNoNumber() {
    for (ElementType type : ElementType.values()) {
      for (Model model : ExportedModels.exact().values()) {
        double[] x = Arrays.copyOf(rows(), 2 * D);
        x[1] = Double.NaN;
        double[] scores = scoresOf(model, run(model, type, 2, x));
        for (int t = 0; t < model.outputs(); t++) {
          assertThat(scores[t]).isNaN();
          assertThat(scores[model.outputs() + t]).isFinite();
        }
      }
    }
  }
}
