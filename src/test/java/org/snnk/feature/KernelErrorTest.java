package org.snnk.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelErrorTest {
  private static final int D = 5;

  /** f = wᵀx + b, by towers (x, 1) and factor·(w, b), which need no random features. */
  private record Plain(double factor) implements EstimatedUnit {
    private static final long serialVersionUID = 1L;

    @Override
    public String name() {
      return "plain";
    }

    @Override
    public SnnkKernel kernel(int d, int m, double inputNorm, double parameterNorm, long seed) {
      return new Towers(d, factor);
    }

    @Override
    public double exact(double[] x, double[] w, double b) {
      return EstimatedUnit.dot(x, w) + b;
    }

    @Override
    public double expected(SnnkKernel kernel, double[] x, double[] w, double b) {
      return factor * exact(x, w, b);
    }

    @Override
    public double variance(SnnkKernel kernel, double[] x, double[] w, double b) {
      return 0;
    }
  }

  private record Towers(int inputs, double factor) implements SnnkKernel {
    private static final long serialVersionUID = 1L;

    @Override
    public int features() {
      return inputs + 1;
    }

    @Override
    public void inputTower(int n, double[] x, double[] out, int ldOut) {
      for (int i = 0; i < n; i++) {
        System.arraycopy(x, i * inputs, out, i * ldOut, inputs);
        out[i * ldOut + inputs] = 1;
      }
    }

    @Override
    public void parameterTower(int l, double[] w, double[] b, double[] out, int ldOut) {
      for (int u = 0; u < l; u++) {
        for (int j = 0; j < inputs; j++) {
          out[u * ldOut + j] = factor * w[u * inputs + j];
        }
        out[u * ldOut + inputs] = factor * b[u];
      }
    }

    @Override
    public String describe() {
      return "plain";
    }
  }

  @Test
  void meanAndVarianceAreUnbiased() {
    KernelError.Sample sample = KernelError.Sample.of(new double[] {1, 2, 3, 6});
    assertThat(sample.mean()).isEqualTo(3);
    assertThat(sample.variance()).isEqualTo(14 / 3.0);
    assertThat(sample.deviation()).isEqualTo(Math.sqrt(14 / 3.0));
  }

  @ParameterizedTest
  @CsvSource({"1", "1.25", "0.9"})
  void towersThatAreOffByAFactorAreOffByIt(double factor) {
    EstimatedUnit unit = new Plain(factor);
    double off = Math.abs(factor - 1);
    assertThat(KernelError.relative(List.of(unit, unit), D, List.of(1, 2, 3), 0.5, 7, 3))
        .containsExactly(new double[] {off, off, off, off, off, off}, within(1e-12));
    KernelError.Spread spread = KernelError.spread(unit, D, 1, 0.5, 0.25, 4, 7);
    assertThat(spread.measured().mean()).isCloseTo(factor * spread.exact(), within(1e-12));
    assertThat(spread.measured().variance()).isZero();
    assertThat(spread.bandLimitBias()).isCloseTo((factor - 1) * spread.exact(), within(1e-12));
    KernelError.Layer layer = KernelError.layer(unit, D, 1, 0.5, 0.25, 7);
    assertThat(layer.relative()).isCloseTo(off, within(1e-12));
    // The prediction is made from 8 of 256 rows and 8 of 64 units.
    assertThat(layer.predictedRmse()).isCloseTo(layer.rmse(), within(0.3 * layer.rmse() + 1e-12));
  }

  @Test
  void drawsHaveTheMeanAndVarianceOfTheory() {
    for (String name : List.of("sin", "arccos1")) {
      EstimatedUnit unit =
          EstimatedUnit.of(name, List.of(Factorization.BALANCED), Projection.GAUSSIAN, 4).get(0);
      KernelError.Spread spread = KernelError.spread(unit, D, 32, 0.5, 0.25, 1000, 1);
      assertThat(spread.standardErrorsOff()).as(name).isBetween(-5.0, 5.0);
      assertThat(spread.ratio()).as(name).isBetween(0.7, 1.4);
    }
  }

  @Test
  void theSeedAndTheNumberDecide() {
    EstimatedUnit unit = EstimatedUnit.of("arccos1", List.of(), Projection.GAUSSIAN, 4).get(0);
    double[] error = KernelError.relative(List.of(unit), D, List.of(16), 0, 1, 0);
    assertThat(KernelError.relative(List.of(unit), D, List.of(16), 0, 1, 0)).isEqualTo(error);
    assertThat(KernelError.relative(List.of(unit), D, List.of(16), 0, 2, 0)).isNotEqualTo(error);
    assertThat(KernelError.relative(List.of(unit), D, List.of(16), 0, 1, 1)).isNotEqualTo(error);
  }

  @Test
  void anActivationIsAUnitByEachFactorizationAndAnArcCosineOne() {
    List<Factorization> two = List.of(Factorization.PAPER, Factorization.BALANCED);
    assertThat(EstimatedUnit.of("tanh", two, Projection.ORTHOGONAL, 4))
        .extracting(EstimatedUnit::name)
        .containsExactly("tanh, paper, orthogonal", "tanh, balanced, orthogonal");
    for (String name : EstimatedUnit.ARC_COSINES) {
      assertThat(EstimatedUnit.of(name, two, Projection.HALTON, 4))
          .extracting(EstimatedUnit::name)
          .containsExactly(name + ", halton");
    }
  }

  @Test
  void arcCosinesHaveNoBias() {
    EstimatedUnit unit = EstimatedUnit.of("arccos1", List.of(), Projection.GAUSSIAN, 4).get(0);
    assertThat(unit.bias(0.5)).isZero();
    assertThat(new Plain(1).bias(0.5)).isEqualTo(0.5);
  }
}
