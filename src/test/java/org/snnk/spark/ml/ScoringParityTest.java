package org.snnk.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snnk.dataset.Column;
import org.snnk.dataset.DatasetDescriptor;
import org.snnk.dataset.Datasets;
import org.snnk.model.FullyBundledModel;
import org.snnk.spark.LocalSpark;
import org.snnk.spark.data.SimulatedRows;

/**
 * {@code transform} and a model that was saved and loaded without Spark, row by row and in blocks:
 * the same bits. A million rows: {@code mvn test -Dtest=ScoringParityTest
 * -Dsnnk.parityRows=1000000}.
 */
class ScoringParityTest {
  private static final long ROWS = Long.getLong("snnk.parityRows", 20_000);
  private static final DatasetDescriptor HIGGS = Datasets.find("higgs");

  private static Dataset<Row> rows(long count) {
    return new VectorAssembler()
        .setInputCols(HIGGS.inputs().stream().map(Column::name).toArray(String[]::new))
        .setOutputCol("features")
        .transform(SimulatedRows.of(LocalSpark.session(), HIGGS.name(), 11, count))
        .select(functions.col("features"), functions.col(HIGGS.label()).cast("double"));
  }

  @Test
  void transformAndScoreGiveTheSameBits(@TempDir Path folder) throws IOException {
    SnnkClassificationModel model =
        new SnnkClassifier()
            .setLabelCol(HIGGS.label())
            .setNumRandomFeatures(128)
            .setLengthScale(5)
            .fit(rows(4000));
    Path file = folder.resolve("model.bin");
    Files.write(file, model.model().toBytes());
    String path = file.toString();

    List<Long> found =
        model
            .transform(rows(ROWS))
            .select("features", "probability")
            .mapPartitions(
                (MapPartitionsFunction<Row, Long>)
                    some -> {
                      FullyBundledModel loaded = FullyBundledModel.load(Path.of(path));
                      long seen = 0;
                      long same = 0;
                      while (some.hasNext()) {
                        Row row = some.next();
                        double[] alone = loaded.score(row.<Vector>getAs(0).toArray());
                        double[] transformed = row.<Vector>getAs(1).toArray();
                        seen++;
                        same += Arrays.equals(alone, transformed) ? 1 : 0;
                      }
                      return List.of(seen, same).iterator();
                    },
                Encoders.LONG())
            .collectAsList();

    long seen = 0;
    long same = 0;
    for (int i = 0; i < found.size(); i += 2) {
      seen += found.get(i);
      same += found.get(i + 1);
    }
    assertThat(seen).isEqualTo(ROWS);
    assertThat(same).as("rows with the same bits").isEqualTo(ROWS);
  }
}
