package org.snnk.spark.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.snnk.linalg.RowBlock;
import org.snnk.statistics.SliceColumn;

/**
 * Tables as row blocks: inputs in order, targets as numbers or class indices, bad rows set aside
 * with their reason.
 */
public final class RowBlocks {
  /** Rows in a block: enough for the block products, little enough to pass on. */
  static final int BLOCK_ROWS = 4096;

  private RowBlocks() {}

  /**
   * The blocks of a table, in its own partitions. Nothing is computed before an action.
   *
   * <p>A row with a null, NaN or infinite input, target or weight, a negative weight, or a label
   * that is none of the classes, is set aside as {@link RowBlock.Rejected}.
   */
  public static JavaRDD<RowBlock> of(Table table) {
    return of(table, List.of());
  }

  /** The same with the slices of each row; their columns must be among the table's. */
  public static JavaRDD<RowBlock> of(Table table, List<SliceColumn> slices) {
    Roles roles = table.roles();
    boolean numberedClasses = roles.classification() && areNumbers(roles, table.rows().schema());
    boolean textClasses = roles.classification() && !numberedClasses;
    List<Column> columns = new ArrayList<>();
    roles.inputs().forEach(name -> columns.add(number(name)));
    for (String target : roles.targets()) {
      columns.add(textClasses ? column(target).cast("string") : number(target));
    }
    if (roles.weight() != null) {
      columns.add(number(roles.weight()));
    }
    columns.add(column(Table.ROW_INDEX));
    columns.add(table.hasErrors() ? column(Table.ROW_ERROR) : functions.lit(null).cast("string"));
    for (SliceColumn slice : slices) {
      Column value = column(slice.column());
      // Text that was a number in every row of the survey need not be one in the others.
      columns.add(slice.isText() ? value.cast("string") : value.try_cast("double"));
    }
    return of(
        table.rows().select(columns.toArray(Column[]::new)),
        new Reader(roles, numberedClasses, slices));
  }

  /** The blocks of rows that a reader understands, in their own partitions. */
  static JavaRDD<RowBlock> of(Dataset<Row> selected, RowReader reader) {
    JavaRDD<InternalRow> rows =
        ((org.apache.spark.sql.classic.Dataset<Row>) selected).queryExecution().toRdd().toJavaRDD();
    return rows.mapPartitions(iterator -> new Blocks(reader, iterator));
  }

  /** Knows the columns of a table. */
  interface RowReader extends Serializable {
    /** What {@link #read} says of a row that is to be left out and not told of. */
    String SKIPPED = "";

    /** d. */
    int inputs();

    /** Targets per row. */
    int targets();

    /** Whether rows have weights. */
    boolean weighted();

    /**
     * Reads a row into position i of the arrays, its index always.
     *
     * @param weight null where rows have none
     * @return what is wrong, {@link #SKIPPED}, or null
     */
    String read(InternalRow row, int i, double[] x, double[] y, double[] weight, long[] index);

    /** s, the columns that rows are cut by. */
    default int sliceColumns() {
      return 0;
    }

    /** Writes the codes of a row's slices at position i. */
    default void readSlices(InternalRow row, int i, int[] codes) {}
  }

  /**
   * Moves whole blocks so that every one of {@code partitions} has its share; which goes where
   * depends only on the blocks' first row, so a repeated task gives the same.
   */
  public static JavaRDD<RowBlock> spread(JavaRDD<RowBlock> blocks, int partitions) {
    return blocks
        .mapToPair(
            block ->
                new scala.Tuple2<>(block.rows() == 0 ? 0L : block.index()[0] / BLOCK_ROWS, block))
        .partitionBy(new HashPartitioner(partitions))
        .values();
  }

  /** The first block with rows of each partition, where there is one. */
  public static JavaRDD<RowBlock> first(JavaRDD<RowBlock> blocks) {
    return blocks
        .filter(block -> block.rows() > 0)
        .mapPartitions(some -> some.hasNext() ? List.of(some.next()).iterator() : some);
  }

  /** An error with the place of its row, for files that know no lines. */
  static String place(long position, String error) {
    return error == null ? null : "row " + position + " (counted from 0): " + error;
  }

  /** Whether labels may be compared as doubles: each class and each value is one. */
  private static boolean areNumbers(Roles roles, StructType schema) {
    DataType type = schema.apply(roles.targets().get(0)).dataType();
    if (type.equals(DataTypes.FloatType)) {
      // The float 0.1 is another double than 0.1, though they have one text.
      return roles.classes().stream().allMatch(ClassIndex::isFloat);
    }
    return type.equals(DataTypes.DoubleType)
        || type.equals(DataTypes.IntegerType)
        || type.equals(DataTypes.ShortType)
        || type.equals(DataTypes.ByteType);
  }

  private static Column number(String name) {
    return column(name).cast("double");
  }

  /** A column by its exact name, dots and spaces included. */
  public static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  /** Reads the selected columns of a row. */
  private static final class Reader implements RowReader {
    private static final long serialVersionUID = 1L;

    private final Roles roles;
    private final ClassIndex classes;
    private final boolean numberedClasses;
    private final List<SliceColumn> slices;

    Reader(Roles roles, boolean numberedClasses, List<SliceColumn> slices) {
      this.roles = roles;
      this.slices = List.copyOf(slices);
      this.numberedClasses = numberedClasses;
      this.classes = new ClassIndex(roles.classes());
    }

