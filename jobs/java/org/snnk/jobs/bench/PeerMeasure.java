package org.snnk.jobs.bench;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.distributed.RowMatrix;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.storage.StorageLevel;
import org.snnk.feature.Featurizer;
import org.snnk.linalg.Blas;
import org.snnk.linalg.Grid;
import org.snnk.linalg.RowBlock;
import org.snnk.solve.Readout;
import org.snnk.solve.RidgeSolver;
import org.snnk.spark.train.GramPass;

/**
 * Rows a second against Spark MLlib's Gram matrix and normal-equation solver.
 *
 * <p>Ours starts from raw rows in memory and makes the features; MLlib finds the same features
 * ready as vectors in memory. MLlib's fixed cost, measured on an eighth of its rows, is taken off
 * its time; ours stays in.
 */
final class PeerMeasure {
  private static final int TARGET_FEATURES = 1024;
  private static final double LAMBDA = 1e-3;
  private static final int FEWER = 8;
  private static final String LABEL = "label";
  private static final String FEATURES = "features";

  private final Site site;
  private final int m;
  private final Data data;
  private final GramPass.Specification specification;

  private PeerMeasure(Site site) {
    this.site = site;
    this.m = site.setup().leastFeatures();
    this.data = site.setup().firstData();
    this.specification = site.specification(data, m);
  }

  static List<Result> run(Site site) {
    return new PeerMeasure(site).run();
  }

  private List<Result> run() {
    List<Result> results = new ArrayList<>();
    List<Boolean> backends =
        site.phase("ceiling, m=" + m, this::nativeOnExecutors)
            ? List.of(false, true)
            : List.of(false);
    long rows = site.rowsFor(m);
    JavaRDD<RowBlock> raw = site.parquet(data, rows).persist(StorageLevel.MEMORY_ONLY());
    Quantity gram;
    Quantity fit;
    try {
      long unused = raw.count();
      site.warmUp(data, specification);
      gram = ours(rows, "a Gram pass over rows in memory", () -> Site.pass(raw, specification));
      fit =
          ours(
              rows,
              "a Gram pass over rows in memory and the solve",
              () -> {
                Readout ignored =
                    RidgeSolver.solve(Site.pass(raw, specification).normalEquations(), LAMBDA);
              });
    } finally {
      raw.unpersist(true);
    }
    long all = site.setup().peerRows();
    long fewer = Math.max(1, all / FEWER);
    results.addAll(gramMatrices(gram, rows, all, fewer, backends));
    results.addAll(fits(fit, rows, all, fewer, backends));
    return results;
  }

  private boolean nativeOnExecutors() {
    return site.context().parallelize(List.of(0), 1).map(task -> Blas.backend().isNative()).first();
  }

  private Quantity ours(long rows, String what, Runnable work) {
    List<Double> seconds = site.phase(what, () -> site.seconds(work));
    return Quantity.median(
        "rows/s", what + ", features made on the way", Site.perSecond((double) rows, seconds));
  }

  private List<Result> gramMatrices(
      Quantity ours, long rows, long all, long fewer, List<Boolean> backends) {
    JavaRDD<Vector> many = vectors(all);
    JavaRDD<Vector> few = vectors(fewer);
    List<Result> results = new ArrayList<>();
    try {
      for (boolean nativeCode : backends) {
        Timed timed =
            time(
                "MLlib computeGramianMatrix, " + blas(nativeCode),
                all,
                fewer,
                some -> {
                  JavaRDD<Vector> given = some ? few : many;
                  Object unused =
                      new RowMatrix(
                              given
                                  .mapPartitions(
                                      (FlatMapFunction<Iterator<Vector>, Vector>)
                                          vectors -> {
                                            PeerBlas.use(nativeCode);
                                            return vectors;
                                          })
                                  .rdd(),
                              some ? fewer : all,
                              m)
                          .computeGramianMatrix();
                });
        results.add(result("Gram matrix / RowMatrix", ours, timed, rows, all, nativeCode));
      }
    } finally {
      many.unpersist(true);
      few.unpersist(true);
    }
    return results;
  }

