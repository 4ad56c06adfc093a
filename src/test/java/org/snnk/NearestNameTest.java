package org.snnk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  private static final List<String> KEYS =
      List.of("train.numRandomFeatures", "train.regParam", "data.path", "data.invalid", "seed");

  @Test
  void aMissingOrSwappedOrWrongLetterFindsTheName() {
    assertThat(NearestName.of("train.regParm", KEYS)).contains("train.regParam");
    assertThat(NearestName.of("data.paht", KEYS)).contains("data.path");
    assertThat(NearestName.of("sead", KEYS)).contains("seed");
  }

  @Test
  void upperAndLowerCaseAreTheSameLetter() {
    assertThat(NearestName.of("TRAIN.numrandomfeatures", KEYS)).contains("train.numRandomFeatures");
  }

  @Test
  void aNameUnlikeEveryCandidateFindsNone() {
    assertThat(NearestName.of("wavelet", KEYS)).isEmpty();
    assertThat(NearestName.of("seed", List.of())).isEmpty();
  }

  @Test
  void ofTwoEquallyNearTheFirstInTheAlphabetWins() {
    assertThat(NearestName.of("bat", List.of("cat", "bar"))).contains("bar");
    assertThat(NearestName.of("bat", List.of("bar", "cat"))).contains("bar");
  }

  @Test
  void aSwapOfNeighboursIsOneEdit() {
    assertThat(NearestName.of("ab", List.of("ba", "xy"))).contains("ba");
  }
}
