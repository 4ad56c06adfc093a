package org.snnk.jobs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.snnk.NearestName;
import org.snnk.spark.peer.Peer;

/**
 * One of those that {@code compare} trains: a section of {@code compare.contenders}, or one of the
 * several that its grid makes.
 *
 * @param name unique
 * @param series the name without its last axis, which a plot draws as one line
 * @param axes its place on the grid, by name of the axis
 * @param peer a learner of MLlib, or none
 * @param candidates settings of the peer, names of parameters and values as JSON; of several the
 *     best on the validation part is taken
 * @param section options of our own training laid over those of the file
 * @param where it stands
 */
record Contender(
    String name,
    String series,
    Map<String, Object> axes,
    Optional<Peer> peer,
    List<Map<String, String>> candidates,
    Config section,
    String where) {
  private static final String KEY = Options.COMPARE_CONTENDERS.key();
  private static final String NAME = "name";
  private static final String GRID = "grid";
  private static final String PEER = "peer";
  private static final String KIND = "kind";
  private static final String LAYERS = "layers";

  /** All contenders of a configuration. */
  static List<Contender> all(List<ConfigObject> sections) {
    List<Contender> contenders = new ArrayList<>();
    for (ConfigObject section : sections) {
      for (Map<String, ConfigValue> point : points(section)) {
        Contender contender = of(section, point);
        if (contenders.stream().anyMatch(other -> other.name.equals(contender.name))) {
          throw new SettingException(
              KEY,
              "a name of its own for each contender",
              "'" + contender.name + "' twice",
              contender.where,
              "Set name, with the axes of its grid as in \"snnk {m}\".");
        }
        contenders.add(contender);
      }
    }
    return contenders;
  }

  private static Contender of(ConfigObject section, Map<String, ConfigValue> point) {
    String where = Settings.place(section.origin());
    ConfigObject filled = (ConfigObject) filled(section.withoutKey(GRID), point);
    Map<String, Object> axes = new LinkedHashMap<>();
    point.forEach((axis, value) -> axes.put(axis, value.unwrapped()));
    ConfigValue given = filled.get(NAME);
    ConfigValue peer = filled.get(PEER);
    String kind = peer == null ? null : kind(peer);
    String base = given != null ? text(NAME, given) : kind != null ? kind : "contender at " + where;
    boolean named = given != null && !given.equals(section.get(NAME));
    List<String> parts = new ArrayList<>(List.of(base));
    axes.forEach((axis, value) -> parts.add(axis + "=" + value));
    String name = named ? base : String.join(" ", parts);
    String series =
        axes.isEmpty() ? name : String.join(" ", parts.subList(0, Math.max(1, axes.size())));
    Config rest = filled.withoutKey(NAME).withoutKey(PEER).toConfig();
    if (peer != null && !rest.isEmpty()) {
      throw new SettingException(
          KEY,
          "nothing beside the peer of '" + name + "'",
          String.join(", ", filled.withoutKey(NAME).withoutKey(PEER).keySet()),
          where,
          "Put MLlib's parameters inside of peer { … }.");
    }
    return new Contender(
        name,
        series,
        axes,
        Optional.ofNullable(kind).map(Peer::of),
        peer instanceof ConfigObject object ? candidates(object) : List.of(Map.of()),
        rest,
        where);
  }

  private static String kind(ConfigValue peer) {
    ConfigValue kind = peer instanceof ConfigObject object ? object.get(KIND) : peer;
    if (kind == null) {
      throw new SettingException(
          KEY,
          "the kind of a peer",
          "none",
          Settings.place(peer.origin()),
          "Set peer.kind, such as random-forest.");
    }
    return text(KIND, kind);
  }

  private static String text(String key, ConfigValue value) {
    if (value instanceof ConfigObject || value instanceof ConfigList) {
      throw new SettingException(
          KEY,
          "a text for " + key,
          "a list or section",
          Settings.place(value.origin()),
          "Name it.");
    }
    return String.valueOf(value.unwrapped());
  }

  // ---- the grid ----

  /** Each combination of the axes' values, the last axis fastest; axes by name. */
  private static List<Map<String, ConfigValue>> points(ConfigObject section) {
    List<Map<String, ConfigValue>> points = new ArrayList<>(List.of(new TreeMap<>()));
    ConfigValue grid = section.get(GRID);
    if (grid == null) {
      return points;
    }
    if (!(grid instanceof ConfigObject axes)) {
      throw new SettingException(
          KEY,
          "a section of lists for grid",
          grid.unwrapped() + "",
          Settings.place(grid.origin()),
          "Write grid { p = [32, 64] }.");
    }
    for (Map.Entry<String, ConfigValue> axis : new TreeMap<>(axes).entrySet()) {
      if (!(axis.getValue() instanceof ConfigList values) || values.isEmpty()) {
        throw new SettingException(
            KEY,
            "a list of values for the axis " + axis.getKey(),
            axis.getValue().unwrapped() + "",
            Settings.place(axis.getValue().origin()),
            "Write grid { " + axis.getKey() + " = [32, 64] }.");
      }
      List<Map<String, ConfigValue>> longer = new ArrayList<>();
      for (Map<String, ConfigValue> point : points) {
        for (ConfigValue value : values) {
          Map<String, ConfigValue> extended = new TreeMap<>(point);
          extended.put(axis.getKey(), value);
          longer.add(extended);
        }
      }
      points = longer;
    }
    return points;
  }

  /** The value with each {axis} in its texts replaced. */
  private static ConfigValue filled(ConfigValue value, Map<String, ConfigValue> point) {
    ConfigOrigin origin = value.origin();
    if (value instanceof ConfigObject object) {
      Map<String, ConfigValue> entries = new LinkedHashMap<>();
      object.forEach((key, inner) -> entries.put(key, filled(inner, point)));
      return ConfigValueFactory.fromMap(entries).withOrigin(origin);
    }
    if (value instanceof ConfigList list) {
      return ConfigValueFactory.fromIterable(
              list.stream().map(inner -> filled(inner, point)).toList())
          .withOrigin(origin);
    }
    if (value.valueType() != ConfigValueType.STRING) {
      return value;
    }
    String text = (String) value.unwrapped();
    for (Map.Entry<String, ConfigValue> axis : point.entrySet()) {
      String place = "{" + axis.getKey() + "}";
      if (text.equals(place)) {
        return axis.getValue(); // a number stays one
      }
      text = text.replace(place, String.valueOf(axis.getValue().unwrapped()));
    }
    return text.equals(value.unwrapped())
        ? value
        : ConfigValueFactory.fromAnyRef(text).withOrigin(origin);
  }

  // ---- what a peer tries ----

  /** Each combination of the values in lists; the list of layers is one value. */
  private static List<Map<String, String>> candidates(ConfigObject peer) {
    List<Map<String, String>> all = new ArrayList<>(List.of(new TreeMap<>()));
    for (Map.Entry<String, ConfigValue> parameter :
        new TreeMap<>(peer.withoutKey(KIND)).entrySet()) {
      List<String> values = new ArrayList<>();
      boolean several =
          parameter.getValue() instanceof ConfigList list
              && !(parameter.getKey().equals(LAYERS)
                  && list.stream().noneMatch(inner -> inner instanceof ConfigList));
      if (several) {
        ((ConfigList) parameter.getValue()).forEach(value -> values.add(json(value)));
      } else {
        values.add(json(parameter.getValue()));
      }
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> candidate : all) {
        for (String value : values) {
          Map<String, String> extended = new TreeMap<>(candidate);
          extended.put(parameter.getKey(), value);
          longer.add(extended);
        }
      }
      all = longer;
    }
    return all;
  }

  private static String json(ConfigValue value) {
    return value.render(ConfigRenderOptions.concise());
  }

  // ---- what others ask ----

  /** What the configuration says of it, for people. */
  Map<String, Object> described() {
    Map<String, Object> described = new TreeMap<>();
    if (peer.isPresent()) {
      Map<String, List<String>> values = new TreeMap<>();
      for (Map<String, String> candidate : candidates) {
        candidate.forEach(
            (key, value) -> {
              List<String> seen = values.computeIfAbsent(key, any -> new ArrayList<>());
              if (!seen.contains(value)) {
                seen.add(value);
              }
            });
      }
      values.forEach((key, list) -> described.put(key, String.join(", ", list)));
    } else {
      section
          .entrySet()
          .forEach(entry -> described.put(entry.getKey(), entry.getValue().unwrapped()));
    }
    return described;
  }

  /** The contender of a name; the first where none is given. */
  static Contender baseline(List<Contender> contenders, JobContext context) {
    Optional<String> wanted = context.get(Options.COMPARE_BASELINE);
    if (wanted.isEmpty()) {
      return contenders.get(0);
    }
    List<String> names = contenders.stream().map(Contender::name).collect(Collectors.toList());
    return contenders.stream()
        .filter(each -> each.name.equals(wanted.get()))
        .findFirst()
        .orElseThrow(
            () ->
                context
                    .settings()
                    .error(
                        Options.COMPARE_BASELINE,
                        "the name of a contender",
                        "'" + wanted.get() + "'",
                        NearestName.question(
                            wanted.get(), names, "They are " + String.join(", ", names) + ".")));
  }
}
