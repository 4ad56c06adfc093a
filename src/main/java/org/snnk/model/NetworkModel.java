package org.snnk.model;

import java.io.DataInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snnk.SnnkException;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.Grid;
import org.snnk.loss.Loss;
import org.snnk.network.EpochLoss;
import org.snnk.network.Network;
import org.snnk.statistics.Targets;

/**
 * A network with its parameters and the scales of inputs and targets, for regression or classes
 * with the probabilities softmax(scores).
 *
 * <p>Scored in single precision: the last bits of a score may depend on the BLAS, and on the rows
 * that it is scored with.
 *
 * <p><b>Bytes</b>, version 1, big-endian: the four characters {@code SNKN}, version (int), input
 * names, {@link Standardizer}, {@link Targets}, target names, class labels, {@link Network}, the
 * number of parameters and each as a float, the learning curve (length; epoch, training loss,
 * validation loss, accuracy), the epoch that the parameters are of, and the SHA-256 of all bytes
 * before it.
 */
public final class NetworkModel implements Model {
  private static final long serialVersionUID = 1L;
  static final String KIND = "SNKN";
  private static final int VERSION = 1;
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

  /** The scale of the inputs. */
  public Standardizer standardizer() {
    return standardizer;
  }

  /** The learning curve. */
  public List<EpochLoss> curve() {
    return curve;
  }

  /** The epoch that the parameters are of. */
  public int epoch() {
    return epoch;
  }

  /** The same training with another network that computes the same, such as a bundled one. */
  public NetworkModel with(Network other, float[] otherParameters) {
    return new NetworkModel(
        inputNames,
        targetNames,
        classLabels,
        standardizer,
        targets,
        other,
        otherParameters,
        curve,
        epoch);
  }

  @Override
  public Model.Scorer scorer() {
    return new Scorer();
  }

  private final class Scorer implements Model.Scorer {
    private final Network.Pass pass = network.pass(BLOCK_ROWS);
    private final double[] units = new double[BLOCK_ROWS * network.inputs()];
    private final float[] standardized = new float[units.length];

    @Override
    public void scores(int n, double[] x, double[] out) {
      int d = network.inputs();
      int k = network.outputs();
      for (int first = 0; first < n; first += BLOCK_ROWS) {
        int rows = Math.min(BLOCK_ROWS, n - first);
        long unused = standardizer.standardize(rows, x, first, units);
        for (int i = 0; i < rows * d; i++) {
          standardized[i] = (float) Math.scalb(units[i], -Grid.INPUT_BITS);
        }
        float[] scores = pass.forward(rows, standardized, parameters);
        for (int i = 0; i < rows * k; i++) {
          int t = i % k;
          out[first * k + i] =
              targets.areClasses() ? scores[i] : targets.mean(t) + targets.scale(t) * scores[i];
        }
      }
    }
  }

  @Override
  public void probabilities(int n, double[] scores) {
    Loss.softmax(n, outputs(), scores);
  }

  @Override
  public byte[] toBytes() {
    return SealedBytes.seal(
        KIND,
        VERSION,
        out -> {
          SealedBytes.write(out, inputNames);
          standardizer.write(out);
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
      return read(SealedBytes.open(bytes, KIND, VERSION, "model file", where));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static NetworkModel read(DataInput in) throws IOException {
    List<String> inputNames = SealedBytes.readNames(in);
    Standardizer standardizer = Standardizer.read(in);
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
    metadata.put("version", VERSION);
    metadata.put("sha256", fingerprint());
    metadata.put("layers", network.layers().stream().map(layer -> layer.describe()).toList());
    metadata.put("inputs", inputNames);
    metadata.put("targets", targetNames);
    metadata.put("classes", classLabels);
    metadata.put("parameters", network.parameters());
    metadata.put("epoch", epoch);
    return metadata;
  }
}
