package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.snnk.jobs.SmallJobs.bytes;
import static org.snnk.jobs.SmallJobs.json;
import static org.snnk.jobs.SmallJobs.lines;
import static org.snnk.jobs.SmallJobs.modelBytes;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done with statistics alone is what would have been done with the rows. */
class StatisticsJobsTest {
  private static final int ROWS = 300;
  private static final int FIRST = 190;
  private static final String GRAM = "statistics/gram.bin";

  @TempDir private Path folder;

  private SmallJobs jobs;
  private Path whole;
  private Path first;
  private Path rest;

  @BeforeEach
  void makeFiles() {
    jobs = new SmallJobs(folder);
    List<String> lines = lines(ROWS);
    String header = lines.get(0);
    whole = jobs.file("whole.csv", lines);
    first = jobs.file("first.csv", lines.subList(0, FIRST + 1));
    List<String> remaining = new java.util.ArrayList<>(List.of(header));
    remaining.addAll(lines.subList(FIRST + 1, lines.size()));
    rest = jobs.file("rest.csv", remaining);
  }

  private Path train(String name, Path file, String label, String... more) {
    String[] settings = {"data.path=" + file, "data.label=" + label, "data.inputs=a,b,c"};
    String[] all = Arrays.copyOf(settings, settings.length + more.length);
    System.arraycopy(more, 0, all, settings.length, more.length);
    return jobs.make(name, "train", all);
  }

  @Test
  void mergedPartsAreTheWholeAndForgettingOneLeavesTheOther() {
    Path all = train("all", whole, "y");
    Path one = train("one", first, "y", "features.from=" + all);
    Path two = train("two", rest, "y", "features.from=" + all);

    Path merged = jobs.make("merged", "statistics merge", "statistics.path=" + one + "," + two);
    assertThat(bytes(merged.resolve(GRAM))).isEqualTo(bytes(all.resolve(GRAM)));

    Path left =
        jobs.make(
            "left", "statistics subtract", "statistics.path=" + all, "statistics.forget=" + two);
    assertThat(bytes(left.resolve(GRAM))).isEqualTo(bytes(one.resolve(GRAM)));
    assertThat(json(left.resolve("run.json")).at("/statistics/rows").asLong()).isEqualTo(FIRST);
  }

  @Test
  void aModelSolvedFromStatisticsIsTheTrainedOne() {
    Path all = train("all", whole, "y", "train.regParam=0.02");
    Path solved =
        jobs.make("solved", "statistics solve", "statistics.path=" + all, "train.regParam=0.02");
    Path trained = train("path", whole, "y", "train.regParam=auto", "train.regParamGrid=0.02,0.02");
    assertThat(modelBytes(solved)).isEqualTo(modelBytes(trained));
  }

  @Test
  void aClassifierFromStatisticsHasProbabilities() {
    Path all = train("all", whole, "kind");
    Path solved = jobs.make("solved", "statistics solve", "statistics.path=" + all);
    Path evaluated =
        jobs.make(
            "evaluated",
            "evaluate",
            "data.path=" + whole,
            "data.label=kind",
            "model.path=" + solved);
    Path reference =
        jobs.make(
            "reference", "evaluate", "data.path=" + whole, "data.label=kind", "model.path=" + all);
    double loss = json(evaluated.resolve("metrics.json")).get("logLoss").asDouble();
    double calibrated = json(reference.resolve("metrics.json")).get("logLoss").asDouble();
    assertThat(loss).isLessThan(1.5 * calibrated + 0.1);
    assertThat(json(solved.resolve("run.json")).at("/training/path")).isNotEmpty();
  }

  private Path trainBoth(String name, String... more) {
    return jobs.make(
        name,
        "train",
        SmallJobs.with(
            more,
            "data.path=" + whole,
            "data.targets=y,z",
            "data.inputs=a,b,c",
            "train.regParamGrid=0.02,0.02",
            "train.regParam=auto"));
  }

