package org.snnk.jobs;

import static org.snnk.jobs.Constraint.NONE;
import static org.snnk.jobs.Constraint.NOT_EMPTY;
import static org.snnk.jobs.Constraint.above;
import static org.snnk.jobs.Constraint.atLeast;
import static org.snnk.jobs.Constraint.within;

import com.typesafe.config.ConfigObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.snnk.dataset.Datasets;
import org.snnk.feature.Factorization;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.Projection;
import org.snnk.jobs.bench.Measure;
import org.snnk.jobs.kernel.Experiment;
import org.snnk.network.Optimizer;
import org.snnk.network.Schedule;
import org.snnk.onnx.ElementType;
import org.snnk.solve.Solver;
import org.snnk.statistics.Precision;

/**
 * The registry of all options: one statement each, from which come the parsing, the checks, the
 * help and the record of a run.
 *
 * <p>A new option is a new constant here. Its last argument says which commands read it.
 */
public final class Options {
  private static final List<Option<?>> REGISTRY = new ArrayList<>();

  private static final Set<String> ALL =
      Set.of(
          "generate",
          "prepare",
          "train",
          "evaluate",
          "score",
          "export",
          "run",
          "bench",
          "kernel-error",
          "bundle",
          "fit-image",
          "statistics merge",
          "statistics subtract",
          "statistics solve",
          "compare",
          "suite");
  private static final Set<String> WITH_OUTPUT = union(ALL, Set.of("report"));
  private static final Set<String> READING =
      Set.of("prepare", "train", "evaluate", "score", "run", "plan", "bundle", "compare");
  private static final Set<String> MODELLING =
      Set.of("train", "evaluate", "score", "run", "plan", "bundle", "compare");
  private static final Set<String> SPLITTING =
      Set.of("train", "evaluate", "run", "plan", "bundle", "compare");
  private static final Set<String> TRAINING = Set.of("train", "run", "plan", "compare");
  private static final Set<String> EVALUATING = Set.of("run", "evaluate", "bundle");
  private static final Set<String> FITTING = Set.of("train", "run", "plan", "bundle", "compare");
  private static final Set<String> SOLVING =
      Set.of("train", "run", "statistics solve", "plan", "bundle", "compare");
  private static final Set<String> DESCENDING = union(TRAINING, Set.of("fit-image"));

  // ---- data ----

  public static final Option<String> DATASET =
      choice(
          "data.dataset",
          "csv",
          layouts(),
          "Layout of the files: one of UCI's data sets, or any CSV or Parquet with named columns.",
          READING);
  public static final Option<List<String>> DATA_PATH =
      required(
          "data.path",
          ValueType.TEXTS,
          NOT_EMPTY,
          "Files or folders to read; a relative path starts at the current folder.",
          READING);
  public static final Option<String> LABEL =
      text("data.label", "auto", "Column to predict; auto takes the data set's own.", MODELLING);
  public static final Option<List<String>> TARGETS =
      texts(
          "data.targets",
          List.of(),
          "Columns to predict together by regression, in place of data.label.",
          MODELLING);
  public static final Option<String> TASK =
      choice(
          "data.task",
          "auto",
          List.of("auto", "classification", "regression"),
          "What is predicted; auto takes the data set's own, or looks at the label.",
          MODELLING);
  public static final Option<List<String>> INPUTS =
      texts(
          "data.inputs",
          List.of(),
          "Columns to predict from; empty takes all that have no other role.",
          MODELLING);
  public static final Option<Optional<String>> WEIGHT =
      optional("data.weight", "Column of row weights; empty weighs all rows alike.", MODELLING);
  public static final Option<List<String>> KEYS =
      texts(
          "data.keys",
          List.of("row_index"),
          "Columns that name a row: never inputs, and carried along by score.",
          MODELLING);
  public static final Option<String> INVALID =
      choice(
          "data.invalid",
          "fail",
          List.of("fail", "drop"),
          "What a row that cannot be read does: it stops the job, or is left out and counted.",
          READING);
  public static final Option<Integer> PARTITIONS =
      integer(
          "data.partitions",
          0,
          atLeast(0),
          "Pieces that the rows are read in; 0 leaves it to Spark.",
          SPLITTING);

