package org.snnk.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TrainingPlanTest {
  private static TrainingPlan plan(int m, long taskBytes, long driverBytes) {
    return plan(m, 12, taskBytes, driverBytes);
  }

  private static TrainingPlan plan(int m, int penalties, long taskBytes, long driverBytes) {
    return new TrainingPlan(
        1_000_000,
        28,
        m,
        m + 3,
        2,
        100,
        null,
        0,
        penalties,
        new TrainingPlan.Site(8, taskBytes, driverBytes, 1e11, 1e10));
  }

  @Test
  void flopsAndSecondsFollowTheShapes() {
    TrainingPlan plan = plan(1024, 1L << 30, 4L << 30);
    assertThat(plan.passes()).isEqualTo(1);
    assertThat(plan.productFlops()).isEqualTo(1e6 * (1027.0 * 1027 + 28 * 1024));
    assertThat(plan.solveFlops()).isCloseTo(2 * 4.0 / 3 * Math.pow(1024, 3), within(1e3));
    assertThat(plan(1024, 1, 1L << 30, 4L << 30).solveFlops())
        .isCloseTo(2 / 3.0 * Math.pow(1024, 3), within(1e3));
    assertThat(plan.seconds())
        .isCloseTo(plan.productFlops() / 1e11 + plan.solveFlops() / 1e10, within(1e-9));
    // 32 tasks at most send two packed matrices each.
    assertThat(plan.networkBytes()).isEqualTo(32L * 2 * 8 * (1027 * 1028 / 2));
    assertThat(plan.warnings()).isEmpty();
  }

  @Test
  void aSmallTaskMakesTheMatrixInSeveralPasses() {
    TrainingPlan plan = plan(16_384, 1L << 30, 64L << 30);
    assertThat(plan.passes()).isGreaterThan(4);
    assertThat(plan.taskBytes()).isLessThanOrEqualTo(1L << 30);
    assertThat(plan.warnings()).isEmpty();
  }

  @Test
  void whatDoesNotFitIsSaidBeforehand() {
    assertThat(plan(16_384, 1L << 30, 4L << 30).warnings())
        .singleElement()
        .asString()
        .contains("spark.driver.memory");
    assertThat(plan(1024, 1L << 20, 4L << 30).warnings())
        .singleElement()
        .asString()
        .contains("raise the executors' memory");
  }
}
