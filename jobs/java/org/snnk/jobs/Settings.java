package org.snnk.jobs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snnk.Choice;
import org.snnk.NearestName;
import org.snnk.SnnkException;

/**
 * The options of one run, resolved: {@code --set} over the configuration file over the default.
 *
 * <p>The file is HOCON. Includes work, and must exist. {@code ${name}} takes another key, or else
 * an environment variable; {@code --set} is laid over the file before they are resolved. Every key
 * of the file must be registered in {@link Options} and its value be right, even where this command
 * does not read it, so that one file serves several commands; a {@code --set} must be for this
 * command.
 */
public final class Settings {
  private static final String SET = "--set";
  static final String VARIABLE = "environment variable";
  private static final String MERGED = "merge of ";
  private static final Pattern FILE_AND_LINE = Pattern.compile("(.+): (\\d{1,9})");

  private final String command;
  private final Path file;
  private final Map<Option<?>, Object> values = new LinkedHashMap<>();
  private final Map<Option<?>, String> origins = new LinkedHashMap<>();
  private Config configured = ConfigFactory.empty();
  private List<String> assignments = List.of();

  private Settings(String command, Path file) {
    this.command = command;
    this.file = file;
  }

  /**
   * A value and where it came from, as a run record shows it.
   *
   * @param value a string, number, boolean or list of them
   * @param origin {@code default}, {@code file.conf:12}, {@code --set} or {@code environment
   *     variable}
   */
  public record Described(Object value, String origin) {}

  /**
   * Reads, resolves and checks everything.
   *
   * @param command the command, as {@link Option#commands} knows it
   * @param file the configuration file, if there is one
   * @param assignments {@code key=value} each; the last one of a key counts
   * @throws SnnkException where anything is wrong, with the key and the place
   */
  public static Settings load(String command, Optional<Path> file, List<String> assignments) {
    Settings settings = new Settings(command, file.orElse(null));
    Config parsed = file.map(Settings::parse).orElse(ConfigFactory.empty());
    for (String assignment : assignments) {
      if (!settings.isForMembers(assignment)) {
        parsed = settings.assign(assignment).withFallback(parsed);
      }
    }
    settings.assignments = List.copyOf(assignments);
    Config resolved = resolve(parsed);
    settings.rejectUnknown("", resolved.root());
    settings.readAll(resolved);
    return settings;
  }

  private void readAll(Config resolved) {
    configured = resolved;
    for (Option<?> option : Options.all()) {
      read(option, resolved);
    }
  }

  /**
   * These settings with a section of the file laid over them.
   *
   * @param section keys as at the top of a file, all of them in {@code allowed}
   * @throws SnnkException where anything in it is wrong, with the key and the place
   */
  Settings with(Config section, Set<Option<?>> allowed) {
    rejectUnknown("", section.root());
    for (Option<?> option : Options.all()) {
      if (section.hasPath(option.key()) && !allowed.contains(option)) {
        throw new SettingException(
            option.key(),
            "an option of the model or its training",
            "one for all contenders",
            place(section.getValue(option.key()).origin()),
            "Set it outside of compare.contenders.");
      }
    }
    Settings laid = new Settings(command, file);
    laid.assignments = assignments;
    laid.readAll(section.withFallback(configured));
    return laid;
  }

  /** The texts after --set, as they were given. */
  List<String> assignments() {
    return assignments;
  }

  /** The value of an option that this command reads. */
  public <T> T get(Option<T> option) {
    if (!values.containsKey(option)) {
      throw new IllegalArgumentException(
          "option " + option.key() + " is not registered for the command " + command);
    }
    @SuppressWarnings("unchecked") // read() put a T there.
    T value = (T) values.get(option);
    return value;
  }

  /** Whether the user gave a value, by the file or by --set. */
  public boolean isSet(Option<?> option) {
    return !"default".equals(origins.get(option));
  }

  /** Where the value came from: {@code default}, {@code file.conf:12} or {@code --set}. */
  public String where(Option<?> option) {
    return origins.get(option);
  }

  /** An error about an option's value, for checks that need more than the value itself. */
  public SettingException error(Option<?> option, String expected, String got, String remedy) {
    return new SettingException(option.key(), expected, got, where(option), remedy);
  }

  /**
   * The values of an option that lists choices, in the order of the list.
   *
   * @param what they are called, for the error
   */
  public <C extends Choice> List<C> choices(Option<List<String>> option, String what, C[] all) {
    List<String> keys = Choice.keys(all);
    List<C> chosen = new ArrayList<>();
    for (String key : get(option)) {
      chosen.add(
          Choice.find(key, all)
              .orElseThrow(
                  () ->
                      error(
                          option,
                          what + " of " + String.join(", ", keys),
                          "'" + key + "'",
                          NearestName.question(key, keys, "Choose among them."))));
    }
    return chosen;
  }

  /** Every option that the command reads, with its value and origin, in the order of the help. */
  public Map<String, Described> describe() {
    Map<String, Described> described = new LinkedHashMap<>();
    values.forEach(
        (option, value) ->
            described.put(option.key(), new Described(plain(option, value), origins.get(option))));
    return described;
  }