  public static final Option<List<String>> TEST_PATH =
      texts("data.test.path", List.of(), "Files of test rows, where they are apart.", SPLITTING);
  public static final Option<Integer> TEST_EVERY =
      integer(
          "data.test.every",
          0,
          atLeast(0),
          "A row tests where its index modulo this number is data.test.remainder; 0 for none.",
          SPLITTING);
  public static final Option<Integer> TEST_REMAINDER =
      integer("data.test.remainder", 0, atLeast(0), "See data.test.every.", SPLITTING);
  public static final Option<Long> TEST_LAST_ROWS =
      longInteger(
          "data.test.lastRows",
          0L,
          atLeast(0),
          "The last rows of the files test, as in the papers about HIGGS; 0 for none.",
          SPLITTING);

  // ---- features ----

  public static final Option<String> FEATURE_MAP =
      choice(
          "features.map",
          "cosine",
          FeatureFamily.kinds(),
          "Family of random features; relu, arccos0 and arccos2 are arc-cosine features of order 1,"
              + " 0 and 2.",
          FITTING);
  public static final Option<Integer> NUM_RANDOM_FEATURES =
      integer(
          "features.numRandomFeatures",
          1024,
          atLeast(1),
          "Width m of the random feature map.",
          FITTING);
  public static final Option<OptionalDouble> LENGTH_SCALE =
      autoOrNumber(
          "features.lengthScale",
          above(0),
          "Length scale of the kernel on standardised inputs; auto tries train.lengthScaleGrid.",
          FITTING);
  public static final Option<String> PROJECTION =
      choice(
          "features.projection",
          "orthogonal",
          Projection.keys(),
          "How the random directions are drawn; hadamard is the fast one for some hundred inputs,"
              + " halton for few inputs, laplace for cosine features only.",
          FITTING);
  public static final Option<OptionalDouble> DEGREES_OF_FREEDOM =
      autoOrNumber(
          "features.degreesOfFreedom",
          above(0),
          "Tails of the directions of cosine features: few mix many length scales; auto for normal"
              + " directions, one length scale.",
          FITTING);
  public static final Option<List<Double>> COEFFICIENTS =
      numbers(
          "features.coefficients",
          List.of(),
          NONE,
          "Of z^0, z^1, ... up to 8 in a polynomial or power series; empty takes 0,1,1,1 or those"
              + " of the exponential.",
          FITTING);
  public static final Option<Boolean> INPUT_NORM =
      flag(
          "features.inputNorm",
          false,
          "Whether polynomial features see the norm of the inputs too.",
          FITTING);
  public static final Option<Boolean> LINEAR =
      flag(
          "features.linear",
          false,
          "Whether the standardised inputs stand behind the random features.",
          FITTING);

  public static final Option<String> PRECISION =
      choice(
          "features.precision",
          "exact",
          Precision.keys(),
          "How products of features are summed: exact, or in single precision, which is faster, not"
              + " reproducible bit for bit, and rules out small penalties.",
          FITTING);

  public static final Option<Optional<String>> FEATURES_FROM =
      optional(
          "features.from",
          "Earlier training whose inputs, scales, feature map and targets are taken over, so that"
              + " the statistics of both can be merged.",
          TRAINING);

  // ---- training ----

