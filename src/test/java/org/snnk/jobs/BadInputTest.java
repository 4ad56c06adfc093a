package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.snnk.jobs.SmallJobs.lines;
import static org.snnk.jobs.SmallJobs.toPredictY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.spark.LocalSpark;

/** Mistakes in data, options and paths: one sentence that says what, where and what to do. */
class BadInputTest {
  @TempDir private Path folder;

  private SmallJobs jobs;

  @BeforeEach
  void makeJobs() {
    jobs = new SmallJobs(folder);
  }

  /** 40 rows; line 8 of the file (row 6) is replaced. */
  private Path tableWithLine8(String line) {
    return tableWithLine8("table.csv", line);
  }

  private Path tableWithLine8(String name, String line) {
    List<String> lines = lines(40);
    lines.set(7, line);
    return jobs.file(name, lines);
  }

  private Path parquet(String column, String expression) {
    Path text = jobs.file("source.csv", lines(40));
    Path target = folder.resolve("table.parquet");
    LocalSpark.session()
        .read()
        .option("header", true)
        .option("inferSchema", true)
        .csv(text.toString())
        .repartition(1)
        .withColumn(column, functions.expr(expression))
        .write()
        .parquet(target.toString());
    return target;
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "run", "prepare"})
  void missingFile(String command) {
    assertThat(jobs.mistake(command, "data.path=" + folder.resolve("no.csv")))
        .isEqualTo(
            "error: data.path: expected a file or folder, got nothing at '"
                + folder.resolve("no.csv")
                + "'. Check the path.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"empty.csv", "empty.csv.gz"})
  void emptyFile(String name) {
    Path file = jobs.file(name, List.of());
    assertThat(jobs.mistake("train", toPredictY(file)))
        .contains(name)
        .contains("expected a first line of column names, got an empty file");
    assertThat(jobs.mistake("train", "data.path=" + file, "data.dataset=higgs"))
        .contains("expected at least one usable row, got none");
    assertThat(jobs.mistake("prepare", "data.path=" + file, "data.dataset=higgs"))
        .contains("expected at least one usable row, got none");
  }

  @Test
  void aFileOfNoBytesWithTheNameOfAGzip() throws IOException {
    Path file = Files.createFile(folder.resolve("none.csv.gz"));
    assertThat(jobs.mistake("train", toPredictY(file)))
        .contains("expected a first line of column names, got an empty file");
    assertThat(jobs.mistake("train", "data.path=" + file, "data.dataset=higgs"))
        .contains("expected at least one usable row, got none");
  }

  @Test
  void headerOnly() {
    Path file = jobs.file("header.csv", lines(0));
    assertThat(jobs.mistake("train", toPredictY(file)))
        .contains("expected at least one usable row, got none");
    assertThat(jobs.mistake("train", "data.path=" + file, "data.label=kind"))
        .contains("label column 'kind': expected 2 to 1000 classes, got 0");
    assertThat(jobs.mistake("prepare", "data.path=" + file))
        .contains("expected at least one usable row, got none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.1,0.2,0.3 | expected 6 columns, got 3",
        "0.1,0.2,0.3,1,2,left,7 | expected 6 columns, got 7",
        "0.1,abc,0.3,1,2,left | column 'b': expected a finite number, got 'abc'",
        "0.1,NaN,0.3,1,2,left | column 'b': expected a finite number, got 'NaN'",
        "0.1,-Infinity,0.3,1,2,left | column 'b': expected a finite number, got '-Infinity'",
        "0.1,1e999,0.3,1,2,left | column 'b': expected a finite number, got '1e999'",
        "0.1,,0.3,1,2,left | column 'b': expected a finite number, got ''",
        "0.1,0.2,0.3,none,2,left | column 'y': expected a finite number, got 'none'",
      })
  void aBadLineIsNamedByFileAndLine(String line, String fault) {
    Path file = tableWithLine8(line);
    assertThat(jobs.mistake("train", toPredictY(file)))
        .isEqualTo(
            "error: training table: expected rows that can all be used, got 1 that cannot: "
                + file
                + " line 8: "
                + fault
                + ". Correct the file, or set data.invalid=drop to leave such rows out.");
  }

  @Test
  void theFirstOfSeveralBadLinesIsNamedWhateverTheSplits() {
    List<String> lines = lines(40);
    lines.set(7, "x");
    lines.set(8, "x");
    lines.set(30, "x");
    jobs.file("many/a.csv", lines(5));
    jobs.file("many/b.csv", lines);
    assertThat(jobs.mistake("train", toPredictY(folder.resolve("many"))))
        .contains("got 3 that cannot, the first: ")
        .contains("many/b.csv line 8: ");
  }

  @Test
  void aBadLineInTheTestRowsIsNamed() {
    Path file = tableWithLine8("0.1,abc,0.3,1,2,left");
    String sentence =
        jobs.mistake("run", toPredictY(jobs.file("good.csv", lines(40)), "data.test.path=" + file));
    assertThat(sentence).contains("test table").contains("table.csv line 8: column 'b'");
  }

  @Test
  void aBadLineStopsPrepareAndScore() {
    Path good = jobs.file("good.csv", lines(40));
    Path bad = tableWithLine8("0.1,abc,0.3,1,2,left");
    Path trained = jobs.make("trained", "train", toPredictY(good));
    assertThat(jobs.mistake("score", "data.path=" + bad, "model.path=" + trained))
        .contains("table to score")
        .contains("table.csv line 8: column 'b': expected a finite number, got 'abc'");
    Path uci = jobs.file("covertype.csv", List.of("1,2,3"));
    assertThat(jobs.mistake("prepare", "data.path=" + uci, "data.dataset=covertype"))
        .contains("covertype.csv line 1: expected 55 columns, got 3");
  }

  @ParameterizedTest
  @CsvSource({"double('NaN'), NaN", "double('Infinity'), Infinity", "null, nothing"})
  void aBadValueInParquetIsNamedByItsRow(String value, String shown) {
    Path file = parquet("b", "IF(monotonically_increasing_id() = 6, " + value + ", b)");
    assertThat(jobs.mistake("train", toPredictY(file)))
        .contains(
            "row 6 (counted from 0): input column 'b': expected a finite number, got " + shown);
  }

  @Test
  void anUnknownClass() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      lines.add(
          String.join(",", java.util.Collections.nCopies(54, "" + i % 7)) + "," + (1 + i % 7));
    }
    lines.set(4, lines.get(4).replaceFirst(",\\d$", ",9"));
    Path file = jobs.file("covertype.csv", lines);
    assertThat(jobs.mistake("train", "data.path=" + file, "data.dataset=covertype"))
        .contains("row 4 (counted from 0)")
        .contains(
            "label column 'Cover_Type': expected one of the classes [1, 2, 3, 4, 5, 6, 7], got '9'");
  }

  @Test
  void aColumnThatIsNotThereNamesTheNearest() {
    Path file = jobs.file("table.csv", lines(40));
    assertThat(jobs.mistake("train", "data.path=" + file, "data.label=kimd"))
        .isEqualTo(
            "error: data.label: expected a column of the table, got 'kimd' ("
                + file
                + "). Did you mean 'kind'?");
    assertThat(jobs.mistake("train", "data.path=" + file, "data.label=kind", "data.inputs=a,bb"))
        .contains("data.inputs: expected a column of the table, got 'bb'");
    assertThat(jobs.mistake("train", "data.path=" + file, "data.targets=y,zz"))
        .contains("data.targets: expected a column of the table, got 'zz'");
    assertThat(jobs.mistake("train", toPredictY(file, "data.weight=weight")))
        .contains("data.weight: expected a column of the table, got 'weight'");
    assertThat(jobs.mistake("train", "data.path=" + file)).contains("data.label").contains("none");
  }

  @Test
  void moreColumnsThanAnyMapTakes() {
    String names =
        IntStream.range(0, 65_537).mapToObj(j -> "x" + j).collect(Collectors.joining(","));
    Path file = jobs.file("wide.csv", List.of(names + ",y"));
    assertThat(jobs.mistake("train", "data.path=" + file, "data.label=y", "data.task=regression"))
        .isEqualTo(
            "error: data.inputs: expected at most 65536 columns, got 65537 ("
                + file
                + "). Name those that matter.");
  }

  @Test
  void anInputThatIsNoNumber() {
    Path file = parquet("b", "concat('x', b)");
    assertThat(jobs.mistake("train", toPredictY(file)))
        .contains("column 'b': expected a numeric type, got string");
    assertThat(jobs.mistake("train", "data.path=" + jobs.file("t.csv", lines(9)), "data.label=y"))
        .contains("t.csv line 2: column 'kind': expected a finite number, got '");
  }

  @Test
  void aFileThatIsNamedTwice() {
    Path file = jobs.file("table.csv", lines(9));
    assertThat(jobs.mistake("train", "data.path=" + file + "," + folder, "data.label=y"))
        .contains("data.path: expected each file once, got '" + file + "' twice");
  }

  @Test
  void aKeyThatIsNotThereNamesTheNearest() throws IOException {
    Path conf = Files.writeString(folder.resolve("job.conf"), "data.path = x\ntrain.sead = 1\n");
    SmallJobs.Outcome outcome = jobs.commandLine("train", conf.toString());
    assertThat(outcome.sentence())
        .contains("option 'train.sead': expected a known key")
        .contains("job.conf:2")
        .endsWith("Did you mean 'train.seed'?");
    assertThat(jobs.mistake("train", "data.pathh=x")).contains("Did you mean 'data.path'?");
  }

  @Test
  void anOutputFolderThatExists() throws IOException {
    Path taken = Files.createDirectories(folder.resolve("taken"));
    Files.writeString(taken.resolve("mine.txt"), "mine");
    Path file = jobs.file("table.csv", lines(40));
    assertThat(jobs.mistake("train", toPredictY(file, "output.dir=" + taken)))
        .contains("expected a folder that is not there yet")
        .contains("output.overwrite=true");
    assertThat(
            jobs.mistake("train", toPredictY(file, "output.dir=" + taken, "output.overwrite=true")))
        .contains("one with other files");
    assertThat(taken.resolve("mine.txt")).hasContent("mine");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 30, 5000})
  void aTruncatedGzip(int bytes) throws IOException {
    Path whole = jobs.file("whole.csv.gz", lines(4000));
    Path cut = folder.resolve("cut.csv.gz");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(whole), bytes));
    assertThat(jobs.mistake("train", toPredictY(cut)))
        .contains("cut.csv.gz")
        .contains("expected readable text")
        .contains("The file may be cut short or damaged: take another copy.");
  }

  @Test
  void aFileThatIsNoGzip() throws IOException {
    Path file = Files.writeString(folder.resolve("text.csv.gz"), "a,b,y\n1,2,3\n");
    assertThat(jobs.mistake("train", toPredictY(file)))
        .contains("text.csv.gz")
        .contains("expected readable text");
  }

  @Test
  void aFileThatIsNoParquet() throws IOException {
    Path file = Files.writeString(folder.resolve("text.parquet"), "a,b,y\n1,2,3\n");
    assertThat(jobs.mistake("train", toPredictY(file)))
        .contains("text.parquet")
        .contains("expected readable Parquet files");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "NaN"})
  void aNegativeWeight(String weight) {
    List<String> lines = lines(40);
    lines.set(7, "0.1,0.2,0.3,0.4," + weight + ",left");
    for (int i = 1; i < lines.size(); i++) {
      lines.set(
          i, i == 7 ? lines.get(i) : lines.get(i).replaceFirst(",[^,]*,(left|right)$", ",1,$1"));
    }
    Path file = jobs.file("table.csv", lines);
    assertThat(jobs.mistake("train", toPredictY(file, "data.weight=z")))
        .contains(weight.equals("-1") ? "row 6 (counted from 0): weight column 'z'" : "line 8")
        .contains("number");
  }

  @Test
  void weightsThatSumToZero() {
    List<String> lines = lines(40);
    lines.replaceAll(line -> line.replaceFirst(",[^,]*,(left|right)$", ",0,$1"));
    Path file = jobs.file("table.csv", lines);
    assertThat(jobs.mistake("train", toPredictY(file, "data.weight=z")))
        .contains("weight column: expected a positive total, got 0.0");
  }

  @Test
  void weightsOfClassesThatSumToZero() {
    List<String> lines = lines(40);
    lines.replaceAll(line -> line.replaceFirst(",[^,]*,(left|right)$", ",0,$1"));
    Path file = jobs.file("table.csv", lines);
    assertThat(
            jobs.mistake(
                "train",
                "data.path=" + file,
                "data.label=kind",
                "data.inputs=a,b,c",
                "data.weight=z"))
        .contains("weight column: expected a positive total, got 0.0");
  }

  /** Rows of weight 0 where they are needed: all but the first, which is in one part only. */
  @ParameterizedTest
  @ValueSource(strings = {"train.folds=3", "train.validationFraction=0.5"})
  void aPartWhoseWeightsSumToZero(String parts) {
    List<String> lines = lines(40);
    for (int i = 2; i < lines.size(); i++) {
      lines.set(i, lines.get(i).replaceFirst(",[^,]*,(left|right)$", ",0,$1"));
    }
    lines.set(1, lines.get(1).replaceFirst(",[^,]*,(left|right)$", ",1,$1"));
    Path file = jobs.file("table.csv", lines);
    assertThat(
            jobs.mistake(
                "train",
                "data.path=" + file,
                "data.label=kind",
                "data.inputs=a,b,c",
                "data.weight=z",
                "train.regParam=auto",
                parts))
        .contains("expected rows with a positive total weight, got ")
        .contains("rows of weight 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1e-3", "NaN", "Infinity", "1e999", "-Infinity"})
  void aPenaltyThatIsNotPositiveAndFinite(String lambda) {
    Path file = jobs.file("table.csv", lines(40));
    for (String command : List.of("train", "run")) {
      assertThat(jobs.mistake(command, toPredictY(file, "train.regParam=" + lambda)))
          .startsWith(
              "error: option 'train.regParam': expected auto or a number > 0, got '"
                  + lambda
                  + "' (--set). Correct the value: ");
      assertThat(jobs.mistake(command, toPredictY(file, "train.regParamGrid=1e-3," + lambda)))
          .contains(
              "option 'train.regParamGrid': expected a list of numbers, at least one > 0, got");
    }
    assertThat(jobs.mistake("statistics solve", "statistics.path=x", "train.regParam=" + lambda))
        .contains("option 'train.regParam': expected auto or a number > 0");
  }

  @Test
  void moreFoldsThanRows() {
    Path file = jobs.file("table.csv", lines(40));
    assertThat(jobs.mistake("train", toPredictY(file, "train.folds=41")))
        .isEqualTo(
            "error: train.folds: expected at most as many folds as training rows, 40, got 41."
                + " Choose fewer folds.");
    assertThat(jobs.mistake("train", toPredictY(file, "train.folds=2147483647")))
        .contains("at most as many folds as training rows, 40, got 2147483647");
    // As many as rows, but a hash leaves some of them empty.
    assertThat(jobs.mistake("train", toPredictY(file, "train.folds=40")))
        .contains("of 40: expected rows to measure on, got none. Choose fewer folds.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"46340", "65536", "2147483646"})
  void moreFeaturesThanAnIndexReachesAreRefusedBeforeAnyRowIsRead(String m) {
    // A file that would be an error of its own if it were looked at.
    for (String command : List.of("train", "run")) {
      assertThat(
              jobs.mistake(
                  command,
                  toPredictY(
                      folder.resolve("none.csv"),
                      "features.numRandomFeatures=" + m,
                      "train.solver=direct")))
          .isEqualTo(
              "error: features.numRandomFeatures: expected at most 46337 beside 2 columns of"
                  + " targets, got "
                  + m
                  + ". Choose fewer, or train.solver=cg: beyond, m^2 entries have no index.");
    }
  }

  @Test
  void featuresAndTargetsTogetherBeyondAnIndexAreRefusedBeforeAnyPass() {
    // Row 6 would be an error of the first pass.
    Path file = tableWithLine8("0.1,abc,0.3,1,2,left");
    assertThat(
            jobs.mistake(
                "train",
                "data.path=" + file,
                "data.targets=y,z",
                "data.inputs=a,b,c",
                "features.numRandomFeatures=46336",
                "train.solver=direct"))
        .contains("features.numRandomFeatures: expected at most 46335 beside 4 columns of targets");
  }

  @Test
  void aConstantTarget() {
    List<String> lines = lines(40);
    lines.replaceAll(line -> line.replaceFirst("[^,]*,(left|right)$", "7,$1"));
    Path file = jobs.file("table.csv", lines);
    String sentence =
        jobs.mistake(
            "train",
            "data.path=" + file,
            "data.targets=y,z",
            "data.inputs=a,b,c",
            "data.task=regression");
    assertThat(sentence)
        .contains("target column 'z': expected different values, got 7.0 in every training row");
  }

  @Test
  void oneClassOnly() {
    List<String> lines = lines(40);
    lines.replaceAll(line -> line.replace("right", "left"));
    Path file = jobs.file("table.csv", lines);
    assertThat(jobs.mistake("train", "data.path=" + file, "data.label=kind"))
        .contains("label column 'kind': expected 2 to 1000 classes, got 1");
  }

  @Test
  void oneClassOfAKnownSet() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      lines.add(String.join(",", java.util.Collections.nCopies(54, "" + i % 7)) + ",3");
    }
    Path file = jobs.file("covertype.csv", lines);
    assertThat(jobs.mistake("train", "data.path=" + file, "data.dataset=covertype"))
        .contains(
            "label column 'Cover_Type': expected training rows of at least 2 classes, got rows of '3' only");
  }

  @Test
  void noSplitForRun() {
    Path file = jobs.file("table.csv", lines(40));
    assertThat(jobs.mistake("run", toPredictY(file)))
        .contains("data.test: expected rows to test on, got none. Set data.test.every");
    assertThat(
            jobs.mistake("run", toPredictY(file, "data.test.every=100", "data.test.remainder=99")))
        .contains("expected rows to test on, got none");
    assertThat(jobs.mistake("run", toPredictY(file, "data.test.every=1")))
        .contains("With 1 no row would be left to train on.");
    assertThat(jobs.mistake("run", toPredictY(file, "data.test.lastRows=40")))
        .contains("less than the table's 40 rows");
    assertThat(jobs.mistake("run", toPredictY(file, "data.test.lastRows=4", "data.test.every=5")))
        .contains("Choose one split.");
  }

  @Test
  void aFolderWithoutAModel() {
    Path file = jobs.file("table.csv", lines(40));
    for (String command : List.of("evaluate", "score")) {
      assertThat(jobs.mistake(command, "data.path=" + file, "model.path=" + folder))
          .isEqualTo(
              "error: model.path: expected a folder with model.bin, got none at '"
                  + folder
                  + "'. Give the output folder of a training, or the folder model/ in it.");
    }
  }

  @Test
  void aDamagedModel() throws IOException {
    Path file = jobs.file("table.csv", lines(40));
    byte[] whole = SmallJobs.modelBytes(jobs.make("trained", "train", toPredictY(file)));
    Path model = Files.createDirectories(folder.resolve("damaged"));
    byte[] flipped = whole.clone();
    flipped[flipped.length / 2] ^= 1;
    Files.write(model.resolve("model.bin"), flipped);
    assertThat(jobs.mistake("score", "data.path=" + file, "model.path=" + model))
        .contains("model file: expected bytes that match their SHA-256, got damaged ones")
        .contains("damaged/model.bin");
    for (int length : new int[] {0, 3, 40, whole.length - 1}) {
      Files.write(model.resolve("model.bin"), Arrays.copyOf(whole, length));
      assertThat(jobs.mistake("evaluate", "data.path=" + file, "model.path=" + model))
          .startsWith("error: model file: expected ");
    }
  }

  @Test
  void anInputOfTheModelIsMissing() {
    Path trained = jobs.make("trained", "train", toPredictY(jobs.file("table.csv", lines(40))));
    Path other = jobs.file("other.csv", List.of("a,B,c,y", "1,2,3,4"));
    for (String command : List.of("evaluate", "score")) {
      assertThat(jobs.mistake(command, "data.path=" + other, "model.path=" + trained))
          .contains("input column 'b': expected a column of that name, got none (")
          .contains("other.csv");
    }
    Path unlabelled = jobs.file("unlabelled.csv", List.of("a,b,c", "1,2,3"));
    assertThat(jobs.mistake("evaluate", "data.path=" + unlabelled, "model.path=" + trained))
        .contains("target column 'y': expected a column of that name, got none (");
    assertThat(
            jobs.mistake(
                "score",
                "data.path=" + unlabelled,
                "model.path=" + trained,
                "data.keys=row_index,id"))
        .contains("data.keys: expected a column of the table, got 'id'");
  }
}
