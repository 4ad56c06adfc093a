package org.snnk.spark.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.snnk.model.FullyBundledModel;
import org.snnk.model.Model;

/**
 * Rows with their scores, made a batch at a time where the rows lie.
 *
 * <p>Columns: the keys, {@link Table#ROW_INDEX} if it is not among them, then for classes {@code
 * prediction} (the label) and {@code probability} (an array in the order of the model's classes),
 * for regression {@code prediction} or {@code prediction_TARGET} for each of several; last {@link
 * #ERROR}.
 */
public final class ScoredRows {
  /** What is wrong with a row that has no score; null for all others. */
  public static final String ERROR = "score_error";

  private static final int BATCH_ROWS = 1024;

  private ScoredRows() {}

  /** Scores a table that has the model's inputs and the keys. */
  public static Dataset<Row> of(Table table, Model model, List<String> keys) {
    List<Column> columns = new ArrayList<>();
    List<StructField> fields = new ArrayList<>();
    List<String> carried = new ArrayList<>(keys);
    if (!carried.contains(Table.ROW_INDEX)) {
      carried.add(Table.ROW_INDEX);
    }
    StructType schema = table.rows().schema();
    for (String key : carried) {
      columns.add(RowBlocks.column(key));
      fields.add(schema.apply(key));
    }
    model.inputNames().forEach(name -> columns.add(RowBlocks.column(name).cast("double")));
    columns.add(
        table.hasErrors()
            ? RowBlocks.column(Table.ROW_ERROR)
            : functions.lit(null).cast("string").as(Table.ROW_ERROR));
    if (model.isClassifier()) {
      fields.add(DataTypes.createStructField("prediction", DataTypes.StringType, true));
      fields.add(
          DataTypes.createStructField(
              "probability", DataTypes.createArrayType(DataTypes.DoubleType, false), true));
    } else {
      for (String target : model.targetNames()) {
        String name = model.outputs() == 1 ? "prediction" : "prediction_" + target;
        fields.add(DataTypes.createStructField(name, DataTypes.DoubleType, true));
      }
    }
    fields.add(DataTypes.createStructField(ERROR, DataTypes.StringType, true));
    Broadcast<Model> sent =
        JavaSparkContext.fromSparkContext(table.rows().sparkSession().sparkContext())
            .broadcast(model);
    int keyCount = carried.size();
    int indexAt = carried.indexOf(Table.ROW_INDEX);
    return table
        .rows()
        .select(columns.toArray(Column[]::new))
        .mapPartitions(
            (MapPartitionsFunction<Row, Row>)
                rows -> new Scorer(sent.value(), keyCount, indexAt, rows),
            Encoders.row(DataTypes.createStructType(fields)));
  }

  /** Reads a batch, scores it, and hands its rows out. */
  private static final class Scorer implements Iterator<Row> {
    private final Model model;
    private final Model.Scorer scorer;
    private final int keys;
    private final int indexAt;
    private final Iterator<Row> rows;
    private final Object[][] results = new Object[BATCH_ROWS][];
    private final int[] position = new int[BATCH_ROWS];
    private final double[] x;
    private final double[] scores;
    private int ready;
    private int given;

    Scorer(Model model, int keys, int indexAt, Iterator<Row> rows) {
      this.model = model;
      this.scorer = model.scorer();
      this.keys = keys;
      this.indexAt = indexAt;
      this.rows = rows;
      this.x = new double[BATCH_ROWS * model.inputs()];
      this.scores = new double[BATCH_ROWS * model.outputs()];
    }

    @Override
    public boolean hasNext() {
      return given < ready || rows.hasNext();
    }

    @Override
    public Row next() {
      if (given == ready) {
        if (!rows.hasNext()) {
          throw new NoSuchElementException();
        }
        scoreBatch();
      }
      return RowFactory.create(results[given++]);
    }

    private void scoreBatch() {
      int good = 0;
      ready = 0;
      given = 0;
      int outputs = model.isClassifier() ? 2 : model.outputs();
      while (ready < BATCH_ROWS && rows.hasNext()) {
        Row row = rows.next();
        Object[] result = new Object[keys + outputs + 1];
        for (int j = 0; j < keys; j++) {
          result[j] = row.get(j);
        }
        String error = read(row, good);
        result[keys + outputs] = error;
        position[ready] = error == null ? good++ : -1;
        results[ready++] = result;
      }
      scorer.scores(good, x, scores);
      if (model.isClassifier()) {
        model.probabilities(good, scores);
      }
      for (int i = 0; i < ready; i++) {
        if (position[i] >= 0) {
          fill(results[i], position[i] * model.outputs());
        }
      }
    }

    /** Reads the inputs of a row; returns what is wrong, or null. */
    private String read(Row row, int at) {
      int d = model.inputs();
      if (!row.isNullAt(keys + d)) {
        return row.getString(keys + d);
      }
      for (int j = 0; j < d; j++) {
        double value = row.isNullAt(keys + j) ? Double.NaN : row.getDouble(keys + j);
        if (!Double.isFinite(value)) {
          String got = row.isNullAt(keys + j) ? "nothing" : Double.toString(value);
          return RowBlocks.place(
              row.getLong(indexAt),
              "input column '"
                  + model.inputNames().get(j)
                  + "': expected a finite number, got "
                  + got);
        }
        x[at * d + j] = value;
      }
      return null;
    }

    private void fill(Object[] result, int from) {
      int k = model.outputs();
      if (!model.isClassifier()) {
        for (int t = 0; t < k; t++) {
          result[keys + t] = scores[from + t];
        }
        return;
      }
      List<Double> probability = new ArrayList<>(k);
      for (int c = 0; c < k; c++) {
        probability.add(scores[from + c]);
      }
      result[keys] = model.classLabels().get(FullyBundledModel.largest(scores, from, k));
      result[keys + 1] = probability.toArray(Double[]::new);
    }
  }
}
