package org.snnk.jobs;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.snnk.NearestName;
import org.snnk.SnnkException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The entry point of every job: {@code COMMAND [CONF] [--set key=value]...}
 *
 * <p>Exit codes: 0 done; 2 a mistake in the command line, the configuration or the data, told in
 * one sentence; 1 anything unexpected, with its stack trace; ctrl-C ends with 130.
 */
public final class Main {
  static final int OK = 0;
  static final int UNEXPECTED = 1;
  static final int MISTAKE = 2;

  // The jobs of this project, in the order of the help. A new job is one more line.
  private static final List<Job> JOBS =
      jobs(
          new RunJob(),
          new TrainJob(),
          new EvaluateJob(),
          new ScoreJob(),
          new ExportJob(),
          new ReportJob(),
          new PrepareJob(),
          new GenerateJob(),
          new PlanJob(),
          new BenchJob(),
          new CompareJob(),
          new SuiteJob(),
          new KernelErrorJob(),
          new BundleJob(),
          new FitImageJob(),
          new InfoJob());

  private static List<Job> jobs(Job... own) {
    List<Job> jobs = new ArrayList<>(List.of(own));
    jobs.addAll(jobs.size() - 1, StatisticsJobs.all());
    return List.copyOf(jobs);
  }

  // Before Spark's own hook (40): from then on its jobs fail because it stops.
  private static final int FIRST_HOOK_PRIORITY = 100;
  // After the one that removes what was begun.
  private static final int LAST_HOOK_PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 1;

  private volatile boolean interrupted;

  private final Map<String, String> environment;

