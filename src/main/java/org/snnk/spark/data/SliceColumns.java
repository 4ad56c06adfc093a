package org.snnk.spark.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.snnk.statistics.SliceColumn;
import org.snnk.statistics.SliceSurvey;

/** Finds the slices of a table's columns, in one pass over those columns alone. */
public final class SliceColumns {
  private static final int DEPTH = 2;

  private SliceColumns() {}

  /** Which rows of a table count, by their index. */
  public interface Rows extends LongPredicate, Serializable {}

  /**
   * The slices of each column.
   *
   * @param names columns that the table has
   * @param counted the rows that are to be evaluated
   * @throws org.snnk.SnnkException if a column has too many different values
   */
  public static List<SliceColumn> of(Table table, List<String> names, Rows counted) {
    if (names.isEmpty()) {
      return List.of();
    }
    List<Boolean> text = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    columns.add(RowBlocks.column(Table.ROW_INDEX));
    columns.add(
        table.hasErrors()
            ? RowBlocks.column(Table.ROW_ERROR).isNull()
            : functions.lit(true).as(Table.ROW_ERROR));
    for (String name : names) {
      DataType type = table.rows().schema().apply(name).dataType();
      text.add(!(type instanceof NumericType));
      columns.add(RowBlocks.column(name).cast(type instanceof NumericType ? "double" : "string"));
    }
    Dataset<Row> selected = table.rows().select(columns.toArray(Column[]::new));
    JavaRDD<InternalRow> rows =
        ((org.apache.spark.sql.classic.Dataset<Row>) selected).queryExecution().toRdd().toJavaRDD();
    List<SliceSurvey> surveys =
        rows.mapPartitions(
                part -> {
                  List<SliceSurvey> found = empty(text);
                  while (part.hasNext()) {
                    InternalRow row = part.next();
                    long index = row.getLong(0);
                    if (row.getBoolean(1) && counted.test(index)) {
                      for (int s = 0; s < found.size(); s++) {
                        add(found.get(s), text.get(s), index, row, s + 2);
                      }
                    }
                  }
                  return List.of(found).iterator();
                })
            .treeAggregate(empty(text), SliceColumns::merge, SliceColumns::merge, DEPTH);
    List<SliceColumn> slices = new ArrayList<>();
    for (int s = 0; s < names.size(); s++) {
      slices.add(surveys.get(s).slices(names.get(s)));
    }
    return slices;
  }

  private static List<SliceSurvey> empty(List<Boolean> text) {
    List<SliceSurvey> surveys = new ArrayList<>();
    text.forEach(each -> surveys.add(new SliceSurvey(each)));
    return surveys;
  }

  private static List<SliceSurvey> merge(List<SliceSurvey> left, List<SliceSurvey> right) {
    for (int s = 0; s < left.size(); s++) {
      left.get(s).merge(right.get(s));
    }
    return left;
  }

  private static void add(SliceSurvey survey, boolean text, long index, InternalRow row, int at) {
    if (text) {
      survey.add(index, text(row, at));
    } else {
      survey.add(index, row.isNullAt(at) ? Double.NaN : row.getDouble(at));
    }
  }

  /** The text of a field, null where there is none. */
  static String text(InternalRow row, int at) {
    String value = row.isNullAt(at) ? null : row.getUTF8String(at).toString();
    return value == null || value.isBlank() ? null : value;
  }
}
