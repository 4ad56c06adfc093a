package org.snnk.spark.ml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.SparkSession;
import org.snnk.SnnkException;
import org.snnk.activation.StandardActivation;
import org.snnk.model.NetworkModel;
import org.snnk.network.Dense;
import org.snnk.network.Layer;
import org.snnk.network.Network;
import org.snnk.statistics.Targets;

/**
 * Spark's own multilayer perceptron as a network: sigmoid layers, and softmax on top of the last
 * one. It takes its inputs as they are, and predicts what Spark's does but for the rounding of
 * floats.
 *
 * <p>Spark holds each layer's weights inputs by outputs, then its intercepts, as {@link Dense}
 * does.
 */
public final class SparkPerceptron {
  private static final String KIND = MultilayerPerceptronClassificationModel.class.getName();
  private static final String SUBJECT = "Spark model";

  /** Before it layers were saved in another place. */
  private static final int FIRST_VERSION = 3;

  private static final int LAST_VERSION = 4;

  private SparkPerceptron() {}

  /** Whether a folder is one that Spark saved a model into, and no stage of ours. */
  public static boolean isAt(String folder, Configuration hadoop) {
    try {
      Path path = new Path(folder);
      FileSystem files = path.getFileSystem(hadoop);
      return files.exists(new Path(path, "metadata"))
          && !files.exists(new Path(path, "model/model.bin"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a model that Spark saved.
   *
   * @param inputs names for the vector's entries, in their order
   * @param label the label column
   * @param classes labels in the order of the model's class numbers
   * @throws SnnkException if it is of another kind or version, is damaged, has thresholds, or does
   *     not go with inputs and classes
   */
  public static NetworkModel read(
      SparkSession spark,
      String folder,
      List<String> inputs,
      List<String> label,
      List<String> classes) {
    requireKind(spark, folder);
    MultilayerPerceptronClassificationModel model = load(folder);
    int[] sizes = model.getLayers();
    Vector weights = model.weights();
    requireSizes(sizes, weights.size(), folder);
    require("inputs", inputs.size(), sizes[0], folder);
    require("classes", classes.size(), sizes[sizes.length - 1], folder);
    if (model.isSet(model.thresholds())) {
      throw new SnnkException(
          SUBJECT,
          "no thresholds",
          "some",
          folder,
          "Save it without: networks predict the most probable class.");
    }
    List<Layer> layers = new ArrayList<>();
    for (int l = 1; l < sizes.length; l++) {
      boolean last = l == sizes.length - 1;
      layers.add(
          new Dense(
              sizes[l - 1],
              sizes[l],
              true,
              last ? StandardActivation.LINEAR : StandardActivation.SIGMOID));
    }
    float[] parameters = new float[weights.size()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) weights.apply(i);
      if (!Float.isFinite(parameters[i])) {
        throw damaged(folder, "weight " + i + " is " + weights.apply(i));
      }
    }
    return new NetworkModel(
        inputs,
        label,
        classes,
        null,
        Targets.classes(classes.size()),
        new Network(layers),
        parameters,
        List.of(),
        0);
  }

  private static void requireKind(SparkSession spark, String folder) {
    JsonNode metadata;
    try {
      String text = spark.read().textFile(new Path(folder, "metadata").toString()).first();
      metadata = new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw damaged(folder, "metadata that are no JSON");
    } catch (Exception e) { // Spark's are checked and undeclared
      throw damaged(folder, "metadata that cannot be read: '" + e.getMessage() + "'");
    }
    String kind = metadata.path("class").asText("none");
    if (!kind.equals(KIND)) {
      throw new SnnkException(
          SUBJECT,
          "a " + MultilayerPerceptronClassificationModel.class.getSimpleName(),
          kind,
          folder,
          "Of a pipeline give the folder of that stage, stages/…, and rows as it takes them.");
    }
    String version = metadata.path("sparkVersion").asText("none");
    String major = version.split("\\.", -1)[0];
    if (!major.matches("\\d{1,4}")
        || Integer.parseInt(major) < FIRST_VERSION
        || Integer.parseInt(major) > LAST_VERSION) {
      throw new SnnkException(
          SUBJECT,
          "one that Spark " + FIRST_VERSION + " or " + LAST_VERSION + " saved",
          "one of Spark " + version,
          folder,
          "Load and save it again with such a Spark.");
    }
  }

  private static MultilayerPerceptronClassificationModel load(String folder) {
    try {
      return MultilayerPerceptronClassificationModel.load(folder);
    } catch (Exception e) { // Spark's are checked and undeclared
      SnnkException sentence =
          damaged(folder, "one that Spark does not load: '" + e.getMessage() + "'");
      sentence.initCause(e);
      throw sentence;
    }
  }

  private static void requireSizes(int[] sizes, int weights, String folder) {
    long needed = 0;
    for (int l = 1; l < sizes.length; l++) {
      needed += (sizes[l - 1] + 1L) * sizes[l];
    }
    if (sizes.length < 2 || needed != weights) {
      throw damaged(
          folder, "layers " + java.util.Arrays.toString(sizes) + " with " + weights + " weights");
    }
  }

  private static void require(String what, int given, int of, String folder) {
    if (given != of) {
      throw new SnnkException(
          SUBJECT,
          given + " " + what + " as the table has",
          of + "",
          folder,
          what.equals("inputs")
              ? "Name the inputs that it was trained on, in their order, by data.inputs."
              : "Name them in the order of its numbers by bundle.classes.");
    }
  }

  private static SnnkException damaged(String folder, String got) {
    return new SnnkException(SUBJECT, "a complete one", got, folder, "Save it again with Spark.");
  }
}
