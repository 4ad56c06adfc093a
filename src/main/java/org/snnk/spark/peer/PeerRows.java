package org.snnk.spark.peer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.storage.StorageLevel;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.Blas;
import org.snnk.linalg.Grid;
import org.snnk.linalg.RowBlock;
import org.snnk.spark.data.Roles;
import org.snnk.statistics.Moments;
import org.snnk.statistics.RowParts;

/**
 * Training rows as MLlib takes them, kept on the executors: a vector of standardised inputs, the
 * label, the weight, and the row's index.
 */
public final class PeerRows implements AutoCloseable {
  static final String FEATURES = "features";
  static final String LABEL = "label";
  static final String WEIGHT = "weight";
  private static final String INDEX = "index";

  private final Dataset<Row> table;
  private final JavaRDD<RowBlock> blocks;
  private final Roles roles;
  private final Standardizer standardizer;

  private PeerRows(
      Dataset<Row> table, JavaRDD<RowBlock> blocks, Roles roles, Standardizer standardizer) {
    this.table = table;
    this.blocks = blocks;
    this.roles = roles;
    this.standardizer = standardizer;
  }

  /**
   * Makes and keeps the table.
   *
   * @param moments of these rows
   */
  public static PeerRows of(
      SparkSession spark, JavaRDD<RowBlock> rows, Roles roles, Moments moments) {
    Standardizer standardizer = moments.standardizer();
    JavaRDD<Row> made =
        rows.flatMap(
            block -> {
              // Loads the BLAS of this process, which MLlib takes over, before MLlib looks for one.
              Blas unused = Blas.backend();
              int d = block.inputs();
              double[] x = standardized(standardizer, block.rows(), block.x());
              List<Row> ofBlock = new ArrayList<>(block.rows());
              for (int i = 0; i < block.rows(); i++) {
                ofBlock.add(
                    RowFactory.create(
                        Vectors.dense(Arrays.copyOfRange(x, i * d, (i + 1) * d)),
                        block.y()[i],
                        block.weight(i),
                        block.index()[i]));
              }
              return ofBlock.iterator();
            });
    List<StructField> fields =
        List.of(
            DataTypes.createStructField(FEATURES, SQLDataTypes.VectorType(), false),
            DataTypes.createStructField(LABEL, DataTypes.DoubleType, false),
            DataTypes.createStructField(WEIGHT, DataTypes.DoubleType, false),
            DataTypes.createStructField(INDEX, DataTypes.LongType, false));
    Dataset<Row> table =
        spark
            .createDataFrame(made, DataTypes.createStructType(fields))
            .persist(StorageLevel.MEMORY_AND_DISK());
    long unused = table.count();
    return new PeerRows(table, rows, roles, standardizer);
  }

  /** Standardised inputs in units of one. */
  static double[] standardized(Standardizer standardizer, int n, double[] x) {
    double[] units = new double[n * standardizer.inputs()];
    long unused = standardizer.standardize(n, x, 0, units);
    for (int i = 0; i < units.length; i++) {
      units[i] = Math.scalb(units[i], -Grid.INPUT_BITS);
    }
    return units;
  }

  Roles roles() {
    return roles;
  }

  Standardizer standardizer() {
    return standardizer;
  }

  /** All rows. */
  Dataset<Row> table() {
    return table;
  }

  /** The rows of one part. */
  Dataset<Row> part(RowParts parts, int part) {
    UDF1<Long, Boolean> belongs = index -> parts.of(index) == part;
    return table.filter(functions.udf(belongs, DataTypes.BooleanType).apply(table.col(INDEX)));
  }

  /** The rows of one part as blocks. */
  JavaRDD<RowBlock> blocks(RowParts parts, int part) {
    return blocks.map(block -> block.filter(index -> parts.of(index) == part));
  }

  @Override
  public void close() {
    table.unpersist(false);
  }
}
