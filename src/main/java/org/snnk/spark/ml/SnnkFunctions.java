package org.snnk.spark.ml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.snnk.SnnkException;
import org.snnk.model.FullyBundledModel;
import org.snnk.spark.data.Inputs;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Functions for SQL.
 *
 * <ul>
 *   <li>{@code snnk_predict(modelPath, features)}: the prediction, a double; of classes the index
 *   <li>{@code snnk_probability(modelPath, features)}: the probabilities, an array of doubles
 * </ul>
 *
 * <p>The path is that of a saved model or of a training's output; features are a vector or an array
 * of doubles. A task reads each model once. Rows are scored one at a time, so a stage's {@code
 * transform} is faster; the numbers are the same, bit for bit. No features give no prediction:
 * null.
 */
public final class SnnkFunctions {
  private SnnkFunctions() {}

  /** Makes the functions known to a session. */
  public static void register(SparkSession session) {
    session.udf().register("snnk_predict", new Predict(), DataTypes.DoubleType);
    session
        .udf()
        .register(
            "snnk_probability",
            new Probability(),
            DataTypes.createArrayType(DataTypes.DoubleType, false));
  }

  /** Keeps the models that a task has read. */
  private abstract static class Scoring<T> implements UDF2<String, Object, T> {
    private static final long serialVersionUID = 1L;

    private transient Map<String, FullyBundledModel> models;

    @Override
    public final T call(String path, Object features) {
      if (path == null || features == null) {
        return null;
      }
      FullyBundledModel model = model(path);
      double[] x = array(features);
      if (x.length != model.inputs()) {
        throw new Inputs(model.inputNames(), "features").wrongSize(x.length);
      }
      for (double value : x) {
        if (!Double.isFinite(value)) {
          return null;
        }
      }
      return result(model, model.score(x), path);
    }

    abstract T result(FullyBundledModel model, double[] score, String path);

    private synchronized FullyBundledModel model(String path) {
      if (models == null) {
        models = new HashMap<>();
      }
      return models.computeIfAbsent(path, Scoring::read);
    }

    private static FullyBundledModel read(String path) {
      Path given = new Path(path);
      try {
        FileSystem files = given.getFileSystem(SparkHadoopUtil.get().conf());
        for (Path file :
            List.of(
                new Path(new Path(given, "model"), FullyBundledModel.FILE),
                new Path(given, FullyBundledModel.FILE))) {
          if (files.exists(file)) {
            try (InputStream in = files.open(file)) {
              return FullyBundledModel.fromBytes(in.readAllBytes(), file.toString());
            }
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      throw FullyBundledModel.missing(path);
    }

    private static double[] array(Object features) {
      if (features instanceof Vector vector) {
        return vector.toArray();
      }
      if (features instanceof scala.collection.Seq<?> numbers) {
        return CollectionConverters.asJava(numbers).stream()
            .mapToDouble(v -> v == null ? Double.NaN : ((Number) v).doubleValue())
            .toArray();
      }
      throw new SnnkException(
          "features of snnk_predict",
          "a vector or an array of numbers",
          features.getClass().getSimpleName(),
          null,
          "Assemble the columns by array(…).");
    }
  }

  private static final class Predict extends Scoring<Double> {
    private static final long serialVersionUID = 1L;

    @Override
    Double result(FullyBundledModel model, double[] score, String path) {
      if (model.isClassifier()) {
        return (double) FullyBundledModel.largest(score, 0, score.length);
      }
      if (score.length > 1) {
        throw new SnnkException(
            "snnk_predict",
            "a model of one target",
            "one of " + score.length,
            path,
            "Use the stage's transform.");
      }
      return score[0];
    }
  }

  private static final class Probability extends Scoring<Double[]> {
    private static final long serialVersionUID = 1L;

    @Override
    Double[] result(FullyBundledModel model, double[] score, String path) {
      if (!model.isClassifier()) {
        throw new SnnkException(
            "snnk_probability", "a model of classes", "one of numbers", path, "Use snnk_predict.");
      }
      return java.util.Arrays.stream(score).boxed().toArray(Double[]::new);
    }
  }
}
