package org.snnk.statistics;

/**
 * What the statistics of one pass hold, in bytes.
 *
 * @param width p = m + 1 + k′, the columns of S
 * @param statistics how many statistics a task fills: feature maps times parts of the rows
 * @param rows of the table: beyond 2²² rows a sum takes two longs
 */
public record GramMemory(int width, int statistics, long rows) {
  /** While partial results are merged, a task holds its own, another one, and what it sends. */
  private static final int COPIES = 3;

  /** G1 gives a large array whole regions; they have 2 MB in heaps of 4 to 8 GB. */
  private static final long REGION = 2L << 20;

  /** Of a workspace: rows, and products. */
  private static final int WORKSPACE_ARRAYS = 2;

  /** 4p² bytes a statistic, 8p² beyond 2²² rows. */
  public long statisticsBytes() {
    return statistics
        * GramStatistics.entries(width)
        * (rows > GramStatistics.NARROW_ROWS ? 16 : 8);
  }

  /** What a task works with beside its statistics. */
  public long workspaceBytes() {
    return GramStatistics.workspaceBytes(width) + (WORKSPACE_ARRAYS + statistics) * REGION;
  }

  /** The most that a task holds at a time where S is made in {@code passes} parts. */
  public long taskBytes(int passes) {
    long held = statisticsBytes() / passes;
    return Math.max(held + workspaceBytes(), COPIES * held);
  }

  /** The fewest passes whose tasks hold no more than {@code budget} bytes; p if even those do. */
  public int passes(long budget) {
    int passes =
        (int) Math.min(width, Math.max(1, COPIES * statisticsBytes() / Math.max(1, budget)));
    while (passes < width && taskBytes(passes) > budget) {
      passes++;
    }
    return passes;
  }
}
