package org.snnk.network;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.snnk.SnnkException;
import org.snnk.linalg.BlockOperations;
import org.snnk.random.CounterRandom;

/**
 * A chain of layers: an immutable specification, whose parameters are one flat vector of floats
 * that is held apart from it.
 *
 * <p><b>Deterministic</b>: initial parameters are a function of the seed, bit for bit. What the
 * layers compute is rounded, and may differ in its last bits from one BLAS to another.
 *
 * <p><b>Bytes</b>, version 1: the version (int), the number of layers, each layer.
 */
public final class Network implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final long INITIAL_STREAM = 0x6E657430L;
  private static final long DRAW_STREAM = 0x6E657431L;

  private final List<Layer> layers;
  private final int[] offset;

  /**
   * A network of layers in their order.
   *
   * @throws SnnkException if a layer does not take what the one before it gives, or there is none
   */
  public Network(List<Layer> layers) {
    this.layers = List.copyOf(layers);
    this.offset = new int[layers.size() + 1];
    if (layers.isEmpty()) {
      throw new SnnkException("network", "at least one layer", "none", null, "Add a dense layer.");
    }
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      if (l > 0) {
        requireChain(l, layers.get(l - 1).outputs());
      }
      offset[l + 1] = end(offset[l], layer);
    }
  }

  /** Where the parameters of a layer end that begin at a place. */
  private static int end(int begin, Layer layer) {
    try {
      return Math.addExact(begin, layer.parameters());
    } catch (ArithmeticException overflow) {
      throw new SnnkException(
          "network layer " + layer.describe(),
          "at most " + Integer.MAX_VALUE + " parameters of all layers up to it",
          "more",
          null,
          "Make layers smaller.");
    }
  }

  private void requireChain(int l, int given) {
    if (layers.get(l).inputs() != given) {
      throw new SnnkException(
          "network layer " + (l + 1) + ", " + layers.get(l).describe(),
          given + " inputs, what " + layers.get(l - 1).describe() + " gives",
          layers.get(l).inputs() + "",
          null,
          "Make the sizes of the layers chain.");
    }
  }

  /**
   * Passes if all layers with parameters can be trained: no fixed layer stands behind one.
   *
   * @throws SnnkException if one does
   */
  public void requireTrainable() {
    for (int l = 1; l < layers.size(); l++) {
      if (layers.get(l).isFixed() && offset[l] > 0) {
        throw new SnnkException(
            "network layer " + (l + 1) + ", " + layers.get(l).describe(),
            "a layer that can be trained through",
            "a fixed feature map",
            null,
            "Put it first, or take an snnk layer.");
      }
    }
  }

  /** The layers in their order. */
  public List<Layer> layers() {
    return layers;
  }

  /** d. */
  public int inputs() {
    return layers.get(0).inputs();
  }

  /** k. */
  public int outputs() {
    return layers.get(layers.size() - 1).outputs();
  }

  /** The length of the parameter vector. */
  public int parameters() {
    return offset[layers.size()];
  }

  /** Numbers that are stored: the parameters, and what rows decided on in fixed layers. */
  public int size() {
    return parameters() + layers.stream().mapToInt(Layer::fixedNumbers).sum();
  }

  /** Multiplications and additions of a row; those within functions are not counted. */
  public long flops() {
    return layers.stream().mapToLong(Layer::flops).sum();
  }

  /** Multiplications and additions of a row in {@link Pass#forward} and {@link Pass#backward}. */
  public long trainingFlops() {
    long flops = flops();
    boolean through = true;
    for (int l = layers.size() - 1; l >= 0 && through; l--) {
      through = goesThrough(l, false);
      flops += layers.get(l).backwardFlops(through);
    }
    return flops;
  }

  /** Bytes that a {@link Pass} holds for each of its rows once it has gone back, too. */
  public long passBytes() {
    long bytes = 0;
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      long below = goesThrough(l, false) ? layer.inputs() : 0;
      bytes += layer.passBytes() + Float.BYTES * (layer.outputs() + below);
    }
    return bytes;
  }

  /** Bytes of what layers draw once in a process. */
  public long drawnBytes() {
    return layers.stream().mapToLong(Layer::drawnBytes).sum();
  }

  /** Whether the gradient by what layer l takes is wanted by anything before it. */
  private boolean goesThrough(int l, boolean inputsToo) {
    return l > 0 && (inputsToo || (!layers.get(l - 1).isFixed() && offset[l] > 0));
  }

  /** Where the parameters of a layer begin. */
  public int offset(int layer) {
    return offset[layer];
  }

  /** Parameters to begin training with. */
  public float[] initial(long seed) {
    float[] parameters = new float[parameters()];
    CounterRandom random = new CounterRandom(seed, INITIAL_STREAM);
    for (int l = 0; l < layers.size(); l++) {
      layers
          .get(l)
          .initialise(parameters, offset[l], random.stream(INITIAL_STREAM + ((long) l << 32)));
    }
    return parameters;
  }

  /** 1 where a parameter is a weight, 0 where it is an intercept or a gate. */
  public float[] weightMask() {
    float[] mask = new float[parameters()];
    for (int l = 0; l < layers.size(); l++) {
      layers.get(l).markWeights(mask, offset[l]);
    }
    return mask;
  }

  /** The scores of a block in other operations. */
  public <B> B express(BlockOperations<B> on, B x, float[] parameters) {
    B y = on.single(x);
    for (int l = 0; l < layers.size(); l++) {
      y = layers.get(l).express(on, y, parameters, offset[l]);
    }
    return on.full(y);
  }

  /** Room for one thread to compute up to so many rows at a time. */
  public Pass pass(int rows) {
    return new Pass(rows);
  }

  /**
   * Forward and backward through all layers, on one thread; allocates nothing after it was made.
   */
  public final class Pass {
    private final Layer.Pass[] passes;
    private final float[][] values;
    private final float[][] gradients;
    private final int capacity;
    private int rows;
    private float[] input;

    private Pass(int capacity) {
      this.capacity = capacity;
      passes = new Layer.Pass[layers.size()];
      values = new float[layers.size()][];
      gradients = new float[layers.size()][];
      for (int l = 0; l < passes.length; l++) {
        passes[l] = layers.get(l).pass(capacity);
        values[l] = new float[capacity * layers.get(l).outputs()];
      }
    }

    /**
     * The scores of a block.
     *
     * <p><b>Shapes</b>: x n×d row-major, not modified; the result n×k, this pass's own, good until
     * the next call.
     */
    public float[] forward(int n, float[] x, float[] parameters) {
      return forward(n, x, parameters, 0, null);
    }

    /**
     * The scores of a block while training, with everything random drawn.
     *
     * @param seed of the draws
     * @param draw which of them; no two batches share one
     */
    public float[] forward(int n, float[] x, float[] parameters, long seed, Long draw) {
      rows = n;
      input = x;
      for (int l = 0; l < passes.length; l++) {
        CounterRandom random =
            draw == null ? null : new CounterRandom(seed ^ (DRAW_STREAM + ((long) l << 40)), draw);
        float[] from = l == 0 ? x : values[l - 1];
        passes[l].forward(n, from, parameters, offset[l], values[l], random);
      }
      return values[passes.length - 1];
    }

    /**
     * Adds the gradient by the parameters, of the rows that {@link #forward} saw last.
     *
     * @param dScores n×k, overwritten with anything
     * @param dx n×d, overwritten with the gradient by the inputs, or null where it is not needed
     */
    public void backward(float[] dScores, float[] parameters, float[] gradient, float[] dx) {
      float[] dy = dScores;
      for (int l = passes.length - 1; l >= 0; l--) {
        float[] below = l == 0 ? dx : below(l, dx != null);
        float[] from = l == 0 ? input : values[l - 1];
        passes[l].backward(rows, from, values[l], parameters, offset[l], dy, below, gradient);
        if (l > 0 && below == null) {
          return;
        }
        dy = below;
      }
    }

    /** Room for the gradient by what layer l takes; null where nothing before it wants that. */
    private float[] below(int l, boolean inputsToo) {
      if (!goesThrough(l, inputsToo)) {
        return null;
      }
      if (gradients[l] == null) {
        gradients[l] = new float[capacity * layers.get(l).inputs()];
      }
      return gradients[l];
    }
  }

  /**
   * The Jacobians ∂f_t/∂x_j of a block of rows, n×k×d row-major.
   *
   * <p>For a bundled module f(x) = AᵀΦ(x) this is Aᵀdiag(1{Gx &gt; 0})G/√m: the fixed features make
   * its backward pass the closed form.
   *
   * <p><b>Shapes</b>: x n×d, not modified. <b>Cost</b>: a backward pass of nk rows.
   *
   * @throws SnnkException if a feature map without a derivative is among the layers
   */
  public float[] jacobians(int n, float[] x, float[] parameters) {
    int k = outputs();
    int d = inputs();
    float[] rows = new float[n * k * d];
    float[] unit = new float[n * k * k];
    for (int i = 0; i < n * k; i++) {
      System.arraycopy(x, i / k * d, rows, i * d, d);
      unit[i * k + i % k] = 1;
    }
    Pass pass = pass(n * k);
    float[] unused = pass.forward(n * k, rows, parameters);
    float[] jacobians = new float[n * k * d];
    pass.backward(unit, parameters, new float[parameters()], jacobians);
    return jacobians;
  }

  /** Writes the specification. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(VERSION);
    out.writeInt(layers.size());
    for (Layer layer : layers) {
      layer.write(out);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws SnnkException if it is of another version
   */
  public static Network read(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new SnnkException(
          "network",
          "version " + VERSION,
          "version " + version,
          null,
          "Read it with the program that wrote it.");
    }
    List<Layer> layers = new ArrayList<>();
    int count = in.readInt();
    for (int l = 0; l < count; l++) {
      layers.add(Layer.read(in));
    }
    return new Network(layers);
  }

  /** One line for people. */
  public String describe() {
    return layers.stream().map(Layer::describe).collect(Collectors.joining(" → "));
  }
}
