package org.snnk.jobs;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.spark.SparkContext;

/**
 * Shows what a job does, how far it is and how long it will take, and keeps the seconds of each
 * phase.
 *
 * <p>On a terminal one line that refreshes, elsewhere a plain line every ten seconds; either way
 * one line when a phase ends. Rows are counted from the metrics that Spark's tasks report, so the
 * tasks themselves need nothing.
 */
public final class Progress implements AutoCloseable {
  static final String PHASE_PROPERTY = "snnk.phase";

  /** Where the log's layout looks for the characters that wipe the progress line. */
  static final String CLEAR_PROPERTY = "snnk.clearLine";

  private static final String CLEAR = "\r\u001b[K";
  private static final long REFRESH_MILLIS = 500;
  private static final long LATE_MILLIS = 500;
  private static final long PLAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final PrintStream out;
  private final int columns;
  private final LongSupplier clock;
  private final ScheduledExecutorService timer;
  private final Deque<Running> running = new ArrayDeque<>();
  private final Map<String, Running> byId = new HashMap<>();
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private SparkContext spark;
  private ProgressListener listener;
  private int phases;
  private boolean lineShown;

  private Progress(PrintStream out, int columns, LongSupplier clock, boolean timed) {
    this.out = out;
    this.columns = columns;
    this.clock = clock;
    if (columns > 0) {
      System.setProperty(CLEAR_PROPERTY, CLEAR);
    }
    if (timed) {
      timer =
          Executors.newSingleThreadScheduledExecutor(
              work -> {
                Thread thread = new Thread(work, "snnk-progress");
                thread.setDaemon(true);
                return thread;
              });
      var unused =
          timer.scheduleAtFixedRate(
              this::refresh, REFRESH_MILLIS, REFRESH_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      timer = null;
    }
  }

  /**
   * Progress on a stream.
   *
   * @param columns the width of the terminal, or 0 where it is none
   */
  public static Progress on(PrintStream out, int columns) {
    return new Progress(out, columns, System::nanoTime, true);
  }

  /** Without a timer: a test moves the clock and calls {@link #refresh}. */
  static Progress manual(PrintStream out, int columns, LongSupplier clock) {
    return new Progress(out, columns, clock, false);
  }

  /**
   * Begins a phase; phases may nest, and the innermost is shown.
   *
   * @param totalRows the rows that its stages read together (twice the rows for two passes), or 0
   */
  public synchronized Phase phase(String name, long totalRows) {
    phases++;
    Running phase = new Running(Integer.toString(phases), name, totalRows, clock.getAsLong());
    running.push(phase);
    byId.put(phase.id, phase);
    seconds.putIfAbsent(name, 0.0); // the order in which they began
    tellSpark();
    return phase;
  }

  /** Begins a phase whose rows are not known. */
  public Phase phase(String name) {
    return phase(name, 0);
  }

  /** Prints a line of the job's own. */
  public synchronized void message(String line) {
    clearLine();
    out.println(line);
    out.flush();
  }

  /** The seconds of each phase that has ended or runs, in the order in which they began. */
  public synchronized Map<String, Double> seconds() {
    Map<String, Double> sums = new LinkedHashMap<>(seconds);
    for (Running phase : running) {
      sums.merge(phase.name, phase.age(), Double::sum);
    }
    return sums;
  }

  /** Another one on the same stream, which has counted nothing yet. */
  Progress another() {
    return new Progress(out, columns, clock, timer != null);
  }

  /** Listens to a Spark context from here on. */
  synchronized void attach(SparkContext context) {
    if (spark != context) {
      spark = context;
      listener = new ProgressListener(this);
      context.addSparkListener(listener);
      tellSpark();
    }
  }

  @Override
  public synchronized void close() {
    if (timer != null) {
      timer.shutdownNow();
    }
    clearLine();
    System.clearProperty(CLEAR_PROPERTY);
    if (spark != null) {
      if (!spark.isStopped()) {
        spark.removeSparkListener(listener);
      }
      spark = null;
    }
  }

  // ---- what Spark reports, on its listener thread ----

  synchronized void stageBegan(String phaseId, int stage, int tasks) {
    Running phase = byId.get(phaseId);
    if (phase != null && phase.stages.add(stage)) {
      phase.totalTasks += tasks;
    }
  }

  synchronized void taskReported(String phaseId, long taskId, long rows) {
    Running phase = byId.get(phaseId);
    if (phase != null) {
      phase.inFlight.merge(taskId, rows, Math::max);
    }
  }

  synchronized void taskEnded(String phaseId, long taskId, boolean counts, long rows) {
    Running phase = byId.get(phaseId);
    if (phase != null) {
      phase.inFlight.remove(taskId);
      if (counts) {
        phase.tasks++;
        phase.rows += rows;
      }
      notifyAll();
    }
  }

  /** Forgets the rows of a phase, which are counted in another way from here on. */
  synchronized void restartRows(String phaseId) {
    Running phase = byId.get(phaseId);
    if (phase != null) {
      phase.inFlight.clear();
      phase.rows = 0;
    }
  }

  // ---- showing ----

  synchronized void refresh() {
    Running phase = running.peek();
    if (phase == null) {
      return;
    }
    long now = clock.getAsLong();
    if (columns > 0) {
      String line = phase.line().running();
      out.print(CLEAR + line.substring(0, Math.min(line.length(), columns - 1)));
      out.flush();
      lineShown = true;
    } else if (now - phase.shownAt >= PLAIN_NANOS) {
      phase.shownAt = now;
      message(phase.line().running());
    }
  }

  private void clearLine() {
    if (lineShown) {
      out.print(CLEAR);
      out.flush();
      lineShown = false;
    }
  }

  // Stages carry the properties of the thread that started them, so that their tasks count for the
  // right phase although Spark reports later.
  private void tellSpark() {
    if (spark != null && !spark.isStopped()) {
      Running phase = running.peek();
      spark.setLocalProperty(PHASE_PROPERTY, phase == null ? null : phase.id);
      spark.setJobDescription(phase == null ? null : phase.name);
    }
  }

  private void end(Running phase) {
    synchronized (this) {
      if (!running.remove(phase)) {
        return;
      }
      double took = phase.age();
      seconds.merge(phase.name, took, Double::sum);
      tellSpark();
      awaitReports(phase);
      if (!interrupted()) { // else the last word is that of whoever interrupted
        message(phase.line(took).ended());
      }
    }
  }

  /** Whether Spark was stopped under the job. */
  private boolean interrupted() {
    return spark != null && spark.isStopped();
  }

  /** Spark reports the end of tasks a little after the result that they gave. */
  private void awaitReports(Running phase) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LATE_MILLIS);
    try {
      while (phase.tasks < phase.totalTasks && !interrupted() && System.nanoTime() < until) {
        wait(LATE_MILLIS / 20);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Running implements Phase {
    private final String id;
    private final String name;
    private final long totalRows;
    private final long beganAt;
    private final Map<Long, Long> inFlight = new HashMap<>();
    private final Set<Integer> stages = new HashSet<>();
    private long shownAt;
    private long rows;
    private long tasks;
    private long totalTasks;

    private Running(String id, String name, long totalRows, long now) {
      this.id = id;
      this.name = name;
      this.totalRows = totalRows;
      this.beganAt = now;
      this.shownAt = now;
    }

    @Override
    public void close() {
      end(this);
    }

    private double age() {
      return (clock.getAsLong() - beganAt) / 1e9;
    }

    private ProgressLine line() {
      return line(age());
    }

    private ProgressLine line(double age) {
      long done = rows;
      for (long part : inFlight.values()) {
        done += part;
      }
      return new ProgressLine(name, done, totalRows, tasks, totalTasks, age);
    }
  }
}
