package org.snnk.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.Written;

class StandardizerTest {
  private static final double ONE = 1 << 16;

  /** A real column of mean 10 and deviation 4, a constant one, a binary one. */
  private static final Standardizer THREE =
      new Standardizer(new double[] {10, 7, 0}, new double[] {0.25, 0, 1});

  @Test
  void realColumnsAreCentredAndScaledConstantsVanishAndBinariesStay() {
    double[] out = new double[6];
    long clipped = THREE.standardize(2, new double[] {14, 7, 1, 9, 8, 0}, 0, out);
    assertThat(out).containsExactly(ONE, 0, ONE, -0.25 * ONE, 0, 0);
    assertThat(clipped).isZero();
  }

  @Test
  void rawUndoesStandardising() {
    assertThat(THREE.raw(0, 1)).isEqualTo(14);
    assertThat(THREE.raw(1, 3)).as("a constant").isEqualTo(7);
    assertThat(THREE.raw(2, 1)).isEqualTo(1);
  }

  @Test
  void cellsBeyondTheGridAreClippedAndCounted() {
    double[] out = new double[6];
    double[] x = {1e9, 7, 1, 10 - 64 * 4, 7, Double.MAX_VALUE};
    assertThat(THREE.standardize(2, x, 0, out)).isEqualTo(2);
    assertThat(out).containsExactly(64 * ONE, 0, ONE, -64 * ONE, 0, 64 * ONE);
  }

  @Test
  void aConstantColumnVanishesWhateverComesLater() {
    Standardizer constant = new Standardizer(new double[] {-Double.MAX_VALUE}, new double[] {0});
    double[] out = new double[1];
    assertThat(constant.standardize(1, new double[] {Double.MAX_VALUE}, 0, out)).isZero();
    assertThat(out[0]).isZero();
  }

  @Test
  void whatIsNoNumberStaysNone() {
    Standardizer standardizer = new Standardizer(new double[2], new double[] {1, 0});
    double[] out = new double[2];
    assertThat(standardizer.standardize(1, new double[] {Double.NaN, Double.NaN}, 0, out)).isOne();
    assertThat(out).containsExactly(Double.NaN, 0);
  }

  @Test
  void rowsAreTakenFromWhereTheyStart() {
    double[] out = new double[3];
    THREE.standardize(1, new double[] {99, 99, 99, 14, 7, 1}, 1, out);
    assertThat(out).containsExactly(ONE, 0, ONE);
  }

  @Test
  void theErrorIsAtMostHalfAUnitOfTheGrid() {
    double[] x = TestRows.gaussian(3000, 1);
    double[] out = new double[3000];
    new Standardizer(new double[] {0.1}, new double[] {3}).standardize(3000, x, 0, out);
    for (int i = 0; i < x.length; i++) {
      assertThat(out[i]).isEqualTo(Math.rint(out[i]));
      assertThat(Math.abs(out[i] / ONE - (x[i] - 0.1) * 3)).isLessThan(0.5001 / ONE);
    }
  }

  @Test
  void writtenAndReadItIsTheSame() throws IOException {
    Standardizer read = Written.again(THREE::write, Standardizer::read);
    assertThat(read.inputs()).isEqualTo(3);
    for (int j = 0; j < 3; j++) {
      assertThat(read.mean(j)).isEqualTo(THREE.mean(j));
      assertThat(read.factor(j)).isEqualTo(THREE.factor(j));
    }
  }

  @Test
  void numbersThatCannotScaleAreRefused() {
    assertThatThrownBy(() -> new Standardizer(new double[2], new double[3]))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "standardizer: expected 2 factors, got 3. Give one mean and one factor a column.");
    assertThatThrownBy(() -> new Standardizer(new double[2], new double[] {1, 1 / 0.0}))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "standardizer of input 1: expected a finite mean and factor, got 0.0 and Infinity. Look"
                + " for values near the largest double in this column.");
  }

  @Test
  void aFeaturizerWantsAMapOfAsManyInputs() {
    FeatureMap map = new CosineFeatures(2, 4, 1, Projection.GAUSSIAN, 0);
    assertThatThrownBy(() -> new Featurizer(THREE, map))
        .isInstanceOf(SnnkException.class)
        .hasMessage("feature map: expected 3 inputs, got 2. Make it for the standardised columns.");
  }

  @Test
  void aFeaturizerStandardisesThenMapsFromAnyRowOn() throws IOException {
    CosineFeatures map = new CosineFeatures(3, 8, 1, Projection.GAUSSIAN, 0);
    Featurizer featurizer = new Featurizer(THREE, map);
    double[] x = TestRows.gaussian(30, 2);
    x[4 * 3] = 1e12;
    double[] standard = new double[30];
    THREE.standardize(10, x, 0, standard);
    double[] expected = new double[80];
    map.map(10, standard, expected, 8);

    Featurizer.Workspace workspace = new Featurizer.Workspace();
    Featurizer read = Written.again(featurizer::write, Featurizer::read);
    for (Featurizer each : new Featurizer[] {featurizer, read}) {
      double[] out = new double[80];
      double[] tail = new double[24];
      each.features(10, x, 0, out, 8, workspace);
      assertThat(out).isEqualTo(expected);
      each.features(3, x, 7, tail, 8, workspace);
      assertThat(tail).isEqualTo(java.util.Arrays.copyOfRange(expected, 56, 80));
    }
    assertThat(workspace.clipped()).isEqualTo(2);
  }
}
