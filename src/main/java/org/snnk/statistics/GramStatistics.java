package org.snnk.statistics;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.snnk.SnnkException;
import org.snnk.feature.Featurizer;
import org.snnk.linalg.Blas;
import org.snnk.linalg.Grid;
import org.snnk.linalg.RowBlock;

/**
 * The sufficient statistic of weighted least squares on random features: S = Σ u uᵀ over rows u =
 * √v·[Φ(x), 1, Y], kept as exact integers (MATHEMATICS of the fully-bundled model: G = ΦᵀΦ, C = ΦᵀY
 * and all first moments are blocks of S).
 *
 * <p><b>Exact</b>: every entry of u is an integer of at most 2²⁰ in units of 2⁻²⁰ (the rounded
 * feature <i>is</i> the feature), rounded once after multiplication with √(v/v₀), v₀ a power of two
 * not below the largest weight. A block of at most 4096 rows is a product over integers whose
 * partial sums stay below 2⁵², hence exact on any BLAS; blocks are added in 64-bit integers and,
 * beyond 2²² rows, in 128-bit ones. So S is a function of the multiset of rows: merging is
 * associative and commutative, and {@link #subtract} forgets rows bit for bit.
 *
 * <p><b>Shapes</b>: p = m + 1 + k′ with k′ grid columns of the targets; the upper triangle is
 * packed by rows, p(p+1)/2 integers.
 *
 * <p><b>Cost</b>: m²+O(m(d+k)) flops a row; memory 4p² bytes (8p² beyond 2²² rows) and a buffer of
 * 32 MB. Not thread-safe.
 *
 * <p><b>Bytes</b>, version 1, big-endian: the four characters {@code SNKG}, version (int), the
 * specification (length, {@link Featurizer}, {@link Targets}, log₂ v₀), rows, clipped inputs,
 * clipped targets (longs), p (int), wide (byte: 1 beyond 2²² rows), then each packed entry as one
 * long, or if wide as two (high, low: high·2⁴⁰ + low with 0 ≤ low &lt; 2⁴⁰). Equal statistics have
 * equal bytes.
 */
public final class GramStatistics implements Externalizable {
  private static final long serialVersionUID = 1L;
  private static final byte[] MAGIC = {'S', 'N', 'K', 'G'};
  private static final int VERSION = 1;

  /** A product of two entries is at most 2⁴⁰, so 2²² rows fit a long with a bit to spare. */
  private static final int PRODUCT_BITS = 2 * Grid.FEATURE_BITS;

  private static final long NARROW_ROWS = 1L << (62 - PRODUCT_BITS);
  private static final long LOW_MASK = (1L << PRODUCT_BITS) - 1;
  private static final int BUFFER_BYTES = 32 << 20;
  private static final int MIN_BUFFER_ROWS = 256;
  private static final int PANEL = 256;

  /** The largest p with p² below 2³¹. */
  private static final int MAX_WIDTH = 46_340;

  private Featurizer featurizer;
  private Targets targets;
  private int weightExponent;
  private long rows;
  private long clippedTargets;
  private long clippedInputs;

  /**
   * The packed sums; with {@code high}, the part below 2⁴⁰ plus what was added since the last
   * carry.
   */
  private long[] low;

  private long[] high;
  private long rowsSinceCarry;

  /** For deserialisation only. */
  public GramStatistics() {}

  /**
   * The statistic of no rows.
   *
   * @param featurizer what makes features of rows
   * @param targets what makes grid columns of targets
   * @param weightExponent log₂ v₀; 0 without weights. Weights above v₀ are refused
   */
  public GramStatistics(Featurizer featurizer, Targets targets, int weightExponent) {
    this.featurizer = featurizer;
    this.targets = targets;
    this.weightExponent = weightExponent;
    this.low = new long[packedLength(width())];
  }

  /** log₂ of the power of two that weights up to {@code largest} are measured in. */
  public static int weightExponent(double largest) {
    int exponent = Math.getExponent(largest);
    return largest == Math.scalb(1.0, exponent) ? exponent : exponent + 1;
  }

  private static int packedLength(int p) {
    if (p > MAX_WIDTH) {
      throw new SnnkException(
          "Gram matrix",
          "at most " + MAX_WIDTH + " columns for features and targets",
          p + "",
          null,
          "Choose fewer random features: beyond, m^2 entries have no index.");
    }
    return (int) ((long) p * (p + 1) / 2);
  }

  private int width() {
    return featurizer.map().features() + 1 + targets.columns();
  }