  public static final Option<Long> SEED =
      longInteger(
          "train.seed",
          42L,
          NONE,
          "Seed of all random numbers of the model.",
          union(FITTING, Set.of("fit-image")));
  public static final Option<OptionalDouble> REG_PARAM =
      autoOrNumber(
          "train.regParam",
          above(0),
          "Ridge penalty on the mean loss of standardised features; auto tries train.regParamGrid.",
          SOLVING);
  public static final Option<Double> VALIDATION_FRACTION =
      number(
          "train.validationFraction",
          0.1,
          within(0, 1),
          "Share of the training rows that chooses among grids.",
          FITTING);
  public static final Option<Integer> FOLDS =
      integer(
          "train.folds",
          0,
          atLeast(0),
          "K to choose train.regParam by K-fold cross-validation; 0 takes the validation part.",
          FITTING);
  public static final Option<Boolean> LEAVE_ONE_OUT =
      flag(
          "train.leaveOneOut",
          false,
          "Whether train.regParam is chosen by the exact leave-one-out error, which takes another"
              + " pass, in place of a validation part.",
          FITTING);
  public static final Option<List<Double>> LENGTH_SCALE_GRID =
      numbers(
          "train.lengthScaleGrid",
          List.of(0.25, 0.5, 0.7, 1.0, 1.4),
          NOT_EMPTY.and(above(0)),
          "Multiples of the median distance between rows, tried where features.lengthScale is"
              + " auto.",
          FITTING);
  public static final Option<List<Double>> REG_PARAM_GRID =
      numbers(
          "train.regParamGrid",
          List.of(1e-7, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0),
          NOT_EMPTY.and(above(0)),
          "Penalties tried where train.regParam is auto.",
          SOLVING);
  public static final Option<String> SOLVER =
      choice(
          "train.solver",
          "auto",
          solvers(),
          "How the read-out is solved: from the m×m Gram matrix, by conjugate gradients without it,"
              + " by either as m is at most "
              + Solver.MOST_DIRECT_FEATURES
              + " or more (auto), or by stochastic gradient descent.",
          FITTING);
  public static final Option<Double> TOLERANCE =
      number(
          "train.tolerance",
          1e-6,
          above(0),
          "Conjugate gradients end at this relative residual.",
          FITTING);
  public static final Option<Integer> MAX_ITERATIONS =
      integer(
          "train.maxIterations",
          100,
          atLeast(1),
          "Conjugate gradients end after so many iterations, each a pass over the rows.",
          FITTING);
  public static final Option<Integer> PRECONDITIONER_RANK =
      integer(
          "train.preconditionerRank",
          256,
          atLeast(0),
          "Rank of the preconditioner of conjugate gradients, at most m/2; 0 for none.",
          FITTING);

  // ---- networks, and gradient descent ----

  public static final Option<String> MODEL_KIND =
      choice(
          "model.kind",
          "fully-bundled",
          List.of("fully-bundled", NetworkSettings.NETWORK),
          "What is trained: a linear read-out of fixed random features, or network.layers.",
          TRAINING);
  public static final Option<List<String>> NETWORK_LAYERS =
      texts(
          "network.layers",
          List.of("dense 512", "snnk 64 128"),
          "Layers before the linear output: dense WIDTH [ACTIVATION], snnk FEATURES WIDTH, adapter"
              + " FEATURES, dropout RATE, or first cosine FEATURES LENGTHSCALE.",
          TRAINING);
  public static final Option<String> SGD_LOSS =
      choice(
          "sgd.loss",
          "auto",
          List.of("auto", "softmax", "squared"),
          "What gradient descent lowers; auto takes softmax for classes, else squared.",
          TRAINING);
  public static final Option<String> SGD_OPTIMIZER =
      choice(
          "sgd.optimizer",
          "adam",
          Optimizer.keys(),
          "How a gradient moves the parameters: Adam, with weight decay, plain with momentum, or,"
              + " for small networks, L-BFGS on all rows at once.",
          DESCENDING);
  public static final Option<List<Double>> SGD_LEARNING_RATES =
      numbers(
          "sgd.learningRate",
          List.of(2e-3),
          NOT_EMPTY.and(above(0)),
          "Learning rate before the schedule; of several the best on the validation part is kept.",
          DESCENDING);
  public static final Option<Double> SGD_MOMENTUM =
      number(
          "sgd.momentum",
          0.9,
          within(0, 1),
          "Momentum of the optimizer sgd; 0 for none.",
          DESCENDING);
  public static final Option<Double> SGD_WEIGHT_DECAY =
      number(
          "sgd.weightDecay",
          0.01,
          within(0, 1e6),
          "Decay of weights by the optimizer adamw, times the learning rate.",
          DESCENDING);
  public static final Option<Integer> SGD_BATCH_SIZE =
      integer("sgd.batchSize", 256, atLeast(1), "Rows of a step, at most.", DESCENDING);
  public static final Option<Integer> SGD_EPOCHS =
      integer("sgd.epochs", 20, atLeast(1), "Passes over the rows, at most.", DESCENDING);
  public static final Option<String> SGD_SCHEDULE =
      choice(
          "sgd.schedule",
          "cosine",
          Schedule.Shape.keys(),
          "Course of the learning rate after the warm-up.",
          DESCENDING);
  public static final Option<Double> SGD_WARM_UP =
      number(
          "sgd.warmUp",
          0.02,
          within(0, 1),
          "Share of the steps over which the learning rate rises.",
          DESCENDING);
  public static final Option<Double> SGD_CLIP =
      number(
          "sgd.clip",
          0,
          within(0, Double.MAX_VALUE),
          "A gradient with a larger norm is scaled down to it; 0 for no limit.",
          DESCENDING);
  public static final Option<Integer> SGD_SHARDS =
      integer(
          "sgd.shards",
          0,
          atLeast(0),
          "Shards that the rows are cut into, each trained by a task; they decide on the result. 0"
              + " takes the number of cores.",
          DESCENDING);
  public static final Option<Integer> SGD_STEPS_PER_ROUND =
      integer(
          "sgd.stepsPerRound",
          0,
          atLeast(0),
          "Steps of a shard between two synchronisations, at most; 0 takes those of an epoch.",
          DESCENDING);
  public static final Option<Double> SGD_OUTER_MOMENTUM =
      number(
          "sgd.outerMomentum",
          0,
          within(0, 1),
          "Momentum of what a round moves the parameters by; 0 takes the mean of the shards.",
          TRAINING);
  public static final Option<Boolean> SGD_RESHUFFLE =
      flag("sgd.reshuffle", false, "Whether rows change shards between epochs.", TRAINING);
  public static final Option<Integer> SGD_PATIENCE =
      integer(
          "sgd.patience",
          0,
          atLeast(0),
          "Epochs without a better loss on the validation part that end training; 0 for no end.",
          TRAINING);
  public static final Option<Optional<String>> SGD_CHECKPOINT =
      optional(
          "sgd.checkpoint",
          "Folder of a checkpoint after each round, to go on from; empty for none.",
          TRAINING);
  public static final Option<Boolean> SGD_RESUME =
      flag(
          "sgd.resume",
          false,
          "Whether training goes on from the checkpoint, if there is one.",
          TRAINING);

