package org.snnk.dataset.simulation;

/**
 * How a heavy system leaves the collision of two protons: it recoils against one light jet.
 *
 * @param system the heavy system
 * @param recoil the jet, of opposite transverse momentum
 */
record Production(FourVector system, FourVector recoil) {

  private static final double MEAN_RECOIL = 35;
  private static final double RAPIDITY_DEVIATION = 0.8;
  private static final double RECOIL_DEVIATION = 1.6;

  /** Exponential transverse momentum, Gaussian rapidity y: E = m_T cosh y, p_z = m_T sinh y. */
  static Production of(double mass, Draws draws) {
    double transverse = draws.exponential(MEAN_RECOIL);
    double azimuth = draws.uniform(-StrictMath.PI, StrictMath.PI);
    double x = transverse * StrictMath.cos(azimuth);
    double y = transverse * StrictMath.sin(azimuth);
    double boost = StrictMath.exp(draws.gaussian(0, RAPIDITY_DEVIATION));
    double transverseMass = Math.sqrt(mass * mass + transverse * transverse);
    double z = transverseMass * 0.5 * (boost - 1 / boost);
    double flight = StrictMath.exp(draws.gaussian(0, RECOIL_DEVIATION));
    return new Production(
        FourVector.ofMass(mass, x, y, z),
        FourVector.ofMass(0, -x, -y, transverse * 0.5 * (flight - 1 / flight)));
  }
}
