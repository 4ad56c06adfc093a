package org.snnk.jobs;

import java.util.List;

/** The texts of {@code jobs/snnk help}, made from the registries of jobs and options. */
final class Help {
  private static final int WIDTH = 100;
  private static final String INDENT = "      ";

  private Help() {}

  static String overview(List<Job> jobs) {
    StringBuilder text = new StringBuilder();
    text.append("jobs/snnk COMMAND [CONF] [--set key=value ...] [--master URL]\n\n");
    for (Job job : jobs) {
      text.append(String.format("  %-12s %s%n", job.name(), job.description()));
    }
    text.append(String.format("  %-12s %s%n", "help", "The options of a command: help COMMAND"));
    text.append(
        """

        CONF is a HOCON file; conf/jobs has samples. --set comes before the file, the file before the
        default. --set spark.key=value sets Spark's own configuration. Without --master all runs on
        this machine (conf/spark/local.conf); with it conf/spark/cluster.conf counts.
        """);
    return text.toString();
  }

  static String command(Job job) {
    StringBuilder text = new StringBuilder();
    text.append("jobs/snnk ").append(job.name());
    text.append(" [CONF] [--set key=value ...] [--master URL]\n\n");
    text.append(job.description()).append(".\n\nOptions:\n");
    for (Option<?> option : job.options()) {
      Object fallback = option.plainFallback();
      String given = fallback == null ? "required" : "default " + shown(fallback);
      text.append("  ").append(option.key()).append("  (").append(option.expected());
      text.append("; ").append(given).append(")\n");
      text.append(wrapped(option.doc()));
    }
    return text.toString();
  }

  private static String shown(Object value) {
    return value.equals("") ? "none" : value.toString();
  }

  private static String wrapped(String sentence) {
    StringBuilder text = new StringBuilder();
    StringBuilder line = new StringBuilder(INDENT);
    for (String word : sentence.split(" ", -1)) {
      if (line.length() + word.length() > WIDTH) {
        text.append(line.toString().stripTrailing()).append('\n');
        line = new StringBuilder(INDENT);
      }
      line.append(word).append(' ');
    }
    return text.append(line.toString().stripTrailing()).append('\n').toString();
  }
}