  // ---- evaluation ----

  public static final Option<List<String>> EVALUATE_SLICES =
      texts(
          "evaluate.slices",
          List.of(),
          "Columns of the data: all figures again for each of their values, or bands of a number.",
          EVALUATING);
  public static final Option<Integer> EVALUATE_BOOTSTRAP =
      integer(
          "evaluate.bootstrap",
          1000,
          new Constraint(
              ", 0 or from 20 to 10000",
              value -> value instanceof Integer n && (n == 0 || (n >= 20 && n <= 10_000))),
          "Replicates of the bootstrap that intervals come from; 0 for no intervals.",
          EVALUATING);
  public static final Option<Long> EVALUATE_SEED =
      longInteger("evaluate.seed", 1L, NONE, "Seed of the replicates.", EVALUATING);
  public static final Option<Boolean> EVALUATE_SCORED =
      flag(
          "evaluate.scored",
          false,
          "Whether data.path holds rows that score wrote, with their label: measured, not scored"
              + " again.",
          Set.of("evaluate"));

  // ---- model and output ----

  public static final Option<String> MODEL_PATH =
      required(
          "model.path",
          ValueType.TEXT,
          NONE,
          "Folder of a trained model: model/ in the output of a training; bundle also takes a multilayer"
              + " perceptron that Spark saved.",
          Set.of("evaluate", "score", "bundle", "export"));
  public static final Option<String> EXPORT_PRECISION =
      choice(
          "export.precision",
          ElementType.DOUBLE.key(),
          ElementType.keys(),
          "Numbers of the ONNX file; only with double a closed-form model scores bit for bit.",
          Set.of("export"));
  public static final Option<String> OUTPUT_DIR =
      required(
          "output.dir",
          ValueType.TEXT,
          NONE,
          "Folder that the command writes, whole or not at all; for report that of a run.",
          WITH_OUTPUT);
  public static final Option<Boolean> OUTPUT_OVERWRITE =
      flag(
          "output.overwrite",
          false,
          "Whether output.dir, if it is there, is replaced once the new one is complete.",
          ALL);

  // ---- statistics ----

  public static final Option<List<String>> STATISTICS_PATH =
      required(
          "statistics.path",
          ValueType.TEXTS,
          NOT_EMPTY,
          "Output folders of trainings, or their files statistics/gram.bin; several are united.",
          Set.of("statistics merge", "statistics subtract", "statistics solve"));
  public static final Option<List<String>> STATISTICS_FORGET =
      required(
          "statistics.forget",
          ValueType.TEXTS,
          NOT_EMPTY,
          "Statistics of the rows to forget.",
          Set.of("statistics subtract"));

  public static final Option<List<String>> STATISTICS_TARGETS =
      texts(
          "statistics.targets",
          List.of(),
          "Target columns that the model predicts, in this order; empty takes all. Not for"
              + " classes.",
          Set.of("statistics solve"));

