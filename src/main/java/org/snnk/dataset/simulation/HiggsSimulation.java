package org.snnk.dataset.simulation;

import org.snnk.dataset.DatasetDescriptor;
import org.snnk.dataset.Datasets;
import org.snnk.random.CounterRandom;

/**
 * A toy of UCI HIGGS: a heavy Higgs boson decaying to W W b b̄, against top-quark pairs with the
 * same final state.
 *
 * <p>Signal: H⁰(425) → W H±(325), H± → W h(125), h → b b̄; background: t t̄ → W b W b̄ with a
 * falling mass spectrum above threshold; then one W → ℓν, the other W → q q̄′ (Baldi, Sadowski and
 * Whiteson 2014, arXiv 1402.4735). All decays are isotropic two-body ones ({@code Decay}); a toy
 * detector blurs, loses and tags ({@code Detector}); the seven masses are computed from what it saw
 * ({@code Observation}). Momenta and masses are divided by their mean, η and φ by their standard
 * deviation, and the b tags take UCI's three values.
 */
public final class HiggsSimulation implements Simulation {
  /** Digits after the point of the mantissa. */
  static final int DECIMALS = 3;

  private static final long STREAM = 280; // UCI's number of the set
  private static final double SIGNAL_SHARE = 0.53; // as in UCI's

  static final double HEAVY_MASS = 425;
  static final double CHARGED_MASS = 325;
  static final double LIGHT_MASS = 125;
  private static final double HEAVY_WIDTH = 8;
  private static final double HEAVY_LIMIT = 12; // above 325 + 80.4 + 7: the first decay is open
  private static final double PAIR_THRESHOLD = 370;
  private static final double PAIR_TAIL = 90;

  private static final Detector DETECTOR = new Detector(1.0, 0.08, 12);

  private static final double ETA_DEVIATION = 1.0;
  private static final double PHI_DEVIATION = 1.8138; // of a uniform angle: π/√3
  private static final double LEPTON_MEAN = 58.7;
  private static final double MISSING_MEAN = 52.9;
  private static final double[] JET_MEANS = {108.8, 74.7, 52.2, 36.3};
  private static final double[] TAG_STEPS = {1.08653808, 1.10743606, 1.27411222, 1.55098069};
  private static final double[] MASS_MEANS = {103.4, 201.4, 85.8, 188.1, 148.3, 283.1, 491.9};

  private final CounterRandom random;

  /** The rows of a seed. */
  public HiggsSimulation(long seed) {
    this.random = new CounterRandom(seed, STREAM);
  }

  @Override
  public DatasetDescriptor descriptor() {
    return Datasets.HIGGS;
  }

  @Override
  public void row(long index, double[] out) {
    Draws draws = new Draws(random, index);
    boolean signal = draws.uniform() < SIGNAL_SHARE;
    Observation seen = DETECTOR.first(() -> partons(signal, draws), draws);
    int column = 0;
    out[column++] = signal ? 1 : 0;
    out[column++] = seen.lepton.transverse() / LEPTON_MEAN;
    out[column++] = seen.lepton.eta() / ETA_DEVIATION;
    out[column++] = seen.lepton.phi() / PHI_DEVIATION;
    out[column++] = seen.missingMagnitude() / MISSING_MEAN;
    out[column++] = seen.missingPhi() / PHI_DEVIATION;
    for (int jet = 0; jet < Observation.JETS; jet++) {
      out[column++] = seen.jets[jet].transverse() / JET_MEANS[jet];
      out[column++] = seen.jets[jet].eta() / ETA_DEVIATION;
      out[column++] = seen.jets[jet].phi() / PHI_DEVIATION;
      out[column++] = seen.tags[jet] * TAG_STEPS[jet];
    }
    out[column++] = seen.jetPairMass / MASS_MEANS[0];
    out[column++] = seen.jetTripletMass / MASS_MEANS[1];
    out[column++] = seen.leptonNeutrinoMass / MASS_MEANS[2];
    out[column++] = seen.jetLeptonNeutrinoMass / MASS_MEANS[3];
    out[column++] = seen.bottomPairMass / MASS_MEANS[4];
    out[column++] = seen.wBottomPairMass / MASS_MEANS[5];
    out[column++] = seen.totalMass / MASS_MEANS[6];
    for (int i = 0; i < column; i++) {
      out[i] = DecimalText.roundScientific(out[i], DECIMALS);
    }
  }

  /** One collision before the detector. */
  static Partons partons(boolean signal, Draws draws) {
    if (signal) {
      double mass = draws.breitWigner(HEAVY_MASS, HEAVY_WIDTH, HEAVY_LIMIT);
      Production heavy = Production.of(mass, draws);
      return Partons.ofHiggs(heavy.system(), CHARGED_MASS, LIGHT_MASS, heavy.recoil(), draws);
    }
    Production pair = Production.of(PAIR_THRESHOLD + draws.exponential(PAIR_TAIL), draws);
    return Partons.ofTopPair(pair.system(), pair.recoil(), draws);
  }

  @Override
  public void appendCell(int column, double value, StringBuilder out) {
    DecimalText.appendScientific(out, value, DECIMALS);
  }
}
