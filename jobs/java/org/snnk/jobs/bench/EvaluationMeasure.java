package org.snnk.jobs.bench;

import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.snnk.dataset.DatasetDescriptor;
import org.snnk.dataset.Datasets;
import org.snnk.linalg.RowBlock;
import org.snnk.metric.Bootstrap;
import org.snnk.model.FullyBundledModel;
import org.snnk.model.GivenScores;
import org.snnk.spark.data.Roles;
import org.snnk.spark.data.RowBlocks;
import org.snnk.spark.data.SimulatedRows;
import org.snnk.spark.data.Table;
import org.snnk.spark.data.TableReader;
import org.snnk.spark.ml.SnnkClassifier;
import org.snnk.spark.train.Evaluation;

/** All figures of rows that were scored before, from Parquet, against reading those rows alone. */
final class EvaluationMeasure {
  private static final int FEATURES = 16;
  private static final long TRAINING_ROWS = 2000;
  private static final int REPLICATES = 1000;
  private static final double MOST = 1.2;

  private final Site site;
  private final long rows;
  private final DatasetDescriptor descriptor = Datasets.find("hepmass");

  private EvaluationMeasure(Site site) {
    this.site = site;
    this.rows = site.setup().mostRows();
  }

  static List<Result> run(Site site) {
    return new EvaluationMeasure(site).run();
  }

  private List<Result> run() {
    GivenScores model = new GivenScores(model());
    String path = site.folder() + "/scored-" + rows;
    boolean unused =
        site.phase(
            "write " + rows + " scored rows",
            () -> {
              scored().write().parquet(path);
              return true;
            });
    JavaRDD<RowBlock> blocks = blocks(model, path);
    Runnable read = () -> blocks.map(block -> (long) block.rows()).reduce(Long::sum);
    Runnable figures = () -> evaluate(blocks, model, Bootstrap.NONE);
    Bootstrap bootstrap = new Bootstrap(REPLICATES, site.setup().seed());
    Runnable intervals = () -> evaluate(blocks, model, bootstrap);
    List<String> names =
        List.of("read scored rows", "figures of scored rows", "figures and intervals");
    List<Runnable> works = List.of(read, figures, intervals);
    Object unusedCold = site.inTurns(names, works); // a pass is short: several until compiled
    List<List<Double>> seconds = site.inTurns(names, works);
    return List.of(
        result("figures / reading", "one pass for all figures", seconds.get(1), seconds.get(0)),
        result(
            "figures and intervals / reading",
            "one pass for all figures and the sums of their intervals",
            seconds.get(2),
            seconds.get(0)));
  }

  private Result result(String name, String what, List<Double> ours, List<Double> reading) {
    return new Result(
        Measure.EVALUATION,
        name + ", 2 classes",
        Quantity.median("s", what, ours),
        Quantity.median("s", "the same rows read from Parquet as blocks", reading),
        Optional.of(Target.atMost(MOST)),
        Result.details("rows", rows, "tasksAtOnce", site.cores()));
  }

  private static void evaluate(JavaRDD<RowBlock> blocks, GivenScores model, Bootstrap bootstrap) {
    Evaluation.Options options = new Evaluation.Options(bootstrap, List.of(), 0);
    Evaluation.classification(blocks, model, options).rejected().requireNone("scored rows");
  }

  /** A model of two classes, whose name the scores go by. */
  private FullyBundledModel model() {
    Dataset<Row> table =
        SimulatedRows.of(site.spark(), descriptor.name(), site.setup().seed(), TRAINING_ROWS);
    return new SnnkClassifier()
        .setLabelCol(descriptor.label())
        .setNumRandomFeatures(FEATURES)
        .setLengthScale(1)
        .fit(Site.vectors(descriptor, table, "features"))
        .model();
  }

  /** Probabilities p spread over (0, 1), and labels that are 1 with probability p. */
  private Dataset<Row> scored() {
    Column p = functions.expr("1 / (1 + exp(-1.5 * randn(1)))");
    return site.spark()
        .range(0, rows, 1, site.cores())
        .withColumnRenamed("id", Table.ROW_INDEX)
        .withColumn("p", p)
        .withColumn(descriptor.label(), functions.expr("cast(rand(2) < p as int)"))
        .withColumn("probability", functions.expr("array(1 - p, p)"))
        .drop("p");
  }

  private JavaRDD<RowBlock> blocks(GivenScores model, String path) {
    TableReader reader = TableReader.open(site.spark(), Optional.empty(), List.of(path));
    Roles roles = new Roles(model.inputNames(), model.targetNames(), model.classLabels(), null);
    return RowBlocks.of(reader.scored(model, roles, List.of()));
  }
}
