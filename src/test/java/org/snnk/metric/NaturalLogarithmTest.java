package org.snnk.metric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.snnk.random.CounterRandom;

class NaturalLogarithmTest {
  @Test
  void isWithinItsBoundOfStrictMath() {
    CounterRandom random = new CounterRandom(4, 0);
    for (int i = 0; i < 300_000; i++) {
      double u = random.uniform(i) + 0x1p-60;
      check(u);
      check(StrictMath.scalb(u, -random.stream(1).below(900, i)));
      check(1 + (u - 0.5) * StrictMath.scalb(1.0, -random.stream(2).below(52, i)));
      check(u * StrictMath.scalb(1.0, random.stream(3).below(900, i)));
    }
    // The table ends near these, in stretches that draws from all numbers seldom meet.
    for (double around : new double[] {Math.sqrt(0.5), Math.sqrt(2), 1.38, 1.42, 0.69, 0.71, 1}) {
      for (int i = 0; i < 100_000; i++) {
        check(around * (1 + (random.uniform(i) - 0.5) * StrictMath.scalb(1.0, -1 - i % 20)));
      }
    }
    for (double x : new double[] {1e-15, 1 - 1e-15, 1, 0.5, 2, Double.MIN_NORMAL, 1e308, Math.E}) {
      check(x);
      check(Math.nextUp(x));
      check(Math.nextDown(x) < Double.MIN_NORMAL ? x : Math.nextDown(x));
    }
  }

  private static void check(double x) {
    double expected = StrictMath.log(x);
    if (Math.abs(NaturalLogarithm.of(x) - expected) > 0x1p-53 + Math.ulp(expected)) {
      assertThat(NaturalLogarithm.of(x)).as("ln %s", x).isEqualTo(expected);
    }
  }
}
