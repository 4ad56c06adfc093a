package org.snnk.network;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.stream.IntStream;
import org.snnk.feature.FeatureMap;
import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.Grid;
import org.snnk.random.CounterRandom;

/**
 * A fixed feature map as a layer of a network, of standardised inputs or what {@link Scaling} makes
 * of another layer's. With one linear layer behind it the network is the fully-bundled model ȳ =
 * W̄Φ(x) + b.
 *
 * <p>Standardised inputs have 23 bits and features 20, so floats hold both exactly.
 */
public record MappedFeatures(FeatureMap map) implements Layer.Parameterless {
  static final String KIND = "features";

  @Override
  public int inputs() {
    return map.inputs();
  }

  @Override
  public int outputs() {
    return map.features();
  }

  @Override
  public long flops() {
    return map.flops();
  }

  @Override
  public long passBytes() {
    return Double.BYTES * ((long) map.inputs() + map.features());
  }

  @Override
  public long drawnBytes() {
    return (long) Double.BYTES * map.inputs() * map.features();
  }

  @Override
  public boolean isFixed() {
    return true;
  }

  @Override
  public <B> B express(BlockOperations<B> on, B x, float[] parameters, int at) {
    return on.single(map.express(on, on.full(x)));
  }

  @Override
  public Layer.Pass pass(int rows) {
    return new Pass(rows);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeUTF(KIND);
    map.write(out);
  }

  static MappedFeatures read(DataInput in) throws IOException {
    return new MappedFeatures(FeatureMap.read(in));
  }

  @Override
  public String describe() {
    return map.describe();
  }

  private final class Pass implements Layer.Pass {
    private final double[] units;
    private final double[] features;

    Pass(int rows) {
      units = new double[rows * map.inputs()];
      features = new double[rows * map.features()];
    }

    @Override
    public void forward(
        int n, float[] x, float[] parameters, int at, float[] y, CounterRandom draw) {
      int cells = n * map.inputs();
      for (int i = 0; i < cells; i++) {
        units[i] = x[i] * (double) (1 << Grid.INPUT_BITS);
      }
      long unused = map.map(n, units, features, map.features());
      int count = n * map.features();
      float unit = (float) (1 / Grid.FEATURE_ONE);
      for (int i = 0; i < count; i++) {
        y[i] = (float) features[i] * unit;
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
      // Each row has weights of its own, as if it were an output of its own.
      double[] weights = new double[n * map.features()];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < map.features(); j++) {
          weights[j * n + i] = dy[i * map.features() + j];
        }
      }
      double[] out = new double[n * map.inputs()];
      map.gradients(n, features, weights, n, IntStream.range(0, n).toArray(), out);
      for (int i = 0; i < out.length; i++) {
        dx[i] = (float) out[i];
      }
    }
  }
}
