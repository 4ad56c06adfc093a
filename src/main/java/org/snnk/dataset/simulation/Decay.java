package org.snnk.dataset.simulation;

/**
 * A particle decays into two, isotropically in its rest frame.
 *
 * <p>Both get the momentum p* = √((M² − (m₁+m₂)²)(M² − (m₁−m₂)²)) / 2M there (Particle Data Group,
 * <i>Kinematics</i>, two-body decays), in opposite directions; then both are boosted.
 *
 * @param first the product of mass m₁
 * @param second the product of mass m₂
 */
record Decay(FourVector first, FourVector second) {

  static Decay of(FourVector parent, double firstMass, double secondMass, Draws draws) {
    double mass = parent.mass();
    double sum = firstMass + secondMass;
    double difference = firstMass - secondMass;
    double square = (mass * mass - sum * sum) * (mass * mass - difference * difference);
    double momentum = Math.sqrt(Math.max(0, square)) / (2 * mass);

    // A uniform point of the unit disk gives a uniform point of the sphere (Marsaglia 1972).
    double u;
    double v;
    double radius;
    do {
      u = draws.uniform(-1, 1);
      v = draws.uniform(-1, 1);
      radius = u * u + v * v;
    } while (radius >= 1);
    double lift = 2 * momentum * Math.sqrt(1 - radius);
    double x = u * lift;
    double y = v * lift;
    double z = momentum * (1 - 2 * radius);
    return new Decay(
        FourVector.ofMass(firstMass, x, y, z).boostedFromRestOf(parent),
        FourVector.ofMass(secondMass, -x, -y, -z).boostedFromRestOf(parent));
  }
}
