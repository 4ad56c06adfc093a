package org.snnk.spark.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.snnk.SnnkException;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.FeatureMap;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Standardizer;
import org.snnk.linalg.RowBlock;
import org.snnk.model.FullyBundledModel;
import org.snnk.solve.KFold;
import org.snnk.solve.PlattScaling;
import org.snnk.solve.Readout;
import org.snnk.solve.RidgeIteration;
import org.snnk.solve.RidgePath;
import org.snnk.solve.RidgePoint;
import org.snnk.solve.RidgeSolver;
import org.snnk.solve.Solver;
import org.snnk.spark.data.Roles;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.Moments;
import org.snnk.statistics.NormalEquations;
import org.snnk.statistics.Precision;
import org.snnk.statistics.RowFraction;
import org.snnk.statistics.RowParts;
import org.snnk.statistics.ScoreCounts;
import org.snnk.statistics.Targets;

/**
 * Trains a fully-bundled model in closed form: moments, length scale, one Gram pass, one solve,
 * calibration. Where the Gram matrix has no room, {@link IterativeTraining} stands in for the pass
 * and the solve.
 *
 * <p>Every pass folds row blocks in a partition and merges exact statistics, so the model is a
 * function of the set of rows and the options, bit for bit, whatever the partitions, retries and
 * machines. Features are computed in the tasks and never stored.
 */
public final class ClosedFormTraining {
  /** Features of each candidate length scale, at most. */
  public static final int SELECTION_FEATURES = 1024;

  private static final int HELD_OUT_FOLD = 0;

  private final Options options;
  private final Roles roles;
  private final Phases phases;
  private final Function<Moments, Standardizer> scales;
  private final boolean keepsFolds;

