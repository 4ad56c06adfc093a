package org.snnk.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.Projection;
import org.snnk.linalg.RowBlock;
import org.snnk.solve.Readout;
import org.snnk.solve.RidgeIteration;
import org.snnk.solve.Solver;
import org.snnk.spark.LocalSpark;
import org.snnk.spark.data.Roles;
import org.snnk.statistics.Precision;

/**
 * Conjugate gradients find what the direct solver finds, and the same bytes over any partitions.
 */
class IterativeTrainingTest {
  private static final JavaSparkContext SPARK =
      JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
  private static final int M = 128;

  private static ClosedFormTraining.Solving cg(double tolerance, int iterations, int rank) {
    return new ClosedFormTraining.Solving(
        Solver.CG, new RidgeIteration.Stop(tolerance, iterations), rank);
  }

  private static final ClosedFormTraining.Solving DIRECT =
      new ClosedFormTraining.Solving(Solver.DIRECT, new RidgeIteration.Stop(1e-6, 1), 0);

  private static ClosedFormTraining.Options options(
      double lengthScale,
      List<Double> lambdas,
      double validation,
      int folds,
      ClosedFormTraining.Solving solving) {
    boolean one = lambdas.size() == 1;
    return new ClosedFormTraining.Options(
        FeatureFamily.cosine(M, Projection.ORTHOGONAL),
        OptionalDouble.of(lengthScale),
        List.of(1.0),
        one ? OptionalDouble.of(lambdas.get(0)) : OptionalDouble.empty(),
        lambdas,
        validation,
        folds,
        false,
        2_000,
        false,
        Optional.empty(),
        Precision.EXACT,
        42,
        solving);
  }

  private static Roles reals(int d, int k) {
    return new Roles(inputs(d), List.of("y", "z").subList(0, k), List.of(), "weight");
  }

  private static Roles classes(int d, int k) {
    return new Roles(inputs(d), List.of("kind"), List.of("a", "b", "c").subList(0, k), "weight");
  }

  private static List<String> inputs(int d) {
    List<String> inputs = new ArrayList<>();
    for (int j = 0; j < d; j++) {
      inputs.add("x" + j);
    }
    return inputs;
  }

  private static JavaRDD<RowBlock> spread(List<RowBlock> blocks, int partitions) {
    return SPARK.parallelize(new ArrayList<>(blocks), partitions);
  }

  private static ClosedFormTraining.Result train(
      RowBlock block, Roles roles, ClosedFormTraining.Options options) {
    return ClosedFormTraining.train(spread(List.of(block), 1), roles, options, Phases.SILENT);
  }

