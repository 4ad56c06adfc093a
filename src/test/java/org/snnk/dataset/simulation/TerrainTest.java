package org.snnk.dataset.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TerrainTest {

  @Test
  void slopeAndAspectAreThoseOfTheElevation() {
    double step = 1;
    for (int i = 0; i < 200; i++) {
      double x = 1000 + 271.0 * i;
      double y = 59_000 - 263.0 * i;
      Terrain here = new Terrain(x, y);
      double east = (height(x + step, y) - height(x - step, y)) / (2 * step);
      double north = (height(x, y + step) - height(x, y - step)) / (2 * step);
      assertThat(Math.tan(here.slope)).isCloseTo(Math.hypot(east, north), within(1e-4));
      // Downhill, the ground falls by its slope.
      double down =
          height(x + step * Math.sin(here.aspect), y + step * Math.cos(here.aspect))
              - here.elevation;
      assertThat(down / step).isCloseTo(-Math.tan(here.slope), within(2e-3));
    }
  }

  private static double height(double x, double y) {
    return new Terrain(x, y).elevation;
  }

  @Test
  void groundThatFacesTheSunIsTheBrightest() {
    Terrain ground = new Terrain(12_345, 23_456);
    double altitude = 0.8;
    double facing = ground.hillshade(altitude, ground.aspect);
    assertThat(facing).isGreaterThan(ground.hillshade(altitude, ground.aspect + Math.PI));
    assertThat(ground.hillshade(Math.PI / 2 - ground.slope, ground.aspect))
        .isCloseTo(255, within(1e-9));
  }

  @Test
  void columnsAreConsistentWithEachOther() {
    CovertypeSimulation simulation = new CovertypeSimulation(9);
    double[] row = new double[55];
    for (int i = 0; i < 3000; i++) {
      simulation.row(i, row);
      assertThat(row[1]).isBetween(0.0, 359.0);
      assertThat(row[2]).isBetween(0.0, 66.0);
      for (int shade = 6; shade <= 8; shade++) {
        assertThat(row[shade]).isBetween(0.0, 255.0);
      }
      assertThat(Arrays.stream(row, 10, 14).sum()).isEqualTo(1);
      assertThat(Arrays.stream(row, 14, 54).sum()).isEqualTo(1);
      assertThat(row[54]).isBetween(1.0, 7.0);
      // In the morning a slope that faces east is brighter than in the afternoon.
      if (row[2] >= 5 && row[1] > 45 && row[1] < 135) {
        assertThat(row[6]).isGreaterThan(row[8]);
      }
    }
  }
}
