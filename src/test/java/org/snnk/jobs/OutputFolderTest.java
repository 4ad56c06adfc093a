package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snnk.SnnkException;

class OutputFolderTest {
  @TempDir private Path root;

  private OutputFolder open(Path folder, boolean overwrite) {
    return OutputFolder.open(folder.toString(), overwrite, new Configuration());
  }

  private void fill(Path folder, String text) {
    try (OutputFolder output = open(folder, true)) {
      output.write("model/a.txt", text);
      output.commit();
    }
  }

  private static long entries(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.count();
    }
  }

  @Test
  void nothingStandsUnderTheNameBeforeCommitAndAllAfter() throws IOException {
    Path target = root.resolve("new/deep/out");
    try (OutputFolder output = open(target, false)) {
      output.write("model/a.txt", "α");
      assertThat(target).doesNotExist();
      output.commit();
    }
    assertThat(target.resolve("model/a.txt")).hasContent("α");
    assertThat(target.resolve(OutputFolder.MARKER)).exists();
    assertThat(entries(target.getParent())).isEqualTo(1);
    assertThat(entries(target.resolve("model"))).isEqualTo(1); // no checksum files
  }

  @Test
  void withoutCommitNothingIsLeftNotEvenNewParents() throws IOException {
    try (OutputFolder output = open(root.resolve("new/deep/out"), false)) {
      output.write("a.txt", "a");
    }
    assertThat(entries(root)).isZero();
  }

  @Test
  void parentsThatWereThereStay() throws IOException {
    Files.createDirectory(root.resolve("kept"));
    open(root.resolve("kept/out"), false).close();
    assertThat(root.resolve("kept")).isEmptyDirectory();
  }

  @Test
  void anExistingFolderIsRefusedBeforeAnyWork() throws IOException {
    Path target = root.resolve("out");
    fill(target, "old");
    assertThatThrownBy(() -> open(target, false))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "output.dir '"
                + target.toRealPath()
                + "': expected a folder that is not there yet, got one that is. Name another, or set"
                + " output.overwrite=true to replace it.");
    assertThat(entries(root)).isEqualTo(1);
  }

  @Test
  void overwriteReplacesOnlyOnceComplete() throws IOException {
    Path target = root.resolve("out");
    fill(target, "old");
    try (OutputFolder output = open(target, true)) {
      output.write("model/b.txt", "new");
      assertThat(target.resolve("model/a.txt")).hasContent("old");
    }
    assertThat(target.resolve("model/a.txt")).hasContent("old");
    fill(target, "new");
    assertThat(target.resolve("model/a.txt")).hasContent("new");
    assertThat(entries(root)).isEqualTo(1);
  }

  @Test
  void overwriteNeverTouchesAFolderOfOthers() throws IOException {
    Files.writeString(root.resolve("letter.txt"), "dear");
    assertThatThrownBy(() -> open(root, true))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("expected a folder written by snnk to replace")
        .hasMessageContaining("Name another, or remove it yourself.");
    assertThat(root.resolve("letter.txt")).exists();
  }

  @Test
  void aFileOfThatNameIsRefused() throws IOException {
    Path target = Files.writeString(root.resolve("out"), "x");
    assertThatThrownBy(() -> open(target, true))
        .hasMessageContaining("expected a folder, got a file of that name");
  }

  @Test
  void aFolderThatAppearsMeanwhileIsNotReplaced() throws IOException {
    Path target = root.resolve("out");
    try (OutputFolder output = open(target, false)) {
      fill(target, "of another run");
      assertThatThrownBy(output::commit).hasMessageContaining("not there yet");
    }
    assertThat(target.resolve("model/a.txt")).hasContent("of another run");
    assertThat(entries(root)).isEqualTo(1);
  }

  @Test
  void aLinkIsFollowed() throws IOException {
    Path real = root.resolve("real");
    fill(real, "old");
    Path link = Files.createSymbolicLink(root.resolve("link"), real);
    fill(link, "new");
    assertThat(link).isSymbolicLink();
    assertThat(real.resolve("model/a.txt")).hasContent("new");
  }

  @Test
  void outputAroundTheInputIsRefused() throws IOException {
    Path target = root.resolve("out");
    fill(target, "old");
    try (OutputFolder output = open(target, true)) {
      output.refuseToReplace("model.path", root.resolve("outer").toString());
      assertThatThrownBy(
              () -> output.refuseToReplace("model.path", target.resolve("model").toString()))
          .isInstanceOf(SnnkException.class)
          .hasMessageContaining("expected a folder apart from model.path, got one around it");
    }
  }

  @Test
  void namesWithSpacesAndSchemesWork() throws IOException {
    Path target = root.resolve("a folder %20 ü");
    fill(target, "x");
    assertThat(target.resolve("model/a.txt")).hasContent("x");

    String uri = root.resolve("by-uri").toUri().toString();
    try (OutputFolder output = OutputFolder.open(uri, false, new Configuration())) {
      output.commit();
    }
    assertThat(root.resolve("by-uri")).isDirectory();
  }

  @Test
  void unknownSchemeIsASentence() {
    assertThatThrownBy(() -> OutputFolder.open("nosuch://h/x", false, new Configuration()))
        .isInstanceOf(SnnkException.class)
        .hasMessageContaining("nosuch");
  }
}
