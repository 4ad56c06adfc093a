package org.snnk.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snnk.model.Model;

/**
 * A model as an ONNX file and a card that says what is in it.
 *
 * <p>Input: {@value #INPUTS}, n×d raw, in the order of the training. Outputs: of reals {@value
 * #PREDICTION}, n×k in the targets' own units; of classes {@value #LABEL}, n indices of the most
 * probable class, {@value #PROBABILITIES} and {@value #SCORES}, n×k both.
 *
 * <p><b>Exactness</b>: in double precision the graph of a closed-form model does the operations of
 * {@link Model.Scorer#scores} on the same grid, so every runtime with IEEE arithmetic gives the
 * same scores, bit for bit; probabilities go through the runtime's exponential. Networks are
 * computed in floats, as they are here, and sums of floats are rounded in the runtime's order.
 *
 * <p><b>Format</b>: opset {@value #OPSET} of the standard operators, IR version {@value
 * #IR_VERSION}, which ONNX Runtime reads from 1.6 on. <b>Cost</b>: some three times the file in
 * memory.
 */
public final class OnnxModel {
  /** The name of the file in a folder. */
  public static final String FILE = "model.onnx";

  static final String INPUTS = "inputs";
  static final String PREDICTION = "prediction";
  static final String LABEL = "label";
  static final String PROBABILITIES = "probabilities";
  static final String SCORES = "scores";

  /** The name of the first dimension, which is open. */
  static final String ROWS = "rows";

  /** Of an exponential and some divisions, each rounded to a few units in the last place. */
  static final double PROBABILITY_TOLERANCE = 1e-14;

  /**
   * Usual of floats. Where a layer inside a network rounds to a grid, what was nearly a tie may go
   * the other way.
   */
  static final double FLOAT_TOLERANCE = 1e-3;

  static final int OPSET = 13;
  static final int IR_VERSION = 7;

  private final Model model;
  private final ElementType type;
  private final byte[] bytes;

  private OnnxModel(Model model, ElementType type) {
    this.model = model;
    this.type = type;
    this.bytes = written();
  }

  /**
   * Writes a model.
   *
   * @param type of inputs, outputs and what is computed between
   * @throws org.snnk.SnnkException if the model has a part that ONNX cannot express, or is too
   *     large
   */
  public static OnnxModel of(Model model, ElementType type) {
    return new OnnxModel(model, type);
  }

  /** The file. */
  public byte[] bytes() {
    return bytes.clone();
  }

  private byte[] written() {
    Graph graph = new Graph(type);
    Graph.Block scores = model.expressScores(graph, graph.input(INPUTS, model.inputs()));
    if (model.isClassifier()) {
      Graph.Block probabilities = model.expressProbabilities(graph, scores);
      graph.outputOfLargest(LABEL, probabilities);
      graph.output(PROBABILITIES, probabilities, model.outputs());
      graph.output(SCORES, scores, model.outputs());
    } else {
      graph.output(PREDICTION, scores, model.outputs());
    }
    Message file =
        new Message()
            .number(1, IR_VERSION)
            .text(2, "snnk-spark")
            .message(7, graph.finished("snnk"))
            .message(8, new Message().text(1, "").number(2, OPSET));
    properties()
        .forEach((key, value) -> file.message(14, new Message().text(1, key).text(2, value)));
    return file.toBytes();
  }

  /** What a program that has only the file wants to know, lists as JSON. */
  private Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("sha256", model.fingerprint());
    properties.put("inputs", json(model.inputNames()));
    properties.put("targets", json(model.targetNames()));
    properties.put("classes", json(model.classLabels()));
    return properties;
  }

  private static String json(List<String> names) {
    try {
      return new ObjectMapper().writeValueAsString(names);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The card: what goes in and comes out, and how far it agrees with the model. */
  public Map<String, Object> card() {
    Map<String, Object> card = new LinkedHashMap<>();
    card.put("file", FILE);
    card.put("format", "ONNX");
    card.put("irVersion", IR_VERSION);
    card.put("opset", OPSET);
    card.put("precision", type.key());
    card.put("input", tensor(INPUTS, type.key(), model.inputNames()));
    List<Map<String, Object>> outputs = new ArrayList<>();
    if (model.isClassifier()) {
      outputs.add(tensor(LABEL, "int64", List.of()));
      outputs.add(tensor(PROBABILITIES, type.key(), model.classLabels()));
      outputs.add(tensor(SCORES, type.key(), model.classLabels()));
    } else {
      outputs.add(tensor(PREDICTION, type.key(), model.targetNames()));
    }
    card.put("outputs", outputs);
    card.put("target", model.targetNames());
    card.put("classes", model.classLabels());
    card.put("missingValues", "not a number in, not a number out");
    card.put("tolerance", tolerance());
    card.put("source", model.metadata());
    return card;
  }

  private Map<String, Object> tolerance() {
    boolean exact = model.isExact() && type == ElementType.DOUBLE;
    double scores = exact ? 0 : FLOAT_TOLERANCE;
    Map<String, Object> tolerance = new LinkedHashMap<>();
    tolerance.put("scores", scores);
    if (model.isClassifier()) {
      tolerance.put("probabilities", exact ? PROBABILITY_TOLERANCE : scores);
    }
    tolerance.put("of", "the score's size, or the target's scale if that is larger");
    tolerance.put("guaranteed", exact);
    return tolerance;
  }

  private static Map<String, Object> tensor(String name, String type, List<String> columns) {
    Map<String, Object> tensor = new LinkedHashMap<>();
    tensor.put("name", name);
    tensor.put("type", type);
    tensor.put("shape", columns.isEmpty() ? List.of(ROWS) : List.of(ROWS, columns.size()));
    if (!columns.isEmpty()) {
      tensor.put("columns", columns);
    }
    return tensor;
  }
}
