package org.snnk.spark.train;

import org.apache.spark.SparkContext;

/**
 * How much memory a task may hold beside what Spark keeps for itself.
 *
 * <p>Of the heap, Spark takes 300 MB and the share {@code spark.memory.fraction} (0.6) of the rest
 * for cached rows and shuffles; what is left belongs to the code of the tasks, divided by the tasks
 * that run at once in one process.
 */
public final class TaskMemory {
  private static final long RESERVED = 300L << 20;
  private static final double SPARKS_SHARE = 0.6;

  private TaskMemory() {}

  /** Bytes a task, by the settings of this context. */
  public static long of(SparkContext context) {
    return (long) (heap(context) * (1 - sparksShare(context)) / tasksAtOnce(context));
  }

  /** Bytes of cached rows that the memory of all executors together has room for. */
  public static long cached(SparkContext context) {
    return (long) (heap(context) * sparksShare(context) * executors(context));
  }

  /** The processes that run tasks. */
  public static int executors(SparkContext context) {
    return Math.max(1, context.defaultParallelism() / tasksAtOnce(context));
  }

  /** The heap of one process but for what Spark reserves. */
  private static long heap(SparkContext context) {
    long heap =
        context.isLocal()
            ? Runtime.getRuntime().maxMemory()
            : context.getConf().getSizeAsBytes("spark.executor.memory", "1g");
    return Math.max(0, heap - RESERVED);
  }

  private static double sparksShare(SparkContext context) {
    return context.getConf().getDouble("spark.memory.fraction", SPARKS_SHARE);
  }

  /** The tasks that run at once in one process. */
  public static int tasksAtOnce(SparkContext context) {
    int cores =
        context.isLocal()
            ? context.defaultParallelism()
            : context.getConf().getInt("spark.executor.cores", perExecutor(context));
    return Math.max(1, cores / context.getConf().getInt("spark.task.cpus", 1));
  }

  /** A standalone executor without spark.executor.cores takes all cores of its worker. */
  private static int perExecutor(SparkContext context) {
    int executors = Math.max(1, context.statusTracker().getExecutorInfos().length - 1);
    return Math.max(1, (context.defaultParallelism() + executors - 1) / executors);
  }
}
