package org.snnk.dataset.simulation;

import org.snnk.dataset.DatasetDescriptor;
import org.snnk.dataset.Datasets;
import org.snnk.random.CounterRandom;

/**
 * A wind turbine of 2.5 MW in the second row of a park: the power it delivers and the thrust that
 * its tower bears.
 *
 * <p>Power is the kinetic power of the air times a coefficient, P = ½ρAv³C_P, up to the rated
 * power, and nothing below the speed of cut-in or above that of cut-out; ρ = p/(R T) is the density
 * of dry air; v is the mean speed over the rotor, lessened by cos of the yaw error and by the wakes
 * of three neighbours, each with a Gaussian deficit over direction (Bastankhah and Porté-Agel
 * 2014). Thrust is ½ρAv²C_T with C_P = 4a(1−a)²η and C_T = 4a(1−a), the momentum theory of an ideal
 * rotor: the blades feather above the rated speed, so thrust falls while power stays. Turbulence is
 * averaged over by three-point Gauss–Hermite quadrature. Both targets have a little noise.
 */
public final class WindTurbineSimulation implements Simulation {
  private static final long STREAM = 8;
  private static final int[] DECIMALS = {2, 1, 1, 1, 3, 3, 1, 3, 1, 2};
  private static final double DEGREE = StrictMath.PI / 180;

  /** Rated power, kW. */
  static final double RATED = 2500;

  private static final double AREA = StrictMath.PI * 50 * 50;
  private static final double GAS_CONSTANT = 287.05;
  private static final double CUT_IN = 3;
  private static final double CUT_OUT = 22;
  private static final double EFFICIENCY = 0.80;
  private static final double BEST_COEFFICIENT = 0.44;
  private static final double SPEED_SCALE = 12.5;
  private static final double POWER_NOISE = 40;
  private static final double THRUST_NOISE = 5;

  private static final double[] WAKE_DIRECTION = {80, 190, 265};
  private static final double[] WAKE_WIDTH = {14, 16, 22};
  private static final double[] WAKE_DEPTH = {0.30, 0.25, 0.35};

  private final CounterRandom random;

  /** The rows of a seed. */
  public WindTurbineSimulation(long seed) {
    this.random = new CounterRandom(seed, STREAM);
  }

  @Override
  public DatasetDescriptor descriptor() {
    return Datasets.WIND_TURBINE;
  }

  @Override
  public void row(long index, double[] out) {
    Draws draws = new Draws(random, index);
    // Weibull of shape 2, the usual law of wind speeds, kept inside what the mast can measure.
    double weibull = SPEED_SCALE * Math.sqrt(-StrictMath.log(1 - draws.uniform()));
    double season = draws.gaussian();
    out[0] = Math.max(0.5, Math.min(30, weibull));
    out[1] = draws.uniform(0, 359.9);
    out[2] = 9 + 8 * season;
    out[3] = 985 + 9 * draws.gaussian() - 3 * season;
    out[4] = 0.05 + 0.6 / (out[0] + 4) + draws.exponential(0.03);
    out[5] = Math.max(0, 0.16 + 0.08 * draws.gaussian());
    out[6] = Math.max(-45, Math.min(45, 14 * draws.gaussian()));
    out[7] = draws.uniform();
    for (int i = 0; i < 8; i++) {
      out[i] = DecimalText.roundFixed(out[i], DECIMALS[i]);
    }
    out[8] = power(out) + POWER_NOISE * draws.gaussian();
    out[9] = thrust(out) + THRUST_NOISE * draws.gaussian();
    for (int i = 8; i < 10; i++) {
      out[i] = DecimalText.roundFixed(out[i], DECIMALS[i]);
    }
  }

  /** Mean power of the eight inputs without noise, kW. */
  static double power(double[] inputs) {
    return averaged(inputs, true);
  }

  /** Mean thrust of the eight inputs without noise, kN. */
  static double thrust(double[] inputs) {
    return averaged(inputs, false);
  }

  private static double averaged(double[] inputs, boolean power) {
    double density = 100 * inputs[3] / (GAS_CONSTANT * (inputs[2] + 273.15));
    double speed = rotorSpeed(inputs);
    double coefficient = BEST_COEFFICIENT * (1 - 0.25 * inputs[7]);
    double step = Math.sqrt(3) * inputs[4] * speed;
    return (at(speed - step, density, coefficient, power)
            + 4 * at(speed, density, coefficient, power)
            + at(speed + step, density, coefficient, power))
        / 6;
  }

  /** The wind that the rotor feels: wakes, yaw, and the power law of height over its disk. */
  private static double rotorSpeed(double[] inputs) {
    double left = 1;
    for (int i = 0; i < WAKE_DIRECTION.length; i++) {
      double angle = Math.abs(inputs[1] - WAKE_DIRECTION[i]);
      double offset = Math.min(angle, 360 - angle) / WAKE_WIDTH[i];
      left -= WAKE_DEPTH[i] * StrictMath.exp(-0.5 * offset * offset);
    }
    double shear = 1 - 0.5 * inputs[5] * (1 - inputs[5]) * 0.25;
    return inputs[0] * left * shear * StrictMath.cos(inputs[6] * DEGREE);
  }

  private static double at(double speed, double density, double best, boolean power) {
    // The controller does not stop at once: a ramp of 2 m/s around cut-out.
    double running = Math.max(0, Math.min(1, (CUT_OUT + 1 - speed) / 2));
    if (speed < CUT_IN || running == 0) {
      return 0;
    }
    double dynamic = 0.5 * density * AREA * speed * speed / 1000; // kN
    double coefficient = Math.min(best, RATED / (dynamic * speed));
    if (power) {
      return running * dynamic * speed * coefficient;
    }
    double a = induction(coefficient / EFFICIENCY);
    return running * dynamic * 4 * a * (1 - a);
  }

  /** The root a in [0, 1/3] of 4a(1−a)² = C, by Newton's method from 0, which rises to it. */
  private static double induction(double coefficient) {
    double a = 0;
    for (int i = 0; i < 8; i++) {
      double value = 4 * a * (1 - a) * (1 - a) - coefficient;
      double derivative = 4 * (1 - a) * (1 - 3 * a);
      a = Math.min(1.0 / 3, a - value / derivative);
    }
    return a;
  }

  @Override
  public void appendCell(int column, double value, StringBuilder out) {
    DecimalText.appendFixed(out, value, DECIMALS[column]);
  }
}