  // ---- bundle ----

  private static final Set<String> BUNDLE = Set.of("bundle");

  public static final Option<String> BUNDLE_METHOD =
      choice(
          "bundle.method",
          "exact",
          BundleJob.METHODS,
          "How layers become one: exact multiplies linear ones; urf replaces dense layers by universal"
              + " random features; transfer learns features' read-outs in closed form; lowrank gives"
              + " dense layers a low rank, in closed form too.",
          BUNDLE);
  public static final Option<OptionalLong> BUNDLE_LAYERS =
      autoOrInteger(
          "bundle.layers",
          atLeast(0),
          "How many layers are bundled in the model that is saved; auto as many as can be. Every number"
              + " up to it is tried and reported.",
          BUNDLE);
  public static final Option<String> BUNDLE_FROM =
      choice(
          "bundle.from",
          "back",
          List.of("back", "front"),
          "Whether the layers next to the output or those next to the inputs are bundled first.",
          BUNDLE);
  public static final Option<Boolean> BUNDLE_EACH =
      flag(
          "bundle.each",
          false,
          "Whether transfer makes each layer one of its own, one after the other; else all become one"
              + " together.",
          BUNDLE);
  public static final Option<Double> BUNDLE_BAND_LIMIT =
      number(
          "bundle.bandLimit",
          4,
          above(0),
          "Largest frequency of urf where an activation has a density of them.",
          BUNDLE);
  public static final Option<Double> BUNDLE_LEAST_PROBABILITY =
      number(
          "bundle.leastProbability",
          0,
          within(0, 1),
          "Transfer teaches log-probabilities of classes, none below the logarithm of this; 0 teaches"
              + " the scores as they are.",
          BUNDLE);
  public static final Option<Double> BUNDLE_SIZE =
      number(
          "bundle.size",
          0.25,
          within(0, 1).and(above(0)),
          "Share of the network's parameters that lowrank leaves.",
          BUNDLE);
  public static final Option<List<String>> BUNDLE_CLASSES =
      texts(
          "bundle.classes",
          List.of(),
          "Labels of an imported model's classes in the order of its numbers; empty takes those of the"
              + " table in their order.",
          BUNDLE);

  // ---- compare ----

  private static final Set<String> COMPARE = Set.of("compare");

  public static final Option<List<ConfigObject>> COMPARE_CONTENDERS =
      required(
          "compare.contenders",
          ValueType.SECTIONS,
          NOT_EMPTY,
          "Who is compared, each a section { name, options of the model and its training } or {"
              + " name, peer { kind, parameters of MLlib } }; grid { p = [32, 64] } makes one of"
              + " each value, which stands for {p} in its texts.",
          COMPARE);
  public static final Option<Optional<String>> COMPARE_BASELINE =
      optional(
          "compare.baseline",
          "Name of the contender that the others are held against; empty takes the first.",
          COMPARE);
  public static final Option<List<Long>> COMPARE_SEEDS =
      register(
          "compare.seeds",
          ValueType.LONGS,
          List.of(1L, 2L, 3L),
          NOT_EMPTY,
          "Each contender is trained with each of these in place of train.seed; logistic and linear"
              + " regression, which draw nothing, with the first.",
          COMPARE);
  public static final Option<Double> COMPARE_CONFIDENCE =
      number(
          "compare.confidence",
          0.95,
          within(0, 1).and(above(0)),
          "Level of the intervals around differences.",
          COMPARE);

  // ---- suite ----

  private static final Set<String> SUITE = Set.of("suite");

  public static final Option<String> SUITE_DATA =
      choice(
          "suite.data",
          SuiteJob.kinds().get(0),
          SuiteJob.kinds(),
          "Which list is run, suite.samples or suite.files.",
          SUITE);
  public static final Option<List<String>> SUITE_SAMPLES =
      texts(
          "suite.samples",
          List.of(),
          "Configurations to run on samples; a relative path starts at the suite's own file.",
          SUITE);
  public static final Option<List<String>> SUITE_FILES =
      texts("suite.files", List.of(), "Configurations to run on the real files.", SUITE);

  // ---- generate, prepare ----

  private static final Set<String> GENERATE = Set.of("generate");
  private static final Set<String> PREPARE = Set.of("prepare");

