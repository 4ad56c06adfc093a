package org.snnk.spark.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaRDD;
import org.snnk.SnnkException;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;
import org.snnk.model.FullyBundledModel;
import org.snnk.solve.PlattScaling;
import org.snnk.solve.Readout;
import org.snnk.solve.RidgeSolver;
import org.snnk.spark.data.Roles;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.Moments;
import org.snnk.statistics.NormalEquations;
import org.snnk.statistics.RowFraction;
import org.snnk.statistics.RowSample;
import org.snnk.statistics.ScoreCounts;
import org.snnk.statistics.Targets;

/**
 * Trains a fully-bundled model in closed form: moments, length scale, one Gram pass, one solve,
 * calibration.
 *
 * <p>Every pass folds row blocks in a partition and merges exact statistics, so the model is a
 * function of the set of rows and the options, bit for bit, whatever the partitions, retries and
 * machines. Features are computed in the tasks and never stored.
 */
public final class ClosedFormTraining {
  private static final int SAMPLED_ROWS = 1000;
  private static final int SELECTION_FEATURES = 512;

  private final Options options;
  private final Roles roles;
  private final Phases phases;

  /**
   * What to train.
   *
   * @param numRandomFeatures m, even
   * @param projection how directions are drawn
   * @param lengthScale σ in units of the standardised inputs; empty to choose it on the validation
   *     part
   * @param lengthScaleGrid the candidates, as multiples of the median distance of two rows
   * @param regParam λ on the mean squared error; empty to choose it on the validation part
   * @param regParamGrid the candidates
   * @param validationFraction the part of the training rows that choices are measured on; the final
   *     model uses all rows
   * @param selectionRows rows on which length scales are compared, at most
   * @param dropInvalid whether rows that cannot be used are left out rather than refused
   * @param seed of everything random
   */
  public record Options(
      int numRandomFeatures,
      Projection projection,
      OptionalDouble lengthScale,
      List<Double> lengthScaleGrid,
      OptionalDouble regParam,
      List<Double> regParamGrid,
      double validationFraction,
      long selectionRows,
      boolean dropInvalid,
      long seed) {

    /** Checks that what is to be chosen can be. */
    public Options {
      lengthScaleGrid = List.copyOf(lengthScaleGrid);
      regParamGrid = List.copyOf(regParamGrid);
      boolean chooses = lengthScale.isEmpty() || regParam.isEmpty();
      if (chooses && !(validationFraction > 0 && validationFraction < 1)) {
        throw new SnnkException(
            "train.validationFraction",
            "a number between 0 and 1 where the length scale or regParam is 'auto'",
            validationFraction + "",
            null,
            "Set it, or set features.lengthScale and train.regParam.");
      }
    }
  }

  /** A length scale and penalty, and the error on rows that neither has seen. */
  public record Candidate(double lengthScale, double regParam, double validationError) {}

  /**
   * What training gives.
   *
   * @param statistics of all training rows
   * @param moments of all training rows
   * @param medianDistance of two standardised rows; NaN where the length scale was set
   * @param lengthScales every candidate of the first choice; empty where the length scale was set
   * @param penalties every candidate of the second choice; empty without a validation part
   */
  public record Result(
      FullyBundledModel model,
      GramStatistics statistics,
      Moments moments,
      double medianDistance,
      List<Candidate> lengthScales,
      List<Candidate> penalties,
      Readout readout) {}

  private ClosedFormTraining(Options options, Roles roles, Phases phases) {
    this.options = options;
    this.roles = roles;
    this.phases = phases;
  }

  /**
   * Trains.
   *
   * @param rows the training rows; passed over three to five times, so keep them where reading is
   *     slow
   * @throws SnnkException if there are no usable rows, or unusable ones that may not be dropped
   */
  public static Result train(JavaRDD<RowBlock> rows, Roles roles, Options options, Phases phases) {
    return new ClosedFormTraining(options, roles, phases).train(rows);
  }

