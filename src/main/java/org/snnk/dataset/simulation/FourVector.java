package org.snnk.dataset.simulation;

/**
 * Energy and momentum of a particle, c = 1, in GeV; z is the direction of the beam.
 *
 * @param x transverse momentum, horizontal
 * @param y transverse momentum, vertical
 * @param z longitudinal momentum
 * @param energy total energy
 */
record FourVector(double x, double y, double z, double energy) {

  /** A particle of a mass with a momentum: E² = m² + p². */
  static FourVector ofMass(double mass, double x, double y, double z) {
    return new FourVector(x, y, z, Math.sqrt(mass * mass + x * x + y * y + z * z));
  }

  FourVector plus(FourVector other) {
    return new FourVector(x + other.x, y + other.y, z + other.z, energy + other.energy);
  }

  FourVector times(double factor) {
    return new FourVector(factor * x, factor * y, factor * z, factor * energy);
  }

  /** Invariant mass √(E² − p²); zero where rounding makes the square negative. */
  double mass() {
    double square = energy * energy - x * x - y * y - z * z;
    return Math.sqrt(Math.max(0, square));
  }

  double transverse() {
    return Math.sqrt(x * x + y * y);
  }

  /** Azimuth in (−π, π]. */
  double phi() {
    return StrictMath.atan2(y, x);
  }

  /** sinh η = p_z / p_T, which orders as the pseudorapidity does and costs no logarithm. */
  double sinhEta() {
    return z / transverse();
  }

  /** Pseudorapidity η = asinh(p_z / p_T). */
  double eta() {
    double slope = Math.abs(sinhEta());
    double eta = StrictMath.log(slope + Math.sqrt(1 + slope * slope));
    return z < 0 ? -eta : eta;
  }

  /** This vector, given in the rest frame of a parent, as the laboratory sees it. */
  FourVector boostedFromRestOf(FourVector parent) {
    double mass = parent.mass();
    double along = x * parent.x + y * parent.y + z * parent.z;
    double factor = along / (mass * (parent.energy + mass)) + energy / mass;
    return new FourVector(
        x + factor * parent.x,
        y + factor * parent.y,
        z + factor * parent.z,
        (energy * parent.energy + along) / mass);
  }
}
