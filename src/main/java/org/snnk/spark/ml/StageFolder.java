package org.snnk.spark.ml;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.snnk.SnnkException;

/**
 * A model on disk: Spark's {@code metadata/} with the Params, and {@code model/} with versioned
 * files, the same that a job writes.
 */
final class StageFolder {
  private static final String FOLDER = "model";

  private final FileSystem system;
  private final Path folder;

  private StageFolder(FileSystem system, Path folder) {
    this.system = system;
    this.folder = folder;
  }

  /** Writes a model. */
  static MLWriter writer(Params stage, Map<String, byte[]> files) {
    Map<String, byte[]> sorted = new TreeMap<>(files);
    return new MLWriter() {
      @Override
      public void saveImpl(String path) {
        DefaultParamsWriter$.MODULE$.saveMetadata(stage, path, sparkSession());
        Path folder = new Path(path, FOLDER);
        try {
          FileSystem system =
              folder.getFileSystem(sparkSession().sparkContext().hadoopConfiguration());
          for (Map.Entry<String, byte[]> file : sorted.entrySet()) {
            try (OutputStream out = system.create(new Path(folder, file.getKey()))) {
              out.write(file.getValue());
            }
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  /**
   * Reads a model.
   *
   * @param make from the uid and the files to the model without its Params
   */
  static <T extends Params> MLReader<T> reader(
      Class<T> type, BiFunction<String, StageFolder, T> make) {
    return new MLReader<>() {
      @Override
      public T load(String path) {
        var metadata =
            DefaultParamsReader$.MODULE$.loadMetadata(path, sparkSession(), type.getName());
        Path folder = new Path(path, FOLDER);
        Configuration hadoop = sparkSession().sparkContext().hadoopConfiguration();
        try {
          T stage =
              make.apply(metadata.uid(), new StageFolder(folder.getFileSystem(hadoop), folder));
          metadata.getAndSetParams(stage, metadata.getAndSetParams$default$2());
          return stage;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  /** Whether there is a file. */
  boolean has(String name) {
    try {
      return system.exists(new Path(folder, name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The bytes of a file.
   *
   * @throws SnnkException if there is none
   */
  byte[] bytes(String name) {
    if (!has(name)) {
      throw new SnnkException(
          "model folder", "a file " + name, "none", where(name), "Take another copy.");
    }
    try (InputStream in = system.open(new Path(folder, name))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The place of a file, for errors. */
  String where(String name) {
    return new Path(folder, name).toString();
  }
}
