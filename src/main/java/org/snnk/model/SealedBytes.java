package org.snnk.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.snnk.SnnkException;

/**
 * The frame around the bytes of a file: four characters that tell its kind, a version (int), the
 * content, and the SHA-256 of all bytes before it.
 */
final class SealedBytes {
  private static final int KIND_BYTES = 4;
  private static final int SHA_BYTES = 32;

  private SealedBytes() {}

  /** Writes the content. */
  @FunctionalInterface
  interface Content {
    void write(DataOutputStream out) throws IOException;
  }

  /** Content in its frame. */
  static byte[] seal(String kind, int version, Content content) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.write(kind.getBytes(StandardCharsets.US_ASCII));
      out.writeInt(version);
      content.write(out);
      out.write(sha256(bytes.toByteArray(), bytes.size()));
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The SHA-256 in the frame, in hexadecimal. */
  static String fingerprint(byte[] sealed) {
    return HexFormat.of().formatHex(sealed, sealed.length - SHA_BYTES, sealed.length);
  }

  /** Whether bytes begin as those of a kind. */
  static boolean isOf(String kind, byte[] bytes) {
    return bytes.length >= KIND_BYTES
        && Arrays.equals(
            kind.getBytes(StandardCharsets.US_ASCII), 0, KIND_BYTES, bytes, 0, KIND_BYTES);
  }

  /** The version in a frame; 0 where there is no frame. */
  static int version(byte[] sealed) {
    return sealed.length < KIND_BYTES + Integer.BYTES
        ? 0
        : ByteBuffer.wrap(sealed).getInt(KIND_BYTES);
  }

  /**
   * The content of a frame.
   *
   * @param file what it is, for errors
   * @param where it lies, for errors
   * @throws SnnkException if the bytes are of another kind or version, damaged or cut short
   */
  static DataInputStream open(byte[] bytes, String kind, int version, String file, String where) {
    int body = bytes.length - SHA_BYTES;
    if (body < KIND_BYTES + Integer.BYTES || !isOf(kind, bytes)) {
      throw new SnnkException(
          file,
          "the first bytes " + kind,
          "others",
          where,
          "Give the model folder of a training run.");
    }
    try {
      DataInputStream in =
          new DataInputStream(new ByteArrayInputStream(bytes, KIND_BYTES, body - KIND_BYTES));
      int found = in.readInt();
      if (found != version) {
        throw new SnnkException(
            file,
            "version " + version,
            "version " + found,
            where,
            "Read it with the program that wrote it.");
      }
      if (!Arrays.equals(sha256(bytes, body), Arrays.copyOfRange(bytes, body, bytes.length))) {
        throw new SnnkException(
            file,
            "bytes that match their SHA-256",
            "damaged ones",
            where,
            "Take another copy, or train again.");
      }
      return in;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes names: their number, then each. */
  static void write(DataOutput out, List<String> names) throws IOException {
    out.writeInt(names.size());
    for (String name : names) {
      out.writeUTF(name);
    }
  }

  /** Reads what {@link #write} wrote. */
  static List<String> readNames(DataInput in) throws IOException {
    int count = in.readInt();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(in.readUTF());
    }
    return names;
  }

  private static byte[] sha256(byte[] bytes, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, 0, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
