package org.snnk.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.snnk.SnnkException;
import org.snnk.TestRows;

class LossTest {
  private static final int ROWS = 5;
  private static final int K = 4;

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static float[] targets(Loss loss) {
    float[] y = floats(TestRows.gaussian(ROWS * K, 3));
    return loss == Loss.SOFTMAX ? new float[] {0, 3, 1, 1, 2} : y;
  }

  private static double value(Loss loss, float[] scores, float[] y, float[] weight) {
    return loss.valueAndGradient(ROWS, K, scores, y, weight, 1, null);
  }

  @ParameterizedTest
  @EnumSource
  void theGradientIsThatOfFiniteDifferences(Loss loss) {
    float[] y = targets(loss);
    float[] weight = {1, 0.5f, 2, 0, 3};
    float[] scores = floats(TestRows.gaussian(ROWS * K, 4));
    float[] gradient = new float[ROWS * K];
    double unused = loss.valueAndGradient(ROWS, K, scores, y, weight, 0.25, gradient);
    float h = 1.0f / 256;
    for (int i = 0; i < scores.length; i++) {
      float[] more = scores.clone();
      float[] less = scores.clone();
      more[i] += h;
      less[i] -= h;
      double step = (double) more[i] - less[i];
      double slope = (value(loss, more, y, weight) - value(loss, less, y, weight)) / step;
      assertThat((double) gradient[i]).isCloseTo(0.25 * slope, within(1e-5));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWeightIsARepetition(Loss loss) {
    float[] y = targets(loss);
    float[] scores = floats(TestRows.gaussian(ROWS * K, 4));
    double once = value(loss, scores, y, null);
    assertThat(value(loss, scores, y, new float[] {2, 2, 2, 2, 2})).isEqualTo(2 * once);
    assertThat(value(loss, scores, y, new float[] {1, 1, 1, 1, 1})).isEqualTo(once);
  }

  @Test
  void crossEntropyIsStableForAnyScores() {
    float[] scores = {3e38f, -3e38f, 0, -1e30f, 1e30f, 1e30f};
    float[] gradient = new float[6];
    double loss =
        Loss.SOFTMAX.valueAndGradient(2, 3, scores, new float[] {0, 1}, null, 1, gradient);
    assertThat(loss).isCloseTo(StrictMath.log(2), within(1e-12));
    assertThat(gradient).containsExactly(0, 0, 0, 0, -0.5f, 0.5f);
  }

  @Test
  void crossEntropyIsMinusTheLogarithmOfTheProbability() {
    double[] scores = {0.5, -1, 2, 700, 701, -700};
    float[] rounded = floats(scores);
    double[] p = scores.clone();
    Loss.softmax(2, 3, p);
    assertThat(p[0] + p[1] + p[2]).isCloseTo(1, within(1e-15));
    double loss = Loss.SOFTMAX.valueAndGradient(2, 3, rounded, new float[] {1, 0}, null, 1, null);
    assertThat(loss).isCloseTo(-StrictMath.log(p[1] * p[3]), within(1e-12));
  }

  @Test
  void squaredErrorOfOneHotTargetsIsTheBrierSum() {
    float[] y = {0, 0, 1};
    float[] scores = {0.25f, 0.25f, 0.5f};
    assertThat(Loss.SQUARED.valueAndGradient(1, 3, scores, y, null, 1, null))
        .isEqualTo(0.0625 + 0.0625 + 0.25);
  }

  @Test
  void lossesAreFoundByName() {
    assertThat(Loss.of("softmax")).isEqualTo(Loss.SOFTMAX);
    assertThat(Loss.of("squared").targetsPerRow(5)).isEqualTo(5);
    assertThatThrownBy(() -> Loss.of("hinge"))
        .isInstanceOf(SnnkException.class)
        .hasMessage("loss: expected one of softmax, squared, got 'hinge'. Choose one of them.");
  }
}
