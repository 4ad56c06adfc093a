package org.snnk.spark.data;

import com.fasterxml.jackson.core.io.NumberInput;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.util.List;

/** One line of text to the values of its wanted columns. Not thread-safe. */
final class LineParser {
  private final TextLayout layout;
  private final String[] fields;
  private CsvParser quoted;

  LineParser(TextLayout layout) {
    this.layout = layout;
    this.fields = new String[layout.columns().size()];
  }

  /**
   * Parses a line.
   *
   * @param values filled with the wanted columns
   * @return what is wrong, or null
   */
  String parse(String line, Object[] values) {
    int found = line.indexOf('"') >= 0 ? splitQuoted(line) : split(line);
    if (found != fields.length) {
      return "expected " + fields.length + " columns, got " + found;
    }
    List<TextLayout.Column> columns = layout.columns();
    int at = 0;
    for (int i = 0; i < fields.length; i++) {
      TextLayout.Column column = columns.get(i);
      if (column.wanted()) {
        Object value = value(column.kind(), fields[i]);
        if (value == null) {
          return "column '"
              + column.name()
              + "': expected "
              + expected(column.kind())
              + ", got '"
              + fields[i]
              + "'";
        }
        values[at++] = value;
      }
    }
    return null;
  }

  /** Fills the fields and returns how many there were, which may be more than fit. */
  private int split(String line) {
    int found = 0;
    int from = 0;
    while (true) {
      int to = line.indexOf(layout.separator(), from);
      if (found < fields.length) {
        fields[found] = line.substring(from, to < 0 ? line.length() : to);
      }
      found++;
      if (to < 0) {
        return found;
      }
      from = to + 1;
    }
  }

  private int splitQuoted(String line) {
    if (quoted == null) {
      quoted = csvParser(layout.separator());
    }
    String[] parts = quoted.parseLine(line);
    System.arraycopy(parts, 0, fields, 0, Math.min(parts.length, fields.length));
    return parts.length;
  }

  static CsvParser csvParser(char separator) {
    CsvParserSettings settings = new CsvParserSettings();
    settings.getFormat().setDelimiter(separator);
    settings.setMaxColumns(1 << 17);
    settings.setMaxCharsPerColumn(-1);
    settings.setNullValue("");
    settings.setEmptyValue("");
    return new CsvParser(settings);
  }

  private static Object value(TextLayout.Kind kind, String field) {
    if (kind == TextLayout.Kind.TEXT) {
      String text = field.strip();
      return text.isEmpty() ? null : text;
    }
    try {
      double number = NumberInput.parseDouble(field.strip(), true);
      return switch (kind) {
        case FLOAT -> Float.isFinite((float) number) ? (Object) (float) number : null;
        case DOUBLE -> Double.isFinite(number) ? (Object) number : null;
        case INT -> number == (int) number ? (Object) (int) number : null;
        case TEXT -> throw new AssertionError(kind);
      };
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }

  private static String expected(TextLayout.Kind kind) {
    return switch (kind) {
      case FLOAT, DOUBLE -> "a finite number";
      case INT -> "a whole number";
      case TEXT -> "a value";
    };
  }
}
