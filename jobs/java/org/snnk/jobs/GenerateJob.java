package org.snnk.jobs;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.snnk.dataset.simulation.SampleFile;
import org.snnk.spark.data.SimulatedRows;

/** Writes simulated data sets. */
final class GenerateJob implements Job {
  @Override
  public String name() {
    return "generate";
  }

  @Override
  public String description() {
    return "Write simulated data sets in UCI's layouts";
  }

  @Override
  public void run(JobContext context) {
    OptionalLong rows = context.get(Options.GENERATE_ROWS);
    OptionalLong seed = context.get(Options.GENERATE_SEED);
    String format = context.get(Options.GENERATE_FORMAT);
    List<SampleFile> files = new ArrayList<>();
    for (String name : context.get(Options.GENERATE_DATASET)) {
      SampleFile shipped = shipped(context, name);
      files.add(
          new SampleFile(
              name,
              seed.orElse(shipped.seed()),
              rows.orElse(shipped.rows()),
              shipped.fileName().replace("csv.gz", format)));
    }
    for (SampleFile file : files) {
      try (Phase phase = context.progress().phase("generate " + file.dataset(), file.rows())) {
        write(context, file, format);
      }
    }
  }

  private static SampleFile shipped(JobContext context, String name) {
    return SampleFile.SHIPPED.stream()
        .filter(file -> file.dataset().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                context
                    .settings()
                    .error(
                        Options.GENERATE_DATASET,
                        "names of simulated data sets, of "
                            + SampleFile.SHIPPED.stream().map(SampleFile::dataset).toList(),
                        "'" + name + "'",
                        "Choose among them."));
  }

  private static void write(JobContext context, SampleFile file, String format) {
    if (format.equals("parquet")) {
      SimulatedRows.of(context.spark(), file.dataset(), file.seed(), file.rows())
          .write()
          .parquet(context.output().resolve(file.fileName()).toString());
      return;
    }
    try (OutputStream out = context.output().create(file.fileName())) {
      file.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
