package org.snnk.spark.ml;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.snnk.SnnkException;
import org.snnk.model.FullyBundledModel;
import org.snnk.spark.data.Inputs;

/** What a fitted stage holds beside its Params: the model that scores, and how it was trained. */
final class FittedModel implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String SUMMARY = "summary.json";

  private final FullyBundledModel model;
  private final TrainingSummary summary;

  FittedModel(FullyBundledModel model, TrainingSummary summary) {
    this.model = model;
    this.summary = summary;
  }

  static FittedModel read(StageFolder folder) {
    return new FittedModel(
        FullyBundledModel.fromBytes(
            folder.bytes(FullyBundledModel.FILE), folder.where(FullyBundledModel.FILE)),
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

  FullyBundledModel model() {
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
    return model == null
        ? ""
        : ", numFeatures=" + model.inputs() + ", " + model.featurizer().map().describe();
  }
}
