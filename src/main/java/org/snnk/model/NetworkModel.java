package org.snnk.model;

import java.io.DataInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snnk.SnnkException;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.BlockOperations;
import org.snnk.loss.Loss;
import org.snnk.network.EpochLoss;
import org.snnk.network.Network;
import org.snnk.network.TrainedNetwork;
import org.snnk.statistics.Targets;

/**
 * A network with its parameters and the scales of inputs and targets, for regression or classes
 * with the probabilities softmax(scores).
 *
 * <p>Scored in single precision: the last bits of a score may depend on the BLAS, and on the rows
 * that it is scored with.
 *
 * <p><b>Bytes</b>, version 1, or 2 where inputs are not standardised, big-endian: the four
 * characters {@code SNKN}, version (int), input names, in version 1 {@link Standardizer}, {@link
 * Targets}, target names, class labels, {@link Network}, the number of parameters and each as a
 * float, the learning curve (length; epoch, training loss, validation loss, accuracy), the epoch
 * that the parameters are of, and the SHA-256 of all bytes before it.
 */
public final class NetworkModel implements Model {
  private static final long serialVersionUID = 1L;
  static final String KIND = "SNKN";
  private static final int STANDARDIZED = 1;
  private static final int RAW = 2;
  private static final int BLOCK_ROWS = 512;

  private final List<String> inputNames;
  private final List<String> targetNames;
  private final List<String> classLabels;
  private final Standardizer standardizer;
  private final Targets targets;
  private final Network network;
  private final float[] parameters;
  private final List<EpochLoss> curve;
  private final int epoch;

  /**
   * A model of a trained network.
   *
   * @param inputNames d names
   * @param targetNames the label column, or the k target columns
   * @param classLabels k labels in the order of the class index; empty for regression
   * @param standardizer of the inputs; null for a network that takes them as they are
   * @param curve the learning curve
   * @param epoch that the parameters are of
   * @throws SnnkException if the network has other inputs, outputs or parameters
   */
  public NetworkModel(
      List<String> inputNames,
      List<String> targetNames,
      List<String> classLabels,
      Standardizer standardizer,
      Targets targets,
      Network network,
      float[] parameters,
      List<EpochLoss> curve,
      int epoch) {
    require("inputs", inputNames.size(), network.inputs());
    require("outputs", targets.count(), network.outputs());
    require("parameters", network.parameters(), parameters.length);
    this.inputNames = List.copyOf(inputNames);
    this.targetNames = List.copyOf(targetNames);
    this.classLabels = List.copyOf(classLabels);
    this.standardizer = standardizer;
    this.targets = targets;
    this.network = network;
    this.parameters = parameters.clone();
    this.curve = List.copyOf(curve);
    this.epoch = epoch;
  }

