package org.snnk.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snnk.SnnkException;
import org.snnk.linalg.BlockOperations;

/**
 * A {@code GraphProto} in the making: each operation on a block adds a node of ONNX's own
 * operators.
 *
 * <p>Only operators and types that ONNX Runtime's processor for CPUs has are used: of doubles it
 * knows no {@code Cos}, {@code Atan} and {@code Erf}, which only the layers of networks, in floats,
 * ask for. {@code Max} and {@code Min} pass on what is not a number, {@code Clip} need not.
 */
final class Graph implements BlockOperations<Graph.Block> {
  private static final int NODE = 1;
  private static final int NAME = 2;
  private static final int INITIALIZER = 5;
  private static final int INPUT = 11;
  private static final int OUTPUT = 12;
  private static final int INT64 = 7;
  private static final int BOOL = 9;

  /** What protobuf allows a file to have, with room for nodes and names. */
  private static final long MAX_BYTES = Integer.MAX_VALUE - (1L << 24);

  private final ElementType full;
  private final Message graph = new Message();
  private final Map<String, String> shared = new HashMap<>();
  private int names;
  private long size;

  Graph(ElementType full) {
    this.full = full;
  }

  /**
   * The name of a value with as many rows as the input, or a constant row that no node has used
   * yet.
   *
   * @param name null of a constant
   * @param type null of a constant, which takes that of the block it meets
   * @param constant null of a name
   */
  record Block(String name, ElementType type, double[] constant) {}

  // ---- what stands around the operations ----

  /** The n×d input. */
  Block input(String name, int columns) {
    graph.message(INPUT, value(name, full.code, columns));
    return new Block(name, full, null);
  }

  /** An n×k output. */
  void output(String name, Block block, int columns) {
    node("Identity", List.of(block.name), name);
    graph.message(OUTPUT, value(name, block.type.code, columns));
  }

  /** The column of the largest number of each row, the first of equal ones, as an output. */
  void outputOfLargest(String name, Block block) {
    node("ArgMax", List.of(block.name), name, number("axis", 1), number("keepdims", 0));
    graph.message(OUTPUT, value(name, INT64, 0));
  }

  /** The whole {@code GraphProto}. */
  Message finished(String name) {
    return graph.text(NAME, name);
  }

