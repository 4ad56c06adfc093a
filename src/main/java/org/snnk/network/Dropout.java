package org.snnk.network;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.snnk.SnnkException;
import org.snnk.linalg.BlockOperations;
import org.snnk.random.CounterRandom;

/**
 * Dropout: while training, each number is 0 with probability p and else divided by 1 − p; while
 * scoring nothing happens (Srivastava et al. 2014).
 *
 * <p>Which numbers are dropped is a function of the draw and their place in the block, by an
 * integer hash (two multiplications, three shifts) that costs a tenth of a Philox block.
 *
 * @param width numbers of a row
 * @param rate p, in [0, 1), held to 24 bits
 */
public record Dropout(int width, double rate) implements Layer.Parameterless {
  static final String KIND = "dropout";
  private static final int BITS = 24;

  /** Checks the rate. */
  public Dropout {
    Layer.requirePositive(KIND, "input", width);
    if (!(rate >= 0 && rate < 1)) {
      throw new SnnkException(
          "dropout layer", "a rate from 0 to below 1", rate + "", null, "Choose another rate.");
    }
  }

  @Override
  public int inputs() {
    return width;
  }

  @Override
  public int outputs() {
    return width;
  }

  @Override
  public long flops() {
    return 0;
  }

  @Override
  public long passBytes() {
    return (Integer.BYTES + (long) Float.BYTES) * width;
  }

  @Override
  public <B> B express(BlockOperations<B> on, B x, float[] parameters, int at) {
    return x;
  }

  @Override
  public Layer.Pass pass(int rows) {
    return new Pass(rows);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeUTF(KIND);
    out.writeInt(width);
    out.writeDouble(rate);
  }

  static Dropout read(DataInput in) throws IOException {
    return new Dropout(in.readInt(), in.readDouble());
  }

  @Override
  public String describe() {
    return KIND + "(" + rate + ")";
  }

  private final class Pass implements Layer.Pass {
    private final int[] bits;
    private final float[] mask;
    private boolean dropped;

    Pass(int rows) {
      bits = new int[rows * width];
      mask = new float[rows * width];
    }

    @Override
    public void forward(
        int n, float[] x, float[] parameters, int at, float[] y, CounterRandom draw) {
      int count = n * width;
      dropped = draw != null && rate > 0;
      if (!dropped) {
        System.arraycopy(x, 0, y, 0, count);
        return;
      }
      long key = draw.bits(0);
      hash((int) key, (int) (key >>> 32), bits, count);
      int least = (int) (rate * (1 << BITS));
      float kept = (float) (1 / (1 - rate));
      for (int i = 0; i < count; i++) {
        mask[i] = bits[i] >>> (Integer.SIZE - BITS) >= least ? kept : 0;
      }
      for (int i = 0; i < count; i++) {
        y[i] = x[i] * mask[i];
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
      int count = n * width;
      if (!dropped) {
        System.arraycopy(dy, 0, dx, 0, count);
        return;
      }
      for (int i = 0; i < count; i++) {
        dx[i] = dy[i] * mask[i];
      }
    }
  }

  /** 32 bits for each place: the finaliser of MurmurHash3 over a Weyl sequence, keyed twice. */
  private static void hash(int before, int between, int[] out, int count) {
    for (int i = 0; i < count; i++) {
      int h = i * 0x9E3779B9 + before;
      h = (h ^ (h >>> 16)) * 0x85EBCA6B;
      h = (h ^ (h >>> 13) ^ between) * 0xC2B2AE35;
      out[i] = h ^ (h >>> 16);
    }
  }
}
