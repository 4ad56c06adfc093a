package org.snnk.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.snnk.dataset.Datasets;
import org.snnk.feature.Projection;
import org.snnk.linalg.RowBlock;
import org.snnk.loss.Loss;
import org.snnk.metric.ClassificationSummary;
import org.snnk.model.Model;
import org.snnk.network.LayerText;
import org.snnk.network.LocalTraining;
import org.snnk.network.Optimizer;
import org.snnk.network.Schedule;
import org.snnk.spark.data.Roles;
import org.snnk.spark.peer.Peer;
import org.snnk.spark.peer.PeerRows;
import org.snnk.spark.peer.PeerTraining;
import org.snnk.spark.train.Answers;
import org.snnk.spark.train.Checkpoints;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.spark.train.ComparedRows;
import org.snnk.spark.train.NetworkTraining;
import org.snnk.spark.train.Phases;
import org.snnk.statistics.Moments;
import org.snnk.statistics.RowParts;

/** Networks on Covertype: an epoch, and the time to the accuracy of MLlib's perceptron. */
final class NetworkMeasure {
  /** What an epoch of Covertype's training rows may take on two cores. */
  private static final double EPOCH_SECONDS = 3;

  private static final double EPOCH_ROWS = 464_810;
  private static final List<String> EPOCH_LAYERS = List.of("dense 512", "snnk 64 128");
  private static final int EPOCH_BATCH = 512;
  private static final int EPOCHS = 3;

  private static final double LEARNING_RATE = 5e-3;

  private static final int HIDDEN = 64;
  private static final List<String> HIDDEN_LAYERS = List.of("dense " + HIDDEN);
  private static final int PEER_ITERATIONS = 100;
  private static final int MOST_EPOCHS = 64;
  private static final int FOLDS = 5;

  private final Site site;
  private final Roles roles = Site.roles(Datasets.find(Data.COVERTYPE.dataset()));

  private NetworkMeasure(Site site) {
    this.site = site;
  }

  static List<Result> run(Site site) {
    return new NetworkMeasure(site).run();
  }

  private List<Result> run() {
    JavaRDD<RowBlock> rows = site.covertype().persist(StorageLevel.MEMORY_AND_DISK());
    try {
      long count =
          site.phase(
              "read Covertype", () -> rows.map(block -> (long) block.rows()).reduce(Long::sum));
      return List.of(epoch(rows, count), perceptron(rows, count));
    } finally {
      rows.unpersist(true);
    }
  }

  // ---- an epoch ----

  private Result epoch(JavaRDD<RowBlock> rows, long count) {
    Runnable one = () -> train(rows, EPOCH_LAYERS, EPOCH_BATCH, 1);
    Runnable more = () -> train(rows, EPOCH_LAYERS, EPOCH_BATCH, 1 + EPOCHS);
    List<List<Double>> seconds =
        site.inTurns(
            List.of("train for an epoch", "train for " + (1 + EPOCHS) + " epochs"),
            List.of(one, more));
    List<Double> epochs = new ArrayList<>();
    for (int r = 0; r < seconds.get(0).size(); r++) {
      epochs.add((seconds.get(1).get(r) - seconds.get(0).get(r)) / EPOCHS);
    }
    return new Result(
        Measure.NETWORK,
        "epoch / " + (int) EPOCH_SECONDS + " s, " + String.join(", ", EPOCH_LAYERS),
        Quantity.median("s", "an epoch, after the first, with its rounds and Spark", epochs),
        new Quantity(
            EPOCH_SECONDS * count / EPOCH_ROWS,
            "s",
            "3 s for Covertype's 464,810 training rows, for as many rows as here",
            List.of()),
        Optional.of(Target.atMost(1)),
        Result.details(
            "data",
            site.covertypeName(),
            "rows",
            count,
            "batch",
            EPOCH_BATCH,
            "tasksAtOnce",
            site.cores()));
  }