  @Test
  void aModelOfSomeTargetsIsTheOneThatWasTrainedOnThemAlone() {
    Path both = trainBoth("both");
    Path alone = train("alone", whole, "z", "train.regParam=auto", "train.regParamGrid=0.02,0.02");
    Path solved =
        jobs.make(
            "solved",
            "statistics solve",
            "statistics.path=" + both,
            "statistics.targets=z",
            "train.regParam=0.02");
    assertThat(modelBytes(solved)).isEqualTo(modelBytes(alone));
    // The statistic beside it is the whole one, so that it can go on being merged.
    assertThat(bytes(solved.resolve(GRAM))).isEqualTo(bytes(both.resolve(GRAM)));
    Path swapped =
        jobs.make(
            "swapped",
            "statistics solve",
            "statistics.path=" + both,
            "statistics.targets=z,y",
            "train.regParam=0.02");
    assertThat(json(swapped.resolve("model/model.json")).at("/targets").toString())
        .contains("z")
        .matches(".*z.*y.*");
  }

  @Test
  void targetsThatCannotBeSelectedAreRefused() {
    Path both = trainBoth("both");
    String path = "statistics.path=" + both;
    assertThat(jobs.mistake("statistics solve", path, "statistics.targets=y,zz"))
        .isEqualTo(
            "error: statistics.targets: expected target columns of the statistic, got 'zz'. Did you"
                + " mean 'z'?");
    assertThat(jobs.mistake("statistics solve", path, "statistics.targets=y,z,y"))
        .contains("statistics.targets: expected each once, got 'y' twice");
    Path classes = train("classes", whole, "kind");
    assertThat(
            jobs.mistake(
                "statistics solve", "statistics.path=" + classes, "statistics.targets=left"))
        .contains("statistics.targets: expected nothing where the targets are classes, got 'left'");
  }

  @Test
  void leavingRowsOutChoosesThePenalty() {
    for (String label : List.of("y", "kind")) {
      Path left =
          train(
              "left-" + label,
              whole,
              label,
              "train.leaveOneOut=true",
              "train.regParam=auto",
              "train.validationFraction=0");
      JsonNode training = json(left.resolve("run.json")).get("training");
      double least = Double.POSITIVE_INFINITY;
      double best = 0;
      for (JsonNode each : training.get("leaveOneOut")) {
        if (each.get("value").asDouble() < least) {
          least = each.get("value").asDouble();
          best = each.get("lambda").asDouble();
        }
      }
      assertThat(training.get("leaveOneOut")).hasSize(12);
      assertThat(training.get("lambda").asDouble()).isEqualTo(best);
      assertThat(training.get("chosenBy").asText()).isEqualTo("leave-one-out");
      assertThat(training.has("validation")).isFalse();
      assertThat(new String(bytes(left.resolve("report.html")), StandardCharsets.UTF_8))
          .contains("Choice of λ")
          .contains("(leave-one-out)");
      Path plain = train("plain-" + label, whole, label);
      assertThat(bytes(left.resolve(GRAM))).isEqualTo(bytes(plain.resolve(GRAM)));
    }
  }

  @Test
  void leavingRowsOutAndFoldsExcludeEachOther() {
    assertThat(
            jobs.mistake(
                "train",
                "data.path=" + whole,
                "data.label=y",
                "train.leaveOneOut=true",
                "train.folds=5"))
        .contains("train.leaveOneOut: expected false where train.folds chooses the penalty");
    assertThat(
            jobs.mistake(
                "train",
                "data.path=" + whole,
                "data.label=y",
                "train.leaveOneOut=true",
                "train.validationFraction=0",
                "features.lengthScale=auto"))
        .contains("train.validationFraction: expected a number between 0 and 1");
  }

  @Test
  void statisticsOfOtherSpecificationsAreRefusedByTheirPart() {
    Path all = train("all", whole, "y");
    String path = "statistics.path=" + all + ",";
    Path seed = train("seed", whole, "y", "train.seed=7");
    assertThat(jobs.mistake("statistics merge", path + seed))
        .contains("statistics with different feature map: expected");
    Path scaled = train("scaled", first, "y");
    assertThat(jobs.mistake("statistics merge", path + scaled))
        .contains("statistics with different standardizer: expected");
    Path target = train("target", whole, "z", "features.numRandomFeatures=16");
    assertThat(jobs.mistake("statistics merge", path + target))
        .contains("statistics with different target columns: expected 'y', got 'z' (number 1)");
    assertThat(
            jobs.mistake(
                "statistics subtract", "statistics.path=" + all, "statistics.forget=" + scaled))
        .contains("statistics with different standardizer: expected");
  }

