package org.snnk.network;

import java.io.Serializable;
import java.util.List;
import org.snnk.SnnkException;

/**
 * How a gradient moves the parameters. All vectors have the parameters' length; what is remembered
 * from step to step is held outside, so that it can be averaged and saved.
 */
public sealed interface Optimizer extends Serializable permits Optimizer.Momentum, Optimizer.Adam {

  /** The name of L-BFGS on all rows at once, which takes no steps of an optimizer. */
  String FULL_BATCH = "lbfgs";

  /** The names in configurations. */
  static List<String> keys() {
    return List.of("adam", "adamw", "sgd", FULL_BATCH);
  }

  /**
   * The optimizer of a name.
   *
   * @param key one of {@link #keys}
   * @param momentum of sgd
   * @param decay of adamw
   * @throws SnnkException if a number is out of its range
   */
  static Optimizer of(String key, double momentum, double decay) {
    return switch (key) {
      case "adam" -> new Adam(0);
      case "adamw" -> new Adam(decay);
      case "sgd" -> new Momentum(momentum);
      case FULL_BATCH -> new Momentum(0); // remembers nothing; it takes no steps
      default -> throw new IllegalArgumentException("optimizer " + key);
    };
  }

  /** How many vectors are remembered; they start at 0. */
  int memories();

  /**
   * One step.
   *
   * @param step 1 for the first
   * @param rate the learning rate of this step
   * @param weights 1 where a parameter is a weight, which decays, else 0
   * @param memory what is remembered, changed
   */
  void step(
      long step,
      double rate,
      float[] parameters,
      float[] gradient,
      float[] weights,
      float[][] memory);

  /** One line for people. */
  String describe();

  /**
   * Stochastic gradient descent with momentum: u ← μu + g, w ← w − ηu; without momentum w ← w − ηg.
   *
   * @param momentum μ, in [0, 1)
   */
  record Momentum(double momentum) implements Optimizer {
    /** Checks the range. */
    public Momentum {
      require(
          "sgd.momentum", "a number from 0 to below 1", momentum, momentum >= 0 && momentum < 1);
    }

    @Override
    public int memories() {
      return momentum > 0 ? 1 : 0;
    }

    @Override
    public void step(
        long step,
        double rate,
        float[] parameters,
        float[] gradient,
        float[] weights,
        float[][] memory) {
      float eta = (float) rate;
      if (momentum == 0) {
        for (int i = 0; i < parameters.length; i++) {
          parameters[i] -= eta * gradient[i];
        }
        return;
      }
      float mu = (float) momentum;
      float[] velocity = memory[0];
      for (int i = 0; i < parameters.length; i++) {
        velocity[i] = mu * velocity[i] + gradient[i];
        parameters[i] -= eta * velocity[i];
      }
    }

    @Override
    public String describe() {
      return "sgd(momentum=" + momentum + ")";
    }
  }

  /**
   * Adam (Kingma and Ba 2015, Algorithm 1) with decoupled weight decay (Loshchilov and Hutter 2019,
   * Algorithm 2): m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − η(m̂/(√v̂ + ε) + δw), where m̂
   * and v̂ are divided by 1 − βᵗ, and δw is taken from weights only.
   *
   * @param decay δ; 0 for Adam itself
   */
  record Adam(double beta1, double beta2, double epsilon, double decay) implements Optimizer {
    /** Checks the ranges. */
    public Adam {
      require("Adam's first beta", "a number from 0 to below 1", beta1, beta1 >= 0 && beta1 < 1);
      require("Adam's second beta", "a number from 0 to below 1", beta2, beta2 >= 0 && beta2 < 1);
      require("Adam's epsilon", "a positive number", epsilon, epsilon > 0);
      require("sgd.weightDecay", "a number from 0 up", decay, decay >= 0);
    }

    /** With β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸, as published. */
    public Adam(double decay) {
      this(0.9, 0.999, 1e-8, decay);
    }

    @Override
    public int memories() {
      return 2;
    }

    @Override
    public void step(
        long step,
        double rate,
        float[] parameters,
        float[] gradient,
        float[] weights,
        float[][] memory) {
      float b1 = (float) beta1;
      float b2 = (float) beta2;
      float c1 = (float) (1 - beta1);
      float c2 = (float) (1 - beta2);
      float eta = (float) (rate / (1 - StrictMath.pow(beta1, (double) step)));
      float root = (float) (1 / Math.sqrt(1 - StrictMath.pow(beta2, (double) step)));
      float eps = (float) epsilon;
      float shrink = (float) (rate * decay);
      float[] m = memory[0];
      float[] v = memory[1];
      for (int i = 0; i < parameters.length; i++) {
        float g = gradient[i];
        m[i] = b1 * m[i] + c1 * g;
        v[i] = b2 * v[i] + c2 * g * g;
      }
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] -=
            eta * m[i] / (root * (float) Math.sqrt(v[i]) + eps)
                + shrink * weights[i] * parameters[i];
      }
    }

    @Override
    public String describe() {
      return (decay > 0 ? "adamw(decay=" + decay + ", " : "adam(")
          + "betas="
          + beta1
          + " and "
          + beta2
          + ", epsilon="
          + epsilon
          + ")";
    }
  }

  private static void require(String what, String expected, double value, boolean holds) {
    if (!holds) {
      throw new SnnkException(what, expected, value + "", null, "Choose another value.");
    }
  }
}
