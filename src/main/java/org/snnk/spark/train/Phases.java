package org.snnk.spark.train;

import java.util.function.Supplier;

/** How a distributed loop tells where it is. */
public interface Phases {
  /**
   * The accumulator in which the tasks of a pass count their rows, for progress only: a retried
   * task counts twice.
   */
  String ROWS = "snnk.rows";

  /** Says nothing. */
  Phases SILENT =
      new Phases() {
        @Override
        public <T> T run(String name, long rows, Supplier<T> work) {
          return work.get();
        }
      };

  /**
   * Runs one phase.
   *
   * @param name what is being done, for people
   * @param rows how many rows it will pass over, 0 where that is not known
   */
  <T> T run(String name, long rows, Supplier<T> work);

  /** Says something worth a line while a phase runs. */
  default void tell(String line) {}
}
