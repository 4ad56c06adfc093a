package org.snnk.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
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

  /**
   * The content of a frame.
   *
   * @param file what it is, for errors
   * @param where it lies, for errors
   * @throws SnnkException if the bytes are of another kind or version, damaged or cut short
   */
  static DataInputStream open(byte[] bytes, String kind, int version, String file, String where) {
    int body = bytes.length - SHA_BYTES;
    byte[] first = kind.getBytes(StandardCharsets.US_ASCII);
    if (body < KIND_BYTES + Integer.BYTES
        || !Arrays.equals(first, 0, KIND_BYTES, bytes, 0, KIND_BYTES)) {
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
