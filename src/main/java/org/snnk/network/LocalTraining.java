package org.snnk.network;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.snnk.loss.Loss;

/**
 * Mini-batch gradient descent on one shard of the rows, from one synchronisation to the next, and
 * the mean of what several shards came to.
 *
 * <p>The objective is Σvℓ/Σv + λΣw² over weights w that are no intercepts. A shard cuts its rows of
 * an epoch, in a random order, into as many batches as every other shard; the order and everything
 * drawn are functions of (seed, epoch, shard), so a repeated task gives the same bytes.
 */
public final class LocalTraining implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long ORDER_STREAM = 0x6F726465L;
  private static final int EVALUATED_ROWS = 512;

  private final Network network;
  private final Settings settings;

  /**
   * What a step is.
   *
   * @param penalty λ
   * @param learningRate η before the schedule
   * @param largestGradient a longer gradient is scaled down to this norm; infinity for no limit
   * @param batch rows of a batch, at most
   * @param seed of order and draws
   */
  public record Settings(
      Loss loss,
      double penalty,
      Optimizer optimizer,
      Schedule schedule,
      double learningRate,
      double largestGradient,
      int batch,
      long seed)
      implements Serializable {

    /** The same with another η. */
    public Settings withLearningRate(double rate) {
      return new Settings(loss, penalty, optimizer, schedule, rate, largestGradient, batch, seed);
    }
  }

  /**
   * Which batches to take.
   *
   * @param epoch 0 for the first
   * @param from the first batch of the epoch to take
   * @param to after the last one
   * @param batches of an epoch, the same for all shards
   * @param epochs of the training
   * @param meanWeight Σv/n over all rows
   */
  public record Stretch(int epoch, int from, int to, int batches, int epochs, double meanWeight)
      implements Serializable {}

  /**
   * What a shard came to.
   *
   * @param rows it has seen
   * @param loss Σvℓ of its batches, each before its step
   * @param weight Σv of them
   * @param divergedAt the step whose loss or gradient was no finite number; −1 if there was none
   */
  public record Update(TrainingState state, long rows, double loss, double weight, long divergedAt)
      implements Serializable {}

  /**
   * Sums of a loss over rows.
   *
   * @param loss Σvℓ
   * @param weight Σv
   * @param hits Σv of rows whose largest score is that of their class; 0 for reals
   */
  public record Evaluation(double loss, double weight, double hits) implements Serializable {
    /** The sums over both. */
    public Evaluation plus(Evaluation other) {
      return new Evaluation(loss + other.loss, weight + other.weight, hits + other.hits);
    }
  }

  /**
   * Sums of a loss and its gradient over rows.
   *
   * @param loss Σvℓ
   * @param weight Σv
   * @param gradient Σv∂ℓ/∂θ
   */
  public record GradientSum(double loss, double weight, double[] gradient) implements Serializable {
    /** The sums over both; takes over the first gradient. */
    public GradientSum plus(GradientSum other) {
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] += other.gradient[i];
      }
      return new GradientSum(loss + other.loss, weight + other.weight, gradient);
    }

    /**
     * The objective Σvℓ/Σv + λΣw², whose gradient replaces what the array holds.
     *
     * @param weights 1 where a parameter is a weight, else 0
     */
    public double objective(double[] parameters, float[] weights, double lambda, double[] out) {
      double squares = 0;
      for (int i = 0; i < out.length; i++) {
        double w = weights[i] * parameters[i];
        squares += w * w;
        out[i] = gradient[i] / weight + 2 * lambda * w;
      }
      return loss / weight + lambda * squares;
    }
  }

  /** Training of a network. */
  public LocalTraining(Network network, Settings settings) {
    network.requireTrainable();
    this.network = network;
    this.settings = settings;
  }

  /** The network. */
  public Network network() {
    return network;
  }

  /** What a step is. */
  public Settings settings() {
    return settings;
  }

  /** Batches of an epoch, if the largest shard has so many rows. */
  public int batches(long mostRows) {
    return (int) Math.max(1, (mostRows + settings.batch - 1) / settings.batch);
  }

  /**
   * Takes a stretch of batches.
   *
   * @param start where all shards stand, not modified
   * @param shard which of them these rows are
   */
  public Update run(TrainingState start, Examples rows, int shard, Stretch stretch) {
    TrainingState state = start.copy();
    float[] parameters = state.parameters();
    float[] gradient = new float[parameters.length];
    float[] weights = network.weightMask();
    int k = network.outputs();
    int n = rows.rows();
    int[] order = rows.order(settings.seed, stream(stretch.epoch, shard, ORDER_STREAM));
    int capacity = (n + stretch.batches - 1) / stretch.batches;
    Network.Pass pass = network.pass(Math.max(1, capacity));
    Examples.Batch batch = new Examples.Batch(rows, capacity);
    float[] dScores = new float[capacity * k];
    long total = (long) stretch.epochs * stretch.batches;
    double loss = 0;
    double weight = 0;
    long seen = 0;
    for (int b = stretch.from; b < stretch.to; b++) {
      int first = (int) ((long) n * b / stretch.batches);
      int count = (int) ((long) n * (b + 1) / stretch.batches) - first;
      if (count == 0) {
        continue;
      }
      long step = (long) stretch.epoch * stretch.batches + b;
      batch.gather(order, first, count);
      float[] scores =
          pass.forward(count, batch.x, parameters, settings.seed, stream(b, shard, stretch.epoch));
      double scale = 1 / (count * stretch.meanWeight);
      double batchLoss =
          settings.loss.valueAndGradient(count, k, scores, batch.y, batch.weight, scale, dScores);
      Arrays.fill(gradient, 0);
      pass.backward(dScores, parameters, gradient, null);
      if (settings.penalty > 0) {
        float twice = (float) (2 * settings.penalty);
        for (int i = 0; i < gradient.length; i++) {
          gradient[i] += twice * weights[i] * parameters[i];
        }
      }
      if (!Double.isFinite(batchLoss) || !clip(gradient)) {
        return new Update(start, seen, loss, weight, step);
      }
      double rate = settings.learningRate * settings.schedule.factor(step, total);
      settings.optimizer.step(step + 1, rate, parameters, gradient, weights, state.memory());
      loss += batchLoss;
      weight += batch.weight(count);
      seen += count;
    }
    long steps = (long) stretch.epoch * stretch.batches + stretch.to;
    long divergedAt = finite(parameters) ? -1 : steps - 1;
    return new Update(
        new TrainingState(parameters, state.memory(), steps), seen, loss, weight, divergedAt);
  }

  /**
   * Bytes that a task of {@link #run} or {@link #evaluate} works with, beside the rows of its
   * shard: the state that it was sent, its own, what it sends back twice over, a gradient, the
   * order of the rows, and a batch with all that it becomes.
   *
   * @param targets numbers of a row's target
   */
  public long taskBytes(long shardRows, int targets, boolean weighted) {
    long p = network.parameters();
    long batch = Math.min(shardRows, settings.batch) * batchRowBytes(targets, weighted);
    long state = TrainingState.bytes(network.parameters(), settings.optimizer);
    long steps = 4 * state + 2 * Float.BYTES * p + Integer.BYTES * shardRows + batch;
    return network.drawnBytes() + Math.max(steps, evaluationBytes(shardRows, targets, weighted));
  }

  /** The same of {@link #gradient}. */
  public long gradientBytes(long shardRows, int targets, boolean weighted) {
    long p = network.parameters();
    return network.drawnBytes()
        + (2 * Float.BYTES + 3 * Double.BYTES) * p
        + evaluationBytes(shardRows, targets, weighted);
  }

  private long evaluationBytes(long shardRows, int targets, boolean weighted) {
    return Math.min(shardRows, EVALUATED_ROWS) * batchRowBytes(targets, weighted);
  }

  private long batchRowBytes(int targets, boolean weighted) {
    return network.passBytes()
        + Examples.rowBytes(network.inputs(), targets, weighted)
        + (long) Float.BYTES * network.outputs();
  }

  /** A stream of random numbers for an epoch and shard. */
  private static long stream(long high, int shard, long low) {
    return (high << 40) ^ ((long) shard << 24) ^ low;
  }

  /** Scales a long gradient down; false if it is not finite. */
  private boolean clip(float[] gradient) {
    double squares = 0;
    for (float g : gradient) {
      squares += (double) g * g;
    }
    double norm = Math.sqrt(squares);
    if (!Double.isFinite(norm)) {
      return false;
    }
    if (norm > settings.largestGradient) {
      float factor = (float) (settings.largestGradient / norm);
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= factor;
      }
    }
    return true;
  }

  private static boolean finite(float[] vector) {
    for (float v : vector) {
      if (!Float.isFinite(v)) {
        return false;
      }
    }
    return true;
  }

  /**
   * What several shards came to together: the mean of their states, weighted by their rows and
   * summed in their order, and the first divergence.
   *
   * @param updates in the order of the shards, not all without rows
   */
  public static Update merge(List<Update> updates) {
    long rows = 0;
    double loss = 0;
    double weight = 0;
    long divergedAt = -1;
    for (Update update : updates) {
      rows += update.rows;
      loss += update.loss;
      weight += update.weight;
      if (update.divergedAt >= 0 && (divergedAt < 0 || update.divergedAt < divergedAt)) {
        divergedAt = update.divergedAt;
      }
    }
    TrainingState first = updates.get(0).state;
    double[] sum = new double[first.parameters().length];
    float[][] means = new float[1 + first.memory().length][sum.length];
    for (int v = 0; v < means.length; v++) {
      Arrays.fill(sum, 0);
      for (Update update : updates) {
        float[] vector = update.state.vectors()[v];
        double share = rows == 0 ? 1.0 / updates.size() : (double) update.rows / rows;
        for (int i = 0; i < sum.length; i++) {
          sum[i] += share * vector[i];
        }
      }
      for (int i = 0; i < sum.length; i++) {
        means[v][i] = (float) sum[i];
      }
    }
    TrainingState mean =
        new TrainingState(means[0], Arrays.copyOfRange(means, 1, means.length), first.steps());
    return new Update(mean, rows, loss, weight, divergedAt);
  }

  /** The loss of parameters on rows. */
  public Evaluation evaluate(float[] parameters, Examples rows) {
    int k = network.outputs();
    int capacity = Math.min(EVALUATED_ROWS, Math.max(1, rows.rows()));
    Network.Pass pass = network.pass(capacity);
    Examples.Batch batch = new Examples.Batch(rows, capacity);
    Evaluation sums = new Evaluation(0, 0, 0);
    for (int first = 0; first < rows.rows(); first += capacity) {
      int count = Math.min(capacity, rows.rows() - first);
      batch.gather(null, first, count);
      float[] scores = pass.forward(count, batch.x, parameters);
      double loss =
          settings.loss.valueAndGradient(count, k, scores, batch.y, batch.weight, 1, null);
      double hits = settings.loss == Loss.SOFTMAX ? hits(count, k, scores, batch) : 0;
      sums = sums.plus(new Evaluation(loss, batch.weight(count), hits));
    }
    return sums;
  }

  /** The loss of parameters on rows with its gradient; nothing is dropped. */
  public GradientSum gradient(float[] parameters, Examples rows) {
    int k = network.outputs();
    int capacity = Math.min(EVALUATED_ROWS, Math.max(1, rows.rows()));
    Network.Pass pass = network.pass(capacity);
    Examples.Batch batch = new Examples.Batch(rows, capacity);
    float[] dScores = new float[capacity * k];
    float[] gradient = new float[parameters.length];
    double[] sum = new double[parameters.length];
    double loss = 0;
    double weight = 0;
    for (int first = 0; first < rows.rows(); first += capacity) {
      int count = Math.min(capacity, rows.rows() - first);
      batch.gather(null, first, count);
      float[] scores = pass.forward(count, batch.x, parameters);
      loss += settings.loss.valueAndGradient(count, k, scores, batch.y, batch.weight, 1, dScores);
      weight += batch.weight(count);
      Arrays.fill(gradient, 0);
      pass.backward(dScores, parameters, gradient, null);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += gradient[i];
      }
    }
    return new GradientSum(loss, weight, sum);
  }

  private static double hits(int n, int k, float[] scores, Examples.Batch batch) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      int best = 0;
      for (int c = 1; c < k; c++) {
        if (scores[i * k + c] > scores[i * k + best]) {
          best = c;
        }
      }
      if (best == (int) batch.y[i]) {
        sum += batch.weight == null ? 1 : batch.weight[i];
      }
    }
    return sum;
  }
}