  /** ‖a − b‖/‖b‖. */
  private static double distance(double[] a, double[] b) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < a.length; i++) {
      difference += (a[i] - b[i]) * (a[i] - b[i]);
      size += b[i] * b[i];
    }
    return Math.sqrt(difference / size);
  }

  /** A long length scale makes all features of a row nearly the same few functions. */
  @ParameterizedTest
  @CsvSource({
    "2, 1e-2, 1e-8, 1e-6",
    "2, 1e-5, 1e-9, 1e-6",
    "8, 1e-4, 1e-9, 1e-6",
    "8, 1e-7, 1e-11, 1e-6"
  })
  void weightedTargetsGetTheDirectSolution(
      double lengthScale, double lambda, double tolerance, double within) {
    RowBlock block = TestRows.reals(0, 2500, 4, 2, true);
    Readout direct =
        train(block, reals(4, 2), options(lengthScale, List.of(lambda), 0, 0, DIRECT)).readout();
    ClosedFormTraining.Result result =
        train(
            block,
            reals(4, 2),
            options(lengthScale, List.of(lambda), 0, 0, cg(tolerance, 500, 60)));
    Readout readout = result.readout();
    assertThat(result.statistics()).isEmpty();
    assertThat(result.iterations().orElseThrow().warnings()).isEmpty();
    assertThat(result.iterations().orElseThrow().solution().residual()).isLessThan(tolerance);
    assertThat(distance(readout.weights(), direct.weights())).isLessThan(within);
    assertThat(distance(readout.intercept(), direct.intercept())).isLessThan(within);
  }

  @Test
  void aPathChoosesAndCalibratesAsTheDirectSolverDoes() {
    RowBlock block = TestRows.classes(0, 3000, 4, 3, true);
    List<Double> lambdas = List.of(1e-5, 1e-3, 1e-1);
    ClosedFormTraining.Result direct =
        train(block, classes(4, 3), options(2, lambdas, 0.2, 0, DIRECT));
    ClosedFormTraining.Result result =
        train(block, classes(4, 3), options(2, lambdas, 0.2, 0, cg(1e-9, 500, 60)));
    assertThat(result.readout().lambda()).isEqualTo(direct.readout().lambda());
    for (int l = 0; l < lambdas.size(); l++) {
      ClosedFormTraining.Candidate candidate = result.penalties().get(l);
      assertThat(candidate.regParam()).isEqualTo(lambdas.get(l));
      assertThat(candidate.lengthScale()).isEqualTo(2);
      assertThat(candidate.validationError())
          .isCloseTo(direct.penalties().get(l).validationError(), within(1e-7));
    }
    assertThat(distance(result.readout().weights(), direct.readout().weights())).isLessThan(1e-6);
    assertThat(result.points()).isEmpty();
    int n = block.rows();
    double[] scores = new double[n * 3];
    double[] expected = new double[n * 3];
    result.model().scores(n, block.x(), scores, new org.snnk.model.FullyBundledModel.Workspace());
    direct.model().scores(n, block.x(), expected, new org.snnk.model.FullyBundledModel.Workspace());
    result.model().probabilities(n, scores);
    direct.model().probabilities(n, expected);
    assertThat(scores).usingComparatorWithPrecision(1e-4).containsExactly(expected);
    IterativeTraining.Summary summary = result.iterations().orElseThrow();
    assertThat(summary.path()).extracting(IterativeTraining.Trial::lambda).isEqualTo(lambdas);
    assertThat(summary.preconditionerRank()).isBetween(30, 60);
    assertThat(summary.solution().iterations())
        .as("begins from the path's solution")
        .isLessThanOrEqualTo(
            summary.path().stream()
                .mapToInt(IterativeTraining.Trial::iterations)
                .max()
                .orElseThrow());
  }

  @Test
  void oneModelOverAnyPartitionsAndOrder() {
    RowBlock block = TestRows.reals(0, 3000, 4, 2, true);
    ClosedFormTraining.Options options = options(3, List.of(1e-4, 1e-2), 0.2, 0, cg(1e-6, 12, 30));
    String expected = train(block, reals(4, 2), options).model().fingerprint();
    List<RowBlock> pieces = TestRows.cut(TestRows.shuffled(block), 97);
    Collections.reverse(pieces);
    for (int partitions : new int[] {3, 8, 40}) { // the last leaves some of them empty
      ClosedFormTraining.Result result =
          ClosedFormTraining.train(spread(pieces, partitions), reals(4, 2), options, Phases.SILENT);
      assertThat(result.model().fingerprint()).isEqualTo(expected);
    }
  }

  @Test
  void thePreconditionerSavesPasses() {
    RowBlock block = TestRows.reals(0, 2500, 4, 1, false);
    int[] iterations = new int[2];
    int[] ranks = {0, 60};
    for (int i = 0; i < 2; i++) {
      IterativeTraining.Summary summary =
          train(block, reals(4, 1), options(4, List.of(1e-3), 0, 0, cg(1e-6, 1000, ranks[i])))
              .iterations()
              .orElseThrow();
      assertThat(summary.preconditionerRank()).isLessThanOrEqualTo(ranks[i]);
      assertThat(summary.warnings()).isEmpty();
      iterations[i] = summary.solution().iterations();
    }
    assertThat(iterations[1]).isLessThan(iterations[0] / 3);
  }

  @Test
  void whatDidNotConvergeIsSaidWithItsResidual() {
    RowBlock block = TestRows.reals(0, 1500, 4, 1, false);
    IterativeTraining.Summary summary =
        train(block, reals(4, 1), options(4, List.of(1e-7, 1.0), 0.2, 0, cg(1e-6, 4, 0)))
            .iterations()
            .orElseThrow();
    assertThat(summary.path().get(0).residual()).isGreaterThan(1e-6);
    assertThat(summary.warnings())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("conjugate gradients did not converge: the relative residual of the model is ")
        .contains(" after 4 iterations, above train.tolerance = 1.0E-6 at penalty ")
        .endsWith("choose a larger train.regParam.");
    assertThat(summary.warnings().get(1))
        .contains("of 2 candidate penalties: the largest relative residual is ");
  }

  @Test
  void foldsNeedTheGramMatrix() {
    assertThatThrownBy(() -> options(2, List.of(1e-3, 1.0), 0, 5, cg(1e-6, 10, 10)))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "train.folds: expected 0 with the solver cg, which is taken for 128 features, got 5."
                + " Choose the penalty on a validation part, or set train.solver=direct where the"
                + " Gram matrices of all folds have room.");
  }

  @Test
  void aValidationPartWithoutRowsIsRefused() {
    RowBlock block = TestRows.reals(0, 3, 4, 1, false);
    assertThatThrownBy(
            () ->
                train(block, reals(4, 1), options(2, List.of(1e-3, 1.0), 1e-6, 0, cg(1e-6, 9, 0))))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("validation part: expected rows on both sides");
  }
}