  /** Whether a value was made, wholly or in part, from a variable of the environment. */
  boolean fromEnvironment(String key) {
    return origins.getOrDefault(registered(key), "").contains(VARIABLE);
  }

  /** The command that these settings are for. */
  public String command() {
    return command;
  }

  /** The configuration file, where one was given. */
  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  // ---- reading ----

  private static Config parse(Path path) {
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      String got = Files.isDirectory(path) ? "a folder" : "none";
      throw new SnnkException(
          "configuration file '" + path + "'",
          "a readable file",
          got,
          null,
          nearest(path)
              .map(near -> "Did you mean '" + near + "'?")
              .orElse("Check the path; the project's own are in conf/jobs."));
    }
    try {
      return ConfigFactory.parseFile(
          path.toFile(), ConfigParseOptions.defaults().setIncluder(new StrictIncluder()));
    } catch (ConfigException mistake) {
      throw notHocon(path, mistake);
    }
  }

  /** The configuration file with the nearest name in the same folder. */
  private static Optional<Path> nearest(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    File[] siblings = folder == null ? null : folder.toFile().listFiles(File::isFile);
    if (siblings == null || path.getFileName() == null) {
      return Optional.empty();
    }
    List<String> names =
        Arrays.stream(siblings).map(File::getName).filter(name -> name.endsWith(".conf")).toList();
    return NearestName.of(path.getFileName().toString(), names).map(path::resolveSibling);
  }

  private static Config resolve(Config parsed) {
    try {
      return parsed.resolve();
    } catch (ConfigException.UnresolvedSubstitution missing) {
      String message = missing.getMessage();
      int from = message.indexOf("${");
      int to = message.indexOf('}', from);
      String name = from >= 0 && to > from ? message.substring(from + 2, to) : "substitution";
      throw new SnnkException(
          "'${" + name + "}'",
          "a key of the configuration or an environment variable of that name",
          "neither",
          place(missing.origin()),
          "Export " + name + ", or set the option itself by --set.");
    } catch (ConfigException mistake) {
      throw notHocon(null, mistake);
    }
  }

  private static SnnkException notHocon(Path path, ConfigException mistake) {
    String where = place(mistake.origin());
    String message = mistake.getMessage();
    // The library puts "file: line: " before its own words.
    if (mistake.origin() != null && message.startsWith(mistake.origin().description() + ": ")) {
      message = message.substring(mistake.origin().description().length() + 2);
    }
    int end = message.indexOf(" (if you ");
    String brief = (end < 0 ? message : message.substring(0, end)).strip();
    return new SnnkException(
        path == null ? "configuration" : "configuration file '" + path + "'",
        "HOCON",
        "'" + (brief.endsWith(".") ? brief.substring(0, brief.length() - 1) : brief) + "'",
        where,
        "Correct that line.");
  }

  /** Whether a suite hands an assignment on to the configurations that it runs. */
  private boolean isForMembers(String assignment) {
    Option<?> option = registered(assignment.split("=", 2)[0].strip());
    return command.equals("suite")
        && option != null
        && !option.commands().contains(command)
        && option.commands().contains("run");
  }

  /** Whether a file is a suite of others rather than one run. */
  static boolean isSuite(Path file) {
    try {
      return parse(file).root().containsKey("suite");
    } catch (ConfigException unresolved) {
      return false;
    }
  }

  private Config assign(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals <= 0) {
      throw new SnnkException(
          "option '--set'", "key=value", "'" + assignment + "'", null, "Write --set key=value.");
    }
    String key = assignment.substring(0, equals).strip();
    String text = assignment.substring(equals + 1).strip();
    Option<?> option = registered(key);
    if (option == null) {
      throw unknown(key, SET);
    }
    if (!option.commands().contains(command)) {
      throw new SettingException(
          key,
          "an option of the command '" + command + "'",
          "one of " + String.join(", ", option.commands().stream().sorted().toList()),
          SET,
          "Leave it out, or set it in the file, which serves several commands.");
    }
    ConfigValue value = ConfigValueFactory.fromAnyRef(text, SET);
    if (option.type().isList()) {
      value = ConfigValueFactory.fromIterable(listAfterSet(text), SET);
    }
    return value.atPath(key);
  }

  private static List<String> listAfterSet(String text) {
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    String inner = bracketed ? text.substring(1, text.length() - 1) : text;
    if (inner.isBlank()) {
      return List.of();
    }
    List<String> words = new ArrayList<>();
    for (String word : Arrays.asList(inner.split(",", -1))) {
      String bare = word.strip();
      boolean quoted = bare.length() > 1 && bare.startsWith("\"") && bare.endsWith("\"");
      words.add(quoted ? bare.substring(1, bare.length() - 1) : bare);
    }
    return words;
  }

  // ---- checking ----

  private void rejectUnknown(String prefix, ConfigObject section) {
    for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
      String key = prefix + entry.getKey();
      ConfigValue value = entry.getValue();
      if (registered(key) != null) {
        continue;
      }
      boolean isSection = Options.all().stream().anyMatch(o -> o.key().startsWith(key + "."));
      if (isSection && value instanceof ConfigObject inner) {
        rejectUnknown(key + ".", inner);
      } else if (isSection) {
        throw new SettingException(
            key,
            "a section { … }",
            quoted(value),
            place(value.origin()),
            "Set a key inside of it.");
      } else if (value instanceof ConfigObject inner && !inner.isEmpty() && !key.equals("spark")) {
        rejectUnknown(key + ".", inner);
      } else {
        throw unknown(key, place(value.origin()));
      }
    }
  }

  private SettingException unknown(String key, String where) {
    String remedy;
    if (key.equals("spark") || key.startsWith("spark.")) {
      remedy = "Spark's own settings stand in conf/spark, or after --set of the launcher.";
    } else {
      List<String> keys = Options.all().stream().map(Option::key).toList();
      remedy =
          NearestName.question(key, keys, "See `jobs/snnk help " + command + "` for the keys.");
    }
    return new SettingException(key, "a known key", "an unknown one", where, remedy);
  }

  private static Option<?> registered(String key) {
    for (Option<?> option : Options.all()) {
      if (option.key().equals(key)) {
        return option;
      }
    }
    return null;
  }

  private <T> void read(Option<T> option, Config resolved) {
    boolean used = option.commands().contains(command);
    if (!resolved.hasPath(option.key())) {
      if (used && option.isRequired()) {
        throw new SettingException(
            option.key(),
            option.expected(),
            "none",
            file == null ? null : file.toString(),
            "Set it in the file, or by --set " + option.key() + "=…; it is: " + option.doc());
      }
      keep(option, option.fallback(), "default", used);
      return;
    }
    ConfigValue configured = resolved.getValue(option.key());
    Object value =
        option.type().equals(ValueType.SECTIONS)
            ? sections(configured)
            : option.type().parser().apply(words(option, resolved, configured));
    if (value == null || !option.constraint().test().test(value)) {
      throw new SettingException(
          option.key(),
          option.expected(),
          quoted(configured),
          place(configured.origin()),
          "Correct the value: " + option.doc());
    }
    keep(option, value, place(configured.origin()), used);
  }

  /** The elements of a list of objects; null where it is none. */
  private static List<ConfigObject> sections(ConfigValue configured) {
    if (!(configured instanceof ConfigList list)
        || !list.stream().allMatch(element -> element instanceof ConfigObject)) {
      return null;
    }
    return list.stream().map(element -> (ConfigObject) element).toList();
  }

  private void keep(Option<?> option, Object value, String origin, boolean used) {
    if (used) {
      values.put(option, value);
      origins.put(option, origin);
    }
  }

  private static List<String> words(Option<?> option, Config resolved, ConfigValue configured) {
    if (configured instanceof ConfigList list && option.type().isList()) {
      List<String> words = new ArrayList<>();
      for (ConfigValue element : list) {
        boolean nested =
            element.valueType() == ConfigValueType.LIST
                || element.valueType() == ConfigValueType.OBJECT;
        words.add(nested ? "" : element.atKey("x").getString("x"));
      }
      return words;
    }
    if (configured instanceof ConfigList || configured instanceof ConfigObject) {
      return List.of("", ""); // no type takes that
    }
    String word = resolved.getString(option.key());
    return option.type().isList() && word.isEmpty() ? List.of() : List.of(word);
  }

  private static String quoted(ConfigValue value) {
    if (value instanceof ConfigObject) {
      return "a section";
    }
    return "'" + (value instanceof ConfigList list ? list.unwrapped() : value.unwrapped()) + "'";
  }

  /** {@code conf/jobs/higgs.conf:12}, seen from the current folder where that is shorter. */
  static String place(ConfigOrigin origin) {
    if (origin == null) {
      return null;
    }
    if (origin.filename() == null) {
      String description = origin.description();
      return merged(
          description.startsWith(MERGED) ? description.substring(MERGED.length()) : description);
    }
    return place(origin.filename(), origin.lineNumber());
  }

  private static String place(String file, int line) {
    Path absolute = new File(file).toPath().toAbsolutePath().normalize();
    Path here = Path.of("").toAbsolutePath();
    Path shown = absolute.startsWith(here) ? here.relativize(absolute) : absolute;
    return line > 0 ? shown + ":" + line : shown.toString();
  }

  /** The library's words for where a value comes from: {@code env variables,a.conf: 7}. */
  private static String merged(String origins) {
    List<String> places = new ArrayList<>();
    for (String origin : origins.split(",", -1)) {
      Matcher line = FILE_AND_LINE.matcher(origin);
      if (line.matches()) {
        places.add(0, place(line.group(1), Integer.parseInt(line.group(2))));
      } else {
        places.add(origin.equals("env variables") ? VARIABLE : origin);
      }
    }
    return String.join(" with ", places.stream().distinct().toList());
  }

  private static <T> Object plain(Option<T> option, Object value) {
    @SuppressWarnings("unchecked") // read() put a T there.
    T typed = (T) value;
    return option.plain(typed);
  }
}
