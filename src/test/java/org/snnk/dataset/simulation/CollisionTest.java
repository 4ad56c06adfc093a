package org.snnk.dataset.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.snnk.random.CounterRandom;

/** Laws of relativistic kinematics, which hold whatever the numbers drawn. */
class CollisionTest {
  private static final int EVENTS = 500;
  private static final CounterRandom RANDOM = new CounterRandom(7, 0);

  @Test
  void aDecayConservesEnergyAndMomentumAndGivesTheMassesAskedFor() {
    for (int i = 0; i < EVENTS; i++) {
      Draws draws = new Draws(RANDOM, i);
      FourVector parent = Production.of(300 + i, draws).system();
      Decay decay = Decay.of(parent, 80.4, 125, draws);
      FourVector sum = decay.first().plus(decay.second());
      assertThat(sum.energy()).isCloseTo(parent.energy(), within(1e-8 * parent.energy()));
      assertThat(sum.x()).isCloseTo(parent.x(), within(1e-8 * parent.energy()));
      assertThat(sum.y()).isCloseTo(parent.y(), within(1e-8 * parent.energy()));
      assertThat(sum.z()).isCloseTo(parent.z(), within(1e-8 * parent.energy()));
      assertThat(decay.first().mass()).isCloseTo(80.4, within(1e-4));
      assertThat(decay.second().mass()).isCloseTo(125, within(1e-4));
    }
  }

  @Test
  void aDecayAtRestIsIsotropic() {
    FourVector rest = FourVector.ofMass(200, 0, 0, 0);
    int n = 20_000;
    double cosine = 0;
    double square = 0;
    for (int i = 0; i < n; i++) {
      FourVector first = Decay.of(rest, 0, 0, new Draws(RANDOM, i)).first();
      double z = first.z() / first.energy();
      cosine += z / n;
      square += z * z / n;
    }
    // cos θ is uniform on [−1, 1]: mean 0, mean square 1/3, standard errors .0041 and .0021.
    assertThat(cosine).isCloseTo(0, within(0.02));
    assertThat(square).isCloseTo(1 / 3.0, within(0.01));
  }

  @Test
  void theProductsOfAHiggsHaveItsMassAndTheBottomPairThatOfTheLightOne() {
    for (int i = 0; i < EVENTS; i++) {
      Draws draws = new Draws(RANDOM, i);
      FourVector heavy = Production.of(HiggsSimulation.HEAVY_MASS, draws).system();
      FourVector recoil = FourVector.ofMass(0, -heavy.x(), -heavy.y(), 5);
      Partons partons =
          Partons.ofHiggs(
              heavy, HiggsSimulation.CHARGED_MASS, HiggsSimulation.LIGHT_MASS, recoil, draws);
      assertThat(partons.total().mass()).isCloseTo(425, within(1e-3));
      assertThat(partons.firstBottom().plus(partons.secondBottom()).mass())
          .isCloseTo(125, within(1e-3));
    }
  }

  @Test
  void theProductsOfATopPairHaveItsMassAndEachHalfThatOfATop() {
    for (int i = 0; i < EVENTS; i++) {
      Draws draws = new Draws(RANDOM, i);
      Production pair = Production.of(1000, draws);
      Partons partons = Partons.ofTopPair(pair.system(), pair.recoil(), draws);
      assertThat(partons.total().mass()).isCloseTo(1000, within(1e-3));
      double leptonic =
          partons.lepton().plus(partons.neutrino()).plus(partons.firstBottom()).mass();
      double hadronic =
          partons.firstQuark().plus(partons.secondQuark()).plus(partons.secondBottom()).mass();
      assertThat(leptonic).isCloseTo(Partons.TOP_MASS, within(10.01));
      assertThat(hadronic).isCloseTo(Partons.TOP_MASS, within(10.01));
    }
  }

  @Test
  void transverseMomentumBalancesBeforeTheDetector() {
    for (int i = 0; i < EVENTS; i++) {
      Partons partons = HiggsSimulation.partons(i % 2 == 0, new Draws(RANDOM, i));
      FourVector all = partons.total().plus(partons.recoil());
      assertThat(all.transverse()).isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void aPerfectDetectorSeesTheMassOfTheW() {
    Detector perfect = new Detector(0, 0, 0);
    int near = 0;
    for (int i = 0; i < EVENTS; i++) {
      Draws draws = new Draws(RANDOM, i);
      Observation seen = perfect.observeAll(HiggsSimulation.partons(true, draws), draws);
      if (Math.abs(seen.leptonNeutrinoMass - Partons.W_MASS) < 1) {
        near++;
      }
    }
    // Not all: the width of the W leaves some events without a real solution for p_z.
    assertThat(near).isGreaterThan(EVENTS * 7 / 10);
  }

  @Test
  void jetsStandInOrderOfTransverseMomentum() {
    double[] row = new double[29];
    int[] jets = {6, 10, 14, 18};
    double[] means = {108.8, 74.7, 52.2, 36.3};
    HiggsSimulation simulation = new HiggsSimulation(3);
    for (int i = 0; i < EVENTS; i++) {
      simulation.row(i, row);
      for (int jet = 1; jet < 4; jet++) {
        double harder = row[jets[jet - 1]] * means[jet - 1];
        assertThat(row[jets[jet]] * means[jet]).isLessThanOrEqualTo(1.002 * harder);
      }
    }
  }

  @Test
  void columnsOfHepmassAreStandardisedAndItsMassTellsNothingAlone() {
    HepmassSimulation simulation = new HepmassSimulation(11);
    int n = 20_000;
    double[] row = new double[29];
    double[] mean = new double[29];
    double[] square = new double[29];
    double[] massOfClass = new double[2];
    int[] count = new int[2];
    for (int i = 0; i < n; i++) {
      simulation.row(i, row);
      for (int j = 1; j < 28; j++) {
        mean[j] += row[j] / n;
        square[j] += row[j] * row[j] / n;
      }
      assertThat(row[28]).isIn(500.0, 750.0, 1000.0, 1250.0, 1500.0);
      massOfClass[(int) row[0]] += row[28];
      count[(int) row[0]]++;
    }
    for (int j = 1; j < 28; j++) {
      assertThat(mean[j]).as("mean of f" + (j - 1)).isCloseTo(0, within(0.05));
      assertThat(square[j])
          .as("square of f" + (j - 1))
          .isCloseTo(1, within(0.3)); // m(ℓν) has a long tail
    }
    assertThat(massOfClass[0] / count[0]).isCloseTo(massOfClass[1] / count[1], within(20.0));
  }
}
