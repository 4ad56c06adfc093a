package org.snnk.dataset.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WindTurbineTest {

  private static double[] wind(double speed, double direction, double temperature) {
    return new double[] {speed, direction, temperature, 1000, 0.01, 0.1, 0, 0, 0, 0};
  }

  @Test
  void powerNeverExceedsTheLimitOfBetz() {
    for (double speed = 1; speed < 25; speed += 0.5) {
      double density = 100 * 1000 / (287.05 * 288.15);
      double kinetic = 0.5 * density * Math.PI * 2500 * Math.pow(speed * 1.05, 3) / 1000;
      double power = WindTurbineSimulation.power(wind(speed, 0, 15));
      assertThat(power).isBetween(0.0, 16 / 27.0 * kinetic);
      assertThat(power).isLessThanOrEqualTo(WindTurbineSimulation.RATED + 1e-9);
    }
  }

  @Test
  void thrustFallsAboveTheRatedSpeedWhilePowerStays() {
    assertThat(WindTurbineSimulation.power(wind(18, 0, 15)))
        .isGreaterThan(0.999 * WindTurbineSimulation.RATED);
    assertThat(WindTurbineSimulation.thrust(wind(18, 0, 15)))
        .isLessThan(0.7 * WindTurbineSimulation.thrust(wind(11, 0, 15)));
  }

  @Test
  void wakesWarmAirAndStandstillTakePower() {
    assertThat(WindTurbineSimulation.power(wind(8, 265, 15)))
        .isLessThan(0.5 * WindTurbineSimulation.power(wind(8, 330, 15)));
    assertThat(WindTurbineSimulation.power(wind(8, 330, 30)))
        .isLessThan(WindTurbineSimulation.power(wind(8, 330, 0)));
    assertThat(WindTurbineSimulation.power(wind(2, 330, 15))).isZero();
    assertThat(WindTurbineSimulation.power(wind(26, 330, 15))).isZero();
  }
}
