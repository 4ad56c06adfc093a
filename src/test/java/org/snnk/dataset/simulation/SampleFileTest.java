package org.snnk.dataset.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snnk.dataset.DatasetDescriptor;
import org.snnk.dataset.Datasets;
import org.snnk.dataset.HeaderStyle;

class SampleFileTest {
  static final Path COMMITTED = Path.of("data-samples");

  static List<SampleFile> shipped() {
    return SampleFile.SHIPPED;
  }

  static String read(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void theSeedGivesExactlyTheCommittedText(SampleFile sample) throws IOException {
    // The text, not the compressed bytes: those may differ between versions of zlib.
    assertThat(sample.text().equals(read(COMMITTED.resolve(sample.fileName()))))
        .as(sample.fileName() + " is what its seed gives")
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void linesFollowTheLayoutOfTheSet(SampleFile sample) throws IOException {
    DatasetDescriptor descriptor = Datasets.find(sample.dataset());
    List<String> lines = read(COMMITTED.resolve(sample.fileName())).lines().toList();
    int header = descriptor.header() == HeaderStyle.NONE ? 0 : 1;
    assertThat(lines).hasSize(header + (int) sample.rows());
    if (header == 1) {
      assertThat(lines.get(0)).isEqualTo(descriptor.headerLine());
      assertThat(lines.get(0).startsWith("#"))
          .isEqualTo(descriptor.header() == HeaderStyle.COMMENT);
    }
    int label = descriptor.position(descriptor.label());
    for (String line : lines.subList(header, lines.size())) {
      String[] values = line.split(String.valueOf(descriptor.separator()), -1);
      assertThat(values).hasSize(descriptor.columns().size());
      if (!descriptor.classes().isEmpty()) {
        assertThat(descriptor.classIndex(values[label])).isNotNegative();
      }
    }
  }

  @Test
  void theShippedFilesAreSmall() throws IOException {
    long bytes = 0;
    for (SampleFile sample : SampleFile.SHIPPED) {
      bytes += Files.size(COMMITTED.resolve(sample.fileName()));
    }
    assertThat(bytes).isLessThan(2_000_000);
  }

  @Test
  void writingTwiceGivesTheSameBytesAndLeavesNothingElse(@TempDir Path directory)
      throws IOException {
    SampleFile sample = new SampleFile("higgs", 1, 50, "a.csv.gz");
    byte[] first = Files.readAllBytes(sample.writeInto(directory.resolve("new")));
    byte[] second = Files.readAllBytes(sample.writeInto(directory.resolve("new")));
    assertThat(second).isEqualTo(first);
    try (Stream<Path> files = Files.list(directory.resolve("new"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aNameWithoutGzIsPlainText(@TempDir Path directory) throws IOException {
    SampleFile sample = new SampleFile("wind-turbine", 1, 3000, "a.csv");
    assertThat(Files.readString(sample.writeInto(directory))).isEqualTo(sample.text());
  }

  @Test
  void aDirectoryThatIsAFileIsNamed(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("taken"), "x");
    assertThatThrownBy(() -> new SampleFile("higgs", 1, 2, "a.csv").writeInto(file))
        .isInstanceOf(SampleFile.Unwritable.class)
        .hasMessageStartingWith("sample file: expected a directory that can be written, got")
        .hasMessageContaining(file.resolve("a.csv").toString())
        .hasCauseInstanceOf(IOException.class);
  }
}