  @Test
  void moreRowsThanThereAreCannotBeForgotten() {
    Path all = train("all", whole, "y");
    Path one = train("one", first, "y", "features.from=" + all);
    assertThat(
            jobs.mistake(
                "statistics subtract", "statistics.path=" + one, "statistics.forget=" + all))
        .contains("subtracted statistic: expected at most 190 rows, got 300.");
  }

  @Test
  void aDamagedFileIsRefusedWhereverItIsDamaged() throws IOException {
    Path all = train("all", whole, "y");
    byte[] good = Files.readAllBytes(all.resolve(GRAM));
    for (int at : new int[] {20, good.length / 2, good.length - 1}) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      assertDamaged(bad);
    }
    for (int length : new int[] {9, 40, good.length / 2, good.length - 1}) {
      assertDamaged(Arrays.copyOf(good, length));
    }
    byte[] other = good.clone();
    other[7] = 9;
    Files.write(jobs.path("bad.bin"), other);
    assertThat(jobs.mistake("statistics merge", "statistics.path=" + jobs.path("bad.bin")))
        .contains("statistics file: expected version 1, got version 9");
    assertThat(jobs.mistake("statistics merge", "statistics.path=" + whole))
        .contains("statistics file: expected the first bytes SNKS, got others");
    assertThat(jobs.mistake("statistics merge", "statistics.path=" + jobs.path("none")))
        .contains("statistics.path: expected a statistics file");
  }

  private void assertDamaged(byte[] bytes) throws IOException {
    Files.write(jobs.path("bad.bin"), bytes);
    String damaged = "statistics file: expected bytes that match their SHA-256, got damaged or";
    String bad = jobs.path("bad.bin").toString();
    assertThat(jobs.mistake("statistics solve", "statistics.path=" + bad)).contains(damaged);
    assertThat(
            jobs.mistake(
                "statistics subtract", "statistics.path=" + bad, "statistics.forget=" + bad))
        .contains(damaged);
    assertThat(jobs.mistake("train", "data.path=" + whole, "data.label=y", "features.from=" + bad))
        .contains(damaged);
    assertThat(jobs.mistake("statistics merge", "statistics.path=" + jobs.path("bad.bin")))
        .contains(
            "statistics file: expected bytes that match their SHA-256, got damaged or missing");
  }

  @Test
  void foldsChooseThePenaltyAndAreKeptOutOfTheStatistic() {
    Path plain = train("plain", whole, "y");
    Path folded = train("folded", whole, "y", "train.folds=5", "train.regParam=auto");
    assertThat(bytes(folded.resolve(GRAM))).isEqualTo(bytes(plain.resolve(GRAM)));
    JsonNode penalties = json(folded.resolve("run.json")).at("/training/validation");
    assertThat(penalties.size()).isGreaterThan(3);
    for (JsonNode each : penalties) {
      double error = each.path("value").asDouble();
      assertThat(each.path("standardError").asDouble()).isBetween(1e-4 * error, error);
    }
    assertThat(folded.resolve("report.html"))
        .content()
        .contains("Shaded: one standard error to each side, from the spread between folds.");
    assertThat(
            jobs.mistake(
                "train",
                "data.path=" + whole,
                "data.label=y",
                "data.inputs=a,b,c",
                "train.folds=1"))
        .contains("option 'train.folds': expected 0, or 2 and more, got 1");
  }

  private Path trainSingle(String name, Path file, String... more) {
    return train(name, file, "y", SmallJobs.with(more, "features.precision=single"));
  }

  @Test
  void aSinglePrecisionStatisticSaysSoEverywhere() {
    Path single =
        trainSingle("single", whole, "train.regParam=auto", "train.regParamGrid=1e-7,1e-3,1e-2");
    JsonNode run = json(single.resolve("run.json"));
    assertThat(run.at("/features/precision").asText()).isEqualTo("single");
    assertThat(run.at("/features/exact").asBoolean(true)).isFalse();
    assertThat(run.at("/training/smallestLambda").asDouble()).isEqualTo(0x1p-18);
    assertThat(run.at("/training/leftOutLambdas").toString()).isEqualTo("[1.0E-7]");
    assertThat(run.at("/training/path")).hasSize(2);
    assertThat(run.at("/warnings").toString())
        .contains("features.precision is single: statistic and model are not exact")
        .contains("left out of train.regParamGrid: [1.0E-7]");
    assertThat(new String(bytes(single.resolve("report.html")), StandardCharsets.UTF_8))
        .contains("statistic and model are not exact");
    JsonNode model = json(single.resolve("model/model.json"));
    assertThat(model.get("precision").asText()).isEqualTo("single");
    assertThat(model.get("exact").asBoolean(true)).isFalse();

    Path exact = train("exact", whole, "y");
    assertThat(json(exact.resolve("run.json")).at("/features/exact").asBoolean()).isTrue();
    assertThat(json(exact.resolve("model/model.json")).get("precision").asText())
        .isEqualTo("exact");
    String both = "statistics.path=" + exact + "," + single;
    assertThat(jobs.mistake("statistics merge", both)).contains("statistics with different");
  }

  @Test
  void solvingASinglePrecisionStatisticKeepsToItsPenalties() {
    Path all = trainSingle("all", whole);
    String path = "statistics.path=" + all;
    assertThat(jobs.mistake("statistics solve", path, "train.regParam=1e-6"))
        .isEqualTo(
            "error: train.regParam: expected a penalty from 3.814697265625E-6 up, where 16 features"
                + " are summed in single precision, got 1.0E-6. Raise it, or train with"
                + " features.precision=exact.");
    Path solved = jobs.make("solved", "statistics solve", path);
    JsonNode run = json(solved.resolve("run.json"));
    assertThat(run.at("/statistics/precision").asText()).isEqualTo("single");
    assertThat(run.at("/statistics/exact").asBoolean(true)).isFalse();
    assertThat(run.at("/training/path")).hasSize(10);
    assertThat(run.at("/training/leftOutLambdas").toString()).isEqualTo("[1.0E-7,1.0E-6]");
    assertThat(json(solved.resolve("model/model.json")).get("exact").asBoolean(true)).isFalse();
  }

  @Test
  void aTrainingTakesOverOnlyFeaturesOfItsPrecision() {
    Path all = trainSingle("all", whole);
    Path one = trainSingle("one", first, "features.from=" + all);
    Path two = trainSingle("two", rest, "features.from=" + all);
    Path merged = jobs.make("merged", "statistics merge", "statistics.path=" + one + "," + two);
    assertThat(json(merged.resolve("run.json")).at("/statistics/rows").asLong()).isEqualTo(ROWS);
    Path left =
        jobs.make(
            "left", "statistics subtract", "statistics.path=" + merged, "statistics.forget=" + two);
    assertThat(bytes(left.resolve(GRAM))).isEqualTo(bytes(one.resolve(GRAM)));
    assertThat(json(left.resolve("run.json")).at("/warnings").toString())
        .contains("rounding errors of the forgotten rows");
    String path = "data.path=" + first;
    assertThat(jobs.mistake("train", path, "data.label=y", "features.from=" + all))
        .isEqualTo(
            "error: features.precision: expected 'single', as in features.from, got 'exact'. Set it"
                + " alike, or the statistics cannot be merged.");
  }

  @Test
  void foldsAndLeaveOneOutWorkInSinglePrecision() {
    for (String way : List.of("train.folds=3", "train.leaveOneOut=true")) {
      String[] more = {way, "train.regParam=auto", "train.regParamGrid=1e-7,1e-3,1e-2,1e-1"};
      JsonNode single = json(trainSingle("s" + way, whole, more).resolve("run.json"));
      String[] usable = {way, "train.regParam=auto", "train.regParamGrid=1e-3,1e-2,1e-1"};
      JsonNode exact = json(train("e" + way, whole, "y", usable).resolve("run.json"));
      String key = way.contains("folds") ? "/training/validation" : "/training/leaveOneOut";
      assertThat(single.at(key)).hasSize(3);
      for (int l = 0; l < 3; l++) {
        double value = exact.at(key + "/" + l + "/value").asDouble();
        assertThat(single.at(key + "/" + l + "/value").asDouble())
            .isCloseTo(value, org.assertj.core.data.Offset.offset(1e-3 * value));
      }
    }
  }
}
