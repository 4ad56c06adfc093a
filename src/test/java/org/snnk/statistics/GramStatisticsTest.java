package org.snnk.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;
import org.snnk.Written;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.Grid;
import org.snnk.linalg.RowBlock;

class GramStatisticsTest {
  private static final int D = 3;
  private static final Targets TWO = Targets.reals(new double[] {5, 4}, new double[] {2, 3});

  private static Featurizer featurizer(int m) {
    return featurizer(m, 1.5, 0.5);
  }

  private static Featurizer featurizer(int m, double lengthScale, double factor) {
    double[] factors = new double[D];
    Arrays.fill(factors, factor);
    return new Featurizer(
        new Standardizer(new double[D], factors),
        new CosineFeatures(D, m, lengthScale, Projection.ORTHOGONAL, 7));
  }

  private static GramStatistics empty(int m) {
    return new GramStatistics(featurizer(m), TWO, 1);
  }

  private static GramStatistics of(int m, RowBlock... blocks) {
    GramStatistics statistics = empty(m);
    for (RowBlock block : blocks) {
      statistics.add(block);
    }
    return statistics;
  }

  private static RowBlock rows(int from, int to) {
    return TestRows.reals(from, to, D, 2, true);
  }

  private static byte[] bytes(GramStatistics statistics) {
    return Written.bytes(statistics::write);
  }

  private static GramStatistics read(byte[] bytes) throws IOException {
    return Written.read(bytes, GramStatistics::read);
  }

  private static BigInteger entry(GramStatistics statistics, int i, int j) {
    return new BigDecimal(statistics.highPart(i, j))
        .add(new BigDecimal(statistics.lowPart(i, j)))
        .toBigIntegerExact();
  }

  /** Σ uᵢuⱼ over u = √v·[Φ, 1, Y] on the feature grid, one row and one product at a time. */
  private static BigInteger[][] naive(int m, RowBlock block, int weightExponent) {
    Featurizer featurizer = featurizer(m);
    int p = m + 5;
    double[] phi = new double[block.rows() * m];
    featurizer.features(block.rows(), block.x(), 0, phi, m, new Featurizer.Workspace());
    BigInteger[][] sums = new BigInteger[p][p];
    for (BigInteger[] row : sums) {
      Arrays.fill(row, BigInteger.ZERO);
    }
    for (int i = 0; i < block.rows(); i++) {
      double root = Math.sqrt(Math.scalb(block.weight(i), -weightExponent));
      long[] u = new long[p];
      for (int j = 0; j < m; j++) {
        u[j] = (long) Math.rint(phi[i * m + j] * root);
      }
      u[m] = (long) Math.rint(root * Grid.FEATURE_ONE);
      double[] y = new double[4];
      TWO.encode(block.y(), i * 2, root, y, 0);
      for (int c = 0; c < 4; c++) {
        u[m + 1 + c] = (long) y[c];
      }
      for (int a = 0; a < p; a++) {
        for (int b = a; b < p; b++) {
          sums[a][b] = sums[a][b].add(BigInteger.valueOf(u[a] * u[b]));
        }
      }
    }
    return sums;
  }

  /** Widths on both sides of the panel and tile edges of 256. */
  @ParameterizedTest
  @ValueSource(ints = {2, 64, 250, 252, 254, 300})
  void everyEntryIsTheIntegerSumOverTheRows(int m) {
    RowBlock block = rows(0, 40);
    GramStatistics statistics = of(m, block);
    statistics.normalEquations(); // brings the buffered rows in
    BigInteger[][] expected = naive(m, block, 1);
    for (int a = 0; a < m + 5; a++) {
      for (int b = a; b < m + 5; b++) {
        assertThat(entry(statistics, a, b)).isEqualTo(expected[a][b]);
      }
    }
    assertThat(statistics.rows()).isEqualTo(40);
  }

  @Test
  void anyBlockingSplitAndOrderGivesTheSameFingerprint() {
    RowBlock block = rows(0, 9000); // more than two buffers
    String expected = of(16, block).fingerprint();
    for (int size : new int[] {1000, 4096, 4097, 8999}) {
      GramStatistics pieces = empty(16);
      GramStatistics merged = empty(16);
      for (RowBlock piece : TestRows.cut(TestRows.shuffled(block), size)) {
        pieces.add(piece);
        GramStatistics part = of(16, piece);
        part.merge(merged);
        merged = part;
      }
      assertThat(pieces.fingerprint()).isEqualTo(expected);
      assertThat(merged.fingerprint()).isEqualTo(expected);
    }
    GramStatistics single = empty(16);
    for (RowBlock row : TestRows.cut(rows(0, 300), 1)) {
      single.add(row);
    }
    assertThat(single.fingerprint()).isEqualTo(of(16, rows(0, 300)).fingerprint());
  }

