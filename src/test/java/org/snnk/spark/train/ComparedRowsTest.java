package org.snnk.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.linalg.RowBlock;
import org.snnk.metric.ClassificationSummary;
import org.snnk.metric.PairedDifference;
import org.snnk.metric.RegressionSummary;
import org.snnk.spark.LocalSpark;

/** Losses of rows that stay on the executors. */
class ComparedRowsTest {
  /** Answers with a probability of the second class, or with a number. */
  private record Constant(int outputs, double value) implements Answers {
    @Override
    public Answerer answerer() {
      return (n, x, out) -> {
        for (int i = 0; i < n; i++) {
          if (outputs == 1) {
            out[i] = value * x[i];
          } else {
            out[2 * i] = 1 - value;
            out[2 * i + 1] = value;
          }
        }
      };
    }
  }

  /** Rows x = 0, 1, …; classes 0, 1, 0, 1, … or y = x; every third weighs two. */
  private static JavaRDD<RowBlock> rows(int from, int rows, int partitions, boolean classes) {
    List<RowBlock> blocks = new ArrayList<>();
    for (int b = 0; b < 12; b++) {
      int n = rows / 12;
      double[] x = new double[n];
      double[] y = new double[n];
      double[] weight = new double[n];
      long[] index = new long[n];
      for (int i = 0; i < n; i++) {
        int row = from + b * n + i;
        x[i] = row;
        y[i] = classes ? row % 2 : row;
        weight[i] = row % 3 == 0 ? 2 : 1;
        index[i] = row;
      }
      blocks.add(new RowBlock(n, 1, 1, x, y, weight, index, List.of()));
    }
    return JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
        .parallelize(blocks, partitions);
  }

  @Test
  void differencesAreThoseOfTheFiguresWhateverThePartitions() {
    PairedDifference[] first = null;
    for (int partitions : new int[] {1, 3, 12}) {
      JavaRDD<RowBlock> rows = rows(0, 120, partitions, true);
      var sure = ComparedRows.classification(rows, new Constant(2, 0.9));
      var unsure = ComparedRows.classification(rows, new Constant(2, 0.4));
      PairedDifference[] difference = sure.losses().minus(unsure.losses());
      ClassificationSummary a = sure.summary();
      ClassificationSummary b = unsure.summary();
      assertThat(difference[0].mean().orNaN())
          .isCloseTo(a.metrics().logLoss().orNaN() - b.metrics().logLoss().orNaN(), within(1e-14));
      assertThat(difference[1].mean().orNaN())
          .isCloseTo(
              a.metrics().accuracy().orNaN() - b.metrics().accuracy().orNaN(), within(1e-14));
      first = first == null ? difference : first;
      assertThat(difference[0].mean()).isEqualTo(first[0].mean());
      assertThat(difference[0].standardError()).isEqualTo(first[0].standardError());
      sure.losses().release();
      unsure.losses().release();
    }
  }

  @Test
  void trainingsOfOneContenderAreAveragedRowByRow() {
    JavaRDD<RowBlock> rows = rows(0, 120, 3, false);
    double[] low = {0};
    double[] high = {120};
    var both =
        ComparedRows.regression(rows, new Constant(1, 1.5), low, high)
            .losses()
            .plus(ComparedRows.regression(rows, new Constant(1, 0.5), low, high).losses());
    var exact = ComparedRows.regression(rows, new Constant(1, 1), low, high);
    PairedDifference[] difference = both.minus(exact.losses());
    // Both miss x by x/2.
    RegressionSummary zero = exact.summary();
    assertThat(zero.metrics().rmse().orNaN()).isZero();
    double weight = 0;
    double squares = 0;
    for (int i = 0; i < 120; i++) {
      double w = i % 3 == 0 ? 2 : 1;
      weight += w;
      squares += w * i * i / 4.0;
    }
    assertThat(difference[0].mean().orNaN()).isCloseTo(squares / weight, within(1e-9));
    assertThat(difference[0].rows()).isEqualTo(120);
  }

  @Test
  void otherRowsAreNotCompared() {
    var here = ComparedRows.classification(rows(0, 120, 3, true), new Constant(2, 0.9));
    var there = ComparedRows.classification(rows(120, 120, 3, true), new Constant(2, 0.9));
    assertThatThrownBy(() -> here.losses().minus(there.losses()))
        .hasRootCauseInstanceOf(SnnkException.class)
        .rootCause()
        .hasMessageStartingWith(
            "rows of a comparison: expected the same rows in the same order for each model, got"
                + " others.");
  }
}
