package org.snnk.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResultTest {
  private static Result result(double ours, double reference, Target target) {
    return new Result(
        Measure.GRAM,
        "a row",
        Quantity.median("s", "ours", List.of(ours)),
        Quantity.median("s", "theirs", List.of(reference)),
        Optional.ofNullable(target),
        Map.of());
  }

  @Test
  void theRatioIsOursDividedByTheReference() {
    assertThat(result(3, 4, null).ratio()).isEqualTo(0.75);
  }

  @Test
  void aTargetIsMetAtItsBound() {
    assertThat(result(3, 4, Target.atLeast(0.75)).met()).contains(true);
    assertThat(result(3, 4, Target.atLeast(0.76)).met()).contains(false);
    assertThat(result(3, 4, Target.atMost(0.75)).met()).contains(true);
    assertThat(result(3, 4, Target.atMost(0.74)).met()).contains(false);
    assertThat(result(3, 4, null).met()).isEmpty();
  }

  @Test
  void theMedianLiesBetweenTheMiddleSamples() {
    assertThat(Quantity.median(List.of(5.0, 1.0, 3.0))).isEqualTo(3);
    assertThat(Quantity.median(List.of(5.0, 1.0, 3.0, 4.0))).isEqualTo(3.5);
  }

  @Test
  void figuresOfDifferentUnitsAreNotDivided() {
    Quantity seconds = Quantity.median("s", "ours", List.of(1.0));
    Quantity rows = Quantity.median("rows/s", "theirs", List.of(1.0));
    assertThatThrownBy(
            () -> new Result(Measure.GRAM, "a row", seconds, rows, Optional.empty(), Map.of()))
        .hasMessage("a row: s / rows/s");
  }
}
