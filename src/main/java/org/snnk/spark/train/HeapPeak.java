package org.snnk.spark.train;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The most heap that a stretch of work holds in any process: the driver, and every executor that a
 * round of tiny tasks reaches.
 *
 * <p>Looked at every 20 ms: the heap in use outside of the eden space, into which everything is
 * born, less what was in use there after a collection before the work. So neither rows that were
 * cached before nor short-lived objects count; old objects that wait for a collection do. Memory
 * outside of the heap, such as BLAS's own, is not seen.
 */
public final class HeapPeak {
  private static final long MILLIS = 20;

  private final JavaSparkContext spark;
  private final String token = UUID.randomUUID().toString();

  private HeapPeak(JavaSparkContext spark) {
    this.spark = spark;
  }

  /** Begins to look. */
  public static HeapPeak begin(JavaSparkContext spark) {
    HeapPeak peak = new HeapPeak(spark);
    String token = peak.token;
    Watch.begin(token);
    List<Boolean> unused = peak.everywhere(task -> Watch.begin(token));
    return peak;
  }

  /** Ends looking. */
  public long end() {
    String token = this.token;
    long most = Watch.end(token);
    for (long bytes : everywhere(task -> Watch.end(token))) {
      most = Math.max(most, bytes);
    }
    return most;
  }

  private <T> List<T> everywhere(
      org.apache.spark.api.java.function.Function<Integer, T> inEachProcess) {
    if (spark.isLocal()) {
      return List.of();
    }
    int tasks = spark.defaultParallelism();
    return spark.parallelize(Collections.nCopies(tasks, 0), tasks).map(inEachProcess).collect();
  }

  /** The thread that looks, one a process. */
  private static final class Watch extends Thread {
    private static Watch running;

    private final String token;
    private final long before;
    private volatile long most;
    private volatile boolean ended;

    private Watch(String token) {
      super("snnk-heap-peak");
      this.token = token;
      setDaemon(true);
      System.gc();
      this.before = used();
      this.most = before;
    }

    static synchronized boolean begin(String token) {
      if (running != null && running.token.equals(token)) {
        return false;
      }
      if (running != null) {
        running.ended = true;
      }
      running = new Watch(token);
      running.start();
      return true;
    }

    /** Bytes above those of the beginning; 0 in a process that came later. */
    static synchronized long end(String token) {
      if (running == null || !running.token.equals(token)) {
        return 0;
      }
      running.look();
      running.ended = true;
      return running.most - running.before;
    }

    @Override
    public void run() {
      while (!ended) {
        look();
        try {
          Thread.sleep(MILLIS);
        } catch (InterruptedException end) {
          return;
        }
      }
    }

    private synchronized void look() {
      most = Math.max(most, used());
    }

    private static long used() {
      long sum = 0;
      for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
        if (pool.getType() == MemoryType.HEAP && !pool.getName().contains("Eden")) {
          sum += pool.getUsage().getUsed();
        }
      }
      return sum;
    }
  }
}
