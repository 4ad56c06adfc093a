package org.snnk.network;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A point of the learning curve.
 *
 * @param epoch 1 for the first
 * @param training mean loss over the epoch's batches, each before its step
 * @param validation mean loss on the validation part after the epoch; NaN without one
 * @param accuracy on the validation part; NaN without one and for reals
 */
public record EpochLoss(int epoch, double training, double validation, double accuracy)
    implements Serializable {

  /** Writes a learning curve: its length, then each point's four numbers. */
  public static void write(DataOutput out, List<EpochLoss> curve) throws IOException {
    out.writeInt(curve.size());
    for (EpochLoss point : curve) {
      out.writeInt(point.epoch);
      out.writeDouble(point.training);
      out.writeDouble(point.validation);
      out.writeDouble(point.accuracy);
    }
  }

  /** Reads what {@link #write} wrote. */
  public static List<EpochLoss> read(DataInput in) throws IOException {
    int points = in.readInt();
    List<EpochLoss> curve = new ArrayList<>();
    for (int i = 0; i < points; i++) {
      curve.add(new EpochLoss(in.readInt(), in.readDouble(), in.readDouble(), in.readDouble()));
    }
    return curve;
  }
}