    @Override
    public int inputs() {
      return roles.inputs().size();
    }

    @Override
    public int targets() {
      return roles.targets().size();
    }

    @Override
    public boolean weighted() {
      return roles.weight() != null;
    }

    @Override
    public int sliceColumns() {
      return slices.size();
    }

    @Override
    public void readSlices(InternalRow row, int i, int[] codes) {
      int from = inputs() + targets() + (weighted() ? 1 : 0) + 2;
      for (int s = 0; s < slices.size(); s++) {
        SliceColumn slice = slices.get(s);
        int at = from + s;
        codes[i * slices.size() + s] =
            slice.isText() ? slice.code(SliceColumns.text(row, at)) : slice.code(number(row, at));
      }
    }

    @Override
    public String read(
        InternalRow row, int i, double[] x, double[] y, double[] weight, long[] index) {
      int indexAt = inputs() + targets() + (weighted() ? 1 : 0);
      index[i] = row.getLong(indexAt);
      return row.isNullAt(indexAt + 1)
          ? place(index[i], read(row, i, x, y, weight))
          : row.getUTF8String(indexAt + 1).toString();
    }

    private String read(InternalRow row, int i, double[] x, double[] y, double[] weight) {
      int d = inputs();
      int k = targets();
      for (int j = 0; j < d; j++) {
        x[i * d + j] = number(row, j);
        if (!Double.isFinite(x[i * d + j])) {
          return notFinite("input", roles.inputs().get(j), row, j);
        }
      }
      for (int t = 0; t < k; t++) {
        String name = roles.targets().get(t);
        if (roles.classification()) {
          int index = classIndex(row, d + t);
          if (index < 0) {
            return "label column '"
                + name
                + "': expected one of the classes "
                + listed(roles.classes())
                + ", got '"
                + label(row, d + t)
                + "'";
          }
          y[i * k + t] = index;
        } else {
          y[i * k + t] = number(row, d + t);
          if (!Double.isFinite(y[i * k + t])) {
            return notFinite("target", name, row, d + t);
          }
        }
      }
      if (weight != null) {
        weight[i] = number(row, d + k);
        if (!(weight[i] >= 0) || Double.isInfinite(weight[i])) {
          String got = row.isNullAt(d + k) ? "nothing" : Double.toString(weight[i]);
          return "weight column '"
              + roles.weight()
              + "': expected a finite number from 0 up, got "
              + got;
        }
      }
      return null;
    }

    private int classIndex(InternalRow row, int at) {
      if (row.isNullAt(at)) {
        return -1;
      }
      return numberedClasses
          ? classes.of(row.getDouble(at))
          : classes.of(row.getUTF8String(at).toString());
    }

    private String label(InternalRow row, int at) {
      if (row.isNullAt(at)) {
        return "nothing";
      }
      return numberedClasses
          ? ClassIndex.canonical(Double.toString(row.getDouble(at)))
          : row.getUTF8String(at).toString();
    }

    private static double number(InternalRow row, int at) {
      return row.isNullAt(at) ? Double.NaN : row.getDouble(at);
    }

    private static String listed(List<String> labels) {
      return labels.size() <= 10
          ? labels.toString()
          : labels.subList(0, 10) + " and " + (labels.size() - 10) + " more";
    }

    private static String notFinite(String role, String name, InternalRow row, int at) {
      String got = row.isNullAt(at) ? "nothing" : Double.toString(row.getDouble(at));
      return role + " column '" + name + "': expected a finite number, got " + got;
    }
  }

  /** Cuts the rows of a partition into blocks. */
  private static final class Blocks implements Iterator<RowBlock> {
    private final RowReader reader;
    private final Iterator<InternalRow> rows;

    Blocks(RowReader reader, Iterator<InternalRow> rows) {
      this.reader = reader;
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public RowBlock next() {
      if (!rows.hasNext()) {
        throw new NoSuchElementException();
      }
      int d = reader.inputs();
      int k = reader.targets();
      boolean weighted = reader.weighted();
      double[] x = new double[BLOCK_ROWS * d];
      double[] y = new double[BLOCK_ROWS * k];
      double[] weight = weighted ? new double[BLOCK_ROWS] : null;
      long[] index = new long[BLOCK_ROWS];
      List<RowBlock.Rejected> rejected = new ArrayList<>();
      int s = reader.sliceColumns();
      int[] slices = new int[BLOCK_ROWS * s];
      int n = 0;
      while (n < BLOCK_ROWS && rows.hasNext()) {
        InternalRow row = rows.next();
        String error = reader.read(row, n, x, y, weight, index);
        if (error == null) {
          reader.readSlices(row, n, slices);
          n++;
        } else if (!error.equals(RowReader.SKIPPED)) {
          rejected.add(new RowBlock.Rejected(index[n], error));
        }
      }
      if (n < BLOCK_ROWS) {
        x = Arrays.copyOf(x, n * d);
        y = Arrays.copyOf(y, n * k);
        weight = weighted ? Arrays.copyOf(weight, n) : null;
        index = Arrays.copyOf(index, n);
      }
      RowBlock block = new RowBlock(n, d, k, x, y, weight, index, rejected);
      return s == 0 ? block : block.withSlices(s, Arrays.copyOf(slices, n * s));
    }
  }
}