  /** Where row i of the packed upper triangle starts, less i. */
  private static int rowStart(int i, int p) {
    return (int) ((long) i * p - (long) i * (i + 1) / 2);
  }

  /** log₂ v₀. */
  public int weightExponent() {
    return weightExponent;
  }

  /** The rows' featurizer. */
  public Featurizer featurizer() {
    return featurizer;
  }

  /** The rows' targets. */
  public Targets targets() {
    return targets;
  }

  /** n. */
  public long rows() {
    return rows;
  }

  /** Input cells that were clipped to the grid's range. */
  public long clippedInputs() {
    return clippedInputs;
  }

  /** Targets that were clipped to the grid's range. */
  public long clippedTargets() {
    return clippedTargets;
  }

  /**
   * Scratch memory of one thread: the features of some rows, and a panel of their products. It
   * serves any number of statistics one after the other, and grows to the widest.
   */
  public static final class Workspace {
    private final Featurizer.Workspace featurizer = new Featurizer.Workspace();
    private double[] rows = new double[0];
    private double[] panel = new double[0];

    private void reserve(int p, int capacity) {
      // One row more than is used: see Blas.gramPanel.
      if (rows.length < (capacity + 1) * p) {
        rows = new double[(capacity + 1) * p];
      }
      if (panel.length < (Math.min(PANEL, p) + 1) * p) {
        panel = new double[(Math.min(PANEL, p) + 1) * p];
      }
    }
  }

  /** Adds every row of a block, with scratch memory of its own; for many blocks see the other. */
  public void add(RowBlock block) {
    add(block, new Workspace());
  }

  /**
   * Adds every row of a block.
   *
   * @throws SnnkException if the block has other columns, a number is not finite, a class index is
   *     none, or a weight is negative or above 2^weightExponent; nothing was added then
   */
  public void add(RowBlock block, Workspace workspace) {
    requireUsable(block, featurizer.map().inputs(), targets, weightUnit());
    int p = width();
    int capacity = Math.min(block.rows(), bufferRows(p));
    workspace.reserve(p, capacity);
    for (int done = 0; done < block.rows(); done += capacity) {
      int n = Math.min(block.rows() - done, capacity);
      fill(block, done, n, workspace);
      addProducts(n, workspace);
    }
    rows += block.rows();
  }

  /** The rows u of a stretch of a block. */
  private void fill(RowBlock block, int first, int n, Workspace workspace) {
    int p = width();
    int m = featurizer.map().features();
    double[] u = workspace.rows;
    long before = workspace.featurizer.clipped();
    featurizer.features(n, block.x(), first, u, p, workspace.featurizer);
    clippedInputs += workspace.featurizer.clipped() - before;
    double unit = Math.scalb(1.0, -weightExponent);
    for (int i = 0; i < n; i++) {
      int row = i * p;
      double root = rootWeight(block.weight(first + i), unit);
      if (root != 1) {
        for (int j = row; j < row + m; j++) {
          u[j] = Grid.round(u[j] * root);
        }
      }
      u[row + m] = Grid.round(root * Grid.FEATURE_ONE);
      clippedTargets +=
          targets.encode(block.y(), (first + i) * block.targets(), root, u, row + m + 1);
    }
  }

  private static double rootWeight(double weight, double unit) {
    return Math.sqrt(weight * unit);
  }

  /**
   * One look at every number, small beside the product: what is added cannot be taken out again.
   */
  static void requireUsable(RowBlock block, int d, Targets targets, double largest) {
    int k = targets.perRow();
    if (block.inputs() != d || block.targets() != k) {
      throw new SnnkException(
          "row block",
          d + " inputs and " + k + " targets a row",
          block.inputs() + " and " + block.targets(),
          null,
          "Give the columns that the statistic was made for.");
    }
    for (int i = 0; i < block.rows(); i++) {
      double weight = block.weight(i);
      if (!(weight >= 0 && weight <= largest)) {
        throw new SnnkException(
            "row weight",
            "a number from 0 to " + largest,
            weight + "",
            place(block, i),
            "Drop negative weights, and give the statistic a weight scale that covers the largest.");
      }
      for (int j = 0; j < d; j++) {
        requireFinite("input", j, block.x()[i * d + j], block, i);
      }
      for (int t = 0; t < k; t++) {
        requireFinite("target", t, block.y()[i * k + t], block, i);
      }
      if (targets.areClasses()) {
        double c = block.y()[i];
        if (!(c >= 0 && c < targets.count() && c == Math.rint(c))) {
          throw new SnnkException(
              "class index",
              "a whole number from 0 to " + (targets.count() - 1),
              c + "",
              place(block, i),
              "Set rows of other classes aside.");
        }
      }
    }
  }

