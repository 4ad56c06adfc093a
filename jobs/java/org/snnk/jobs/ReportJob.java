package org.snnk.jobs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.snnk.SnnkException;
import org.snnk.report.ComparisonReport;
import org.snnk.report.HtmlReport;
import org.snnk.report.ImageReport;
import org.snnk.report.Json;
import org.snnk.report.SuiteIndex;

/**
 * Makes report.html again from run.json and metrics.json of a run, and from nothing else; that of a
 * comparison or an image fitting from their documents, and the index of a suite from its own.
 */
final class ReportJob implements Job {
  private static final String PAGE = "report.html";
  private static final String INDEX = "index.html";
  private static final String PNG = ".png";

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
    String suite = read(files, new Path(folder, "suite.json"));
    if (run == null && suite == null) {
      throw new SnnkException(
          "output.dir '" + folder + "'",
          "the folder of a run, with run.json",
          "none",
          null,
          "Name the output.dir of a run, or its configuration.");
    }
    boolean index = run == null;
    String name = index ? INDEX : PAGE;
    String page =
        index ? SuiteIndex.render(Json.read(suite, "suite.json")) : page(files, folder, run);
    Path target = new Path(folder, name);
    Path temporary = new Path(folder, "." + name + ".tmp");
    try (OutputStream out = files.create(temporary, true)) {
      out.write(page.getBytes(StandardCharsets.UTF_8));
    }
    files.delete(target, false);
    if (!files.rename(temporary, target)) {
      throw new UncheckedIOException(new IOException("cannot rename " + temporary));
    }
    context.progress().message("snnk report: wrote " + target.toUri().getPath());
  }

  /** The page of whichever job wrote the folder. */
  private static String page(FileSystem files, Path folder, String run) throws IOException {
    String comparison = read(files, new Path(folder, "comparison.json"));
    if (comparison != null) {
      return ComparisonReport.render(
          Json.read(run, "run.json"), Json.read(comparison, "comparison.json"));
    }
    String fit = read(files, new Path(folder, "fit.json"));
    if (fit != null) {
      Map<String, byte[]> pictures = pictures(files, new Path(folder, "images"));
      return ImageReport.render(Json.read(run, "run.json"), Json.read(fit, "fit.json"), pictures);
    }
    return HtmlReport.render(run, read(files, new Path(folder, "metrics.json")));
  }

  private static Map<String, byte[]> pictures(FileSystem files, Path folder) throws IOException {
    Map<String, byte[]> pictures = new TreeMap<>();
    for (FileStatus file : files.listStatus(folder)) {
      String name = file.getPath().getName();
      if (name.endsWith(PNG)) {
        try (InputStream in = files.open(file.getPath())) {
          pictures.put(name.substring(0, name.length() - PNG.length()), in.readAllBytes());
        }
      }
    }
    return pictures;
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
