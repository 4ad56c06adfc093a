package org.snnk.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.Written;
import org.snnk.linalg.Grid;

class TargetsTest {
  private static final Targets REAL = Targets.reals(new double[] {100, -3}, new double[] {7, 0.01});

  private static double decoded(Targets targets, double[] columns, int t) {
    double sum = 0;
    for (int c = 0; c < targets.columns(); c++) {
      if (targets.target(c) == t) {
        sum += targets.unit(c) * columns[c];
      }
    }
    return sum;
  }

  @Test
  void twoLimbsHoldARealTargetToHalfAUnitOfTheLowerOne() {
    double[] g = TestRows.gaussian(4000, 31);
    double[] out = new double[4];
    for (int i = 0; i < 2000; i++) {
      double[] y = {100 + 7 * g[2 * i], -3 + 0.01 * 10 * g[2 * i + 1]};
      assertThat(REAL.encode(y, 0, 1, out, 0)).isZero();
      for (int t = 0; t < 2; t++) {
        double standard = (y[t] - REAL.mean(t)) / REAL.scale(t);
        assertThat(decoded(REAL, out, t)).isCloseTo(standard, within(0x1p-35));
      }
      for (double limb : out) {
        assertThat(limb).isEqualTo(Math.rint(limb));
        assertThat(Math.abs(limb)).isLessThanOrEqualTo(Grid.FEATURE_ONE);
      }
    }
  }

  @Test
  void targetsBeyondTheGridAreClippedAndCounted() {
    double[] out = new double[6];
    assertThat(REAL.encode(new double[] {0, 1e9, -1e9}, 1, 1, out, 2)).isEqualTo(2);
    assertThat(out[0]).isZero();
    assertThat(out[2] * REAL.unit(0) + out[3] * REAL.unit(1)).isEqualTo(64);
    assertThat(out[4] * REAL.unit(2) + out[5] * REAL.unit(3)).isEqualTo(-64);
    assertThat(Math.abs(out[2])).isLessThanOrEqualTo(Grid.FEATURE_ONE);
  }

  @Test
  void theRootOfTheWeightMultipliesATarget() {
    double[] out = new double[4];
    REAL.encode(new double[] {107, -3}, 0, 0.5, out, 0);
    assertThat(decoded(REAL, out, 0)).isEqualTo(0.5);
    assertThat(decoded(REAL, out, 1)).isZero();
  }

  @Test
  void classesBecomeOneHotColumns() {
    Targets classes = Targets.classes(3);
    double[] out = {9, 9, 9, 9};
    classes.encode(new double[] {2}, 0, 1, out, 1);
    assertThat(out).containsExactly(9, 0, 0, Grid.FEATURE_ONE);
    assertThat(decoded(classes, new double[] {0, 0, Grid.FEATURE_ONE}, 2)).isEqualTo(1);
    assertThat(classes.perRow()).isEqualTo(1);
    assertThat(REAL.perRow()).isEqualTo(2);
  }

  @Test
  void writtenAndReadTheyAreTheSame() throws IOException {
    for (Targets targets : new Targets[] {REAL, Targets.classes(7)}) {
      Targets read = Written.again(targets::write, Targets::read);
      assertThat(read.areClasses()).isEqualTo(targets.areClasses());
      assertThat(read.count()).isEqualTo(targets.count());
      for (int t = 0; t < targets.count(); t++) {
        assertThat(read.mean(t)).isEqualTo(targets.mean(t));
        assertThat(read.scale(t)).isEqualTo(targets.scale(t));
      }
    }
  }

  @Test
  void targetsThatTeachNothingAreRefused() {
    assertThatThrownBy(() -> Targets.classes(1))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "classes: expected at least 2, got 1. A table of one class has nothing to learn.");
    for (double scale : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Targets.reals(new double[1], new double[] {scale}))
          .isInstanceOf(SnnkException.class)
          .hasMessageStartingWith(
              "target 0: expected a finite mean and a positive scale, got 0.0 and " + scale);
    }
  }
}
