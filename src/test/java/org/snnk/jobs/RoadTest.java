package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.snnk.jobs.SmallJobs.bytes;
import static org.snnk.jobs.SmallJobs.json;
import static org.snnk.jobs.SmallJobs.lines;
import static org.snnk.jobs.SmallJobs.modelBytes;
import static org.snnk.jobs.SmallJobs.toPredictY;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snnk.dataset.simulation.SampleFile;
import org.snnk.spark.LocalSpark;

/** The way of a row through the jobs: any layout and any cut of the same rows give the same. */
class RoadTest {
  private static final String SPLIT_SIZE = "mapreduce.input.fileinputformat.split.maxsize";

  @TempDir private Path folder;

  private SmallJobs jobs;

  @BeforeEach
  void makeJobs() {
    jobs = new SmallJobs(folder);
  }

  private static String[] kinds(String path, String... more) {
    return SmallJobs.with(more, "data.path=" + path, "data.label=kind", "data.inputs=a,b,c");
  }

  private Path sample(String dataset, String name) {
    return new SampleFile(dataset, 7, 300, name).writeInto(folder);
  }

  // ---- layouts ----

  @ParameterizedTest
  @CsvSource({"higgs,2", "hepmass,2", "covertype,7"})
  void aKnownLayoutIsReadAsItsSetSays(String dataset, int classes) {
    String[] settings = {
      "data.path=" + sample(dataset, "rows.csv.gz"), "data.dataset=" + dataset, "data.test.every=5"
    };
    Path run = jobs.make("run", "run", settings);
    JsonNode rows = json(run.resolve("run.json")).path("data").path("rows");
    assertThat(rows.path("training").asInt()).isEqualTo(240);
    JsonNode metrics = json(run.resolve("metrics.json"));
    assertThat(metrics.path("rows").asInt()).isEqualTo(60);
    assertThat(metrics.path("confusion").findValues("counts")).hasSizeLessThanOrEqualTo(1);
    assertThat(json(run.resolve("run.json")).path("data").path("classes")).hasSize(classes);
  }

  @ParameterizedTest
  @CsvSource({"higgs", "hepmass", "covertype", "wind-turbine"})
  void preparedRowsTrainTheSameModelAsTheText(String dataset) {
    String file = "data.path=" + sample(dataset, "rows.csv");
    String set = "data.dataset=" + dataset;
    Path prepared = jobs.make("prepared", "prepare", file, set, "prepare.files=2");
    Path text = jobs.make("text", "train", file, set, "data.test.every=5");
    Path parquet = jobs.make("parquet", "train", "data.path=" + prepared, set, "data.test.every=5");
    assertThat(modelBytes(parquet)).isEqualTo(modelBytes(text));
    assertThat(jobs.parquet(prepared.resolve("rows")).inputFiles()).hasSize(2);
  }

  @Test
  void anyCsvWithAHeaderIsPreparedWithItsTypes() {
    Path prepared = jobs.make("prepared", "prepare", "data.path=" + jobs.file("t.csv", lines(50)));
    Dataset<Row> rows = jobs.parquet(prepared.resolve("rows"));
    assertThat(rows.schema().simpleString())
        .isEqualTo(
            "struct<a:double,b:double,c:double,y:double,z:double,kind:string,row_index:bigint>");
    Path text = jobs.make("text", "train", kinds(folder.resolve("t.csv").toString()));
    Path parquet = jobs.make("parquet", "train", kinds(prepared.toString()));
    assertThat(modelBytes(parquet)).isEqualTo(modelBytes(text));
  }

