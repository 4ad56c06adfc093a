package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.snnk.jobs.SmallJobs.json;
import static org.snnk.jobs.SmallJobs.lines;
import static org.snnk.jobs.SmallJobs.toPredictY;
import static org.snnk.jobs.SmallJobs.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snnk.TestRows;
import org.snnk.spark.LocalSpark;

/** Networks bundled from the command line: what is told, saved, scored and refused. */
class BundleJobTest {
  @TempDir private static Path folder;

  private static SmallJobs jobs;
  private static Path file;
  private static Path network;

  @BeforeAll
  static void trainNetwork() {
    jobs = new SmallJobs(folder);
    file = jobs.file("rows.csv", lines(400));
    network =
        jobs.make(
            "network",
            "run",
            "data.path=" + file,
            "data.label=kind",
            "data.inputs=a,b,c",
            "model.kind=network",
            "network.layers=dense 8,dropout 0.1,snnk 6 5",
            "sgd.batchSize=16",
            "sgd.epochs=4",
            "sgd.shards=2",
            "sgd.learningRate=0.02",
            "data.test.every=5");
  }

  private static String[] bundle(Path model, String... more) {
    return with(more, "data.path=" + file, "model.path=" + model, "data.test.every=5");
  }

  private static JsonNode steps(Path output) {
    return json(output.resolve("run.json")).at("/bundling/steps");
  }

  @Test
  void exactBundlesScoreAsTheNetworkAndAreSmaller() throws IOException {
    Path bundled = jobs.make("bundled", "bundle", bundle(network));
    JsonNode steps = steps(bundled);
    assertThat(steps).hasSize(2);
    assertThat(steps.get(0).get("layers")).hasSize(3); // no dropout
    assertThat(steps.get(1).get("layers").get(1).asText()).isEqualTo("snnk(8→2, m=6)");
    assertThat(steps.get(1).get("parameters").asInt()).isEqualTo(4 * 8 + 6 * 2 + 2);
    assertThat(steps.get(1).get("flops").asLong()).isLessThan(steps.get(0).get("flops").asLong());
    assertThat(steps.get(1).get("bytes").asInt()).isLessThan(steps.get(0).get("bytes").asInt());
    assertThat(steps.get(1).get("largestChange").asDouble()).isLessThan(1e-6);
    assertThat(steps.get(1).get("microsecondsPerRow").asDouble()).isPositive();
    assertThat(steps.get(1).get("saved").asBoolean()).isTrue();
    JsonNode metrics = json(bundled.resolve("metrics.json"));
    assertThat(metrics.get("accuracy")).isEqualTo(steps.get(1).get("accuracy"));
    assertThat(metrics.get("logLoss").asDouble())
        .isCloseTo(json(network.resolve("metrics.json")).get("logLoss").asDouble(), within(1e-6));
    assertThat(Files.readString(bundled.resolve("report.html")))
        .contains("Bundled layers")
        .contains("1 (saved)")
        .contains("Log-loss against size");
    Path evaluated =
        jobs.make(
            "evaluated",
            "evaluate",
            "data.path=" + file,
            "model.path=" + bundled,
            "data.test.every=5");
    assertThat(json(evaluated.resolve("metrics.json"))).isEqualTo(metrics);
    Path scored = jobs.make("scored", "score", "data.path=" + file, "model.path=" + bundled);
    assertThat(jobs.parquet(scored.resolve("scores")).count()).isEqualTo(400);
  }

  @Test
  void layersAreTransferredInClosedForm() {
    Path output =
        jobs.make(
            "transferred",
            "bundle",
            bundle(
                network,
                "bundle.method=transfer",
                "bundle.leastProbability=0.01",
                "features.numRandomFeatures=32",
                "features.linear=true",
                "features.lengthScale=3"));
    JsonNode steps = steps(output);
    assertThat(steps).hasSize(3);
    assertThat(steps.get(1).at("/learned/0/fromLayer").asInt()).isEqualTo(2);
    assertThat(steps.get(2).get("layers")).hasSize(3);
    assertThat(steps.get(2).at("/learned/0/explained").asDouble()).isGreaterThan(0.5);
    double before = steps.get(0).get("accuracy").asDouble();
    assertThat(steps.get(2).get("accuracy").asDouble()).isGreaterThan(before - 0.15);
    assertThat(json(output.resolve("model/model.json")).get("scales").asInt()).isEqualTo(6);
  }

  @Test
  void denseLayersGetALowRank() {
    JsonNode steps = steps(jobs.make("narrow", "bundle", narrow("0.95")));
    assertThat(steps.get(1).at("/reduced/0/layer").asInt()).isEqualTo(1);
    assertThat(steps.get(1).at("/reduced/0/rank").asInt()).isEqualTo(1);
    assertThat(steps.get(1).get("parameters").asInt())
        .isLessThan((int) (0.95 * steps.get(0).get("parameters").asInt()));
    assertThat(steps.get(1).get("largestChange").asDouble()).isBetween(1e-6, 0.9);
    assertThat(steps.get(2).get("refused").asText()).contains("expected a dense layer");

    assertThat(jobs.mistake("bundle", with(narrow("0.2"), "bundle.layers=1")))
        .startsWith("error: bundle.size: expected more than 0.")
        .contains("got 0.2");
    assertThat(jobs.mistake("bundle", narrow("1"))).contains("bundle.size");
  }