  /**
   * What to train.
   *
   * @param family the map but for its length scale
   * @param lengthScale σ in units of the standardised inputs; empty to choose it on the validation
   *     part
   * @param lengthScaleGrid the candidates, as multiples of the median distance of two rows
   * @param regParam λ on the mean squared error; empty to choose it on the validation part
   * @param regParamGrid the candidates
   * @param validationFraction the part of the training rows that choices are measured on; the final
   *     model uses all rows
   * @param folds K to choose the penalty by K-fold cross-validation in place of a validation part;
   *     0 for a validation part
   * @param leaveOneOut whether the penalty is chosen by the exact leave-one-out error, which takes
   *     one more pass, in place of both
   * @param selectionRows rows on which length scales are compared, and with {@code leaveOneOut}
   *     classes calibrated, at most
   * @param dropInvalid whether rows that cannot be used are left out rather than refused
   * @param specification scales, feature map and targets of an earlier training, taken over so that
   *     the statistics of both can be merged; empty to fit them to these rows
   * @param precision how products are summed; must be that of {@code specification} if there is one
   * @param seed of everything random
   * @param solving how the read-out is solved
   */
  public record Options(
      FeatureFamily family,
      OptionalDouble lengthScale,
      List<Double> lengthScaleGrid,
      OptionalDouble regParam,
      List<Double> regParamGrid,
      double validationFraction,
      int folds,
      boolean leaveOneOut,
      long selectionRows,
      boolean dropInvalid,
      Optional<GramPass.Specification> specification,
      Precision precision,
      long seed,
      Solving solving) {

    /** Checks that what is to be chosen can be. */
    public Options {
      lengthScaleGrid = List.copyOf(lengthScaleGrid);
      regParamGrid = List.copyOf(regParamGrid);
      requireSamePrecision(specification, precision);
      precision.penalties(regParam, regParamGrid, features(specification, family));
      if (leaveOneOut && folds > 0) {
        throw new SnnkException(
            "train.leaveOneOut",
            "false where train.folds chooses the penalty",
            "true with " + folds + " folds",
            null,
            "Choose one of the two.");
      }
      boolean chooses =
          (specification.isEmpty() && lengthScale.isEmpty())
              || (regParam.isEmpty() && !leaveOneOut);
      if (chooses && folds == 0 && !(validationFraction > 0 && validationFraction < 1)) {
        throw new SnnkException(
            "train.validationFraction",
            "a number between 0 and 1 where the length scale or regParam is 'auto'",
            validationFraction + "",
            null,
            "Set it, or set features.lengthScale and train.regParam.");
      }
      int m = features(specification, family);
      if (solving.solver.forFeatures(m) == Solver.DIRECT) {
        requireIndexable(m, 2);
      } else {
        requireNoMatrixNeeded(precision, leaveOneOut, folds, m);
      }
    }

    /** Fails where an option asks for the Gram matrix, which conjugate gradients do without. */
    private static void requireNoMatrixNeeded(
        Precision precision, boolean leaveOneOut, int folds, int m) {
      String direct = "set train.solver=direct where the Gram matrix has room.";
      String validate = "Choose the penalty on a validation part, or ";
      if (!precision.isExact()) {
        throw needsMatrix(
            "features.precision", "exact", precision.key(), m, "Leave it out, or " + direct);
      }
      if (leaveOneOut) {
        throw needsMatrix("train.leaveOneOut", "false", "true", m, validate + direct);
      }
      if (folds > 0) {
        throw needsMatrix(
            "train.folds",
            "0",
            folds + "",
            m,
            validate + "set train.solver=direct where the Gram matrices of all folds have room.");
      }
    }

    private static SnnkException needsMatrix(
        String option, String expected, String got, int m, String advice) {
      return new SnnkException(
          option,
          expected
              + " with the solver "
              + Solver.CG.key()
              + ", which is taken for "
              + m
              + " features",
          got,
          null,
          advice);
    }

    /** A Gram matrix of more columns than arrays have indices would fail only after a pass. */
    private static void requireIndexable(int m, int targetColumns) {
      int most = GramStatistics.MAX_WIDTH - 1 - targetColumns;
      if (m > most) {
        throw new SnnkException(
            "features.numRandomFeatures",
            "at most " + most + " beside " + targetColumns + " columns of targets",
            m + "",
            null,
            "Choose fewer, or train.solver=cg: beyond, m^2 entries have no index.");
      }
    }

    private static void requireSamePrecision(
        Optional<GramPass.Specification> specification, Precision precision) {
      if (specification.isPresent() && specification.get().precision() != precision) {
        throw new SnnkException(
            "features.precision",
            "'" + specification.get().precision().key() + "', as in features.from",
            "'" + precision.key() + "'",
            null,
            "Set it alike, or the statistics cannot be merged.");
      }
    }

    private static int features(
        Optional<GramPass.Specification> specification, FeatureFamily family) {
      return specification
          .map(known -> known.featurizer().map().features())
          .orElse(family.numRandomFeatures());
    }

    /**
     * m of the model, a linear block not counted: that of the specification where one is taken
     * over.
     */
    public int features() {
      return features(specification, family);
    }

    /** The solver that is taken: not {@link Solver#AUTO}. */
    public Solver solver() {
      return solving.solver.forFeatures(features());
    }

    /** Penalties that are tried: of the grid those that the precision allows. */
    public List<Double> penalties() {
      return precision.penalties(regParam, regParamGrid, features());
    }

    /** The parts that the rows are summed in. */
    public RowParts parts() {
      return leaveOneOut
          ? RowParts.holdOut(seed, 0)
          : folds > 0 ? RowParts.folds(seed, folds) : RowParts.holdOut(seed, validationFraction);
    }

    /** The fraction of rows that is held out at a time. */
    private double heldOut() {
      return folds > 0 ? 1.0 / folds : validationFraction;
    }
  }

  /**
   * How the read-out is solved.
   *
   * @param stop of conjugate gradients
   * @param preconditionerRank r of their preconditioner, at most m/2; 0 for none
   */
  public record Solving(Solver solver, RidgeIteration.Stop stop, int preconditionerRank) {
    /** The solver that m leads to. */
    public static final Solving AUTO =
        new Solving(Solver.AUTO, new RidgeIteration.Stop(1e-6, 100), 256);
  }

  /**
   * A length scale and penalty, and the error on rows that neither has seen.
   *
   * @param standardError of that error, from the spread between folds; NaN without folds
   */
  public record Candidate(
      double lengthScale, double regParam, double validationError, double standardError) {
    /** One that was measured without folds. */
    Candidate(double lengthScale, double regParam, double validationError) {
      this(lengthScale, regParam, validationError, Double.NaN);
    }
  }

  /**
   * A length scale, and what it was chosen by.
   *
   * @param value σ
   * @param moments of all training rows
   * @param medianDistance of two standardised rows; NaN where the length scale was set
   * @param candidates with every penalty; empty where the length scale was set
   */
  public record LengthScale(
      double value, Moments moments, double medianDistance, List<Candidate> candidates) {}