  @Test
  void textLabelsAndQuotedFieldsAreClasses() {
    List<String> lines = lines(60);
    lines.replaceAll(
        line ->
            line.replace("left", "\"le,ft \"\"L\"\"\"")
                .replaceFirst("^", "\"")
                .replaceFirst(",", "\","));
    Path file = jobs.file("quoted.csv", lines);
    Path run = jobs.make("run", "run", kinds(file.toString(), "data.test.every=5"));
    JsonNode classes = json(run.resolve("run.json")).path("data").path("classes");
    assertThat(classes.findValuesAsText("name")).containsExactly("le,ft \"L\"", "right");
    Path plain =
        jobs.make(
            "plain",
            "run",
            kinds(jobs.file("plain.csv", lines(60)).toString(), "data.test.every=5"));
    JsonNode same = json(plain.resolve("metrics.json"));
    assertThat(json(run.resolve("metrics.json")).path("auc")).isEqualTo(same.path("auc"));
  }

  @Test
  void aByteOrderMarkAndWindowsLineEndsAreNoPartOfTheNames() {
    List<String> lines = lines(60);
    lines.replaceAll(line -> line + "\r");
    lines.set(0, "\ufeff" + lines.get(0));
    Path file = jobs.file("windows.csv", lines);
    Path plain = jobs.file("plain.csv", lines(60));
    assertThat(modelBytes(jobs.make("windows", "train", kinds(file.toString()))))
        .isEqualTo(modelBytes(jobs.make("plain", "train", kinds(plain.toString()))));
  }

  // ---- cuts ----

  /** Row indices and predictions of a file or folder, and the bytes of the model it trains. */
  private record Seen(List<String> scores, byte[] model) {}

  private Seen see(String name, String path, String... more) {
    String[] settings = toPredictY(Path.of(path), more);
    Path trained = jobs.make(name + "-trained", "train", settings);
    Path scored =
        jobs.make(name + "-scored", "score", "data.path=" + path, "model.path=" + trained);
    List<String> scores =
        jobs
            .parquet(scored.resolve("scores"))
            .orderBy("row_index")
            .select("row_index", "prediction")
            .collectAsList()
            .stream()
            .map(Row::mkString)
            .toList();
    return new Seen(scores, modelBytes(trained));
  }

  @Test
  void filesAndSplitsLeaveNoTrace() {
    List<String> lines = lines(300);
    Seen whole = see("whole", jobs.file("whole.csv", lines).toString());
    assertThat(whole.scores).hasSize(300);
    String header = lines.get(0);
    for (int part = 0; part < 3; part++) {
      List<String> some = new ArrayList<>(List.of(header));
      some.addAll(lines.subList(1 + 100 * part, 101 + 100 * part));
      jobs.file("parts/part [" + part + "], {a}.csv" + (part == 1 ? ".gz" : ""), some);
    }
    String parts = folder.resolve("parts").toString();
    Configuration hadoop = LocalSpark.session().sparkContext().hadoopConfiguration();
    try {
      assertThat(see("parts", parts)).usingRecursiveComparison().isEqualTo(whole);
      hadoop.set(SPLIT_SIZE, "700");
      assertThat(see("splits", folder.resolve("whole.csv").toString(), "data.partitions=7"))
          .usingRecursiveComparison()
          .isEqualTo(whole);
      assertThat(see("both", parts)).usingRecursiveComparison().isEqualTo(whole);
    } finally {
      hadoop.unset(SPLIT_SIZE);
    }
  }

  @Test
  void parquetWithAndWithoutARowIndexKeepsTheOrder() {
    Path text = jobs.file("text.csv", lines(300));
    Seen whole = see("whole", text.toString());
    Path prepared = jobs.make("prepared", "prepare", "data.path=" + text);
    Dataset<Row> rows = jobs.parquet(prepared.resolve("rows"));
    rows.repartition(3, functions.col("c"))
        .sortWithinPartitions("b")
        .write()
        .parquet(folder.resolve("shuffled").toString());
    assertThat(see("shuffled", folder.resolve("shuffled").toString()))
        .usingRecursiveComparison()
        .isEqualTo(whole);
    rows.repartitionByRange(3, functions.col("row_index"))
        .sortWithinPartitions("row_index")
        .drop("row_index")
        .write()
        .parquet(folder.resolve("bare").toString());
    assertThat(see("bare", folder.resolve("bare").toString()))
        .usingRecursiveComparison()
        .isEqualTo(whole);
  }

