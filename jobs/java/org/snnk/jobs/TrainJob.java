package org.snnk.jobs;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.FeatureMap;
import org.snnk.feature.ProductFeatures;
import org.snnk.feature.Projection;
import org.snnk.loss.Loss;
import org.snnk.model.Model;
import org.snnk.model.ModelStatistics;
import org.snnk.network.MappedFeatures;
import org.snnk.solve.RidgeIteration;
import org.snnk.solve.Solver;
import org.snnk.spark.train.Checkpoints;
import org.snnk.spark.train.ClosedFormTraining;
import org.snnk.spark.train.GramPass;
import org.snnk.spark.train.NetworkTraining;
import org.snnk.spark.train.Phases;
import org.snnk.statistics.Moments;
import org.snnk.statistics.Precision;

/** Trains a model and writes it with its statistics. */
final class TrainJob implements Job {
  private static final long SELECTION_ROWS = 50_000;

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String description() {
    return "Train a model: model/, statistics/, run.json, report.html";
  }

  @Override
  public void run(JobContext context) {
    DataSettings data = new DataSettings(context);
    JobRecord record = new JobRecord(context);
    Training training = training(context, data);
    training.train(data.trainingAndTest(training.earlier()), phases(context)).write(record);
    record.write();
  }

  /** A training whose options are checked, before any row is read. */
  interface Training {
    /** The training that specification and columns are taken over from, if there is one. */
    default Optional<ModelStatistics> earlier() {
      return Optional.empty();
    }

    /** Trains on the training rows. */
    Trained train(DataSettings.Rows rows, Phases phases);
  }

  /** A trained model, of which nothing is written yet. */
  interface Trained {
    Model model();

    /** How many settings were tried on the validation part. */
    int candidates();

    /** What was chosen among them. */
    Map<String, Object> chosen();

    /** Writes the model and what belongs to it, and tells the record. */
    void write(JobRecord record);
  }

  /** The training that the options ask for. */
  static Training training(JobContext context, DataSettings data) {
    return NetworkSettings.chosen(context)
        ? new GradientDescent(context, data)
        : new ClosedForm(context, data);
  }

  private static final class ClosedForm implements Training {
    private final JobContext context;
    private final DataSettings data;
    private final Optional<ModelStatistics> earlier;
    private final ClosedFormTraining.Options options;

    ClosedForm(JobContext context, DataSettings data) {
      this.context = context;
      this.data = data;
      this.earlier = data.earlier();
      this.options = options(context, earlier);
    }

    @Override
    public Optional<ModelStatistics> earlier() {
      return earlier;
    }

    @Override
    public Trained train(DataSettings.Rows rows, Phases phases) {
      ClosedFormTraining.Result result =
          ClosedFormTraining.train(rows.training(), rows.roles(), options, phases);
      return new Trained() {
        @Override
        public Model model() {
          return result.model();
        }

        @Override
        public int candidates() {
          // Each scale was tried with each penalty; the chosen one's are tried again on all rows.
          Set<List<Double>> settings = new HashSet<>();
          for (ClosedFormTraining.Candidate each : result.lengthScales()) {
            settings.add(List.of(each.lengthScale(), each.regParam()));
          }
          for (ClosedFormTraining.Candidate each : result.penalties()) {
            settings.add(List.of(each.lengthScale(), each.regParam()));
          }
          return Math.max(1, settings.size());
        }

        @Override
        public Map<String, Object> chosen() {
          Map<String, Object> chosen = new LinkedHashMap<>();
          chosen.put("lengthScale", result.model().featurizer().map().lengthScale());
          chosen.put("lambda", result.readout().lambda());
          return chosen;
        }

        @Override
        public void write(JobRecord record) {
          ClosedForm.this.write(rows, result, record);
        }
      };
    }

    private void write(DataSettings.Rows rows, ClosedFormTraining.Result result, JobRecord record) {
      record.data(data, rows.files());
      FeatureMap map = result.model().featurizer().map();
      record.title(data.title() + ": fully-bundled SNNK, m = " + map.features());
      record.training(data, result, options);
      ModelFolder.write(context.output(), result.model(), options.precision());
      result
          .statistics()
          .map(
              gram ->
                  new ModelStatistics(
                      rows.roles().inputs(), rows.roles().targets(), rows.roles().classes(), gram))
          .ifPresent(statistics -> StatisticsFolder.write(context.output(), statistics));
    }
  }

  private static final class GradientDescent implements Training {
    private final JobContext context;
    private final DataSettings data;
    private final NetworkSettings settings;

    GradientDescent(JobContext context, DataSettings data) {
      this.context = context;
      this.data = data;
      this.settings = new NetworkSettings(context);
    }

