package org.snnk.dataset.simulation;

import org.snnk.dataset.DatasetDescriptor;
import org.snnk.dataset.Datasets;
import org.snnk.random.CounterRandom;

/**
 * A toy of UCI HEPMASS: a resonance of one of five masses decaying to top quarks, against top-quark
 * pairs made without it.
 *
 * <p>Signal: X(M) → t t̄ with M of {500, 750, 1000, 1250, 1500} GeV, background: t t̄ with a
 * falling mass spectrum; then t → W b, one W → ℓν, the other W → q q̄′ (Baldi, Cranmer, Faucett,
 * Sadowski and Whiteson 2016, arXiv 1601.07913). The column {@code mass} is M for the signal and
 * drawn from the same list for the background, so it tells nothing alone and much beside f26, the
 * mass of all that was seen. The other columns are standardised (less their mean, by their
 * deviation).
 */
public final class HepmassSimulation implements Simulation {
  /** Digits after the point of the mantissa. */
  static final int DECIMALS = 3;

  private static final long STREAM = 347; // UCI's number of the set
  private static final double[] MASSES = {500, 750, 1000, 1250, 1500};
  private static final double RELATIVE_WIDTH = 0.03;
  private static final double RELATIVE_LIMIT = 0.2;
  private static final double PAIR_THRESHOLD = 370;
  private static final double PAIR_TAIL = 350;

  private static final Detector DETECTOR = new Detector(1.0, 0.08, 15);

  // Of f0…f26 over rows 0…299,999 of seed 1; the mean is 0 by symmetry for η and φ.
  private static final double[] MEANS = {
    116.1, 0, 0, 106.3, 0, 4.400, 220.0, 0, 0, 0.8684, 147.4, 0, 0, 0.8501, 91.65, 0, 0, 0.6416,
    52.40, 0, 0, 0.4995, 128.0, 247.1, 91.20, 235.7, 907.1
  };
  private static final double[] DEVIATIONS = {
    98.51, 1.011, 1.814, 97.06, 1.814, 0.4899, 125.4, 0.9570, 1.814, 0.9282, 90.36, 0.9960, 1.814,
    0.9259, 54.77, 1.040, 1.814, 0.8739, 30.70, 1.106, 1.814, 0.8063, 105.4, 147.7, 41.67, 133.8,
    397.3
  };

  private final CounterRandom random;

  /** The rows of a seed. */
  public HepmassSimulation(long seed) {
    this.random = new CounterRandom(seed, STREAM);
  }

  @Override
  public DatasetDescriptor descriptor() {
    return Datasets.HEPMASS;
  }

  @Override
  public void row(long index, double[] out) {
    Draws draws = new Draws(random, index);
    boolean signal = draws.uniform() < 0.5;
    double mass = MASSES[draws.below(MASSES.length)];
    Observation seen = DETECTOR.first(() -> partons(signal, mass, draws), draws);
    int column = 0;
    out[column++] = signal ? 1 : 0;
    out[column++] = seen.lepton.transverse();
    out[column++] = seen.lepton.eta();
    out[column++] = seen.lepton.phi();
    out[column++] = seen.missingMagnitude();
    out[column++] = seen.missingPhi();
    out[column++] = seen.jetCount;
    for (int jet = 0; jet < Observation.JETS; jet++) {
      out[column++] = seen.jets[jet].transverse();
      out[column++] = seen.jets[jet].eta();
      out[column++] = seen.jets[jet].phi();
      out[column++] = seen.tags[jet];
    }
    out[column++] = seen.jetPairMass;
    out[column++] = seen.jetTripletMass;
    out[column++] = seen.leptonNeutrinoMass;
    out[column++] = seen.jetLeptonNeutrinoMass;
    out[column++] = seen.totalMass;
    out[column] = mass;
    for (int i = 1; i < column; i++) {
      out[i] = (out[i] - MEANS[i - 1]) / DEVIATIONS[i - 1];
      out[i] = DecimalText.roundScientific(out[i], DECIMALS);
    }
  }

  /** One collision before the detector. */
  static Partons partons(boolean signal, double mass, Draws draws) {
    double total =
        signal
            ? draws.breitWigner(mass, RELATIVE_WIDTH * mass, RELATIVE_LIMIT * mass)
            : PAIR_THRESHOLD + draws.exponential(PAIR_TAIL);
    Production pair = Production.of(total, draws);
    return Partons.ofTopPair(pair.system(), pair.recoil(), draws);
  }

  @Override
  public void appendCell(int column, double value, StringBuilder out) {
    DecimalText.appendScientific(out, value, DECIMALS);
  }
}