  private static String[] narrow(String size) {
    return bundle(network, "bundle.method=lowrank", "bundle.from=front", "bundle.size=" + size);
  }

  @Test
  void towersThatNobodyCanAffordAreReportedAndLeftOut() {
    String[] towers =
        bundle(
            network, "bundle.method=urf", "bundle.bandLimit=60", "features.numRandomFeatures=64");
    Path few = jobs.make("few", "bundle", towers);
    JsonNode steps = steps(few);
    assertThat(steps.get(2).get("refused").asText()).contains("‖x‖‖w‖ of order 1");
    assertThat(steps.get(1).get("saved").asBoolean()).isTrue(); // the SNNK layer, multiplied
    assertThat(jobs.mistake("bundle", with(towers, "bundle.layers=2")))
        .startsWith("error: random features of 'relu': expected ‖x‖‖w‖ of order 1");
  }

  @Test
  void aPerceptronOfSparkIsImportedAndBundled() throws IOException {
    Dataset<Row> table =
        LocalSpark.session()
            .read()
            .option("header", true)
            .option("inferSchema", true)
            .csv(file.toString())
            .withColumn("label", functions.col("kind").equalTo("right").cast(DataTypes.DoubleType));
    Dataset<Row> rows =
        new VectorAssembler()
            .setInputCols(new String[] {"a", "b", "c"})
            .setOutputCol("features")
            .transform(table);
    Path saved = folder.resolve("perceptron");
    new MultilayerPerceptronClassifier()
        .setLayers(new int[] {3, 6, 2})
        .setMaxIter(30)
        .setSeed(1)
        .fit(rows)
        .save(saved.toString());
    String[] settings =
        bundle(
            saved,
            "data.label=kind",
            "bundle.classes=left,right",
            "bundle.method=transfer",
            "features.numRandomFeatures=32",
            "features.lengthScale=3");
    Path bundled = jobs.make("imported", "bundle", with(settings, "data.inputs=a,b,c"));
    assertThat(steps(bundled).get(0).get("layers").get(0).asText())
        .isEqualTo("dense(3→6, sigmoid)");
    assertThat(steps(bundled).get(0).get("accuracy").asDouble()).isGreaterThan(0.8);
    assertThat(jobs.mistake("bundle", with(settings, "data.inputs=a,b")))
        .startsWith("error: Spark model: expected 2 inputs as the table has, got 3");
  }

  /** Embeddings and what a pooler gives for them: columns of vectors, with no network at hand. */
  @Test
  void aTeacherThatIsAColumnOfVectorsIsLearned() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      double[] x = TestRows.gaussian(3, 100 + i);
      double[] pooled = {Math.tanh(x[0] - x[1]), Math.tanh(0.5 * x[2])};
      rows.add(RowFactory.create(new double[] {x[0], x[1], x[2]}, Vectors.dense(pooled)));
    }
    Path pairs = folder.resolve("pairs");
    LocalSpark.session()
        .createDataFrame(
            rows,
            new StructType()
                .add("embedding", DataTypes.createArrayType(DataTypes.DoubleType))
                .add("pooled", SQLDataTypes.VectorType()))
        .write()
        .parquet(pairs.toString());
    Path run =
        jobs.make(
            "pooler",
            "run",
            "data.dataset=parquet",
            "data.path=" + pairs,
            "data.inputs=embedding",
            "data.targets=pooled",
            "features.numRandomFeatures=64",
            "features.lengthScale=3",
            "data.test.every=5");
    assertThat(json(run.resolve("model/model.json")).get("inputs").toString())
        .isEqualTo("[\"embedding[0]\",\"embedding[1]\",\"embedding[2]\"]");
    assertThat(json(run.resolve("metrics.json")).get("r2").asDouble()).isGreaterThan(0.95);
    Path scored =
        jobs.make(
            "pooled", "score", "data.dataset=parquet", "data.path=" + pairs, "model.path=" + run);
    assertThat(jobs.parquet(scored.resolve("scores")).count()).isEqualTo(300);
  }

  @Test
  void mistakesAreOneSentence() {
    Path bundled = jobs.make("one", "train", toPredictY(file));
    assertThat(jobs.mistake("bundle", bundle(bundled)))
        .startsWith("error: model.path: expected a network, got a fully-bundled model")
        .endsWith("It is one layer already: train with model.kind=network.");
    assertThat(jobs.mistake("bundle", bundle(network, "bundle.layers=2")))
        .startsWith(
            "error: option 'bundle.layers': expected at most 1 with bundle.method=exact of"
                + " dense(3→8, relu) → snnk(8→5, m=6) → dense(5→2, linear), got 2")
        .endsWith("others are bundled by transfer.");
    assertThat(jobs.mistake("bundle", bundle(network, "bundle.method=transfer", "bundle.layers=3")))
        .startsWith(
            "error: option 'bundle.layers': expected at most 2 with bundle.method=transfer");
    assertThat(
            jobs.mistake("bundle", bundle(network, "bundle.method=transfer", "train.solver=sgd")))
        .startsWith("error: option 'train.solver': expected auto, direct or cg, got sgd");
    assertThat(
            jobs.mistake(
                "bundle", bundle(network, "bundle.method=urf", "features.numRandomFeatures=3")))
        .startsWith("error: option 'features.numRandomFeatures': expected an even number, got 3");
  }
}
