package org.snnk.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * A plain interpreter of the operators that are used, from the words of the ONNX specification,
 * with sums from the last term to the first: another order than any BLAS has.
 */
final class OnnxInterpreter {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int BOOL = 9;
  private static final int DOUBLE = 11;

  private final DynamicMessage model;

  OnnxInterpreter(byte[] file) {
    model = OnnxFormat.read(file);
  }

  /** A row-major tensor. Scalars have no dimensions. */
  record Tensor(int type, int[] shape, double[] values) {
    Tensor {
      int count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
      if (count != values.length) {
        throw new AssertionError(Arrays.toString(shape) + " of " + values.length);
      }
      if (type == FLOAT) {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) values[i];
        }
      }
    }

    int columns() {
      return shape.length == 0 ? 1 : shape[shape.length - 1];
    }

    int rows() {
      return shape.length < 2 ? 1 : shape[0];
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // The schema says which it is.
  private static <T> T get(Message message, String field) {
    return (T) message.getField(message.getDescriptorForType().findFieldByName(field));
  }

  Message graph() {
    return get(model, "graph");
  }

  DynamicMessage model() {
    return model;
  }

  /** All outputs of n rows of raw inputs. */
  Map<String, double[]> run(int n, double[] x) {
    Map<String, Tensor> values = new HashMap<>();
    List<Message> initializers = get(graph(), "initializer");
    initializers.forEach(each -> values.put(get(each, "name"), tensor(each)));
    List<Message> inputs = get(graph(), "input");
    int type = get(get(get(inputs.get(0), "type"), "tensor_type"), "elem_type");
    values.put(
        get(inputs.get(0), "name"), new Tensor(type, new int[] {n, x.length / n}, x.clone()));
    List<Message> nodes = get(graph(), "node");
    for (Message node : nodes) {
      List<String> names = get(node, "input");
      List<Tensor> arguments = new ArrayList<>();
      for (String name : names) {
        if (!values.containsKey(name)) {
          throw new AssertionError("'" + name + "' is used before it is made");
        }
        arguments.add(values.get(name));
      }
      List<String> made = get(node, "output");
      if (values.put(made.get(0), result(node, arguments)) != null) {
        throw new AssertionError("'" + made.get(0) + "' is made twice");
      }
    }
    Map<String, double[]> outputs = new HashMap<>();
    List<Message> declared = get(graph(), "output");
    for (Message output : declared) {
      Tensor value = values.get(OnnxInterpreter.<String>get(output, "name"));
      int declaredType = get(get(get(output, "type"), "tensor_type"), "elem_type");
      if (declaredType != value.type) {
        throw new AssertionError("type " + value.type + ", declared " + declaredType);
      }
      outputs.put(get(output, "name"), value.values);
    }
    return outputs;
  }

  private static Tensor tensor(Message proto) {
    int type = get(proto, "data_type");
    List<Long> dims = get(proto, "dims");
    ByteString raw = get(proto, "raw_data");
    ByteBuffer bytes = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    int[] shape = dims.stream().mapToInt(Long::intValue).toArray();
    double[] values = new double[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case FLOAT -> bytes.getFloat();
            case DOUBLE -> bytes.getDouble();
            case INT64 -> bytes.getLong();
            case BOOL -> bytes.get();
            default -> throw new AssertionError("type " + type);
          };
    }
    if (bytes.hasRemaining()) {
      throw new AssertionError("more data than " + Arrays.toString(shape));
    }
    return new Tensor(type, shape, values);
  }

  private static Tensor result(Message node, List<Tensor> in) {
    Map<String, Long> attributes = new HashMap<>();
    List<Message> given = get(node, "attribute");
    given.forEach(each -> attributes.put(get(each, "name"), get(each, "i")));
    Tensor a = in.get(0);
    String operator = get(node, "op_type");
    return switch (operator) {
      case "Abs" -> each(a, Math::abs);
      case "Atan" -> each(a, Math::atan);
      case "Cos" -> each(a, Math::cos);
      case "Erf" -> each(a, OnnxInterpreter::erf);
      case "Exp" -> each(a, Math::exp);
      case "Identity" -> each(a, v -> v);
      case "Log" -> each(a, Math::log);
      case "Round" -> each(a, Math::rint);
      case "Sign" -> each(a, Math::signum);
      case "Sin" -> each(a, Math::sin);
      case "Sqrt" -> each(a, Math::sqrt);
      case "Tanh" -> each(a, Math::tanh);
      case "Add" -> both(a, in.get(1), Double::sum);
      case "Sub" -> both(a, in.get(1), (u, v) -> u - v);
      case "Mul" -> both(a, in.get(1), (u, v) -> u * v);
      case "Div" -> both(a, in.get(1), (u, v) -> u / v);
      case "Max" -> both(a, in.get(1), Math::max);
      case "Min" -> both(a, in.get(1), Math::min);
      case "Where" -> where(a, in.get(1), in.get(2));
      case "MatMul" -> product(a, in.get(1));
      case "ReduceSum" -> sum(a, in.get(1));
      case "Softmax" -> softmax(a, attributes);
      case "ArgMax" -> largest(a, attributes);
      case "Concat" -> concat(in, attributes);
      case "Slice" -> slice(a, in);
      case "Cast" -> new Tensor(attributes.get("to").intValue(), a.shape, a.values.clone());
      default -> throw new AssertionError(operator);
    };
  }

  private static Tensor each(Tensor a, DoubleUnaryOperator f) {
    return new Tensor(a.type, a.shape, Arrays.stream(a.values).map(f).toArray());
  }

  private static Tensor both(Tensor a, Tensor b, DoubleBinaryOperator f) {
    if (a.type != b.type) {
      throw new AssertionError("types " + a.type + " and " + b.type);
    }
    int rows = Math.max(a.rows(), b.rows());
    int columns = Math.max(a.columns(), b.columns());
    double[] out = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        out[i * columns + j] = f.applyAsDouble(at(a, i, j, columns), at(b, i, j, columns));
      }
    }
    return new Tensor(a.type, new int[] {rows, columns}, out);
  }

  /** The number that stands at i, j after broadcasting. */
  private static double at(Tensor a, int i, int j, int columns) {
    if (a.columns() != 1 && a.columns() != columns) {
      throw new AssertionError(a.columns() + " columns beside " + columns);
    }
    return a.values[(a.rows() == 1 ? 0 : i) * a.columns() + (a.columns() == 1 ? 0 : j)];
  }

  private static Tensor where(Tensor mask, Tensor a, Tensor b) {
    if (mask.type != BOOL) {
      throw new AssertionError("a mask of type " + mask.type);
    }
    double[] out = new double[a.values.length];
    for (int i = 0; i < out.length; i++) {
      int row = i / a.columns();
      int column = i % a.columns();
      out[i] =
          at(mask, row, column, a.columns()) != 0 ? a.values[i] : at(b, row, column, a.columns());
    }
    return new Tensor(a.type, a.shape, out);
  }

  private static Tensor product(Tensor a, Tensor b) {
    if (a.type != b.type || a.columns() != b.rows()) {
      throw new AssertionError(a.type + ", " + b.type + ": " + a.columns() + " by " + b.rows());
    }
    int n = a.rows();
    int k = b.columns();
    double[] out = new double[n * k];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < k; j++) {
        double sum = 0;
        for (int l = a.columns() - 1; l >= 0; l--) {
          double next = sum + a.values[i * a.columns() + l] * b.values[l * k + j];
          sum = a.type == FLOAT ? (float) next : next;
        }
        out[i * k + j] = sum;
      }
    }
    return new Tensor(a.type, new int[] {n, k}, out);
  }

  private static Tensor sum(Tensor a, Tensor axes) {
    if (axes.type != INT64 || axes.values[0] != 1) {
      throw new AssertionError("sums along " + Arrays.toString(axes.values));
    }
    double[] out = new double[a.rows()];
    for (int i = 0; i < out.length; i++) {
      for (int j = a.columns() - 1; j >= 0; j--) {
        out[i] += a.values[i * a.columns() + j];
      }
    }
    return new Tensor(a.type, new int[] {a.rows(), 1}, out);
  }

  private static Tensor softmax(Tensor a, Map<String, Long> attributes) {
    requireAxis(attributes);
    double[] out = new double[a.values.length];
    int k = a.columns();
    for (int i = 0; i < a.rows(); i++) {
      double largest = Arrays.stream(a.values, i * k, (i + 1) * k).max().orElseThrow();
      double sum = 0;
      for (int j = i * k; j < (i + 1) * k; j++) {
        out[j] = Math.exp(a.values[j] - largest);
        sum += out[j];
      }
      for (int j = i * k; j < (i + 1) * k; j++) {
        out[j] /= sum;
      }
    }
    return new Tensor(a.type, a.shape, out);
  }

  private static Tensor largest(Tensor a, Map<String, Long> attributes) {
    requireAxis(attributes);
    if (attributes.get("keepdims") != 0) {
      throw new AssertionError("dimensions are kept");
    }
    double[] out = new double[a.rows()];
    int k = a.columns();
    for (int i = 0; i < out.length; i++) {
      for (int j = 1; j < k; j++) {
        out[i] = a.values[i * k + j] > a.values[i * k + (int) out[i]] ? j : out[i];
      }
    }
    return new Tensor(INT64, new int[] {out.length}, out);
  }

  private static Tensor concat(List<Tensor> parts, Map<String, Long> attributes) {
    requireAxis(attributes);
    int rows = parts.get(0).rows();
    int columns = parts.stream().mapToInt(Tensor::columns).sum();
    double[] out = new double[rows * columns];
    int to = 0;
    for (Tensor part : parts) {
      for (int i = 0; i < rows; i++) {
        System.arraycopy(part.values, i * part.columns(), out, i * columns + to, part.columns());
      }
      to += part.columns();
    }
    return new Tensor(parts.get(0).type, new int[] {rows, columns}, out);
  }

  private static Tensor slice(Tensor a, List<Tensor> in) {
    int from = (int) in.get(1).values[0];
    int to = (int) in.get(2).values[0];
    if (in.get(3).values[0] != 1) {
      throw new AssertionError("not columns");
    }
    double[] out = new double[a.rows() * (to - from)];
    for (int i = 0; i < a.rows(); i++) {
      System.arraycopy(a.values, i * a.columns() + from, out, i * (to - from), to - from);
    }
    return new Tensor(a.type, new int[] {a.rows(), to - from}, out);
  }

  private static void requireAxis(Map<String, Long> attributes) {
    if (attributes.get("axis") != 1) {
      throw new AssertionError("axis " + attributes.get("axis"));
    }
  }

  /** Abramowitz and Stegun 7.1.5, which is good enough for floats within ±3. */
  private static double erf(double z) {
    if (Math.abs(z) > 4) {
      return Math.signum(z);
    }
    double term = z;
    double sum = z;
    for (int k = 1; k < 80; k++) {
      term *= -z * z / k;
      sum += term / (2 * k + 1);
    }
    return sum * 2 / Math.sqrt(Math.PI);
  }
}
