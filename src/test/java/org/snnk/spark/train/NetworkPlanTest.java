package org.snnk.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snnk.TestRows;
import org.snnk.activation.StandardActivation;
import org.snnk.loss.Loss;
import org.snnk.network.Dense;
import org.snnk.network.LocalTraining;
import org.snnk.network.Network;
import org.snnk.network.Optimizer;
import org.snnk.network.OuterStep;
import org.snnk.network.Schedule;
import org.snnk.spark.LocalSpark;
import org.snnk.spark.data.Roles;

class NetworkPlanTest {
  private static final int D = 4;
  private static final Roles CLASSES =
      new Roles(List.of("a", "b", "c", "d"), List.of("y"), List.of("p", "q", "r"), null);
  private static final NetworkPlan.Site SITE =
      new NetworkPlan.Site(8, 2, 1L << 28, 1L << 30, 1L << 31);

  private static NetworkTraining.Options options(
      int width, int shards, int stepsPerRound, boolean reshuffle, boolean fullBatch) {
    return new NetworkTraining.Options(
        new Network(
            List.of(
                new Dense(D, width, true, StandardActivation.RELU),
                new Dense(width, 3, true, StandardActivation.LINEAR))),
        new LocalTraining.Settings(
            Loss.SOFTMAX,
            0,
            new Optimizer.Adam(0),
            new Schedule(Schedule.Shape.COSINE, 0),
            1e-3,
            Double.POSITIVE_INFINITY,
            20,
            5),
        List.of(1e-3, 1e-2),
        2,
        new NetworkTraining.Sharding(shards, stepsPerRound, OuterStep.MEAN, reshuffle),
        0.2,
        0,
        fullBatch,
        false,
        null);
  }

  private static NetworkPlan plan(NetworkTraining.Options options, long rows) {
    return new NetworkPlan(options, rows, true, false, 0, SITE);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "3, 5", "3, 0"})
  void stepsAndRoundsAreThoseOfATraining(int shards, int stepsPerRound) {
    NetworkTraining.Options options = options(8, shards, stepsPerRound, true, false);
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    NetworkTraining.Result result =
        NetworkTraining.train(
            spark.parallelize(List.of(TestRows.classes(0, 600, D, 3, false)), 1),
            CLASSES,
            options,
            Phases.SILENT,
            Checkpoints.NONE);
    NetworkPlan plan = plan(options, 600);
    // Which rows validate is drawn, so a step more or less is no contradiction.
    assertThat(plan.steps()).isCloseTo(result.batches(), within(1));
    assertThat(plan.rounds()).isCloseTo(result.rounds(), within(1));
  }

  @Test
  void whatMovesAndWhatItTakesFollowsTheSizes() {
    NetworkPlan plan = plan(options(8, 4, 0, false, false), 1000);
    long state = 3 * 4 * (D * 8 + 8 + 8 * 3 + 3); // Adam's two vectors beside the parameters
    assertThat(plan.shardRows()).isEqualTo(200);
    assertThat(plan.steps()).isEqualTo(10);
    assertThat(plan.epochs()).isEqualTo(4);
    assertThat(plan.shardsBytes()).isEqualTo(1000 * (4 * (D + 1) + 8));
    assertThat(plan.roundSentBytes()).isEqualTo(2 * state);
    assertThat(plan.roundReturnedBytes()).isEqualTo(4 * state);
    assertThat(plan.networkBytes()).isEqualTo(4 * (6 * state + 2 * state / 3) + plan.shardsBytes());
    // 800 rows there and back, and 200 there; two jobs each epoch.
    double flops = 800.0 * (4 * D * 8 + 6 * 8 * 3) + 200.0 * (2 * D * 8 + 2 * 8 * 3);
    assertThat(plan.epochFlops()).isEqualTo(flops);
    assertThat(plan.seconds(new NetworkPlan.Speed(1e6, 0.5)))
        .isCloseTo(4 * (flops / 1e6 + 2 * 0.5), within(1e-9));
    assertThat(plan.warnings()).isEmpty();
  }

  @Test
  void moreShardsThanCoresGoInWaves() {
    NetworkPlan.Speed speed = new NetworkPlan.Speed(1e6, 0);
    double two = plan(options(8, 16, 0, false, false), 16_000).epochSeconds(speed);
    double three = plan(options(8, 17, 0, false, false), 17_000).epochSeconds(speed);
    assertThat(three / two).isCloseTo(1.5, within(1e-3));
  }

  @Test
  void manyShardsAreMergedBeforeTheDriver() {
    NetworkPlan few = plan(options(64, 16, 0, false, false), 16_000);
    NetworkPlan many = plan(options(64, 160, 0, false, false), 16_000);
    assertThat(many.driverBytes()).isLessThan(few.driverBytes());
    assertThat(many.roundReturnedBytes()).isEqualTo(few.roundReturnedBytes() / 16 * (160 + 10));
  }

  @Test
  void reshufflingMovesTheRowsEveryEpoch() {
    NetworkPlan still = plan(options(8, 4, 0, false, false), 1000);
    NetworkPlan moving = plan(options(8, 4, 0, true, false), 1000);
    assertThat(moving.networkBytes() - still.networkBytes()).isEqualTo(3 * still.shardsBytes());
  }

  @Test
  void allRowsAtOnceReturnDoublesAndRememberSteps() {
    NetworkPlan plan = plan(options(8, 4, 0, false, true), 1000);
    int parameters = D * 8 + 8 + 8 * 3 + 3;
    assertThat(plan.steps()).isEqualTo(1);
    assertThat(plan.roundReturnedBytes()).isEqualTo(4L * 8 * parameters);
    assertThat(plan.driverBytes()).isGreaterThan(20L * 8 * parameters);
  }

  @Test
  void whatDoesNotFitIsSaidBeforehand() {
    assertThat(plan(options(4_000_000, 4, 0, false, false), 1000).warnings())
        .hasSize(2)
        .anySatisfy(warning -> assertThat(warning).contains("in a step").contains("sgd.batchSize"))
        .anySatisfy(warning -> assertThat(warning).contains("raise spark.driver.memory"));
    assertThat(plan(options(8, 2, 0, false, false), 20_000_000).warnings())
        .singleElement()
        .asString()
        .contains("while it makes its shard")
        .contains("raise sgd.shards");
    assertThat(plan(options(8, 2000, 0, false, false), 100_000_000).warnings())
        .singleElement()
        .asString()
        .contains("every round reads the others from disk");
    assertThat(plan(options(8, 1, 0, false, false), 4_000_000_000L).warnings())
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .isEqualTo(
                        "a shard has 3200000000 rows, and may have 536870909: raise sgd.shards"));
  }
}
