package org.snnk.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.snnk.SnnkException;

/** What the files of all models have in common: magic, version, a body, and a SHA-256. */
final class ModelBytes {
  static final int SHA_BYTES = 32;

  private ModelBytes() {}

  /** Writes what stands between the version and the SHA-256. */
  interface Body {
    void write(DataOutput out) throws IOException;
  }

  static byte[] write(byte[] magic, int version, Body body) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.write(magic);
      out.writeInt(version);
      body.write(out);
      out.write(sha256(bytes.toByteArray(), bytes.size()));
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The body of checked bytes. */
  static DataInput open(byte[] bytes, byte[] magic, int version, String where) {
    int body = bytes.length - SHA_BYTES;
    if (body < magic.length + Integer.BYTES
        || !Arrays.equals(magic, 0, magic.length, bytes, 0, magic.length)) {
      throw new SnnkException(
          "model file",
          "the first bytes " + new String(magic, StandardCharsets.US_ASCII),
          "others",
          where,
          "Give the model folder of a training run.");
    }
    try {
      DataInputStream in =
          new DataInputStream(new ByteArrayInputStream(bytes, magic.length, body - magic.length));
      int written = in.readInt();
      if (written != version) {
        throw new SnnkException(
            "model file",
            "version " + version,
            "version " + written,
            where,
            "Read it with the program that wrote it.");
      }
      if (!Arrays.equals(sha256(bytes, body), Arrays.copyOfRange(bytes, body, bytes.length))) {
        throw new SnnkException(
            "model file",
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

  static void write(DataOutput out, List<String> names) throws IOException {
    out.writeInt(names.size());
    for (String name : names) {
      out.writeUTF(name);
    }
  }

  static List<String> readNames(DataInput in) throws IOException {
    int count = in.readInt();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(in.readUTF());
    }
    return names;
  }
}