  @Test
  void mergeIsAssociativeAndCommutative() {
    RowBlock a = rows(0, 500);
    RowBlock b = rows(500, 501);
    RowBlock c = rows(501, 1800);
    GramStatistics left = of(10, a);
    left.merge(of(10, b));
    left.merge(of(10, c));
    GramStatistics tail = of(10, c);
    tail.merge(of(10, b));
    GramStatistics right = of(10, a);
    right.merge(tail);
    tail.merge(of(10, a));
    assertThat(bytes(right)).isEqualTo(bytes(left)).isEqualTo(bytes(of(10, a, b, c)));
    assertThat(bytes(tail)).isEqualTo(bytes(left));
  }

  @Test
  void theEmptyStatisticIsTheIdentityOfMerge() {
    GramStatistics statistics = of(10, rows(0, 77));
    byte[] before = bytes(statistics);
    statistics.merge(empty(10));
    assertThat(bytes(statistics)).isEqualTo(before);
    GramStatistics other = empty(10);
    other.merge(statistics);
    assertThat(bytes(other)).isEqualTo(before);
    other.subtract(statistics);
    assertThat(bytes(other)).isEqualTo(bytes(empty(10)));
  }

  @Test
  void mergeLeavesItsArgumentAsItWas() {
    GramStatistics argument = of(10, rows(0, 77));
    String before = argument.fingerprint();
    GramStatistics statistics = of(10, rows(77, 100));
    statistics.merge(argument);
    statistics.subtract(argument);
    assertThat(argument.fingerprint()).isEqualTo(before);
  }

  @Test
  void subtractUndoesMergeBitForBit() {
    GramStatistics statistics = of(10, rows(0, 5000));
    byte[] before = bytes(statistics);
    GramStatistics customer = of(10, rows(5000, 5123));
    statistics.merge(customer);
    assertThat(bytes(statistics)).isNotEqualTo(before);
    statistics.subtract(customer);
    assertThat(bytes(statistics)).isEqualTo(before);

    GramStatistics whole = of(10, rows(0, 1000));
    whole.subtract(of(10, rows(200, 600)));
    assertThat(bytes(whole)).isEqualTo(bytes(of(10, rows(0, 200), rows(600, 1000))));
  }

  /** Doubles a statistic up to more than 2²⁴ rows; what then overflows a long stays exact. */
  @Test
  void sumsBeyondALongStayExactAndCanBeTakenBack() throws IOException {
    int m = 4;
    RowBlock one =
        new RowBlock(
            1,
            D,
            2,
            new double[D], // at the origin every cosine is 1: the largest sums
            new double[] {1000, -1000},
            new double[] {2},
            new long[1],
            List.of());
    RowBlock few = rows(0, 99);
    GramStatistics narrow = of(m, one, few);
    BigInteger[][] base = naive(m, one, 1);
    BigInteger[][] rest = naive(m, few, 1);
    GramStatistics sum = of(m, one, few);
    GramStatistics ladder = of(m, one, few);
    for (int doubling = 1; doubling <= 24; doubling++) {
      ladder.merge(ladder);
      sum.merge(ladder);
    }
    BigInteger times = BigInteger.ONE.shiftLeft(25).subtract(BigInteger.ONE);
    assertThat(sum.rows()).isEqualTo(100L * ((1L << 25) - 1));
    for (int a = 0; a < m + 5; a++) {
      for (int b = a; b < m + 5; b++) {
        assertThat(entry(sum, a, b)).isEqualTo(base[a][b].add(rest[a][b]).multiply(times));
      }
    }
    assertThat(sum.clippedTargets()).isEqualTo(2 * ((1L << 25) - 1));

    byte[] wide = bytes(sum);
    GramStatistics again = read(wide);
    assertThat(bytes(again)).isEqualTo(wide);

    // Rows go on being added to a wide sum, and taken from it, as to a narrow one.
    GramStatistics more = of(m, rows(200, 300));
    again.add(rows(200, 300));
    sum.merge(more);
    assertThat(again.fingerprint()).isEqualTo(sum.fingerprint());
    again.subtract(more);
    assertThat(bytes(again)).isEqualTo(wide);

    GramStatistics step = of(m, one, few);
    for (int doubling = 1; doubling <= 24; doubling++) {
      step.merge(step);
      again.subtract(step);
    }
    assertThat(bytes(again)).isEqualTo(bytes(narrow));
  }

