package org.snnk.model;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.snnk.NearestName;
import org.snnk.SnnkException;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.Targets;

/**
 * A Gram statistic with the names of its columns: all that a model is made of, without the rows.
 *
 * <p>Statistics of one specification can be united and taken apart: yesterday's plus today's rows,
 * several sites', or all but one customer's. What is left is bit for bit what one pass over the
 * remaining rows gives.
 *
 * <p><b>Bytes</b>, version 1, big-endian: the four characters {@code SNKS}, version (int), input
 * names, target names, class labels (each a count and modified UTF-8), the bytes of {@link
 * GramStatistics}, and the SHA-256 of all bytes before it.
 *
 * @param inputNames of the d inputs
 * @param targetNames the label column, or the k target columns
 * @param classLabels in the order of the class index; empty for real targets
 * @param gram the sums; not copied
 */
public record ModelStatistics(
    List<String> inputNames,
    List<String> targetNames,
    List<String> classLabels,
    GramStatistics gram) {
  private static final byte[] MAGIC = {'S', 'N', 'K', 'S'};
  private static final int VERSION = 1;
  private static final int SHA_BYTES = 32;
  private static final int MAX_NAMES = 1 << 20;

  /** Copies the names. */
  public ModelStatistics {
    inputNames = List.copyOf(inputNames);
    targetNames = List.copyOf(targetNames);
    classLabels = List.copyOf(classLabels);
  }

  /**
   * Adds the rows of others.
   *
   * @throws SnnkException if columns, feature map, targets or scales differ, naming the part
   */
  public void merge(ModelStatistics others) {
    requireSameColumns(others);
    gram.merge(others.gram);
  }

  /**
   * Forgets rows that were added before.
   *
   * @throws SnnkException as {@link #merge} does, or if others has more rows
   */
  public void subtract(ModelStatistics others) {
    requireSameColumns(others);
    gram.subtract(others.gram);
  }

  private void requireSameColumns(ModelStatistics others) {
    requireSame("input columns", inputNames, others.inputNames);
    requireSame("target columns", targetNames, others.targetNames);
    requireSame("classes", classLabels, others.classLabels);
  }

  private static void requireSame(String part, List<String> left, List<String> right) {
    if (left.equals(right)) {
      return;
    }
    int at = 0;
    while (at < Math.min(left.size(), right.size()) && left.get(at).equals(right.get(at))) {
      at++;
    }
    throw new SnnkException(
        "statistics with different " + part,
        at < left.size() ? "'" + left.get(at) + "'" : "no more than " + left.size(),
        at < right.size() ? "'" + right.get(at) + "'" : "only " + right.size(),
        "number " + (at + 1),
        "Only statistics of one specification can be merged or subtracted.");
  }

  /** The model of a read-out that was solved from these sums. */
  public FullyBundledModel model(double[] weights, double[] intercept) {
    return FullyBundledModel.of(
        inputNames,
        targetNames,
        classLabels,
        gram.featurizer(),
        gram.targets(),
        weights,
        intercept);
  }

  /**
   * The positions of some of the targets, as {@link
   * org.snnk.statistics.NormalEquations#select(int...)} takes them.
   *
   * @throws SnnkException if the targets are classes, or a name is unknown or given twice
   */
  public int[] positions(List<String> names) {
    if (!classLabels.isEmpty()) {
      throw new SnnkException(
          "statistics.targets",
          "nothing where the targets are classes",
          "'" + String.join("', '", names) + "'",
          null,
          "The scores of classes belong together: solve for all of them.");
    }
    int[] positions = new int[names.size()];
    for (int t = 0; t < positions.length; t++) {
      String name = names.get(t);
      positions[t] = targetNames.indexOf(name);
      if (positions[t] < 0) {
        throw new SnnkException(
            "statistics.targets",
            "target columns of the statistic",
            "'" + name + "'",
            null,
            NearestName.question(
                name, targetNames, "It has " + String.join(", ", targetNames) + "."));
      }
      if (names.indexOf(name) < t) {
        throw new SnnkException(
            "statistics.targets", "each once", "'" + name + "' twice", null, "Remove one.");
      }
    }
    return positions;
  }

  /**
   * The model of a read-out of some of the targets.
   *
   * @param positions of those targets
   */
  public FullyBundledModel model(int[] positions, double[] weights, double[] intercept) {
    double[] mean = new double[positions.length];
    double[] scale = new double[positions.length];
    List<String> names = new ArrayList<>();
    for (int t = 0; t < positions.length; t++) {
      mean[t] = gram.targets().mean(positions[t]);
      scale[t] = gram.targets().scale(positions[t]);
      names.add(targetNames.get(positions[t]));
    }
    return FullyBundledModel.of(
        inputNames,
        names,
        List.of(),
        gram.featurizer(),
        Targets.reals(mean, scale),
        weights,
        intercept);
  }

  /** Writes the file; the stream stays open. */
  public void write(OutputStream stream) throws IOException {
    MessageDigest digest = sha256();
    DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(new DigestOutputStream(stream, digest)));
    out.write(MAGIC);
    out.writeInt(VERSION);
    for (List<String> names : List.of(inputNames, targetNames, classLabels)) {
      out.writeInt(names.size());
      for (String name : names) {
        out.writeUTF(name);
      }
    }
    gram.write(out);
    out.flush();
    stream.write(digest.digest());
  }

  /** Opens the same bytes as often as it is asked. */
  @FunctionalInterface
  public interface Source {
    /** A new stream from the first byte on. */
    InputStream open() throws IOException;
  }

  /**
   * Reads a file, first to compare its SHA-256 and then to take it in, so that damage is found
   * before anything is believed.
   *
   * @param length of the file in bytes
   * @param where the file, for errors
   * @throws SnnkException if it is no statistics file, damaged, cut short, or of another version
   */
  public static ModelStatistics read(Source source, long length, String where) throws IOException {
    verify(source, length, where);
    try (InputStream stream = source.open();
        DataInputStream in = new DataInputStream(new BufferedInputStream(stream, 1 << 16))) {
      in.skipNBytes(MAGIC.length + Integer.BYTES);
      List<List<String>> names = new ArrayList<>();
      for (int list = 0; list < 3; list++) {
        names.add(readNames(in, where));
      }
      return new ModelStatistics(names.get(0), names.get(1), names.get(2), GramStatistics.read(in));
    }
  }

  private static List<String> readNames(DataInputStream in, String where) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > MAX_NAMES) {
      throw damaged(where);
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(in.readUTF());
    }
    return names;
  }

  private static void verify(Source source, long length, String where) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream stream = source.open();
        DataInputStream in = new DataInputStream(new DigestInputStream(stream, digest))) {
      byte[] magic = new byte[MAGIC.length];
      in.readFully(magic);
      if (!Arrays.equals(magic, MAGIC)) {
        throw new SnnkException(
            "statistics file",
            "the first bytes SNKS",
            "others",
            where,
            "Give the file statistics/gram.bin of a training.");
      }
      int version = in.readInt();
      if (version != VERSION) {
        throw new SnnkException(
            "statistics file",
            "version " + VERSION,
            "version " + version,
            where,
            "Read it with the program that wrote it.");
      }
      byte[] chunk = new byte[1 << 16];
      long left = length - SHA_BYTES - MAGIC.length - Integer.BYTES;
      while (left > 0) {
        int count = in.read(chunk, 0, (int) Math.min(chunk.length, left));
        if (count < 0) {
          throw damaged(where);
        }
        left -= count;
      }
      byte[] expected = digest.digest();
      byte[] found = new byte[SHA_BYTES];
      in.readFully(found);
      if (left < 0 || !Arrays.equals(expected, found)) {
        throw damaged(where);
      }
    } catch (EOFException cut) {
      throw damaged(where);
    }
  }

  private static SnnkException damaged(String where) {
    return new SnnkException(
        "statistics file",
        "bytes that match their SHA-256",
        "damaged or missing ones",
        where,
        "Take another copy, or train again.");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