  /** A {@code ValueInfoProto} of shape n×columns, or n for no columns. */
  private static Message value(String name, int type, int columns) {
    Message shape = new Message().message(1, new Message().text(2, OnnxModel.ROWS));
    if (columns > 0) {
      shape.message(1, new Message().number(1, columns));
    }
    Message tensor = new Message().number(1, type).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  // ---- operations ----

  @Override
  public Block row(double... values) {
    return new Block(null, null, values.clone());
  }

  @Override
  public Block product(Block block, int columns, double[] matrix) {
    String constant =
        tensor(
            block.type.code,
            block.type.raw(checked(matrix, block.type)),
            matrix.length / columns,
            columns);
    return made("MatMul", block.type, List.of(block.name, constant));
  }

  @Override
  public Block apply(Function function, Block block) {
    String operator =
        function.name().charAt(0) + function.name().substring(1).toLowerCase(Locale.ROOT);
    return made(operator, block.type, List.of(block.name));
  }

  @Override
  public Block add(Block a, Block b) {
    return combined("Add", a, b);
  }

  @Override
  public Block subtract(Block a, Block b) {
    return combined("Sub", a, b);
  }

  @Override
  public Block multiply(Block a, Block b) {
    return combined("Mul", a, b);
  }

  @Override
  public Block divide(Block a, Block b) {
    return combined("Div", a, b);
  }

  @Override
  public Block max(Block a, Block b) {
    return combined("Max", a, b);
  }

  @Override
  public Block min(Block a, Block b) {
    return combined("Min", a, b);
  }

  @Override
  public Block sum(Block block) {
    return made("ReduceSum", block.type, List.of(block.name, integers(1)));
  }

  @Override
  public Block sumOfSquares(Block block) {
    return sum(multiply(block, block));
  }

  @Override
  public Block softmax(Block block) {
    return made("Softmax", block.type, List.of(block.name), number("axis", 1));
  }

  @Override
  public Block concat(List<Block> blocks) {
    if (blocks.size() == 1) {
      return blocks.get(0);
    }
    List<String> inputs = blocks.stream().map(Block::name).toList();
    return made("Concat", blocks.get(0).type, inputs, number("axis", 1));
  }

  @Override
  public Block columns(Block block, int from, int to) {
    return made(
        "Slice", block.type, List.of(block.name, integers(from), integers(to), integers(1)));
  }

  @Override
  public Block keep(boolean[] columns, Block block) {
    byte[] mask = new byte[columns.length];
    int kept = 0;
    for (int j = 0; j < columns.length; j++) {
      mask[j] = (byte) (columns[j] ? 1 : 0);
      kept += mask[j];
    }
    if (kept == columns.length) {
      return block;
    }
    String constant = tensor(BOOL, mask, columns.length);
    return made("Where", block.type, List.of(constant, block.name, name(row(0), block.type)));
  }

  @Override
  public Block single(Block block) {
    return cast(block, ElementType.FLOAT);
  }

  @Override
  public Block full(Block block) {
    return cast(block, full);
  }

  private Block cast(Block block, ElementType type) {
    return block.type == type
        ? block
        : made("Cast", type, List.of(block.name), number("to", type.code));
  }

  private Block combined(String operator, Block a, Block b) {
    ElementType type = a.type == null ? b.type : a.type;
    return made(operator, type, List.of(name(a, type), name(b, type)));
  }

  // ---- nodes and constants ----

  private Block made(
      String operator, ElementType type, List<String> inputs, Message... attributes) {
    String output = operator.toLowerCase(Locale.ROOT) + "_" + names++;
    node(operator, inputs, output, attributes);
    return new Block(output, type, null);
  }

  private void node(String operator, List<String> inputs, String output, Message... attributes) {
    Message node = new Message();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(3, "make_" + output).text(4, operator);
    for (Message attribute : attributes) {
      node.message(5, attribute);
    }
    graph.message(NODE, node);
  }

  /** An {@code AttributeProto} of an integer. */
  private static Message number(String name, long value) {
    return new Message().text(1, name).number(3, value).number(20, 2);
  }

  /** The name of a block; a constant becomes a tensor. */
  private String name(Block block, ElementType type) {
    if (block.constant == null) {
      return block.name;
    }
    double[] values = checked(block.constant, type);
    return values.length == 1
        ? shared.computeIfAbsent(type + " " + values[0], key -> tensor(type.code, type.raw(values)))
        : tensor(type.code, type.raw(values), values.length);
  }

  /** A vector of one integer, as axes and positions are given. */
  private String integers(long value) {
    byte[] raw =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    return shared.computeIfAbsent("int64 " + value, key -> tensor(INT64, raw, 1));
  }

  /** The numbers, if they fit into the type and the file. */
  private double[] checked(double[] values, ElementType type) {
    size += (long) values.length * type.size;
    if (size > MAX_BYTES) {
      throw new SnnkException(
          "ONNX file",
          "at most 2 GB, which is what protobuf holds",
          "more",
          null,
          "Set export.precision=float, or train with fewer features.");
    }
    if (type == ElementType.FLOAT
        && Arrays.stream(values).anyMatch(v -> Math.abs(v) > Float.MAX_VALUE)) {
      throw new SnnkException(
          "ONNX file in single precision",
          "numbers up to " + Float.MAX_VALUE,
          "larger ones",
          null,
          "Set export.precision=double.");
    }
    return values;
  }

  /** Writes a {@code TensorProto}. */
  private String tensor(int type, byte[] raw, int... shape) {
    String name = "constant_" + names++;
    Message tensor = new Message();
    for (int dimension : shape) {
      tensor.number(1, dimension);
    }
    tensor.number(2, type).text(8, name).bytes(9, raw);
    graph.message(INITIALIZER, tensor);
    return name;
  }
}
