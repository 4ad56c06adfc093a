package org.snnk.statistics;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The slices that a column cuts rows into: one for each value, or one for each band of a number.
 * {@link SliceSurvey} finds them.
 *
 * <p>Immutable.
 */
public final class SliceColumn implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The code of a value that has no slice. */
  public static final int NONE = -1;

  private static final String MISSING = "(missing)";

  private final String column;
  private final String kind;
  private final List<String> names;
  private final Map<String, Integer> codes;
  private final double[] numbers;
  private final int others;
  private final int missing;
  private final long otherValues;

  private SliceColumn(
      String column,
      String kind,
      List<String> names,
      Map<String, Integer> codes,
      double[] numbers,
      int others,
      int missing,
      long otherValues) {
    this.column = column;
    this.kind = kind;
    this.names = List.copyOf(names);
    this.codes = codes;
    this.numbers = numbers;
    this.others = others;
    this.missing = missing;
    this.otherValues = otherValues;
  }

  /**
   * A slice for each of the given values.
   *
   * @param values in the order of the slices
   * @param otherValues how many different values share one more slice; 0 for none
   * @param missing whether there is a slice of rows without a value
   */
  static SliceColumn ofValues(
      String column, List<String> values, long otherValues, boolean missing) {
    List<String> names = new java.util.ArrayList<>(values);
    Map<String, Integer> codes = new HashMap<>();
    values.forEach(value -> codes.put(value, codes.size()));
    int others = otherValues > 0 ? add(names, "(" + otherValues + " other values)") : NONE;
    return new SliceColumn(
        column,
        "values",
        names,
        codes,
        null,
        others,
        missing ? add(names, MISSING) : NONE,
        otherValues);
  }

  /** A slice for each of a few numbers, which rise. */
  static SliceColumn ofNumbers(String column, double[] numbers, boolean missing) {
    List<String> names = new java.util.ArrayList<>();
    for (double number : numbers) {
      names.add(shown(number));
    }
    int code = missing ? add(names, MISSING) : NONE;
    return new SliceColumn(column, "values", names, null, numbers.clone(), NONE, code, 0);
  }

  /** A slice for each band between the given edges, which rise; a lower edge belongs to it. */
  static SliceColumn ofBands(String column, double[] edges, boolean missing) {
    List<String> names = new java.util.ArrayList<>();
    for (int band = 0; band <= edges.length; band++) {
      names.add(
          band == 0
              ? "below " + shown(edges[0])
              : band == edges.length
                  ? "from " + shown(edges[band - 1])
                  : shown(edges[band - 1]) + " to " + shown(edges[band]));
    }
    int code = missing ? add(names, MISSING) : NONE;
    return new SliceColumn(column, "bands", names, null, edges.clone(), NONE, code, 0);
  }

  private static int add(List<String> names, String name) {
    names.add(name);
    return names.size() - 1;
  }

  private static String shown(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(
            new java.math.BigDecimal(number)
                .round(new java.math.MathContext(4, java.math.RoundingMode.HALF_EVEN))
                .doubleValue());
  }

  /** The column's name. */
  public String column() {
    return column;
  }

  /** {@code values} or {@code bands}. */
  public String kind() {
    return kind;
  }

  /** The names of the slices by code. */
  public List<String> names() {
    return names;
  }

  /** How many different values share one slice because there are too many for one each. */
  public long otherValues() {
    return otherValues;
  }

  /** Whether values are told apart as text; as numbers otherwise. */
  public boolean isText() {
    return codes != null;
  }

  /** The slice of a text, null where it is missing. */
  public int code(String value) {
    return value == null ? missing : codes.getOrDefault(SliceSurvey.cut(value), others);
  }

  /** The slice of a number, NaN where it is missing. */
  public int code(double value) {
    if (Double.isNaN(value)) {
      return missing;
    }
    int at = Arrays.binarySearch(numbers, value + 0.0);
    return kind.equals("bands") ? (at >= 0 ? at + 1 : -at - 1) : at >= 0 ? at : NONE;
  }
}
