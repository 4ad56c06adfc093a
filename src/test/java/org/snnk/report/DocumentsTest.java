package org.snnk.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.metric.ClassificationSummary;
import org.snnk.metric.Figure;
import org.snnk.metric.RegressionSummary;

class DocumentsTest {

  @Test
  void runRecordHasAFixedOrderAndPlainNumbers() {
    RunRecord record =
        new RunRecord()
            .put("environment", "spark", "4.1.0")
            .put("own", "x", new float[] {0.1f})
            .put("data.rows", "read", 7)
            .put("data.rows", "share", 0.1 + 0.2)
            .put("training", "lambda", 1e-5)
            .put("training", "loss", Double.NaN)
            .put("training", "r2", Figure.undefined("the target is constant"))
            .phase("solve", Duration.ofMillis(1500))
            .started(Instant.parse("2026-01-02T03:04:05Z"))
            .finished(Instant.parse("2026-01-02T03:04:07.25Z"))
            .option("seed", 3, "default")
            .command(List.of("jobs/snnk", "run", "my conf", "--set", "a=it's"))
            .put("seed", 3);
    assertThat(record.text())
        .isEqualTo(
            """
            {
              "format" : "snnk-run",
              "version" : 1,
              "command" : "jobs/snnk run 'my conf' --set 'a=it'\\\\''s'",
              "started" : "2026-01-02T03:04:05Z",
              "finished" : "2026-01-02T03:04:07.250Z",
              "seconds" : 2.25,
              "seed" : 3,
              "warnings" : [ ],
              "data" : {
                "rows" : {
                  "read" : 7,
                  "share" : 0.30000000000000004
                }
              },
              "training" : {
                "lambda" : 1.0E-5,
                "loss" : null,
                "r2" : null
              },
              "timings" : [ {
                "phase" : "solve",
                "seconds" : 1.5
              } ],
              "options" : [ {
                "key" : "seed",
                "value" : 3,
                "origin" : "default"
              } ],
              "environment" : {
                "spark" : "4.1.0"
              },
              "own" : {
                "x" : [ 0.1 ]
              }
            }
            """);
  }

  @Test
  void mapsWithoutAnOrderAreSorted() {
    Map<String, Integer> ordered = new LinkedHashMap<>();
    Map<String, Integer> unordered = new HashMap<>();
    for (String key : List.of("z", "q", "a", "m")) {
      ordered.put(key, 1);
      unordered.put(key, 1);
    }
    assertThat(Json.of(ordered).toString()).isEqualTo("{\"z\":1,\"q\":1,\"a\":1,\"m\":1}");
    assertThat(Json.of(unordered).toString()).isEqualTo("{\"a\":1,\"m\":1,\"q\":1,\"z\":1}");
  }

  @Test
  void secretsAreNotWritten() {
    String text =
        new RunRecord()
            .command(List.of("jobs/snnk", "run", "--set", "spark.hadoop.fs.s3a.secret.key=hush"))
            .option("spark.my.PASSWORD", "hush", "--set")
            .put("environment", "api_token", "hush")
            .text();
    assertThat(text).doesNotContain("hush").contains("*****");
  }