  private Result train(JavaRDD<RowBlock> rows) {
    Survey survey = phases.run("moments", 0, () -> survey(rows));
    Moments moments = survey == null ? newMoments() : survey.moments;
    if (!options.dropInvalid) {
      moments.rejected().requireNone("training table");
    }
    Standardizer standardizer = moments.standardizer();
    Targets targets = moments.targets();
    requireSomethingToLearn(moments);
    int weightExponent = GramStatistics.weightExponent(moments.largestWeight());

    double medianDistance = Double.NaN;
    List<Candidate> lengthScales = List.of();
    double lengthScale = options.lengthScale.orElse(0);
    if (options.lengthScale.isEmpty()) {
      medianDistance = survey.sample.medianDistance(standardizer);
      lengthScales =
          lengthScales(rows, moments, standardizer, targets, weightExponent, medianDistance);
      lengthScale = best(lengthScales).lengthScale;
    }

    Featurizer featurizer =
        new Featurizer(standardizer, features(options.numRandomFeatures, lengthScale));
    Specification specification = new Specification(featurizer, targets, weightExponent);
    Split split =
        phases.run(
            "Gram matrix",
            moments.rows(),
            () -> gram(rows, List.of(specification), validation()).get(0));
    List<Candidate> penalties = new ArrayList<>();
    Readout validated =
        phases.run(
            "regularisation path",
            0,
            () -> choosePenalty(split, lengthScale(featurizer), penalties));
    GramStatistics all = split.training;
    all.merge(split.validation);
    double lambda = validated == null ? options.regParam.getAsDouble() : validated.lambda();
    Readout readout =
        phases.run("solve", 0, () -> RidgeSolver.solve(all.normalEquations(), lambda));
    FullyBundledModel model = model(featurizer, targets, readout);
    if (roles.classification()) {
      model = calibrate(rows, model, validated, moments);
    }
    return new Result(model, all, moments, medianDistance, lengthScales, penalties, readout);
  }

  private static double lengthScale(Featurizer featurizer) {
    return ((CosineFeatures) featurizer.map()).lengthScale();
  }

  private CosineFeatures features(int m, double lengthScale) {
    return new CosineFeatures(
        roles.inputs().size(), m, lengthScale, options.projection, options.seed);
  }

  private Moments newMoments() {
    return new Moments(
        roles.inputs().size(),
        roles.classification() ? 0 : roles.targets().size(),
        roles.classes().size());
  }

  /** Fails where a target is the same in every row. */
  private void requireSomethingToLearn(Moments moments) {
    if (roles.classification()) {
      List<String> seen = new ArrayList<>();
      for (int c = 0; c < roles.classes().size(); c++) {
        if (moments.classRows(c) > 0) {
          seen.add(roles.classes().get(c));
        }
      }
      if (seen.size() < 2) {
        throw new SnnkException(
            "label column '" + roles.targets().get(0) + "'",
            "training rows of at least 2 classes",
            "rows of '" + String.join("", seen) + "' only",
            null,
            "Check data.label, and the split where the file is sorted by class.");
      }
      return;
    }
    for (int t = 0; t < roles.targets().size(); t++) {
      if (moments.targetMin(t) == moments.targetMax(t)) {
        throw new SnnkException(
            "target column '" + roles.targets().get(t) + "'",
            "different values",
            moments.targetMin(t) + " in every training row",
            null,
            "Leave it out: there is nothing to learn.");
      }
    }
  }

  // ---- the first pass ----

  /** What the first pass sees. */
  private record Survey(Moments moments, RowSample sample) implements Serializable {}

  private Survey survey(JavaRDD<RowBlock> rows) {
    Moments empty = newMoments();
    long seed = options.seed;
    return TreeMerge.of(
        rows,
        blocks -> {
          // Each task works on a copy of its own: Spark deserialises the closure for it.
          Survey survey = new Survey(empty, new RowSample(SAMPLED_ROWS, seed));
          while (blocks.hasNext()) {
            RowBlock block = blocks.next();
            survey.moments.add(block);
            survey.sample.add(block);
          }
          return survey;
        },
        (left, right) -> {
          left.moments.merge(right.moments);
          left.sample.merge(right.sample);
          return left;
        });
  }

  // ---- the Gram pass ----

  /** Statistics of the rows to train on and of those to measure on. */
  private record Split(GramStatistics training, GramStatistics validation)
      implements Serializable {}

  private RowFraction validation() {
    return new RowFraction(options.seed, RowFraction.VALIDATION, options.validationFraction);
  }

  /** The statistics of both parts, for several feature maps in one pass. */
  private static List<Split> gram(
      JavaRDD<RowBlock> rows, List<Specification> specifications, RowFraction validation) {
    List<Split> merged =
        TreeMerge.of(
            rows,
            blocks -> fold(blocks, specifications, validation),
            (left, right) -> {
              for (int i = 0; i < left.size(); i++) {
                left.get(i).training.merge(right.get(i).training);
                left.get(i).validation.merge(right.get(i).validation);
              }
              return left;
            });
    return merged == null ? specifications.stream().map(Specification::split).toList() : merged;
  }

  /** What an empty statistic is made of: small, so that it can travel with the tasks. */
  private record Specification(Featurizer featurizer, Targets targets, int weightExponent)
      implements Serializable {
    Split split() {
      return new Split(
          new GramStatistics(featurizer, targets, weightExponent),
          new GramStatistics(featurizer, targets, weightExponent));
    }
  }

