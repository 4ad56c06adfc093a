package org.snnk.spark.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.snnk.linalg.RowBlock;
import org.snnk.metric.Bootstrap;
import org.snnk.metric.ClassificationSummary;
import org.snnk.metric.Detail;
import org.snnk.metric.RegressionSummary;
import org.snnk.model.Model;
import org.snnk.statistics.RowSample;

/**
 * What one pass over labelled rows finds out: a summary of all rows, one of each slice, and a
 * sample of the inputs for the importance of features.
 *
 * <p><b>Deterministic</b>: a function of the rows and their indices.
 *
 * @param <S> the kind of summary
 */
public final class Evaluation<S> implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Kind<S> kind;
  private final S all;
  private final List<List<S>> slices = new ArrayList<>();
  private final RowSample sample;

  /**
   * What is asked for beside the figures.
   *
   * @param bootstrap how intervals are made
   * @param slices number of slices of each column that the blocks are cut by
   * @param sampledRows size of the sample of inputs; 0 for none
   */
  public record Options(Bootstrap bootstrap, List<Integer> slices, int sampledRows)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The figures alone. */
    public static final Options PLAIN = new Options(Bootstrap.NONE, List.of(), 0);

    /** Copies the list. */
    public Options {
      slices = List.copyOf(slices);
    }
  }

  /** How to make, fill and merge a kind of summary. */
  private interface Kind<S> extends Serializable {
    S empty(Detail detail);

    /** True values a row. */
    int truths();

    /** Scores a row. */
    int scores();

    void add(S summary, int n, long[] index, double[] y, double[] scores, double[] weights);

    void merge(S left, S right);
  }

  private Evaluation(Kind<S> kind, Options options) {
    this.kind = kind;
    this.all = kind.empty(Detail.FULL);
    for (int count : options.slices) {
      List<S> column = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        column.add(kind.empty(Detail.SLICE));
      }
      slices.add(column);
    }
    this.sample = new RowSample(options.sampledRows, options.bootstrap.seed());
  }

  /** The summary of all rows. */
  public S all() {
    return all;
  }

  /** The summaries of each column's slices, by code. */
  public List<List<S>> slices() {
    return slices;
  }

  /** A uniform sample of the rows' inputs. */
  public RowSample sample() {
    return sample;
  }

  private void add(RowBlock block, double[] scores) {
    kind.add(all, block.rows(), block.index(), block.y(), scores, block.weight());
    for (int s = 0; s < slices.size(); s++) {
      addSlices(s, block, scores);
    }
    sample.add(block);
  }

  /** Adds the rows of each slice of a column together, since summaries take whole blocks. */
  private void addSlices(int column, RowBlock block, double[] scores) {
    List<S> summaries = slices.get(column);
    int[] end = new int[summaries.size() + 1];
    int n = block.rows();
    for (int i = 0; i < n; i++) {
      end[1 + code(block, i, column)]++; // the first is of rows in no slice
    }
    int largest = Arrays.stream(end).skip(1).max().orElse(0);
    int[] rows = byCode(column, block, end);
    long[] index = new long[largest];
    double[] y = new double[largest * kind.truths()];
    double[] given = new double[largest * kind.scores()];
    double[] weights = block.weight() == null ? null : new double[largest];
    for (int code = 0; code < summaries.size(); code++) {
      int first = end[code];
      int count = end[code + 1] - first;
      for (int i = 0; i < count; i++) {
        int row = rows[first + i];
        index[i] = block.index()[row];
        copy(block.y(), row, y, i, kind.truths());
        copy(scores, row, given, i, kind.scores());
        if (weights != null) {
          weights[i] = block.weight(row);
        }
      }
      kind.add(summaries.get(code), count, index, y, given, weights);
    }
  }

  /** The slice of a row, −1 for none. */
  private int code(RowBlock block, int row, int column) {
    return block.slices()[row * slices.size() + column];
  }

  /**
   * The rows of a block by their slice.
   *
   * @param end number of rows of no slice, the first, …; then where they end
   */
  private int[] byCode(int column, RowBlock block, int[] end) {
    int start = 0;
    for (int c = 0; c < end.length; c++) {
      int count = end[c];
      end[c] = start;
      start += count;
    }
    int[] rows = new int[block.rows()];
    for (int i = 0; i < rows.length; i++) {
      rows[end[1 + code(block, i, column)]++] = i;
    }
    return rows;
  }

  private static void copy(double[] from, int row, double[] to, int at, int width) {
    System.arraycopy(from, row * width, to, at * width, width);
  }

  private Evaluation<S> merge(Evaluation<S> other) {
    kind.merge(all, other.all);
    for (int s = 0; s < slices.size(); s++) {
      for (int code = 0; code < slices.get(s).size(); code++) {
        kind.merge(slices.get(s).get(code), other.slices.get(s).get(code));
      }
    }
    sample.merge(other.sample);
    return this;
  }

  private static <S> Scoring.Evaluated<Evaluation<S>> pass(
      JavaRDD<RowBlock> rows, Model model, Kind<S> kind, Options options) {
    boolean classes = model.isClassifier();
    return Scoring.pass(
        rows,
        model,
        () -> new Evaluation<>(kind, options),
        (evaluation, block, scores, scorer) -> {
          if (classes) {
            scorer.probabilities(block.rows(), scores);
          }
          evaluation.add(block, scores);
        },
        Evaluation::merge);
  }

  /** Evaluates a classifier. */
  public static Scoring.Evaluated<Evaluation<ClassificationSummary>> classification(
      JavaRDD<RowBlock> rows, Model model, Options options) {
    return pass(rows, model, new Classes(model.outputs(), options.bootstrap), options);
  }

  /**
   * Evaluates a regression.
   *
   * @param low where the plots of each target begin
   * @param high where they end
   */
  public static Scoring.Evaluated<Evaluation<RegressionSummary>> regression(
      JavaRDD<RowBlock> rows, Model model, double[] low, double[] high, Options options) {
    return pass(rows, model, new Numbers(low, high, options.bootstrap), options);
  }

  private record Classes(int classes, Bootstrap bootstrap) implements Kind<ClassificationSummary> {
    private static final long serialVersionUID = 1L;

    @Override
    public ClassificationSummary empty(Detail detail) {
      return new ClassificationSummary(classes, bootstrap, detail);
    }

    @Override
    public int truths() {
      return 1;
    }

    @Override
    public int scores() {
      return classes;
    }

    @Override
    public void add(
        ClassificationSummary summary,
        int n,
        long[] index,
        double[] y,
        double[] scores,
        double[] weights) {
      summary.addBlock(n, index, y, scores, weights);
    }

    @Override
    public void merge(ClassificationSummary left, ClassificationSummary right) {
      left.merge(right);
    }
  }

  private record Numbers(double[] low, double[] high, Bootstrap bootstrap)
      implements Kind<RegressionSummary> {
    private static final long serialVersionUID = 1L;

    @Override
    public RegressionSummary empty(Detail detail) {
      return new RegressionSummary(low, high, bootstrap, detail);
    }

    @Override
    public int truths() {
      return low.length;
    }

    @Override
    public int scores() {
      return low.length;
    }

    @Override
    public void add(
        RegressionSummary summary,
        int n,
        long[] index,
        double[] y,
        double[] scores,
        double[] weights) {
      summary.addBlock(n, index, y, scores, weights);
    }

    @Override
    public void merge(RegressionSummary left, RegressionSummary right) {
      left.merge(right);
    }
  }
}
