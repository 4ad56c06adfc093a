package org.snnk.jobs.bench;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Kernels that are repeated for a while in several tasks at once.
 *
 * <p>Each task makes its memory, repeats each kernel without looking at the clock's answer, and
 * then times one kernel after the other, again and again, so that all of them see the same machine.
 * A task's rate is what it did by the time that it took; the rates of all tasks are added.
 */
public final class Loops {
  private static final double WARM_UP = 0.5;

  private Loops() {}

  /** Makes what a task repeats. */
  @FunctionalInterface
  public interface Loop extends Serializable {
    Step start();
  }

  /** One repetition, which tells how many units of work it was. */
  @FunctionalInterface
  public interface Step {
    double run();
  }

  /**
   * Units a second of all tasks together, for each loop in each repetition.
   *
   * @param seconds that each loop is repeated for in each repetition, at least once
   */
  public static List<List<Double>> rates(
      JavaSparkContext spark, int tasks, double seconds, int repetitions, List<Loop> loops) {
    ArrayList<Loop> sent = new ArrayList<>(loops);
    List<double[][]> ofTasks =
        spark
            .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
            .map(task -> rates(seconds, repetitions, sent))
            .collect();
    List<List<Double>> sums = new ArrayList<>();
    for (int l = 0; l < sent.size(); l++) {
      List<Double> ofLoop = new ArrayList<>();
      for (int r = 0; r < repetitions; r++) {
        double sum = 0;
        for (double[][] ofTask : ofTasks) {
          sum += ofTask[l][r];
        }
        ofLoop.add(sum);
      }
      sums.add(ofLoop);
    }
    return sums;
  }

  // Runs on an executor.
  private static double[][] rates(double seconds, int repetitions, List<Loop> loops) {
    List<Step> steps = loops.stream().map(Loop::start).toList();
    steps.forEach(step -> rate(WARM_UP * seconds, step));
    double[][] rates = new double[steps.size()][repetitions];
    for (int r = 0; r < repetitions; r++) {
      for (int l = 0; l < rates.length; l++) {
        rates[l][r] = rate(seconds, steps.get(l));
      }
    }
    return rates;
  }

  /** Units a second of one step, repeated for that many seconds, at least once. */
  public static double rate(double seconds, Step step) {
    long began = System.nanoTime();
    double units = 0;
    double elapsed;
    do {
      units += step.run();
      elapsed = (System.nanoTime() - began) * 1e-9;
    } while (elapsed < seconds);
    return units / elapsed;
  }
}
