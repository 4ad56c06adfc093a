package org.snnk.spark.ml;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.snnk.TestRows;
import org.snnk.feature.Featurizer;
import org.snnk.model.FullyBundledModel;

/**
 * Rows per second of one core: a stage's transform, a function of single rows, and bare scoring.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 4)
@Measurement(iterations = 5, time = 4)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "-Xmx3g",
      "--add-opens=java.base/java.lang=ALL-UNNAMED",
      "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
      "--add-opens=java.base/java.nio=ALL-UNNAMED",
      "--add-opens=java.base/java.util=ALL-UNNAMED",
      "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
      "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
      "--add-opens=java.base/sun.security.action=ALL-UNNAMED",
      "--add-opens=java.base/sun.util.calendar=ALL-UNNAMED"
    })
public class TransformBenchmark {
  private static final int D = 28;
  private static final int M = 512;
  private static final int ROWS = 1 << 17;

  private Dataset<Row> rows;
  private SnnkRegressionModel model;
  private double[] x;
  private double[] scores;
  private double[] features;
  private FullyBundledModel.Workspace workspace;
  private Featurizer.Workspace mapping;

  /** Cached vectors, and a model of them. */
  @Setup
  public void fit() {
    SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    List<Column> columns = new ArrayList<>();
    String[] names = new String[D];
    for (int j = 0; j < D; j++) {
      names[j] = "x" + j;
      columns.add(functions.randn(j).as(names[j]));
    }
    columns.add(functions.randn(D).as("label"));
    rows =
        new VectorAssembler()
            .setInputCols(names)
            .setOutputCol("features")
            .transform(spark.range(0, ROWS, 1, 1).select(columns.toArray(Column[]::new)))
            .select("features", "label")
            .persist(StorageLevel.MEMORY_ONLY());
    rows.count();
    model =
        new SnnkRegressor()
            .setNumRandomFeatures(M)
            .setLengthScale(5)
            .setRegParam(1e-3)
            .setValidationFraction(0)
            .fit(rows);
    x = TestRows.gaussian(4096 * D, 1);
    scores = new double[4096];
    features = new double[512 * M];
    workspace = new FullyBundledModel.Workspace();
    mapping = new Featurizer.Workspace();
    FullyBundledModel bare = model.model();
    spark
        .udf()
        .register(
            "one_row",
            (UDF1<Vector, Double>) v -> bare.score(v.toArray())[0],
            DataTypes.DoubleType);
  }

  /** The stage; the sum forces every prediction and nothing else. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public double transform() {
    return model.transform(rows).selectExpr("sum(prediction)").head().getDouble(0);
  }

  /** The same by a function of single rows. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public double function() {
    return rows.selectExpr("sum(one_row(features))").head().getDouble(0);
  }

  /** No Spark. */
  @Benchmark
  @OperationsPerInvocation(4096)
  public double bareScores() {
    model.model().scores(4096, x, scores, workspace);
    return scores[0];
  }

  /** The ceiling: projection and activation alone. */
  @Benchmark
  @OperationsPerInvocation(4096)
  public double bareFeatures() {
    for (int first = 0; first < 4096; first += 512) {
      model.model().featurizer().features(512, x, first, features, M, mapping);
    }
    return features[0];
  }
}