  private Model train(JavaRDD<RowBlock> rows, List<String> layers, int batch, int epochs) {
    LayerText text =
        new LayerText(
            Projection.ORTHOGONAL,
            site.setup().seed(),
            wrong -> {
              throw new IllegalStateException(wrong);
            });
    NetworkTraining.Options options =
        new NetworkTraining.Options(
            text.network(layers, roles.inputs().size(), roles.classes().size()),
            new LocalTraining.Settings(
                Loss.SOFTMAX,
                0,
                Optimizer.of("adam", 0, 0),
                new Schedule(Schedule.Shape.of("cosine"), 0),
                LEARNING_RATE,
                1,
                batch,
                site.setup().seed()),
            List.of(LEARNING_RATE),
            epochs,
            NetworkTraining.Sharding.of(site.cores()),
            0,
            0,
            false,
            false,
            null);
    return NetworkTraining.train(rows, roles, options, Phases.SILENT, Checkpoints.NONE).model();
  }

  // ---- beside MLlib's perceptron ----

  private Result perceptron(JavaRDD<RowBlock> all, long count) {
    double share = Math.min(1, (double) site.setup().peerRows() / count);
    RowParts sample = RowParts.holdOut(site.setup().seed() + 1, 1 - share);
    RowParts folds = RowParts.folds(site.setup().seed(), FOLDS);
    JavaRDD<RowBlock> some =
        share == 1 ? all : all.map(block -> block.filter(index -> sample.of(index) == 0));
    JavaRDD<RowBlock> training =
        some.map(block -> block.filter(index -> folds.of(index) > 0)).cache();
    JavaRDD<RowBlock> test = some.map(block -> block.filter(index -> folds.of(index) == 0)).cache();
    try {
      long trained = training.map(block -> (long) block.rows()).reduce(Long::sum);
      long unused = test.count();
      Moments moments = ClosedFormTraining.moments(training, roles);
      Answers[] theirs = new Answers[1];
      double theirSeconds;
      try (PeerRows table = PeerRows.of(site.spark(), training, roles, moments)) {
        theirSeconds =
            site.seconds("MLlib's perceptron", () -> theirs[0] = perceptron(table, moments));
      }
      double wanted = accuracy(test, theirs[0]);
      int epochs = 1;
      double ourSeconds;
      double reached;
      while (true) {
        int tried = epochs;
        Model[] model = new Model[1];
        ourSeconds =
            site.seconds(
                "train for " + tried + (tried == 1 ? " epoch" : " epochs"),
                () -> model[0] = train(training, HIDDEN_LAYERS, EPOCH_BATCH / 2, tried));
        reached = accuracy(test, Answers.of(model[0], site.context()));
        if (reached >= wanted || epochs >= MOST_EPOCHS) {
          break;
        }
        epochs *= 2;
      }
      boolean asGood = reached >= wanted;
      double speed = asGood ? 1 / ourSeconds : 0;
      return new Result(
          Measure.NETWORK,
          "speed to the accuracy of MLlib's perceptron, " + HIDDEN_LAYERS.get(0),
          new Quantity(
              speed,
              "1/s",
              asGood
                  ? "trainings of the least power of two of epochs that is as accurate"
                  : "no training of at most " + MOST_EPOCHS + " epochs is as accurate",
              List.of(speed)),
          new Quantity(
              1 / theirSeconds,
              "1/s",
              "fits of MLlib's perceptron by " + PEER_ITERATIONS + " steps of L-BFGS",
              List.of(1 / theirSeconds)),
          Optional.of(Target.atLeast(5)),
          Result.details(
              "data",
              site.covertypeName(),
              "rows",
              trained,
              "accuracy",
              reached,
              "referenceAccuracy",
              wanted,
              "epochs",
              epochs,
              "tasksAtOnce",
              site.cores()));
    } finally {
      training.unpersist(true);
      test.unpersist(true);
    }
  }

  private Answers perceptron(PeerRows table, Moments moments) {
    Map<String, String> settings =
        Map.of("layers", "[" + HIDDEN + "]", "maxIter", Integer.toString(PEER_ITERATIONS));
    return PeerTraining.train(
            Peer.MULTILAYER_PERCEPTRON,
            table,
            moments,
            List.of(settings),
            0,
            site.setup().seed(),
            Phases.SILENT)
        .model();
  }

  private static double accuracy(JavaRDD<RowBlock> rows, Answers model) {
    ComparedRows.Compared<ClassificationSummary> on = ComparedRows.classification(rows, model);
    on.losses().release();
    return on.summary().metrics().accuracy().orNaN();
  }
}
