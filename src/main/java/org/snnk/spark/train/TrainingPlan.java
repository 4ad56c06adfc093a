package org.snnk.spark.train;

import java.util.ArrayList;
import java.util.List;
import org.snnk.statistics.GramMemory;

/**
 * What training in closed form will cost, reckoned before it starts.
 *
 * @param rows to train on
 * @param inputs d
 * @param features m
 * @param width p = m + 1 + k′, the columns of the statistic
 * @param parts of the rows that are summed apart: K folds, or 2 with a validation part
 * @param partitions that the rows come in
 * @param selection the comparison of length scales; null where it is set
 * @param folds K, 0 without cross-validation
 * @param penalties to choose from; 1 where λ is set
 * @param site where it will run
 */
public record TrainingPlan(
    long rows,
    int inputs,
    int features,
    int width,
    int parts,
    int partitions,
    Selection selection,
    int folds,
    int penalties,
    Site site) {
  /** Matrices of 8m² bytes that the driver holds while it solves: two, their factors, or both. */
  private static final int DRIVER_MATRICES = 3;

  /** Flops of a Cholesky factor, in units of m³. */
  private static final double CHOLESKY = 1.0 / 3;

  /** Flops of a reduction to a band and back, in units of m³. */
  public static final double REDUCTION = 4.0 / 3;

  /**
   * A comparison of length scales.
   *
   * @param rows that it is made on
   * @param candidates length scales
   * @param features of each candidate
   */
  public record Selection(long rows, int candidates, int features) {
    /** m² a row and candidate for the products, and dm for the features. */
    double productFlops(int inputs) {
      double m = features;
      return rows * candidates * (m * m + inputs * m);
    }

    /** A reduction for each candidate. */
    double solveFlops() {
      double m = features;
      return candidates * REDUCTION * m * m * m;
    }

    /** Products on all cores, then the driver alone. */
    public double seconds(int inputs, Site site) {
      return productFlops(inputs) / site.productFlops + solveFlops() / site.solveFlops;
    }
  }

  /**
   * Where it will run.
   *
   * @param cores tasks at once, everywhere
   * @param taskBytes that one task may hold
   * @param driverBytes the driver's heap
   * @param productFlops per second of all cores together in products
   * @param solveFlops per second of the driver in reductions
   */
  public record Site(
      int cores, long taskBytes, long driverBytes, double productFlops, double solveFlops) {}

  private GramMemory memory() {
    return new GramMemory(width, parts, rows);
  }

  /** Passes of the Gram matrix. */
  public int passes() {
    return memory().passes(site.taskBytes);
  }

  /** dm a row: the features once. */
  public double featureFlops() {
    return (double) rows * inputs * features;
  }

  /** m² a row for the products and dm for the features of each pass, and the same of selection. */
  public double productFlops() {
    double gram = (double) rows * width * width + passes() * featureFlops();
    return selection == null ? gram : gram + selection.productFlops(inputs);
  }

  /**
   * A reduction of the training part and one of all rows; with folds one of each and of all. One
   * penalty takes Cholesky factors in place of reductions.
   */
  public double solveFlops() {
    double m = features;
    double each = penalties == 1 ? CHOLESKY : REDUCTION;
    double all = (folds > 0 ? folds + 1 : parts) * each * m * m * m;
    return selection == null ? all : all + selection.solveFlops();
  }

  /** The most that one task holds at a time. */
  public long taskBytes() {
    return memory().taskBytes(passes());
  }

  /**
   * The most that the driver holds at a time: the statistics of all parts, and what solves them.
   */
  public long driverBytes() {
    return memory().statisticsBytes() / parts * (parts + 1L)
        + DRIVER_MATRICES * 8L * features * features;
  }

  /** What partial results of the Gram passes put on the network. */
  public long networkBytes() {
    return Math.min(partitions, (long) GramPass.TASKS_PER_CORE * site.cores)
        * memory().statisticsBytes();
  }

  /** Products on all cores, then the driver alone; reading the rows comes on top. */
  public double seconds() {
    return productFlops() / site.productFlops + solveFlops() / site.solveFlops;
  }

  /** Why this will not fit, one sentence each; empty if it should. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (taskBytes() > site.taskBytes) {
      warnings.add(
          "a task holds "
              + taskBytes()
              + " bytes even in "
              + passes()
              + " passes, and may hold "
              + site.taskBytes
              + ": raise the executors' memory, or lower their cores or the number of features");
    }
    if (driverBytes() > site.driverBytes) {
      warnings.add(driverWarning(driverBytes(), site.driverBytes, "the number of features"));
    }
    return warnings;
  }

  static String driverWarning(long held, long heap, String cause) {
    return "the driver holds "
        + held
        + " bytes, and its heap has "
        + heap
        + ": raise spark.driver.memory, or lower "
        + cause;
  }
}
