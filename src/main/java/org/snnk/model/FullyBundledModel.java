package org.snnk.model;

import java.io.DataInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snnk.SnnkException;
import org.snnk.feature.FeatureMap;
import org.snnk.feature.Featurizer;
import org.snnk.linalg.Blas;
import org.snnk.linalg.Grid;
import org.snnk.statistics.Targets;

/**
 * A fully-bundled SNNK model ȳ = W̄Φ(x) + b (Scalable Neural Network Kernels, Section 3.3), for
 * regression or classes.
 *
 * <p><b>Exact scoring</b>: W̄ is rounded to two limbs of {@link Grid#weightBits} bits each (about
 * 40 bits of the largest weight of a target), the rounded weights are the weights, and ΦW̄ is a
 * product over integers below 2⁵³: a row has the same score, bit for bit, alone or in any block, on
 * any BLAS.
 *
 * <p>Immutable and thread-safe; each thread brings a {@link Workspace}.
 *
 * <p><b>Bytes</b>, version 1, big-endian: the four characters {@code SNKM}, version (int), input
 * names, {@link Featurizer}, {@link Targets}, target names, class labels, then for each target the
 * exponent, the intercept and m weights (longs, both limbs in one), the calibration (slope and
 * offset a class), and the SHA-256 of all bytes before it.
 */
public final class FullyBundledModel implements Model {
  private static final long serialVersionUID = 1L;
  private static final byte[] MAGIC = {'S', 'N', 'K', 'M'};
  private static final int VERSION = 1;
  private static final int BLOCK_ROWS = 512;

  private final List<String> inputNames;
  private final List<String> targetNames;
  private final List<String> classLabels;
  private final Featurizer featurizer;
  private final Targets targets;
  private final int[] exponent;
  private final double[] intercept;
  private final double[] limbs;
  private final double[] slope;
  private final double[] offset;

  private FullyBundledModel(
      List<String> inputNames,
      List<String> targetNames,
      List<String> classLabels,
      Featurizer featurizer,
      Targets targets,
      int[] exponent,
      double[] intercept,
      double[] limbs,
      double[] slope,
      double[] offset) {
    this.inputNames = List.copyOf(inputNames);
    this.targetNames = List.copyOf(targetNames);
    this.classLabels = List.copyOf(classLabels);
    this.featurizer = featurizer;
    this.targets = targets;
    this.exponent = exponent;
    this.intercept = intercept;
    this.limbs = limbs;
    this.slope = slope;
    this.offset = offset;
  }

  /**
   * A model of a solved read-out.
   *
   * @param inputNames d names
   * @param targetNames the label column, or the k target columns
   * @param classLabels k labels in the order of the class index; empty for regression
   * @param weights m×k row-major
   * @param intercept k
   */
  public static FullyBundledModel of(
      List<String> inputNames,
      List<String> targetNames,
      List<String> classLabels,
      Featurizer featurizer,
      Targets targets,
      double[] weights,
      double[] intercept) {
    int m = featurizer.map().features();
    int k = targets.count();
    int bits = Grid.weightBits(m);
    int[] exponent = new int[k];
    double[] limbs = new double[m * 2 * k];
    for (int t = 0; t < k; t++) {
      double largest = Double.MIN_NORMAL;
      for (int i = 0; i < m; i++) {
        largest = Math.max(largest, Math.abs(weights[i * k + t]));
      }
      exponent[t] = Math.getExponent(largest) + 1;
      for (int i = 0; i < m; i++) {
        double units = Math.scalb(weights[i * k + t], 2 * (bits - 1) - exponent[t]);
        split(Math.round(units), bits, limbs, i * 2 * k + 2 * t);
      }
    }
    double[] slope = new double[classLabels.size()];
    Arrays.fill(slope, 1);
    return new FullyBundledModel(
        inputNames,
        targetNames,
        classLabels,
        featurizer,
        targets,
        exponent,
        intercept.clone(),
        limbs,
        slope,
        new double[classLabels.size()]);
  }

  /** A weight in units of its low limb as the two limbs. */
  private static void split(long units, int bits, double[] limbs, int at) {
    double high = Math.rint(Math.scalb((double) units, 1 - bits));
    limbs[at] = high;
    limbs[at + 1] = (double) (units - ((long) high << (bits - 1)));
  }

  /** The same model with the probabilities P(c) ∝ 1/(1 + e^−(slope·score + offset)). */
  public FullyBundledModel calibrated(double[] newSlope, double[] newOffset) {
    return new FullyBundledModel(
        inputNames,
        targetNames,
        classLabels,
        featurizer,
        targets,
        exponent,
        intercept,
        limbs,
        newSlope.clone(),
        newOffset.clone());
  }

  /** Scratch memory of one thread. */
  public static final class Workspace {
    private final Featurizer.Workspace featurizer = new Featurizer.Workspace();
    private double[] features = new double[0];
    private double[] products = new double[0];

    /** Input cells that were clipped so far. */
    public long clipped() {
      return featurizer.clipped();
    }
  }

  @Override
  public List<String> inputNames() {
    return inputNames;
  }

  @Override
  public List<String> targetNames() {
    return targetNames;
  }

  @Override
  public List<String> classLabels() {
    return classLabels;
  }

  /** The input transform and Φ. */
  public Featurizer featurizer() {
    return featurizer;
  }

  @Override
  public Targets targets() {
    return targets;
  }

