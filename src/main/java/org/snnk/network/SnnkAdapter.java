package org.snnk.network;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.snnk.activation.StandardActivation;
import org.snnk.linalg.BlockOperations;
import org.snnk.random.CounterRandom;

/**
 * A gated residual SNNK adapter y = v ⊙ SNNK(x) + x (Scalable Neural Network Kernels, Eq. 22). The
 * gate v starts at 0, so a network with new adapters computes at first what it did without them.
 *
 * <p><b>Parameters</b>: A m×d row-major, started as in {@link Snnk}, then v of length d.
 */
public record SnnkAdapter(ReluFeatures features) implements Layer {
  static final String KIND = "adapter";

  @Override
  public int inputs() {
    return features.inputs();
  }

  @Override
  public int outputs() {
    return features.inputs();
  }

  @Override
  public int parameters() {
    return Math.addExact(Math.multiplyExact(features.features(), inputs()), inputs());
  }

  private int gate(int at) {
    return at + features.features() * inputs();
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
    return Float.BYTES * (2L * features.features() + inputs()) + readout().passBytes();
  }

  @Override
  public long drawnBytes() {
    return features.drawnBytes();
  }

  @Override
  public void initialise(float[] parameters, int at, CounterRandom random) {
    float[] psi = features.initialTower(inputs(), random);
    System.arraycopy(psi, 0, parameters, at, psi.length);
    Arrays.fill(parameters, gate(at), at + parameters(), 0);
  }

  @Override
  public void markWeights(float[] mask, int at) {
    Arrays.fill(mask, at, gate(at), 1);
  }

  @Override
  public <B> B express(BlockOperations<B> on, B x, float[] parameters, int at) {
    B inner = readout().express(on, features.expressInputTower(on, x), parameters, at);
    B gate = on.row(Layer.doubles(parameters, gate(at), inputs()));
    return on.add(on.multiply(inner, gate), x);
  }

  @Override
  public Layer.Pass pass(int rows) {
    return new Pass(rows);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeUTF(KIND);
    features.write(out);
  }

  static SnnkAdapter read(DataInput in) throws IOException {
    return new SnnkAdapter(ReluFeatures.read(in));
  }

  @Override
  public String describe() {
    return KIND + "(" + inputs() + ", m=" + features.features() + ")";
  }

  private final class Pass implements Layer.Pass {
    private final float[] phi;
    private final float[] dPhi;
    private final float[] inner;
    private final Layer.Pass product;

    Pass(int rows) {
      phi = new float[rows * features.features()];
      dPhi = new float[rows * features.features()];
      inner = new float[rows * inputs()];
      product = readout().pass(rows);
    }

    @Override
    public void forward(
        int n, float[] x, float[] parameters, int at, float[] y, CounterRandom draw) {
      int d = inputs();
      features.inputTower(n, x, phi);
      product.forward(n, phi, parameters, at, inner, draw);
      int v = gate(at);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < d; j++) {
          y[i * d + j] = parameters[v + j] * inner[i * d + j] + x[i * d + j];
        }
      }
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
      int d = inputs();
      int v = gate(at);
      if (dx != null) {
        System.arraycopy(dy, 0, dx, 0, n * d);
      }
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < d; j++) {
          gradient[v + j] += dy[i * d + j] * inner[i * d + j];
          dy[i * d + j] *= parameters[v + j];
        }
      }
      product.backward(n, phi, inner, parameters, at, dy, dx == null ? null : dPhi, gradient);
      if (dx != null) {
        features.backward(n, phi, dPhi, dx, true);
      }
    }
  }

  private Dense readout() {
    return new Dense(features.features(), inputs(), false, StandardActivation.LINEAR);
  }
}
