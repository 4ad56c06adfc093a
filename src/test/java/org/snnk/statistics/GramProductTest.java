package org.snnk.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.Blas;
import org.snnk.linalg.RowBlock;

/** Products with the Gram matrix, right-hand sides and errors, against the matrix itself. */
class GramProductTest {
  private static final int D = 3;
  private static final int M = 32;
  private static final int C = 5;
  private static final Featurizer FEATURIZER =
      new Featurizer(
          new Standardizer(new double[D], new double[] {1, 1, 1}),
          new CosineFeatures(D, M, 2, Projection.ORTHOGONAL, 7));
  private static final Targets TWO = Targets.reals(new double[] {5, 4}, new double[] {2, 3});

  private static GridRows grid(Targets targets, boolean weighted) {
    return new GridRows(FEATURIZER, targets, weighted ? 1 : 0);
  }

  private static NormalEquations equations(GridRows grid, RowBlock block) {
    GramStatistics statistics =
        new GramStatistics(grid.featurizer(), grid.targets(), grid.weightExponent());
    statistics.add(block);
    return statistics.normalEquations();
  }

  private static CrossStatistics cross(GridRows grid, List<RowBlock> blocks) {
    CrossStatistics cross = new CrossStatistics(grid);
    CrossStatistics.Workspace workspace = new CrossStatistics.Workspace();
    blocks.forEach(block -> cross.add(block, workspace));
    return cross;
  }

  /** Columns of different sizes. */
  private static double[][] columns() {
    double[][] v = new double[C][];
    for (int c = 0; c < C; c++) {
      v[c] = TestRows.gaussian(M, 100 + c);
      for (int i = 0; i < M; i++) {
        v[c][i] *= Math.pow(10, 3.0 * c - 6);
      }
    }
    return v;
  }

  private static GridColumns centred(double[][] v, double[] mean) {
    double[] last = new double[v.length];
    for (int c = 0; c < v.length; c++) {
      for (int i = 0; i < M; i++) {
        last[c] -= mean[i] * v[c][i];
      }
    }
    return new GridColumns(v, last);
  }

  private static GramProduct product(
      GridRows grid, List<RowBlock> blocks, GridColumns v, Blas blas) {
    GramProduct product = new GramProduct(grid, v.count());
    GramProduct.Workspace workspace = new GramProduct.Workspace(blas);
    blocks.forEach(block -> product.add(block, v, workspace));
    return product;
  }

