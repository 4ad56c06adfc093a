package org.snnk.feature;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.snnk.linalg.BlockOperations;
import org.snnk.linalg.Grid;

/**
 * A map with the inputs themselves behind its features: Φ(x) = [Φ₀(x), x/{@value #BOUND}]. A linear
 * part of what is learned then costs no random features.
 *
 * <p><b>Bound</b>: standardised inputs beyond ±{@value #BOUND} deviations are clipped there, in
 * this block alone, and counted.
 *
 * <p><b>Bytes</b>: the text {@code linear}, then those of Φ₀.
 */
public final class LinearFeatures implements FeatureMap {
  /** The name of the kind in files. */
  public static final String KIND = "linear";

  /** Inputs are divided by this. */
  static final int BOUND = 8;

  private static final long serialVersionUID = 1L;
  private static final double FACTOR = Math.scalb(1.0 / BOUND, Grid.FEATURE_BITS - Grid.INPUT_BITS);

  private final FeatureMap map;

  /** Inputs behind the features of a map. */
  public LinearFeatures(FeatureMap map) {
    this.map = map;
    Sizes.require("features with a linear block", map.inputs(), features());
  }

  @Override
  public int inputs() {
    return map.inputs();
  }

  @Override
  public int features() {
    return map.features() + map.inputs();
  }

  @Override
  public double lengthScale() {
    return map.lengthScale();
  }

  @Override
  public boolean clips() {
    return true;
  }

  @Override
  public long map(int n, double[] x, double[] out, int ldOut) {
    long clipped = map.map(n, x, out, ldOut);
    int d = map.inputs();
    int to = map.features();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        double v = x[i * d + j] * FACTOR;
        boolean beyond = Math.abs(v) > Grid.FEATURE_ONE;
        clipped += beyond ? 1 : 0;
        out[i * ldOut + to + j] = beyond ? Math.copySign(Grid.FEATURE_ONE, v) : v;
      }
    }
    return clipped;
  }

  /** The map's, and w/8 of the inputs themselves. */
  @Override
  public void gradients(
      int n, double[] features, double[] weights, int k, int[] output, double[] out) {
    int m = map.features();
    int d = map.inputs();
    double[] random = new double[n * m];
    for (int i = 0; i < n; i++) {
      System.arraycopy(features, i * (m + d), random, i * m, m);
    }
    map.gradients(n, random, weights, k, output, out);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        out[i * d + j] += weights[(m + j) * k + output[i]] / BOUND;
      }
    }
  }

  @Override
  public <B> B express(BlockOperations<B> on, B x) {
    return on.concat(List.of(map.express(on, x), on.clip(on.multiply(x, 1.0 / BOUND), 1)));
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeUTF(KIND);
    map.write(out);
  }

  static LinearFeatures read(DataInput in) throws IOException {
    return new LinearFeatures(FeatureMap.read(in));
  }

  @Override
  public String describe() {
    return map.describe() + " + linear(d=" + map.inputs() + ")";
  }
}
