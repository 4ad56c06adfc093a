package org.snnk.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An axis of a plot: its label, its range, and ticks at round numbers.
 *
 * @param label quantity and unit
 * @param low value at its beginning
 * @param high value at its end, above {@code low}
 * @param logarithmic whether equal distances are equal factors; then {@code low} is positive
 */
record Axis(String label, double low, double high, boolean logarithmic) {
  private static final int MOST_TICKS = 6;

  static Axis of(String label, double low, double high) {
    if (low < high) {
      return new Axis(label, low, high, false);
    }
    double around = Math.max(Math.abs(low) / 10, 1e-9);
    return new Axis(label, low - around, high + around, false);
  }

  static Axis logarithmic(String label, double low, double high) {
    return low < high
        ? new Axis(label, low, high, true)
        : new Axis(label, low / 10, high * 10, true);
  }

  /** Position from 0 (beginning) to 1 (end); what lies outside is put on the edge. */
  double at(double value) {
    double position =
        logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return Math.max(0, Math.min(1, position));
  }

  /** Ticks with {@code at} (0 to 1) and {@code label}. */
  List<Map<String, Object>> ticks() {
    List<Map<String, Object>> ticks = logarithmic ? logarithmicTicks() : linearTicks();
    // A short range may hold no power of ten, nor 2 or 5 times one, or just one of them.
    return ticks.size() < 2 ? linearTicks() : ticks;
  }

  private List<Map<String, Object>> linearTicks() {
    double raw = (high - low) / MOST_TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double step = power * 10;
    for (double factor : new double[] {1, 2, 5}) {
      if (power * factor >= raw * (1 - 1e-9)) {
        step = power * factor;
        break;
      }
    }
    List<Map<String, Object>> ticks = new ArrayList<>();
    double slack = (high - low) * 1e-9;
    for (double i = Math.ceil((low - slack) / step); i * step <= high + slack; i++) {
      ticks.add(tick(i * step, step));
    }
    return ticks;
  }

  /** At powers of ten, or at 1, 2 and 5 times those where the range is short. */
  private List<Map<String, Object>> logarithmicTicks() {
    int from = (int) Math.floor(Math.log10(low) + 1e-9);
    int to = (int) Math.floor(Math.log10(high) + 1e-9);
    int each = (to - from) / MOST_TICKS + 1;
    boolean narrow = Math.log10(high / low) < 2;
    List<Map<String, Object>> ticks = new ArrayList<>();
    for (int exponent = from; exponent <= to; exponent += each) {
      for (int factor : narrow ? new int[] {1, 2, 5} : new int[] {1}) {
        double value = factor * Math.pow(10, exponent);
        if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) {
          String text =
              low < 1e-3
                  ? (factor + "e" + exponent).replace('-', '−')
                  : NumberText.tick(value, value);
          ticks.add(Map.of("at", at(value), "label", text));
        }
      }
    }
    return ticks;
  }

  private Map<String, Object> tick(double value, double step) {
    return Map.of("at", at(value), "label", NumberText.tick(value, step));
  }
}
