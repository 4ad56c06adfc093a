package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.snnk.jobs.SmallJobs.json;
import static org.snnk.jobs.SmallJobs.lines;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snnk.report.ComparisonReport;

/** Comparisons from the configuration to documents and page. */
class CompareJobTest {
  @TempDir private Path folder;

  private SmallJobs jobs;
  private Path rows;

  @BeforeEach
  void makeFile() {
    jobs = new SmallJobs(folder);
    rows = jobs.file("rows.csv", lines(400));
  }

  /** A configuration of classes, or of a number. */
  private Path conf(boolean classes, String... contenders) {
    return jobs.file(
        "compare.conf",
        List.of(
            "data.path = \"" + rows + "\"",
            classes ? "data.label = kind" : "data.label = y, data.task = regression",
            "data.inputs = [a, b, c]",
            "data.test.every = 4",
            "features.numRandomFeatures = 16",
            "features.lengthScale = 2",
            "train.regParam = 1e-3",
            "train.validationFraction = 0.2",
            "sgd { batchSize = 16, epochs = 2, shards = 2, learningRate = 0.02 }",
            "compare.seeds = [1, 2]",
            "compare.contenders = [",
            String.join("\n", contenders),
            "]",
            "output.dir = \"" + folder.resolve("out") + "\""));
  }

  private JsonNode comparison() {
    return json(folder.resolve("out/comparison.json"));
  }

  private static JsonNode contender(JsonNode comparison, String name) {
    for (JsonNode each : comparison.path("contenders")) {
      if (each.path("name").asText().equals(name)) {
        return each;
      }
    }
    throw new AssertionError("no contender " + name);
  }

