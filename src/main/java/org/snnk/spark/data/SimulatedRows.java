package org.snnk.spark.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.snnk.dataset.Column;
import org.snnk.dataset.ColumnType;
import org.snnk.dataset.DatasetDescriptor;
import org.snnk.dataset.simulation.Simulation;
import org.snnk.dataset.simulation.Simulations;

/** Simulated rows made where they are needed: row i is a function of the seed and i. */
public final class SimulatedRows {
  private SimulatedRows() {}

  /** The first rows of a simulation, with the data set's types and a row index. */
  public static Dataset<Row> of(SparkSession spark, String dataset, long seed, long rows) {
    DatasetDescriptor descriptor = Simulations.of(dataset, seed).descriptor();
    List<StructField> fields = new ArrayList<>();
    for (Column column : descriptor.columns()) {
      fields.add(
          DataTypes.createStructField(
              column.name(),
              switch (column.type()) {
                case FLOAT -> DataTypes.FloatType;
                case DOUBLE -> DataTypes.DoubleType;
                case INT -> DataTypes.IntegerType;
              },
              false));
    }
    fields.add(DataTypes.createStructField(Table.ROW_INDEX, DataTypes.LongType, false));
    StructType schema = DataTypes.createStructType(fields);
    JavaRDD<Row> made =
        spark.range(rows).toJavaRDD().mapPartitions(indices -> simulate(dataset, seed, indices));
    return spark.createDataFrame(made, schema);
  }

  private static Iterator<Row> simulate(String dataset, long seed, Iterator<Long> indices) {
    Simulation simulation = Simulations.of(dataset, seed);
    List<Column> columns = simulation.descriptor().columns();
    double[] values = new double[columns.size()];
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return indices.hasNext();
      }

      @Override
      public Row next() {
        long index = indices.next();
        simulation.row(index, values);
        Object[] row = new Object[values.length + 1];
        for (int j = 0; j < values.length; j++) {
          ColumnType type = columns.get(j).type();
          row[j] =
              switch (type) {
                case FLOAT -> (Object) (float) values[j];
                case DOUBLE -> values[j];
                case INT -> (int) values[j];
              };
        }
        row[values.length] = index;
        return RowFactory.create(row);
      }
    };
  }
}
