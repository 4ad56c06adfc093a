package org.snnk.jobs;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Rows of figures as lines of text, a column for each key of the first row. */
final class TextTable {
  private TextTable() {}

  /** Prints a line of keys, a line for each row, and an empty one. */
  static void print(List<Map<String, Object>> rows, PrintStream out) {
    List<String> keys = new ArrayList<>(rows.get(0).keySet());
    List<List<String>> lines = new ArrayList<>(List.of(keys));
    rows.forEach(row -> lines.add(keys.stream().map(key -> shown(row.get(key))).toList()));
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int c = 0; c < keys.size(); c++) {
        int column = c;
        int width = lines.stream().mapToInt(other -> other.get(column).length()).max().orElse(0);
        String pad = " ".repeat(width - line.get(c).length());
        text.append(c == 0 ? line.get(c) + pad : pad + line.get(c)).append("  ");
      }
      out.println(text.toString().stripTrailing());
    }
    out.println();
  }

  private static String shown(Object value) {
    return value == null
        ? "-"
        : value instanceof Double number
            ? String.format(Locale.ROOT, "%.4g", number)
            : String.valueOf(value);
  }
}
