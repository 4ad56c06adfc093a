package org.snnk.network;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.snnk.feature.UniversalRandomFeatures;
import org.snnk.linalg.BlockOperations;
import org.snnk.random.CounterRandom;

/**
 * The input tower of universal random features as a fixed layer y = Φ_f(x): what is left of a dense
 * layer f(xW + b) whose parameter tower Ψ_f(W, b) went into the layer after it ({@link Bundling}).
 * With a linear layer behind it, it is an SNNK layer of any f; layers before it are trained through
 * it.
 *
 * <p>Computed in doubles, given on in floats.
 */
public record UniversalFeatures(UniversalRandomFeatures kernel) implements Layer.Parameterless {
  static final String KIND = "universal";

  @Override
  public int inputs() {
    return kernel.inputs();
  }

  @Override
  public int outputs() {
    return kernel.features();
  }

  @Override
  public long flops() {
    return kernel.flops();
  }

  @Override
  public long passBytes() {
    long towers = 2L * Double.BYTES * (inputs() + outputs());
    return towers + Double.BYTES * (outputs() + 1L); // what the kernel takes while it goes back
  }

  @Override
  public long drawnBytes() {
    return (long) Double.BYTES * inputs() * outputs();
  }

  @Override
  public <B> B express(BlockOperations<B> on, B x, float[] parameters, int at) {
    return on.single(kernel.expressInputTower(on, on.full(x)));
  }

  @Override
  public Layer.Pass pass(int rows) {
    return new Pass(rows);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeUTF(KIND);
    kernel.write(out);
  }

  static UniversalFeatures read(DataInput in) throws IOException {
    return new UniversalFeatures(UniversalRandomFeatures.read(in));
  }

  @Override
  public String describe() {
    return kernel.describe();
  }

  private final class Pass implements Layer.Pass {
    private final double[] in;
    private final double[] features;
    private final double[] dIn;
    private final double[] dFeatures;

    Pass(int rows) {
      in = new double[rows * inputs()];
      features = new double[rows * outputs()];
      dIn = new double[rows * inputs()];
      dFeatures = new double[rows * outputs()];
    }

    @Override
    public void forward(
        int n, float[] x, float[] parameters, int at, float[] y, CounterRandom draw) {
      for (int i = 0; i < n * inputs(); i++) {
        in[i] = x[i];
      }
      kernel.inputTower(n, in, features, outputs());
      for (int i = 0; i < n * outputs(); i++) {
        y[i] = (float) features[i];
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
      if (dx == null) {
        return;
      }
      for (int i = 0; i < n * outputs(); i++) {
        dFeatures[i] = dy[i];
      }
      kernel.inputGradient(n, in, features, dFeatures, dIn);
      for (int i = 0; i < n * inputs(); i++) {
        dx[i] = (float) dIn[i];
      }
    }
  }
}
