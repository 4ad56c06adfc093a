package org.snnk.network;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.BlockOperations;
import org.snnk.random.CounterRandom;

/**
 * What another layer gives, brought to the scale and grid on which a feature map takes it: y = (x −
 * mean)·factor, rounded and clipped as a {@link Standardizer} does, so that {@link MappedFeatures}
 * behind it gives the very features that a closed-form solver saw.
 */
public record Scaling(Standardizer standardizer) implements Layer.Parameterless {
  static final String KIND = "scaling";

  @Override
  public int inputs() {
    return standardizer.inputs();
  }

  @Override
  public int outputs() {
    return standardizer.inputs();
  }

  @Override
  public long flops() {
    return 2L * inputs();
  }

  @Override
  public long passBytes() {
    return 2L * Double.BYTES * inputs();
  }

  @Override
  public int fixedNumbers() {
    return 2 * inputs();
  }

  @Override
  public boolean isFixed() {
    return true;
  }

  @Override
  public <B> B express(BlockOperations<B> on, B x, float[] parameters, int at) {
    return on.single(standardizer.express(on, on.full(x)));
  }

  @Override
  public Layer.Pass pass(int rows) {
    return new Pass(rows);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeUTF(KIND);
    standardizer.write(out);
  }

  static Scaling read(DataInput in) throws IOException {
    return new Scaling(Standardizer.read(in));
  }

  @Override
  public String describe() {
    return KIND + "(" + inputs() + ")";
  }

  private final class Pass implements Layer.Pass {
    private final double[] in;
    private final double[] units;

    Pass(int rows) {
      in = new double[rows * inputs()];
      units = new double[rows * inputs()];
    }

    @Override
    public void forward(
        int n, float[] x, float[] parameters, int at, float[] y, CounterRandom draw) {
      int cells = n * inputs();
      for (int i = 0; i < cells; i++) {
        in[i] = x[i];
      }
      standardizer.standardize(n, in, 0, units, y);
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
      // Clipping is not taken into account, as in no derivative by an input.
      for (int i = 0; i < n * inputs(); i++) {
        dx[i] = dy[i] * (float) standardizer.factor(i % inputs());
      }
    }
  }
}