  private static void requireFinite(String role, int at, double v, RowBlock block, int row) {
    if (!Double.isFinite(v)) {
      throw new SnnkException(
          role + " " + at, "a finite number", v + "", place(block, row), "Set such rows aside.");
    }
  }

  private static String place(RowBlock block, int row) {
    return "row " + block.index()[row] + ", counted from 0";
  }

  private static int bufferRows(int p) {
    return Math.max(MIN_BUFFER_ROWS, Math.min(Grid.MAX_BLOCK_ROWS, BUFFER_BYTES / (8 * p)));
  }

  /** Multiplies the rows u out, a panel of columns at a time, and adds the integers. */
  private void addProducts(int n, Workspace workspace) {
    int p = width();
    makeRoomFor(n);
    for (int from = 0; from < p; from += PANEL) {
      int to = Math.min(p, from + PANEL);
      Blas.backend().gramPanel(n, p, from, to, workspace.rows, p, workspace.panel);
      int ld = p - from;
      for (int i = from; i < to; i++) {
        addRow(workspace.panel, (i - from) * ld + (i - from), rowStart(i, p) + i, p - i);
      }
    }
  }

  private void addRow(double[] sums, int from, int to, int count) {
    for (int j = 0; j < count; j++) {
      low[to + j] += (long) sums[from + j];
    }
  }

  /** Carries into the high limbs before a long could overflow. */
  private void makeRoomFor(long more) {
    if (rowsSinceCarry + more > NARROW_ROWS) {
      carry();
    }
    rowsSinceCarry += more;
  }

  private void carry() {
    if (high == null) {
      high = new long[low.length];
    }
    for (int i = 0; i < low.length; i++) {
      high[i] += low[i] >> PRODUCT_BITS;
      low[i] &= LOW_MASK;
    }
    rowsSinceCarry = 1;
  }

  /** The one form of a sum: narrow up to 2²² rows, wide and carried beyond. */
  private void canonicalize() {
    if (rows > NARROW_ROWS) {
      carry();
    } else if (high != null) {
      for (int i = 0; i < low.length; i++) {
        low[i] += high[i] << PRODUCT_BITS;
      }
      high = null;
      rowsSinceCarry = rows;
    }
  }

  /**
   * Adds the statistic of other rows.
   *
   * @throws SnnkException if features, targets or weight scales differ
   */
  public void merge(GramStatistics other) {
    combine(other, 1);
  }

  /**
   * Forgets rows: what is left is, bit for bit, the statistic of the remaining ones.
   *
   * @throws SnnkException if features, targets or weight scales differ, or other has more rows than
   *     this
   */
  public void subtract(GramStatistics other) {
    if (other.rows > rows) {
      throw new SnnkException(
          "subtracted statistic",
          "at most " + rows + " rows",
          other.rows + "",
          null,
          "Subtract only rows that were added before.");
    }
    combine(other, -1);
  }

  private void combine(GramStatistics other, int sign) {
    requireSameSpecification(other);
    canonicalize();
    other.canonicalize();
    boolean wide = high != null || other.high != null || rows + other.rows > NARROW_ROWS;
    if (wide) {
      carry();
    }
    for (int i = 0; i < low.length; i++) {
      low[i] += sign * other.low[i];
    }
    if (other.high != null) {
      for (int i = 0; i < high.length; i++) {
        high[i] += sign * other.high[i];
      }
    }
    rows += sign * other.rows;
    clippedInputs += sign * other.clippedInputs;
    clippedTargets += sign * other.clippedTargets;
    rowsSinceCarry = wide ? NARROW_ROWS : rows;
    canonicalize();
  }

  private void requireSameSpecification(GramStatistics other) {
    requireSame(
        "standardizer",
        bytes(featurizer.standardizer()::write),
        bytes(other.featurizer.standardizer()::write));
    requireSame(
        "feature map", bytes(featurizer.map()::write), bytes(other.featurizer.map()::write));
    requireSame("targets", bytes(targets::write), bytes(other.targets::write));
    if (weightExponent != other.weightExponent) {
      throw new SnnkException(
          "statistics with different weight scales",
          "2^" + weightExponent,
          "2^" + other.weightExponent,
          null,
          "Only statistics of one specification can be merged or subtracted.");
    }
  }

  private static void requireSame(String part, byte[] left, byte[] right) {
    if (!Arrays.equals(left, right)) {
      throw new SnnkException(
          "statistics with different " + part,
          "fingerprint " + sha256(left).substring(0, 12),
          sha256(right).substring(0, 12),
          null,
          "Only statistics of one specification can be merged or subtracted.");
    }
  }