  // ---- weights, targets, columns ----

  @Test
  void severalTargetsAreEachTheirOwn() {
    Path file = jobs.file("table.csv", lines(200));
    String inputs = "data.inputs=a,b,c";
    Path both =
        jobs.make(
            "both", "run", "data.path=" + file, inputs, "data.targets=y,z", "data.test.every=4");
    Path single = jobs.make("single", "run", toPredictY(file, "data.test.every=4"));
    Path scored = jobs.make("scored", "score", "data.path=" + file, "model.path=" + both);
    Path alone = jobs.make("alone", "score", "data.path=" + file, "model.path=" + single);
    Dataset<Row> scores = jobs.parquet(scored.resolve("scores"));
    assertThat(scores.columns()).containsExactly("row_index", "prediction_y", "prediction_z");
    Row difference =
        scores
            .join(jobs.parquet(alone.resolve("scores")), "row_index")
            .select(functions.max(functions.expr("abs(prediction - prediction_y)")))
            .head();
    assertThat(difference.getDouble(0)).isLessThan(1e-9);
    assertThat(json(both.resolve("metrics.json")).toString()).contains("\"y\"").contains("\"z\"");
  }

  @Test
  void constantAndBinaryInputsAreTold() {
    List<String> lines = lines(100);
    lines.replaceAll(line -> line.replaceFirst("^[^,]*,", "5,"));
    lines.set(0, lines(0).get(0));
    for (int i = 1; i < lines.size(); i++) {
      lines.set(i, lines.get(i).replaceFirst("^5,[^,]*", "5," + i % 2));
    }
    Path trained = jobs.make("trained", "train", toPredictY(jobs.file("table.csv", lines)));
    JsonNode inputs = json(trained.resolve("run.json")).path("data").path("inputs");
    assertThat(inputs.findValuesAsText("note"))
        .containsExactly("constant: not used", "binary: left as it is", "");
  }

  // ---- one command after another ----

  @Test
  void evaluatingASavedModelGivesTheMetricsOfTheRun() {
    Path file = jobs.file("table.csv", lines(200));
    Path run = jobs.make("run", "run", kinds(file.toString(), "data.test.every=4"));
    Path evaluated =
        jobs.make(
            "evaluated",
            "evaluate",
            "data.path=" + file,
            "data.test.every=4",
            "model.path=" + run.resolve("model"));
    assertThat(bytes(evaluated.resolve("metrics.json")))
        .isEqualTo(bytes(run.resolve("metrics.json")));
  }

  @Test
  void testRowsOfAFileOfTheirOwnOrAtTheEndAreTheSame() {
    List<String> lines = lines(200);
    Path all = jobs.file("all.csv", lines);
    Path first = jobs.file("first.csv", lines.subList(0, 151));
    List<String> rest = new ArrayList<>(List.of(lines.get(0)));
    rest.addAll(lines.subList(151, 201));
    Path last = jobs.file("last.csv", rest);
    // Rows are resampled by their index, which is another in a file of their own.
    String plain = "evaluate.bootstrap=0";
    Path one = jobs.make("one", "run", kinds(all.toString(), "data.test.lastRows=50", plain));
    Path two = jobs.make("two", "run", kinds(first.toString(), "data.test.path=" + last, plain));
    assertThat(modelBytes(two)).isEqualTo(modelBytes(one));
    assertThat(bytes(two.resolve("metrics.json"))).isEqualTo(bytes(one.resolve("metrics.json")));
    assertThat(json(one.resolve("metrics.json")).path("rows").asInt()).isEqualTo(50);
  }

