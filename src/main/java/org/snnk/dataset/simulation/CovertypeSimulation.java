package org.snnk.dataset.simulation;

import java.util.Arrays;
import org.snnk.dataset.DatasetDescriptor;
import org.snnk.dataset.Datasets;
import org.snnk.random.CounterRandom;

/**
 * A toy of UCI Covertype: cells of one mountain range, and the tree that grows there.
 *
 * <p>Elevation, slope and aspect are those of one smooth surface ({@code Terrain}) and the three
 * hillshades follow from them by Horn's formula for the sun of midsummer at 40.6° north. Trees
 * stand in bands of <i>felt</i> elevation: a slope that faces north is as cold as a higher one that
 * faces south. Class c has the utility −½((z − z_c)/w_c)² + moisture, fire and exposure terms; the
 * class is a softmax draw. So the bands bend with aspect·slope, pioneers take over where fire came
 * near, and willows follow the streams: none of it is linear in the columns.
 */
public final class CovertypeSimulation implements Simulation {
  private static final long STREAM = 31; // UCI's number of the set
  private static final int WILDERNESS = 10;
  private static final int SOIL = 14;
  private static final int COVER = 54;
  private static final double DEGREE = StrictMath.PI / 180;

  // The sun on 21 June at latitude 40.6° north, solar time 9, 12 and 15 hours.
  private static final double MORNING_ALTITUDE = 48.6 * DEGREE;
  private static final double NOON_ALTITUDE = 72.8 * DEGREE;
  private static final double MORNING_AZIMUTH = 101.4 * DEGREE;
  private static final double NOON_AZIMUTH = 180 * DEGREE;
  private static final double AFTERNOON_AZIMUTH = 258.6 * DEGREE;

  private static final double SHARPNESS = 2.5;
  private static final double EXPOSURE = 500; // m of felt elevation for sin(slope) due north
  private static final double TURN = 2980;
  private static final double STAND = 1.3;
  private static final double[] BAND = {3040, 2950, 2330, 2100, 2700, 2480, 3600};
  private static final double[] WIDTH = {210, 210, 150, 130, 110, 110, 130};
  private static final double[] PRIOR = {0.3, 0.7, 0.4, -1.0, -0.7, 0.0, 0.3};

  private final CounterRandom random;

  /** The rows of a seed. */
  public CovertypeSimulation(long seed) {
    this.random = new CounterRandom(seed, STREAM);
  }

  @Override
  public DatasetDescriptor descriptor() {
    return Datasets.COVERTYPE;
  }

  @Override
  public void row(long index, double[] out) {
    Draws draws = new Draws(random, index);
    double x = draws.uniform(0, Terrain.SIDE);
    double y = draws.uniform(0, Terrain.SIDE);
    Terrain ground = new Terrain(x, y);

    double above = Math.max(0, ground.relief);
    double water = 0.5 * above + draws.exponential(60);
    double toWater = Math.min(1400, water / (0.15 + StrictMath.tan(ground.slope)));
    double toRoad = 400 + 1.1 * Math.max(0, ground.elevation - 2200) + draws.exponential(700);
    double toFire = ground.fireDistance;

    Arrays.fill(out, 0, COVER, 0);
    out[0] = Math.rint(ground.elevation);
    out[1] = Math.rint(ground.aspect / DEGREE) % 360;
    out[2] = Math.rint(ground.slope / DEGREE);
    out[3] = Math.rint(toWater / 30) * 30; // distances are counted in cells of 30 m
    out[4] = Math.rint(ground.relief < 0 ? ground.relief / 2 : water);
    out[5] = Math.rint(toRoad);
    out[6] = Math.rint(ground.hillshade(MORNING_ALTITUDE, MORNING_AZIMUTH));
    out[7] = Math.rint(ground.hillshade(NOON_ALTITUDE, NOON_AZIMUTH));
    out[8] = Math.rint(ground.hillshade(MORNING_ALTITUDE, AFTERNOON_AZIMUTH));
    out[9] = Math.rint(toFire);
    out[WILDERNESS + wilderness(x / Terrain.SIDE, y / Terrain.SIDE)] = 1;
    out[SOIL + soil(ground, draws)] = 1;
    out[COVER] = 1 + cover(ground, toWater, toFire, draws);
  }

  /** Rawah and Neota in the west, Comanche Peak in the middle, Cache la Poudre in the east. */
  private static int wilderness(double east, double north) {
    if (east < 0.5) {
      return north < 0.12 ? 1 : 0;
    }
    return east > 0.92 ? 3 : 2;
  }

  /** Eight climatic zones by elevation, five textures by relief and slope. */
  private static int soil(Terrain ground, Draws draws) {
    double zone = (ground.elevation - 2150) / 190 + draws.gaussian(0, 0.5);
    double texture = 2.5 + (ground.relief - 130) / 70 + 2 * ground.slope + draws.gaussian(0, 0.8);
    return 5 * clamp(zone, 7) + clamp(texture, 4);
  }

  private static int clamp(double value, int most) {
    return (int) Math.max(0, Math.min(most, Math.floor(value)));
  }

  private static int cover(Terrain ground, double toWater, double toFire, Draws draws) {
    double north = StrictMath.cos(ground.aspect) * StrictMath.sin(ground.slope);
    double felt = ground.elevation + EXPOSURE * north;
    double moisture = StrictMath.exp(-toWater / 150);
    double fresh = 2 * StrictMath.exp(-(toFire * toFire) / (2 * 2500.0 * 2500.0)) - 1;
    double wet = 2 * moisture - 1;
    // Spruce needs water below and warmth above: its slope faces north below and south above.
    double shelter = -saturated(north / 0.08) * saturated((ground.elevation - TURN) / 120);
    double stand = shelter - 0.7 * fresh;
    double[] terms = {
      STAND * stand,
      -STAND * stand,
      -0.5 * moisture,
      3 * moisture,
      1.2 * fresh + 0.8 * moisture,
      0.8 * wet,
      0
    };
    int best = 0;
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < terms.length; i++) {
      double distance = (felt - BAND[i]) / WIDTH[i];
      double utility =
          SHARPNESS * (PRIOR[i] + terms[i] - 0.5 * distance * distance) + draws.gumbel();
      if (utility > greatest) {
        greatest = utility;
        best = i;
      }
    }
    return best;
  }

  /** x/√(1+x²): from −1 to 1, steepest at 0. */
  private static double saturated(double x) {
    return x / Math.sqrt(1 + x * x);
  }

  @Override
  public void appendCell(int column, double value, StringBuilder out) {
    out.append((long) value);
  }
}
