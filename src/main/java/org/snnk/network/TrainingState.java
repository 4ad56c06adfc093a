package org.snnk.network;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;

/**
 * Where a training stands: the parameters and what the optimiser remembers.
 *
 * @param parameters of the network
 * @param memory the optimiser's vectors, each as long as the parameters
 * @param steps taken so far
 */
public record TrainingState(float[] parameters, float[][] memory, long steps)
    implements Serializable {

  /** The start. */
  public static TrainingState start(float[] parameters, Optimizer optimizer) {
    return new TrainingState(parameters, new float[optimizer.memories()][parameters.length], 0);
  }

  /** Bytes of the state of so many parameters. */
  public static long bytes(int parameters, Optimizer optimizer) {
    return Float.BYTES * (1L + optimizer.memories()) * parameters;
  }

  /** A copy that can be changed. */
  TrainingState copy() {
    float[][] copies = new float[memory.length][];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = memory[i].clone();
    }
    return new TrainingState(parameters.clone(), copies, steps);
  }

  /** All vectors: the parameters first. */
  float[][] vectors() {
    float[][] vectors = new float[1 + memory.length][];
    vectors[0] = parameters;
    System.arraycopy(memory, 0, vectors, 1, memory.length);
    return vectors;
  }

  /** Writes steps, sizes and vectors. */
  public void write(DataOutput out) throws IOException {
    out.writeLong(steps);
    out.writeInt(parameters.length);
    out.writeInt(memory.length);
    for (float[] vector : vectors()) {
      for (float v : vector) {
        out.writeFloat(v);
      }
    }
  }

  /** Reads what {@link #write} wrote. */
  public static TrainingState read(DataInput in) throws IOException {
    long steps = in.readLong();
    int length = in.readInt();
    float[][] memory = new float[in.readInt()][];
    float[] parameters = readVector(in, length);
    for (int i = 0; i < memory.length; i++) {
      memory[i] = readVector(in, length);
    }
    return new TrainingState(parameters, memory, steps);
  }

  private static float[] readVector(DataInput in, int length) throws IOException {
    float[] vector = new float[length];
    for (int i = 0; i < length; i++) {
      vector[i] = in.readFloat();
    }
    return vector;
  }
}