  /** On both sides of the row count at which sums change to their wide form. */
  @Test
  void theFormDependsOnTheRowsAloneNotOnTheWayThere() {
    GramStatistics half = of(2, rows(0, 1));
    for (int doubling = 0; doubling < 21; doubling++) {
      half.merge(half);
    }
    GramStatistics full = read2(bytes(half));
    full.merge(half);
    assertThat(full.rows()).isEqualTo(1L << 22);
    byte[] narrow = bytes(full);
    full.add(rows(1, 2));
    byte[] wide = bytes(full);
    assertThat(wide.length).isGreaterThan(narrow.length);
    GramStatistics other = of(2, rows(1, 2));
    other.merge(half);
    other.merge(half);
    assertThat(bytes(other)).isEqualTo(wide);
    other.subtract(of(2, rows(1, 2)));
    assertThat(bytes(other)).isEqualTo(narrow);
    other.subtract(half);
    assertThat(bytes(other)).isEqualTo(bytes(half));
  }

  private static GramStatistics read2(byte[] bytes) {
    try {
      return read(bytes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void writtenAndReadItIsTheSameAndGoesOn() throws IOException {
    GramStatistics statistics = of(12, rows(0, 333));
    GramStatistics read = read(bytes(statistics));
    assertThat(bytes(read)).isEqualTo(bytes(statistics));
    assertThat(read.rows()).isEqualTo(333);
    assertThat(read.weightExponent()).isEqualTo(1);
    read.add(rows(333, 444));
    assertThat(read.fingerprint()).isEqualTo(of(12, rows(0, 444)).fingerprint());
  }

  @Test
  void clippedCellsAreCountedAndAddUp() {
    double[] x = {1e9, 0, 0, 0, -1e9, 1e9};
    RowBlock block =
        new RowBlock(2, D, 2, x, new double[] {5, 4, 1e9, 4}, null, new long[2], List.of());
    GramStatistics statistics = of(4, block);
    assertThat(statistics.clippedInputs()).isEqualTo(3);
    assertThat(statistics.clippedTargets()).isEqualTo(1);
    statistics.merge(of(4, block));
    assertThat(statistics.clippedInputs()).isEqualTo(6);
    statistics.subtract(of(4, block));
    assertThat(statistics.clippedTargets()).isEqualTo(1);
  }

  @Test
  void foreignAndCutBytesAreRefused() throws IOException {
    byte[] good = bytes(of(4, rows(0, 9)));
    byte[] foreign = good.clone();
    foreign[0] = 'X';
    assertThatThrownBy(() -> read(foreign))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "statistics file: expected the first bytes SNKG, got others. Give a file that a training"
                + " run wrote.");
    byte[] newer = good.clone();
    newer[7] = 2;
    assertThatThrownBy(() -> read(newer))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "statistics file: expected version 1, got version 2. Read it with the program that wrote"
                + " it.");
    for (int length : new int[] {0, 3, 7, 11, 40, good.length / 2, good.length - 1}) {
      assertThatThrownBy(() -> read(Arrays.copyOf(good, length))).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void statisticsOfAnotherSpecificationAreRefusedAndThePartIsNamed() {
    GramStatistics statistics = of(4, rows(0, 9));
    String before = statistics.fingerprint();
    record Case(String part, GramStatistics other) {}
    List<Case> cases =
        List.of(
            new Case("standardizer", new GramStatistics(featurizer(4, 1.5, 0.25), TWO, 1)),
            new Case("feature map", new GramStatistics(featurizer(4, 1.25, 0.5), TWO, 1)),
            new Case("feature map", empty(6)),
            new Case("targets", new GramStatistics(featurizer(4), Targets.classes(4), 1)),
            new Case("weight scales", new GramStatistics(featurizer(4), TWO, 2)));
    for (Case each : cases) {
      assertThatThrownBy(() -> statistics.merge(each.other()))
          .isInstanceOf(SnnkException.class)
          .hasMessageStartingWith("statistics with different " + each.part() + ": expected ")
          .hasMessageEndingWith(
              "Only statistics of one specification can be merged or subtracted.");
      assertThatThrownBy(() -> statistics.subtract(each.other()))
          .isInstanceOf(SnnkException.class)
          .hasMessageStartingWith("statistics with different " + each.part());
    }
    assertThat(statistics.fingerprint()).isEqualTo(before);
  }

  @Test
  void moreRowsThanThereAreCannotBeSubtracted() {
    GramStatistics statistics = of(4, rows(0, 9));
    assertThatThrownBy(() -> statistics.subtract(of(4, rows(0, 10))))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "subtracted statistic: expected at most 9 rows, got 10. Subtract only rows that were"
                + " added before.");
  }

  private static RowBlock single(double x, double y, double weight) {
    return new RowBlock(
        1,
        D,
        2,
        new double[] {0, x, 0},
        new double[] {0, y},
        new double[] {weight},
        new long[] {41},
        List.of());
  }

  @Test
  void rowsThatWouldSpoilTheSumAreRefusedAndLeaveNoTrace() {
    GramStatistics statistics = of(4, rows(0, 9));
    String before = statistics.fingerprint();
    for (double weight : new double[] {-0.5, 2.0000001, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> statistics.add(single(0, 0, weight)))
          .isInstanceOf(SnnkException.class)
          .hasMessageStartingWith(
              "row weight: expected a number from 0 to 2.0, got " + weight + " (row 41, counted");
    }
    assertThatThrownBy(() -> statistics.add(single(Double.NaN, 0, 1)))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "input 1: expected a finite number, got NaN (row 41, counted from 0). Set such rows"
                + " aside.");
    assertThatThrownBy(() -> statistics.add(single(0, Double.POSITIVE_INFINITY, 1)))
        .hasMessageStartingWith("target 1: expected a finite number, got Infinity");
    assertThatThrownBy(() -> statistics.add(TestRows.reals(0, 1, D + 1, 2, false)))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "row block: expected 3 inputs and 2 targets a row, got 4 and 2. Give the columns that"
                + " the statistic was made for.");
    assertThat(statistics.fingerprint()).isEqualTo(before);
    assertThat(statistics.rows()).isEqualTo(9);
  }