  /**
   * What training gives.
   *
   * @param statistics of all training rows; empty where conjugate gradients did without
   * @param iterations how conjugate gradients went; empty where the solver was direct
   * @param moments of all training rows
   * @param medianDistance of two standardised rows; NaN where the length scale was set
   * @param lengthScales every candidate of the first choice; empty where the length scale was set
   * @param penalties every candidate of the second choice, measured on the validation part, over
   *     the folds, or by leaving rows out; empty without any
   * @param points effective degrees of freedom and generalised cross-validation of each penalty on
   *     all rows; empty where the penalty was set
   * @param foldModels of each fold the model that has not seen it; empty unless asked for
   */
  public record Result(
      FullyBundledModel model,
      Optional<GramStatistics> statistics,
      Optional<IterativeTraining.Summary> iterations,
      Moments moments,
      double medianDistance,
      List<Candidate> lengthScales,
      List<Candidate> penalties,
      List<RidgePoint> points,
      Readout readout,
      List<FullyBundledModel> foldModels) {

    /** Input cells that were clipped to the grid's range. */
    public long clippedInputs() {
      return statistics
          .map(GramStatistics::clippedInputs)
          .orElseGet(() -> iterations.orElseThrow().clippedInputs());
    }

    /** Features that were clipped to ±1. */
    public long clippedFeatures() {
      return statistics
          .map(GramStatistics::clippedFeatures)
          .orElseGet(() -> iterations.orElseThrow().clippedFeatures());
    }

    /** Targets that were clipped to the grid's range. */
    public long clippedTargets() {
      return statistics
          .map(GramStatistics::clippedTargets)
          .orElseGet(() -> iterations.orElseThrow().clippedTargets());
    }
  }

  private ClosedFormTraining(
      Options options,
      Roles roles,
      Phases phases,
      Function<Moments, Standardizer> scales,
      boolean keepsFolds) {
    this.options = options;
    this.roles = roles;
    this.phases = phases;
    this.scales = scales;
    this.keepsFolds = keepsFolds;
  }

  /**
   * Trains.
   *
   * @param rows the training rows; passed over three to five times, and with conjugate gradients
   *     once an iteration more, so keep them where reading is slow
   * @throws SnnkException if there are no usable rows, or unusable ones that may not be dropped
   */
  public static Result train(JavaRDD<RowBlock> rows, Roles roles, Options options, Phases phases) {
    return train(rows, roles, options, phases, Moments::standardizer);
  }

  /**
   * The same with another scale of the inputs than one deviation each.
   *
   * @param scales what inputs are standardised by, given their moments
   */
  static Result train(
      JavaRDD<RowBlock> rows,
      Roles roles,
      Options options,
      Phases phases,
      Function<Moments, Standardizer> scales) {
    return new ClosedFormTraining(options, roles, phases, scales, false).train(rows);
  }

  /**
   * The same with the models of all rows but each fold's beside, from the sums that are there: no
   * pass more, m³/3 flops a fold on the driver.
   *
   * @throws SnnkException if the options have no folds, too
   */
  public static Result trainWithFolds(
      JavaRDD<RowBlock> rows, Roles roles, Options options, Phases phases) {
    if (options.folds == 0) {
      throw new SnnkException(
          "train.folds",
          "2 or more for a model without each fold",
          "0",
          null,
          "Choose the penalty by folds.");
    }
    return new ClosedFormTraining(options, roles, phases, Moments::standardizer, true).train(rows);
  }

  /**
   * The length scale that {@link #train} would take, and with what it chose it: of at most {@link
   * #SELECTION_FEATURES} features the one that does best on the validation part.
   *
   * @param rows the training rows; passed over once, and twice where there is something to choose
   * @throws SnnkException as {@link #train}
   */
  public static LengthScale lengthScale(
      JavaRDD<RowBlock> rows, Roles roles, Options options, Phases phases) {
    ClosedFormTraining training =
        new ClosedFormTraining(options, roles, phases, Moments::standardizer, false);
    return training.lengthScale(rows, training.survey(rows));
  }

