package org.snnk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;
import org.snnk.solve.KFold;
import org.snnk.solve.Readout;
import org.snnk.solve.RidgeSolver;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.Targets;

class CvPlusIntervalsTest {
  private static final int D = 2;
  private static final int M = 16;

  private static Featurizer featurizer(double lengthScale) {
    return new Featurizer(
        new Standardizer(new double[D], new double[] {1, 1}),
        new CosineFeatures(D, M, lengthScale, Projection.ORTHOGONAL, 3));
  }

  private static FullyBundledModel model(int k, long stream, double lengthScale) {
    double[] mean = new double[k];
    double[] scale = new double[k];
    Arrays.setAll(mean, t -> 10 * t);
    Arrays.fill(scale, 0.1);
    return FullyBundledModel.of(
        List.of("u", "v"),
        IntStream.range(0, k).mapToObj(t -> "y" + t).toList(),
        List.of(),
        featurizer(lengthScale),
        Targets.reals(mean, scale),
        TestRows.gaussian(M * k, stream),
        new double[k]);
  }

  private static CvPlusIntervals of(int k, double[]... errors) {
    List<FullyBundledModel> folds =
        IntStream.range(0, errors.length / k).mapToObj(f -> model(k, 50 + f, 1)).toList();
    return CvPlusIntervals.of(FullyBundledModel.join(folds), residuals(errors), k);
  }

  private static ConformalResiduals[] residuals(double[]... errors) {
    return Arrays.stream(errors)
        .map(
            of -> {
              ConformalResiduals counted = new ConformalResiduals();
              Arrays.stream(of).forEach(counted::add);
              return counted;
            })
        .toArray(ConformalResiduals[]::new);
  }

