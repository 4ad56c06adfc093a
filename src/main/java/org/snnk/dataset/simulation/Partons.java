package org.snnk.dataset.simulation;

/**
 * What leaves a collision before the detector blurs it: W W b b̄ with one W → ℓν and the other W →
 * q q̄′, and the jet against which all of it recoils.
 *
 * @param lepton electron or muon
 * @param neutrino leaves the detector unseen
 * @param firstQuark of the W that decays to quarks
 * @param secondQuark of the W that decays to quarks
 * @param firstBottom one b quark
 * @param secondBottom the other b quark
 * @param recoil a light jet radiated by the incoming partons
 */
record Partons(
    FourVector lepton,
    FourVector neutrino,
    FourVector firstQuark,
    FourVector secondQuark,
    FourVector firstBottom,
    FourVector secondBottom,
    FourVector recoil) {

  static final double BOTTOM_MASS = 4.7;
  static final double W_MASS = 80.4;
  static final double TOP_MASS = 172.5;

  private static final double W_WIDTH = 2.1;
  private static final double W_LIMIT = 7; // keeps every decay open, that of the Higgs too
  private static final double TOP_WIDTH = 1.4;
  private static final double TOP_LIMIT = 10;

  /** H⁰ → W H±, H± → W h, h → b b̄ (the signal of UCI HIGGS), from an H⁰ in the laboratory. */
  static Partons ofHiggs(
      FourVector heavy, double chargedMass, double lightMass, FourVector recoil, Draws draws) {
    double outerMass = wMass(draws);
    double innerMass = wMass(draws);
    Decay first = Decay.of(heavy, outerMass, chargedMass, draws);
    Decay second = Decay.of(first.second(), innerMass, lightMass, draws);
    Decay bottoms = Decay.of(second.second(), BOTTOM_MASS, BOTTOM_MASS, draws);
    boolean outerIsLeptonic = draws.uniform() < 0.5;
    FourVector leptonic = outerIsLeptonic ? first.first() : second.first();
    FourVector hadronic = outerIsLeptonic ? second.first() : first.first();
    return of(leptonic, hadronic, bottoms.first(), bottoms.second(), recoil, draws);
  }

  /** t t̄ → W b W b̄, from the pair's total in the laboratory. */
  static Partons ofTopPair(FourVector pair, FourVector recoil, Draws draws) {
    double firstMass = draws.breitWigner(TOP_MASS, TOP_WIDTH, TOP_LIMIT);
    double secondMass = draws.breitWigner(TOP_MASS, TOP_WIDTH, TOP_LIMIT);
    Decay tops = Decay.of(pair, firstMass, secondMass, draws);
    Decay leptonic = Decay.of(tops.first(), wMass(draws), BOTTOM_MASS, draws);
    Decay hadronic = Decay.of(tops.second(), wMass(draws), BOTTOM_MASS, draws);
    return of(
        leptonic.first(), hadronic.first(), leptonic.second(), hadronic.second(), recoil, draws);
  }

  private static Partons of(
      FourVector leptonic,
      FourVector hadronic,
      FourVector firstBottom,
      FourVector secondBottom,
      FourVector recoil,
      Draws draws) {
    Decay pair = Decay.of(leptonic, 0, 0, draws);
    Decay quarks = Decay.of(hadronic, 0, 0, draws);
    return new Partons(
        pair.first(),
        pair.second(),
        quarks.first(),
        quarks.second(),
        firstBottom,
        secondBottom,
        recoil);
  }

  private static double wMass(Draws draws) {
    return draws.breitWigner(W_MASS, W_WIDTH, W_LIMIT);
  }

  /** The sum of the six decay products: its mass is the mass of what decayed. */
  FourVector total() {
    return lepton
        .plus(neutrino)
        .plus(firstQuark)
        .plus(secondQuark)
        .plus(firstBottom)
        .plus(secondBottom);
  }
}
