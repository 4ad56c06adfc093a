package org.snnk.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.snnk.SnnkException;
import org.snnk.report.Json;
import org.snnk.report.SuiteIndex;

/**
 * Runs several configurations one after the other, each as {@code run} does, into folders of one
 * output, with an index page. One that fails leaves the others theirs.
 */
final class SuiteJob implements Job {
  private static final String SAMPLES = "samples";
  private static final List<String> OWN = List.of("suite.", "output.");

  @Override
  public String name() {
    return "suite";
  }

  @Override
  public String description() {
    return "Run several configurations in turn: a folder of each, suite.json, index.html";
  }

  /** The kinds of data that a suite chooses among. */
  static List<String> kinds() {
    return List.of(SAMPLES, "files");
  }

  @Override
  public void run(JobContext context) {
    boolean samples = context.get(Options.SUITE_DATA).equals(SAMPLES);
    Option<List<String>> chosen = samples ? Options.SUITE_SAMPLES : Options.SUITE_FILES;
    if (context.get(chosen).isEmpty()) {
      throw context
          .settings()
          .error(chosen, "at least one configuration", "none", "Name the files to run.");
    }
    SuiteIndex index = new SuiteIndex();
    JobRecord record = new JobRecord(context);
    List<String> failed = new ArrayList<>();
    List<String> done = new ArrayList<>();
    String firstReason = "";
    for (String configuration : context.get(chosen)) {
      String name = name(configuration);
      if (done.contains(name) || failed.contains(name)) {
        throw context
            .settings()
            .error(
                chosen, "configurations of different names", "'" + name + "' twice", "Rename one.");
      }
      context.progress().message("snnk suite: " + configuration);
      long began = System.nanoTime();
      try {
        member(context, configuration, name);
        double seconds = (System.nanoTime() - began) / 1e9;
        index.done(
            name, read(context, name, "run.json"), read(context, name, "metrics.json"), seconds);
        done.add(name);
      } catch (Exception | LinkageError | OutOfMemoryError failure) {
        if (context.sparkStarted() && context.spark().sparkContext().isStopped()) {
          throw new IllegalStateException("Spark stopped while '" + name + "' ran", failure);
        }
        String sentence = Main.sentence(failure).orElse(failure.toString());
        firstReason = failed.isEmpty() ? sentence : firstReason;
        context.progress().message("error: " + configuration + ": " + sentence);
        index.failed(name, sentence);
        failed.add(name);
      }
    }
    if (done.isEmpty()) {
      throw new SnnkException(
          "suite",
          "a run that succeeds",
          "none; the first says: " + firstReason.replaceFirst("\\.$", ""),
          null,
          "Correct the configurations.");
    }
    record.environment();
    index.made(record.record().toJson());
    context.output().write("suite.json", Json.write(index.toJson()));
    context.output().write("index.html", SuiteIndex.render(index.toJson()));
    if (!failed.isEmpty()) {
      context.failAfterOutput(
          new SnnkException(
              "suite",
              "a result of each of " + (done.size() + failed.size()) + " configurations",
              "none of '" + String.join("', '", failed) + "'",
              null,
              "index.html says why, and links the reports of the others."));
    }
  }

  /** {@code higgs} of {@code conf/jobs/higgs.conf}. */
  private static String name(String configuration) {
    String file = String.valueOf(Path.of(configuration).getFileName());
    return file.replaceFirst("\\.conf$", "");
  }

  private static void member(JobContext context, String configuration, String name) {
    Path given = Path.of(configuration);
    Path beside = context.settings().file().map(Path::getParent).orElse(null);
    Path file = given.isAbsolute() || beside == null ? given : beside.resolve(given);
    List<String> assignments = new ArrayList<>();
    for (String assignment : context.settings().assignments()) {
      if (OWN.stream().noneMatch(assignment.strip()::startsWith)) {
        assignments.add(assignment);
      }
    }
    String target = new org.apache.hadoop.fs.Path(context.output().target(), name).toString();
    assignments.add("output.dir=" + target);
    assignments.add("output.overwrite=false");
    Settings settings = Settings.load("run", Optional.of(file), assignments);
    try (JobContext member = context.member(settings, context.output().resolve(name).toString())) {
      new RunJob().run(member);
      member.commitOutput();
      member.published().forEach(each -> context.publish(name, each.results()));
    } finally {
      if (context.sparkStarted()) {
        context.javaSpark().getPersistentRDDs().values().forEach(rdd -> rdd.unpersist(false));
      }
    }
  }

  private static ObjectNode read(JobContext context, String name, String file) {
    org.apache.hadoop.fs.Path path = context.output().resolve(name + "/" + file);
    try {
      FileSystem files = path.getFileSystem(JobContext.hadoopConfiguration());
      try (InputStream in = files.open(path)) {
        return Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), file);
      } catch (FileNotFoundException none) {
        throw new IllegalStateException("a run without " + file, none);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