  /** The definition: the rank-th smallest of all n sums. */
  private static double ranked(long rank, DoubleStream sums) {
    return sums.sorted().skip(rank - 1).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.613, 0.9, 0.99})
  void endsAreTheRankedSumsOfPredictionsAndErrorsOrALittleFurtherOut(double coverage) {
    int k = 2;
    int parts = 5;
    double[][] errors = new double[parts * k][];
    for (int o = 0; o < errors.length; o++) {
      int rows = new int[] {83, 1, 0, 140, 60}[o / k]; // folds as uneven as that
      errors[o] = Arrays.stream(TestRows.gaussian(rows, 60 + o)).map(e -> 0.3 * e).toArray();
    }
    Arrays.fill(errors[0], 3, 20, 0.125); // ties
    Arrays.fill(errors[6], 5, 30, 0.125);
    Arrays.fill(errors[8], 0, 9, 0);
    CvPlusIntervals intervals = of(k, errors);
    FullyBundledModel scoring = intervals.beside(model(k, 40, 1));
    int n = 300;
    int stride = scoring.outputs();
    double[] scores = scoring.score(n, TestRows.gaussian(n * D, 9));
    for (int o = 0; o < stride; o++) {
      scores[o] = scores[o % k]; // one row on which all models agree
    }
    double[] ends = new double[n * 2 * k];
    intervals.ends(coverage).ends(n, scores, ends);
    int rows = 284;
    double alpha = 1 - coverage;
    for (int i = 0; i < n; i++) {
      for (int t = 0; t < k; t++) {
        double[] below = new double[rows];
        double[] above = new double[rows];
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        int at = 0;
        for (int f = 0; f < parts; f++) {
          double score = scores[i * stride + k + f * k + t];
          lowest = Math.min(lowest, score);
          highest = Math.max(highest, score);
          for (double error : errors[f * k + t]) {
            below[at] = score - Math.abs(error);
            above[at++] = score + Math.abs(error);
          }
        }
        double lower = ranked((long) Math.floor(alpha * (rows + 1)), Arrays.stream(below));
        double upper = ranked((long) Math.ceil(coverage * (rows + 1)), Arrays.stream(above));
        assertThat(ends[2 * (i * k + t)])
            .isBetween(lower - 0x1p-10 * (highest - lower) - 1e-14, lower);
        assertThat(ends[2 * (i * k + t) + 1])
            .isBetween(upper, upper + 0x1p-10 * (upper - lowest) + 1e-14);
      }
    }
  }

  /** Where the models of all folds agree, the intervals are those of one calibration part. */
  @Test
  void modelsThatAgreeGiveTheSplitInterval() {
    double[][] errors = {TestRows.gaussian(70, 1), TestRows.gaussian(50, 2)};
    ConformalResiduals all = residuals(errors)[0];
    all.merge(residuals(errors)[1]);
    double[] ends = new double[2];
    for (double coverage : new double[] {0.1, 0.5, 0.8, 120.0 / 121}) {
      double half = all.halfWidth(coverage);
      of(1, errors).ends(coverage).ends(1, new double[] {7, 4, 4}, ends);
      assertThat(ends).containsExactly(4 - half, 4 + half);
    }
  }

  @Test
  void outputsBesideAModelAreItsOwnBitForBit() {
    FullyBundledModel model = model(2, 40, 1);
    CvPlusIntervals intervals = of(2, new double[6][4]);
    double[] x = TestRows.gaussian(700 * D, 9);
    double[] all = intervals.beside(model).score(700, x);
    for (int part = 0; part < 4; part++) {
      double[] expected = (part == 0 ? model : model(2, 49 + part, 1)).score(700, x);
      for (int i = 0; i < 700; i++) {
        assertThat(Arrays.copyOfRange(all, i * 8 + 2 * part, i * 8 + 2 * part + 2))
            .containsExactly(expected[2 * i], expected[2 * i + 1]);
      }
    }
  }

  /**
   * Over draws of rows and a new one coverage is at least that of the theorem for folds of any
   * size, which ridge regression is far from needing: c − 0.03 to c + 0.04 here, where K models of
   * 16 features have 50 rows and more each.
   */
  @ParameterizedTest
  @CsvSource({"0.8, 6", "0.9, 6", "0.9, 60"})
  void newTargetsAreHeldAsOftenAsTheTheoremSays(double coverage, int parts) {
    int n = 60;
    int draws = 300;
    int fresh = 40;
    long held = 0;
    for (int draw = 0; draw < draws; draw++) {
      int first = 1000 * draw;
      RowBlock rows = TestRows.reals(first, first + n, D, 1, false);
      RowBlock others = TestRows.reals(first + n, first + n + fresh, D, 1, false);
      double[] ends = ends(rows, parts, coverage, others);
      for (int i = 0; i < fresh; i++) {
        held += ends[2 * i] <= others.y()[i] && others.y()[i] <= ends[2 * i + 1] ? 1 : 0;
      }
    }
    double covered = (double) held / (draws * fresh);
    double alpha = 1 - coverage;
    assertThat(covered)
        .isGreaterThan(1 - 2 * alpha - 2 * (1 - alpha) * (parts - 1) / (n + parts))
        .isBetween(coverage - 0.03, coverage + 0.04);
  }

  private static double[] ends(RowBlock rows, int parts, double coverage, RowBlock fresh) {
    Targets targets = Targets.reals(new double[] {5}, new double[] {2});
    GramStatistics all = new GramStatistics(featurizer(2), targets, 0);
    all.add(rows);
    List<GramStatistics> sums = new ArrayList<>();
    for (int f = 0; f < parts; f++) {
      int fold = f;
      GramStatistics sum = new GramStatistics(featurizer(2), targets, 0);
      sum.add(rows.filter(index -> index % parts == fold));
      sums.add(sum);
    }
    List<FullyBundledModel> folds =
        KFold.readouts(all, sums, 1e-3).stream().map(r -> model(r, targets)).toList();
    double[][] errors = new double[parts][];
    for (int f = 0; f < parts; f++) {
      int fold = f;
      RowBlock held = rows.filter(index -> index % parts == fold);
      double[] scores = folds.get(f).score(held.rows(), held.x());
      errors[f] = new double[held.rows()];
      Arrays.setAll(errors[f], i -> held.y()[i] - scores[i]);
    }
    CvPlusIntervals intervals =
        CvPlusIntervals.of(FullyBundledModel.join(folds), residuals(errors), 1);
    FullyBundledModel scoring =
        intervals.beside(model(RidgeSolver.solve(all.normalEquations(), 1e-3), targets));
    double[] ends = new double[2 * fresh.rows()];
    intervals.ends(coverage).ends(fresh.rows(), scoring.score(fresh.rows(), fresh.x()), ends);
    return ends;
  }

  private static FullyBundledModel model(Readout readout, Targets targets) {
    return FullyBundledModel.of(
        List.of("u", "v"),
        List.of("y"),
        List.of(),
        featurizer(2),
        targets,
        readout.weights(),
        readout.intercept());
  }

  @Test
  void bytesComeBackAsTheyWere() {
    CvPlusIntervals intervals =
        of(1, TestRows.gaussian(30, 1), TestRows.gaussian(31, 2), TestRows.gaussian(32, 3));
    byte[] bytes = intervals.toBytes();
    CvPlusIntervals read = CvPlusIntervals.fromBytes(bytes, "here");
    assertThat(read.toBytes()).isEqualTo(bytes);
    double[] scores = {0, 1, 2, 3};
    double[] expected = new double[2];
    double[] ends = new double[2];
    intervals.ends(0.9).ends(1, scores, expected);
    read.ends(0.9).ends(1, scores, ends);
    assertThat(ends).isEqualTo(expected);
    assertThat(expected[0]).isLessThan(expected[1]);
    bytes[bytes.length / 2] ^= 1;
    assertThatThrownBy(() -> CvPlusIntervals.fromBytes(bytes, "here"))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "CV+ file: expected bytes that match their SHA-256, got damaged ones (here). Take another"
                + " copy, or train again.");
    bytes[7] = 9;
    assertThatThrownBy(() -> CvPlusIntervals.fromBytes(bytes, "here"))
        .hasMessage(
            "CV+ file: expected version 1, got version 9 (here). Read it with the program that wrote"
                + " it.");
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    CvPlusIntervals intervals = of(1, new double[3], new double[3]);
    assertThatThrownBy(() -> intervals.ends(0.9))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "coverage: expected at most 0.8571428571428571 with 6 rows to calibrate on, got 0.9. Lower"
                + " it, or train on more rows.");
    assertThatThrownBy(() -> intervals.beside(model(2, 1, 1)))
        .hasMessage(
            "CV+ intervals: expected those of a model of 2 targets, got 1. Take the files of one model"
                + " folder.");
    assertThatThrownBy(() -> intervals.beside(model(1, 1, 1.5)))
        .hasMessage(
            "models to join: expected regressions of the same inputs, scales and feature map, got"
                + " others. Join models of one training.");
    assertThatThrownBy(() -> CvPlusIntervals.of(model(3, 1, 1), residuals(new double[2][1]), 1))
        .hasMessage(
            "residuals of the folds: expected as many as outputs, 3, a multiple of 1 targets, got 2."
                + " Give those of each fold and target.");
  }

  @Test
  void aMethodHasAName() {
    assertThat(IntervalMethod.keys()).containsExactly("split", "cv+");
    assertThat(IntervalMethod.of("cv+")).isEqualTo(IntervalMethod.CV_PLUS);
    assertThatThrownBy(() -> IntervalMethod.of("jackknife"))
        .hasMessage(
            "intervalMethod: expected one of split, cv+, got 'jackknife'. Choose one of them.");
  }
}
