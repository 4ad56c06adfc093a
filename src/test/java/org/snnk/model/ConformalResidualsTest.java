package org.snnk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.snnk.TestRows;

class ConformalResidualsTest {
  private static ConformalResiduals of(double... errors) {
    ConformalResiduals residuals = new ConformalResiduals();
    for (double error : errors) {
      residuals.add(error);
    }
    return residuals;
  }

  @Test
  void halfTheWidthIsTheRankedErrorOrALittleMore() {
    double[] errors = TestRows.gaussian(999, 3);
    double[] sizes = Arrays.stream(errors).map(Math::abs).sorted().toArray();
    ConformalResiduals residuals = of(errors);
    for (double coverage : new double[] {0.001, 0.5, 0.9, 0.999}) {
      double ranked = sizes[(int) Math.ceil(1000 * coverage) - 1];
      assertThat(residuals.halfWidth(coverage)).isBetween(ranked, ranked * (1 + 0x1p-9));
    }
  }

  @Test
  void partsMergeToTheWhole() {
    double[] errors = TestRows.gaussian(300, 4);
    ConformalResiduals left = of(Arrays.copyOf(errors, 100));
    left.merge(of(Arrays.copyOfRange(errors, 100, 300)));
    left.merge(new ConformalResiduals());
    ConformalResiduals whole = of(errors);
    assertThat(left.rows()).isEqualTo(300);
    assertThat(ConformalResiduals.toBytes(new ConformalResiduals[] {left}))
        .isEqualTo(ConformalResiduals.toBytes(new ConformalResiduals[] {whole}));
    byte[] bytes = ConformalResiduals.toBytes(new ConformalResiduals[] {whole, of(0, 2)});
    ConformalResiduals[] read = ConformalResiduals.fromBytes(bytes, "here");
    assertThat(read[0].halfWidth(0.9)).isEqualTo(whole.halfWidth(0.9));
    assertThat(read[1].halfWidth(0.5)).isCloseTo(2, within(0.01));
  }

  @Test
  void tooFewRowsForACoverageAreRefused() {
    assertThatThrownBy(() -> of(1, 2, 3).halfWidth(0.9))
        .hasMessage(
            "coverage: expected at most 0.75 with 3 rows to calibrate on, got 0.9. Lower it, or train"
                + " on more rows.");
    assertThatThrownBy(() -> ConformalResiduals.fromBytes(new byte[50], "here"))
        .hasMessage(
            "residuals file: expected the first bytes SNKR, got others (here). Give the model folder of"
                + " a training run.");
  }
}
