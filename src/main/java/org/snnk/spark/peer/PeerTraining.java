package org.snnk.spark.peer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.snnk.NearestName;
import org.snnk.SnnkException;
import org.snnk.metric.ClassificationSummary;
import org.snnk.metric.RegressionSummary;
import org.snnk.spark.data.Roles;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.spark.train.ComparedRows;
import org.snnk.spark.train.Phases;
import org.snnk.statistics.Moments;
import org.snnk.statistics.RowParts;

/**
 * Fits a learner of MLlib with each candidate of its settings, keeps the one with the least loss on
 * the validation part, and fits it again to all training rows, as MLlib's TrainValidationSplit
 * does. A single candidate is fitted to all rows at once.
 */
public final class PeerTraining {
  private static final String LAYERS = "layers";
  private static final Set<String> OURS =
      Set.of(
          "featuresCol",
          "labelCol",
          "weightCol",
          "predictionCol",
          "probabilityCol",
          "rawPredictionCol",
          "leafCol",
          "validationIndicatorCol",
          "checkpointInterval",
          "seed");

  private PeerTraining() {}

  /**
   * Settings and their loss on the validation part; NaN where nothing was to choose.
   *
   * @param settings names of MLlib's parameters and their values as JSON
   */
  public record Candidate(Map<String, String> settings, double validation) {}

  /** The model, what was tried, and which of those it is. */
  public record Result(PeerModel model, List<Candidate> candidates, Candidate chosen) {}

  /**
   * Checks the settings, before any row is read.
   *
   * @param candidates names of MLlib's parameters and their values as JSON; {@code layers} of a
   *     perceptron are the hidden ones
   * @throws SnnkException if the learner cannot learn the table, or a parameter is wrong
   */
  public static void check(Peer peer, Roles roles, List<Map<String, String>> candidates) {
    peer.unsuitable(roles)
        .ifPresent(
            mistake -> {
              throw mistake;
            });
    for (Map<String, String> settings : candidates) {
      Predictor<Vector, ?, ?> unused = estimator(peer, roles, settings, 0);
    }
  }

  /**
   * Trains.
   *
   * @param fraction of the rows that validates, where there are several candidates
   * @throws SnnkException as {@link #check} does, or if a part has no rows
   */
  public static Result train(
      Peer peer,
      PeerRows rows,
      Moments moments,
      List<Map<String, String>> candidates,
      double fraction,
      long seed,
      Phases phases) {
    Roles roles = rows.roles();
    if (candidates.size() == 1) {
      Candidate only = new Candidate(candidates.get(0), Double.NaN);
      Predictor<Vector, ?, ?> estimator = estimator(peer, roles, only.settings, seed);
      return new Result(fit(peer, estimator, rows.table(), rows, phases), List.of(only), only);
    }
    if (fraction == 0) {
      throw new SnnkException(
          "peer '" + peer.key() + "'",
          "one candidate without a validation part",
          candidates.size() + "",
          null,
          "Set train.validationFraction.");
    }
    RowParts parts = RowParts.holdOut(seed, fraction);
    Dataset<Row> training = rows.part(parts, 0);
    ClosedFormTraining.requireBothParts(training.count(), rows.part(parts, 1).count());
    List<Candidate> tried = new ArrayList<>();
    for (Map<String, String> settings : candidates) {
      Predictor<Vector, ?, ?> estimator = estimator(peer, roles, settings, seed);
      PeerModel model = fit(peer, estimator, training, rows, phases);
      double loss =
          phases.run("peer validation", 0, () -> validationLoss(model, rows, parts, moments));
      tried.add(new Candidate(settings, loss));
    }
    Candidate best =
        tried.stream().min(Comparator.comparingDouble(Candidate::validation)).orElseThrow();
    Predictor<Vector, ?, ?> again = estimator(peer, roles, best.settings, seed);
    return new Result(fit(peer, again, rows.table(), rows, phases), tried, best);
  }

  private static PeerModel fit(
      Peer peer, Predictor<Vector, ?, ?> estimator, Dataset<Row> table, PeerRows rows, Phases to) {
    return to.run(
        peer.key(),
        0,
        () -> {
          @SuppressWarnings("unchecked") // all of MLlib's learners take vectors
          PredictionModel<Vector, ?> model = (PredictionModel<Vector, ?>) estimator.fit(table);
          return new PeerModel(model, rows.standardizer());
        });
  }

  private static double validationLoss(
      PeerModel model, PeerRows rows, RowParts parts, Moments moments) {
    if (rows.roles().classification()) {
      ComparedRows.Compared<ClassificationSummary> on =
          ComparedRows.classification(rows.blocks(parts, 1), model);
      on.losses().release();
      return on.summary().metrics().logLoss().orNaN();
    }
    double[] middle = {moments.targets().mean(0)};
    ComparedRows.Compared<RegressionSummary> on =
        ComparedRows.regression(rows.blocks(parts, 1), model, middle, middle);
    on.losses().release();
    return on.summary().metrics().rmse().orNaN();
  }

  // ---- parameters ----

  private static Predictor<Vector, ?, ?> estimator(
      Peer peer, Roles roles, Map<String, String> settings, long seed) {
    Predictor<Vector, ?, ?> estimator = peer.estimator(roles);
    estimator.setFeaturesCol(PeerRows.FEATURES);
    estimator.setLabelCol(PeerRows.LABEL);
    if (roles.weight() != null) {
      estimator.set("weightCol", PeerRows.WEIGHT);
    }
    if (estimator.hasParam("seed")) {
      estimator.set("seed", seed);
    }
    Map<String, String> all = new java.util.TreeMap<>(settings);
    if (peer == Peer.MULTILAYER_PERCEPTRON) {
      String hidden = all.getOrDefault(LAYERS, "[]").strip();
      String inner = hidden.replaceAll("^\\[|\\]$", "").strip();
      all.put(
          LAYERS,
          "["
              + roles.inputs().size()
              + (inner.isEmpty() ? "" : "," + inner)
              + ","
              + roles.classes().size()
              + "]");
    }
    all.forEach((name, json) -> set(peer, estimator, name, json));
    return estimator;
  }

  private static void set(Peer peer, Predictor<Vector, ?, ?> estimator, String name, String json) {
    List<String> known =
        Arrays.stream(estimator.params())
            .map(param -> param.name())
            .filter(each -> !OURS.contains(each))
            .toList();
    String subject = "peer '" + peer.key() + "'";
    if (!known.contains(name)) {
      throw new SnnkException(
          subject,
          "a parameter of Spark's " + estimator.getClass().getSimpleName(),
          "'" + name + "'",
          null,
          NearestName.question(name, known, "It has " + String.join(", ", known) + "."));
    }
    Param<Object> param = estimator.getParam(name);
    Object value;
    try {
      // Spark's own decoder of a double takes no whole number.
      boolean real = (Object) param instanceof DoubleParam;
      value = real ? (Object) Double.valueOf(json) : param.jsonDecode(json);
      estimator.set(param, value);
    } catch (Exception mistake) { // Scala throws checked ones unannounced
      throw new SnnkException(
          subject,
          "a value that Spark takes for '" + name + "'",
          json,
          null,
          "It is: " + param.doc() + ".");
    }
  }
}
