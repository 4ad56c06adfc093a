package org.snnk.jobs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.snnk.SnnkException;
import org.snnk.report.HtmlReport;

/** Makes report.html again from run.json and metrics.json of a run, and from nothing else. */
final class ReportJob implements Job {
  private static final String PAGE = "report.html";

  @Override
  public String name() {
    return "report";
  }

  @Override
  public String description() {
    return "Make report.html again from run.json and metrics.json: report FOLDER, or the"
        + " configuration of the run";
  }

  /** It changes one file of a run's folder, which is already there. */
  @Override
  public boolean fillsFolder() {
    return false;
  }

  @Override
  public void run(JobContext context) throws IOException {
    Path folder = new Path(context.get(Options.OUTPUT_DIR));
    FileSystem files = folder.getFileSystem(JobContext.hadoopConfiguration());
    if (files instanceof LocalFileSystem checked) {
      files = checked.getRawFileSystem(); // no .crc file beside each of ours
    }
    String run = read(files, new Path(folder, "run.json"));
    if (run == null) {
      throw new SnnkException(
          "output.dir '" + folder + "'",
          "the folder of a run, with run.json",
          "none",
          null,
          "Name the output.dir of a run, or its configuration.");
    }
    String page = HtmlReport.render(run, read(files, new Path(folder, "metrics.json")));
    Path target = new Path(folder, PAGE);
    Path temporary = new Path(folder, "." + PAGE + ".tmp");
    try (OutputStream out = files.create(temporary, true)) {
      out.write(page.getBytes(StandardCharsets.UTF_8));
    }
    files.delete(target, false);
    if (!files.rename(temporary, target)) {
      throw new UncheckedIOException(new IOException("cannot rename " + temporary));
    }
    context.progress().message("snnk report: wrote " + target.toUri().getPath());
  }

  /** The text of a file; null where there is none. */
  private static String read(FileSystem files, Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException none) {
      return null;
    }
  }
}
