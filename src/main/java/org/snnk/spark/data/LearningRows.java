package org.snnk.spark.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.catalyst.InternalRow;
import org.snnk.linalg.RowBlock;
import org.snnk.statistics.RowIndex;

/**
 * A data set of Spark ML as row blocks: inputs as {@link Inputs} finds them, targets and class
 * indices as doubles.
 *
 * <p>A row with a null, NaN or infinite target or weight, a negative weight, or a label that is no
 * class index is set aside as {@link RowBlock.Rejected}; so is one with unusable inputs, unless
 * such rows are to be skipped.
 *
 * @param inputs where the inputs stand
 * @param targets the label column, or the k target columns
 * @param classes how many classes there are; 0 for real targets
 * @param weight the weight column, or null
 * @param index the column with each row's index, or null to take {@link RowIndex#ofContent}
 * @param heldOut the column that says which rows choices are measured on, or null
 * @param fold the column with each row's fold, or null
 * @param folds how many there are
 * @param skipInvalid whether rows with unusable inputs are left out
 */
public record LearningRows(
    Inputs inputs,
    List<String> targets,
    int classes,
    String weight,
    String index,
    String heldOut,
    String fold,
    int folds,
    boolean skipInvalid)
    implements Serializable {

  /** The inputs alone. */
  public static LearningRows withoutTargets(Inputs inputs, boolean skipInvalid) {
    return new LearningRows(inputs, List.of(), 0, null, null, null, null, 0, skipInvalid);
  }

  /** Copies the names. */
  public LearningRows {
    targets = List.copyOf(targets);
  }

  /** The blocks, in the partitions of the table. Nothing is computed before an action. */
  public JavaRDD<RowBlock> of(Dataset<?> table) {
    List<Column> columns = new ArrayList<>();
    for (String name : inputs.columns()) {
      Column column = RowBlocks.column(name);
      columns.add(inputs.vector() == null ? column.cast("double") : column);
    }
    targets.forEach(name -> columns.add(RowBlocks.column(name).cast("double")));
    for (String name : new String[] {weight, index, heldOut, fold}) {
      if (name != null) {
        Column column = RowBlocks.column(name);
        columns.add(
            name.equals(weight)
                ? column.cast("double")
                : name.equals(heldOut) ? column.cast("boolean") : column.cast("long"));
      }
    }
    // Two columns of one name cannot be told apart later.
    for (int c = 0; c < columns.size(); c++) {
      columns.set(c, columns.get(c).as("c" + c));
    }
    return RowBlocks.of(table.toDF().select(columns.toArray(Column[]::new)), new Reader(this));
  }

  /** Reads the selected columns of a row. */
  private record Reader(LearningRows rows) implements RowBlocks.RowReader {
    @Override
    public int inputs() {
      return rows.inputs.count();
    }

    @Override
    public int targets() {
      return rows.targets.size();
    }

    @Override
    public boolean weighted() {
      return rows.weight != null;
    }

    @Override
    public String read(
        InternalRow row, int i, double[] x, double[] y, double[] weight, long[] index) {
      int d = inputs();
      int k = targets();
      Inputs.Fault fault = rows.inputs.read(row, 0, x, i * d);
      if (fault != null && rows.skipInvalid) {
        return SKIPPED;
      }
      int at = rows.inputs.columns().size();
      String error = fault == null ? null : fault.toString();
      for (int t = 0; t < k; t++, at++) {
        y[i * k + t] = number(row, at);
        error = error == null ? targetFault(t, y[i * k + t], row.isNullAt(at)) : error;
      }
      if (weight != null) {
        weight[i] = number(row, at);
        if (error == null && (!(weight[i] >= 0) || Double.isInfinite(weight[i]))) {
          error =
              told("weight", rows.weight, "a finite number from 0 up", weight[i], row.isNullAt(at));
        }
        at++;
      }
      boolean indexed = rows.index != null && !row.isNullAt(at);
      index[i] =
          indexed
              ? row.getLong(at)
              : RowIndex.ofContent(x, i * d, d, y, i * k, k, weight == null ? 1 : weight[i]);
      if (error == null && rows.index != null && (!indexed || index[i] < 0)) {
        error = told("row index", rows.index, "a number from 0 up", index[i], !indexed);
      }
      at += rows.index == null ? 0 : 1;
      String unmarked = mark(row, at, index, i);
      return error == null ? unmarked : error;
    }

    /** Takes the row's part into its index. */
    private String mark(InternalRow row, int at, long[] index, int i) {
      if (rows.heldOut != null) {
        if (row.isNullAt(at)) {
          return told("validation indicator", rows.heldOut, "true or false", 0, true);
        }
        index[i] = RowIndex.marked(index[i], 0, row.getBoolean(at));
      }
      if (rows.fold != null) {
        long fold = row.isNullAt(at) ? -1 : row.getLong(at);
        if (fold < 0 || fold >= rows.folds) {
          String expected = "a whole number from 0 to " + (rows.folds - 1);
          return told("fold", rows.fold, expected, fold, row.isNullAt(at));
        }
        index[i] = RowIndex.marked(index[i], (int) fold, fold == 0);
      }
      return null;
    }

    private String targetFault(int t, double value, boolean missing) {
      String name = rows.targets.get(t);
      if (rows.classes == 0) {
        return Double.isFinite(value)
            ? null
            : told("label", name, "a finite number", value, missing);
      }
      boolean known = value >= 0 && value < rows.classes && value == Math.rint(value);
      return known
          ? null
          : told("label", name, "a class index from 0 to " + (rows.classes - 1), value, missing);
    }

    private static double number(InternalRow row, int at) {
      return row.isNullAt(at) ? Double.NaN : row.getDouble(at);
    }

    private static String told(
        String role, String name, String expected, Object value, boolean missing) {
      String got = missing ? "nothing" : value.toString();
      return role + " column '" + name + "': expected " + expected + ", got " + got;
    }
  }
}
