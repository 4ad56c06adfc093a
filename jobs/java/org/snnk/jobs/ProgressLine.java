package org.snnk.jobs;

import java.util.Locale;

/**
 * The words of a progress line.
 *
 * @param name the phase
 * @param rows rows done
 * @param totalRows rows to do, or 0 where that is not known
 * @param tasks Spark tasks done
 * @param totalTasks Spark tasks of the stages begun so far
 * @param seconds since the phase began
 */
record ProgressLine(
    String name, long rows, long totalRows, long tasks, long totalTasks, double seconds) {

  // A rate over less time than this says more about the start than about the work.
  private static final double SETTLED_SECONDS = 1.0;

  /** While the phase runs. */
  String running() {
    StringBuilder line = new StringBuilder(name);
    double share = share();
    if (share > 0) {
      line.append(String.format(Locale.ROOT, "  %.0f%%", Math.floor(100 * share)));
    }
    if (totalRows > 0) {
      long shown = Math.min(rows, totalRows);
      line.append("  ").append(grouped(shown)).append(" of ").append(grouped(totalRows));
      line.append(" rows");
    } else if (rows > 0) {
      line.append("  ").append(grouped(rows)).append(" rows");
    }
    if (totalTasks > 0) {
      line.append("  ").append(tasks).append('/').append(totalTasks).append(" tasks");
    }
    if (rows > 0 && seconds >= SETTLED_SECONDS) {
      line.append("  ").append(grouped(Math.round(rows / seconds))).append(" rows/s");
    }
    if (share > 0 && seconds >= SETTLED_SECONDS) {
      line.append("  ").append(duration(seconds * (1 - share) / share)).append(" left");
    } else {
      line.append("  ").append(duration(seconds));
    }
    return line.toString();
  }

  /** When the phase has ended. */
  String ended() {
    String amount = rows > 0 ? "  " + grouped(rows) + " rows in " : "  ";
    return name + amount + duration(seconds);
  }

  // Rows say more than tasks, but not every source counts them.
  private double share() {
    if (totalRows > 0 && rows > 0) {
      return Math.min(1, (double) rows / totalRows);
    }
    return totalTasks > 0 ? (double) tasks / totalTasks : 0;
  }

  static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** 0.4 s, 12 s, 3 min 05 s, 2 h 07 min. */
  static String duration(double seconds) {
    if (seconds < 9.95) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    if (whole < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
    }
    return String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
  }
}
