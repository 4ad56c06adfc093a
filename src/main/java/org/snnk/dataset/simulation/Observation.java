package org.snnk.dataset.simulation;

/**
 * What the detector saw of one event, and the masses that an analyst derives from it.
 *
 * <p>The neutrino's p_z is the one that makes m(ℓν) the mass of the W; of two solutions the
 * smaller, and where there is none the real part (so m(ℓν) is then larger). The two jets of the
 * highest b tag count as b jets, the other two as the W that decayed to quarks; the b jet that goes
 * with each W is chosen so that both triplets are as near as possible to the mass of the top quark.
 */
final class Observation {
  static final int JETS = 4;

  final FourVector lepton;
  final double missingX;
  final double missingY;

  /** The jets that were kept, hardest first; only the first four are used. */
  final FourVector[] jets;

  /** b tag of each jet: 0, 1 or 2. */
  final int[] tags;

  /** How many jets were kept. */
  final int jetCount;

  final double jetPairMass;
  final double jetTripletMass;
  final double leptonNeutrinoMass;
  final double jetLeptonNeutrinoMass;
  final double bottomPairMass;
  final double wBottomPairMass;
  final double totalMass;

  Observation(
      FourVector lepton,
      double missingX,
      double missingY,
      FourVector[] jets,
      int[] tags,
      int jetCount) {
    this.lepton = lepton;
    this.missingX = missingX;
    this.missingY = missingY;
    this.jets = jets;
    this.tags = tags;
    this.jetCount = jetCount;

    int first = bestTagged(-1);
    int second = bestTagged(first);
    FourVector hadronic = new FourVector(0, 0, 0, 0);
    for (int i = 0; i < JETS; i++) {
      if (i != first && i != second) {
        hadronic = hadronic.plus(jets[i]);
      }
    }
    FourVector leptonic = lepton.plus(neutrino());
    FourVector bottoms = jets[first].plus(jets[second]);
    double hadronicFirst = hadronic.plus(jets[first]).mass();
    double leptonicSecond = leptonic.plus(jets[second]).mass();
    double hadronicSecond = hadronic.plus(jets[second]).mass();
    double leptonicFirst = leptonic.plus(jets[first]).mass();
    boolean firstIsHadronic =
        square(hadronicFirst - Partons.TOP_MASS) + square(leptonicSecond - Partons.TOP_MASS)
            <= square(hadronicSecond - Partons.TOP_MASS) + square(leptonicFirst - Partons.TOP_MASS);

    jetPairMass = hadronic.mass();
    jetTripletMass = firstIsHadronic ? hadronicFirst : hadronicSecond;
    leptonNeutrinoMass = leptonic.mass();
    jetLeptonNeutrinoMass = firstIsHadronic ? leptonicSecond : leptonicFirst;
    bottomPairMass = bottoms.mass();
    wBottomPairMass = Math.min(bottoms.plus(hadronic).mass(), bottoms.plus(leptonic).mass());
    totalMass = bottoms.plus(hadronic).plus(leptonic).mass();
  }

  double missingMagnitude() {
    return Math.sqrt(missingX * missingX + missingY * missingY);
  }

  double missingPhi() {
    return StrictMath.atan2(missingY, missingX);
  }

  private int bestTagged(int except) {
    int best = -1;
    for (int i = 0; i < JETS; i++) {
      if (i != except && (best < 0 || tags[i] > tags[best])) {
        best = i;
      }
    }
    return best;
  }

  private FourVector neutrino() {
    double transverse2 = missingX * missingX + missingY * missingY;
    double lepton2 = square(lepton.transverse());
    double mu = 0.5 * square(Partons.W_MASS) + missingX * lepton.x() + missingY * lepton.y();
    double real = mu * lepton.z() / lepton2;
    double energy = lepton.energy();
    double root = real * real - (square(energy) * transverse2 - mu * mu) / lepton2;
    double z = real;
    if (root > 0) {
      double offset = Math.sqrt(root);
      z = real > 0 ? real - offset : real + offset;
    }
    return FourVector.ofMass(0, missingX, missingY, z);
  }

  private static double square(double value) {
    return value * value;
  }
}
