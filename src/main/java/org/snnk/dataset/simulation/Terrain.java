package org.snnk.dataset.simulation;

import org.snnk.random.CounterRandom;

/**
 * A mountain range of 60 km × 60 km: a ramp that falls to the east and a sum of waves, so that the
 * gradient is known exactly.
 *
 * <p>h(p) = h₀ + ramp·x + Σ Aᵢ sin(kᵢ·p + φᵢ), with wavelengths from 24 km down to 1 km and Aᵢ|kᵢ|
 * constant: every scale is equally steep. There is one such range; a seed only says where cells of
 * it are taken.
 */
final class Terrain {
  static final double SIDE = 60_000;

  private static final int WAVES = 14;
  private static final int SHORT_WAVES = 7;
  private static final int FIRES = 30;
  private static final double LONGEST = 24_000;
  private static final double SHORTEST = 1_000;
  private static final double STEEPNESS = 0.065;
  private static final double WEST = 3200;
  private static final double RAMP = -480 / SIDE;

  private static final double[] WAVE_X = new double[WAVES];
  private static final double[] WAVE_Y = new double[WAVES];
  private static final double[] AMPLITUDE = new double[WAVES];
  private static final double[] PHASE = new double[WAVES];
  private static final double[] FIRE_X = new double[FIRES];
  private static final double[] FIRE_Y = new double[FIRES];

  static {
    Draws draws = new Draws(new CounterRandom(31, 0), 0);
    for (int i = 0; i < WAVES; i++) {
      double ratio = StrictMath.pow(SHORTEST / LONGEST, i / (WAVES - 1.0));
      double number = 2 * StrictMath.PI / (LONGEST * ratio);
      double direction = draws.uniform(0, 2 * StrictMath.PI);
      WAVE_X[i] = number * StrictMath.cos(direction);
      WAVE_Y[i] = number * StrictMath.sin(direction);
      AMPLITUDE[i] = STEEPNESS / number;
      PHASE[i] = draws.uniform(0, 2 * StrictMath.PI);
    }
    for (int i = 0; i < FIRE_X.length; i++) {
      FIRE_X[i] = draws.uniform(0, SIDE);
      FIRE_Y[i] = draws.uniform(0, SIDE);
    }
  }

  /** Height above the sea, m. */
  final double elevation;

  /** Steepest angle of the ground, radians. */
  final double slope;

  /** Compass direction in which the ground falls, radians clockwise from north, in [0, 2π). */
  final double aspect;

  /** Height above the floor of the nearest small valley, m. */
  final double relief;

  /** Distance to the nearest place where a fire once started, m. */
  final double fireDistance;

  /** The ground at x metres east and y metres north of the range's corner. */
  Terrain(double x, double y) {
    double height = WEST + RAMP * x;
    double east = RAMP;
    double north = 0;
    double aboveValley = 0;
    for (int i = 0; i < WAVES; i++) {
      double angle = WAVE_X[i] * x + WAVE_Y[i] * y + PHASE[i];
      double wave = AMPLITUDE[i] * StrictMath.sin(angle);
      double gradient = AMPLITUDE[i] * StrictMath.cos(angle);
      height += wave;
      east += WAVE_X[i] * gradient;
      north += WAVE_Y[i] * gradient;
      if (i >= WAVES - SHORT_WAVES) {
        aboveValley += wave + 0.6 * AMPLITUDE[i];
      }
    }
    elevation = height;
    slope = StrictMath.atan(Math.sqrt(east * east + north * north));
    double downhill = StrictMath.atan2(-east, -north);
    aspect = downhill < 0 ? downhill + 2 * StrictMath.PI : downhill;
    relief = aboveValley;
    double least = Double.MAX_VALUE;
    for (int i = 0; i < FIRE_X.length; i++) {
      double dx = x - FIRE_X[i];
      double dy = y - FIRE_Y[i];
      least = Math.min(least, dx * dx + dy * dy);
    }
    fireDistance = Math.sqrt(least);
  }

  /**
   * Brightness of the ground in 0…255 (Horn 1981, "Hill shading and the reflectance map"): 255 (sin
   * α cos s + cos α sin s cos(A − a)) for the sun at altitude α and azimuth A over ground of slope
   * s and aspect a; 0 in its own shadow.
   */
  double hillshade(double sunAltitude, double sunAzimuth) {
    double light =
        StrictMath.sin(sunAltitude) * StrictMath.cos(slope)
            + StrictMath.cos(sunAltitude)
                * StrictMath.sin(slope)
                * StrictMath.cos(sunAzimuth - aspect);
    return Math.max(0, 255 * light);
  }
}
