package org.snnk.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each Param that is declared in Java has a twin of the same name, text and kind in Python. */
class PythonTwinsTest {
  private static final Path PACKAGE = Path.of("src/main/python/snnk");

  /** Those that PySpark's own classes declare. */
  private static final List<String> OF_SPARK =
      List.of(
          "featuresCol",
          "labelCol",
          "predictionCol",
          "rawPredictionCol",
          "probabilityCol",
          "thresholds");

  private static final Pattern CLASS =
      Pattern.compile("^class (\\w+)\\(([^:]*)\\):$(.*?)(?=^class |\\z)", dotted());
  private static final Pattern PARAM =
      Pattern.compile(
          "^ {4}(\\w+) = _param\\(\\s*\"(\\w+)\",((?:\\s*\"(?:[^\"\\\\]|\\\\.)*\")+),\\s*TypeConverters\\.(\\w+),\\s*\\)",
          dotted());
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  private static int dotted() {
    return Pattern.MULTILINE | Pattern.DOTALL;
  }

  private static String read(String file) throws IOException {
    return Files.readString(PACKAGE.resolve(file));
  }

  /** "kind: text" of each Param of a Python class, its bases' among them. */
  private static Map<String, String> python(String name) throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (String file : List.of("_params.py", "ml.py")) {
      Matcher type = CLASS.matcher(read(file));
      while (type.find()) {
        if (type.group(1).equals(name)) {
          for (String base : bases(type.group(2))) {
            found.putAll(python(base));
          }
          Matcher param = PARAM.matcher(type.group(3));
          while (param.find()) {
            assertThat(param.group(1)).isEqualTo(param.group(2));
            found.put(param.group(1), param.group(4) + ": " + joined(param.group(3)));
          }
        }
      }
    }
    return found;
  }

  /** Those of this package, which begin with _ and take no type. */
  private static List<String> bases(String list) {
    return Pattern.compile("[\\s,]+")
        .splitAsStream(list)
        .filter(base -> base.startsWith("_") && !base.contains("["))
        .toList();
  }

  private static String joined(String literals) {
    StringBuilder text = new StringBuilder();
    Matcher literal = LITERAL.matcher(literals);
    while (literal.find()) {
      text.append(literal.group(1).replaceAll("\\\\(.)", "$1"));
    }
    return text.toString();
  }

  private static Map<String, String> java(Params stage) {
    Map<String, String> params = new TreeMap<>();
    for (Param<?> param : stage.params()) {
      if (!OF_SPARK.contains(param.name())) {
        params.put(param.name(), kind(param) + ": " + param.doc());
      }
    }
    return params;
  }

  private static String kind(Param<?> param) {
    if (param instanceof IntParam || param instanceof LongParam) {
      return "toInt";
    }
    if (param instanceof DoubleParam) {
      return "toFloat";
    }
    if (param instanceof BooleanParam) {
      return "toBoolean";
    }
    if (param instanceof DoubleArrayParam) {
      return "toListFloat";
    }
    return param instanceof StringArrayParam ? "toListString" : "toString";
  }

  static Stream<Arguments> stages() {
    List<Params> stages =
        List.of(
            new SnnkRegressor(),
            new SnnkClassifier(),
            new RandomFeatures(),
            new SnnkRegressionModel(),
            new SnnkClassificationModel(),
            new RandomFeaturesModel(),
            new SnnkNetworkRegressor(),
            new SnnkNetworkClassifier(),
            new SnnkNetworkRegressionModel(),
            new SnnkNetworkClassificationModel());
    return stages.stream().map(stage -> Arguments.of(stage.getClass().getSimpleName(), stage));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stages")
  void paramsAreTheSame(String name, Params stage) throws IOException {
    assertThat(java(stage)).isNotEmpty();
    assertThat(python(name)).isEqualTo(java(stage));
  }

  /** The setters that a Java stage has, its Python twin has too. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("stages")
  void settersAreTheSame(String name, Params stage) throws IOException {
    String python = String.join("\n", setters(name));
    List<String> missing = new ArrayList<>();
    Arrays.stream(stage.getClass().getMethods())
        .filter(method -> method.getName().matches("set[A-Z]\\w*"))
        .filter(method -> method.getParameterCount() == 1)
        .filter(method -> method.getDeclaringClass().getName().startsWith("org.snnk."))
        .map(method -> method.getName())
        .distinct()
        .filter(setter -> !setter.equals("setParent"))
        .filter(setter -> !python.contains("def " + setter + "("))
        .forEach(missing::add);
    assertThat(missing).isEmpty();
  }

  private static List<String> setters(String name) throws IOException {
    List<String> bodies = new ArrayList<>();
    for (String file : List.of("_params.py", "ml.py")) {
      Matcher type = CLASS.matcher(read(file));
      while (type.find()) {
        if (type.group(1).equals(name)) {
          bodies.add(type.group(3));
          for (String base : bases(type.group(2))) {
            bodies.addAll(setters(base));
          }
        }
      }
    }
    return bodies;
  }
}
