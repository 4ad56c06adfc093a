package org.snnk.spark.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From the text of a label to the index of its class; texts of the same number mean the same class.
 */
final class ClassIndex implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int SMALL = 64;

  private final Map<String, Integer> byText = new HashMap<>();
  private final Map<Double, Integer> byNumber = new HashMap<>();
  private final int[] bySmallNumber = new int[SMALL];

  ClassIndex(List<String> labels) {
    Arrays.fill(bySmallNumber, -1);
    for (int c = 0; c < labels.size(); c++) {
      byText.put(labels.get(c), c);
      Double number = number(labels.get(c));
      if (number != null) {
        byNumber.put(number, c);
        if (isSmall(number)) {
          bySmallNumber[number.intValue()] = c;
        }
      }
    }
  }

  /** The index, or −1 where no class has that label. */
  int of(String label) {
    Integer index = byText.get(label);
    if (index == null) {
      String stripped = label.strip();
      index = byText.get(stripped);
      Double number = index == null ? number(stripped) : null;
      index = number == null ? index : byNumber.get(number);
    }
    return index == null ? -1 : index;
  }

  /** Whether a label is a number that a float holds. */
  static boolean isFloat(String label) {
    Double number = number(label);
    return number != null && number == number.floatValue();
  }

  private static boolean isSmall(double number) {
    return number >= 0 && number < SMALL && number == (int) number;
  }

  /** The index of a class whose label is a number, or −1. */
  int of(double label) {
    return isSmall(label)
        ? bySmallNumber[(int) label]
        : byNumber.getOrDefault(label + 0.0, -1); // −0 and 0 are one label
  }

  /**
   * The text that stands for a label: whole numbers without a fraction, everything else as it is.
   */
  static String canonical(String label) {
    Double number = number(label.strip());
    if (number == null) {
      return label.strip();
    }
    return number == Math.rint(number) && Math.abs(number) < 0x1p53
        ? Long.toString(number.longValue())
        : number.toString();
  }

  private static Double number(String text) {
    try {
      double value = Double.parseDouble(text);
      return Double.isNaN(value) ? null : Double.valueOf(value + 0.0); // −0 and 0 are one label
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }
}