  @Test
  void valueWithoutJsonFormIsRefused() {
    assertThatThrownBy(() -> new RunRecord().put("a", new Object()))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "value of the run record: expected text, a number, a boolean, a time, or a collection"
                + " of them, got java.lang.Object. Record its parts.");
  }

  @Test
  void binaryMetricsHaveThePromisedKeys() {
    ObjectNode metrics = ReportExamples.binaryMetrics(300);
    assertThat(metrics.path("rows").asLong()).isEqualTo(300);
    for (String key : List.of("accuracy", "logLoss", "auc", "aucErrorBound", "brier", "mcc")) {
      assertThat(metrics.path(key).isNumber()).as(key).isTrue();
    }
    long sum = 0;
    for (JsonNode row : metrics.path("confusion")) {
      for (JsonNode cell : row) {
        assertThat(cell.isIntegralNumber()).isTrue();
        sum += cell.asLong();
      }
    }
    assertThat(sum).isEqualTo(300);
    assertThat(metrics.has("confusionWeight")).isFalse();
    assertThat(metrics.path("undefined").isEmpty()).isTrue();
    assertThat(Json.write(metrics)).isEqualTo(Json.write(ReportExamples.binaryMetrics(300)));
  }

  @Test
  void smallMetricsAreWrittenLikeThis() {
    ClassificationSummary summary = new ClassificationSummary(2);
    summary.add(1, new double[] {0.25, 0.75}, 0, 1);
    summary.add(1, new double[] {0.75, 0.25}, 0, 2.5);
    assertThat(Json.write(MetricsDocument.of(summary.metrics(), List.of("no", "yes"))))
        .isEqualTo(
            """
            {
              "format" : "snnk-metrics",
              "version" : 1,
              "task" : "classification",
              "rows" : 2,
              "weighted" : true,
              "weight" : 3.5,
              "classes" : [ "no", "yes" ],
              "accuracy" : 0.2857142857142857,
              "logLoss" : 1.072405135786145,
              "brier" : 0.41964285714285715,
              "balancedAccuracy" : 0.2857142857142857,
              "macroF1" : 0.2222222222222222,
              "mcc" : null,
              "calibrationError" : 0.6071428571428571,
              "positiveClass" : "yes",
              "auc" : null,
              "aucErrorBound" : null,
              "averagePrecision" : null,
              "averagePrecisionErrorBound" : null,
              "ks" : null,
              "confusion" : [ [ 0, 0 ], [ 1, 1 ] ],
              "confusionWeight" : [ [ 0, 0 ], [ 2.5, 1 ] ],
              "perClass" : [ {
                "class" : "no",
                "support" : 0,
                "weight" : 0,
                "predictedWeight" : 2.5,
                "precision" : 0.0,
                "recall" : null,
                "f1" : 0.0
              }, {
                "class" : "yes",
                "support" : 2,
                "weight" : 3.5,
                "predictedWeight" : 1,
                "precision" : 1.0,
                "recall" : 0.2857142857142857,
                "f1" : 0.4444444444444444
              } ],
              "reliability" : [ {
                "from" : 0.25,
                "to" : 0.3,
                "weight" : 2.5,
                "meanScore" : 0.25,
                "hitRate" : 1.0
              }, {
                "from" : 0.75,
                "to" : 0.8,
                "weight" : 1,
                "meanScore" : 0.75,
                "hitRate" : 1.0
              } ],
              "roc" : [ ],
              "precisionRecall" : [ ],
              "gain" : [ ],
              "undefined" : {
                "mcc" : "all rows are of one class",
                "auc" : "no row is of the negative class",
                "aucErrorBound" : "no row is of the negative class",
                "averagePrecision" : "no row is of the negative class",
                "averagePrecisionErrorBound" : "no row is of the negative class",
                "ks" : "no row is of the negative class"
              }
            }
            """);
  }

  @Test
  void regressionMetricsHaveThePromisedKeys() {
    ObjectNode metrics = ReportExamples.regressionMetrics(400, List.of("a", "b"));
    for (String key : List.of("rmse", "mae", "r2")) {
      assertThat(metrics.path(key).isNumber()).as(key).isTrue();
    }
    assertThat(metrics.path("targets").size()).isEqualTo(2);
    RegressionSummary constant = new RegressionSummary(new double[] {0}, new double[] {1});
    constant.add(new double[] {0.5}, 0, new double[] {0.75}, 0, 1);
    ObjectNode undefined = MetricsDocument.of(constant.metrics(), List.of("y"));
    assertThat(undefined.path("r2").isNull()).isTrue();
    assertThat(undefined.path("undefined").path("r2").asText()).isEqualTo("the target is constant");
  }

  @Test
  void wrongNumberOfNamesIsRefused() {
    assertThatThrownBy(
            () -> MetricsDocument.of(new ClassificationSummary(2).metrics(), List.of("a")))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "class names: expected 2 of them, got 1."
                + " Give the names that the model was trained with.");
  }

  @Test
  void numbersAreWrittenForReaders() {
    assertThat(NumberText.plain(1234567)).isEqualTo("1\u202f234\u202f567");
    assertThat(NumberText.plain(1234)).isEqualTo("1234");
    assertThat(NumberText.plain(44941.37)).isEqualTo("44\u202f941");
    assertThat(NumberText.plain(0.00123456)).isEqualTo("0.001235");
    assertThat(NumberText.plain(1e-7)).isEqualTo("1e-7");
    assertThat(NumberText.plain(-0.25)).isEqualTo("−0.25");
    assertThat(NumberText.share(-0.25)).isEqualTo("−0.2500");
    assertThat(NumberText.share(-4.7e-6)).isEqualTo("0.0000");
    assertThat(NumberText.plain(Double.NaN)).isEqualTo("–");
    assertThat(NumberText.percent(0.8234)).isEqualTo("82\u202f%");
    assertThat(NumberText.percent(0.0234)).isEqualTo("2.3\u202f%");
    assertThat(NumberText.seconds(0.0451)).isEqualTo("45\u202fms");
    assertThat(NumberText.seconds(7200)).isEqualTo("2.0\u202fh");
    assertThat(NumberText.tick(200_000, 100_000)).isEqualTo("200k");
    assertThat(NumberText.tick(0.6, 0.2)).isEqualTo("0.6");
    assertThat(NumberText.tick(1e-5, 1e-5)).isEqualTo("1e−5");
    assertThat(NumberText.tick(-1500, 500)).isEqualTo("−1500");
    assertThat(NumberText.coordinate(12.04)).isEqualTo("12");
    assertThat(NumberText.coordinate(-0.25)).isEqualTo("-0.2");
  }
}
