package org.snnk.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A network with its parameters, which are not copied.
 *
 * @param parameters as long as {@link Network#parameters} says
 */
public record TrainedNetwork(Network network, float[] parameters) implements Serializable {

  /** The layers [from, to) as a network of their own. */
  public TrainedNetwork slice(int from, int to) {
    return new TrainedNetwork(
        new Network(network.layers().subList(from, to)),
        Arrays.copyOfRange(parameters, network.offset(from), network.offset(to)));
  }

  /** This network with others in place of its layers [from, to). */
  public TrainedNetwork replace(int from, int to, TrainedNetwork... others) {
    List<TrainedNetwork> parts = new ArrayList<>();
    if (from > 0) {
      parts.add(slice(0, from));
    }
    parts.addAll(List.of(others));
    if (to < network.layers().size()) {
      parts.add(slice(to, network.layers().size()));
    }
    List<Layer> layers = new ArrayList<>();
    int length = 0;
    for (TrainedNetwork part : parts) {
      layers.addAll(part.network.layers());
      length += part.parameters.length;
    }
    float[] joined = new float[length];
    int at = 0;
    for (TrainedNetwork part : parts) {
      System.arraycopy(part.parameters, 0, joined, at, part.parameters.length);
      at += part.parameters.length;
    }
    return new TrainedNetwork(new Network(layers), joined);
  }

  /** What it does when it scores, without its dropout layers. */
  public TrainedNetwork withoutDropout() {
    TrainedNetwork without = this;
    for (int l = network.layers().size() - 1; l >= 0; l--) {
      if (network.layers().get(l) instanceof Dropout) {
        without = without.replace(l, l + 1);
      }
    }
    return without;
  }

  /** A layer with its parameters. */
  static TrainedNetwork of(Layer layer, float[] parameters) {
    return new TrainedNetwork(new Network(List.of(layer)), parameters);
  }
}