  /**
   * Scores a block: predictions in the target's own units, or the least-squares scores of the
   * classes, which sum to 1.
   *
   * <p><b>Shapes</b>: x n×d raw, row-major, not modified; out n×k, overwritten. <b>Cost</b>: dm +
   * 4mk flops a row.
   */
  public void scores(int n, double[] x, double[] out, Workspace workspace) {
    int m = featurizer.map().features();
    int k = targets.count();
    int bits = Grid.weightBits(m);
    if (workspace.features.length < BLOCK_ROWS * m) {
      workspace.features = new double[BLOCK_ROWS * m];
    }
    if (workspace.products.length < BLOCK_ROWS * 2 * k) {
      workspace.products = new double[BLOCK_ROWS * 2 * k];
    }
    double[] products = workspace.products;
    for (int first = 0; first < n; first += BLOCK_ROWS) {
      int rows = Math.min(BLOCK_ROWS, n - first);
      featurizer.features(rows, x, first, workspace.features, m, workspace.featurizer);
      Blas.backend().multiply(rows, m, 2 * k, workspace.features, m, limbs, products, 2 * k);
      for (int i = 0; i < rows; i++) {
        for (int t = 0; t < k; t++) {
          int at = (i * k + t) * 2;
          double product = products[at] + Math.scalb(products[at + 1], 1 - bits);
          double score =
              Math.scalb(product, exponent[t] + 1 - bits - Grid.FEATURE_BITS) + intercept[t];
          out[(first + i) * k + t] =
              targets.areClasses() ? score : targets.mean(t) + targets.scale(t) * score;
        }
      }
    }
  }

  @Override
  public Model.Scorer scorer() {
    Workspace workspace = new Workspace();
    return (n, x, out) -> scores(n, x, out, workspace);
  }

  @Override
  public void probabilities(int n, double[] scores) {
    int k = targets.count();
    for (int i = 0; i < n; i++) {
      int row = i * k;
      if (k == 2) { // one calibration, so that the two sides agree
        double p = sigmoid(slope[1] * scores[row + 1] + offset[1]);
        scores[row] = 1 - p;
        scores[row + 1] = p;
        continue;
      }
      double sum = 0;
      for (int c = 0; c < k; c++) {
        scores[row + c] = sigmoid(slope[c] * scores[row + c] + offset[c]);
        sum += scores[row + c];
      }
      for (int c = 0; c < k; c++) {
        scores[row + c] = sum > 0 ? scores[row + c] / sum : 1.0 / k;
      }
    }
  }

  private static double sigmoid(double z) {
    return 1 / (1 + StrictMath.exp(-z));
  }

  /** The index of the largest of k numbers; the first of equal ones. */
  public static int largest(double[] numbers, int from, int k) {
    int best = 0;
    for (int c = 1; c < k; c++) {
      if (numbers[from + c] > numbers[from + best]) {
        best = c;
      }
    }
    return best;
  }

  @Override
  public byte[] toBytes() {
    return ModelBytes.write(
        MAGIC,
        VERSION,
        out -> {
          ModelBytes.write(out, inputNames);
          featurizer.write(out);
          targets.write(out);
          ModelBytes.write(out, targetNames);
          ModelBytes.write(out, classLabels);
          int m = featurizer.map().features();
          int k = targets.count();
          int bits = Grid.weightBits(m);
          for (int t = 0; t < k; t++) {
            out.writeInt(exponent[t]);
            out.writeDouble(intercept[t]);
            for (int i = 0; i < m; i++) {
              int at = i * 2 * k + 2 * t;
              out.writeLong(((long) limbs[at] << (bits - 1)) + (long) limbs[at + 1]);
            }
          }
          for (int c = 0; c < slope.length; c++) {
            out.writeDouble(slope[c]);
            out.writeDouble(offset[c]);
          }
        });
  }

  /**
   * Reads what {@link #toBytes} gave.
   *
   * @param where the file, for errors
   * @throws SnnkException if the bytes are damaged, no model, or one of a newer version
   */
  public static FullyBundledModel fromBytes(byte[] bytes, String where) {
    try {
      return read(ModelBytes.open(bytes, MAGIC, VERSION, where));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FullyBundledModel read(DataInput in) throws IOException {
    List<String> inputNames = ModelBytes.readNames(in);
    Featurizer featurizer = Featurizer.read(in);
    Targets targets = Targets.read(in);
    List<String> targetNames = ModelBytes.readNames(in);
    List<String> classLabels = ModelBytes.readNames(in);
    int m = featurizer.map().features();
    int k = targets.count();
    int bits = Grid.weightBits(m);
    int[] exponent = new int[k];
    double[] intercept = new double[k];
    double[] limbs = new double[m * 2 * k];
    for (int t = 0; t < k; t++) {
      exponent[t] = in.readInt();
      intercept[t] = in.readDouble();
      for (int i = 0; i < m; i++) {
        split(in.readLong(), bits, limbs, i * 2 * k + 2 * t);
      }
    }
    double[] slope = new double[classLabels.size()];
    double[] offset = new double[classLabels.size()];
    for (int c = 0; c < slope.length; c++) {
      slope[c] = in.readDouble();
      offset[c] = in.readDouble();
    }
    return new FullyBundledModel(
        inputNames,
        targetNames,
        classLabels,
        featurizer,
        targets,
        exponent,
        intercept,
        limbs,
        slope,
        offset);
  }

  @Override
  public Map<String, Object> metadata() {
    FeatureMap map = featurizer.map();
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("format", "snnk fully-bundled model");
    metadata.put("version", VERSION);
    metadata.put("sha256", fingerprint());
    metadata.put("featureMap", map.describe());
    metadata.put("inputs", inputNames);
    metadata.put("targets", targetNames);
    metadata.put("classes", classLabels);
    metadata.put("numRandomFeatures", map.features());
    metadata.put("parameters", (map.features() + 1) * targets.count());
    return metadata;
  }
}
