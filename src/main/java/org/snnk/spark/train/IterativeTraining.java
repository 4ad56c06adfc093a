package org.snnk.spark.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.snnk.linalg.RowBlock;
import org.snnk.solve.NystromPreconditioner;
import org.snnk.solve.Readout;
import org.snnk.solve.RidgeIteration;
import org.snnk.statistics.CrossStatistics;
import org.snnk.statistics.GridColumns;
import org.snnk.statistics.GridRows;
import org.snnk.statistics.RandomSigns;
import org.snnk.statistics.RightSide;
import org.snnk.statistics.RowFraction;
import org.snnk.statistics.RowParts;
import org.snnk.statistics.SquaredErrors;

/**
 * Solves for a read-out without an m×m matrix: means and right-hand sides in one pass, a
 * preconditioner from a sketch of some rows, then conjugate gradients with a pass for each
 * iteration.
 *
 * <p>With a validation part all penalties are columns of one run on the other rows, are measured in
 * one pass, and the best one is solved for all rows, beginning from what it came to.
 *
 * <p>Every pass is exact and the steps between are plain Java on the driver, so the read-out is a
 * function of the set of rows and the options. <b>Cost</b>: O(m) numbers for each column in a task;
 * the driver holds some ten vectors of m for each column and twice the preconditioner, 16mr bytes.
 */
public final class IterativeTraining {
  /** The most that a task holds: the sums of a panel of columns, and a buffer of 32 MB. */
  public static final long TASK_BYTES = 32L * GramProductPass.PANEL_NUMBERS + (32L << 20);

  /** Rows that the preconditioner is made from, about. */
  static final int SKETCH_ROWS = 50_000;

  private static final long SKETCH_STREAM = 0x736B657463L;

  private final JavaRDD<RowBlock> rows;
  private final GridRows grid;

  /** The same, sent once: a process draws its random frequencies once for all passes. */
  private final Broadcast<GridRows> sentGrid;

  private final RowParts parts;
  private final ClosedFormTraining.Solving solving;
  private final long seed;
  private final Phases phases;
  private int passes;

  /**
   * How one penalty went.
   *
   * @param residual ‖C − (G + λI)W‖/‖C‖, the largest of its targets
   * @param iterations the most of its targets
   */
  public record Trial(double lambda, double residual, int iterations) {
    private static Trial of(RidgeIteration.Solution solution) {
      return new Trial(solution.readout().lambda(), solution.residual(), solution.iterations());
    }
  }

  /**
   * How a run went.
   *
   * @param stop what was asked for
   * @param preconditionerRank r; 0 for none
   * @param passes over rows, those for the preconditioner over some of them
   * @param clippedInputs input cells that were clipped to the grid's range
   * @param clippedTargets targets that were
   * @param clippedFeatures features that were clipped to ±1
   * @param path every penalty on the rows that are not held out; empty without a validation part
   * @param solution on all rows
   */
  public record Summary(
      RidgeIteration.Stop stop,
      int preconditionerRank,
      int passes,
      long clippedInputs,
      long clippedTargets,
      long clippedFeatures,
      List<Trial> path,
      Trial solution) {

    /** A sentence about whatever did not reach the tolerance. */
    public List<String> warnings() {
      List<String> sentences = new ArrayList<>();
      if (missed(solution)) {
        sentences.add(
            String.format(
                Locale.ROOT,
                "conjugate gradients did not converge: the relative residual of the model is %.2g"
                    + " after %d iterations, above train.tolerance = %s at penalty %s. Raise"
                    + " train.maxIterations or train.preconditionerRank, or choose a larger"
                    + " train.regParam.",
                solution.residual,
                solution.iterations,
                stop.tolerance() + "",
                solution.lambda + ""));
      }
      List<Trial> late = path.stream().filter(this::missed).toList();
      late.stream()
          .max(Comparator.comparingDouble(Trial::residual))
          .ifPresent(
              worst ->
                  sentences.add(
                      String.format(
                          Locale.ROOT,
                          "conjugate gradients did not converge for %d of %d candidate penalties:"
                              + " the largest relative residual is %.2g at penalty %s, above"
                              + " train.tolerance = %s. Their validation errors are those of what"
                              + " was reached.",
                          late.size(),
                          path.size(),
                          worst.residual,
                          worst.lambda + "",
                          stop.tolerance() + "")));
      return sentences;
    }

    private boolean missed(Trial trial) {
      return !(trial.residual <= stop.tolerance());
    }
  }

