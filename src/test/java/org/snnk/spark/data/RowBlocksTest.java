package org.snnk.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.snnk.linalg.RowBlock;
import org.snnk.spark.LocalSpark;

/** Labels of every type lead to the same class. */
class RowBlocksTest {
  private static final Roles NUMBERED =
      new Roles(List.of("x"), List.of("label"), List.of("0", "1", "70"), null);

  static Stream<Arguments> types() {
    return Stream.of(
            DataTypes.StringType,
            DataTypes.DoubleType,
            DataTypes.FloatType,
            DataTypes.LongType,
            DataTypes.IntegerType,
            DataTypes.ShortType,
            DataTypes.ByteType)
        .map(Arguments::of);
  }

  private static Table table(Roles roles, DataType type, String... labels) {
    Dataset<Row> rows =
        LocalSpark.session()
            .createDataset(List.of(labels), org.apache.spark.sql.Encoders.STRING())
            .toDF("text")
            .coalesce(1)
            .select(
                functions.lit(1.5).as("x"),
                functions.expr("nullif(text, 'null')").cast(type).as("label"),
                functions.monotonically_increasing_id().as(Table.ROW_INDEX));
    return new Table(rows, roles, false);
  }

  private static List<RowBlock> blocks(Table table) {
    return RowBlocks.of(table).collect();
  }

  private static List<Double> classes(Table table) {
    List<Double> classes = new ArrayList<>();
    for (RowBlock block : blocks(table)) {
      for (int i = 0; i < block.rows(); i++) {
        classes.add(block.y()[i]);
      }
    }
    return classes;
  }

  @ParameterizedTest
  @MethodSource("types")
  void aLabelOfAnyTypeIsItsClass(DataType type) {
    Table table = table(NUMBERED, type, "1", "0", "70", "2", "null", "1");
    assertThat(classes(table)).containsExactly(1.0, 0.0, 2.0, 1.0);
    assertThat(blocks(table).stream().flatMap(block -> block.rejected().stream()))
        .extracting(RowBlock.Rejected::index)
        .containsExactly(3L, 4L);
    assertThat(blocks(table).get(0).rejected().get(0).reason())
        .isEqualTo(
            "row 3 (counted from 0): label column 'label': expected one of the classes [0, 1, 70],"
                + " got '2'");
    assertThat(blocks(table).get(0).rejected().get(1).reason()).endsWith("got 'nothing'");
  }

  @Test
  void minusZeroIsZeroAndNoNumberIsNoClass() {
    Table table = table(NUMBERED, DataTypes.DoubleType, "-0.0", "NaN", "0.5", "1e300");
    assertThat(classes(table)).containsExactly(0.0);
  }

  @Test
  void aFloatIsTheClassOfItsText() {
    Roles tenths = new Roles(List.of("x"), List.of("label"), List.of("0.1", "0.2"), null);
    assertThat(classes(table(tenths, DataTypes.FloatType, "0.2", "0.1"))).containsExactly(1.0, 0.0);
    Roles halves = new Roles(List.of("x"), List.of("label"), List.of("0.5", "1.5"), null);
    assertThat(classes(table(halves, DataTypes.FloatType, "1.5", "0.5", "0.1")))
        .containsExactly(1.0, 0.0);
  }
}
