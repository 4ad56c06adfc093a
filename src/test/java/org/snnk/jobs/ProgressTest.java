package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final AtomicLong nanos = new AtomicLong(5);

  private void pass(long seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  private String printed() {
    String text = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    return text;
  }

  @ParameterizedTest
  @CsvSource({
    "0.04, 0.0 s",
    "9.94, 9.9 s",
    "9.96, 10 s",
    "59.4, 59 s",
    "59.6, 1 min 00 s",
    "185, 3 min 05 s",
    "3599.7, 1 h 00 min",
    "7625, 2 h 07 min"
  })
  void durations(double seconds, String words) {
    assertThat(ProgressLine.duration(seconds)).isEqualTo(words);
  }

  @Test
  void knownRowsGiveShareRateAndTimeLeft() {
    assertThat(new ProgressLine("Gram matrix", 2_500_000, 10_000_000, 3, 12, 10).running())
        .isEqualTo(
            "Gram matrix  25%  2,500,000 of 10,000,000 rows  3/12 tasks  250,000 rows/s  30 s left");
  }

  @Test
  void moreRowsThanExpectedStayAtTheEnd() {
    assertThat(new ProgressLine("Read", 12, 10, 0, 0, 2).running())
        .isEqualTo("Read  100%  10 of 10 rows  6 rows/s  0.0 s left");
  }

  @Test
  void unknownRowsGoByTasks() {
    assertThat(new ProgressLine("Read", 4_000, 0, 1, 4, 2).running())
        .isEqualTo("Read  25%  4,000 rows  1/4 tasks  2,000 rows/s  6.0 s left");
  }

  @Test
  void beforeTheFirstReportThereIsOnlyTheTime() {
    assertThat(new ProgressLine("Solve", 0, 0, 0, 0, 0.2).running()).isEqualTo("Solve  0.2 s");
  }

  @Test
  void elsewhereThanOnATerminalALineComesEveryTenSeconds() {
    try (Progress progress = Progress.manual(out, 0, nanos::get)) {
      try (Phase phase = progress.phase("Read", 100)) {
        progress.taskReported("1", 10, 50);
        pass(9);
        progress.refresh();
        assertThat(printed()).isEmpty();
        pass(1);
        progress.refresh();
        progress.refresh();
        assertThat(printed())
            .isEqualTo("Read  50%  50 of 100 rows  5 rows/s  10 s left" + System.lineSeparator());
      }
      assertThat(printed()).isEqualTo("Read  50 rows in 10 s" + System.lineSeparator());
    }
  }

  @Test
  void onATerminalTheLineRefreshesWithinItsWidth() {
    try (Progress progress = Progress.manual(out, 20, nanos::get)) {
      try (Phase phase = progress.phase("Read", 100)) {
        pass(1);
        progress.taskReported("1", 10, 50);
        progress.refresh();
        assertThat(printed()).isEqualTo("\r\u001b[KRead  50%  50 of 10");
        progress.message("hello");
        assertThat(printed()).isEqualTo("\r\u001b[Khello" + System.lineSeparator());
      }
    }
    assertThat(System.getProperty(Progress.CLEAR_PROPERTY)).isNull();
  }

  @Test
  void secondsOfPhasesAddUpInTheOrderTheyBegan() {
    try (Progress progress = Progress.manual(out, 0, nanos::get)) {
      try (Phase outer = progress.phase("Train")) {
        pass(1);
        try (Phase inner = progress.phase("Solve")) {
          pass(2);
        }
        assertThat(progress.seconds()).containsEntry("Train", 3.0);
      }
      try (Phase again = progress.phase("Solve")) {
        pass(4);
      }
      assertThat(progress.seconds())
          .containsExactly(java.util.Map.entry("Train", 3.0), java.util.Map.entry("Solve", 6.0));
    }
  }

  @Test
  void tasksInFlightAndEndedCountOnce() {
    try (Progress progress = Progress.manual(out, 0, nanos::get)) {
      try (Phase phase = progress.phase("Read", 100)) {
        progress.stageBegan("1", 0, 2);
        progress.taskReported("1", 10, 20);
        progress.taskReported("1", 10, 30);
        progress.taskEnded("1", 10, true, 40);
        progress.taskEnded("1", 11, false, 40); // a copy, or a failure
        pass(10);
        progress.refresh();
        assertThat(printed()).startsWith("Read  40%  40 of 100 rows  1/2 tasks");
      }
    }
  }

  @Test
  void reportsThatComeAfterThePhaseAreInItsLastLine() {
    try (Progress progress = Progress.manual(out, 0, nanos::get)) {
      try (Phase phase = progress.phase("Read")) {
        progress.stageBegan("1", 0, 2);
        progress.taskEnded("1", 10, true, 40);
        new Thread(() -> progress.taskEnded("1", 11, true, 2)).start();
        pass(2);
      }
      assertThat(printed()).isEqualTo("Read  42 rows in 2.0 s" + System.lineSeparator());
    }
  }
}