    @Override
    public Trained train(DataSettings.Rows rows, Phases phases) {
      int cores = context.spark().sparkContext().defaultParallelism();
      NetworkTraining.Options checked = settings.options(rows.roles(), cores);
      Checkpoints checkpoints = CheckpointFolder.of(context);
      Optional<ClosedFormTraining.LengthScale> lengthScale =
          settings
              .selection()
              .map(
                  selection ->
                      ClosedFormTraining.lengthScale(
                          rows.training(), rows.roles(), selection, phases));
      NetworkTraining.Options options =
          lengthScale
              .map(chosen -> settings.options(rows.roles(), cores, chosen.value()))
              .orElse(checked);
      Moments moments =
          lengthScale
              .map(ClosedFormTraining.LengthScale::moments)
              .orElseGet(
                  () ->
                      phases.run(
                          "moments",
                          0,
                          () -> ClosedFormTraining.moments(rows.training(), rows.roles())));
      NetworkTraining.Result result =
          NetworkTraining.train(
              rows.training(), rows.roles(), options, phases, checkpoints, moments);
      Model model =
          settings.fullyBundled() && options.steps().loss() == Loss.SQUARED
              ? result.fullyBundled(rows.training(), options, phases)
              : result.model();
      return new Trained() {
        @Override
        public Model model() {
          return model;
        }

        @Override
        public int candidates() {
          return options.learningRates().size()
              + lengthScale.map(scale -> scale.candidates().size()).orElse(0);
        }

        @Override
        public Map<String, Object> chosen() {
          Map<String, Object> chosen = new LinkedHashMap<>();
          lengthScale.ifPresent(scale -> chosen.put("lengthScale", scale.value()));
          chosen.put("learningRate", result.learningRate());
          chosen.put("epoch", result.epoch());
          return chosen;
        }

        @Override
        public void write(JobRecord record) {
          GradientDescent.this.write(rows, options, lengthScale, result, model, record);
        }
      };
    }

    private void write(
        DataSettings.Rows rows,
        NetworkTraining.Options options,
        Optional<ClosedFormTraining.LengthScale> lengthScale,
        NetworkTraining.Result result,
        Model model,
        JobRecord record) {
      record.data(data, rows.files());
      record.title(
          data.title()
              + (settings.fullyBundled()
                  ? ": fully-bundled SNNK by gradient descent, m = "
                      + context.get(Options.NUM_RANDOM_FEATURES)
                  : ": network of " + options.network().parameters() + " parameters"));
      record.training(data, result, options, model);
      if (settings.fullyBundled()) {
        record.features(
            ((MappedFeatures) options.network().layers().get(0)).map(),
            lengthScale.map(ClosedFormTraining.LengthScale::medianDistance).orElse(Double.NaN),
            lengthScale.map(ClosedFormTraining.LengthScale::candidates).orElse(List.of()));
      }
      ModelFolder.write(context.output(), model);
    }
  }

  /** What to train, checked before any row is read. */
  static ClosedFormTraining.Options options(JobContext context, Optional<ModelStatistics> earlier) {
    FeatureFamily family = family(context);
    int m = family.numRandomFeatures();
    if (family.kind().equals(CosineFeatures.KIND) && m % 2 != 0) {
      throw context
          .settings()
          .error(
              Options.NUM_RANDOM_FEATURES,
              "an even number",
              m + "",
              "A cosine and a sine belong to each frequency.");
    }
    if (context.get(Options.FOLDS) == 1) {
      throw context
          .settings()
          .error(
              Options.FOLDS, "0, or 2 and more", "1", "With one fold nothing is left to train on.");
    }
    List<Double> lengthScales = context.get(Options.LENGTH_SCALE_GRID);
    return new ClosedFormTraining.Options(
        family,
        context.get(Options.LENGTH_SCALE),
        lengthScales,
        context.get(Options.REG_PARAM),
        context.get(Options.REG_PARAM_GRID),
        context.get(Options.VALIDATION_FRACTION),
        context.get(Options.FOLDS),
        context.get(Options.LEAVE_ONE_OUT),
        SELECTION_ROWS,
        context.get(Options.INVALID).equals("drop"),
        earlier.map(statistics -> GramPass.Specification.of(statistics.gram())),
        Precision.of(context.get(Options.PRECISION)),
        context.get(Options.SEED),
        new ClosedFormTraining.Solving(
            context.get(Options.SOLVER).equals(NetworkSettings.SGD)
                ? Solver.AUTO // of no read-out: only a length scale is chosen by these options
                : Solver.of(context.get(Options.SOLVER)),
            new RidgeIteration.Stop(
                context.get(Options.TOLERANCE), context.get(Options.MAX_ITERATIONS)),
            context.get(Options.PRECONDITIONER_RANK)));
  }

  static FeatureFamily family(JobContext context) {
    String kind = context.get(Options.FEATURE_MAP);
    String key = context.get(Options.PROJECTION);
    Projection projection = Projection.of(key);
    OptionalDouble degrees = context.get(Options.DEGREES_OF_FREEDOM);
    if (degrees.isPresent()) {
      projection = projection.withDegreesOfFreedom(degrees.getAsDouble());
    }
    boolean signs = projection.equals(Projection.RADEMACHER);
    if (kind.equals(ProductFeatures.POWER_SERIES)
        && !signs
        && (context.settings().isSet(Options.PROJECTION) || degrees.isPresent())) {
      throw context
          .settings()
          .error(
              Options.PROJECTION,
              "rademacher with the map '" + kind + "'",
              "'" + projection.key() + "'",
              "Leave it out, or choose features.map=polynomial.");
    }
    return new FeatureFamily(
        kind,
        context.get(Options.NUM_RANDOM_FEATURES),
        projection,
        context.get(Options.COEFFICIENTS),
        context.get(Options.INPUT_NORM),
        context.get(Options.LINEAR));
  }

  /** The phases of a distributed loop, shown as those of the job. */
  static Phases phases(JobContext context) {
    return new Phases() {
      @Override
      public <T> T run(String name, long rows, Supplier<T> work) {
        try (Phase phase = context.progress().phase(name, rows)) {
          return work.get();
        }
      }

      @Override
      public void tell(String line) {
        if (context.settings().command().equals("compare")) {
          return; // many trainings: each is told by one line at its end
        }
        context.progress().message("snnk " + context.settings().command() + ": " + line);
      }
    };
  }
}