  private static List<Split> fold(
      Iterator<RowBlock> blocks, List<Specification> maps, RowFraction validation) {
    ArrayList<Split> splits = new ArrayList<>();
    maps.forEach(map -> splits.add(map.split()));
    while (blocks.hasNext()) {
      RowBlock block = blocks.next();
      RowBlock held = block.filter(validation::contains);
      RowBlock kept = block.filter(index -> !validation.contains(index));
      for (Split split : splits) {
        split.training.add(kept);
        split.validation.add(held);
      }
    }
    return splits;
  }

  // ---- choices ----

  private List<Candidate> lengthScales(
      JavaRDD<RowBlock> rows,
      Moments moments,
      Standardizer standardizer,
      Targets targets,
      int weightExponent,
      double medianDistance) {
    double fraction = Math.min(1, (double) options.selectionRows / moments.rows());
    RowFraction selection = new RowFraction(options.seed, RowFraction.SELECTION, fraction);
    JavaRDD<RowBlock> selected =
        fraction == 1 ? rows : rows.map(block -> block.filter(selection::contains));
    int m = Math.min(options.numRandomFeatures, SELECTION_FEATURES);
    List<Specification> specifications = new ArrayList<>();
    for (double multiple : options.lengthScaleGrid) {
      Featurizer featurizer = new Featurizer(standardizer, features(m, multiple * medianDistance));
      specifications.add(new Specification(featurizer, targets, weightExponent));
    }
    long expected = Math.round(fraction * moments.rows());
    return phases.run(
        "length scale",
        expected,
        () -> {
          List<Candidate> candidates = new ArrayList<>();
          for (Split split : gram(selected, specifications, validation())) {
            requireBothParts(split);
            candidates.addAll(path(split, lengthScale(split.training.featurizer()), null));
          }
          return candidates;
        });
  }

  private List<Candidate> path(Split split, double lengthScale, List<Readout> readouts) {
    NormalEquations training = split.training.normalEquations();
    NormalEquations validation = split.validation.normalEquations();
    List<Double> lambdas =
        options.regParam.isPresent()
            ? List.of(options.regParam.getAsDouble())
            : options.regParamGrid;
    List<Candidate> candidates = new ArrayList<>();
    for (RidgeSolver.Validated result : RidgeSolver.path(training, validation, lambdas)) {
      candidates.add(
          new Candidate(lengthScale, result.readout().lambda(), result.validationError()));
      if (readouts != null) {
        readouts.add(result.readout());
      }
    }
    return candidates;
  }

  private static Candidate best(List<Candidate> candidates) {
    return candidates.stream()
        .min(Comparator.comparingDouble(Candidate::validationError))
        .orElseThrow();
  }

  /**
   * The read-out of the training part that does best on the validation part; null where there is
   * none to choose on.
   */
  private Readout choosePenalty(Split split, double lengthScale, List<Candidate> candidates) {
    if (options.validationFraction == 0) {
      return null;
    }
    requireBothParts(split);
    List<Readout> readouts = new ArrayList<>();
    candidates.addAll(path(split, lengthScale, readouts));
    return readouts.get(candidates.indexOf(best(candidates)));
  }

  private void requireBothParts(Split split) {
    if (split.training.rows() == 0 || split.validation.rows() == 0) {
      throw new SnnkException(
          "validation part",
          "rows on both sides",
          split.training.rows() + " to train on and " + split.validation.rows() + " to measure on",
          null,
          "Give more rows, change train.validationFraction, or set features.lengthScale and train.regParam.");
    }
  }

  // ---- the model ----

  private FullyBundledModel model(Featurizer featurizer, Targets targets, Readout readout) {
    return FullyBundledModel.of(
        roles.inputs(),
        roles.targets(),
        roles.classes(),
        featurizer,
        targets,
        readout.weights(),
        readout.intercept());
  }

  /**
   * Probabilities from the scores of the model that has not seen the validation part, on that part;
   * without one, from the scores on the training rows.
   */
  private FullyBundledModel calibrate(
      JavaRDD<RowBlock> rows, FullyBundledModel model, Readout validated, Moments moments) {
    RowFraction validation = validation();
    FullyBundledModel scorer =
        validated == null ? model : model(model.featurizer(), model.targets(), validated);
    JavaRDD<RowBlock> held =
        validated == null ? rows : rows.map(block -> block.filter(validation::contains));
    double unit = Math.scalb(1.0, GramStatistics.weightExponent(moments.largestWeight()));
    ScoreCounts counts =
        phases.run(
            "calibration",
            Math.round(moments.rows() * (validated == null ? 1 : options.validationFraction)),
            () -> Scoring.counts(held, scorer, unit));
    PlattScaling scaling = PlattScaling.fit(counts);
    return model.calibrated(scaling.slope(), scaling.offset());
  }
}
