package org.snnk.network;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.snnk.activation.Activation;
import org.snnk.activation.StandardActivation;
import org.snnk.linalg.BlockOperations;
import org.snnk.random.CounterRandom;

/**
 * An SNNK layer y = Φ(x)A + c: Φ is the fixed input tower of {@link ReluFeatures}, A (m×l) is what
 * the parameter tower Ψ(W, b) became, trained freely (Scalable Neural Network Kernels, Sections 3.3
 * and 4.5). It has m·l parameters whatever the inputs, and no activation after it, so that it and a
 * following dense layer multiply into one at inference, y = f(Φ(x)W̄ + b) ({@link Bundling}).
 *
 * <p><b>Parameters</b>: A m×l row-major, then c of length l if there is an intercept. A starts as Ψ
 * of a layer of l units whose weights are Gaussian with variance 2/d. <b>Cost</b>: 2m(d + l) flops
 * a row forward, 2m(d + 2l) backward.
 *
 * @param outputs l
 * @param intercept whether there is c
 * @param activation f, linear but where a dense layer was multiplied in
 */
public record Snnk(ReluFeatures features, int outputs, boolean intercept, Activation activation)
    implements Layer {
  static final String KIND = "snnk";
  static final String ACTIVATED = "snnk-activated";

  /** Checks the sizes. */
  public Snnk {
    Layer.requirePositive(KIND, "output", outputs);
  }

  /** Without an activation. */
  public Snnk(ReluFeatures features, int outputs, boolean intercept) {
    this(features, outputs, intercept, StandardActivation.LINEAR);
  }

  private boolean isLinear() {
    return activation.equals(StandardActivation.LINEAR);
  }

  /** A and c as a layer of their own. */
  Dense readout() {
    return new Dense(features.features(), outputs, intercept, activation);
  }

  @Override
  public int inputs() {
    return features.inputs();
  }

  @Override
  public int parameters() {
    return readout().parameters();
  }

  @Override
  public long flops() {
    return features.flops() + readout().flops();
  }

  @Override
  public long backwardFlops(boolean through) {
    return readout().backwardFlops(through) + (through ? features.flops() : 0);
  }

  @Override
  public long passBytes() {
    return 2L * Float.BYTES * features.features() + readout().passBytes();
  }

  @Override
  public long drawnBytes() {
    return features.drawnBytes();
  }

  @Override
  public void initialise(float[] parameters, int at, CounterRandom random) {
    float[] psi = features.initialTower(outputs, random);
    System.arraycopy(psi, 0, parameters, at, psi.length);
    Arrays.fill(parameters, at + psi.length, at + parameters(), 0);
  }

  @Override
  public void markWeights(float[] mask, int at) {
    readout().markWeights(mask, at);
  }

  @Override
  public <B> B express(BlockOperations<B> on, B x, float[] parameters, int at) {
    return readout().express(on, features.expressInputTower(on, x), parameters, at);
  }

  @Override
  public Layer.Pass pass(int rows) {
    return new Pass(rows);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeUTF(isLinear() ? KIND : ACTIVATED);
    features.write(out);
    out.writeInt(outputs);
    out.writeBoolean(intercept);
    if (!isLinear()) {
      out.writeUTF(Activation.of(activation.key()).key());
    }
  }

  static Snnk read(DataInput in) throws IOException {
    return new Snnk(ReluFeatures.read(in), in.readInt(), in.readBoolean());
  }

  static Snnk readActivated(DataInput in) throws IOException {
    return new Snnk(
        ReluFeatures.read(in), in.readInt(), in.readBoolean(), Activation.of(in.readUTF()));
  }

  @Override
  public String describe() {
    String size = inputs() + "→" + outputs + ", m=" + features.features();
    return KIND + "(" + size + (isLinear() ? "" : ", " + activation.key()) + ")";
  }

  final class Pass implements Layer.Pass {
    private final float[] phi;
    private final float[] dPhi;
    private final Layer.Pass product;

    Pass(int rows) {
      phi = new float[rows * features.features()];
      dPhi = new float[rows * features.features()];
      product = readout().pass(rows);
    }

    @Override
    public void forward(
        int n, float[] x, float[] parameters, int at, float[] y, CounterRandom draw) {
      features.inputTower(n, x, phi);
      product.forward(n, phi, parameters, at, y, draw);
    }

    @Override
    public void backward(
        int n,
        float[] x,
        float[] y,
        float[] parameters,
        int at,
        float[] dy,
        float[] dx,
        float[] gradient) {
      backward(n, y, parameters, at, dy, dx, gradient, false);
    }

    /** The same, with dx added to where that is wanted. */
    void backward(
        int n,
        float[] y,
        float[] parameters,
        int at,
        float[] dy,
        float[] dx,
        float[] gradient,
        boolean add) {
      product.backward(n, phi, y, parameters, at, dy, dx == null ? null : dPhi, gradient);
      if (dx != null) {
        features.backward(n, phi, dPhi, dx, add);
      }
    }
  }
}
