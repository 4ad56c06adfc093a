package org.snnk.activation;

import java.util.Arrays;
import org.snnk.SnnkException;
import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.BlockOperations.Function;

/** c + Σₖ [aₖ cos(kωz) + bₖ sin(kωz)], k = 1, 2, …: frequencies that need no drawing. */
final class FourierSeries implements Activation {
  static final String FAMILY = "fourier";

  private static final long serialVersionUID = 1L;

  /** ω, c, a₁, b₁, a₂, b₂, … */
  private final double[] parameters;

  FourierSeries(double... parameters) {
    boolean pairs = parameters.length >= 4 && parameters.length % 2 == 0;
    boolean finite = Arrays.stream(parameters).allMatch(Double::isFinite);
    if (!pairs || !finite || !(parameters[0] > 0) || isConstant(parameters)) {
      throw new SnnkException(
          "activation '" + FAMILY + "'",
          "a frequency > 0, a constant, and one or more pairs of finite weights, not all 0",
          Arrays.toString(parameters),
          null,
          "Give ω, c, a₁, b₁, a₂, b₂, … of c + Σ aₖ cos(kωz) + bₖ sin(kωz).");
    }
    this.parameters = parameters.clone();
  }

  private static boolean isConstant(double[] parameters) {
    return Arrays.stream(parameters, 2, parameters.length).allMatch(v -> v == 0);
  }

  /** kω of the pair at i = 2k. */
  private double frequency(int i) {
    return (i >> 1) * parameters[0];
  }

  @Override
  public String key() {
    String text = Arrays.toString(parameters);
    return FAMILY + "(" + text.substring(1, text.length() - 1).replace(" ", "") + ")";
  }

  @Override
  public double value(double z) {
    double sum = parameters[1];
    for (int i = 2; i < parameters.length; i += 2) {
      double phase = frequency(i) * z;
      sum += parameters[i] * StrictMath.cos(phase) + parameters[i + 1] * StrictMath.sin(phase);
    }
    return sum;
  }

  @Override
  public double derivative(double z) {
    double sum = 0;
    for (int i = 2; i < parameters.length; i += 2) {
      double frequency = frequency(i);
      double phase = frequency * z;
      sum +=
          frequency
              * (parameters[i + 1] * StrictMath.cos(phase) - parameters[i] * StrictMath.sin(phase));
    }
    return sum;
  }

  @Override
  public <B> B express(BlockOperations<B> on, B z) {
    B sum = on.row(parameters[1]);
    for (int i = 2; i < parameters.length; i += 2) {
      B phase = on.multiply(z, frequency(i));
      B cosine = on.multiply(on.apply(Function.COS, phase), parameters[i]);
      B sine = on.multiply(on.apply(Function.SIN, phase), parameters[i + 1]);
      sum = on.add(on.add(sum, cosine), sine);
    }
    return sum;
  }

  @Override
  public Spectrum spectrum() {
    Spectrum.Atom[] atoms = new Spectrum.Atom[parameters.length / 2 - 1];
    int used = 0;
    for (int i = 2; i < parameters.length; i += 2) {
      if (parameters[i] != 0 || parameters[i + 1] != 0) {
        atoms[used++] = new Spectrum.Atom(frequency(i), parameters[i], parameters[i + 1]);
      }
    }
    return Spectrum.of(Arrays.copyOf(atoms, used)).plus(parameters[1], 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FourierSeries series && Arrays.equals(parameters, series.parameters);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parameters);
  }
}
