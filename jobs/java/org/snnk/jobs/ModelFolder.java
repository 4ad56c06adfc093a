package org.snnk.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.snnk.SnnkException;
import org.snnk.model.Model;
import org.snnk.report.Json;
import org.snnk.statistics.Precision;

/** A model on disk: {@code model.bin}, which scores, and {@code model.json}, which people read. */
final class ModelFolder {
  private static final String FOLDER = "model";
  private static final String BINARY = "model.bin";
  private static final String METADATA = "model.json";

  private ModelFolder() {}

  /**
   * Writes the folder {@code model} into an output.
   *
   * @param precision of the statistic that the model was solved from
   */
  static void write(OutputFolder output, Model model, Precision precision) {
    ObjectNode metadata = metadata(model);
    metadata.put("precision", precision.key());
    metadata.put("exact", precision.isExact());
    write(output, model, metadata);
  }

  /** Writes the folder {@code model} of a model that gradient descent trained. */
  static void write(OutputFolder output, Model model) {
    write(output, model, metadata(model));
  }

  private static ObjectNode metadata(Model model) {
    return new ObjectMapper().valueToTree(model.metadata());
  }

  private static void write(OutputFolder output, Model model, ObjectNode metadata) {
    try (OutputStream out = output.create(FOLDER + "/" + BINARY)) {
      out.write(model.toBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    output.write(FOLDER + "/" + METADATA, Json.write(metadata));
  }

  /**
   * Reads a model from its folder, or from the output folder of the training around it.
   *
   * @throws SnnkException if there is none, or it is damaged
   */
  static Model read(String folder, Configuration hadoop) {
    try {
      Path given = new Path(folder);
      FileSystem files = given.getFileSystem(hadoop);
      Path inner = new Path(new Path(given, FOLDER), BINARY);
      Path binary = files.exists(inner) ? inner : new Path(given, BINARY);
      try (InputStream in = files.open(binary)) {
        return Model.fromBytes(in.readAllBytes(), binary.toString());
      } catch (FileNotFoundException missing) {
        throw new SnnkException(
            Options.MODEL_PATH.key(),
            "a folder with " + BINARY,
            "none at '" + folder + "'",
            null,
            "Give the output folder of a training, or the folder model/ in it.");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
