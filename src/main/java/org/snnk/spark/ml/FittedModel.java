package org.snnk.spark.ml;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.spark.ml.linalg.Vector;
import org.snnk.SnnkException;
import org.snnk.model.FullyBundledModel;
import org.snnk.model.Model;
import org.snnk.model.NetworkModel;
import org.snnk.spark.data.Inputs;

/**
 * What a fitted stage holds beside its Params: the model that scores, and how it was trained.
 *
 * @param <M> kind of the model
 */
final class FittedModel<M extends Model> implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String SUMMARY = "summary.json";

  private final M model;
  private final TrainingSummary summary;

  FittedModel(M model, TrainingSummary summary) {
    this.model = model;
    this.summary = summary;
  }

  /**
   * Reads one.
   *
   * @param parse from bytes, and the name of their file for errors
   */
  static <M extends Model> FittedModel<M> read(
      StageFolder folder, BiFunction<byte[], String, M> parse) {
    String file = FullyBundledModel.FILE;
    return new FittedModel<>(
        parse.apply(folder.bytes(file), folder.where(file)),
        folder.has(SUMMARY) ? TrainingSummary.fromJson(folder.bytes(SUMMARY)) : null);
  }

  Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(FullyBundledModel.FILE, model().toBytes());
    if (summary != null) {
      files.put(SUMMARY, summary.toJson().getBytes(StandardCharsets.UTF_8));
    }
    return files;
  }

  boolean isEmpty() {
    return model == null;
  }

  M model() {
    if (model == null) {
      throw new SnnkException(
          "model", "a fitted one", "an empty one", null, "Call fit, or load a saved model.");
    }
    return model;
  }

  TrainingSummary summary() {
    if (summary == null) {
      throw new SnnkException(
          "summary", "a model with a summary", "one without", null, "Train it with fit.");
    }
    return summary;
  }

  /** A row's inputs. */
  double[] array(Vector features, String column) {
    if (features.size() != model().inputs()) {
      throw new Inputs(model.inputNames(), column).wrongSize(features.size());
    }
    return features.toArray();
  }

  String describe() {
    return model == null ? "" : ", numFeatures=" + model.inputs() + ", " + what();
  }

  private String what() {
    return model instanceof FullyBundledModel bundled
        ? bundled.featurizer().map().describe()
        : ((NetworkModel) model).network().describe();
  }
}
