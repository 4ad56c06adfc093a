package org.snnk.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.Projection;
import org.snnk.linalg.RowBlock;
import org.snnk.model.ConformalResiduals;
import org.snnk.model.FullyBundledModel;
import org.snnk.spark.LocalSpark;
import org.snnk.spark.data.Roles;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.Precision;
import org.snnk.statistics.RowParts;

/** The models without each fold, which cost no pass, and their errors, which take one. */
class FoldModelsTest {
  private static final int FOLDS = 3;
  private static final int TARGETS = 2;
  private static final Roles ROLES =
      new Roles(List.of("a", "b", "c"), List.of("y", "z"), List.of(), "weight");

  private static ClosedFormTraining.Options options(
      int folds, OptionalDouble regParam, Optional<GramPass.Specification> specification) {
    return new ClosedFormTraining.Options(
        FeatureFamily.cosine(32, Projection.ORTHOGONAL),
        OptionalDouble.of(2),
        List.of(),
        regParam,
        List.of(1e-4, 1e-2),
        0,
        folds,
        false,
        2_000,
        false,
        specification,
        Precision.EXACT,
        42,
        ClosedFormTraining.Solving.AUTO);
  }

  private static JavaRDD<RowBlock> spread(RowBlock block, int rows, int partitions) {
    return JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
        .parallelize(TestRows.cut(block, rows), partitions);
  }

  @Test
  void aModelWithoutAFoldIsBitForBitThatOfTheOtherRows() {
    RowBlock block = TestRows.reals(0, 700, 3, TARGETS, true);
    block.weight()[5] = 0; // such a row is none to calibrate on
    JavaRDD<RowBlock> rows = spread(block, 97, 4);
    ClosedFormTraining.Options options = options(FOLDS, OptionalDouble.empty(), Optional.empty());
    ClosedFormTraining.Result result =
        ClosedFormTraining.trainWithFolds(rows, ROLES, options, Phases.SILENT);
    assertThat(result.foldModels()).hasSize(FOLDS);
    assertThat(result.model().fingerprint())
        .isEqualTo(
            ClosedFormTraining.train(rows, ROLES, options, Phases.SILENT).model().fingerprint());
    RowParts parts = options.parts();
    FullyBundledModel folds = FullyBundledModel.join(result.foldModels());
    ConformalResiduals[] residuals = Scoring.residuals(rows, folds, parts);
    long counted = 0;
    for (int f = 0; f < FOLDS; f++) {
      int fold = f;
      FullyBundledModel model = result.foldModels().get(f);
      assertThat(model.fingerprint())
          .isEqualTo(without(block.filter(index -> parts.of(index) != fold), result).fingerprint());
      RowBlock held = block.filter(index -> parts.of(index) == fold);
      ConformalResiduals[] expected = Scoring.residuals(spread(held, 700, 1), model);
      assertThat(
              ConformalResiduals.toBytes(
                  new ConformalResiduals[] {
                    residuals[fold * TARGETS], residuals[fold * TARGETS + 1]
                  }))
          .isEqualTo(ConformalResiduals.toBytes(expected));
      counted += residuals[fold * TARGETS].rows();
    }
    assertThat(counted).isEqualTo(699);
  }

  private static FullyBundledModel without(RowBlock others, ClosedFormTraining.Result result) {
    GramStatistics all = result.statistics().orElseThrow();
    GramPass.Specification specification =
        new GramPass.Specification(
            all.featurizer(),
            all.targets(),
            GramStatistics.weightExponent(result.moments().largestWeight()),
            Precision.EXACT);
    return ClosedFormTraining.train(
            spread(others, 700, 1),
            ROLES,
            options(0, OptionalDouble.of(result.readout().lambda()), Optional.of(specification)),
            Phases.SILENT)
        .model();
  }

  @Test
  void trainingWithoutFoldsHasNone() {
    JavaRDD<RowBlock> rows = spread(TestRows.reals(0, 50, 3, TARGETS, true), 50, 1);
    ClosedFormTraining.Options options = options(0, OptionalDouble.of(1e-3), Optional.empty());
    assertThat(ClosedFormTraining.train(rows, ROLES, options, Phases.SILENT).foldModels())
        .isEmpty();
    assertThatThrownBy(() -> ClosedFormTraining.trainWithFolds(rows, ROLES, options, Phases.SILENT))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "train.folds: expected 2 or more for a model without each fold, got 0. Choose the penalty"
                + " by folds.");
  }
}