  @Test
  void scoresHaveKeysPredictionAndProbability() {
    Path file = jobs.file("table.csv", lines(100));
    Path trained = jobs.make("trained", "train", kinds(file.toString()));
    Path scored =
        jobs.make(
            "scored",
            "score",
            "data.path=" + file,
            "model.path=" + trained,
            "data.keys=kind,row_index");
    Dataset<Row> scores = jobs.parquet(scored.resolve("scores"));
    assertThat(scores.schema().simpleString())
        .isEqualTo(
            "struct<kind:string,row_index:bigint,prediction:string,probability:array<double>>");
    assertThat(scores.filter("abs(probability[0] + probability[1] - 1) > 1e-12").count()).isZero();
    assertThat(scores.filter("prediction = if(probability[0] >= 0.5, 'left', 'right')").count())
        .isEqualTo(100);
    assertThat(scores.filter("prediction = kind").count()).isGreaterThan(60);
    List<Long> indices =
        scores.orderBy("row_index").select("row_index").collectAsList().stream()
            .map(row -> row.getLong(0))
            .toList();
    assertThat(indices).isEqualTo(LongStream.range(0, 100).boxed().toList());
  }

  @Test
  void whatWasSetAndWhereIsRecorded() throws IOException {
    Path file = jobs.file("table.csv", lines(60));
    Path conf =
        Files.writeString(
            folder.resolve("job.conf"),
            "data { path = \""
                + file
                + "\", label = kind, inputs = [a, b, c] }\n"
                + "features { numRandomFeatures = 8, lengthScale = 2 }\n"
                + "train { seed = 7, regParam = 0.01 }\n");
    SmallJobs.Outcome outcome =
        jobs.commandLine(
            "train",
            conf.toString(),
            "--set",
            "features.numRandomFeatures=16",
            "--set",
            "output.dir=" + folder.resolve("out"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode options = json(folder.resolve("out/run.json")).path("options");
    assertThat(option(options, "features.numRandomFeatures")).isEqualTo("16 --set");
    assertThat(option(options, "train.seed")).startsWith("7 ").endsWith("job.conf:3");
    assertThat(option(options, "train.validationFraction")).isEqualTo("0.1 default");
    assertThat(json(folder.resolve("out/run.json")).path("command").asText())
        .contains("jobs/snnk train")
        .contains("--set features.numRandomFeatures=16");
  }

  private static String option(JsonNode options, String key) {
    for (JsonNode option : options) {
      if (option.path("key").asText().equals(key)) {
        return option.path("value").asText() + " " + option.path("origin").asText();
      }
    }
    return "none";
  }

  // ---- generate ----

  @Test
  void generateWritesTheShippedSamples() throws IOException {
    Path out = jobs.path("samples");
    SmallJobs.Outcome outcome =
        jobs.commandLine(
            "generate", "conf/jobs/generate-samples.conf", "--set", "output.dir=" + out);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    for (SampleFile sample : SampleFile.SHIPPED) {
      assertThat(text(out.resolve(sample.fileName())))
          .isEqualTo(text(Path.of("data-samples", sample.fileName())));
    }
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void generatedParquetIsRowsToTrainOn() {
    Path made =
        jobs.make(
            "made",
            "generate",
            "generate.dataset=higgs",
            "generate.rows=300",
            "generate.seed=7",
            "generate.format=parquet");
    Path parquet =
        jobs.make(
            "parquet",
            "train",
            "data.dataset=higgs",
            "data.path=" + made.resolve("higgs-sample.parquet"));
    Path text =
        jobs.make(
            "text", "train", "data.dataset=higgs", "data.path=" + sample("higgs", "higgs.csv"));
    assertThat(json(parquet.resolve("run.json")).path("data").path("rows").path("training").asInt())
        .isEqualTo(300);
    assertThat(json(parquet.resolve("run.json")).path("data").path("classes"))
        .isEqualTo(json(text.resolve("run.json")).path("data").path("classes"));
    for (StructField field : jobs.parquet(made.resolve("higgs-sample.parquet")).schema().fields()) {
      assertThat(field.dataType()).isNotEqualTo(DataTypes.StringType);
    }
  }
}