  /** A write that needs no stream of its own. */
  @FunctionalInterface
  private interface Writer {
    void write(DataOutput out) throws IOException;
  }

  private static byte[] bytes(Writer writer) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      writer.write(new DataOutputStream(bytes));
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** The SHA-256 of the canonical bytes, in hexadecimal. */
  public String fingerprint() {
    MessageDigest digest = digest();
    try (DataOutputStream out =
        new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest))) {
      write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Writes the canonical bytes. */
  public void write(DataOutput out) throws IOException {
    canonicalize();
    out.write(MAGIC);
    out.writeInt(VERSION);
    byte[] specification = bytes(this::writeSpecification);
    out.writeInt(specification.length);
    out.write(specification);
    out.writeLong(rows);
    out.writeLong(clippedInputs);
    out.writeLong(clippedTargets);
    out.writeInt(width());
    out.writeByte(high == null ? 0 : 1);
    byte[] chunk = new byte[1 << 16];
    java.nio.ByteBuffer view = java.nio.ByteBuffer.wrap(chunk);
    for (int i = 0; i < low.length; i++) {
      if (view.remaining() < 16) {
        out.write(chunk, 0, view.position());
        view.clear();
      }
      if (high != null) {
        view.putLong(high[i]);
      }
      view.putLong(low[i]);
    }
    out.write(chunk, 0, view.position());
  }

  private void writeSpecification(DataOutput out) throws IOException {
    featurizer.write(out);
    targets.write(out);
    out.writeInt(weightExponent);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws SnnkException if the bytes are no statistic, or one of another version
   */
  public static GramStatistics read(DataInput in) throws IOException {
    GramStatistics statistics = new GramStatistics();
    statistics.readFrom(in);
    return statistics;
  }

  private void readFrom(DataInput in) throws IOException {
    byte[] magic = new byte[MAGIC.length];
    in.readFully(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new SnnkException(
          "statistics file",
          "the first bytes SNKG",
          "others",
          null,
          "Give a file that a training run wrote.");
    }
    int version = in.readInt();
    if (version != VERSION) {
      throw new SnnkException(
          "statistics file",
          "version " + VERSION,
          "version " + version,
          null,
          "Read it with the program that wrote it.");
    }
    byte[] specification = new byte[in.readInt()];
    in.readFully(specification);
    DataInputStream parts = new DataInputStream(new ByteArrayInputStream(specification));
    featurizer = Featurizer.read(parts);
    targets = Targets.read(parts);
    weightExponent = parts.readInt();
    rows = in.readLong();
    clippedInputs = in.readLong();
    clippedTargets = in.readLong();
    int p = in.readInt();
    if (p != width()) {
      throw new SnnkException(
          "statistics file",
          "width " + width(),
          p + "",
          null,
          "The file is damaged: take another copy.");
    }
    low = new long[packedLength(p)];
    high = in.readByte() == 0 ? null : new long[low.length];
    byte[] chunk = new byte[1 << 16];
    int entry = high == null ? 8 : 16;
    for (int i = 0; i < low.length; ) {
      int count = Math.min(chunk.length / entry, low.length - i);
      in.readFully(chunk, 0, count * entry);
      java.nio.ByteBuffer view = java.nio.ByteBuffer.wrap(chunk);
      for (int end = i + count; i < end; i++) {
        if (high != null) {
          high[i] = view.getLong();
        }
        low[i] = view.getLong();
      }
    }
    rowsSinceCarry = high == null ? rows : 1;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    write(out);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    readFrom(in);
  }

  /**
   * The centred normal equations of these rows.
   *
   * @throws SnnkException if there are no rows, or none with a positive weight
   */
  public NormalEquations normalEquations() {
    canonicalize();
    return NormalEquations.of(this);
  }

  /**
   * The packed sum at (i, j), i ≤ j, in units of 2⁻⁴⁰·v₀: its part that is a multiple of 2⁴⁰, or 0.
   */
  double highPart(int i, int j) {
    int at = rowStart(i, width()) + j;
    return high == null
        ? (double) (low[at] & ~LOW_MASK)
        : Math.scalb((double) high[at], PRODUCT_BITS);
  }

  /** The packed sum at (i, j), i ≤ j, less {@link #highPart}: in [0, 2⁴⁰). */
  double lowPart(int i, int j) {
    return (double) (low[rowStart(i, width()) + j] & LOW_MASK);
  }

  /** v₀. */
  double weightUnit() {
    return Math.scalb(1.0, weightExponent);
  }
}
