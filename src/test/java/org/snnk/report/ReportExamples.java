package org.snnk.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snnk.metric.Bootstrap;
import org.snnk.metric.ClassificationSummary;
import org.snnk.metric.Detail;
import org.snnk.metric.PairedDifference;
import org.snnk.metric.RegressionSummary;
import org.snnk.random.CounterRandom;

/** Documents of runs that look real, from simulated scores. */
final class ReportExamples {
  private static final CounterRandom RANDOM = new CounterRandom(2026, 0);

  private static final Bootstrap BOOTSTRAP = new Bootstrap(100, 1);

  private ReportExamples() {}

  static ObjectNode binaryMetrics(int rows) {
    ClassificationSummary summary = new ClassificationSummary(2, BOOTSTRAP, Detail.FULL);
    List<ClassificationSummary> slices = new ArrayList<>();
    List<String> names =
        List.of("below 0.5", "from 0.5 to a much larger value", "<b>(missing)</b>");
    for (int s = 0; s < names.size(); s++) {
      slices.add(new ClassificationSummary(2, BOOTSTRAP, Detail.SLICE));
    }
    double[] p = new double[2];
    for (int i = 0; i < rows; i++) {
      int label = RANDOM.uniform(i) < 0.53 ? 1 : 0;
      double z = RANDOM.stream(1).gaussian(i) + (label == 1 ? 0.55 : -0.55);
      p[1] = 1 / (1 + StrictMath.exp(-1.4 * z));
      p[0] = 1 - p[1];
      summary.add(i, label, p, 0, 1);
      slices.get(i % 3 == 0 ? 1 : 0).add(i, label, p, 0, 1); // the last one stays empty
    }
    List<String> classes = List.of("background", "signal");
    ObjectNode metrics = MetricsDocument.of(summary.metrics(), classes);
    List<ObjectNode> documents =
        slices.stream().map(slice -> MetricsDocument.of(slice.metrics(), classes)).toList();
    MetricsDocument.addSlices(metrics, "jet & pT", "bands", names, 0, documents);
    return metrics;
  }

  static ObjectNode multiMetrics(int rows, List<String> names) {
    int k = names.size();
    ClassificationSummary summary = new ClassificationSummary(k, BOOTSTRAP, Detail.FULL);
    double[] p = new double[k];
    for (int i = 0; i < rows; i++) {
      double u = RANDOM.uniform(i);
      int label = (int) (k * u * u * 0.95); // the last class never comes up where k is large
      double sum = 0;
      for (int j = 0; j < k; j++) {
        double closeness = j == label ? 2.6 : Math.abs(j - label) == 1 ? 1.2 : 0;
        p[j] = StrictMath.exp(1.3 * (closeness + RANDOM.stream(2 + j).gaussian(i)));
        sum += p[j];
      }
      for (int j = 0; j < k; j++) {
        p[j] /= sum;
      }
      summary.add(i, label, p, 0, 1 + i % 2 * 0.5);
    }
    return MetricsDocument.of(summary.metrics(), names);
  }

  static ObjectNode regressionMetrics(int rows, List<String> names) {
    int k = names.size();
    double[] low = new double[k];
    double[] high = new double[k];
    java.util.Arrays.fill(low, 14_999);
    java.util.Arrays.fill(high, 500_001);
    RegressionSummary summary = new RegressionSummary(low, high, BOOTSTRAP, Detail.FULL);
    double[] y = new double[k];
    double[] p = new double[k];
    for (int i = 0; i < rows; i++) {
      for (int t = 0; t < k; t++) {
        double price = 180_000 * StrictMath.exp(0.55 * RANDOM.stream(50 + t).gaussian(i));
        y[t] = Math.max(14_999, Math.min(500_001, price));
        p[t] = y[t] * 0.86 + 27_000 + 45_000 * RANDOM.stream(70 + t).gaussian(i);
      }
      summary.add(i, y, 0, p, 0, 1);
    }
    return MetricsDocument.of(summary.metrics(), names);
  }

  /** A comparison of five contenders with two seeds; one of them has failed. */
  static ObjectNode comparison() {
    ComparisonDocument document =
        new ComparisonDocument(true, "logistic regression", List.of(1L, 2L), 0.95, 1.96)
            .put("trainingRows", 28_224)
            .put("testRows", 7_060)
            .put("inputs", 28);
    ObjectNode metrics = binaryMetrics(500);
    ComparisonDocument.Contender baseline = null;
    List<String> names =
        List.of("logistic regression", "SNNK, closed form", "SNNK network", "random forest");
    for (int c = 0; c < names.size(); c++) {
      String name = names.get(c);
      ComparisonDocument.Contender entry =
          document.contender(
              name, name, Map.of(), "a kind of learner", Map.of("regParam", List.of("1.0E-4")));
      for (long seed = 1; seed <= 2; seed++) {
        ObjectNode figures = metrics.deepCopy();
        figures.put("logLoss", 0.65 - 0.02 * c + 0.003 * c * seed);
        entry =
            entry.run(
                new ComparisonDocument.Run(
                    seed,
                    4.1 * (c + 1),
                    0.3,
                    250_000_000L + c,
                    2,
                    Map.of("lengthScale", 3.4275867676550034, "regParam", "1.0E-4"),
                    29L * (1 + 900 * c),
                    4_000L * (1 + c),
                    figures));
      }
      if (c == 0) {
        baseline = entry;
      } else {
        PairedDifference[] losses = {new PairedDifference(), new PairedDifference()};
        for (int i = 0; i < 50; i++) {
          losses[0].add(-0.02 * c + 0.01 * RANDOM.stream(90 + c).gaussian(i), 1);
          losses[1].add(RANDOM.stream(95 + c).gaussian(i), 1);
        }
        entry = entry.differences(baseline, losses);
      }
    }
    var unused =
        document
            .contender("boosted <trees>", "boosted", Map.of(), "MLlib", Map.of())
            .failed("out of memory. Give it more.");
    return document.toJson();
  }

