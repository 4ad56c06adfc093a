package org.snnk.dataset.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snnk.dataset.DatasetDescriptor;
import org.snnk.dataset.Datasets;
import org.snnk.dataset.Task;

/** What holds for the simulation of every set. */
class SimulationTest {
  private static final int ROWS = 4000;

  static List<String> names() {
    return Datasets.names();
  }

  private static double[] row(Simulation simulation, long index) {
    double[] row = new double[simulation.descriptor().columns().size()];
    simulation.row(index, row);
    return row;
  }

  @ParameterizedTest
  @MethodSource("names")
  void aRowDoesNotDependOnOrderOrOnWhatTheArrayHeld(String name) {
    Simulation simulation = Simulations.of(name, 5);
    double[] expected = row(simulation, 1_000_000_007L);
    double[] dirty = row(simulation, 3);
    simulation.row(1_000_000_007L, dirty);
    assertThat(dirty).containsExactly(expected);
    assertThat(row(Simulations.of(name, 5), 1_000_000_007L)).containsExactly(expected);
    assertThat(row(Simulations.of(name, 6), 1_000_000_007L)).isNotEqualTo(expected);
    assertThat(row(simulation, 1_000_000_008L)).isNotEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("names")
  void textReadBackIsTheRowBitForBit(String name) {
    Simulation simulation = Simulations.of(name, 5);
    StringBuilder out = new StringBuilder();
    for (int index = 0; index < ROWS; index++) {
      double[] row = row(simulation, index);
      out.setLength(0);
      simulation.appendRow(row, out);
      String[] values =
          out.toString().split(String.valueOf(simulation.descriptor().separator()), -1);
      assertThat(values).hasSameSizeAs(row);
      for (int i = 0; i < row.length; i++) {
        assertThat(Double.parseDouble(values[i])).isEqualTo(row[i]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyClassAppearsAndNoOther(String name) {
    Simulation simulation = Simulations.of(name, 5);
    DatasetDescriptor descriptor = simulation.descriptor();
    if (descriptor.task() == Task.REGRESSION) {
      return;
    }
    int label = descriptor.position(descriptor.label());
    int[] counts = new int[descriptor.classes().size()];
    for (int index = 0; index < ROWS; index++) {
      counts[descriptor.classIndex(String.valueOf(row(simulation, index)[label]))]++;
    }
    for (int count : counts) {
      assertThat(count).isPositive();
    }
    if (counts.length == 2) {
      assertThat(counts[1] / (double) ROWS).isBetween(0.45, 0.58);
    } else {
      // Uneven, as forests are: two trees cover most, one is rare.
      assertThat((counts[0] + counts[1]) / (double) ROWS).isBetween(0.6, 0.9);
      assertThat(counts[3] / (double) ROWS).isLessThan(0.02);
    }
  }
}
