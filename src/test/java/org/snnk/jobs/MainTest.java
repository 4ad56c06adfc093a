package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return Main.run(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        args);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void withoutACommandTheHelpGoesToStandardError() {
    assertThat(run()).isEqualTo(2);
    assertThat(out()).isEmpty();
    assertThat(err()).contains("jobs/snnk COMMAND").contains("  info ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "--help", "-h"})
  void helpListsTheCommands(String word) {
    assertThat(run(word)).isZero();
    assertThat(out()).contains("  info ").contains("  help ");
    assertThat(err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"help info", "info --help", "info any.conf -h"})
  void helpOfACommandListsItsOptions(String line) {
    assertThat(run(line.split(" ", -1))).isZero();
    assertThat(out()).contains("info.tasks  (an integer ≥ 0; default 0)");
  }

  @Test
  void versionIsOneLine() {
    assertThat(run("--version")).isZero();
    assertThat(out()).startsWith("snnk-spark ").hasLineCount(1);
  }

  @Test
  void unknownCommandNamesTheNearest() {
    assertThat(run("inof", "x.conf")).isEqualTo(2);
    assertThat(err())
        .startsWith("error: command 'inof': expected one of ")
        .endsWith("Did you mean 'info'?" + System.lineSeparator())
        .hasLineCount(1);
  }

  @Test
  void aMissingConfigurationNamesTheNearest() {
    assertThat(run("info", "conf/jobs/higs-sample.conf")).isEqualTo(2);
    assertThat(err())
        .isEqualTo(
            "error: configuration file 'conf/jobs/higs-sample.conf': expected a readable file, got"
                + " none. Did you mean 'conf/jobs/higgs-sample.conf'?"
                + System.lineSeparator());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"info --sett info.tasks=1", "info --set", "info a.conf b.conf", "info no.conf"})
  void mistakesOfTheCommandLineAreOneSentence(String line) {
    assertThat(run(line.split(" ", -1))).isEqualTo(2);
    assertThat(err()).startsWith("error: ").hasLineCount(1);
    assertThat(out()).isEmpty();
  }
}
