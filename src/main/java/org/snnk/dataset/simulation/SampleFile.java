package org.snnk.dataset.simulation;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.snnk.SnnkException;
import org.snnk.dataset.HeaderStyle;

/**
 * A text file of simulated rows in the layout of their set.
 *
 * <p>The text is a function of set, seed and rows alone. Compressed bytes may differ between
 * versions of zlib; they carry no time and no name.
 *
 * @param dataset a name of {@link org.snnk.dataset.Datasets}
 * @param seed of the rows
 * @param rows how many, from index 0
 * @param fileName what it is called; compressed where that ends with {@code .gz}
 */
public record SampleFile(String dataset, long seed, long rows, String fileName) {
  private static final int CHUNK = 1 << 16;

  /** The four files of the project's {@code data-samples}. */
  public static final List<SampleFile> SHIPPED =
      List.of(
          new SampleFile("higgs", 2014, 6000, "higgs-sample.csv.gz"),
          new SampleFile("hepmass", 2016, 6000, "hepmass-sample.csv.gz"),
          new SampleFile("covertype", 1998, 6000, "covertype-sample.csv.gz"),
          new SampleFile("wind-turbine", 1919, 6000, "wind-turbine-sample.csv.gz"));

  /**
   * Writes the file into a directory, which is made where it is missing. A reader sees the whole
   * file or none: the text goes into a temporary neighbour that is then renamed.
   *
   * @return the file
   * @throws Unwritable where the directory cannot be written
   */
  public Path writeInto(Path directory) {
    Path target = directory.resolve(fileName);
    try {
      Files.createDirectories(directory);
      Path temporary = directory.resolve("." + fileName + "." + UUID.randomUUID() + ".tmp");
      try {
        try (OutputStream out = Files.newOutputStream(temporary)) {
          writeTo(out);
        }
        moveOver(temporary, target);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new Unwritable(target, e);
    }
    return target;
  }

  /** The whole text, header included. */
  public String text() {
    StringBuilder out = new StringBuilder();
    try {
      append(out, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is written to, so nothing can fail
    }
    return out.toString();
  }

  /** Writes the file's bytes to a stream, which stays open; compressed where the name says so. */
  public void writeTo(OutputStream stream) throws IOException {
    BestGzip gzip = fileName.endsWith(".gz") ? new BestGzip(stream) : null;
    OutputStream out = gzip == null ? stream : gzip;
    StringBuilder rest = new StringBuilder();
    append(rest, out);
    out.write(rest.toString().getBytes(StandardCharsets.US_ASCII));
    if (gzip != null) {
      gzip.finish();
    }
  }

  /** Appends all lines, and passes them on in chunks where there is a stream to pass them to. */
  private void append(StringBuilder lines, OutputStream out) throws IOException {
    Simulation simulation = Simulations.of(dataset, seed);
    double[] row = new double[simulation.descriptor().columns().size()];
    if (simulation.descriptor().header() != HeaderStyle.NONE) {
      lines.append(simulation.descriptor().headerLine()).append('\n');
    }
    for (long index = 0; index < rows; index++) {
      simulation.row(index, row);
      simulation.appendRow(row, lines);
      lines.append('\n');
      if (out != null && lines.length() > CHUNK) {
        out.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
        lines.setLength(0);
      }
    }
  }

  private static void moveOver(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** A sample file could not be written; its cause says why. */
  public static final class Unwritable extends SnnkException {
    private static final long serialVersionUID = 1L;

    private Unwritable(Path file, IOException cause) {
      super(
          "sample file",
          "sample file: expected a directory that can be written, got "
              + cause
              + " ("
              + file
              + "). Choose another directory or free its space.",
          cause);
    }
  }

  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(OutputStream out) throws IOException {
      super(out, CHUNK);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