  /**
   * What was solved.
   *
   * @param readout of all rows
   * @param validated of the same penalty, that has not seen the validation part; null without one
   * @param candidates every penalty on the validation part
   */
  record Solved(
      Readout readout,
      Readout validated,
      List<ClosedFormTraining.Candidate> candidates,
      Summary summary) {}

  IterativeTraining(
      JavaRDD<RowBlock> rows,
      GramPass.Specification specification,
      RowParts parts,
      ClosedFormTraining.Solving solving,
      long seed,
      Phases phases) {
    this.rows = rows;
    this.grid =
        new GridRows(
            specification.featurizer(), specification.targets(), specification.weightExponent());
    this.sentGrid = JavaSparkContext.fromSparkContext(rows.context()).broadcast(grid);
    this.parts = parts;
    this.solving = solving;
    this.seed = seed;
    this.phases = phases;
  }

  /**
   * Solves.
   *
   * @param lambdas the candidates; one of them where there is no validation part
   * @param lengthScale for the candidates' record
   * @param expected rows, for progress
   */
  Solved solve(List<Double> lambdas, double lengthScale, long expected) {
    try {
      return solveWithSentGrid(lambdas, lengthScale, expected);
    } finally {
      sentGrid.destroy();
    }
  }

  private Solved solveWithSentGrid(List<Double> lambdas, double lengthScale, long expected) {
    List<CrossStatistics> sums = phases.run("right-hand sides", expected, this::crossStatistics);
    CrossStatistics all = new CrossStatistics(grid);
    sums.forEach(all::merge);
    RightSide first = sums.get(0).rightSide();
    NystromPreconditioner preconditioner =
        phases.run("preconditioner", 0, () -> preconditioner(first, sums.get(0).rows()));
    List<ClosedFormTraining.Candidate> candidates = new ArrayList<>();
    List<Trial> path = List.of();
    List<Readout> start = List.of();
    double lambda = lambdas.get(0);
    if (parts.count() > 1) {
      ClosedFormTraining.requireBothParts(sums.get(0).rows(), sums.get(1).rows());
      RidgeIteration.Run run =
          phases.run(
              "conjugate gradients, penalties",
              0,
              () -> iterate(part(0), first, preconditioner, lambdas, List.of()));
      double[] errors =
          phases.run("validation", sums.get(1).rows(), () -> squaredErrors(run.readouts()));
      for (int l = 0; l < errors.length; l++) {
        candidates.add(new ClosedFormTraining.Candidate(lengthScale, lambdas.get(l), errors[l]));
      }
      int best = candidates.indexOf(ClosedFormTraining.best(candidates));
      lambda = lambdas.get(best);
      start = List.of(run.readouts().get(best));
      path = run.solutions().stream().map(Trial::of).toList();
    }
    List<Double> chosen = List.of(lambda);
    List<Readout> from = start;
    RidgeIteration.Solution solution =
        phases
            .run(
                "conjugate gradients, all rows",
                0,
                () -> iterate(rows, all.rightSide(), preconditioner, chosen, from))
            .solutions()
            .get(0);
    Summary summary =
        new Summary(
            solving.stop(),
            preconditioner.rank(),
            passes,
            all.clippedInputs(),
            all.clippedTargets(),
            all.clippedFeatures(),
            path,
            Trial.of(solution));
    return new Solved(
        solution.readout(), start.isEmpty() ? null : start.get(0), candidates, summary);
  }

  private JavaRDD<RowBlock> part(int wanted) {
    RowParts of = parts;
    return of.count() == 1
        ? rows
        : rows.map(block -> block.filter(index -> of.of(index) == wanted));
  }

