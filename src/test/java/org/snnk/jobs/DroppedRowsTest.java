package org.snnk.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.snnk.jobs.SmallJobs.json;
import static org.snnk.jobs.SmallJobs.lines;
import static org.snnk.jobs.SmallJobs.toPredictY;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code data.invalid=drop}: rows that cannot be used are left out and counted. */
class DroppedRowsTest {
  @TempDir private Path folder;

  private SmallJobs jobs;
  private Path spoilt;

  /** 60 rows, of which the rows 6, 20, 21 and 59 cannot be used. */
  @BeforeEach
  void makeFile() {
    jobs = new SmallJobs(folder);
    List<String> lines = lines(60);
    lines.set(7, "0.1,NaN,0.3,1,2,left");
    lines.set(21, "0.1,abc,0.3,1,2,left");
    lines.set(22, "0.1,0.2");
    lines.set(60, "0.1,0.2,0.3,,2,left");
    spoilt = jobs.file("spoilt.csv", lines);
  }

  private static JsonNode rows(Path output) {
    return json(output.resolve("run.json")).path("data").path("rows");
  }

  @Test
  void trainingIsThatOfTheOtherRows() {
    Path dropped = jobs.make("dropped", "train", toPredictY(spoilt, "data.invalid=drop"));
    assertThat(rows(dropped).path("training").asInt()).isEqualTo(56);
    assertThat(rows(dropped).path("droppedFromTraining").asInt()).isEqualTo(4);
    assertThat(json(dropped.resolve("run.json")).at("/data/droppedFromTrainingBy"))
        .as("by the column of the first fault in a row")
        .isEqualTo(new ObjectMapper().valueToTree(Map.of("(the whole row)", 1, "b", 2, "y", 1)));

    List<String> weighted = new ArrayList<>(lines(60));
    weighted.replaceAll(line -> line.replaceFirst("[^,]*$", "1"));
    weighted.set(0, "a,b,c,y,z,w");
    for (int row : new int[] {6, 20, 21, 59}) {
      weighted.set(row + 1, "9,9,9,9,9,0");
    }
    Path file = jobs.file("weighted.csv", weighted);
    Path whole = jobs.make("whole", "train", toPredictY(file, "data.weight=w"));
    assertThat(SmallJobs.modelBytes(dropped))
        .as("a row of weight 0 counts for nothing either")
        .isEqualTo(SmallJobs.modelBytes(whole));
  }

  @Test
  void evaluationCountsThem() {
    Path run =
        jobs.make("run", "run", toPredictY(spoilt, "data.invalid=drop", "data.test.every=3"));
    assertThat(rows(run).path("training").asInt()).isEqualTo(38);
    assertThat(rows(run).path("droppedFromTraining").asInt()).isEqualTo(2);
    assertThat(rows(run).path("test").asInt()).isEqualTo(18);
    assertThat(rows(run).path("droppedFromTest").asInt()).isEqualTo(2);
    assertThat(json(run.resolve("metrics.json")).path("rows").asInt()).isEqualTo(18);

    Path evaluated =
        jobs.make(
            "evaluated",
            "evaluate",
            "data.path=" + spoilt,
            "data.invalid=drop",
            "model.path=" + run);
    assertThat(rows(evaluated).path("test").asInt()).isEqualTo(56);
    assertThat(rows(evaluated).path("droppedFromTest").asInt()).isEqualTo(4);
  }

  @Test
  void scoringLeavesThemOut() {
    Path model = jobs.make("model", "train", toPredictY(jobs.file("good.csv", lines(60))));
    Path scored =
        jobs.make(
            "scored", "score", "data.path=" + spoilt, "data.invalid=drop", "model.path=" + model);
    assertThat(rows(scored).path("scored").asInt()).isEqualTo(57);
    assertThat(rows(scored).path("dropped").asInt()).as("row 59 has all inputs").isEqualTo(3);
    assertThat(jobs.parquet(scored.resolve("scores")).filter("row_index IN (6, 20, 21)").count())
        .isZero();
    assertThat(jobs.parquet(scored.resolve("scores")).count()).isEqualTo(57);
  }

  @Test
  void preparingLeavesThemOutAndKeepsTheIndexOfTheOthers() {
    Path prepared =
        jobs.make(
            "prepared",
            "prepare",
            "data.path=" + jobs.file("uci.csv", covertypeLines()),
            "data.dataset=covertype",
            "data.invalid=drop");
    assertThat(rows(prepared).path("written").asInt()).isEqualTo(3);
    assertThat(rows(prepared).path("dropped").asInt()).isEqualTo(2);
    assertThat(
            jobs
                .parquet(prepared.resolve("rows"))
                .orderBy("row_index")
                .select("row_index")
                .collectAsList()
                .stream()
                .map(row -> row.getLong(0)))
        .containsExactly(0L, 2L, 4L);
  }

  private static List<String> covertypeLines() {
    String good = "1,".repeat(54) + "3";
    return List.of(good, "1,2", good, good.replaceFirst("1", "1.5"), good);
  }
}
