package org.snnk.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The values of a document as the page shows them. */
final class DocumentText {
  private static final String NONE = "–";
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("auc", "AUC"),
          Map.entry("aucErrorBound", "Error bound of the AUC"),
          Map.entry("blas", "BLAS"),
          Map.entry("calibrationError", "ECE"),
          Map.entry("clippedFeatures", "Clipped feature values"),
          Map.entry("clippedInputs", "Clipped input values"),
          Map.entry("clippedTargets", "Clipped target values"),
          Map.entry("driverHeapMB", "Driver heap in MB"),
          Map.entry("executorBlas", "BLAS of the executors"),
          Map.entry("jdk", "JDK"),
          Map.entry("ks", "KS"),
          Map.entry("lambda", "λ"),
          Map.entry("logLoss", "Log-loss"),
          Map.entry("macroF1", "Macro F1"),
          Map.entry("mae", "MAE"),
          Map.entry("mcc", "MCC"),
          Map.entry("numRandomFeatures", "Random features (m)"),
          Map.entry("os", "OS"),
          Map.entry("r2", "R²"),
          Map.entry("rmse", "RMSE"),
          Map.entry("sha256", "SHA-256"),
          Map.entry("snnk", "snnk-spark"),
          Map.entry("statisticsSha256", "SHA-256 of the statistic"));

  private DocumentText() {}

  static String shown(JsonNode value) {
    if (value.isIntegralNumber()) {
      return value.asText(); // seeds and counts as they are, to be copied
    }
    if (value.isNumber()) {
      return NumberText.plain(value.asDouble());
    }
    if (value.isArray()) {
      List<String> parts = new ArrayList<>();
      for (JsonNode part : value) {
        parts.add(shown(part));
      }
      return parts.isEmpty() ? NONE : String.join(", ", parts);
    }
    String text = text(value);
    return text.isEmpty() ? NONE : text;
  }

  /** When a run began, how long it took, and its seed: what of it is known. */
  static List<String> occasion(JsonNode run) {
    List<String> parts = new ArrayList<>();
    String started = text(run.path("started"));
    if (!started.isEmpty()) {
      parts.add(started.replaceFirst("T", " ").replaceFirst("(\\.\\d+)?Z$", " UTC"));
    }
    if (run.path("seconds").isNumber()) {
      parts.add("took " + NumberText.seconds(run.path("seconds").asDouble()));
    }
    if (run.has("seed")) {
      parts.add("seed " + text(run.path("seed")));
    }
    return parts;
  }

  static double number(JsonNode node) {
    return node.isNumber() ? node.asDouble() : Double.NaN;
  }

  static String plain(JsonNode node) {
    return NumberText.plain(number(node));
  }

  /** The text of a node; what XML cannot hold is replaced. */
  static String text(JsonNode node) {
    String raw =
        node.isMissingNode() || node.isNull()
            ? ""
            : node.isContainerNode() ? node.toString() : node.asText();
    StringBuilder clean = new StringBuilder(raw.length());
    raw.codePoints()
        .map(
            c ->
                (c < 0x20 && c != '\n' && c != '\t')
                        || (c >= 0x7f && c < 0xa0)
                        || (c >= 0xd800 && c < 0xe000)
                        || (c & 0xfffe) == 0xfffe
                    ? 0xfffd
                    : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    for (JsonNode each : array) {
      texts.add(text(each));
    }
    return texts;
  }

  /** {@code lengthScale} as "Length scale"; some keys have words of their own. */
  static String words(String key) {
    String known = WORDS.get(key);
    if (known != null) {
      return known;
    }
    String spaced = text(Json.of(key)).replaceAll("(?<=[a-z0-9])(?=[A-Z][a-z])", " ");
    if (spaced.isEmpty()) {
      return spaced;
    }
    String first = spaced.substring(0, 1).toUpperCase(Locale.ROOT);
    StringBuilder words = new StringBuilder(first);
    for (int i = 1; i < spaced.length(); i++) {
      boolean startsWord = spaced.charAt(i - 1) == ' ';
      words.append(startsWord ? Character.toLowerCase(spaced.charAt(i)) : spaced.charAt(i));
    }
    return words.toString();
  }

  static Map<String, Object> pair(String label, String value) {
    return Map.of("label", label, "value", value);
  }
}