  /** A suite of two runs, of which one failed. */
  static ObjectNode suite() {
    SuiteIndex index = new SuiteIndex();
    ObjectNode run = run("HIGGS", "classification", List.of("background", "signal"), 28).toJson();
    index.done("higgs-sample", run, binaryMetrics(500), 27.5);
    index.failed("covertype-sample", "data.path: expected a file, got none. Check the path.");
    index.made(run);
    return index.toJson();
  }

  static RunRecord run(String data, String task, List<String> classes, int inputs) {
    RunRecord record =
        new RunRecord()
            .put("title", data)
            .put("task", task)
            .put("seed", 20260117L)
            .started(Instant.parse("2026-01-17T09:30:00.123Z"))
            .command(
                List.of(
                    "jobs/snnk",
                    "run",
                    "conf/jobs/higgs-sample.conf",
                    "--set",
                    "output.dir=out/my run",
                    "--set",
                    "spark.hadoop.fs.s3a.secret.key=abc"))
            .put("data", "name", data)
            .put("data", "paths", List.of("data-samples/higgs.csv.gz"))
            .put("data", "source", "UCI 280, CC BY 4.0")
            .put("data.rows", "training", 28_224)
            .put("data.rows", "droppedFromTraining", 12)
            .put("data.rows", "trainingWeight", 28_224.0)
            .put("data.rows", "test", 7_060)
            .put("data.rows", "droppedFromTest", 0)
            .put("data", "droppedFromTrainingBy", Map.of("lepton_pT", 11, "(the whole row)", 1))
            .put("features", "map", "cosine and sine, orthogonal")
            .put("features", "numRandomFeatures", 2048)
            .put("features", "lengthScale", 6.5)
            .put("features", "clippedInputs", 7)
            .put("training", "lambda", 1e-4)
            .put("training", "solver", "Cholesky")
            .put("training", "validationMetric", "logLoss")
            .put("model", "fingerprint", "sha256:" + "9f86d081884c7d659a2feaa0c55ad015".repeat(2))
            .put("model", "parameters", 4098)
            .machine()
            .put("environment", "spark", "4.1.0")
            .put("environment", "blas", "dev.ludovic.netlib.blas.JNIBLAS, OpenBLAS 0.3.31")
            .phase("read and check", Duration.ofMillis(1840))
            .phase("moments", Duration.ofMillis(620))
            .phase("choose length scale", Duration.ofMillis(14_200))
            .phase("Gram statistic", Duration.ofMillis(8_310))
            .phase("solve", Duration.ofMillis(930))
            .phase("evaluate", Duration.ofMillis(1_210))
            .phase("write", Duration.ofMillis(45))
            .option("data.path", "data-samples/higgs.csv.gz", "conf/jobs/higgs-sample.conf:4")
            .option("data.invalid", "drop", "--set")
            .option("features.numRandomFeatures", 2048, "conf/jobs/higgs-sample.conf:9")
            .option("features.lengthScale", null, "default")
            .option("solve.lambdas", List.of(1e-6, 1e-5, 1e-4), "default")
            .option("spark.hadoop.fs.s3a.secret.key", "abc", "--set")
            .warning("12 rows were dropped because data.invalid = drop.")
            .finished(Instant.parse("2026-01-17T09:30:27.500Z"));
    for (double scale : new double[] {3.25, 4.6, 6.5, 9.2, 13}) {
      for (int e = -7; e <= -1; e++) {
        double value =
            0.561
                + 0.012 * StrictMath.pow(StrictMath.log(scale / 6.5), 2)
                + 0.0021 * StrictMath.pow(e + 4 - StrictMath.log(scale / 6.5), 2);
        Map<String, Object> tried = new LinkedHashMap<>();
        tried.put("lengthScale", scale);
        tried.put("lambda", Double.parseDouble("1e" + e));
        tried.put("value", value);
        record.add("training", "validation", tried);
      }
    }
    for (int i = 0; i < classes.size(); i++) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("name", classes.get(i));
      each.put("rows", 15_000 / (i + 1));
      record.add("data", "classes", each);
    }
    List<Map<String, Object>> columns = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      Map<String, Object> column = new LinkedHashMap<>();
      column.put("name", i == 0 ? "lepton <script>alert(1)</script> pT & \"eta\"" : "input_" + i);
      column.put("mean", RANDOM.stream(90).gaussian(i) * StrictMath.pow(10, i % 7 - 2.0));
      column.put("sd", 0.3 + RANDOM.stream(91).uniform(i));
      column.put("note", i == 5 ? "constant, left out" : i % 9 == 4 ? "binary, left alone" : "");
      columns.add(column);
      Map<String, Object> importance = new LinkedHashMap<>();
      importance.put("name", column.get("name"));
      importance.put("meanSquaredGradient", 1.0 / (i + 1));
      importance.put("share", 0.2 / (i + 1));
      record.add("importance", "inputs", importance);
    }
    record.put("importance", "rows", 1000);
    return record.put("data", "inputs", columns);
  }
}
