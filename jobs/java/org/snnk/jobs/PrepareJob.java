package org.snnk.jobs;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.snnk.spark.data.Table;
import org.snnk.spark.data.TableReader;

/** Turns slow text into Parquet once, with typed columns and a stable row index. */
final class PrepareJob implements Job {
  private static final String ROWS = "rows";

  /** The rows in the output folder of this job; any other path as it is. */
  static String rowsIn(String path, Configuration hadoop) {
    try {
      Path rows = new Path(path, ROWS);
      FileSystem files = rows.getFileSystem(hadoop);
      boolean prepared = files.exists(new Path(path, OutputFolder.MARKER)) && files.exists(rows);
      return prepared ? rows.toString() : path;
    } catch (IOException | IllegalArgumentException e) {
      return path; // who reads it says what is wrong with it
    }
  }

  @Override
  public String name() {
    return "prepare";
  }

  @Override
  public String description() {
    return "Turn text into Parquet once, with typed columns and a stable row index";
  }

  @Override
  public void run(JobContext context) {
    DataSettings data = new DataSettings(context);
    JobRecord record = new JobRecord(context);
    TableReader reader = data.open();
    Table table = reader.typed();
    if (!table.hasErrors()) {
      throw context
          .settings()
          .error(
              Options.DATA_PATH,
              "text files",
              "Parquet",
              "They are prepared already: use them as they are.");
    }
    CheckedRows checked = CheckedRows.observe(table.rows(), Table.ROW_ERROR);
    int files = context.get(Options.PREPARE_FILES);
    // By range of the index, so that the files hold the rows in their order.
    Dataset<Row> rows =
        files == 0
            ? checked.rows()
            : checked.rows().repartitionByRange(files, checked.rows().col(Table.ROW_INDEX));
    try (Phase phase = context.progress().phase("prepare")) {
      rows.write()
          .option("compression", context.get(Options.PREPARE_COMPRESSION))
          .parquet(context.output().resolve(ROWS).toString());
    }
    checked.require("text files", data.dropInvalid());
    record.title(data.title() + ": prepared as Parquet");
    record.data(data, reader.files());
    record.record().put("data.rows", "written", checked.good());
    record.record().put("data.rows", "dropped", checked.bad());
    record.write();
  }
}
