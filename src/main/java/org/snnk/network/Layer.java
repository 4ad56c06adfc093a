package org.snnk.network;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import org.snnk.SnnkException;
import org.snnk.linalg.BlockOperations;
import org.snnk.random.CounterRandom;

/**
 * A layer y = f(x; θ) on blocks of rows: a specification, whose parameters θ are a stretch of the
 * network's flat vector.
 *
 * <p>Immutable and thread-safe; what a thread needs while it computes is a {@link Pass}.
 */
public sealed interface Layer extends Serializable
    permits Dense, Snnk, SnnkAdapter, Layer.Parameterless {

  /** Numbers of a row that come in. */
  int inputs();

  /** Numbers of a row that go out. */
  int outputs();

  /** The length of θ. */
  int parameters();

  /** Multiplications and additions of a row; those within functions are not counted. */
  long flops();

  /**
   * Multiplications and additions of a row in {@link Pass#backward}.
   *
   * @param through whether the gradient by x is wanted too
   */
  long backwardFlops(boolean through);

  /** Bytes that a {@link Pass} holds for each of its rows. */
  long passBytes();

  /** Bytes of what is drawn once in a process, at the time when it is drawn. */
  default long drawnBytes() {
    return 0;
  }

  /** Numbers that rows decided on and training leaves alone; they are stored like θ. */
  default int fixedNumbers() {
    return 0;
  }

  /** Whether the layer is a function of x alone, through which nothing can be trained. */
  default boolean isFixed() {
    return false;
  }

  /** Draws θ into a vector from {@code at} on; what it finds there does not count. */
  void initialise(float[] parameters, int at, CounterRandom random);

  /** Adds 1 where a parameter is a weight that penalties hold small, not an intercept or gate. */
  void markWeights(float[] mask, int at);

  /** Room to compute up to so many rows at a time. */
  Pass pass(int rows);

  /**
   * What scores a block, in other operations and in single precision.
   *
   * @param at where θ begins
   * @throws SnnkException if it has a part that other programs do not know
   */
  <B> B express(BlockOperations<B> on, B x, float[] parameters, int at);

  /** Writes the specification, its kind first. */
  void write(DataOutput out) throws IOException;

  /** One line for people. */
  String describe();

  /** A layer with nothing to train. */
  sealed interface Parameterless extends Layer
      permits Dropout, MappedFeatures, UniversalFeatures, Scaling {
    @Override
    default int parameters() {
      return 0;
    }

    @Override
    default long backwardFlops(boolean through) {
      return through ? flops() : 0;
    }

    @Override
    default void initialise(float[] parameters, int at, CounterRandom random) {}

    @Override
    default void markWeights(float[] mask, int at) {}
  }

  /** Forward and backward on one thread; allocates nothing after it was made. */
  interface Pass {
    /**
     * y = f(x; θ).
     *
     * <p><b>Shapes</b>: x n×inputs, not modified; y n×outputs, overwritten.
     *
     * @param at where θ begins
     * @param draw of what is random while training; null where nothing is
     */
    void forward(int n, float[] x, float[] parameters, int at, float[] y, CounterRandom draw);

    /**
     * The gradient by x and θ from that by y, of the rows that {@link #forward} saw last.
     *
     * <p><b>Shapes</b>: x, y as forward had them, not modified; dy n×outputs, overwritten with
     * anything; dx n×inputs, overwritten, or null where it is not needed; gradient as long as the
     * parameters, added to.
     */
    void backward(
        int n,
        float[] x,
        float[] y,
        float[] parameters,
        int at,
        float[] dy,
        float[] dx,
        float[] gradient);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws SnnkException if the kind is not known to this version
   */
  static Layer read(DataInput in) throws IOException {
    String kind = in.readUTF();
    return switch (kind) {
      case Dense.KIND -> Dense.read(in);
      case Snnk.KIND -> Snnk.read(in);
      case SnnkAdapter.KIND -> SnnkAdapter.read(in);
      case Dropout.KIND -> Dropout.read(in);
      case MappedFeatures.KIND -> MappedFeatures.read(in);
      case UniversalFeatures.KIND -> UniversalFeatures.read(in);
      case Scaling.KIND -> Scaling.read(in);
      case Snnk.ACTIVATED -> Snnk.readActivated(in);
      default ->
          throw new SnnkException(
              "network layer",
              "a kind that this version knows",
              "'" + kind + "'",
              null,
              "Read it with the version that wrote it.");
    };
  }

  /** Numbers from a place on. */
  static double[] doubles(float[] of, int from, int count) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = of[from + i];
    }
    return numbers;
  }

  /** A size that must be positive. */
  static void requirePositive(String layer, String what, int size) {
    if (size < 1) {
      throw new SnnkException(
          layer + " layer", "at least 1 " + what, size + "", null, "Choose another size.");
    }
  }
}
