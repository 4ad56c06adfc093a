package org.snnk.network;

import java.io.Serializable;
import org.snnk.SnnkException;

/**
 * How the mean w̄ of the shards moves the parameters w of all: u ← μu + (w̄ − w), w ← w + ηu (Wang
 * et al. 2020, "SlowMo", Algorithm 1). With μ = 0 and η = 1 the parameters become the mean. What
 * the optimiser remembers is averaged.
 *
 * @param momentum μ, in [0, 1)
 * @param rate η
 */
public record OuterStep(double momentum, double rate) implements Serializable {
  /** The mean itself. */
  public static final OuterStep MEAN = new OuterStep(0, 1);

  /** Checks the ranges. */
  public OuterStep {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new SnnkException(
          "sgd.outerMomentum",
          "a number from 0 to below 1",
          momentum + "",
          null,
          "Choose another value.");
    }
  }

  /** u before the first round. */
  public float[] start(TrainingState state) {
    return new float[momentum == 0 ? 0 : state.parameters().length];
  }

  /**
   * One outer step.
   *
   * @param before where the shards began
   * @param mean of where they came to
   * @param velocity u, changed
   */
  public TrainingState apply(TrainingState before, TrainingState mean, float[] velocity) {
    if (momentum == 0 && rate == 1) {
      return mean;
    }
    float[] from = before.parameters();
    float[] moved = new float[from.length];
    for (int i = 0; i < moved.length; i++) {
      double u = (momentum == 0 ? 0 : momentum * velocity[i]) + mean.parameters()[i] - from[i];
      if (momentum > 0) {
        velocity[i] = (float) u;
      }
      moved[i] = (float) (from[i] + rate * u);
    }
    return new TrainingState(moved, mean.memory(), mean.steps());
  }

  /** One line for people. */
  public String describe() {
    return "outer momentum " + momentum + ", rate " + rate;
  }
}
