package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exit codes and sentences of {@code jobs/snnk}, as a shell sees them. */
class LauncherIT {
  @TempDir private Path folder;

  @Test
  void helpNeedsNoSpark() {
    Submission.Result result = Submission.of("help").run();

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("jobs/snnk COMMAND").contains("  info ");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void unknownCommandEndsWithTwo() {
    Submission.Result result = Submission.of("inof", "x.conf").run();

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("Did you mean 'info'?").hasLineCount(1);
  }

  @Test
  void unknownKeyInAFileNamesItsLineAndTheNearest() throws IOException {
    Path conf = folder.resolve("my job.conf");
    Files.writeString(conf, "train {\n  sead = 1\n}\n");
    Submission.Result result = Submission.of("info", "my job.conf").in(folder).run();

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            "error: option 'train.sead': expected a known key, got an unknown one (my job.conf:2)."
                + " Did you mean 'train.seed'?\n");
  }

  @Test
  void aProjectWithSpacesInItsPathRunsFromAnyFolderThroughALink() throws IOException {
    Path copy = Files.createDirectories(folder.resolve("a project % ü"));
    Path root = Submission.projectRoot();
    for (String name : new String[] {"conf", "target"}) {
      Files.createSymbolicLink(copy.resolve(name), root.resolve(name));
    }
    Files.createDirectories(copy.resolve("jobs"));
    Files.copy(root.resolve("jobs/snnk"), copy.resolve("jobs/snnk"));
    Path link = Files.createDirectories(folder.resolve("bin"));
    Files.createDirectories(link.resolve("jobs"));
    Files.createSymbolicLink(link.resolve("jobs/snnk"), copy.resolve("jobs/snnk"));

    Submission.Result result =
        Submission.of("info", "--set", "info.tasks=2", "spark.master=local[1]")
            .from(link)
            .in(folder)
            .run();

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("master               local[1]").contains(", 2 tasks");
    assertThat(result.err()).contains("Asking executors");
  }

  @Test
  void aFolderThatIsNoSparkIsTold() {
    Submission.Result result =
        Submission.of("info").environment("SPARK_HOME", folder.toString()).run();

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("error: SPARK_HOME: expected a Spark distribution with bin/spark-submit, got '")
        .hasLineCount(1);
  }

  @Test
  void anotherSparkIsTold() throws IOException {
    Files.createDirectories(folder.resolve("jars"));
    Files.createDirectories(folder.resolve("bin"));
    Files.createFile(folder.resolve("bin/spark-submit"));
    Files.createFile(folder.resolve("jars/spark-core_2.12-3.5.1.jar"));
    Submission.Result result =
        Submission.of("info").environment("SPARK_HOME", folder.toString()).run();

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("expected Spark 4.1 for Scala 2.13, got Spark 3.5.1 for Scala 2.12");
  }

  @Test
  void anOldJavaIsTold() throws IOException {
    Path java = folder.resolve("bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Submission.Result result =
        Submission.of("info").environment("JAVA_HOME", folder.toString()).run();

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("error: Java: expected version 17 or newer, got 11.0.2 (")
        .hasLineCount(1);
  }

  @Test
  void withoutMavenAMissingJarIsTold() throws IOException {
    Path copy = Files.createDirectories(folder.resolve("clone/jobs"));
    Files.copy(Submission.projectRoot().resolve("jobs/snnk"), copy.resolve("snnk"));
    Files.createFile(folder.resolve("clone/pom.xml"));
    Submission.Result result =
        Submission.of("info")
            .from(folder.resolve("clone"))
            .environment("SNNK_BUILD", "auto")
            .environment("MVN", "no-such-mvn")
            .run();

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("error: Maven: expected mvn on the PATH to build the job jar")
        .hasLineCount(1);
  }

  @Test
  void ctrlCInTheMiddleOfTrainingLeavesNothing() throws Exception {
    Path log = folder.resolve("log.txt");
    Process process =
        Submission.of(
                "run", "conf/jobs/higgs-sample.conf", "--set", "output.dir=" + folder + "/o/out")
            .start(log, log);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!Files.readString(log).contains("moments") && System.nanoTime() < end) {
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    assertThat(folder.resolve("o")).isNotEmptyDirectory();
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

    assertThat(process.waitFor()).isEqualTo(130);
    assertThat(Submission.withoutJvm(log))
        .endsWith("interrupted: nothing was written\n")
        .doesNotContain("\tat ");
    assertThat(folder.toFile().list()).containsExactly("log.txt");
  }
}
