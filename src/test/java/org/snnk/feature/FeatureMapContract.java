package org.snnk.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.snnk.TestRows;
import org.snnk.linalg.Grid;

/** What every feature map keeps. */
abstract class FeatureMapContract {
  private static final int ROWS = 131;

  /** A map of d inputs to about m features. */
  abstract FeatureMap create(int d, int m);

  /** Rows on the input grid, the extreme ones included. */
  static double[] gridRows(int n, int d) {
    double[] x = TestRows.gaussian(n * d, 3);
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.rint(x[i] * (1 << Grid.INPUT_BITS));
    }
    double limit = Grid.INPUT_LIMIT * (1 << Grid.INPUT_BITS);
    for (int j = 0; j < d; j++) {
      x[j] = limit;
      if (n > 2) {
        x[d + j] = j % 2 == 0 ? limit : -limit;
        x[2 * d + j] = 0;
      }
    }
    return x;
  }

  static byte[] bytes(FeatureMap map) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    map.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  @Test
  void featuresAreIntegersOfTheFeatureGrid() {
    for (int d : new int[] {1, 3, 28, 257}) {
      FeatureMap map = create(d, 34);
      double[] out = new double[ROWS * map.features()];
      map.map(ROWS, gridRows(ROWS, d), out, map.features());
      for (double v : out) {
        assertThat(v).isEqualTo(Math.rint(v));
        assertThat(Math.abs(v)).isLessThanOrEqualTo(Grid.FEATURE_ONE);
      }
    }
  }

  @Test
  void aBlockGivesWhatItsRowsGiveBitForBit() {
    int d = 5;
    FeatureMap map = create(d, 34);
    int m = map.features();
    double[] x = gridRows(ROWS, d);
    double[] before = x.clone();
    int ld = m + 3;
    double[] block = new double[ROWS * ld];
    Arrays.fill(block, 0.5);
    map.map(ROWS, x, block, ld);
    assertThat(x).isEqualTo(before);
    double[] row = new double[m];
    for (int i = 0; i < ROWS; i++) {
      map.map(1, Arrays.copyOfRange(x, i * d, (i + 1) * d), row, m);
      assertThat(Arrays.copyOfRange(block, i * ld, i * ld + m)).isEqualTo(row);
      assertThat(Arrays.copyOfRange(block, i * ld + m, (i + 1) * ld)).containsOnly(0.5);
    }
  }

  @Test
  void writtenAndReadItIsTheSameMap() throws IOException {
    int d = 4;
    FeatureMap map = create(d, 34);
    FeatureMap read = FeatureMap.read(new DataInputStream(new ByteArrayInputStream(bytes(map))));
    assertThat(bytes(read)).isEqualTo(bytes(map));
    assertThat(read.inputs()).isEqualTo(d);
    assertThat(read.features()).isEqualTo(map.features());
    assertThat(read.describe()).isEqualTo(map.describe()).isNotEmpty();
    double[] x = gridRows(ROWS, d);
    double[] expected = new double[ROWS * map.features()];
    double[] got = new double[ROWS * map.features()];
    map.map(ROWS, x, expected, map.features());
    read.map(ROWS, x, got, map.features());
    assertThat(got).isEqualTo(expected);
  }
}
