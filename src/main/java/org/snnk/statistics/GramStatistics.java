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
import java.util.List;
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
 * <p><b>Not exact</b> with {@link Precision#SINGLE}: sums of up to 1024 rows are made in floats,
 * and only then go on as integers. Merging and subtracting those is exact, but S also depends on
 * blocks and BLAS; see {@link Precision} for how far.
 *
 * <p><b>Shapes</b>: p = m + 1 + k′ with k′ grid columns of the targets; the upper triangle is
 * packed by rows, p(p+1)/2 integers.
 *
 * <p><b>Cost</b>: m²+O(m(d+k)) flops a row; memory 4p² bytes (8p² beyond 2²² rows) and a workspace
 * of at most 56 MB, or 8 kB·p where that is more. Not thread-safe.
 *
 * <p><b>Bytes</b>, version 1, big-endian: the four characters {@code SNKG}, version (int), the
 * specification (length, {@link Featurizer}, {@link Targets}, log₂ v₀, and one byte 1 for {@link
 * Precision#SINGLE}; an exact statistic has no such byte), rows, clipped inputs, clipped targets,
 * and of a map that {@link org.snnk.feature.FeatureMap#clips clips} clipped features (longs), p
 * (int), wide (byte: 1 beyond 2²² rows), then each packed entry as one long, or if wide as two
 * (high, low: high·2⁴⁰ + low with 0 ≤ low &lt; 2⁴⁰). Equal statistics have equal bytes.
 */
public final class GramStatistics implements Externalizable {
  private static final long serialVersionUID = 1L;
  private static final byte[] MAGIC = {'S', 'N', 'K', 'G'};
  private static final int VERSION = 1;

  /** A product of two entries is at most 2⁴⁰, so 2²² rows fit a long with a bit to spare. */
  private static final int PRODUCT_BITS = 2 * Grid.FEATURE_BITS;

  static final long NARROW_ROWS = 1L << (62 - PRODUCT_BITS);
  private static final long LOW_MASK = (1L << PRODUCT_BITS) - 1;

  /** What a workspace holds of rows, unless that were too few for BLAS. */
  private static final int ROWS_BYTES = 16 << 20;

  private static final int MIN_BUFFER_ROWS = 1024;

  /** What a workspace holds of products: the whole matrix up to p = 2289. */
  private static final int PANEL_BYTES = 40 << 20;

  /** Doubles that are made floats while they are in the cache. */
  private static final int CACHED_FEATURES = 1 << 16;

  /** The largest p with p² below 2³¹. */
  public static final int MAX_WIDTH = 46_340;

  private Featurizer featurizer;
  private Targets targets;
  private int weightExponent;
  private Precision precision = Precision.EXACT;
  private long rows;
  private long clippedTargets;
  private long clippedInputs;
  private long clippedFeatures;

  /**
   * The packed sums; with {@code high}, the part below 2⁴⁰ plus what was added since the last
   * carry.
   */
  private long[] low;

  private long[] high;

  /** The rows of S that are held: all of them but in a pass that makes S in several parts. */
  private int first;

  private int end;
  private long rowsSinceCarry;

  /** For deserialisation only. */
  public GramStatistics() {}

  /**
   * The exact statistic of no rows.
   *
   * @param featurizer what makes features of rows
   * @param targets what makes grid columns of targets
   * @param weightExponent log₂ v₀; 0 without weights. Weights above v₀ are refused
   */
  public GramStatistics(Featurizer featurizer, Targets targets, int weightExponent) {
    this(featurizer, targets, weightExponent, Precision.EXACT);
  }

  /**
   * The statistic of no rows.
   *
   * @param featurizer what makes features of rows
   * @param targets what makes grid columns of targets
   * @param weightExponent log₂ v₀; 0 without weights. Weights above v₀ are refused
   * @param precision how products are summed
   */
  public GramStatistics(
      Featurizer featurizer, Targets targets, int weightExponent, Precision precision) {
    this(featurizer, targets, weightExponent, precision, 0, 1);
  }

  private GramStatistics(
      Featurizer featurizer,
      Targets targets,
      int weightExponent,
      Precision precision,
      int part,
      int parts) {
    this.featurizer = featurizer;
    this.targets = targets;
    this.weightExponent = weightExponent;
    this.precision = precision;
    int p = width();
    requireIndexable(p);
    this.first = partStart(p, part, parts);
    this.end = partStart(p, part + 1, parts);
    this.low = new long[heldLength()];
  }

  /**
   * An empty statistic that holds only part of S: a pass for each part needs less memory than one
   * pass for all, and {@link #join} puts them together. Such a part can be added to, merged and
   * sent, no more.
   *
   * @param part from 0 to parts − 1; the parts are stretches of rows of S with about as many
   *     entries
   */
  public static GramStatistics part(
      Featurizer featurizer,
      Targets targets,
      int weightExponent,
      Precision precision,
      int part,
      int parts) {
    return new GramStatistics(featurizer, targets, weightExponent, precision, part, parts);
  }

  /** The first row of a part: what is above it holds part/parts of the triangle. */
  private static int partStart(int p, int part, int parts) {
    return (int) Math.round(p * (1 - Math.sqrt(1 - (double) part / parts)));
  }

  /**
   * The whole of parts that saw the same rows.
   *
   * @param parts all of them, in their order; they are emptied one by one, so that no more than one
   *     is held twice
   */
  public static GramStatistics join(List<GramStatistics> parts) {
    GramStatistics of = parts.get(0);
    if (parts.size() == 1) {
      of.requireWhole();
      return of;
    }
    GramStatistics whole =
        new GramStatistics(of.featurizer, of.targets, of.weightExponent, of.precision);
    whole.rows = of.rows;
    whole.clippedInputs = of.clippedInputs;
    whole.clippedTargets = of.clippedTargets;
    whole.clippedFeatures = of.clippedFeatures;
    whole.rowsSinceCarry = of.rows;
    int row = 0;
    int filled = 0;
    for (GramStatistics part : parts) {
      part.canonicalize();
      if (part.first != row || part.rows != whole.rows) {
        throw new IllegalArgumentException(
            "expected the part of " + whole.rows + " rows that starts at row " + row);
      }
      if (part.high != null && whole.high == null) {
        whole.high = new long[whole.low.length];
        whole.rowsSinceCarry = 1;
      }
      System.arraycopy(part.low, 0, whole.low, filled, part.low.length);
      if (part.high != null) {
        System.arraycopy(part.high, 0, whole.high, filled, part.high.length);
      }
      row = part.end;
      filled += part.low.length;
      part.low = null;
      part.high = null;
    }
    if (row != whole.end) {
      throw new IllegalArgumentException("expected parts up to row " + whole.end + ", got " + row);
    }
    return whole;
  }

  /** log₂ of the power of two that weights up to {@code largest} are measured in. */
  public static int weightExponent(double largest) {
    int exponent = Math.getExponent(largest);
    return largest == Math.scalb(1.0, exponent) ? exponent : exponent + 1;
  }

  private static void requireIndexable(int p) {
    if (p > MAX_WIDTH) {
      throw new SnnkException(
          "Gram matrix",
          "at most " + MAX_WIDTH + " columns for features and targets",
          p + "",
          null,
          "Choose fewer random features: beyond, m^2 entries have no index.");
    }
  }

  private int width() {
    return featurizer.map().features() + 1 + targets.columns();
  }

  /** Where the entry at (i, j), i ≤ j, is held. */
  private int at(int i, int j) {
    return rowStart(i) - rowStart(first) - first + j;
  }

  /** Where row i of the packed upper triangle starts, less i. */
  private int rowStart(int i) {
    return (int) ((long) i * width() - (long) i * (i + 1) / 2);
  }

  private int heldLength() {
    return at(end, end);
  }

  private void requireWhole() {
    if (low == null || first > 0 || end < width()) {
      throw new IllegalStateException("part of a statistic: rows " + first + " to " + end);
    }
  }

  /** log₂ v₀. */
  public int weightExponent() {
    return weightExponent;
  }

  /** How products are summed. */
  public Precision precision() {
    return precision;
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

  /** Features that were clipped to ±1; none of a map that is bounded by itself. */
  public long clippedFeatures() {
    return clippedFeatures;
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
    private float[] singleRows = new float[0];
    private float[] singlePanel = new float[0];
    private double[] moments = new double[0];

    private void reserve(int p, int capacity, int height) {
      // One row more than is used: see Blas.gramPanel.
      if (rows.length < (capacity + 1) * p) {
        rows = new double[(capacity + 1) * p];
      }
      if (panel.length < (height + 1) * p) {
        panel = new double[(height + 1) * p];
      }
    }

    private void reserveSingle(int p, int capacity, int height, int stretch) {
      if (rows.length < stretch * p) {
        rows = new double[stretch * p];
      }
      if (moments.length < p) {
        moments = new double[p];
      }
      if (singleRows.length < (capacity + 1) * p) {
        singleRows = new float[(capacity + 1) * p];
      }
      if (singlePanel.length < (height + 1) * p) {
        singlePanel = new float[(height + 1) * p];
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
    if (precision.isExact()) {
      addExact(block, workspace);
    } else {
      addSingle(block, workspace);
    }
    rows += block.rows();
  }

  private void addExact(RowBlock block, Workspace workspace) {
    int p = width();
    int capacity = Math.min(block.rows(), bufferRows(p));
    int height = Math.min(end - first, panelRows(p));
    workspace.reserve(p, capacity, height);
    int summed = 0;
    for (int done = 0; done < block.rows(); done += capacity) {
      int n = Math.min(block.rows() - done, capacity);
      fill(block, done, n, workspace);
      if (height == end - first) {
        // One panel is all: it sums as many rows as a double can, before integers go on.
        boolean last = done + n == block.rows();
        Blas.backend().gramPanel(n, p, first, end, workspace.rows, p, workspace.panel, summed > 0);
        summed += n;
        if (last || summed + capacity > Grid.MAX_BLOCK_ROWS) {
          makeRoomFor(summed);
          addPanel(first, end, workspace.panel);
          summed = 0;
        }
      } else {
        makeRoomFor(n);
        for (int from = first; from < end; from += height) {
          int to = Math.min(end, from + height);
          Blas.backend().gramPanel(n, p, from, to, workspace.rows, p, workspace.panel, false);
          addPanel(from, to, workspace.panel);
        }
      }
    }
  }

  /**
   * A float sum of integers is an integer too, so nothing is rounded but within the products. The
   * first moments, products with the ones, stay exact: an error in them would be subtracted from
   * all of G in one direction, and grow like m in place of √m.
   */
  private void addSingle(RowBlock block, Workspace workspace) {
    int p = width();
    int capacity = Math.min(block.rows(), Precision.SINGLE_ROWS);
    int height = Math.min(end - first, 2 * panelRows(p));
    int stretch = Math.min(capacity, Math.max(1, CACHED_FEATURES / p));
    workspace.reserveSingle(p, capacity, height, stretch);
    float[] u = workspace.singleRows;
    for (int done = 0; done < block.rows(); done += capacity) {
      int n = Math.min(block.rows() - done, capacity);
      Arrays.fill(workspace.moments, 0, p, 0);
      for (int made = 0; made < n; made += stretch) {
        int count = Math.min(stretch, n - made);
        fill(block, done + made, count, workspace);
        toFloats(count, p, workspace, made * p);
      }
      makeRoomFor(n);
      for (int from = first; from < end; from += height) {
        int to = Math.min(end, from + height);
        Blas.backend().gramPanel(n, p, from, to, u, p, workspace.singlePanel);
        addPanel(from, to, workspace.singlePanel);
      }
      addMoments(workspace.moments);
    }
  }

  /** Row by row, in the first-level cache: sums of products with the ones, zeros in their place. */
  private void toFloats(int n, int p, Workspace workspace, int to) {
    double[] u = workspace.rows;
    float[] out = workspace.singleRows;
    int ones = featurizer.map().features();
    for (int i = 0; i < n; i++) {
      int from = i * p;
      addMultiple(u[from + ones], u, from, workspace.moments, p);
      toFloats(u, from, out, to + from, p);
      out[to + from + ones] = 0;
    }
  }

  private static void addMultiple(double factor, double[] u, int from, double[] sums, int count) {
    for (int j = 0; j < count; j++) {
      sums[j] += factor * u[from + j];
    }
  }

  private void addMoments(double[] moments) {
    int ones = featurizer.map().features();
    for (int i = first; i < Math.min(end, ones); i++) {
      low[at(i, ones)] += (long) moments[i];
    }
    if (first <= ones && ones < end) {
      addRow(moments, ones, at(ones, ones), width() - ones);
    }
  }

  private static void toFloats(double[] values, int from, float[] out, int to, int count) {
    for (int j = 0; j < count; j++) {
      out[to + j] = (float) values[from + j];
    }
  }

  /** The rows u of a stretch of a block. */
  private void fill(RowBlock block, int first, int n, Workspace workspace) {
    int p = width();
    int m = featurizer.map().features();
    GridRows grid = new GridRows(featurizer, targets, weightExponent);
    long before = workspace.featurizer.clipped();
    long featuresBefore = workspace.featurizer.clippedFeatures();
    grid.features(block, first, n, workspace.rows, p, workspace.featurizer);
    clippedInputs += workspace.featurizer.clipped() - before;
    clippedFeatures += workspace.featurizer.clippedFeatures() - featuresBefore;
    for (int i = 0; i < n; i++) {
      clippedTargets += grid.targets(block, first + i, workspace.rows, i * p + m + 1);
    }
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

  /** p(p + 1)/2. */
  static long entries(int p) {
    return (long) p * (p + 1) / 2;
  }

  /** What a {@link Workspace} for whole blocks holds. */
  static long workspaceBytes(int p) {
    return 8L * p * (bufferRows(p) + 1) + 8L * p * (Math.min(p, panelRows(p)) + 1);
  }

  private static int bufferRows(int p) {
    return Math.max(MIN_BUFFER_ROWS, Math.min(Grid.MAX_BLOCK_ROWS, ROWS_BYTES / (8 * p)));
  }

  private static int panelRows(int p) {
    return PANEL_BYTES / (8 * p);
  }

  /** Adds the products of rows [from, to) of S, whole numbers all. */
  private void addPanel(int from, int to, double[] panel) {
    int stride = width() - from;
    for (int i = from; i < to; i++) {
      addRow(panel, (i - from) * stride + (i - from), at(i, i), width() - i);
    }
  }

  private void addRow(double[] sums, int from, int to, int count) {
    for (int j = 0; j < count; j++) {
      low[to + j] += (long) sums[from + j];
    }
  }

  private void addPanel(int from, int to, float[] panel) {
    int stride = width() - from;
    for (int i = from; i < to; i++) {
      addRow(panel, (i - from) * stride + (i - from), at(i, i), width() - i);
    }
  }

  private void addRow(float[] sums, int from, int to, int count) {
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
    if (first != other.first || end != other.end) {
      throw new IllegalArgumentException("other part of a statistic: rows " + other.first);
    }
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
    clippedFeatures += sign * other.clippedFeatures;
    rowsSinceCarry = wide ? NARROW_ROWS : rows;
    canonicalize();
  }

  private void requireSameSpecification(GramStatistics other) {
    requireSamePrecision(other);
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

  private void requireSamePrecision(GramStatistics other) {
    if (precision != other.precision) {
      throw new SnnkException(
          "statistics with different precision",
          "'" + precision.key() + "'",
          "'" + other.precision.key() + "'",
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
    requireWhole();
    writeTo(out);
  }

  private void writeTo(DataOutput out) throws IOException {
    canonicalize();
    out.write(MAGIC);
    out.writeInt(VERSION);
    byte[] specification = bytes(this::writeSpecification);
    out.writeInt(specification.length);
    out.write(specification);
    out.writeLong(rows);
    out.writeLong(clippedInputs);
    out.writeLong(clippedTargets);
    if (featurizer.map().clips()) {
      out.writeLong(clippedFeatures);
    }
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
    if (!precision.isExact()) {
      out.writeByte(precision.code());
    }
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
    readHead(in);
    end = width();
    readSums(in);
  }

  private void readHead(DataInput in) throws IOException {
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
    precision = parts.available() == 0 ? Precision.EXACT : Precision.ofCode(parts.readByte());
    rows = in.readLong();
    clippedInputs = in.readLong();
    clippedTargets = in.readLong();
    clippedFeatures = featurizer.map().clips() ? in.readLong() : 0;
    int p = in.readInt();
    if (p != width()) {
      throw new SnnkException(
          "statistics file",
          "width " + width(),
          p + "",
          null,
          "The file is damaged: take another copy.");
    }
  }

  private void readSums(DataInput in) throws IOException {
    requireIndexable(width());
    low = new long[heldLength()];
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
    out.writeInt(first);
    out.writeInt(end);
    writeTo(out);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    first = in.readInt();
    end = in.readInt();
    readHead(in);
    readSums(in);
  }

  /**
   * The centred normal equations of these rows.
   *
   * @throws SnnkException if there are no rows, or none with a positive weight
   */
  public NormalEquations normalEquations() {
    requireWhole();
    canonicalize();
    return NormalEquations.of(this);
  }

  /**
   * The packed sum at (i, j), i ≤ j, in units of 2⁻⁴⁰·v₀: its part that is a multiple of 2⁴⁰, or 0.
   */
  double highPart(int i, int j) {
    int at = at(i, j);
    return high == null
        ? (double) (low[at] & ~LOW_MASK)
        : Math.scalb((double) high[at], PRODUCT_BITS);
  }

  /** The packed sum at (i, j), i ≤ j, less {@link #highPart}: in [0, 2⁴⁰). */
  double lowPart(int i, int j) {
    return (double) (low[at(i, j)] & LOW_MASK);
  }

  /** v₀. */
  double weightUnit() {
    return Math.scalb(1.0, weightExponent);
  }
}