  private static void require(String what, int expected, int got) {
    if (expected != got) {
      throw new SnnkException(
          "network of a model",
          expected + " " + what,
          got + "",
          null,
          "Make it for the table's columns.");
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

  @Override
  public Targets targets() {
    return targets;
  }

  /** The specification. */
  public Network network() {
    return network;
  }

  /** A copy of the parameters. */
  public float[] parameters() {
    return parameters.clone();
  }

  /** The scale of the inputs; empty where the network takes them as they are. */
  public Optional<Standardizer> standardizer() {
    return Optional.ofNullable(standardizer);
  }

  /** The learning curve. */
  public List<EpochLoss> curve() {
    return curve;
  }

  /** The epoch that the parameters are of. */
  public int epoch() {
    return epoch;
  }

  /** The network with its parameters, which are not copied. */
  public TrainedNetwork trained() {
    return new TrainedNetwork(network, parameters);
  }

  /** The same training with another network that stands for this one, such as a bundled one. */
  public NetworkModel with(TrainedNetwork other) {
    return new NetworkModel(
        inputNames,
        targetNames,
        classLabels,
        standardizer,
        targets,
        other.network(),
        other.parameters(),
        curve,
        epoch);
  }

  @Override
  public Model.Scorer scorer() {
    return new Scorer();
  }

  @Override
  public double[] gradients(int n, double[] x) {
    int d = inputs();
    int k = outputs();
    double[] scaled = new double[n * d];
    outputs(0).scores(n, x, scaled);
    double[] gradients = new double[k * n * d];
    for (int first = 0; first < n; first += BLOCK_ROWS) {
      int rows = Math.min(BLOCK_ROWS, n - first);
      float[] block = new float[rows * d];
      for (int j = 0; j < block.length; j++) {
        block[j] = (float) scaled[first * d + j];
      }
      float[] jacobians = network.jacobians(rows, block, parameters);
      for (int i = 0; i < rows; i++) {
        for (int t = 0; t < k; t++) {
          double scale = targets.areClasses() ? 1 : targets.scale(t);
          for (int j = 0; j < d; j++) {
            gradients[(t * n + first + i) * d + j] = scale * jacobians[(i * k + t) * d + j];
          }
        }
      }
    }
    return gradients;
  }

  /**
   * What the first layers give for raw rows, on one thread: of a row the same bits on one BLAS,
   * whatever rows it comes with, since products always have the same size.
   *
   * @param layers how many; with none it is the scaled inputs
   */
  public Model.Scorer outputs(int layers) {
    return new Outputs(layers, true);
  }

  private final class Outputs implements Model.Scorer {
    private final int width;
    private final boolean padded;
    private final Network.Pass pass;
    private final float[] theta;
    private final double[] units = new double[BLOCK_ROWS * network.inputs()];
    private final float[] scaled = new float[units.length];

    Outputs(int layers, boolean padded) {
      this.padded = padded;
      TrainedNetwork first = layers == 0 ? null : trained().slice(0, layers);
      width = first == null ? network.inputs() : first.network().outputs();
      pass = first == null ? null : first.network().pass(BLOCK_ROWS);
      theta = first == null ? null : first.parameters();
    }

    @Override
    public void scores(int n, double[] x, double[] out) {
      for (int first = 0; first < n; first += BLOCK_ROWS) {
        int rows = Math.min(BLOCK_ROWS, n - first);
        scale(rows, x, first);
        int multiplied = padded ? BLOCK_ROWS : rows; // those behind the rows are left from before
        float[] values = pass == null ? scaled : pass.forward(multiplied, scaled, theta);
        for (int i = 0; i < rows * width; i++) {
          out[first * width + i] = values[i];
        }
      }
    }

    private void scale(int rows, double[] x, int first) {
      int cells = rows * network.inputs();
      if (standardizer == null) {
        for (int i = 0; i < cells; i++) {
          scaled[i] = (float) x[first * network.inputs() + i];
        }
        return;
      }
      standardizer.standardize(rows, x, first, units, scaled);
    }
  }

  private final class Scorer implements Model.Scorer {
    private final Model.Scorer outputs = new Outputs(network.layers().size(), false);

    @Override
    public void scores(int n, double[] x, double[] out) {
      outputs.scores(n, x, out);
      int k = network.outputs();
      for (int i = 0; !targets.areClasses() && i < n * k; i++) {
        out[i] = targets.mean(i % k) + targets.scale(i % k) * out[i];
      }
    }
  }

  @Override
  public boolean isExact() {
    return false;
  }

  @Override
  public <B> B expressScores(BlockOperations<B> on, B x) {
    B scaled = standardizer == null ? x : standardizer.express(on, x);
    return targets.express(on, network.express(on, scaled, parameters));
  }

  @Override
  public <B> B expressProbabilities(BlockOperations<B> on, B scores) {
    return on.softmax(scores);
  }

  @Override
  public void probabilities(int n, double[] scores) {
    Loss.softmax(n, outputs(), scores);
  }

  private int version() {
    return standardizer == null ? RAW : STANDARDIZED;
  }

  @Override
  public byte[] toBytes() {
    return SealedBytes.seal(
        KIND,
        version(),
        out -> {
          SealedBytes.write(out, inputNames);
          if (standardizer != null) {
            standardizer.write(out);
          }
          targets.write(out);
          SealedBytes.write(out, targetNames);
          SealedBytes.write(out, classLabels);
          network.write(out);
          out.writeInt(parameters.length);
          for (float parameter : parameters) {
            out.writeFloat(parameter);
          }
          EpochLoss.write(out, curve);
          out.writeInt(epoch);
        });
  }

  /**
   * Reads what {@link #toBytes} gave.
   *
   * @param where the file, for errors
   * @throws SnnkException if the bytes are damaged, no model of this kind, or one of a newer
   *     version
   */
  public static NetworkModel fromBytes(byte[] bytes, String where) {
    try {
      int version = SealedBytes.version(bytes) == STANDARDIZED ? STANDARDIZED : RAW;
      return read(SealedBytes.open(bytes, KIND, version, "model file", where), version);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static NetworkModel read(DataInput in, int version) throws IOException {
    List<String> inputNames = SealedBytes.readNames(in);
    Standardizer standardizer = version == RAW ? null : Standardizer.read(in);
    Targets targets = Targets.read(in);
    List<String> targetNames = SealedBytes.readNames(in);
    List<String> classLabels = SealedBytes.readNames(in);
    Network network = Network.read(in);
    float[] parameters = new float[in.readInt()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = in.readFloat();
    }
    List<EpochLoss> curve = EpochLoss.read(in);
    return new NetworkModel(
        inputNames,
        targetNames,
        classLabels,
        standardizer,
        targets,
        network,
        parameters,
        curve,
        in.readInt());
  }

  @Override
  public Map<String, Object> metadata() {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("format", "snnk network model");
    metadata.put("version", version());
    metadata.put("sha256", fingerprint());
    metadata.put("layers", network.layers().stream().map(layer -> layer.describe()).toList());
    metadata.put("inputs", inputNames);
    metadata.put("targets", targetNames);
    metadata.put("classes", classLabels);
    metadata.put("parameters", network.parameters());
    if (network.size() > network.parameters()) {
      metadata.put("scales", network.size() - network.parameters());
    }
    metadata.put("epoch", epoch);
    return metadata;
  }
}
