package org.snnk.jobs;

/** A stretch of work with a name, from {@link Progress#phase} to {@link #close}. */
public interface Phase extends AutoCloseable {
  /** Counts rows that the driver itself has done; Spark's tasks are counted by themselves. */
  void add(long rows);

  @Override
  void close();
}
