package org.snnk.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.snnk.SnnkException;
import org.snnk.metric.Figure;

/**
 * The project's JSON: keys in the order they were put, two spaces, line feeds on every system, the
 * shortest digits that give the same double on every JDK, and never NaN or infinity, which become
 * null.
 */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(
              StreamWriteFeature.USE_FAST_DOUBLE_WRITER) // Double.toString differs before JDK 19
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();
  private static final ObjectWriter WRITER = MAPPER.writer(printer());

  private Json() {}

  private static DefaultPrettyPrinter printer() {
    return new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
  }

  /** The document's text, ending with a line feed. */
  public static String write(JsonNode document) {
    try {
      return WRITER.writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree that was built in memory cannot be written", e);
    }
  }

  /**
   * Reads a document.
   *
   * @param text its text
   * @param name the file's name for the error message
   * @throws SnnkException if it is not a JSON object
   */
  public static ObjectNode read(String text, String name) {
    String got;
    String where = name;
    try {
      JsonNode node = MAPPER.readTree(text);
      if (node instanceof ObjectNode object) {
        return object;
      }
      got = "nothing or another JSON value";
    } catch (JsonProcessingException e) {
      got = "text that is none";
      if (e.getLocation() != null) {
        where = name + ", line " + e.getLocation().getLineNr();
      }
    }
    throw new SnnkException(
        "JSON document", "one JSON object", got, where, "Take the file as the run wrote it.");
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** A number, null if it is not finite. */
  static JsonNode number(double x) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return Double.isFinite(x) ? make.numberNode(x + 0.0) : make.nullNode();
  }

  /** A weight: whole numbers without a decimal point. */
  static JsonNode weight(double x) {
    return x == Math.rint(x) && Math.abs(x) < 0x1p53
        ? JsonNodeFactory.instance.numberNode((long) x)
        : number(x);
  }

  /**
   * The JSON form of a plain value: text, numbers, booleans, enums, times, paths, figures, and
   * collections, arrays and maps of them. A map without an order of its own is sorted by key.
   *
   * @throws SnnkException if there is none
   */
  static JsonNode of(Object value) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    if (value == null) {
      return make.nullNode();
    } else if (value instanceof JsonNode node) {
      return node;
    } else if (value instanceof Optional<?> optional) {
      return of(optional.orElse(null));
    } else if (value instanceof Figure figure) {
      return number(figure.orNaN());
    } else if (value instanceof Boolean flag) {
      return make.booleanNode(flag);
    } else if (value instanceof Double || value instanceof Float) {
      return number(Double.parseDouble(value.toString())); // 0.1f as 0.1
    } else if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      return make.numberNode(((Number) value).longValue());
    } else if (value instanceof Duration duration) {
      return number(duration.toNanos() / 1e9);
    } else if (value instanceof CharSequence
        || value instanceof Enum<?>
        || value instanceof Instant
        || value instanceof Path) {
      return make.textNode(value.toString());
    } else if (value instanceof Map<?, ?> map) {
      return ofMap(map);
    } else if (value instanceof Collection<?> collection) {
      ArrayNode array = array();
      collection.forEach(element -> array.add(of(element)));
      return array;
    } else if (value.getClass().isArray()) {
      ArrayNode array = array();
      for (int i = 0; i < java.lang.reflect.Array.getLength(value); i++) {
        array.add(of(java.lang.reflect.Array.get(value, i)));
      }
      return array;
    }
    throw new SnnkException(
        "value of the run record",
        "text, a number, a boolean, a time, or a collection of them",
        value.getClass().getName(),
        null,
        "Record its parts.");
  }

  private static ObjectNode ofMap(Map<?, ?> map) {
    Map<String, Object> named =
        map instanceof LinkedHashMap || map instanceof SortedMap
            ? new LinkedHashMap<>()
            : new TreeMap<>();
    map.forEach((key, element) -> named.put(String.valueOf(key), element));
    ObjectNode object = object();
    named.forEach((key, element) -> object.set(key, of(element)));
    return object;
  }
}
