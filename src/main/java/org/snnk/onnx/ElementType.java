package org.snnk.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.snnk.Choice;

/** The numbers of a graph, with their code in ONNX's {@code TensorProto.DataType}. */
public enum ElementType implements Choice {
  /** IEEE double precision: what closed-form models compute in, bit for bit. */
  DOUBLE(11, Double.BYTES),

  /** IEEE single precision, for runtimes and devices that have nothing else. */
  FLOAT(1, Float.BYTES);

  final int code;
  final int size;

  ElementType(int code, int size) {
    this.code = code;
    this.size = size;
  }

  /** All names. */
  public static List<String> keys() {
    return Choice.keys(values());
  }

  /** The type of a {@link #key}. */
  public static ElementType of(String key) {
    return Choice.of("precision", key, values());
  }

  /** The raw data of a tensor, which ONNX wants little-endian. */
  byte[] raw(double[] values) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * size).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      if (this == DOUBLE) {
        raw.putDouble(value);
      } else {
        raw.putFloat((float) value);
      }
    }
    return raw.array();
  }
}
