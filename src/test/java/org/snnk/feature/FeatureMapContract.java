package org.snnk.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.snnk.TestRows;
import org.snnk.Written;
import org.snnk.linalg.Blas;
import org.snnk.linalg.Grid;
import org.snnk.linalg.SymmetricEigen;

/** What every feature map keeps. */
abstract class FeatureMapContract {
  private static final int ROWS = 131;

  /** A map of d inputs to about m features. */
  abstract FeatureMap create(int d, int m);

  /** Features that are smaller than the bound even where they are clipped. */
  long weighted(FeatureMap map) {
    return 0;
  }

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

  static byte[] bytes(FeatureMap map) {
    return Written.bytes(map::write);
  }

  @Test
  void featuresAreIntegersOfTheFeatureGrid() {
    for (int d : new int[] {1, 3, 28, 257}) {
      FeatureMap map = create(d, 34);
      double[] out = new double[ROWS * map.features()];
      long clipped = map.map(ROWS, gridRows(ROWS, d), out, map.features());
      long atTheBound = 0;
      for (double v : out) {
        assertThat(v).isEqualTo(Math.rint(v));
        assertThat(Math.abs(v)).isLessThanOrEqualTo(Grid.FEATURE_ONE);
        atTheBound += Math.abs(v) == Grid.FEATURE_ONE ? 1 : 0;
      }
      assertThat(clipped).isBetween(0L, map.clips() ? atTheBound + weighted(map) : 0);
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

  /** However rows are cut into blocks, as many are clipped. */
  @Test
  void clippedFeaturesAreCountedRowByRow() {
    int d = 5;
    FeatureMap map = create(d, 34);
    double[] x = gridRows(ROWS, d);
    double[] out = new double[ROWS * map.features()];
    long whole = map.map(ROWS, x, out, map.features());
    long sum = 0;
    for (int i = 0; i < ROWS; i++) {
      sum += map.map(1, Arrays.copyOfRange(x, i * d, (i + 1) * d), out, map.features());
    }
    assertThat(sum).isEqualTo(whole);
    assertThat(map.map(1, new double[d], out, map.features())).isZero();
  }

  /** The bits are those of the pure-Java kernels; other thread counts: FullyBundledModelTest. */
  @Test
  void everyBlasGivesTheSameBits() {
    for (int d : new int[] {3, 54}) {
      if (create(d, 66) instanceof ProjectedFeatures map) {
        int m = map.features();
        double[] x = gridRows(ROWS, d);
        double[] expected = new double[ROWS * m];
        double[] got = new double[ROWS * m];
        assertThat(map.map(Blas.java(), ROWS, x, got, m)).isEqualTo(map.map(ROWS, x, expected, m));
        assertThat(got).isEqualTo(expected);
      }
    }
  }

  /** Σ (φ·v)² of whole numbers is not negative, and every row has its own square. */
  @Test
  void theGramMatrixIsPositiveSemidefinite() {
    int d = 4;
    FeatureMap map = create(d, 18);
    int m = map.features();
    int n = 60;
    double[] out = new double[n * m];
    map.map(n, gridRows(n, d), out, m);
    double[][] gram = new double[n][n];
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n; b++) {
        for (int j = 0; j < m; j++) {
          gram[a][b] += Math.scalb(out[a * m + j] * out[b * m + j], -2 * Grid.FEATURE_BITS);
        }
      }
    }
    double[] values = SymmetricEigen.of(gram).values();
    double largest = Arrays.stream(values).max().orElseThrow();
    assertThat(largest).isPositive();
    assertThat(Arrays.stream(values).min().orElseThrow()).isGreaterThan(-1e-12 * largest);
  }

  /** Scratch memory is a matter of blocks: a row more costs none. */
  @Test
  void noMemoryIsAllocatedForEachRow() {
    int d = 6;
    FeatureMap map = create(d, 34);
    int m = map.features();
    int n = 100_000;
    double[] x = new double[n * d];
    double[] out = new double[n * m];
    map.map(n, x, out, m);
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    map.map(n, x, out, m);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    // Two or three arrays that fit a cache; an input a row would be 4.8 MB.
    assertThat(bytes).isLessThan(3 << 20);
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
