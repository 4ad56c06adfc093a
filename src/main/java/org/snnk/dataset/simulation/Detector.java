package org.snnk.dataset.simulation;

import java.util.function.Supplier;

/**
 * A toy detector: blurs energies, loses what is soft or close to the beam, tags b jets.
 *
 * <p>Jet energies get a relative Gaussian error √(a²/E + c²), leptons a constant one; the missing
 * transverse momentum is minus the sum of all that is seen plus the same error of the soft rest on
 * both axes. A jet or lepton is kept with p_T &gt; 20 GeV and |η| &lt; 2.5; an event needs its
 * lepton and four jets.
 *
 * @param stochastic a, in √GeV
 * @param constant c
 * @param soft error of the missing momentum on each axis, in GeV
 */
record Detector(double stochastic, double constant, double soft) {

  private static final int MOST_COLLISIONS = 16;
  private static final double MINIMUM_TRANSVERSE = 20;
  private static final double SINH_OF_MAXIMUM_ETA = 6.0502; // sinh 2.5
  private static final double LEPTON_ERROR = 0.02;
  private static final double LEAST_RESPONSE = 0.2;

  // How often a tagger calls a jet "loose" (1) or "tight" (2).
  private static final double BOTTOM_TIGHT = 0.60;
  private static final double BOTTOM_LOOSE = 0.15;
  private static final double LIGHT_TIGHT = 0.04;
  private static final double LIGHT_LOOSE = 0.08;

  /**
   * What is seen of the first event that has its lepton and jets; where {@value #MOST_COLLISIONS}
   * have not, of another one that loses nothing.
   */
  Observation first(Supplier<Partons> events, Draws draws) {
    for (int i = 0; i < MOST_COLLISIONS; i++) {
      Observation seen = observe(events.get(), false, draws);
      if (seen != null) {
        return seen;
      }
    }
    return observeAll(events.get(), draws);
  }

  /** What is seen where nothing is lost. */
  Observation observeAll(Partons partons, Draws draws) {
    return observe(partons, true, draws);
  }

  /** What is seen of an event, or null where it misses its lepton or a jet. */
  private Observation observe(Partons partons, boolean all, Draws draws) {
    FourVector lepton = partons.lepton().times(1 + LEPTON_ERROR * draws.gaussian());
    if (!all && !isSeen(lepton)) {
      return null;
    }
    FourVector[] jets = new FourVector[5];
    int[] tags = new int[5];
    FourVector seen = lepton;
    int count = 0;
    for (int i = 0; i < 5; i++) {
      FourVector parton = jetParton(partons, i);
      FourVector jet = parton.times(response(parton.energy(), draws));
      seen = seen.plus(jet);
      int tag = tag(i < 2, draws);
      if (all || isSeen(jet)) {
        int place = count++;
        while (place > 0 && jets[place - 1].transverse() < jet.transverse()) {
          jets[place] = jets[place - 1];
          tags[place] = tags[place - 1];
          place--;
        }
        jets[place] = jet;
        tags[place] = tag;
      }
    }
    if (count < Observation.JETS) {
      return null;
    }
    double missingX = -seen.x() + soft * draws.gaussian();
    double missingY = -seen.y() + soft * draws.gaussian();
    return new Observation(lepton, missingX, missingY, jets, tags, count);
  }

  private static FourVector jetParton(Partons partons, int i) {
    return switch (i) {
      case 0 -> partons.firstBottom();
      case 1 -> partons.secondBottom();
      case 2 -> partons.firstQuark();
      case 3 -> partons.secondQuark();
      default -> partons.recoil();
    };
  }

  private double response(double energy, Draws draws) {
    double error = Math.sqrt(stochastic * stochastic / Math.max(1, energy) + constant * constant);
    return Math.max(LEAST_RESPONSE, 1 + error * draws.gaussian());
  }

  private static int tag(boolean bottom, Draws draws) {
    double u = draws.uniform();
    double tight = bottom ? BOTTOM_TIGHT : LIGHT_TIGHT;
    double loose = bottom ? BOTTOM_LOOSE : LIGHT_LOOSE;
    return u < tight ? 2 : u < tight + loose ? 1 : 0;
  }

  private static boolean isSeen(FourVector vector) {
    return vector.transverse() > MINIMUM_TRANSVERSE
        && Math.abs(vector.sinhEta()) < SINH_OF_MAXIMUM_ETA;
  }
}
