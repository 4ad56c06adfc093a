package org.snnk.spark.train;

import java.util.ArrayList;
import java.util.List;
import org.snnk.loss.Loss;
import org.snnk.network.Examples;
import org.snnk.network.LocalTraining;
import org.snnk.network.LowMemoryBfgs;
import org.snnk.network.Network;
import org.snnk.network.TrainingState;

/**
 * What training a network will cost, reckoned before it starts: the sizes of {@link
 * NetworkTraining}, with shards of the mean size and all epochs.
 *
 * @param options what to train
 * @param rows of the training, those that validate among them
 * @param classes whether the network tells classes
 * @param weighted whether rows have weights
 * @param blockBytes of row blocks that are kept in memory beside the shards
 * @param site where it will run
 */
public record NetworkPlan(
    NetworkTraining.Options options,
    long rows,
    boolean classes,
    boolean weighted,
    long blockBytes,
    Site site) {

  /**
   * Where it will run.
   *
   * @param cores tasks at once, everywhere
   * @param executors processes that run them
   * @param taskBytes that one task may hold
   * @param cachedBytes of rows that all executors keep in memory
   * @param driverBytes the driver's heap
   */
  public record Site(
      int cores, int executors, long taskBytes, long cachedBytes, long driverBytes) {}

  /**
   * How fast it is there.
   *
   * @param stepFlops per second of all shards that train at once, in steps
   * @param roundSeconds of a round without steps
   */
  public record Speed(double stepFlops, double roundSeconds) {}

  private Network network() {
    return options.network();
  }

  private LocalTraining training() {
    return new LocalTraining(network(), options.steps());
  }

  // ---- rows, shards and rounds ----

  /** Rows that validate. */
  public long validationRows() {
    return Math.round(rows * options.validationFraction());
  }

  /** Training rows of a shard. */
  public long shardRows() {
    return ceilDivide(rows - validationRows(), options.sharding().count());
  }

  /** Steps of an epoch. */
  public int steps() {
    return options.fullBatch() ? 1 : training().batches(shardRows());
  }

  /** Synchronisations of an epoch; of L-BFGS at least so many. */
  public int rounds() {
    return options.fullBatch() ? 1 : options.sharding().rounds(steps());
  }

  /** Epochs of all learning rates that are tried. */
  public long epochs() {
    return (long) options.epochs() * options.learningRates().size();
  }

  /** Tasks that train at once. */
  public int tasks() {
    return Math.min(site.cores, options.sharding().count());
  }

  /** Numbers of a row's target in a shard. */
  public int targets() {
    return classes && options.steps().loss() != Loss.SQUARED ? 1 : network().outputs();
  }

  // ---- flops and seconds ----

  /** Forward and backward on the rows that train, forward on those that validate. */
  public double epochFlops() {
    return (double) (rows - validationRows()) * network().trainingFlops()
        + (double) validationRows() * network().flops();
  }

  /** Of an epoch: shards go in as many waves as the cores need, and no wave is shorter for less. */
  public double epochSeconds(Speed speed) {
    double perShard = epochFlops() / options.sharding().count();
    long waves = ceilDivide(options.sharding().count(), tasks());
    int jobs = rounds() + (validationRows() > 0 ? 1 : 0);
    return waves * perShard / (speed.stepFlops / tasks()) + jobs * speed.roundSeconds;
  }

  /** Of all epochs of all learning rates. */
  public double seconds(Speed speed) {
    return epochs() * epochSeconds(speed);
  }

  // ---- memory ----

  /** Rows of all shards, in floats. */
  public long shardsBytes() {
    return rows * Examples.rowBytes(network().inputs(), targets(), weighted);
  }

  /** The rows of a shard. */
  public long shardBytes() {
    return ceilDivide(shardsBytes(), options.sharding().count());
  }

  private boolean keepsAll() {
    return shardsBytes() + blockBytes <= site.cachedBytes;
  }

  /** What a task holds while it makes its shard: the pieces, and the shard. */
  public long makingBytes() {
    return 2 * shardBytes();
  }

  /** What a task holds in steps, its rows too where memory does not keep them all. */
  public long stepBytes() {
    long working =
        options.fullBatch()
            ? training().gradientBytes(shardRows(), targets(), weighted)
            : training().taskBytes(shardRows(), targets(), weighted);
    return working + (keepsAll() ? 0 : shardBytes());
  }

  /** What moves to an executor at the start of a round. */
  private long sentBytes() {
    return options.fullBatch() ? parameterBytes() : stateBytes();
  }

  /** What a shard gives back. */
  private long returnedBytes() {
    return options.fullBatch() ? (long) Double.BYTES * network().parameters() : stateBytes();
  }

  private long parameterBytes() {
    return (long) Float.BYTES * network().parameters();
  }

  private long stateBytes() {
    return TrainingState.bytes(network().parameters(), options.steps().optimizer());
  }

  private boolean mergesFirst() {
    return !options.fullBatch() && options.sharding().count() > NetworkTraining.MERGED_TOGETHER;
  }

  /** Results of a round that the driver merges. */
  private long results() {
    return mergesFirst()
        ? ceilDivide(options.sharding().count(), NetworkTraining.MERGED_TOGETHER)
        : options.sharding().count();
  }

  /**
   * The most that the driver holds at a time: results as they come and as they are read, the state
   * before and after with what it is sent as, sums in doubles, and the best parameters.
   */
  public long driverBytes() {
    long state = stateBytes();
    long round = 2 * results() * returnedBytes() + 4 * state;
    long sums = (long) Double.BYTES * network().parameters() + 3 * parameterBytes();
    long search = options.fullBatch() ? LowMemoryBfgs.bytes(network().parameters()) : 0;
    return round + sums + search;
  }

  // ---- the network between machines ----

  /** What a round sends to the executors. */
  public long roundSentBytes() {
    return site.executors * sentBytes();
  }

  /** What a round brings back; of many shards to executors that merge, and on to the driver. */
  public long roundReturnedBytes() {
    return (options.sharding().count() + (mergesFirst() ? results() : 0)) * returnedBytes();
  }

  /** What all rounds move, validation too, and the rows into their shards. */
  public long networkBytes() {
    long validation = validationRows() > 0 ? site.executors * parameterBytes() : 0;
    long epoch = rounds() * (roundSentBytes() + roundReturnedBytes()) + validation;
    long moves = options.sharding().reshuffle() ? epochs() : 1;
    return epochs() * epoch + moves * shardsBytes();
  }

  // ---- warnings ----

  /** Whether steps cannot run where they should. */
  public boolean overflows() {
    return stepBytes() > site.taskBytes;
  }

  /** Why this will not fit, one sentence each; empty if it should. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    int most = Examples.mostRows(network().inputs(), targets());
    if (shardRows() > most) {
      warnings.add(
          "a shard has " + shardRows() + " rows, and may have " + most + ": raise sgd.shards");
    }
    if (overflows()) {
      warnings.add(
          "a task holds "
              + stepBytes()
              + " bytes in a step, and may hold "
              + site.taskBytes
              + ": raise the executors' memory, or lower their cores, the layers or sgd.batchSize");
    }
    if (makingBytes() > site.taskBytes) {
      warnings.add(
          "a task holds "
              + makingBytes()
              + " bytes while it makes its shard, and may hold "
              + site.taskBytes
              + ": raise sgd.shards or the executors' memory");
    }
    if (driverBytes() > site.driverBytes) {
      warnings.add(TrainingPlan.driverWarning(driverBytes(), site.driverBytes, "the layers"));
    }
    if (!keepsAll()) {
      warnings.add(
          "the rows kept take "
              + (shardsBytes() + blockBytes)
              + " bytes, and the executors keep "
              + site.cachedBytes
              + " in memory: every round reads the others from disk, unless the executors' memory"
              + " is raised");
    }
    return warnings;
  }

  private static long ceilDivide(long a, long b) {
    return (a + b - 1) / b;
  }
}
