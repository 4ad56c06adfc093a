package org.snnk.network;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.snnk.activation.Activation;
import org.snnk.activation.StandardActivation;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Projection;

/**
 * Networks as configurations write them: a text for each layer before the linear output.
 *
 * @param projection of the directions that layers draw
 * @param seed of what they draw
 * @param unreadable what to throw for a text, given what was expected
 */
public record LayerText(
    Projection projection, long seed, Function<String, RuntimeException> unreadable) {
  /** What a text may be. */
  public static final String GRAMMAR =
      "'dense WIDTH [ACTIVATION]', 'snnk FEATURES WIDTH', 'adapter FEATURES', 'dropout RATE' or"
          + " 'cosine FEATURES LENGTHSCALE'";

  /**
   * The network of some texts, with a linear output behind.
   *
   * @throws RuntimeException that of {@code unreadable} for a text that is none of {@link #GRAMMAR}
   */
  public Network network(List<String> texts, int inputs, int outputs) {
    List<Layer> layers = new ArrayList<>();
    int width = inputs;
    for (String text : texts) {
      layers.add(layer(text, width, layers.size()));
      width = layers.get(layers.size() - 1).outputs();
    }
    layers.add(new Dense(width, outputs, true, StandardActivation.LINEAR));
    return new Network(layers);
  }

  private Layer layer(String text, int width, int position) {
    String[] words = text.strip().split("\\s+", -1);
    try {
      if (words[0].equals("dense") && (words.length == 2 || words.length == 3)) {
        Activation activation =
            words.length == 3 ? Activation.of(words[2]) : StandardActivation.RELU;
        return new Dense(width, Integer.parseInt(words[1]), true, activation);
      }
      if (words[0].equals("snnk") && words.length == 3) {
        int features = Integer.parseInt(words[1]);
        return new Snnk(relu(width, features, position), Integer.parseInt(words[2]), false);
      }
      if (words[0].equals("adapter") && words.length == 2) {
        return new SnnkAdapter(relu(width, Integer.parseInt(words[1]), position));
      }
      if (words[0].equals("dropout") && words.length == 2) {
        return new Dropout(width, Double.parseDouble(words[1]));
      }
      if (words[0].equals("cosine") && words.length == 3) {
        return new MappedFeatures(
            new CosineFeatures(
                width, Integer.parseInt(words[1]), Double.parseDouble(words[2]), projection, seed));
      }
    } catch (NumberFormatException notANumber) {
      throw unreadable.apply(text);
    }
    throw unreadable.apply(text);
  }

  /** Each layer draws directions of its own. */
  private ReluFeatures relu(int width, int features, int position) {
    return new ReluFeatures(width, features, false, projection, seed + 1 + position);
  }
}