  @Test
  void aClassThatDoesNotExistIsRefused() {
    GramStatistics statistics = new GramStatistics(featurizer(4), Targets.classes(3), 0);
    for (double c : new double[] {-1, 3, 0.5}) {
      RowBlock block =
          new RowBlock(1, D, 1, new double[D], new double[] {c}, null, new long[] {41}, List.of());
      assertThatThrownBy(() -> statistics.add(block))
          .isInstanceOf(SnnkException.class)
          .hasMessage(
              "class index: expected a whole number from 0 to 2, got "
                  + c
                  + " (row 41, counted from 0). Set rows of other classes aside.");
    }
  }

  @Test
  void aRowOfWeightZeroChangesOnlyTheCount() {
    GramStatistics with = of(4, rows(0, 9), single(1, 1, 0));
    GramStatistics without = of(4, rows(0, 9));
    assertThat(with.rows()).isEqualTo(10);
    with.normalEquations();
    without.normalEquations();
    for (int a = 0; a < 9; a++) {
      for (int b = a; b < 9; b++) {
        assertThat(entry(with, a, b)).isEqualTo(entry(without, a, b));
      }
    }
  }

  @Test
  void theWeightScaleIsTheNextPowerOfTwo() {
    assertThat(GramStatistics.weightExponent(1)).isZero();
    assertThat(GramStatistics.weightExponent(1.0000001)).isEqualTo(1);
    assertThat(GramStatistics.weightExponent(0.25)).isEqualTo(-2);
    assertThat(GramStatistics.weightExponent(1000)).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void partsJoinToTheWholeBitForBit(int parts) throws IOException {
    RowBlock first = rows(0, 300);
    RowBlock second = rows(300, 500);
    List<GramStatistics> pieces = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      GramStatistics left =
          GramStatistics.part(featurizer(16), TWO, 1, Precision.EXACT, part, parts);
      GramStatistics right =
          GramStatistics.part(featurizer(16), TWO, 1, Precision.EXACT, part, parts);
      left.add(first);
      right.add(second);
      left.merge(sent(right));
      pieces.add(left);
    }
    assertThat(bytes(GramStatistics.join(pieces))).isEqualTo(bytes(of(16, first, second)));
  }

  /** As Spark would bring it. */
  private static GramStatistics sent(GramStatistics statistics) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
      objects.writeObject(statistics);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(out.toByteArray()))) {
      return (GramStatistics) in.readObject();
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void partsOfOtherRowsOrInAnotherOrderDoNotJoin() {
    GramStatistics top = GramStatistics.part(featurizer(16), TWO, 1, Precision.EXACT, 0, 2);
    GramStatistics bottom = GramStatistics.part(featurizer(16), TWO, 1, Precision.EXACT, 1, 2);
    assertThatThrownBy(() -> GramStatistics.join(List.of(bottom, top)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GramStatistics.join(List.of(top)))
        .isInstanceOf(IllegalStateException.class);
    bottom.add(rows(0, 10));
    assertThatThrownBy(
            () ->
                GramStatistics.join(
                    List.of(
                        GramStatistics.part(featurizer(16), TWO, 1, Precision.EXACT, 0, 2),
                        bottom)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(bottom::normalEquations).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPartThatIsToldToFitFits() {
    // m = 16,384 with two parts of the rows in tasks of 1 GB.
    GramMemory memory = new GramMemory(16_384 + 1 + 2, 2, 10_000_000);
    int passes = memory.passes(1L << 30);
    assertThat(passes).isBetween(10, 20);
    assertThat(memory.taskBytes(passes)).isLessThanOrEqualTo(1L << 30);
    assertThat(memory.taskBytes(passes - 1)).isGreaterThan(1L << 30);
    assertThat(new GramMemory(1027, 2, 100_000).passes(1L << 30)).isEqualTo(1);
  }
}
