package org.snnk.network;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
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

  /** What is gated. */
  private Snnk inner() {
    return new Snnk(features, inputs(), false);
  }

  @Override
  public int parameters() {
    return Math.addExact(inner().parameters(), inputs());
  }

  private int gate(int at) {
    return at + inner().parameters();
  }

  @Override
  public long flops() {
    return inner().flops();
  }

  @Override
  public long backwardFlops(boolean through) {
    return inner().backwardFlops(through);
  }

  @Override
  public long passBytes() {
    return (long) Float.BYTES * inputs() + inner().passBytes();
  }

  @Override
  public long drawnBytes() {
    return features.drawnBytes();
  }

  @Override
  public void initialise(float[] parameters, int at, CounterRandom random) {
    inner().initialise(parameters, at, random);
    Arrays.fill(parameters, gate(at), at + parameters(), 0);
  }

  @Override
  public void markWeights(float[] mask, int at) {
    inner().markWeights(mask, at);
  }

  @Override
  public <B> B express(BlockOperations<B> on, B x, float[] parameters, int at) {
    B gate = on.row(Layer.doubles(parameters, gate(at), inputs()));
    return on.add(on.multiply(inner().express(on, x, parameters, at), gate), x);
  }

  @Override
  public Layer.Pass pass(int rows) {
    return new GatedPass(rows);
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

  private final class GatedPass implements Layer.Pass {
    private final Snnk.Pass gated;
    private final float[] inner;

    GatedPass(int rows) {
      gated = inner().new Pass(rows);
      inner = new float[rows * inputs()];
    }

    @Override
    public void forward(
        int n, float[] x, float[] parameters, int at, float[] y, CounterRandom draw) {
      int d = inputs();
      gated.forward(n, x, parameters, at, inner, draw);
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
      gated.backward(n, inner, parameters, at, dy, dx, gradient, true);
    }
  }
}
