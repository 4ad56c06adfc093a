package org.snnk.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.random.CounterRandom;

class SliceSurveyTest {
  private static final CounterRandom RANDOM = new CounterRandom(3, 0);

  /** The slices of rows in one survey; in three that are merged they must be the same. */
  private static SliceColumn slices(boolean text, int rows, BiConsumer<SliceSurvey, Integer> add) {
    SliceSurvey whole = new SliceSurvey(text);
    SliceSurvey[] parts = {new SliceSurvey(text), new SliceSurvey(text), new SliceSurvey(text)};
    for (int i = 0; i < rows; i++) {
      add.accept(whole, rows - 1 - i);
      add.accept(parts[i * 31 % 7 % 2], i); // the last part stays empty
    }
    SliceColumn slices = whole.slices("x");
    assertThat(parts[2].merge(parts[1]).merge(parts[0]).slices("x").names())
        .isEqualTo(slices.names());
    return slices;
  }

  @Test
  void textMakesASliceForEachValueTheFrequentFirst() {
    SliceColumn slices =
        slices(true, 90, (s, i) -> s.add(i, i % 9 == 0 ? null : i % 3 == 0 ? "b" : "a"));
    assertThat(slices.names()).containsExactly("a", "b", "(missing)");
    assertThat(slices.code("b")).isEqualTo(1);
    assertThat(slices.code((String) null)).isEqualTo(2);
    assertThat(slices.code("c")).isEqualTo(SliceColumn.NONE);
    assertThat(slices.isText()).isTrue();
  }

  @Test
  void rareValuesShareASlice() {
    SliceColumn slices = slices(true, 1000, (s, i) -> s.add(i, "v" + (i * i % 97)));
    assertThat(slices.names()).hasSize(21).endsWith("(" + slices.otherValues() + " other values)");
    assertThat(slices.otherValues()).isEqualTo(49 - 20); // squares modulo 97
    assertThat(slices.code("v0")).isEqualTo(20); // half as frequent as the others
  }

  @Test
  void fewNumbersMakeASliceEachAndTextThatIsANumberIsOne() {
    SliceColumn numbers = slices(false, 60, (s, i) -> s.add(i, i % 12 == 0 ? -0.0 : i % 12));
    assertThat(numbers.names()).startsWith("0", "1").hasSize(12);
    assertThat(numbers.code(0.0)).isZero();
    assertThat(numbers.code(0.5)).isEqualTo(SliceColumn.NONE);
    SliceColumn text = slices(true, 60, (s, i) -> s.add(i, i % 2 == 0 ? "1.50" : "10"));
    assertThat(text.names()).containsExactly("1.5", "10");
    assertThat(text.isText()).isFalse();
  }

  @Test
  void manyNumbersMakeBandsOfAboutAsManyRows() {
    SliceColumn slices =
        slices(false, 20_000, (s, i) -> s.add(i, i == 7 ? Double.NaN : RANDOM.gaussian(i)));
    assertThat(slices.kind()).isEqualTo("bands");
    assertThat(slices.names()).hasSize(6).endsWith("(missing)");
    assertThat(slices.code(Double.NaN)).isEqualTo(5);
    int[] counts = new int[5];
    for (int i = 0; i < 20_000; i++) {
      counts[slices.code(RANDOM.gaussian(i))]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(3400, 4600); // 4096 rows were sampled
    }
    double edge = slices(false, 1000, (s, i) -> s.add(i, (double) i)).code(200.0);
    assertThat(edge).as("a lower edge belongs to its band").isEqualTo(1);
  }

  @Test
  void aNumberThatIsMostlyOneValueStillHasBands() {
    SliceColumn slices = slices(false, 1000, (s, i) -> s.add(i, i < 980 ? 0.0 : i));
    assertThat(slices.names()).containsExactly("below 999", "from 999");
  }

  @Test
  void identifiersAreRefused() {
    SliceSurvey survey = new SliceSurvey(true);
    for (int i = 0; i < 10_001; i++) {
      survey.add(i, "row " + i);
    }
    assertThatThrownBy(() -> survey.slices("id"))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "evaluate.slices: expected a number, or text of at most 10000 different values, got"
                + " text of more in column 'id'. Name a column with fewer, or make one that groups"
                + " them.");
  }

  @Test
  void aColumnWithoutValuesHasOneSlice() {
    assertThat(slices(true, 3, (s, i) -> s.add(i, " ")).names()).containsExactly("(missing)");
    assertThat(slices(false, 3, (s, i) -> s.add(i, Double.NaN)).names())
        .containsExactly("(missing)");
  }
}