  private Main(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Runs one command and exits. */
  public static void main(String[] args) {
    Main main = new Main(System.getenv());
    Runnable first = () -> main.interrupted = true;
    Runnable last = () -> System.err.println("interrupted: nothing was written");
    ShutdownHookManager.get().addShutdownHook(first, FIRST_HOOK_PRIORITY);
    ShutdownHookManager.get().addShutdownHook(last, LAST_HOOK_PRIORITY);
    int code = main.execute(args, System.out, System.err);
    if (!main.interrupted) {
      ShutdownHookManager.get().removeShutdownHook(first);
      ShutdownHookManager.get().removeShutdownHook(last);
    }
    System.out.flush();
    System.exit(code);
  }

  /** Runs one command in this JVM and returns its exit code; for tests. */
  static int run(PrintStream out, PrintStream err, String... args) {
    return run(Map.of(), out, err, args);
  }

  /** Runs one command in this JVM with such environment variables. */
  static int run(
      Map<String, String> environment, PrintStream out, PrintStream err, String... args) {
    return new Main(environment).execute(args, out, err);
  }

  /** Runs a job that is not in the list; for tests of what surrounds a job. */
  static int run(Job job, Settings settings, PrintStream out, PrintStream err) {
    Main main = new Main(Map.of());
    try {
      main.attempt(job, settings, out, err);
      return OK;
    } catch (Exception | LinkageError failure) {
      return main.tell(failure, err);
    }
  }

  private int execute(String[] args, PrintStream out, PrintStream err) {
    try {
      return dispatch(args, out, err);
    } catch (Exception | LinkageError | OutOfMemoryError failure) {
      return tell(failure, err);
    }
  }

  private int dispatch(String[] args, PrintStream out, PrintStream err) throws Exception {
    Map<String, Job> jobs = new LinkedHashMap<>();
    JOBS.forEach(job -> jobs.put(job.name(), job));

    ParseResult parsed;
    CommandSpec spec = commandLine();
    try {
      parsed = new CommandLine(spec).parseArgs(args);
    } catch (ParameterException mistake) {
      throw new SnnkException(
          "command line",
          "COMMAND [CONF] [--set key=value ...] [--master URL]",
          "'" + String.join(" ", args) + "': " + mistake.getMessage(),
          null,
          "See `jobs/snnk help`.");
    }
    if (parsed.hasMatchedOption("--version")) {
      out.println("snnk-spark " + version());
      return OK;
    }
    List<String> words = parsed.matchedPositionalValue(0, List.of());
    boolean help = parsed.hasMatchedOption("--help");
    if (!words.isEmpty() && words.get(0).equals("help")) {
      help = true;
      words = words.subList(1, words.size());
    }
    words = joinCommand(words, jobs);
    if (words.isEmpty()) {
      (help ? out : err).print(Help.overview(JOBS));
      return help ? OK : MISTAKE;
    }
    Job job = jobs.get(words.get(0));
    if (job == null) {
      throw unknownCommand(words.get(0), new ArrayList<>(jobs.keySet()));
    }
    if (help) {
      out.print(Help.command(job));
      return OK;
    }
    if (words.size() > 2) {
      throw new SnnkException(
          "command line",
          "one configuration file",
          "'" + String.join("' and '", words.subList(1, words.size())) + "'",
          null,
          "Give further settings by --set key=value.");
    }
    Optional<Path> file = words.size() == 2 ? Optional.of(Path.of(words.get(1))) : Optional.empty();
    List<String> assignments = new ArrayList<>(parsed.matchedOptionValue("--set", List.of()));
    if (job instanceof ReportJob && file.isPresent() && Files.isDirectory(file.get())) {
      assignments.add(0, Options.OUTPUT_DIR.key() + "=" + file.get());
      file = Optional.empty();
    }
    if (job.name().equals("run") && file.isPresent() && Settings.isSuite(file.get())) {
      job = jobs.get("suite");
    }
    attempt(job, Settings.load(job.name(), file, assignments), out, err);
    return OK;
  }

  /** A command of two words as one, such as {@code statistics merge}. */
  private static List<String> joinCommand(List<String> words, Map<String, Job> jobs) {
    if (words.size() < 2
        || jobs.keySet().stream().noneMatch(n -> n.startsWith(words.get(0) + " "))) {
      return words;
    }
    List<String> joined = new ArrayList<>(words.subList(1, words.size()));
    joined.set(0, words.get(0) + " " + words.get(1));
    return joined;
  }

  private void attempt(Job job, Settings settings, PrintStream out, PrintStream err)
      throws Exception {
    long began = System.nanoTime();
    try (JobContext context = new JobContext(settings, Progress.on(err, terminalColumns()), out)) {
      boolean writes = job.fillsFolder();
      if (writes) {
        context.openOutput();
      }
      job.run(context);
      if (writes) {
        context.commitOutput();
        double seconds = (System.nanoTime() - began) / 1e9;
        context
            .progress()
            .message(
                "snnk "
                    + job.name()
                    + ": wrote "
                    + context.output().target().toUri().getPath()
                    + " in "
                    + ProgressLine.duration(seconds));
        logTo(Mlflow.of(environment), job, context);
        context.requireNoFailure();
      }
    }
  }

  /** The output stands already: a server that takes nothing is worth a warning, not a failure. */
  private static void logTo(Optional<Mlflow> server, Job job, JobContext context) {
    if (server.isEmpty()) {
      return;
    }
    for (JobContext.Published published : context.published()) {
      try {
        String id =
            server
                .get()
                .log(
                    job.name(),
                    published.results(),
                    new org.apache.hadoop.fs.Path(context.output().target(), published.child()),
                    JobContext.hadoopConfiguration());
        context.progress().message("snnk " + job.name() + ": logged to MLflow as run " + id);
      } catch (Mlflow.MlflowException failure) {
        context
            .progress()
            .message(
                "warning: not logged to MLflow, or not all: "
                    + failure.getMessage()
                    + ". The output itself is complete.");
      }
    }
  }

  private int tell(Throwable failure, PrintStream err) {
    if (interrupted) {
      return UNEXPECTED; // the signal has set the exit code, and a hook tells the user
    }
    Optional<String> sentence = sentence(failure);
    if (sentence.isPresent()) {
      err.println("error: " + sentence.get());
      return MISTAKE;
    }
    err.println("unexpected error; please report it with these lines:");
    failure.printStackTrace(err);
    return UNEXPECTED;
  }

  /** The sentence of a mistake of the user, also where a task of Spark found it. */
  static Optional<String> sentence(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 32; depth++) {
      if (cause instanceof SnnkException mistake) {
        return Optional.of(mistake.getMessage());
      }
      if (cause instanceof AnalysisException analysis
          && "PATH_NOT_FOUND".equals(analysis.getCondition())) {
        return Optional.of(analysis.getSimpleMessage());
      }
      if (cause instanceof SparkThrowable spark
          && spark.getCondition() != null
          && spark.getCondition().startsWith("FAILED_READ_FILE")) {
        return Optional.of(unreadable(cause));
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  /** Spark's words for a file that it cannot read name the file; their cause says what is wrong. */
  private static String unreadable(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = failure.getMessage().lines().findFirst().orElse("");
    return message + " " + cause.getMessage() + ". Take another copy of that file.";
  }

  private static SnnkException unknownCommand(String name, List<String> known) {
    List<String> names = new ArrayList<>(known);
    names.add("help");
    String remedy = NearestName.question(name, names, "See `jobs/snnk help`.");
    return new SnnkException(
        "command '" + name + "'",
        "one of " + String.join(", ", names),
        "none of them",
        null,
        remedy);
  }

  private static CommandSpec commandLine() {
    return CommandSpec.create()
        .name("jobs/snnk")
        .addPositional(
            PositionalParamSpec.builder()
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build())
        .addOption(
            OptionSpec.builder("--set")
                .arity("1")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build())
        .addOption(OptionSpec.builder("-h", "--help").type(boolean.class).build())
        .addOption(OptionSpec.builder("-V", "--version").type(boolean.class).build());
  }

  /** The width of the terminal, which the launcher knows; 0 where the output goes elsewhere. */
  private static int terminalColumns() {
    String columns = System.getenv("SNNK_TERMINAL");
    try {
      return columns == null ? 0 : Integer.parseInt(columns.strip());
    } catch (NumberFormatException odd) {
      return 80;
    }
  }

  /** The project's version, from the jar's manifest. */
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