  private List<Result> fits(
      Quantity ours, long rows, long all, long fewer, List<Boolean> backends) {
    Dataset<Row> many = table(all);
    Dataset<Row> few = table(fewer);
    List<Result> results = new ArrayList<>();
    try {
      for (boolean nativeCode : backends) {
        // The label passes through a function that sets the BLAS of the process where it runs.
        UserDefinedFunction choose =
            functions
                .udf(
                    (UDF1<Double, Double>)
                        label -> {
                          PeerBlas.use(nativeCode);
                          return label;
                        },
                    DataTypes.DoubleType)
                .asNondeterministic();
        Timed timed =
            time(
                "MLlib LinearRegression, " + blas(nativeCode),
                all,
                fewer,
                some -> {
                  Dataset<Row> given =
                      (some ? few : many).withColumn(LABEL, choose.apply(functions.col(LABEL)));
                  Object unused =
                      new LinearRegression()
                          .setSolver("normal")
                          .setRegParam(LAMBDA)
                          .setLabelCol(LABEL)
                          .setFeaturesCol(FEATURES)
                          .fit(given);
                });
        results.add(result("fit / LinearRegression", ours, timed, rows, all, nativeCode));
      }
    } finally {
      many.unpersist(true);
      few.unpersist(true);
    }
    return results;
  }

  private static String blas(boolean nativeCode) {
    return nativeCode ? "native BLAS" : "Java BLAS";
  }

  // ---- MLlib's rows a second ----

  private record Timed(Quantity quantity, double fixedSeconds) {}

  /**
   * Times the peer.
   *
   * @param work takes whether it is given the fewer rows
   */
  private Timed time(String what, long all, long fewer, Consumer<Boolean> work) {
    return site.phase(
        what,
        () -> {
          work.accept(true); // the JIT compiler, and the BLAS
          double few = Quantity.median(site.seconds(() -> work.accept(true)));
          List<Double> seconds = site.seconds(() -> work.accept(false));
          double perRow = (Quantity.median(seconds) - few) / (all - fewer);
          // With very few rows noise is larger than their time; then nothing is taken off.
          double fixed = perRow > 0 ? Math.max(0, few - perRow * fewer) : 0;
          return new Timed(
              Quantity.median(
                  "rows/s",
                  what + " on features in memory, its fixed cost taken off",
                  seconds.stream().map(s -> all / Math.max(s - fixed, s / FEWER)).toList()),
              fixed);
        });
  }

  private Result result(
      String name, Quantity ours, Timed timed, long rows, long all, boolean nativeCode) {
    return new Result(
        Measure.PEERS,
        name + ", " + blas(nativeCode) + ", m=" + m,
        ours,
        timed.quantity(),
        m == TARGET_FEATURES ? Optional.of(Target.atLeast(10)) : Optional.empty(),
        Result.details(
            "inputs",
            data.inputs(),
            "rows",
            rows,
            "referenceRows",
            all,
            "referenceFixedSeconds",
            timed.fixedSeconds(),
            "tasksAtOnce",
            site.cores()));
  }

  // ---- the features that MLlib gets ----

  private JavaRDD<Vector> vectors(long rows) {
    Featurizer featurizer = specification.featurizer();
    JavaRDD<Vector> vectors =
        site.parquet(data, rows)
            .flatMap(
                block -> {
                  List<Vector> ofBlock = new ArrayList<>();
                  for (double[] features : features(block, featurizer)) {
                    ofBlock.add(org.apache.spark.mllib.linalg.Vectors.dense(features));
                  }
                  return ofBlock.iterator();
                })
            .persist(StorageLevel.MEMORY_ONLY());
    return site.phase(
        "features for MLlib",
        () -> {
          long unused = vectors.count();
          return vectors;
        });
  }

  private Dataset<Row> table(long rows) {
    Featurizer featurizer = specification.featurizer();
    JavaRDD<Row> made =
        site.parquet(data, rows)
            .flatMap(
                block -> {
                  List<Row> ofBlock = new ArrayList<>();
                  double[][] features = features(block, featurizer);
                  for (int i = 0; i < features.length; i++) {
                    ofBlock.add(RowFactory.create(block.y()[i], Vectors.dense(features[i])));
                  }
                  return ofBlock.iterator();
                });
    List<StructField> fields =
        List.of(
            DataTypes.createStructField(LABEL, DataTypes.DoubleType, false),
            DataTypes.createStructField(FEATURES, SQLDataTypes.VectorType(), false));
    Dataset<Row> table =
        site.spark()
            .createDataFrame(made, DataTypes.createStructType(fields))
            .persist(StorageLevel.MEMORY_ONLY());
    return site.phase(
        "features for MLlib",
        () -> {
          long unused = table.count();
          return table;
        });
  }

  /** The features of each row of a block, in units of one. */
  private static double[][] features(RowBlock block, Featurizer featurizer) {
    int n = block.rows();
    int m = featurizer.map().features();
    double[] out = new double[n * m];
    featurizer.features(n, block.x(), 0, out, m, new Featurizer.Workspace());
    double[][] rows = new double[n][m];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < m; j++) {
        rows[i][j] = out[i * m + j] / Grid.FEATURE_ONE;
      }
    }
    return rows;
  }
}
