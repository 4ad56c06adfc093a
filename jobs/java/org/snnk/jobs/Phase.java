package org.snnk.jobs;

/** A stretch of work with a name, from {@link Progress#phase} to {@link #close}. */
public interface Phase extends AutoCloseable {
  @Override
  void close();
}
