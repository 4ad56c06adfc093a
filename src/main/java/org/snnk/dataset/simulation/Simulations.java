package org.snnk.dataset.simulation;

import org.snnk.SnnkException;
import org.snnk.dataset.Datasets;

/** Makes a simulation by the name of its set. */
public final class Simulations {
  private Simulations() {}

  /**
   * The simulation of a set.
   *
   * @param dataset a name of {@link Datasets}
   * @param seed of its rows
   * @throws SnnkException where there is no such set; it names the nearest
   */
  public static Simulation of(String dataset, long seed) {
    String name = Datasets.find(dataset).name();
    return switch (name) {
      case "higgs" -> new HiggsSimulation(seed);
      case "hepmass" -> new HepmassSimulation(seed);
      case "covertype" -> new CovertypeSimulation(seed);
      case "wind-turbine" -> new WindTurbineSimulation(seed);
      default -> throw new IllegalStateException("no simulation of " + name);
    };
  }
}
