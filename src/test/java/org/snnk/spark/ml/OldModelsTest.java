package org.snnk.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snnk.model.FullyBundledModel;

/** Models that earlier versions saved. */
class OldModelsTest {
  private static final Path MODELS = Path.of("src/test/resources/models");

  @ParameterizedTest
  @ValueSource(strings = "version-1")
  void modelsOfEarlierVersionsScoreAsTheyDid(String version) throws IOException {
    Path folder = MODELS.resolve(version);
    assertThat(OldModels.scores(folder))
        .isEqualTo(Files.readAllLines(folder.resolve("scores.txt")));
    SnnkRegressionModel model =
        SnnkRegressionModel.load(folder.resolve(OldModels.NAMES[0]).toString());
    assertThat(model.summary().modelFingerprint())
        .isEqualTo(FullyBundledModel.load(folder.resolve(OldModels.NAMES[0])).fingerprint());
    Row row = model.transform(StageData.classes(0, 1, 2).withColumnRenamed("a.b", "a")).head();
    assertThat(row.<Double>getAs("std")).isBetween(0.1, 1.0);
  }
}
