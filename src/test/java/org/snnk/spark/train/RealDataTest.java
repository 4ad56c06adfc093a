package org.snnk.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;
import org.snnk.dataset.DatasetDescriptor;
import org.snnk.dataset.Datasets;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.Projection;
import org.snnk.linalg.RowBlock;
import org.snnk.metric.ClassificationMetrics;
import org.snnk.metric.RegressionMetrics;
import org.snnk.spark.LocalSpark;
import org.snnk.spark.data.RowBlocks;
import org.snnk.spark.data.Table;
import org.snnk.spark.data.TableReader;
import org.snnk.statistics.Precision;

/**
 * A plain cosine model on real rows, where there are any; test rows are those whose index modulo 5
 * is 0.
 */
class RealDataTest {

  private static Path data(String file) {
    String named = System.getenv("SNNK_REAL_DATA");
    Path path = Path.of(named == null ? "../shared/data" : named).resolve(file);
    assumeTrue(
        Files.exists(path),
        "skipped: no real data at " + path + "; SNNK_REAL_DATA names its folder");
    return path;
  }

  private static ClosedFormTraining.Options options() {
    return new ClosedFormTraining.Options(
        FeatureFamily.cosine(2048, Projection.ORTHOGONAL),
        OptionalDouble.empty(),
        List.of(0.25, 0.5, 0.7, 1.0, 1.4),
        OptionalDouble.empty(),
        List.of(1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2),
        0.2,
        0,
        false,
        50_000,
        false,
        Optional.empty(),
        Precision.EXACT,
        42,
        ClosedFormTraining.Solving.AUTO);
  }

  /** A trained model, and the rows to test it on. */
  private record Trained(ClosedFormTraining.Result result, JavaRDD<RowBlock> test) {}

  private static Trained train(
      Path file, Optional<DatasetDescriptor> descriptor, List<String> targets) {
    TableReader reader =
        TableReader.open(LocalSpark.session(), descriptor, List.of(file.toString()));
    Table table =
        reader.table(
            reader.roles(new TableReader.Choice(targets, null, List.of(), null, List.of())),
            List.of());
    JavaRDD<RowBlock> rows =
        RowBlocks.spread(RowBlocks.of(table), 4).persist(StorageLevel.MEMORY_AND_DISK());
    ClosedFormTraining.Result result =
        ClosedFormTraining.train(
            rows.map(block -> block.filter(i -> i % 5 != 0)),
            table.roles(),
            options(),
            Phases.SILENT);
    return new Trained(result, rows.map(block -> block.filter(i -> i % 5 == 0)));
  }

  @Test
  void higgsReachesItsAuc() {
    Trained trained = train(data("higgs/HIGGS.csv.gz"), Optional.of(Datasets.HIGGS), List.of());
    ClassificationMetrics metrics =
        Scoring.classification(trained.test(), trained.result().model()).summary().metrics();
    assertThat(metrics.binary().orElseThrow().auc().orNaN()).isGreaterThan(0.72);
  }

  @Test
  void covertypeReachesItsAccuracy() {
    Trained trained =
        train(data("covertype/covtype.data.gz"), Optional.of(Datasets.COVERTYPE), List.of());
    ClassificationMetrics metrics =
        Scoring.classification(trained.test(), trained.result().model()).summary().metrics();
    assertThat(metrics.accuracy().orNaN()).isGreaterThan(0.80);
  }

  @Test
  void californiaReachesItsDetermination() {
    Trained trained =
        train(
            data("regression/california_housing.csv.gz"),
            Optional.empty(),
            List.of("medianHouseValue"));
    double[] low = {0};
    double[] high = {500_000};
    RegressionMetrics metrics =
        Scoring.regression(trained.test(), trained.result().model(), low, high).summary().metrics();
    assertThat(metrics.targets().get(0).r2().orNaN()).isGreaterThan(0.76);
  }
}