  private RidgeIteration.Run iterate(
      JavaRDD<RowBlock> over,
      RightSide right,
      NystromPreconditioner preconditioner,
      List<Double> lambdas,
      List<Readout> start) {
    GramProductPass gram = new GramProductPass(over, sentGrid, right.featureMean());
    RidgeIteration.Run run =
        RidgeIteration.solve(right, gram, preconditioner, lambdas, start, solving.stop());
    passes += gram.passes();
    return run;
  }

  /** The sums of each part. */
  private List<CrossStatistics> crossStatistics() {
    passes++;
    Broadcast<GridRows> of = sentGrid;
    RowParts split = parts;
    List<CrossStatistics> merged =
        TreeMerge.of(
            rows,
            blocks -> fold(blocks, of.value(), split),
            (left, right) -> {
              for (int part = 0; part < left.size(); part++) {
                left.get(part).merge(right.get(part));
              }
              return left;
            });
    return merged == null ? empty(grid, split) : merged;
  }

  private static List<CrossStatistics> empty(GridRows grid, RowParts parts) {
    List<CrossStatistics> sums = new ArrayList<>();
    for (int part = 0; part < parts.count(); part++) {
      sums.add(new CrossStatistics(grid));
    }
    return sums;
  }

  private static List<CrossStatistics> fold(
      Iterator<RowBlock> blocks, GridRows grid, RowParts parts) {
    List<CrossStatistics> sums = empty(grid, parts);
    CrossStatistics.Workspace workspace = new CrossStatistics.Workspace();
    while (blocks.hasNext()) {
      RowBlock block = blocks.next();
      for (int part = 0; part < sums.size(); part++) {
        int wanted = part;
        sums.get(part).add(block.filter(index -> parts.of(index) == wanted), workspace);
      }
    }
    return sums;
  }

  /** From some of the rows that are not held out. */
  private NystromPreconditioner preconditioner(RightSide right, long count) {
    int m = grid.features();
    int rank = Math.min(solving.preconditionerRank(), m / 2);
    if (rank == 0) {
      return NystromPreconditioner.NONE;
    }
    RowFraction some =
        new RowFraction(seed, SKETCH_STREAM, Math.min(1, (double) SKETCH_ROWS / count));
    JavaRDD<RowBlock> sample =
        some.fraction() == 1 ? part(0) : part(0).map(block -> block.filter(some::contains));
    GramProductPass gram = new GramProductPass(sample, sentGrid, right.featureMean());
    double[][] test = RandomSigns.of(0, rank, m, seed);
    NystromPreconditioner preconditioner = NystromPreconditioner.of(test, gram.times(test));
    passes += gram.passes();
    return preconditioner;
  }

  /** The mean squared error of each read-out on the validation part. */
  private double[] squaredErrors(List<Readout> readouts) {
    passes++;
    int m = grid.features();
    int k = grid.targets().count();
    double[][] weights = new double[readouts.size() * k][m];
    double[] intercepts = new double[readouts.size() * k];
    for (int l = 0; l < readouts.size(); l++) {
      for (int t = 0; t < k; t++) {
        intercepts[l * k + t] = readouts.get(l).intercept()[t];
        for (int i = 0; i < m; i++) {
          weights[l * k + t][i] = readouts.get(l).weights()[i * k + t];
        }
      }
    }
    Broadcast<GridRows> of = sentGrid;
    int count = readouts.size();
    Broadcast<GridColumns> sent =
        JavaSparkContext.fromSparkContext(rows.context())
            .broadcast(new GridColumns(weights, intercepts));
    try {
      return TreeMerge.of(
              part(1),
              blocks -> {
                SquaredErrors errors = new SquaredErrors(of.value(), count);
                while (blocks.hasNext()) {
                  errors.add(blocks.next(), sent.value());
                }
                return errors;
              },
              (left, right) -> {
                left.merge(right);
                return left;
              })
          .means();
    } finally {
      sent.destroy();
    }
  }
}