  private Result train(JavaRDD<RowBlock> rows) {
    requireSizes();
    Survey survey = survey(rows);
    Moments moments = survey.moments();
    requireRowsForFolds(moments.rows());
    GramPass.Specification specification;
    LengthScale chosen = null;
    if (options.specification.isPresent()) {
      specification = options.specification.get();
    } else {
      chosen = lengthScale(rows, survey);
      specification = specifications(moments).apply(map(options.family, chosen.value));
    }
    Featurizer featurizer = specification.featurizer();
    Targets targets = specification.targets();
    RowParts parts = options.parts();
    Choice choice =
        options.solver() == Solver.CG
            ? iterate(rows, specification, parts, moments.rows())
            : factor(rows, specification, parts, moments.rows());
    FullyBundledModel model = model(featurizer, targets, choice.readout);
    if (roles.classification()) {
      ScoreCounts counts =
          options.leaveOneOut
              ? leftOutScores(rows, specification, choice, moments)
              : heldOutScores(rows, model, choice.validated, moments);
      PlattScaling scaling = PlattScaling.fit(counts);
      model = model.calibrated(scaling.slope(), scaling.offset());
    }
    return new Result(
        model,
        choice.statistics,
        choice.iterations,
        moments,
        chosen == null ? Double.NaN : chosen.medianDistance,
        chosen == null ? List.of() : chosen.candidates,
        choice.candidates,
        choice.points,
        choice.readout,
        choice.withoutFolds.stream().map(each -> model(featurizer, targets, each)).toList());
  }

  /** By the Gram matrix. */
  private Choice factor(
      JavaRDD<RowBlock> rows, GramPass.Specification specification, RowParts parts, long expected) {
    List<GramStatistics> sums =
        phases.run(
            "Gram matrix",
            expected,
            () -> GramPass.run(rows, List.of(specification), parts, expected).get(0));
    GramStatistics all = specification.empty();
    sums.forEach(all::merge);
    if (options.leaveOneOut) {
      return chooseByLeavingOut(rows, specification, all);
    }
    Choice choice =
        phases.run(
            "regularisation path",
            0,
            () -> choosePenalty(all, sums, lengthScale(specification.featurizer())));
    return keepsFolds
        ? choice.withoutFolds(
            phases.run("fold models", 0, () -> KFold.readouts(all, sums, choice.readout.lambda())))
        : choice;
  }

  /** By conjugate gradients. */
  private Choice iterate(
      JavaRDD<RowBlock> rows, GramPass.Specification specification, RowParts parts, long expected) {
    IterativeTraining.Solved solved =
        new IterativeTraining(rows, specification, parts, options.solving, options.seed, phases)
            .solve(lambdas(), lengthScale(specification.featurizer()), expected);
    return new Choice(
        solved.readout(),
        solved.validated(),
        solved.candidates(),
        List.of(),
        null,
        Optional.empty(),
        Optional.of(solved.summary()),
        List.of());
  }

  private static double lengthScale(Featurizer featurizer) {
    return featurizer.map().lengthScale();
  }

  private FeatureMap map(FeatureFamily family, double lengthScale) {
    return family.create(roles.inputs().size(), lengthScale, options.seed);
  }

  private static Moments newMoments(Roles roles) {
    return new Moments(
        roles.inputs().size(),
        roles.classification() ? 0 : roles.targets().size(),
        roles.classes().size());
  }

  /** Fails before any pass where the sizes are beyond what can be indexed. */
  private void requireSizes() {
    if (options.specification.isEmpty()) {
      int k = roles.classification() ? roles.classes().size() : 2 * roles.targets().size();
      if (options.solver() == Solver.DIRECT) {
        Options.requireIndexable(options.family.features(roles.inputs().size()), k);
      }
      map(options.family, 1);
    }
  }

  private void requireRowsForFolds(long rows) {
    if (options.folds > rows) {
      throw new SnnkException(
          "train.folds",
          "at most as many folds as training rows, " + rows,
          options.folds + "",
          null,
          "Choose fewer folds.");
    }
  }

