package org.snnk;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The bytes of what writes itself, and what is read from them. */
public final class Written {
  private Written() {}

  /** Something's {@code write}. */
  @FunctionalInterface
  public interface Writer {
    void write(DataOutputStream out) throws IOException;
  }

  /** Its kind's {@code read}. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  /** What is written. */
  public static byte[] bytes(Writer writer) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      writer.write(new DataOutputStream(bytes));
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What bytes say. */
  public static <T> T read(byte[] bytes, Reader<T> reader) throws IOException {
    return reader.read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  /** What was written, read again. */
  public static <T> T again(Writer writer, Reader<T> reader) throws IOException {
    return read(bytes(writer), reader);
  }
}