  public static final Option<List<String>> GENERATE_DATASET =
      required(
          "generate.dataset",
          ValueType.TEXTS,
          NOT_EMPTY,
          "Names of the simulated data sets to write.",
          GENERATE);
  public static final Option<OptionalLong> GENERATE_ROWS =
      autoOrInteger(
          "generate.rows", atLeast(1), "Rows of each; auto as in data-samples.", GENERATE);
  public static final Option<OptionalLong> GENERATE_SEED =
      autoOrInteger(
          "generate.seed", NONE, "Seed of the simulation; auto as in data-samples.", GENERATE);
  public static final Option<String> GENERATE_FORMAT =
      choice(
          "generate.format",
          "csv.gz",
          List.of("csv", "csv.gz", "parquet"),
          "Format of the files.",
          GENERATE);
  public static final Option<Integer> PREPARE_FILES =
      integer(
          "prepare.files",
          0,
          atLeast(0),
          "Parquet files to write; 0 makes one of each piece that was read.",
          PREPARE);
  public static final Option<String> PREPARE_COMPRESSION =
      choice(
          "prepare.compression",
          "zstd",
          List.of("zstd", "snappy", "gzip", "none"),
          "Compression of the Parquet files.",
          PREPARE);

  // ---- bench ----

  private static final Set<String> BENCH = Set.of("bench");

  public static final Option<List<String>> BENCH_MEASURES =
      register(
          "bench.measures",
          ValueType.TEXTS,
          Measure.keys(),
          NOT_EMPTY,
          "What to measure, of " + String.join(", ", Measure.keys()) + ".",
          BENCH);
  public static final Option<List<Integer>> BENCH_NUM_RANDOM_FEATURES =
      register(
          "bench.numRandomFeatures",
          ValueType.INTEGERS,
          List.of(1024, 2048),
          NOT_EMPTY.and(atLeast(2)),
          "Widths m, even; peers, activation, path, cores and rows take the smallest.",
          BENCH);
  public static final Option<List<Integer>> BENCH_INPUTS =
      register(
          "bench.inputs",
          ValueType.INTEGERS,
          List.of(28, 54),
          NOT_EMPTY,
          "Inputs d, 28 as in HIGGS or 54 as in Covertype; peers, cores, rows and memory take the"
              + " first.",
          BENCH);
  public static final Option<List<Long>> BENCH_ROWS =
      register(
          "bench.rows",
          ValueType.LONGS,
          List.of(100_000L, 300_000L, 1_000_000L),
          NOT_EMPTY.and(atLeast(1)),
          "Row counts whose speeds are compared, two or more; the largest bounds every other pass.",
          BENCH);
  public static final Option<Long> BENCH_PEER_ROWS =
      longInteger(
          "bench.peerRows",
          8_192L,
          atLeast(16),
          "Rows for Spark MLlib, whose features must fit into memory twice.",
          BENCH);
  public static final Option<Optional<String>> BENCH_COVERTYPE =
      optional(
          "bench.covertype",
          "Covertype's file or prepared rows for the cross-validated path; empty takes simulated"
              + " rows.",
          BENCH);
  public static final Option<Long> BENCH_COVERTYPE_ROWS =
      longInteger(
          "bench.covertypeRows",
          581_012L,
          atLeast(100),
          "Simulated rows of the cross-validated path.",
          BENCH);
  public static final Option<Integer> BENCH_REPETITIONS =
      integer(
          "bench.repetitions",
          3,
          atLeast(1),
          "How often each thing is measured; the median counts.",
          BENCH);
  public static final Option<Double> BENCH_SECONDS =
      number(
          "bench.seconds",
          3,
          above(0),
          "How long a pass lasts at the machine's ceiling, in seconds: its rows are chosen so.",
          BENCH);
  public static final Option<Long> BENCH_SEED =
      longInteger("bench.seed", 1L, NONE, "Seed of the simulated rows and the features.", BENCH);

  // ---- kernel-error ----

  private static final Set<String> KERNEL_ERROR = Set.of("kernel-error");

