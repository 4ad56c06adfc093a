package org.snnk.jobs;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.snnk.SnnkException;
import org.snnk.model.ModelStatistics;

/** A statistic on disk: {@code statistics/gram.bin}. */
final class StatisticsFolder {
  private static final String FILE = "statistics/gram.bin";

  private StatisticsFolder() {}

  /** Writes the file into an output. */
  static void write(OutputFolder output, ModelStatistics statistics) {
    try (OutputStream out = output.create(FILE)) {
      statistics.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a statistic from its file, or from the output folder around it.
   *
   * @param option the key that named the path, for errors
   * @throws SnnkException if there is none, or it is damaged
   */
  static ModelStatistics read(String option, String path, Configuration hadoop) {
    try {
      Path given = new Path(path);
      FileSystem files = given.getFileSystem(hadoop);
      Path inner = new Path(given, FILE);
      Path file = files.exists(inner) ? inner : given;
      if (!files.exists(file) || !files.getFileStatus(file).isFile()) {
        throw new SnnkException(
            option,
            "a statistics file, or an output folder with " + FILE,
            "none at '" + path + "'",
            null,
            "Give what a training wrote.");
      }
      long length = files.getFileStatus(file).getLen();
      return ModelStatistics.read(() -> files.open(file), length, file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
