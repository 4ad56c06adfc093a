package org.snnk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ChoiceTest {
  private enum Fruit implements Choice {
    APPLE,
    PEAR {
      @Override
      public String key() {
        return "williams pear";
      }
    }
  }

  @Test
  void namesAreThoseOfTheConstantsInLowerCaseOrTheirOwn() {
    assertThat(Choice.keys(Fruit.values())).containsExactly("apple", "williams pear");
  }

  @Test
  void everyNameLeadsBackToItsConstant() {
    for (Fruit fruit : Fruit.values()) {
      assertThat(Choice.find(fruit.key(), Fruit.values())).contains(fruit);
      assertThat(Choice.of("fruit", fruit.key(), Fruit.values())).isEqualTo(fruit);
    }
  }

  @Test
  void anotherNameIsToldWithTheNearestOne() {
    assertThat(Choice.find("APPLE", Fruit.values())).isEmpty();
    assertThatThrownBy(() -> Choice.of("fruit", "aple", Fruit.values()))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "fruit: expected one of apple, williams pear, got 'aple'. Did you mean 'apple'?");
    assertThatThrownBy(() -> Choice.of("fruit", "plum", Fruit.values()))
        .hasMessageEndingWith("got 'plum'. Choose one of them.");
  }
}