  public static final Option<List<String>> KERNEL_EXPERIMENTS =
      register(
          "kernelError.experiments",
          ValueType.TEXTS,
          Experiment.keys(),
          NOT_EMPTY,
          "What to measure, of " + String.join(", ", Experiment.keys()) + ".",
          KERNEL_ERROR);
  public static final Option<List<String>> KERNEL_KERNELS =
      register(
          "kernelError.kernels",
          ValueType.TEXTS,
          List.of("sin"),
          NOT_EMPTY,
          "Kernels of the experiment projections: activations, replaced by universal random"
              + " features, and arccos0, arccos1, arccos2.",
          KERNEL_ERROR);
  public static final Option<List<String>> KERNEL_ACTIVATIONS =
      register(
          "kernelError.activations",
          ValueType.TEXTS,
          List.of(
              "sin",
              "cos",
              "gaussian",
              "laplace",
              "sinc",
              "sech",
              "tanh",
              "sigmoid",
              "erf",
              "arctan",
              "sign",
              "abs",
              "relu",
              "gelu",
              "softplus",
              "silu",
              "smoothed-relu(0.1)",
              "arccos0",
              "arccos1",
              "arccos2"),
          NOT_EMPTY,
          "Activations of the experiments variance and layer; arccos0 to arccos2 too.",
          KERNEL_ERROR);
  public static final Option<List<String>> KERNEL_FACTORIZATIONS =
      register(
          "kernelError.factorizations",
          ValueType.TEXTS,
          Factorization.keys(),
          NOT_EMPTY,
          "How the towers divide a frequency, of "
              + String.join(", ", Factorization.keys())
              + "; layer takes the first.",
          KERNEL_ERROR);
  public static final Option<List<String>> KERNEL_PROJECTIONS =
      register(
          "kernelError.projections",
          ValueType.TEXTS,
          List.of("gaussian", "orthogonal", "hadamard", "halton"),
          NOT_EMPTY,
          "Projections of the experiment variance; the others take the first.",
          KERNEL_ERROR);
  public static final Option<List<Integer>> KERNEL_NUM_RANDOM_FEATURES =
      register(
          "kernelError.numRandomFeatures",
          ValueType.INTEGERS,
          List.of(16, 32, 64, 128, 256, 512, 1024, 2048),
          NOT_EMPTY.and(atLeast(2)),
          "Numbers of features m, even; variance takes the first.",
          KERNEL_ERROR);
  public static final Option<Integer> KERNEL_PROJECTION_INPUTS =
      integer(
          "kernelError.projectionInputs",
          2000,
          atLeast(1),
          "Inputs d of the experiment projections.",
          KERNEL_ERROR);
  public static final Option<List<Integer>> KERNEL_INPUTS =
      register(
          "kernelError.inputs",
          ValueType.INTEGERS,
          List.of(4, 28),
          NOT_EMPTY.and(atLeast(1)),
          "Inputs d of the experiments variance and layer; layer takes the last.",
          KERNEL_ERROR);
  public static final Option<List<Double>> KERNEL_NORMS =
      numbers(
          "kernelError.norms",
          List.of(0.3, 0.6, 1.0),
          NOT_EMPTY.and(above(0)),
          "Norms ‖x‖ = ‖w‖ of the experiments variance and layer; layer takes the last.",
          KERNEL_ERROR);
  public static final Option<Double> KERNEL_BIAS =
      number("kernelError.bias", 0.5, NONE, "Bias b of every unit.", KERNEL_ERROR);
  public static final Option<Double> KERNEL_BAND_LIMIT =
      number(
          "kernelError.bandLimit",
          4,
          above(0),
          "Largest frequency of activations that have a density of them.",
          KERNEL_ERROR);
  public static final Option<Integer> KERNEL_INSTANTIATIONS =
      integer(
          "kernelError.instantiations",
          500,
          atLeast(2),
          "How often each kernel is drawn.",
          KERNEL_ERROR);
  public static final Option<Long> KERNEL_SEED =
      longInteger("kernelError.seed", 1L, NONE, "Seed of inputs, weights and draws.", KERNEL_ERROR);

  // ---- fit-image ----

  private static final Set<String> FIT_IMAGE = Set.of("fit-image");