  @Test
  void variantsAndPeersAreComparedOnTheSameRows() throws IOException {
    Path conf =
        conf(
            true,
            "{ name = closed }",
            "{ name = net, model.kind = network, grid.p = [4, 8],"
                + " network.layers = [dense 6, \"snnk 6 {p}\"] }",
            "{ name = logistic, peer { kind = logistic-regression, regParam = [1e-3, 1e6] } }",
            "{ name = perceptron, peer { kind = multilayer-perceptron, layers = [4], maxIter = 5 }"
                + " }",
            "{ name = forest, peer { kind = random-forest, numTrees = 3, maxDepth = 3 } }",
            "{ name = boosted, peer { kind = gradient-boosted-trees, maxIter = 2 } }",
            "{ name = line, peer = linear-regression }");
    SmallJobs.Outcome outcome = jobs.commandLine("compare", conf.toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    // A block in memory is one record to Spark, but not one row.
    assertThat(outcome.err())
        .containsPattern("Gram matrix  300 rows in ")
        .doesNotContainPattern("(score|peer validation|random-forest)  \\d+ rows");
    JsonNode comparison = comparison();
    assertThat(comparison.path("testRows").asInt()).isEqualTo(100);
    assertThat(comparison.path("trainingRows").asInt()).isEqualTo(300);
    assertThat(comparison.path("baseline").asText()).isEqualTo("closed");
    assertThat(comparison.path("contenders")).hasSize(8);
    assertThat(json(folder.resolve("out/run.json")).path("timings").findValuesAsText("phase"))
        .containsOnlyOnce("warm up");

    // Named by the grid; its layers say what was trained.
    JsonNode net = contender(comparison, "net p=8");
    assertThat(net.path("series").asText()).isEqualTo("net");
    assertThat(net.at("/axes/p").asInt()).isEqualTo(8);
    assertThat(net.path("runs")).hasSize(2);
    assertThat(net.at("/layers/1/parameters").asInt()).isEqualTo(6 * 8);
    assertThat(net.at("/parameters/mean").asInt()).isEqualTo(3 * 6 + 6 + 6 * 8 + 8 * 2 + 2);

    // Of two penalties the one that leaves something to say is chosen on the validation part.
    JsonNode logistic = contender(comparison, "logistic");
    assertThat(logistic.path("runs")).as("draws nothing").hasSize(1);
    assertThat(logistic.path("candidates").asInt()).isEqualTo(2);
    assertThat(logistic.at("/runs/0/chosen/regParam").asText()).isEqualTo("0.001");
    assertThat(logistic.at("/parameters/mean").asInt()).isEqualTo(3 + 1);
    assertThat(contender(comparison, "perceptron").at("/parameters/mean").asInt())
        .isEqualTo(3 * 4 + 4 + 4 * 2 + 2);

    // The difference of means is the mean of the differences of rows.
    JsonNode closed = contender(comparison, "closed");
    for (String figure : List.of("logLoss", "accuracy")) {
      JsonNode difference = net.path("differences").path(figure);
      double of =
          net.at("/figures/" + figure + "/mean").asDouble()
              - closed.at("/figures/" + figure + "/mean").asDouble();
      assertThat(difference.path("mean").asDouble()).isCloseTo(of, within(1e-12));
      double low = difference.path("overRows").path(0).asDouble();
      assertThat(low).isLessThan(of);
      assertThat(difference.path("overRowsAndSeeds").path(0).asDouble()).isLessThanOrEqualTo(low);
    }
    assertThat(closed.has("differences")).isFalse();
    for (JsonNode each : comparison.path("contenders")) {
      if (!each.has("leftOut")) {
        assertThat(each.at("/fitSeconds/mean").asDouble()).as(each.toString()).isPositive();
        assertThat(each.at("/modelBytes/mean").asDouble()).isPositive();
        assertThat(each.at("/figures/logLoss/mean").asDouble()).isPositive();
        assertThat(each.at("/runs/0/peakHeapBytes").asLong()).isNotNegative();
      }
    }

    // What cannot learn classes is left out and says why.
    assertThat(contender(comparison, "line").path("leftOut").asText())
        .isEqualTo(
            "peer 'linear-regression': expected a number to predict, got classes. Leave it out of"
                + " compare.contenders.");
    assertThat(outcome.out())
        .contains("contender", "net p=4", "'line' was left out: peer 'linear-regression'");
    JsonNode run = json(folder.resolve("out/run.json"));
    assertThat(run.path("warnings").get(0).asText()).startsWith("'line' was left out:");
    String page = Files.readString(folder.resolve("out/report.html"));
    assertThat(page).contains("Quality and time", "Quality and size", "Spread over seeds");
    assertThat(page).contains("gradient-boosted-trees").doesNotContain("<script");
    assertThat(page)
        .as("from its documents alone")
        .isEqualTo(ComparisonReport.render(run, comparison));
    Files.delete(folder.resolve("out/report.html"));
    assertThat(jobs.commandLine("report", folder.resolve("out").toString()).exitCode()).isZero();
    assertThat(Files.readString(folder.resolve("out/report.html"))).isEqualTo(page);
    assertThat(folder.resolve("out/saved")).as("models of peers are only weighed").doesNotExist();
  }

  @Test
  void settingsTriedAreScalesTimesPenalties() {
    Path conf =
        conf(
            true,
            "{ name = set }",
            "{ name = chosen, features.lengthScale = auto, train.lengthScaleGrid = [0.5, 1],"
                + " train.regParam = auto, train.regParamGrid = [1e-3, 1e-2, 1e-1] }",
            "{ name = penalty, train.regParam = auto, train.regParamGrid = [1e-3, 1e-2, 1e-1] }");
    SmallJobs.Outcome outcome = jobs.commandLine("compare", conf.toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(contender(comparison(), "set").path("candidates").asInt()).isEqualTo(1);
    assertThat(contender(comparison(), "chosen").path("candidates").asInt()).isEqualTo(2 * 3);
    assertThat(contender(comparison(), "penalty").path("candidates").asInt()).isEqualTo(3);
  }

  @Test
  void regressionIsComparedBySquaredError() {
    Path conf =
        conf(
            false,
            "{ name = closed }",
            "{ peer = linear-regression }",
            "{ peer { kind = random-forest, numTrees = 3 } }",
            "{ peer { kind = gradient-boosted-trees, maxIter = 2 } }",
            "{ name = softmax, peer = logistic-regression }");
    SmallJobs.Outcome outcome = jobs.commandLine("compare", conf.toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode comparison = comparison();
    JsonNode line = contender(comparison, "linear-regression");
    double rmse = line.at("/figures/rmse/mean").asDouble();
    double squares = 0;
    for (JsonNode run : contender(comparison, "closed").path("runs")) {
      squares += run.path("rmse").asDouble() * run.path("rmse").asDouble() / 2;
    }
    assertThat(line.at("/differences/squaredError/mean").asDouble())
        .isCloseTo(rmse * rmse - squares, within(1e-9));
    assertThat(contender(comparison, "random-forest").at("/figures/r2/mean").asDouble())
        .isLessThan(1);
    assertThat(contender(comparison, "softmax").path("leftOut").asText())
        .startsWith("peer 'logistic-regression': expected classes, got a number.");
  }

  @Test
  void oneThatFailsLeavesTheOthersTheirResult() {
    Path conf =
        conf(
            true,
            "{ name = closed }",
            "{ name = wild, model.kind = network, network.layers = [dense 4],"
                + " sgd.learningRate = 1e38 }",
            "{ name = forest, peer { kind = random-forest, numTrees = 2 } }");
    SmallJobs.Outcome outcome = jobs.commandLine("compare", conf.toString());
    assertThat(outcome.sentence())
        .isEqualTo(
            "error: comparison: expected a result of each of 3 contenders, got none of 'wild'."
                + " report.html and comparison.json hold the errors, and the results of the"
                + " others.");
    JsonNode comparison = comparison();
    assertThat(contender(comparison, "wild").path("failed").asText())
        .startsWith("training: expected a finite loss");
    assertThat(contender(comparison, "forest").has("differences")).isTrue();
    assertThat(outcome.out()).contains("'wild' failed: training: expected a finite loss");
    assertThat(outcome.err()).contains("'wild' begins cold: training: expected a finite loss");
  }

  @Test
  void withoutItsBaselineThereAreNoDifferences() {
    Path conf =
        conf(
            true,
            "{ name = closed }",
            "{ name = wild, model.kind = network, network.layers = [dense 4],"
                + " sgd.learningRate = 1e38 }");
    SmallJobs.Outcome outcome =
        jobs.commandLine("compare", conf.toString(), "--set", "compare.baseline=wild");
    assertThat(outcome.exitCode()).isEqualTo(Main.MISTAKE);
    assertThat(outcome.err())
        .contains("warning: the baseline 'wild' has no result, so there are no differences.");
    assertThat(contender(comparison(), "closed").has("differences")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "{ name = a }, { name = a }; option 'compare.contenders': expected a name of its own for"
            + " each contender, got 'a' twice",
        "{ name = a, data.test.every = 3 }; option 'data.test.every': expected an option of the"
            + " model or its training, got one for all contenders",
        "{ name = a, train.seed = 3 }; option 'train.seed': expected an option of the model or its"
            + " training, got one for all contenders",
        "{ name = a, train.folsd = 3 }; option 'train.folsd': expected a known key, got an unknown"
            + " one",
        "{ name = a, peer { kind = forest } }; peer: expected one of logistic-regression,"
            + " linear-regression, multilayer-perceptron, random-forest, gradient-boosted-trees,"
            + " got 'forest'",
        "{ name = a, peer { kind = random-forest, numTree = 2 } }; option 'compare.contenders':"
            + " expected a contender 'a' that can be trained, got a mistake: peer 'random-forest':"
            + " expected a parameter of Spark's RandomForestClassifier, got 'numTree'. Did you mean"
            + " 'numTrees'?",
        "{ name = a, peer { kind = random-forest, numTrees = many } }; option 'compare.contenders':"
            + " expected a contender 'a' that can be trained, got a mistake: peer 'random-forest':"
            + " expected a value that Spark takes for 'numTrees', got \"many\".",
        "{ name = a, peer = random-forest, sgd.epochs = 2 }; option 'compare.contenders': expected"
            + " nothing beside the peer of 'a', got sgd",
        "{ name = a, grid.p = 3 }; option 'compare.contenders': expected a list of values for the"
            + " axis p, got 3",
        "a; option 'compare.contenders': expected a list of sections { … }, at least one, got"
            + " '[a]'",
        "{ name = a, model.kind = network, network.layers = [dense] }; option 'network.layers':"
            + " expected"
      })
  void mistakesAreToldBeforeAnyRowIsRead(String contenders, String sentence) {
    SmallJobs.Outcome outcome = jobs.commandLine("compare", conf(true, contenders).toString());
    assertThat(outcome.sentence()).startsWith("error: " + sentence);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void anUnknownBaselineIsToldByItsNearestName() {
    SmallJobs.Outcome outcome =
        jobs.commandLine(
            "compare",
            conf(true, "{ name = closed }").toString(),
            "--set",
            "compare.baseline=close");
    assertThat(outcome.sentence())
        .isEqualTo(
            "error: option 'compare.baseline': expected the name of a contender, got 'close'"
                + " (--set). Did you mean 'closed'?");
  }
}
