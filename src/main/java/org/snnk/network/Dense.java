package org.snnk.network;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.snnk.activation.Activation;
import org.snnk.activation.StandardActivation;
import org.snnk.linalg.Blas;
import org.snnk.linalg.BlockOperations;
import org.snnk.random.CounterRandom;

/**
 * A fully-connected layer y = f(xW + b).
 *
 * <p><b>Parameters</b>: W d×l row-major, then b of length l if there is an intercept. <b>Cost</b>:
 * 2dl flops a row forward, 4dl backward. Weights start Gaussian with variance 1/d, for ReLU, which
 * halves the second moment, 2/d (He et al. 2015, "Delving deep into rectifiers"); intercepts at 0.
 *
 * @param inputs d
 * @param outputs l
 * @param intercept whether there is b
 */
public record Dense(int inputs, int outputs, boolean intercept, Activation activation)
    implements Layer {
  static final String KIND = "dense";

  /** Checks the sizes. */
  public Dense {
    Layer.requirePositive(KIND, "input", inputs);
    Layer.requirePositive(KIND, "output", outputs);
  }

  @Override
  public int parameters() {
    return Math.addExact(Math.multiplyExact(inputs, outputs), intercept ? outputs : 0);
  }

  @Override
  public long flops() {
    return 2L * inputs * outputs;
  }

  @Override
  public long backwardFlops(boolean through) {
    return (through ? 2 : 1) * flops();
  }

  @Override
  public long passBytes() {
    return (intercept ? Float.BYTES : 0)
        + (activation.derivativeFromValue() ? 0 : (long) Float.BYTES * outputs);
  }

  @Override
  public void initialise(float[] parameters, int at, CounterRandom random) {
    double gain = activation.equals(StandardActivation.RELU) ? 2 : 1;
    double deviation = Math.sqrt(gain / inputs);
    int weights = inputs * outputs;
    for (int i = 0; i < weights; i++) {
      parameters[at + i] = (float) (deviation * random.gaussian(i));
    }
    Arrays.fill(parameters, at + weights, at + parameters(), 0);
  }

  @Override
  public void markWeights(float[] mask, int at) {
    Arrays.fill(mask, at, at + inputs * outputs, 1);
  }

  @Override
  public <B> B express(BlockOperations<B> on, B x, float[] parameters, int at) {
    int weights = inputs * outputs;
    B z = on.product(x, outputs, Layer.doubles(parameters, at, weights));
    if (intercept) {
      z = on.add(z, on.row(Layer.doubles(parameters, at + weights, outputs)));
    }
    return activation.express(on, z);
  }

  @Override
  public Layer.Pass pass(int rows) {
    return new Pass(rows);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeUTF(KIND);
    out.writeInt(inputs);
    out.writeInt(outputs);
    out.writeBoolean(intercept);
    out.writeUTF(Activation.of(activation.key()).key()); // fails where no reader would find it
  }

  static Dense read(DataInput in) throws IOException {
    return new Dense(in.readInt(), in.readInt(), in.readBoolean(), Activation.of(in.readUTF()));
  }

  @Override
  public String describe() {
    return KIND + "(" + inputs + "→" + outputs + ", " + activation.key() + ")";
  }

  private final class Pass implements Layer.Pass {
    private final float[] ones;

    /** What the activation was applied to, where its derivative asks for that. */
    private final float[] sums;

    Pass(int rows) {
      sums = activation.derivativeFromValue() ? null : new float[rows * outputs];
      ones = new float[intercept ? rows : 0];
      Arrays.fill(ones, 1);
    }

    @Override
    public void forward(
        int n, float[] x, float[] parameters, int at, float[] y, CounterRandom draw) {
      if (intercept) {
        for (int i = 0; i < n; i++) {
          System.arraycopy(parameters, at + inputs * outputs, y, i * outputs, outputs);
        }
      }
      Blas.backend().multiply(n, inputs, outputs, x, parameters, at, y, intercept);
      if (sums != null) {
        System.arraycopy(y, 0, sums, 0, n * outputs);
      }
      activation.apply(n * outputs, y);
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
      activation.multiplyByDerivative(n * outputs, sums == null ? y : sums, dy);
      Blas.backend().addTransposedProduct(n, inputs, outputs, x, dy, gradient, at);
      if (intercept) {
        int to = at + inputs * outputs;
        Blas.backend().addTransposedProduct(n, 1, outputs, ones, dy, gradient, to);
      }
      if (dx != null) {
        Blas.backend().multiplyByTransposed(n, outputs, inputs, dy, parameters, at, dx, false);
      }
    }
  }
}
