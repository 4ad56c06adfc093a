package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.SnnkException;

class SettingsTest {
  private static final String MINIMAL = "data.path = a.csv\noutput.dir = out\n";

  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("job.conf"), text);
  }

  private Settings train(String text, String... assignments) throws IOException {
    return Settings.load("train", Optional.of(file(text)), List.of(assignments));
  }

  @Test
  void setStandsOverFileOverDefault() throws IOException {
    String text = MINIMAL + "features.numRandomFeatures = 512\ntrain.seed = 7\n";
    Settings settings = train(text, "train.seed=8", "train.seed=9");

    assertThat(settings.get(Options.SEED)).isEqualTo(9);
    assertThat(settings.get(Options.NUM_RANDOM_FEATURES)).isEqualTo(512);
    assertThat(settings.get(Options.VALIDATION_FRACTION)).isEqualTo(0.1);
    assertThat(settings.where(Options.SEED)).isEqualTo("--set");
    assertThat(settings.where(Options.NUM_RANDOM_FEATURES)).endsWith("job.conf:3");
    assertThat(settings.where(Options.VALIDATION_FRACTION)).isEqualTo("default");
    assertThat(settings.isSet(Options.SEED)).isTrue();
    assertThat(settings.isSet(Options.VALIDATION_FRACTION)).isFalse();
  }

  @Test
  void describeHoldsEveryOptionOfTheCommandWithItsOrigin() throws IOException {
    Settings settings = train(MINIMAL + "train.regParam = 1e-3\n", "data.targets=a,b");

    assertThat(settings.describe().keySet())
        .containsExactlyElementsOf(Options.usedBy("train").stream().map(Option::key).toList());
    assertThat(settings.describe().get("train.regParam").value()).isEqualTo(1e-3);
    assertThat(settings.describe().get("train.regParam").origin()).endsWith("job.conf:3");
    assertThat(settings.describe().get("features.lengthScale"))
        .isEqualTo(new Settings.Described("auto", "default"));
    assertThat(settings.describe().get("data.targets"))
        .isEqualTo(new Settings.Described(List.of("a", "b"), "--set"));
  }

  @Test
  void valuesOfTheEnvironmentAreInTheCommandThatDoesTheSameAgain() throws IOException {
    String home = System.getenv("HOME");
    Assumptions.assumeTrue(home != null, "skipped: no HOME");
    String text =
        """
        data.path = ${HOME}/rows.csv
        data.path = ${?SNNK_NO_SUCH}
        output.dir = out
        data.label = ${?HOME}
        train.seed = 7
        """;
    Settings settings = train(text, "train.folds=3");
    assertThat(settings.describe().get("data.path").origin())
        .matches(".*job.conf:1 with environment variable");
    assertThat(settings.describe().get("data.label").origin()).isEqualTo("environment variable");
    assertThat(JobRecord.commandLine(settings))
        .containsExactly(
            "jobs/snnk",
            "train",
            folder.resolve("job.conf").toString(),
            "--set",
            "data.path=" + home + "/rows.csv",
            "--set",
            "data.label=" + home,
            "--set",
            "train.folds=3");
  }

  @Test
  void unknownKeyNamesTheNearestAndTheLine() {
    assertThatThrownBy(() -> train(MINIMAL + "features {\n  numRandomFeature = 5\n}\n"))
        .isInstanceOf(SettingException.class)
        .hasMessageMatching(
            "(?s)option 'features.numRandomFeature': expected a known key, got an unknown one"
                + " \\(.*job.conf:4\\). Did you mean 'features.numRandomFeatures'\\?");
  }

  @Test
  void unknownSectionNamesTheNearestKey() {
    assertThatThrownBy(() -> train(MINIMAL + "feature.projection = gaussian\n"))
        .hasMessageContaining("'feature.projection'")
        .hasMessageContaining("job.conf:3")
        .hasMessageContaining("Did you mean 'features.projection'?");
  }

  @Test
  void unknownKeyAfterSetNamesTheNearest() {
    assertThatThrownBy(() -> train(MINIMAL, "train.sed=1"))
        .hasMessage(
            "option 'train.sed': expected a known key, got an unknown one (--set)."
                + " Did you mean 'train.seed'?");
  }

  @Test
  void sparkKeysAreSentToTheirFile() {
    assertThatThrownBy(() -> train(MINIMAL + "spark.executor.memory = 4g\n"))
        .hasMessageContaining("conf/spark");
  }

  @Test
  void setOfAnotherCommandIsAnError() {
    assertThatThrownBy(() -> train(MINIMAL, "generate.rows=5"))
        .hasMessage(
            "option 'generate.rows': expected an option of the command 'train', got one of"
                + " generate (--set). Leave it out, or set it in the file, which serves several"
                + " commands.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.seed = x | an integer, got 'x'",
        "train.seed = 1.5 | an integer, got '1.5'",
        "features.numRandomFeatures = 0 | an integer ≥ 1, got '0'",
        "features.numRandomFeatures = 3000000000 | an integer ≥ 1, got '3000000000'",
        "features.lengthScale = -1 | auto or a number > 0, got '-1'",
        "features.lengthScale = wide | auto or a number > 0, got 'wide'",
        "train.validationFraction = 1 | a number in [0, 1), got '1'",
        "train.validationFraction = NaN | a number in [0, 1), got 'NaN'",
        "train.regParamGrid = [] | a list of numbers, at least one > 0, got '[]'",
        "'train.regParamGrid = [1, 0]' | a list of numbers, at least one > 0, got '[1, 0]'",
        "data.task = ranking | one of auto, classification, regression, got 'ranking'",
        "output.overwrite = perhaps | true or false, got 'perhaps'",
        "data.label = [a] | a text, got '[a]'",
        "data.label { x = 1 } | a text, got a section",
        "data.test = 5 | a section { … }, got '5'",
        "generate.rows = 0 | auto or an integer ≥ 1, got '0'",
      })
  void wrongValueTellsWhatWasExpectedAndWhere(String line, String message) {
    assertThatThrownBy(() -> train(MINIMAL + line.replace("'", "")))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("expected " + message)
        .hasMessageContaining("job.conf:3)");
  }

  @Test
  void numbersMayBeTextOrScientific() throws IOException {
    Settings settings = train(MINIMAL + "train.seed = \"12\"\n", "features.numRandomFeatures=2e3");

    assertThat(settings.get(Options.SEED)).isEqualTo(12);
    assertThat(settings.get(Options.NUM_RANDOM_FEATURES)).isEqualTo(2000);
  }

  @Test
  void aListMayBeOneTextOrAfterSetBetweenCommas() throws IOException {
    Settings settings = train(MINIMAL, "train.lengthScaleGrid=[1, 2.5]", "data.inputs=");

    assertThat(settings.get(Options.DATA_PATH)).containsExactly("a.csv");
    assertThat(settings.get(Options.LENGTH_SCALE_GRID)).containsExactly(1.0, 2.5);
    assertThat(settings.get(Options.INPUTS)).isEmpty();
  }

  @Test
  void pathsAfterSetAreTakenLetterByLetter() throws IOException {
    Settings settings = train(MINIMAL, "output.dir=s3a://b/$x {1}#2 = \"q\"");

    assertThat(settings.get(Options.OUTPUT_DIR)).isEqualTo("s3a://b/$x {1}#2 = \"q\"");
  }

  @Test
  void missingRequiredOptionTellsWhatItIs() {
    assertThatThrownBy(() -> train("output.dir = out"))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(
            "option 'data.path': expected a list of texts, at least one, got none")
        .hasMessageContaining("job.conf")
        .hasMessageContaining("--set data.path=");
  }

  @Test
  void whatAnotherCommandRequiresMayBeMissing() throws IOException {
    assertThat(train(MINIMAL).command()).isEqualTo("train"); // no model.path
  }

  @Test
  void environmentAndOtherKeysAreSubstituted() throws IOException {
    String home = System.getenv("PATH");
    Settings settings =
        train(
            "data.path = ${PATH}\noutput.dir = out/${train.seed}\ntrain.seed = 1", "train.seed=5");

    assertThat(settings.get(Options.DATA_PATH)).containsExactly(home);
    assertThat(settings.get(Options.OUTPUT_DIR)).isEqualTo("out/5");
  }

  @Test
  void missingEnvironmentVariableIsNamedWithItsLine() {
    assertThatThrownBy(() -> train("output.dir = out\ndata.path = ${SNNK_NO_SUCH}\n"))
        .hasMessageMatching(
            "'\\$\\{SNNK_NO_SUCH}': expected a key of the configuration or an environment variable"
                + " of that name, got neither \\(.*job.conf:2\\). Export SNNK_NO_SUCH, or set the"
                + " option itself by --set.");
  }

  @Test
  void setReplacesAnUnresolvedVariable() throws IOException {
    Settings settings = train("output.dir=o\ndata.path = ${SNNK_NO_SUCH}\n", "data.path=b.csv");

    assertThat(settings.get(Options.DATA_PATH)).containsExactly("b.csv");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"common\"",
        "include \"common.conf\"",
        "include required(\"common.conf\")"
      })
  void includesAreReadWithTheirOwnLines(String include) throws IOException {
    Files.writeString(folder.resolve("common.conf"), "\ntrain.seed = 77\n");
    Settings settings = train(include + "\n" + MINIMAL);

    assertThat(settings.get(Options.SEED)).isEqualTo(77);
    assertThat(settings.where(Options.SEED)).endsWith("common.conf:2");
  }

  @Test
  void missingIncludeIsAnError() {
    assertThatThrownBy(() -> train("include \"comon.conf\"\n" + MINIMAL))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("comon.conf");
  }

  @Test
  void brokenSyntaxNamesTheLine() {
    assertThatThrownBy(() -> train(MINIMAL + "train {\n  seed = = 4\n"))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("expected HOCON")
        .hasMessageContaining("job.conf:4");
  }

  @Test
  void missingFileIsNamed() {
    Path missing = folder.resolve("no.conf");
    assertThatThrownBy(() -> Settings.load("train", Optional.of(missing), List.of()))
        .hasMessage(
            "configuration file '"
                + missing
                + "': expected a readable file, got none. Check the path; the project's own are in"
                + " conf/jobs.");
  }

  @Test
  void assignmentWithoutEqualsIsAnError() {
    assertThatThrownBy(() -> train(MINIMAL, "train.seed"))
        .hasMessage("option '--set': expected key=value, got 'train.seed'. Write --set key=value.");
  }

  @Test
  void readingAnUnregisteredOptionIsABug() throws IOException {
    Settings settings = train(MINIMAL);
    assertThatThrownBy(() -> settings.get(Options.GENERATE_ROWS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("generate.rows is not registered for the command train");
  }

  @Test
  void theProjectsOwnFilesAreRight() throws IOException {
    try (var files = Files.list(Path.of("conf/jobs"))) {
      for (Path path : files.toList()) {
        String text = Files.readString(path).replaceAll("\\$\\{\\w+}", "\"x\"");
        String name = path.getFileName().toString();
        String command =
            Map.of(
                    "generate-samples.conf",
                    "generate",
                    "bench.conf",
                    "bench",
                    "paper-figure2.conf",
                    "kernel-error",
                    "image-sample.conf",
                    "fit-image",
                    "uci-suite.conf",
                    "suite")
                .getOrDefault(name, name.matches("(compare|uci-figure6)-.*") ? "compare" : "run");
        Settings.load(command, Optional.of(file(text)), List.of());
      }
    }
  }

  @Test
  void keysAreUnique() {
    assertThat(Options.all().stream().map(Option::key)).doesNotHaveDuplicates();
  }
}
