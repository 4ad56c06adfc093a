package org.snnk.jobs;

import java.util.List;

/**
 * One command of {@code jobs/snnk}. {@link Main} knows all jobs, checks their options, opens and
 * completes their output folder, and turns their exceptions into exit codes.
 */
public interface Job {
  /** The command's name, one lower-case word. */
  String name();

  /** One line for the list of commands. */
  String description();

  /** The options that it reads, in the order of the help. */
  default List<Option<?>> options() {
    return Options.usedBy(name());
  }

  /** Whether output.dir is a folder that it makes whole or not at all. */
  default boolean fillsFolder() {
    return options().contains(Options.OUTPUT_DIR);
  }

  /**
   * Does the work. What it writes into {@link JobContext#output} appears under the final name only
   * if it returns.
   *
   * @throws Exception any; a {@link org.snnk.SnnkException} is told as its sentence alone
   */
  void run(JobContext context) throws Exception;
}