  private static double norm(double[] v) {
    double squares = 0;
    for (double x : v) {
      squares += x * x;
    }
    return Math.sqrt(squares);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theProductIsThatOfTheCentredMatrix(boolean weighted) {
    RowBlock block = TestRows.reals(0, 1500, D, 2, weighted);
    GridRows grid = grid(TWO, weighted);
    NormalEquations equations = equations(grid, block);
    double[][] v = columns();
    GridColumns columns = centred(v, equations.featureMean());
    double[][] product =
        product(grid, List.of(block), columns, Blas.backend())
            .columns(columns, equations.featureMean());
    for (int c = 0; c < C; c++) {
      double[] difference = product[c].clone();
      for (int i = 0; i < M; i++) {
        for (int j = 0; j < M; j++) {
          difference[i] -= equations.gram()[i * M + j] * v[c][j];
        }
      }
      // The bound of GramProduct is (m+1)·2⁻⁴⁷·‖v‖ = 2.3e-13·‖v‖.
      assertThat(norm(difference)).isLessThan(1e-14 * norm(v[c]));
    }
  }

  @Test
  void theProductDoesNotDependOnBlocksOrderMergingOrBlas() {
    RowBlock block = TestRows.reals(0, 1500, D, 2, true);
    GridRows grid = grid(TWO, true);
    double[] mean = equations(grid, block).featureMean();
    GridColumns v = centred(columns(), mean);
    double[][] expected = product(grid, List.of(block), v, Blas.backend()).columns(v, mean);
    List<RowBlock> pieces = new ArrayList<>(TestRows.cut(TestRows.shuffled(block), 97));
    Collections.reverse(pieces);
    assertThat(product(grid, pieces, v, Blas.java()).columns(v, mean)).isDeepEqualTo(expected);
    GramProduct left = product(grid, pieces.subList(0, 3), v, Blas.backend());
    left.merge(product(grid, pieces.subList(3, pieces.size()), v, Blas.backend()));
    left.merge(new GramProduct(grid, C));
    assertThat(left.columns(v, mean)).isDeepEqualTo(expected);
  }

  @Test
  void signsNeedOneLimbAndGiveTheSameProductAsThree() {
    RowBlock block = TestRows.reals(0, 700, D, 2, false);
    GridRows grid = grid(TWO, false);
    double[] zero = new double[M];
    double[][] signs = RandomSigns.of(2, 3, M, 42);
    GridColumns alone = new GridColumns(signs, new double[3]);
    assertThat(alone.products()).isEqualTo(3);
    double[][] mixed = {signs[0], signs[1], signs[2], columns()[1]};
    GridColumns three = new GridColumns(mixed, new double[4]);
    assertThat(three.products()).isEqualTo(12);
    double[][] of = product(grid, List.of(block), alone, Blas.backend()).columns(alone, zero);
    double[][] together = product(grid, List.of(block), three, Blas.backend()).columns(three, zero);
    for (int c = 0; c < 3; c++) {
      assertThat(of[c]).isEqualTo(together[c]);
      assertThat(signs[c]).contains(1, -1).containsOnly(1, -1);
    }
    assertThat(RandomSigns.of(4, 1, M, 42)[0]).isEqualTo(signs[2]);
  }

  @Test
  void aColumnOfZerosGivesZeros() {
    RowBlock block = TestRows.reals(0, 50, D, 2, false);
    GridColumns v = new GridColumns(new double[1][M], new double[1]);
    double[][] product =
        product(grid(TWO, false), List.of(block), v, Blas.backend()).columns(v, new double[M]);
    assertThat(product[0]).containsOnly(0);
  }

  @Test
  void rowsWithoutWeightGiveZeros() {
    GridColumns v = new GridColumns(columns(), new double[C]);
    for (double[] column : new GramProduct(grid(TWO, false), C).columns(v, new double[M])) {
      assertThat(column).containsOnly(0);
    }
  }

  @Test
  void theLargestNumbersStayExact() {
    // All of a limb's products have one sign where a column follows a row.
    RowBlock block = TestRows.reals(0, 512, D, 2, false);
    RowBlock same =
        new RowBlock(512, D, 2, new double[512 * D], block.y(), null, block.index(), List.of());
    GridRows grid = grid(TWO, false);
    double[] u = new double[M + 1];
    grid.features(same, 0, 1, u, M + 1, new Featurizer.Workspace());
    double[][] v = {java.util.Arrays.copyOf(u, M)};
    GridColumns columns = new GridColumns(v, new double[] {u[M]});
    double[][] fast =
        product(grid, List.of(same), columns, Blas.backend()).columns(columns, new double[M]);
    double[][] java =
        product(grid, TestRows.cut(same, 31), columns, Blas.java()).columns(columns, new double[M]);
    assertThat(fast).isDeepEqualTo(java);
    double squares = norm(u) * norm(u);
    for (int i = 0; i < M; i++) {
      assertThat(fast[0][i]).isCloseTo(u[i] * squares * 0x1p-40, within(1e-9));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theRightSideIsThatOfTheNormalEquationsBitForBit(boolean classes) {
    RowBlock block =
        classes ? TestRows.classes(0, 1200, D, 3, true) : TestRows.reals(0, 1200, D, 2, true);
    GridRows grid = grid(classes ? Targets.classes(3) : TWO, true);
    NormalEquations expected = equations(grid, block);
    CrossStatistics cross = cross(grid, TestRows.cut(TestRows.shuffled(block), 211));
    cross.merge(new CrossStatistics(grid));
    RightSide side = cross.rightSide();
    assertThat(side.rows()).isEqualTo(1200);
    assertThat(side.weight()).isEqualTo(expected.weight());
    assertThat(side.cross()).isEqualTo(expected.cross());
    assertThat(side.featureMean()).isEqualTo(expected.featureMean());
    assertThat(side.targetMean()).isEqualTo(expected.targetMean());
    assertThat(side.targetGram()).isEqualTo(expected.targetGram());
  }

  @Test
  void rowsWithoutWeightHaveNoRightSide() {
    assertThatThrownBy(() -> new CrossStatistics(grid(TWO, false)).rightSide())
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("expected rows with a positive total weight, got 0 rows of weight 0");
  }

  @Test
  void rowsThatCannotBeUsedAreRefused() {
    RowBlock block = TestRows.reals(0, 10, D, 2, false);
    block.x()[4] = Double.NaN;
    CrossStatistics cross = new CrossStatistics(grid(TWO, false));
    assertThatThrownBy(() -> cross.add(block, new CrossStatistics.Workspace()))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("input 1: expected a finite number, got NaN (row 1,");
  }

  @Test
  void squaredErrorsAreThoseOfTheRows() {
    RowBlock block = TestRows.reals(0, 900, D, 2, true);
    GridRows grid = grid(TWO, true);
    NormalEquations equations = equations(grid, block);
    // A read-out of zeros, whose error is the targets' second moment.
    SquaredErrors errors = new SquaredErrors(grid, 2);
    double[][] w = new double[4][M];
    double[] intercepts = {0, 0, equations.targetMean()[0], equations.targetMean()[1]};
    GridColumns readouts = new GridColumns(w, intercepts);
    for (RowBlock piece : TestRows.cut(block, 100)) {
      SquaredErrors part = new SquaredErrors(grid, 2);
      part.add(piece, readouts);
      errors.merge(part);
    }
    double variance = equations.targetGram()[0] + equations.targetGram()[3];
    double bias = Math.pow(equations.targetMean()[0], 2) + Math.pow(equations.targetMean()[1], 2);
    assertThat(errors.rows()).isEqualTo(900);
    assertThat(errors.means()[1]).isCloseTo(variance, within(1e-8));
    assertThat(errors.means()[0]).isCloseTo(variance + bias, within(1e-8));
  }
}
