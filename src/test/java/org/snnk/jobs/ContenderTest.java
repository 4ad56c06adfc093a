package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From sections to contenders. */
class ContenderTest {
  private static List<Contender> of(String list) {
    List<? extends ConfigObject> sections =
        ConfigFactory.parseString("c = [" + list + "]").getObjectList("c");
    return Contender.all(sections.stream().map(section -> (ConfigObject) section).toList());
  }

  @Test
  void aGridMakesOneOfEachCombination() {
    List<Contender> all =
        of(
            "{ name = SNNK, grid { p = [32, 128], m = [16, 64] }, train.folds = \"{m}\","
                + " network.layers = [dense 512, \"snnk {m} {p}\"] }");
    assertThat(all)
        .extracting(Contender::name)
        .containsExactly("SNNK m=16 p=32", "SNNK m=16 p=128", "SNNK m=64 p=32", "SNNK m=64 p=128");
    assertThat(all)
        .extracting(Contender::series)
        .containsExactly("SNNK m=16", "SNNK m=16", "SNNK m=64", "SNNK m=64");
    Contender third = all.get(2);
    assertThat(third.axes()).isEqualTo(Map.of("m", 64, "p", 32));
    assertThat(third.section().getStringList("network.layers"))
        .containsExactly("dense 512", "snnk 64 32");
    assertThat(third.section().getValue("train.folds").unwrapped()).as("a number").isEqualTo(64);
    assertThat(third.section().hasPath("grid")).isFalse();
  }

  @Test
  void aNameMayHoldTheAxes() {
    assertThat(of("{ name = \"net of {p}\", grid.p = [1, 2] }"))
        .extracting(Contender::name)
        .containsExactly("net of 1", "net of 2");
  }

  @Test
  void listsOfAPeerAreCandidatesAndItsLayersAreOne() {
    List<Contender> all =
        of(
            "{ peer { kind = random-forest, numTrees = [10, 20], maxDepth = [4, 8], maxBins = 16 }"
                + " },{ peer { kind = multilayer-perceptron, layers = [64, 32] } },{ name = two,"
                + " peer { kind = multilayer-perceptron, layers = [[64], [64, 32]] } }");
    assertThat(all.get(0).name()).isEqualTo("random-forest");
    assertThat(all.get(0).candidates())
        .containsExactly(
            Map.of("maxBins", "16", "maxDepth", "4", "numTrees", "10"),
            Map.of("maxBins", "16", "maxDepth", "4", "numTrees", "20"),
            Map.of("maxBins", "16", "maxDepth", "8", "numTrees", "10"),
            Map.of("maxBins", "16", "maxDepth", "8", "numTrees", "20"));
    assertThat(all.get(0).described()).containsEntry("numTrees", "10, 20");
    assertThat(all.get(1).candidates()).containsExactly(Map.of("layers", "[64,32]"));
    assertThat(all.get(2).candidates())
        .containsExactly(Map.of("layers", "[64]"), Map.of("layers", "[64,32]"));
  }

  @Test
  void aPeerOnOneLineHasSparksDefaults() {
    Contender only = of("{ peer = linear-regression }").get(0);
    assertThat(only.candidates()).containsExactly(Map.of());
    assertThat(only.peer()).isPresent();
    assertThat(only.section().isEmpty()).isTrue();
  }
}
