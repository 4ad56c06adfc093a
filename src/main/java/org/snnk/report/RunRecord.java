package org.snnk.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Everything about a run, as the document {@code run.json}: what was asked for, what was used, and
 * what came of it.
 *
 * <p>A record is a tree of sections. {@link #put(String, String, Object)} fills any of them; the
 * methods with names write those parts that the page lays out in a way of their own. Sections stand
 * in a fixed order, keys within them in the order they were put. What looks like a secret is
 * written as {@code *****}.
 *
 * <p>Not thread-safe: it belongs to the driver's main thread.
 */
public final class RunRecord {
  /** Version of the layout, raised when a reader of the former one would go wrong. */
  public static final int VERSION = 1;

  private static final List<String> ORDER =
      List.of(
          "format",
          "version",
          "title",
          "task",
          "command",
          "started",
          "finished",
          "seconds",
          "seed",
          "warnings",
          "data",
          "features",
          "training",
          "bundling",
          "model",
          "importance",
          "timings",
          "options",
          "environment");

  /** Spark's own rule, {@code spark.redaction.regex}, and the word for the rest. */
  private static final Pattern SECRET =
      Pattern.compile("secret|password|token|credential|access[._-]?key", Pattern.CASE_INSENSITIVE);

  private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[A-Za-z0-9_./:=,@%+\\-\\[\\]]+");
  private static final String HIDDEN = "*****";

  private final ObjectNode root = Json.object();
  private Instant start;

  /** An empty record. */
  public RunRecord() {
    root.put("format", "snnk-run");
    root.put("version", VERSION);
    root.putArray("warnings");
  }

  /**
   * Sets a value at the top.
   *
   * @param key such as {@code title}, {@code task}, {@code seed}
   * @param value text, number, boolean, enum, time, path, figure, or a collection, array or map of
   *     them; NaN and infinity become null
   * @return this
   */
  public RunRecord put(String key, Object value) {
    root.set(key, Json.of(value));
    return this;
  }

  /**
   * Sets a value in a section.
   *
   * @param section such as {@code data}, {@code features}, {@code training}, {@code model}, {@code
   *     environment}; a dot leads into a section within, as in {@code data.rows}
   * @param key name of the value
   * @param value as for {@link #put(String, Object)}
   * @return this
   */
  public RunRecord put(String section, String key, Object value) {
    section(section).set(key, SECRET.matcher(key).find() ? Json.of(HIDDEN) : Json.of(value));
    return this;
  }

  /**
   * Appends an element to a list in a section.
   *
   * @return this
   */
  public RunRecord add(String section, String key, Object element) {
    section(section).withArrayProperty(key).add(Json.of(element));
    return this;
  }

  private ObjectNode section(String path) {
    ObjectNode node = root;
    for (String name : path.split("\\.", -1)) {
      JsonNode next = node.get(name);
      node = next instanceof ObjectNode object ? object : node.putObject(name);
    }
    return node;
  }

  /**
   * The command line that makes this run again, quoted for a shell.
   *
   * @return this
   */
  public RunRecord command(List<String> words) {
    List<String> quoted = new ArrayList<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      String shown =
          equals > 0 && SECRET.matcher(word.substring(0, equals)).find()
              ? word.substring(0, equals + 1) + HIDDEN
              : word;
      quoted.add(
          NEEDS_NO_QUOTES.matcher(shown).matches()
              ? shown
              : "'" + shown.replace("'", "'\\''") + "'");
    }
    root.put("command", String.join(" ", quoted));
    return this;
  }

  /**
   * When the run began.
   *
   * @return this
   */
  public RunRecord started(Instant when) {
    start = when;
    return put("started", when);
  }

  /**
   * When it ended.
   *
   * @return this
   */
  public RunRecord finished(Instant when) {
    put("finished", when);
    return start == null ? this : put("seconds", Duration.between(start, when));
  }

  /**
   * A setting as it was resolved.
   *
   * @param key its full key
   * @param value what was used
   * @param origin where it came from: {@code default}, {@code --set} or a file and line
   * @return this
   */
  public RunRecord option(String key, Object value, String origin) {
    ObjectNode option = root.withArrayProperty("options").addObject();
    option.put("key", key);
    option.set("value", SECRET.matcher(key).find() ? Json.of(HIDDEN) : Json.of(value));
    option.put("origin", origin);
    return this;
  }

  /**
   * Time spent in a phase, in the order of the phases.
   *
   * @return this
   */
  public RunRecord phase(String name, Duration took) {
    ObjectNode phase = root.withArrayProperty("timings").addObject();
    phase.put("phase", name);
    phase.set("seconds", Json.of(took));
    return this;
  }

  /**
   * Something that the reader of the figures should know, one sentence.
   *
   * @return this
   */
  public RunRecord warning(String sentence) {
    root.withArrayProperty("warnings").add(sentence);
    return this;
  }

  /**
   * Records JDK, operating system and cores of the driver; Spark and BLAS are the caller's to add.
   *
   * @return this
   */
  public RunRecord machine() {
    put("environment", "jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
    put(
        "environment",
        "os",
        System.getProperty("os.name") + " " + System.getProperty("os.version"));
    put("environment", "architecture", System.getProperty("os.arch"));
    put("environment", "cores", Runtime.getRuntime().availableProcessors());
    put("environment", "driverHeapMB", Runtime.getRuntime().maxMemory() >> 20);
    return this;
  }

  /** A copy of the document, sections in their fixed order, others after them. */
  public ObjectNode toJson() {
    ObjectNode ordered = Json.object();
    for (String key : ORDER) {
      if (root.has(key)) {
        ordered.set(key, root.get(key));
      }
    }
    root.properties().forEach(entry -> ordered.putIfAbsent(entry.getKey(), entry.getValue()));
    return ordered.deepCopy();
  }

  /** The text of {@code run.json}. */
  public String text() {
    return Json.write(toJson());
  }
}
