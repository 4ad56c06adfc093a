package org.snnk.model;

import java.io.DataInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snnk.SnnkException;
import org.snnk.feature.FeatureMap;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.Blas;
import org.snnk.linalg.BlockOperations;
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
  private static final String KIND = "SNKM";
  private static final int VERSION = 1;

  /** Features of a block stay in a core's second-level cache until they are multiplied. */
  private static final int BLOCK_FEATURES = 1 << 16;

  private static final int LEAST_BLOCK_ROWS = 16;

  /** A probability beside which no other one is changed, in floats too. */
  private static final double IMPROBABLE = 0x1p-100;

  /** The name of the file in a model folder. */
  public static final String FILE = "model.bin";

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

  /**
   * One model with the outputs of several regressions of the same features, in their order: each
   * output is, bit for bit, what its own model gives, and features are computed once for all.
   *
   * @throws SnnkException if the models differ in inputs, scales or feature map, or score classes
   */
  public static FullyBundledModel join(List<FullyBundledModel> models) {
    FullyBundledModel first = models.get(0);
    int m = first.featurizer.map().features();
    int k = models.stream().mapToInt(FullyBundledModel::outputs).sum();
    List<String> names = new ArrayList<>();
    int[] exponent = new int[k];
    double[] intercept = new double[k];
    double[] mean = new double[k];
    double[] scale = new double[k];
    double[] limbs = new double[m * 2 * k];
    int to = 0;
    for (FullyBundledModel model : models) {
      first.requireSameFeatures(model);
      int taken = model.outputs();
      names.addAll(model.targetNames);
      System.arraycopy(model.exponent, 0, exponent, to, taken);
      System.arraycopy(model.intercept, 0, intercept, to, taken);
      for (int t = 0; t < taken; t++) {
        mean[to + t] = model.targets.mean(t);
        scale[to + t] = model.targets.scale(t);
      }
      for (int i = 0; i < m; i++) {
        System.arraycopy(model.limbs, i * 2 * taken, limbs, (i * k + to) * 2, 2 * taken);
      }
      to += taken;
    }
    return new FullyBundledModel(
        first.inputNames,
        names,
        List.of(),
        first.featurizer,
        Targets.reals(mean, scale),
        exponent,
        intercept,
        limbs,
        new double[0],
        new double[0]);
  }

  private void requireSameFeatures(FullyBundledModel other) {
    if (isClassifier()
        || other.isClassifier()
        || !Arrays.equals(
            new SavedFeaturizer(inputNames, featurizer).toBytes(),
            new SavedFeaturizer(other.inputNames, other.featurizer).toBytes())) {
      throw new SnnkException(
          "models to join",
          "regressions of the same inputs, scales and feature map",
          "others",
          null,
          "Join models of one training.");
    }
  }

  /** A weight in units of its low limb as the two limbs. */
  private static void split(long units, int bits, double[] limbs, int at) {
    double high = Math.rint(Math.scalb((double) units, 1 - bits));
    limbs[at] = high;
    limbs[at + 1] = (double) (units - ((long) high << (bits - 1)));
  }

  /**
   * The classes whose scores could not be turned into probabilities, because the rows to calibrate
   * on were all of the class, none of it, or ranked the wrong way round: their curve has slope 1.
   */
  public List<String> uncalibratedClasses() {
    List<String> classes = new ArrayList<>();
    int first = targets.count() == 2 ? 1 : 0; // the curve of the second serves both
    for (int c = first; c < slope.length; c++) {
      if (slope[c] == 1) {
        classes.add(classLabels.get(c));
      }
    }
    return classes;
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

  private static int blockRows(int m) {
    return Math.max(LEAST_BLOCK_ROWS, BLOCK_FEATURES / m);
  }

  /** Scratch memory of one thread. */
  public static final class Workspace {
    private final Featurizer.Workspace featurizer = new Featurizer.Workspace();
    private double[] features = new double[0];
    private double[] products = new double[0];

    /** Grows to n rows, or those of a block. */
    private double[] products(int n, int m, int columns) {
      int rows = Math.min(n, blockRows(m));
      if (features.length < rows * m) {
        features = new double[rows * m];
      }
      if (products.length < rows * columns) {
        products = new double[rows * columns];
      }
      return products;
    }

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
    int block = blockRows(m);
    double lower = Math.scalb(1.0, 1 - bits);
    double[] unit = new double[k];
    for (int t = 0; t < k; t++) {
      unit[t] = Math.scalb(1.0, exponent[t] + 1 - bits - Grid.FEATURE_BITS);
    }
    double[] products = workspace.products(n, m, 2 * k);
    for (int first = 0; first < n; first += block) {
      int rows = Math.min(block, n - first);
      featurizer.features(rows, x, first, workspace.features, m, workspace.featurizer);
      Blas.backend().multiply(rows, m, 2 * k, workspace.features, m, limbs, products, 2 * k);
      for (int i = 0; i < rows; i++) {
        for (int t = 0; t < k; t++) {
          int at = (i * k + t) * 2;
          double product = products[at] + products[at + 1] * lower;
          double score = product * unit[t] + intercept[t];
          out[(first + i) * k + t] =
              targets.areClasses() ? score : targets.mean(t) + targets.scale(t) * score;
        }
      }
    }
  }

  /**
   * Scores one row: its predictions, or the probabilities of the classes.
   *
   * <p>For many rows {@link #score(int, double[])} is some ten times faster a row.
   *
   * @param x d inputs, raw
   * @return k numbers
   * @throws SnnkException if there are not d inputs
   */
  public double[] score(double... x) {
    return score(1, x);
  }

  /**
   * Scores rows: their predictions, or the probabilities of the classes.
   *
   * @param x n×d raw, row-major
   * @return n×k
   * @throws SnnkException if there are not n·d inputs
   */
  public double[] score(int n, double[] x) {
    if (x.length != n * inputs()) {
      throw new SnnkException(
          "rows to score",
          n + " times " + inputs() + " inputs",
          x.length + "",
          null,
          "Give the inputs " + inputNames.get(0) + " … in the order of the training.");
    }
    double[] out = new double[n * outputs()];
    scores(n, x, out, new Workspace());
    if (isClassifier()) {
      probabilities(n, out);
    }
    return out;
  }

  /**
   * How the scores change with the inputs: ∂ȳ_c/∂xⱼ for the output c that each row names (for
   * classes, of the least-squares score). Clipping of inputs is not taken into account.
   *
   * <p><b>Shapes</b>: x n×d raw; output n, from 0; out n×d, overwritten. <b>Scale</b>: the target's
   * own unit by one unit of the <i>standardised</i> input. <b>Cost</b>: 2dm flops a row. In
   * ordinary double precision: the last bits depend on the BLAS.
   *
   * @throws SnnkException if the feature map has no derivative
   */
  public void gradients(int n, double[] x, int[] output, double[] out, Workspace workspace) {
    int m = featurizer.map().features();
    int k = targets.count();
    int d = inputs();
    double[] weights = weights();
    workspace.products(n, m, 2 * k);
    int block = blockRows(m);
    double[] part = new double[Math.min(n, block) * d];
    for (int first = 0; first < n; first += block) {
      int rows = Math.min(block, n - first);
      featurizer.features(rows, x, first, workspace.features, m, workspace.featurizer);
      featurizer
          .map()
          .gradients(
              rows,
              workspace.features,
              weights,
              k,
              Arrays.copyOfRange(output, first, first + rows),
              part);
      System.arraycopy(part, 0, out, first * d, rows * d);
    }
  }

  @Override
  public double[] gradients(int n, double[] x) {
    int d = inputs();
    double[] all = new double[outputs() * n * d];
    double[] part = new double[n * d];
    Workspace workspace = new Workspace();
    for (int t = 0; t < outputs(); t++) {
      int[] output = new int[n];
      Arrays.fill(output, t);
      gradients(n, x, output, part, workspace);
      System.arraycopy(part, 0, all, t * n * d, n * d);
    }
    return all;
  }

  /**
   * Gradient times input: ∂ȳ_c/∂x̃ⱼ · x̃ⱼ with x̃ the standardised inputs, so measured from the
   * mean of each column.
   *
   * <p><b>Shapes</b> and <b>cost</b> as {@link #gradients}; out in the target's own unit.
   */
  public void attributions(int n, double[] x, int[] output, double[] out, Workspace workspace) {
    gradients(n, x, output, out, workspace);
    Standardizer standardizer = featurizer.standardizer();
    int d = inputs();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        double factor = standardizer.factor(j);
        out[i * d + j] *= factor == 0 ? 0 : (x[i * d + j] - standardizer.mean(j)) * factor;
      }
    }
  }

  /** The weights as they are used, in the targets' own units by one, m×k row-major. */
  private double[] weights() {
    int m = featurizer.map().features();
    int k = targets.count();
    int bits = Grid.weightBits(m);
    double[] weights = new double[m * k];
    for (int i = 0; i < m; i++) {
      for (int t = 0; t < k; t++) {
        double w =
            Math.scalb((double) units(i * 2 * k + 2 * t, bits), exponent[t] - 2 * (bits - 1));
        weights[i * k + t] = targets.areClasses() ? w : w * targets.scale(t);
      }
    }
    return weights;
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

  @Override
  public boolean isExact() {
    return true;
  }

  @Override
  public <B> B expressScores(BlockOperations<B> on, B x) {
    int m = featurizer.map().features();
    int k = targets.count();
    int bits = Grid.weightBits(m);
    // Both limbs in units of 1: those of all targets, then the low ones of all.
    double[] weights = new double[m * 2 * k];
    for (int i = 0; i < m; i++) {
      for (int t = 0; t < k; t++) {
        int from = (i * k + t) * 2;
        weights[i * 2 * k + t] = Math.scalb(limbs[from], exponent[t] + 1 - bits);
        weights[i * 2 * k + k + t] = Math.scalb(limbs[from + 1], exponent[t] + 2 - 2 * bits);
      }
    }
    B features = featurizer.map().express(on, featurizer.standardizer().express(on, x));
    B products = on.product(features, 2 * k, weights);
    B product = on.add(on.columns(products, 0, k), on.columns(products, k, 2 * k));
    return targets.express(on, on.add(product, on.row(intercept)));
  }

  @Override
  public <B> B expressProbabilities(BlockOperations<B> on, B scores) {
    if (targets.count() == 2) {
      B score = on.columns(scores, 1, 2);
      B p = on.sigmoid(on.add(on.multiply(score, slope[1]), offset[1]));
      return on.concat(List.of(on.subtract(on.row(1), p), p));
    }
    B each = on.sigmoid(on.add(on.multiply(scores, on.row(slope)), on.row(offset)));
    B some = on.add(each, IMPROBABLE); // 1/k each where all of them are 0
    return on.divide(some, on.sum(some));
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

  /**
   * The index of the largest of k probabilities, each divided by its class's threshold; a class of
   * threshold 0 wins wherever its probability is positive. The first of equal ones.
   *
   * @param thresholds k, at most one of them 0
   */
  public static int largest(double[] probabilities, int from, int k, double[] thresholds) {
    int best = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < k; c++) {
      double p = probabilities[from + c];
      double scaled = p == 0 ? 0 : p / thresholds[c];
      if (scaled > most) {
        best = c;
        most = scaled;
      }
    }
    return best;
  }

  @Override
  public byte[] toBytes() {
    return SealedBytes.seal(
        KIND,
        VERSION,
        out -> {
          SealedBytes.write(out, inputNames);
          featurizer.write(out);
          targets.write(out);
          SealedBytes.write(out, targetNames);
          SealedBytes.write(out, classLabels);
          int m = featurizer.map().features();
          int k = targets.count();
          int bits = Grid.weightBits(m);
          for (int t = 0; t < k; t++) {
            out.writeInt(exponent[t]);
            out.writeDouble(intercept[t]);
            for (int i = 0; i < m; i++) {
              out.writeLong(units(i * 2 * k + 2 * t, bits));
            }
          }
          for (int c = 0; c < slope.length; c++) {
            out.writeDouble(slope[c]);
            out.writeDouble(offset[c]);
          }
        });
  }

  /** A weight in units of its low limb. */
  private long units(int at, int bits) {
    return ((long) limbs[at] << (bits - 1)) + (long) limbs[at + 1];
  }

  /**
   * Reads what {@link #toBytes} gave.
   *
   * @param where the file, for errors
   * @throws SnnkException if the bytes are damaged, no model, or one of a newer version
   */
  public static FullyBundledModel fromBytes(byte[] bytes, String where) {
    try {
      return read(SealedBytes.open(bytes, KIND, VERSION, "model file", where));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Loads a model from the local disk, with no Spark on the class path.
   *
   * @param path the output folder of a training, the folder that a Spark ML stage was saved into,
   *     the folder {@code model} in either, or the file {@value #FILE} itself
   * @throws SnnkException if there is none, or it is damaged
   */
  public static FullyBundledModel load(Path path) {
    for (Path file : List.of(path.resolve("model").resolve(FILE), path.resolve(FILE), path)) {
      if (Files.isRegularFile(file)) {
        try {
          return fromBytes(Files.readAllBytes(file), file.toString());
        } catch (NoSuchFileException gone) {
          break;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    throw missing(path.toString());
  }

  /** The error about a path without a model. */
  public static SnnkException missing(String path) {
    return new SnnkException(
        "model",
        "a folder with " + FILE,
        "none at '" + path + "'",
        null,
        "Give the output folder of a training, or the folder of a saved stage.");
  }

  private static FullyBundledModel read(DataInput in) throws IOException {
    List<String> inputNames = SealedBytes.readNames(in);
    Featurizer featurizer = Featurizer.read(in);
    Targets targets = Targets.read(in);
    List<String> targetNames = SealedBytes.readNames(in);
    List<String> classLabels = SealedBytes.readNames(in);
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
