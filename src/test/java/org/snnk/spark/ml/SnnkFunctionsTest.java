package org.snnk.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnnkFunctionsTest {
  @BeforeAll
  static void register() {
    SnnkFunctions.register(StageData.SPARK);
  }

  @Test
  void sqlGivesWhatTransformGives(@TempDir Path folder) throws Exception {
    Dataset<Row> rows = StageData.vectors(StageData.classes(0, 200, 2));
    SnnkRegressionModel number = StageData.regressor().fit(rows);
    SnnkClassificationModel label = StageData.classifier().setPredictionCol("class").fit(rows);
    number.write().save(folder.resolve("number").toString());
    label.write().save(folder.resolve("label").toString());
    label.transform(number.transform(rows)).createOrReplaceTempView("scored");
    List<Row> got =
        StageData.SPARK
            .sql(
                "select prediction, snnk_predict('%1$s/number', features), snnk_predict('%1$s/number',"
                        .formatted(folder)
                    + " array(a, `c d`, e, f)), class, snnk_predict('%1$s/label', features),"
                        .formatted(folder)
                    + " probability, snnk_probability('%1$s/label', features),".formatted(folder)
                    + " snnk_predict('%1$s/number', null) from scored".formatted(folder))
            .collectAsList();
    assertThat(got).hasSize(200);
    for (Row row : got) {
      assertThat(row.getDouble(1)).isEqualTo(row.getDouble(0)).isEqualTo(row.getDouble(2));
      assertThat(row.getDouble(4)).isEqualTo(row.getDouble(3));
      assertThat(row.<Double>getList(6))
          .isEqualTo(
              java.util.Arrays.stream(row.<org.apache.spark.ml.linalg.Vector>getAs(5).toArray())
                  .boxed()
                  .toList());
      assertThat(row.isNullAt(7)).isTrue();
    }
  }

  @Test
  void aPathWithoutAModelIsToldOf(@TempDir Path folder) {
    StageData.SPARK.sparkContext().setLogLevel("OFF"); // the failure is meant
    try {
      assertThatThrownBy(
              () ->
                  StageData.SPARK
                      .sql("select snnk_predict('" + folder + "/none', array(id)) from range(1)")
                      .collectAsList())
          .hasStackTraceContaining(
              "model: expected a folder with model.bin, got none at '" + folder);
    } finally {
      StageData.SPARK.sparkContext().setLogLevel("WARN");
    }
  }
}