  /** Fails where a target is the same in every row. */
  public static void requireSomethingToLearn(Moments moments, Roles roles) {
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

  private Survey survey(JavaRDD<RowBlock> rows) {
    Survey survey =
        phases.run("moments", 0, () -> Survey.of(rows, newMoments(roles), options.seed));
    if (!options.dropInvalid) {
      survey.moments().rejected().requireNone("training table");
    }
    return survey;
  }

  /** The moments of rows alone. */
  public static Moments moments(JavaRDD<RowBlock> rows, Roles roles) {
    Moments merged =
        TreeMerge.of(
            rows,
            blocks -> {
              Moments moments = newMoments(roles);
              blocks.forEachRemaining(moments::add);
              return moments;
            },
            (left, right) -> {
              left.merge(right);
              return left;
            });
    return merged == null ? newMoments(roles) : merged;
  }

  // ---- choices ----

  private LengthScale lengthScale(JavaRDD<RowBlock> rows, Survey survey) {
    Moments moments = survey.moments();
    Standardizer standardizer = scales.apply(moments); // fails where there is no row
    requireSomethingToLearn(moments, roles);
    if (options.lengthScale.isPresent()) {
      return new LengthScale(options.lengthScale.getAsDouble(), moments, Double.NaN, List.of());
    }
    double medianDistance = survey.sample().medianDistance(standardizer);
    List<Candidate> candidates = lengthScales(rows, moments, medianDistance);
    return new LengthScale(best(candidates).lengthScale, moments, medianDistance, candidates);
  }

  /** What is summed with one map or another: scales and targets are worked out once for all. */
  private Function<FeatureMap, GramPass.Specification> specifications(Moments moments) {
    Standardizer standardizer = scales.apply(moments);
    Targets targets = moments.targets();
    int weightExponent = GramStatistics.weightExponent(moments.largestWeight());
    return map ->
        new GramPass.Specification(
            new Featurizer(standardizer, map), targets, weightExponent, options.precision);
  }

  private List<Candidate> lengthScales(
      JavaRDD<RowBlock> rows, Moments moments, double medianDistance) {
    RowFraction selection = selection(moments);
    JavaRDD<RowBlock> selected = select(rows, selection);
    FeatureFamily family = options.family.atMost(SELECTION_FEATURES);
    List<GramPass.Specification> specifications =
        options.lengthScaleGrid.stream()
            .map(multiple -> map(family, multiple * medianDistance))
            .map(specifications(moments))
            .toList();
    RowParts parts = RowParts.holdOut(options.seed, options.heldOut());
    long expected = Math.round(selection.fraction() * moments.rows());
    return phases.run(
        "length scale",
        expected,
        () -> {
          List<Candidate> candidates = new ArrayList<>();
          for (List<GramStatistics> sums :
              GramPass.run(selected, specifications, parts, expected)) {
            candidates.addAll(holdOut(sums, null));
          }
          return candidates;
        });
  }

  private List<Double> lambdas() {
    return options.penalties();
  }

  /**
   * Every penalty, trained on part 0 and measured on part 1.
   *
   * @param readouts if not null, receives what was trained
   */
  private List<Candidate> holdOut(List<GramStatistics> sums, List<Readout> readouts) {
    GramStatistics training = sums.get(0);
    GramStatistics heldOut = sums.get(1);
    requireBothParts(training.rows(), heldOut.rows());
    double lengthScale = lengthScale(training.featurizer());
    List<Candidate> candidates = new ArrayList<>();
    List<Readout> trained = RidgeSolver.solve(training.normalEquations(), lambdas());
    double[] errors = Readout.meanSquaredErrors(trained, heldOut.normalEquations());
    for (int l = 0; l < errors.length; l++) {
      candidates.add(new Candidate(lengthScale, trained.get(l).lambda(), errors[l]));
    }
    if (readouts != null) {
      readouts.addAll(trained);
    }
    return candidates;
  }

  /** Fails where one of both parts has no rows. */
  public static void requireBothParts(long training, long heldOut) {
    if (training == 0 || heldOut == 0) {
      throw new SnnkException(
          "validation part",
          "rows on both sides",
          training + " to train on and " + heldOut + " to measure on",
          null,
          "Give more rows, change train.validationFraction, or set features.lengthScale and"
              + " train.regParam.");
    }
  }

  static Candidate best(List<Candidate> candidates) {
    return candidates.stream()
        .min(Comparator.comparingDouble(Candidate::validationError))
        .orElseThrow();
  }

  /**
   * The penalty that does best on rows it was not fitted to.
   *
   * @param readout of all rows
   * @param validated the read-out of the same penalty that has not seen the held-out part; null
   *     without one
   * @param points the path on all rows; empty where the penalty was set or CG solved
   * @param path of all rows, for a pass that leaves each out; null without one
   * @param withoutFolds the read-outs of the same penalty that have not seen one fold each; empty
   *     unless asked for
   */
  private record Choice(
      Readout readout,
      Readout validated,
      List<Candidate> candidates,
      List<RidgePoint> points,
      RidgePath path,
      Optional<GramStatistics> statistics,
      Optional<IterativeTraining.Summary> iterations,
      List<Readout> withoutFolds) {
    private Choice withoutFolds(List<Readout> readouts) {
      return new Choice(
          readout, validated, candidates, points, path, statistics, iterations, readouts);
    }
  }

  /** The penalty that does best on each row where the model has not seen that row. */
  private Choice chooseByLeavingOut(
      JavaRDD<RowBlock> rows, GramPass.Specification specification, GramStatistics all) {
    RidgePath path =
        phases.run("regularisation path", 0, () -> RidgePath.of(all.normalEquations()));
    double[] errors =
        phases.run(
            "leave-one-out",
            all.rows(),
            () -> LeaveOneOutPass.errors(rows, specification, path, lambdas()));
    double lengthScale = lengthScale(specification.featurizer());
    List<Candidate> candidates = new ArrayList<>();
    for (int l = 0; l < errors.length; l++) {
      candidates.add(new Candidate(lengthScale, lambdas().get(l), errors[l]));
    }
    Readout readout = path.readout(best(candidates).regParam);
    List<RidgePoint> points = options.regParam.isPresent() ? List.of() : path.points(lambdas());
    return new Choice(
        readout, null, candidates, points, path, Optional.of(all), Optional.empty(), List.of());
  }

  private Choice choosePenalty(GramStatistics all, List<GramStatistics> sums, double lengthScale) {
    List<Candidate> candidates = new ArrayList<>();
    List<Readout> readouts = new ArrayList<>();
    if (options.folds > 0) {
      for (KFold.Score score : KFold.crossValidate(all, sums, lambdas())) {
        candidates.add(
            new Candidate(
                lengthScale, score.lambda(), score.meanSquaredError(), score.standardError()));
      }
    } else if (options.validationFraction > 0) {
      candidates.addAll(holdOut(sums, readouts));
    }
    double lambda =
        candidates.isEmpty() ? options.regParam.getAsDouble() : best(candidates).regParam;
    Readout validated = null;
    if (options.folds > 0 && roles.classification()) {
      // One fold is enough to calibrate on.
      all.subtract(sums.get(HELD_OUT_FOLD));
      validated = RidgeSolver.solve(all.normalEquations(), lambda);
      all.merge(sums.get(HELD_OUT_FOLD));
    } else if (!readouts.isEmpty()) {
      validated = readouts.get(candidates.indexOf(best(candidates)));
    }
    NormalEquations equations = all.normalEquations();
    if (options.regParam.isPresent()) {
      Readout readout = RidgeSolver.solve(equations, lambda);
      return new Choice(
          readout,
          validated,
          candidates,
          List.of(),
          null,
          Optional.of(all),
          Optional.empty(),
          List.of());
    }
    RidgePath path = RidgePath.of(equations);
    return new Choice(
        path.readout(lambda),
        validated,
        candidates,
        path.points(lambdas()),
        null,
        Optional.of(all),
        Optional.empty(),
        List.of());
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
   * The scores of the model that has not seen the validation part, on that part; without one, those
   * of the model on its training rows.
   */
  private ScoreCounts heldOutScores(
      JavaRDD<RowBlock> rows, FullyBundledModel model, Readout validated, Moments moments) {
    RowParts parts = options.parts();
    int heldOut = options.folds > 0 ? HELD_OUT_FOLD : 1;
    FullyBundledModel scorer =
        validated == null ? model : model(model.featurizer(), model.targets(), validated);
    JavaRDD<RowBlock> held =
        validated == null
            ? rows
            : rows.map(block -> block.filter(index -> parts.of(index) == heldOut));
    double unit = Math.scalb(1.0, GramStatistics.weightExponent(moments.largestWeight()));
    return phases.run(
        "calibration",
        Math.round(moments.rows() * (validated == null ? 1 : options.heldOut())),
        () -> Scoring.counts(held, scorer, unit));
  }

  /** The scores of rows by the models without them; of a part of the rows if there are many. */
  private ScoreCounts leftOutScores(
      JavaRDD<RowBlock> rows,
      GramPass.Specification specification,
      Choice choice,
      Moments moments) {
    RowFraction selection = selection(moments);
    return phases.run(
        "calibration",
        Math.round(selection.fraction() * moments.rows()),
        () ->
            LeaveOneOutPass.counts(
                select(rows, selection), specification, choice.path, choice.readout.lambda()));
  }

  /** About as many rows as options.selectionRows says. */
  private RowFraction selection(Moments moments) {
    double fraction = Math.min(1, (double) options.selectionRows / moments.rows());
    return new RowFraction(options.seed, RowFraction.SELECTION, fraction);
  }

  private static JavaRDD<RowBlock> select(JavaRDD<RowBlock> rows, RowFraction selection) {
    return selection.fraction() == 1 ? rows : rows.map(block -> block.filter(selection::contains));
  }
}