  public static final Option<Optional<String>> IMAGE_PATH =
      optional("image.path", "A PNG to fit; empty takes a generated picture.", FIT_IMAGE);
  public static final Option<Integer> IMAGE_SIDE =
      integer("image.side", 96, atLeast(8), "Pixels a side of the generated picture.", FIT_IMAGE);
  public static final Option<Integer> IMAGE_LARGEST_SIDE =
      integer(
          "image.largestSide",
          512,
          atLeast(8),
          "A PNG with a longer side, in pixels, is refused.",
          FIT_IMAGE);
  public static final Option<Integer> IMAGE_HIDDEN_LAYERS =
      integer(
          "image.hiddenLayers",
          3,
          atLeast(2),
          "Layers before the output; the SNNK is in place of the last.",
          FIT_IMAGE);
  public static final Option<Integer> IMAGE_WIDTH =
      integer("image.width", 64, atLeast(1), "Units of a hidden layer beside the SNNK.", FIT_IMAGE);
  public static final Option<Integer> IMAGE_NUM_RANDOM_FEATURES =
      integer(
          "image.numRandomFeatures",
          64,
          atLeast(2),
          "Random features m of the SNNK, even; the other networks get as many parameters as it has.",
          FIT_IMAGE);

  // ---- info ----

  public static final Option<Integer> INFO_TASKS =
      integer(
          "info.tasks",
          0,
          atLeast(0),
          "Tasks to run on executors, which tell where they ran; 0 starts no Spark.",
          Set.of("info"));

  private Options() {}

  private static List<String> solvers() {
    List<String> names = new ArrayList<>(Solver.keys());
    names.add(NetworkSettings.SGD);
    return names;
  }

  private static Set<String> union(Set<String> some, Set<String> more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(more);
    return Set.copyOf(all);
  }

  private static List<String> layouts() {
    List<String> names = new ArrayList<>(Datasets.names());
    names.addAll(List.of("csv", "parquet"));
    return names;
  }

  /** All options, in the order of the help. */
  public static List<Option<?>> all() {
    return Collections.unmodifiableList(REGISTRY);
  }

  /** The options that a command reads. */
  public static List<Option<?>> usedBy(String command) {
    List<Option<?>> used = new ArrayList<>();
    for (Option<?> option : REGISTRY) {
      if (option.commands().contains(command)) {
        used.add(option);
      }
    }
    return used;
  }

  private static <T> Option<T> register(
      String key, ValueType<T> type, T fallback, Constraint rule, String doc, Set<String> users) {
    Option<T> option = new Option<>(key, type, fallback, rule, doc, users);
    REGISTRY.add(option);
    return option;
  }

  private static <T> Option<T> required(
      String key, ValueType<T> type, Constraint rule, String doc, Set<String> users) {
    return register(key, type, null, rule, doc, users);
  }

  private static Option<String> text(String key, String fallback, String doc, Set<String> users) {
    return register(key, ValueType.TEXT, fallback, NONE, doc, users);
  }

  private static Option<Optional<String>> optional(String key, String doc, Set<String> users) {
    return register(key, ValueType.OPTIONAL_TEXT, Optional.empty(), NONE, doc, users);
  }

  private static Option<List<String>> texts(
      String key, List<String> fallback, String doc, Set<String> users) {
    return register(key, ValueType.TEXTS, fallback, NONE, doc, users);
  }

  private static Option<Integer> integer(
      String key, int fallback, Constraint rule, String doc, Set<String> users) {
    return register(key, ValueType.INTEGER, fallback, rule, doc, users);
  }

  private static Option<Long> longInteger(
      String key, long fallback, Constraint rule, String doc, Set<String> users) {
    return register(key, ValueType.LONG, fallback, rule, doc, users);
  }

  private static Option<Double> number(
      String key, double fallback, Constraint rule, String doc, Set<String> users) {
    return register(key, ValueType.NUMBER, fallback, rule, doc, users);
  }

  private static Option<List<Double>> numbers(
      String key, List<Double> fallback, Constraint rule, String doc, Set<String> users) {
    return register(key, ValueType.NUMBERS, fallback, rule, doc, users);
  }

  private static Option<Boolean> flag(String key, boolean fallback, String doc, Set<String> users) {
    return register(key, ValueType.FLAG, fallback, NONE, doc, users);
  }

  private static Option<OptionalDouble> autoOrNumber(
      String key, Constraint rule, String doc, Set<String> users) {
    return register(key, ValueType.AUTO_OR_NUMBER, OptionalDouble.empty(), rule, doc, users);
  }

  private static Option<OptionalLong> autoOrInteger(
      String key, Constraint rule, String doc, Set<String> users) {
    return register(key, ValueType.AUTO_OR_INTEGER, OptionalLong.empty(), rule, doc, users);
  }

  private static Option<String> choice(
      String key, String fallback, List<String> names, String doc, Set<String> users) {
    return register(key, ValueType.oneOf(names), fallback, NONE, doc, users);
  }
}
